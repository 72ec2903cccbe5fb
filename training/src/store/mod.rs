//! The local store of learned messages and model versions.
//!
//! A folder: `store.sqlite` (messages, versions, which version is active), `models/<sha256>.undue` (artifacts),
//! `active.undue` (a copy of the active one, for `undue score --model`), `lock`.
//!
//! The database alone says what is true. A change is made in this order, so that being killed between any two steps
//! loses nothing but the change itself: (1) the artifact is written under its hash; (2) one transaction adds or
//! removes messages, adds the version and switches to it; (3) `active.undue` is replaced; (4) artifacts that no
//! version has any more are removed. Killed before (2), the artifact is an orphan that the next start sweeps away;
//! after it, the next start does (3) and (4) again. Changes exclude each other by a lock on `lock`, which the system
//! releases when a process dies.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use undue::model::Model;

mod backup;
mod files;
mod message;
mod schema;
mod version;

pub(crate) use files::sha256;
pub use message::{Content, Learned, Span};
pub use version::{Action, NewVersion, Version};

/// An open store. One that was opened for changes holds the lock until it is dropped.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    db: Connection,
    /// Held for its lock; none where another process has it and this one only reads.
    lock: Option<File>,
}

/// The folder of the store where none is named.
///
/// # Errors
/// If the environment names no home.
pub fn default_dir() -> anyhow::Result<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = folder("XDG_DATA_HOME").or_else(|| Some(folder("HOME")?.join(".local/share")));
    let data = data.or_else(|| folder("LOCALAPPDATA"));
    Ok(data.context("no home folder: name the store with --store DIR")?.join("undue"))
}

impl Store {
    /// Opens the store for changes, waiting for whoever holds it (`waiting` is called once if there is need to);
    /// makes it, with `base` as its first version, if it is not there.
    ///
    /// # Errors
    /// If the folder cannot be used, or the store is damaged.
    pub fn open(dir: &Path, base: &Model, waiting: impl FnOnce()) -> anyhow::Result<Self> {
        fs::create_dir_all(dir.join("models")).with_context(|| dir.display().to_string())?;
        let lock = lock_file(dir)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                waiting();
                lock.lock()?;
            }
            Err(TryLockError::Error(err)) => return Err(err.into()),
        }
        let mut store =
            Self { dir: dir.to_owned(), db: schema::open(&dir.join("store.sqlite"))?, lock: Some(lock) };
        if store.active_version()?.is_none() {
            store.begin(base)?;
        }
        store.repair()?;
        Ok(store)
    }

    /// Opens a store that is there, for reading. Repairs it if nobody else is at work on it.
    ///
    /// # Errors
    /// If there is none, or it is damaged.
    pub fn open_existing(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join("store.sqlite");
        if !path.exists() {
            bail!("no store in {} (a first `retrain` makes one)", dir.display());
        }
        let lock = lock_file(dir)?;
        let lock = lock.try_lock().is_ok().then_some(lock);
        let mut store = Self { dir: dir.to_owned(), db: schema::open(&path)?, lock };
        if store.lock.is_some() && store.active_version()?.is_some() {
            store.repair()?;
        }
        Ok(store)
    }

    fn begin(&mut self, base: &Model) -> anyhow::Result<()> {
        let new = NewVersion { action: Action::Base, base: base.hash().into(), ..NewVersion::default() };
        self.commit(base, &new, &[], |_| Ok(()))?;
        Ok(())
    }

    /// Where the active model lies, for other programs.
    pub fn active_path(&self) -> PathBuf {
        self.dir.join("active.undue")
    }

    fn artifact_path(&self, hash: &str) -> PathBuf {
        self.dir.join("models").join(format!("{hash}.undue"))
    }

    /// Reads the artifact of a hash, and checks it.
    ///
    /// # Errors
    /// If it is missing or damaged.
    pub fn artifact(&self, hash: &str) -> anyhow::Result<Model> {
        let path = self.artifact_path(hash);
        let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
        let model = Model::from_bytes(&bytes).with_context(|| path.display().to_string())?;
        if model.hash() != hash {
            bail!("{}: its SHA-256 is {}", path.display(), model.hash());
        }
        Ok(model)
    }

    /// Writes an artifact under its hash, unless it is there.
    fn keep_artifact(&self, model: &Model) -> anyhow::Result<()> {
        if self.artifact(model.hash()).is_err() {
            files::write(&self.artifact_path(model.hash()), &model.to_bytes()?)?;
        }
        Ok(())
    }

    /// Keeps an artifact that no version learned: a base to refit from.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep_base(&self, model: &Model) -> anyhow::Result<()> {
        self.keep_artifact(model)
    }

    /// Messages of the active version, by id.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn messages(&self) -> anyhow::Result<Vec<Learned>> {
        let version = self.active_version()?.context("the store is empty")?;
        message_rows(&self.db, version.number)
    }

    /// Makes `model`, having learned `messages`, the active version; `change` runs in the same transaction.
    ///
    /// # Errors
    /// If anything cannot be written: then nothing has changed.
    pub fn commit(
        &mut self,
        model: &Model,
        new: &NewVersion,
        messages: &[Learned],
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> anyhow::Result<i64> {
        self.check_lock()?;
        self.keep_artifact(model)?;
        let transaction = self.db.transaction()?;
        messages.iter().try_for_each(|message| insert(&transaction, message))?;
        let number = version::insert(&transaction, model.hash(), new)?;
        for message in messages {
            let link = "INSERT OR IGNORE INTO version_messages VALUES (?1, ?2)";
            transaction.execute(link, params![number, message.content.hash()])?;
        }
        change(&transaction)?;
        transaction.execute("INSERT OR REPLACE INTO active VALUES (1, ?1)", [number])?;
        transaction.commit()?;
        self.repair()?;
        Ok(number)
    }

    /// Goes back to an earlier version, its messages with it.
    ///
    /// # Errors
    /// If there is no such version, or its model is gone.
    pub fn roll_back(&mut self, to: &Version) -> anyhow::Result<i64> {
        if to.withdrawn {
            bail!("version {} had learned a message that was forgotten since; its model is gone", to.number);
        }
        let model = self.artifact(&to.hash)?;
        let messages = message_rows(&self.db, to.number)?;
        let why = format!("back to version {}", to.number);
        let action = Action::Rollback;
        let new = NewVersion {
            action,
            base: to.base.clone(),
            parent: self.parent()?,
            why,
            ..NewVersion::default()
        };
        self.commit(&model, &new, &messages, |_| Ok(()))
    }

    /// Forgets messages: commits `model`, which learned only the `rest`, removes what is known of the ids, and with
    /// it every model that had learned them.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn forget(
        &mut self,
        ids: &[String],
        model: &Model,
        new: &NewVersion,
        rest: &[Learned],
    ) -> anyhow::Result<i64> {
        self.commit(model, new, rest, |transaction| {
            for id in ids {
                version::withdraw(transaction, id)?;
                let of_id = "content IN (SELECT content FROM messages WHERE id = ?1)";
                transaction.execute(&format!("DELETE FROM version_messages WHERE {of_id}"), [id])?;
                transaction.execute("DELETE FROM messages WHERE id = ?1", [id])?;
            }
            Ok(())
        })
    }

    /// True if any version, past ones too, knows a message of this id.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn knows(&self, id: &str) -> anyhow::Result<bool> {
        let found = self.db.query_row("SELECT 1 FROM messages WHERE id = ?1", [id], |_| Ok(())).optional()?;
        Ok(found.is_some())
    }

    /// Number of the active version.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn parent(&self) -> anyhow::Result<Option<i64>> {
        Ok(self.active_version()?.map(|version| version.number))
    }

    fn check_lock(&self) -> anyhow::Result<()> {
        if self.lock.is_none() {
            bail!("another process is at work on {}", self.dir.display());
        }
        Ok(())
    }

    /// Makes the files agree with the database: what the steps after a transaction do, also after a crash.
    fn repair(&mut self) -> anyhow::Result<()> {
        let models = self.dir.join("models");
        files::sweep(&self.dir)?;
        files::sweep(&models)?;
        let active = self.active_version()?.context("the store is empty")?;
        let model =
            self.artifact(&active.hash).context("the active model; `restore` a backup or `rollback`")?;
        let copy = fs::read(self.active_path()).unwrap_or_default();
        if sha256(&copy) != active.hash {
            files::write(&self.active_path(), &model.to_bytes()?)?;
        }
        let kept = version::kept_hashes(&self.db)?;
        for entry in fs::read_dir(&models)? {
            let path = entry?.path();
            let hash = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            if !kept.contains(&hash) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

fn lock_file(dir: &Path) -> anyhow::Result<File> {
    let path = dir.join("lock");
    let open = File::options().create(true).truncate(false).write(true).open(&path);
    open.with_context(|| path.display().to_string())
}

fn insert(transaction: &Transaction<'_>, message: &Learned) -> anyhow::Result<()> {
    let Learned { content, incident, file, provenance } = message;
    let statement = "INSERT OR IGNORE INTO messages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
        strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?10)";
    let labels = serde_json::to_string(&content.labels)?;
    let evidence = serde_json::to_string(&content.evidence)?;
    let (hash, level) = (content.hash(), u8::from(content.level));
    let Content { id, text, subject, .. } = content;
    let values = params![hash, id, text, subject, labels, level, evidence, incident, file, provenance];
    transaction.execute(statement, values)?;
    Ok(())
}

fn message_rows(db: &Connection, version: i64) -> anyhow::Result<Vec<Learned>> {
    let query = "SELECT id, text, subject, labels, level, evidence, incident, file, provenance FROM messages
        JOIN version_messages USING (content) WHERE version = ?1 ORDER BY id, content";
    let mut statement = db.prepare(query)?;
    let mut rows = statement.query([version])?;
    let mut messages = Vec::new();
    while let Some(row) = rows.next()? {
        let content = Content {
            id: row.get(0)?,
            text: row.get(1)?,
            subject: row.get(2)?,
            labels: serde_json::from_str(&row.get::<_, String>(3)?)?,
            level: undue::Level::try_from(row.get::<_, u8>(4)?).map_err(anyhow::Error::msg)?,
            evidence: serde_json::from_str(&row.get::<_, String>(5)?)?,
        };
        messages.push(Learned { content, incident: row.get(6)?, file: row.get(7)?, provenance: row.get(8)? });
    }
    Ok(messages)
}
