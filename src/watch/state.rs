//! The state between runs: one file, one process at a time, one model.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::Path,
};

use rusqlite::{Connection, OptionalExtension, params};

use super::{broken, schema};
use crate::{Error, Result, context::fingerprint, model::Model};

/// What is known between runs. Only one process has it open at a time.
#[derive(Debug)]
pub struct State {
    pub(super) db: Connection,
    /// Rows of other generations were made by another model.
    pub(super) generation: i64,
    /// Held for its lock.
    _lock: File,
}

/// How a state is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// Refuses a state that was made with another model.
    Same,
    /// Reads everything again, whatever it was made with.
    Rescan,
}

impl State {
    /// Opens the state at `path`, or makes it. Waits for another process that has it; `waiting` is called once if
    /// there is need to.
    ///
    /// # Errors
    /// If the file cannot be used, or is no state, or one of another version or model.
    pub fn open(path: &Path, model: &Model, opening: Opening, waiting: impl FnOnce()) -> Result<Self> {
        let failed = |err| Error::io(err, path);
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        let lock = lock_file(path).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                waiting();
                lock.lock().map_err(failed)?;
            }
            Err(TryLockError::Error(err)) => return Err(failed(err)),
        }
        // It holds names and words of other people.
        private(path).map_err(failed)?;
        let db = schema::open(path).map_err(|err| err.with_path(path))?;
        let mut state = Self { db, generation: 0, _lock: lock };
        state.check(model, opening).map_err(|err| err.with_path(path))?;
        Ok(state)
    }

    fn check(&mut self, model: &Model, opening: Opening) -> Result<()> {
        let wanted = format!("{} {}", model.hash(), fingerprint());
        let made_with = self.fact("model")?;
        self.generation = self.fact("generation")?.and_then(|n| n.parse().ok()).unwrap_or_default();
        match made_with {
            None => self.begin_generation(&wanted),
            Some(_) if opening == Opening::Rescan => self.begin_generation(&wanted),
            Some(known) if known == wanted => Ok(()),
            Some(known) => {
                let of_model = known.starts_with(model.hash());
                let what = if of_model { "by another version of this program" } else { "with another model" };
                Err(broken(format!(
                    "this state was made {what}; scores do not mix: --rescan reads everything again, and reports \
                     nothing twice"
                )))
            }
        }
    }

    /// Forgets how far archives were read, but not which messages are known.
    fn begin_generation(&mut self, model: &str) -> Result<()> {
        self.generation += 1;
        self.begin()?;
        self.set_fact("model", model)?;
        self.set_fact("generation", &self.generation.to_string())?;
        let reset =
            "UPDATE units SET size = -1, modified = NULL, grows = 0, offset = 0, records = 0, places = 0,
            last_offset = 0, last_records = 0, last_places = 0, newest = NULL, head = x'', tail = x''";
        self.db.execute(reset, [])?;
        self.set_fact("unjudged", "1")?;
        self.commit()
    }

    /// True until a first run was complete.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn is_new(&self) -> Result<bool> {
        Ok(self.fact("complete")?.is_none())
    }

    /// Messages that are known, each as often as it stands in archives.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn messages(&self) -> Result<u64> {
        let count = "SELECT count(*) FROM messages WHERE generation = ?1";
        Ok(self.db.query_row(count, [self.generation], |row| row.get::<_, i64>(0))?.unsigned_abs())
    }

    /// Messages that were known with another model and have not been found again.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn left_behind(&self) -> Result<u64> {
        let count = "SELECT count(*) FROM messages WHERE generation <> ?1";
        Ok(self.db.query_row(count, [self.generation], |row| row.get::<_, i64>(0))?.unsigned_abs())
    }

    /// True if messages came since campaigns were last looked for.
    pub(super) fn is_unjudged(&self) -> Result<bool> {
        Ok(self.fact("unjudged")?.is_some_and(|value| value == "1"))
    }

    pub(super) fn fact(&self, name: &str) -> Result<Option<String>> {
        let mut statement = self.db.prepare_cached("SELECT value FROM facts WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    pub(super) fn set_fact(&self, name: &str, value: &str) -> Result<()> {
        let mut statement = self.db.prepare_cached("INSERT OR REPLACE INTO facts VALUES (?1, ?2)")?;
        statement.execute(params![name, value])?;
        Ok(())
    }

    pub(super) fn begin(&self) -> Result<()> {
        Ok(self.db.execute_batch("BEGIN IMMEDIATE")?)
    }

    pub(super) fn commit(&self) -> Result<()> {
        Ok(self.db.execute_batch("COMMIT")?)
    }
}

/// A file beside the state: SQLite's own locks are on the state itself, and come and go with transactions.
fn lock_file(path: &Path) -> std::io::Result<File> {
    private(&path.with_added_extension("lock"))
}

fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
