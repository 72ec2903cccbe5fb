//! A whole store in one file, and back.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, bail, ensure};
use rusqlite::{Connection, OpenFlags, backup::Backup, params};
use undue::model::Model;

use super::{Store, files, schema, version};

const ARTIFACTS: &str = "artifacts";

impl Store {
    /// Writes the database and every artifact into one SQLite file.
    ///
    /// # Errors
    /// If something cannot be read or written; then `path` is as it was.
    pub fn back_up(&self, path: &Path) -> anyhow::Result<()> {
        let beside = files::unfinished(path);
        let written = self.write_backup(&beside);
        if written.is_err() {
            // The reason why it failed is worth more than that a leftover stays.
            let _ = fs::remove_file(&beside);
        }
        written.with_context(|| path.display().to_string())?;
        fs::File::open(&beside)?.sync_all()?;
        Ok(files::rename(&beside, path)?)
    }

    fn write_backup(&self, path: &Path) -> anyhow::Result<()> {
        let mut copy = Connection::open(path)?;
        Backup::new(&self.db, &mut copy)?.run_to_completion(256, Duration::ZERO, None)?;
        let transaction = copy.transaction()?;
        transaction.execute_batch("CREATE TABLE artifacts (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL)")?;
        for hash in version::kept_hashes(&self.db)? {
            let bytes = self.artifact(&hash)?.to_bytes()?;
            transaction.execute("INSERT INTO artifacts VALUES (?1, ?2)", params![hash, bytes])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Replaces everything by what a backup holds: artifacts first, then the database in one transaction.
    ///
    /// # Errors
    /// If the file is no sound backup; then nothing has changed.
    pub fn restore(&mut self, path: &Path) -> anyhow::Result<()> {
        self.check_lock()?;
        let place = || path.display().to_string();
        // A copy in the store's folder, for the table of artifacts must not get into the store.
        let beside = files::unfinished(&self.dir.join("restored"));
        fs::copy(path, &beside).with_context(place)?;
        let read = self.read_backup(&beside).with_context(place);
        fs::remove_file(&beside)?;
        read?;
        self.repair()
    }

    fn read_backup(&mut self, path: &Path) -> anyhow::Result<()> {
        let copy = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        check(&copy)?;
        for artifact in artifacts(&copy)? {
            self.keep_artifact(&artifact)?;
        }
        copy.execute_batch("DROP TABLE artifacts")?;
        // All pages in one step: the copy is then one transaction of the store.
        Backup::new(&copy, &mut self.db)?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
        Ok(())
    }
}

fn check(copy: &Connection) -> anyhow::Result<()> {
    let tables: Result<i64, _> =
        copy.query_row("SELECT count(*) FROM sqlite_schema WHERE name = ?1", [ARTIFACTS], |row| row.get(0));
    if tables.ok() != Some(1) {
        bail!("not a backup of a store");
    }
    let version: i64 = copy.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = schema::VERSION;
    ensure!(version == known, "a backup of version {version}; this program knows {known}");
    let sound: String = copy.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    ensure!(sound == "ok", "damaged: {sound}");
    let missing = "SELECT count(*) FROM active JOIN versions ON number = version
        WHERE hash IN (SELECT hash FROM artifacts)";
    let active: i64 = copy.query_row(missing, [], |row| row.get(0))?;
    ensure!(active == 1, "damaged: its active model is not in it");
    Ok(())
}

fn artifacts(copy: &Connection) -> anyhow::Result<Vec<Model>> {
    let mut statement = copy.prepare("SELECT hash, bytes FROM artifacts")?;
    let mut rows = statement.query([])?;
    let mut models = Vec::new();
    while let Some(row) = rows.next()? {
        let (hash, bytes): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let model = Model::from_bytes(&bytes).with_context(|| hash.clone())?;
        ensure!(model.hash() == hash, "damaged: the SHA-256 of model {hash} is {}", model.hash());
        models.push(model);
    }
    Ok(models)
}
