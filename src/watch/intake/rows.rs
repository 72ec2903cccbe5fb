//! Messages in the state, each as often as it stands in archives, and whether it still stands there.

use std::{
    cell::RefCell,
    collections::hash_map::Entry,
    fs,
    path::{Path, PathBuf},
};

use rusqlite::params;
use rustc_hash::{FxHashMap, FxHashSet};

use super::pass::Pass;
use crate::{
    Result, Ties,
    source::FollowedKind,
    watch::{State, identity::Content, judge::store_ties, plan::Plan, unit::Unit},
};

/// Number of the unit of messages that stand nowhere any more.
const PAST: i64 = 0;

/// Where a message stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// 0 before it has one.
    pub(super) seq: i64,
    pub(super) unit: i64,
    pub(super) place: u64,
    pub(super) generation: i64,
}

impl State {
    pub(super) fn rows(&self, content: &Content) -> Result<Vec<Row>> {
        let query = "SELECT seq, unit, place, generation FROM messages WHERE content = ?1 ORDER BY seq";
        let mut statement = self.db.prepare_cached(query)?;
        let row = |row: &rusqlite::Row<'_>| {
            let place = row.get::<_, i64>(2)?.cast_unsigned();
            Ok(Row { seq: row.get(0)?, unit: row.get(1)?, place, generation: row.get(3)? })
        };
        Ok(statement.query_map([content], row)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Adds a row, or brings the one of its number up to date; gives the number, and whether anything changed.
    pub(super) fn save_row(
        &self,
        row: &Row,
        content: &Content,
        ties: &Ties,
        digest: &[u8],
    ) -> Result<(i64, bool)> {
        let Row { seq, unit, place, generation } = *row;
        let (place, own, ties) = (place.cast_signed(), ties.own.cast_signed(), store_ties(ties)?);
        if seq == 0 {
            let insert = "INSERT INTO messages (content, own, unit, place, generation, ties, digest)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let values = params![content, own, unit, place, generation, ties, digest];
            self.db.prepare_cached(insert)?.execute(values)?;
            return Ok((self.db.last_insert_rowid(), true));
        }
        let update = "UPDATE messages SET unit = ?2, place = ?3, generation = ?4, ties = ?5, digest = ?6
            WHERE seq = ?1 AND NOT (unit = ?2 AND place = ?3 AND generation = ?4 AND ties = ?5 AND digest = ?6)";
        let values = params![seq, unit, place, generation, ties, digest];
        let changed = self.db.prepare_cached(update)?.execute(values)?;
        Ok((seq, changed > 0))
    }

    /// Messages that stood in an archive, where it was read, and stand there no more: those whose id came again with
    /// other words were edited and are dropped, the others belong to the past.
    pub(super) fn let_go(&self, pass: &Pass, taken: &FxHashSet<i64>) -> Result<u32> {
        let query = "SELECT seq, own FROM messages WHERE unit = ?1 AND place >= ?2";
        let mut statement = self.db.prepare_cached(query)?;
        let values = [pass.unit, pass.from.places.cast_signed()];
        let rows = statement.query_map(values, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
        let rows: Vec<(i64, i64)> = rows.collect::<rusqlite::Result<_>>()?;
        let mut count = 0;
        for (seq, own) in rows.into_iter().filter(|(seq, _)| !taken.contains(seq)) {
            count += 1;
            if pass.ids.contains(&own.cast_unsigned()) {
                self.db.prepare_cached("DELETE FROM messages WHERE seq = ?1")?.execute([seq])?;
            } else {
                let past = "UPDATE messages SET unit = ?2, place = seq WHERE seq = ?1";
                self.db.prepare_cached(past)?.execute([seq, PAST])?;
            }
        }
        Ok(count)
    }
}

/// Units that are not among the inputs of this run, and whether they are still there.
pub(super) struct Whereabouts {
    units: FxHashMap<i64, (FollowedKind, PathBuf)>,
    /// Names in the folders of Maildirs, without flags.
    folders: RefCell<FxHashMap<PathBuf, FxHashSet<String>>>,
}

impl Whereabouts {
    pub(super) fn new(units: Vec<Unit>, plan: &Plan) -> Self {
        let listed: FxHashSet<i64> = plan.order.iter().chain(&plan.emptied).copied().collect();
        let path = |unit: &Unit| PathBuf::from(String::from_utf8_lossy(&unit.identity).into_owned());
        let others = units.into_iter().filter(|unit| !listed.contains(&unit.unit));
        let units = others.map(|unit| (unit.unit, (unit.kind, path(&unit)))).collect();
        Self { units, folders: RefCell::default() }
    }

    /// True for a unit that this run does not look at and that is where it was.
    pub(super) fn is_elsewhere(&self, unit: i64) -> bool {
        match self.units.get(&unit) {
            Some((FollowedKind::File | FollowedKind::Repository, path)) => path.exists(),
            Some((FollowedKind::Mail, path)) => self.has_mail(path),
            _ => false,
        }
    }

    fn has_mail(&self, identity: &Path) -> bool {
        let (Some(folder), Some(name)) = (identity.parent(), identity.file_name()) else { return false };
        let mut folders = self.folders.borrow_mut();
        let names = match folders.entry(folder.to_owned()) {
            Entry::Occupied(names) => names.into_mut(),
            Entry::Vacant(empty) => empty.insert(names_in(folder)),
        };
        names.contains(&*name.to_string_lossy())
    }
}

fn names_in(folder: &Path) -> FxHashSet<String> {
    let parts = ["cur", "new"].map(|part| folder.join(part));
    let entries = parts.into_iter().filter_map(|part| fs::read_dir(part).ok()).flatten().flatten();
    let name = |entry: fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.split(':').next().unwrap_or_default().to_owned()
    };
    entries.map(name).collect()
}
