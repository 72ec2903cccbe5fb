//! Tables of the state.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, TransactionBehavior};

use super::broken;
use crate::Result;

/// Version of the tables, kept in the file's `user_version`.
const VERSION: i64 = 1;

/// Marks the file as ours (`application_id`), so that no other database is taken for a state: "undu".
const APPLICATION: i64 = 0x756e_6475;

const TABLES: &str = "
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE units (
    unit INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, identity BLOB NOT NULL, device INTEGER,
    inode INTEGER, size INTEGER NOT NULL, modified INTEGER, format TEXT, grows INTEGER NOT NULL, head BLOB NOT NULL,
    tail BLOB NOT NULL, offset INTEGER NOT NULL, records INTEGER NOT NULL, places INTEGER NOT NULL,
    last_offset INTEGER NOT NULL, last_records INTEGER NOT NULL, last_places INTEGER NOT NULL, newest TEXT
);
CREATE TABLE messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, content BLOB NOT NULL, own INTEGER NOT NULL, unit INTEGER NOT NULL,
    place INTEGER NOT NULL, generation INTEGER NOT NULL, ties BLOB NOT NULL, digest BLOB NOT NULL
);
CREATE INDEX messages_by_content ON messages (content);
CREATE INDEX messages_by_place ON messages (unit, place);
CREATE TABLE news (number INTEGER PRIMARY KEY AUTOINCREMENT, news TEXT NOT NULL);
CREATE TABLE campaigns (
    campaign TEXT PRIMARY KEY, probability REAL NOT NULL, messages TEXT NOT NULL, actors TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE reports (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, written INTEGER NOT NULL, path BLOB, start INTEGER,
    text BLOB NOT NULL
);
";

/// Opens the database, with its tables.
pub(super) fn open(path: &Path) -> Result<Connection> {
    let refused = |what: String| Err(broken(what).with_path(path));
    let mut db = Connection::open(path)?;
    db.busy_timeout(Duration::from_secs(30))?;
    // A rollback journal flushed in full: a transaction that was committed lasts, one that was not leaves no trace.
    db.pragma_update(None, "journal_mode", "DELETE")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let number =
        |name: &str| transaction.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let (version, application) = (number("user_version")?, number("application_id")?);
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    match (application, version) {
        (0, 0) if tables == 0 => {
            transaction.execute_batch(TABLES)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
            transaction.pragma_update(None, "application_id", APPLICATION)?;
        }
        (APPLICATION, VERSION) => {}
        (APPLICATION, other) => {
            return refused(format!(
                "a state of version {other}; this program knows {VERSION}: use the program that made it, or another file"
            ));
        }
        _ => return refused("a database of some other program: not touched".to_owned()),
    }
    transaction.commit()?;
    Ok(db)
}
