//! Versions of the model: what was promoted, when and why.

use std::{collections::BTreeSet, fmt, str::FromStr};

use anyhow::Context;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::Store;

/// What made a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Action {
    /// The store was begun.
    #[default]
    Base,
    /// Messages were learned or corrected.
    Retrain,
    /// Messages were forgotten.
    Forget,
    /// An earlier version was taken again.
    Rollback,
}

const ACTIONS: [(Action, &str); 4] = [
    (Action::Base, "base"),
    (Action::Retrain, "retrain"),
    (Action::Forget, "forget"),
    (Action::Rollback, "rollback"),
];

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = ACTIONS.iter().find(|(action, _)| action == self).map_or("", |(_, name)| name);
        f.pad(name)
    }
}

impl FromStr for Action {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let found = ACTIONS.iter().find(|(_, name)| *name == s);
        found.map(|(action, _)| *action).ok_or_else(|| format!("no action {s:?}"))
    }
}

/// What is recorded with a new version.
#[derive(Debug, Clone, Default)]
pub struct NewVersion {
    /// What made it.
    pub action: Action,
    /// Hash of the model that it was refitted from.
    pub base: String,
    /// Version that was active before.
    pub parent: Option<i64>,
    /// In words.
    pub why: String,
    /// Figures of the gate, as JSON; empty where there was no gate.
    pub gate: String,
    /// Why it was promoted though something got worse.
    pub forced: Option<String>,
}

/// A version of the past or present.
#[derive(Debug, Clone)]
pub struct Version {
    /// Numbered from 1, in order.
    pub number: i64,
    /// SHA-256 of its artifact.
    pub hash: String,
    /// SHA-256 of the model it was refitted from.
    pub base: String,
    /// Version that was active before.
    pub parent: Option<i64>,
    /// When, in UTC.
    pub at: String,
    /// What made it.
    pub action: Action,
    /// In words.
    pub why: String,
    /// Figures of the gate, as JSON.
    pub gate: String,
    /// Why it was promoted though something got worse.
    pub forced: Option<String>,
    /// True if its model is gone because it had learned a message that was forgotten.
    pub withdrawn: bool,
    /// How many messages it had learned.
    pub messages: u64,
    /// True for the active one.
    pub active: bool,
}

const QUERY: &str = "SELECT number, hash, base, parent, at, action, why, gate, forced, withdrawn,
    (SELECT count(*) FROM version_messages WHERE version = number),
    number = (SELECT version FROM active) FROM versions";

impl Store {
    /// All versions, oldest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn history(&self) -> anyhow::Result<Vec<Version>> {
        let mut statement = self.db.prepare(&format!("{QUERY} ORDER BY number"))?;
        let versions = statement.query_map([], version)?;
        Ok(versions.collect::<Result<_, _>>()?)
    }

    /// The version in use; none in a store that was never begun.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn active_version(&self) -> anyhow::Result<Option<Version>> {
        let query = format!("{QUERY} WHERE number = (SELECT version FROM active)");
        Ok(self.db.query_row(&query, [], version).optional()?)
    }

    /// The version of a number, of a hash or its beginning; without either, the one before the active one.
    ///
    /// # Errors
    /// If there is none, or the beginning fits several models.
    pub fn find_version(&self, wanted: Option<&str>) -> anyhow::Result<Version> {
        let history = self.history()?;
        let Some(wanted) = wanted else {
            let parent = history.iter().find(|version| version.active).and_then(|version| version.parent);
            let found = history.iter().find(|version| Some(version.number) == parent);
            return found.cloned().context("there is no version before the active one");
        };
        let by_number = history.iter().find(|version| version.number.to_string() == wanted);
        let by_hash: Vec<&Version> =
            history.iter().filter(|version| wanted.len() >= 6 && version.hash.starts_with(wanted)).collect();
        let hashes: BTreeSet<&str> = by_hash.iter().map(|version| version.hash.as_str()).collect();
        anyhow::ensure!(hashes.len() < 2, "{wanted:?} fits {} models", hashes.len());
        let found = by_number.or_else(|| by_hash.last().copied());
        found.cloned().with_context(|| format!("no version {wanted:?}; see `history`"))
    }
}

fn version(row: &Row<'_>) -> rusqlite::Result<Version> {
    Ok(Version {
        number: row.get(0)?,
        hash: row.get(1)?,
        base: row.get(2)?,
        parent: row.get(3)?,
        at: row.get(4)?,
        action: row.get::<_, String>(5)?.parse().unwrap_or_default(),
        why: row.get(6)?,
        gate: row.get(7)?,
        forced: row.get(8)?,
        withdrawn: row.get(9)?,
        messages: row.get::<_, i64>(10)?.unsigned_abs(),
        active: row.get::<_, Option<bool>>(11)?.unwrap_or_default(),
    })
}

pub(super) fn insert(transaction: &Transaction<'_>, hash: &str, new: &NewVersion) -> rusqlite::Result<i64> {
    let statement = "INSERT INTO versions (hash, base, parent, at, action, why, gate, forced)
        VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?4, ?5, ?6, ?7)";
    let NewVersion { action, base, parent, why, gate, forced } = new;
    transaction.execute(statement, params![hash, base, parent, action.to_string(), why, gate, forced])?;
    Ok(transaction.last_insert_rowid())
}

/// Marks every version whose model had learned a message of this id.
pub(super) fn withdraw(transaction: &Transaction<'_>, id: &str) -> rusqlite::Result<()> {
    let statement = "UPDATE versions SET withdrawn = 1 WHERE number IN (
        SELECT version FROM version_messages JOIN messages USING (content) WHERE id = ?1)";
    transaction.execute(statement, [id])?;
    Ok(())
}

/// Hashes of the artifacts that some version still needs, as its model or to refit from.
pub(super) fn kept_hashes(db: &Connection) -> anyhow::Result<BTreeSet<String>> {
    let mut statement =
        db.prepare("SELECT hash FROM versions WHERE NOT withdrawn UNION SELECT base FROM versions")?;
    let hashes = statement.query_map([], |row| row.get(0))?;
    Ok(hashes.collect::<Result<_, _>>()?)
}
