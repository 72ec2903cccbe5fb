//! Tables of the store.

use std::{path::Path, time::Duration};

use anyhow::{Context, bail};
use rusqlite::Connection;

/// Version of the tables, kept in the file's `user_version`.
pub(super) const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE messages (
    content TEXT PRIMARY KEY, id TEXT NOT NULL, text TEXT NOT NULL, subject TEXT NOT NULL, labels TEXT NOT NULL,
    level INTEGER NOT NULL, evidence TEXT NOT NULL, incident TEXT NOT NULL, file TEXT NOT NULL, added TEXT NOT NULL,
    provenance TEXT NOT NULL
);
CREATE INDEX messages_by_id ON messages (id);
CREATE TABLE versions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL, base TEXT NOT NULL, parent INTEGER,
    at TEXT NOT NULL, action TEXT NOT NULL, why TEXT NOT NULL, gate TEXT NOT NULL, forced TEXT,
    withdrawn INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE version_messages (
    version INTEGER NOT NULL REFERENCES versions, content TEXT NOT NULL REFERENCES messages,
    PRIMARY KEY (version, content)
);
CREATE TABLE active (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL REFERENCES versions);
";

/// Opens the database, with its tables.
pub(super) fn open(path: &Path) -> anyhow::Result<Connection> {
    let mut db = Connection::open(path).with_context(|| path.display().to_string())?;
    db.busy_timeout(Duration::from_secs(30))?;
    // A rollback journal flushed in full: a transaction that was committed lasts, one that was not leaves no trace.
    db.pragma_update(None, "journal_mode", "DELETE")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    // What is forgotten is overwritten, not only unlinked.
    db.pragma_update(None, "secure_delete", true)?;
    let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let version: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match version {
        0 => {
            transaction.execute_batch(TABLES)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
        }
        VERSION => {}
        other => bail!("{}: a store of version {other}; this program knows {VERSION}", path.display()),
    }
    transaction.commit()?;
    db.pragma_update(None, "foreign_keys", true)?;
    Ok(db)
}
