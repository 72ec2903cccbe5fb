//! Archives as they were left by the last run that read them.

use std::{fs::Metadata, path::Path, time::UNIX_EPOCH};

use rusqlite::{Row, params};

use super::State;
use crate::{
    Result,
    source::{FollowedKind, Format, Print},
};

/// A file that changed so shortly before it was read may change again without its date telling, in seconds.
const RACY: u64 = 2;

/// An archive, or one of the files that make it up, as far as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// Its number in the state; 0 before it has one.
    pub(super) unit: i64,
    pub(super) kind: FollowedKind,
    pub(super) identity: Vec<u8>,
    pub(super) stat: Stat,
    pub(super) format: Option<Format>,
    /// True if it may be read on from where it ended.
    pub(super) grows: bool,
    pub(super) print: Print,
    /// How far it was read.
    pub(super) end: Mark,
    /// The beginning of the last record with messages.
    pub(super) last: Mark,
    /// Newest commit that was read.
    pub(super) newest: Option<String>,
}

/// A place in an archive: what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Mark {
    /// Bytes.
    pub(super) offset: u64,
    pub(super) records: u64,
    /// Messages.
    pub(super) places: u64,
}

/// What the file system says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stat {
    /// Device and inode, where there are such things.
    pub(super) inode: Option<(i64, i64)>,
    /// -1 where it is not to be relied on.
    pub(super) size: i64,
    /// Nanoseconds since 1970; none where it is not to be relied on.
    pub(super) modified: Option<i64>,
}

impl Stat {
    pub(super) fn of(data: &Metadata) -> Self {
        #[cfg(unix)]
        let inode = {
            use std::os::unix::fs::MetadataExt;
            Some((data.dev().cast_signed(), data.ino().cast_signed()))
        };
        #[cfg(not(unix))]
        let inode = None;
        let modified = data.modified().ok();
        let racy = modified.is_none_or(|at| at.elapsed().is_ok_and(|age| age.as_secs() < RACY));
        let since = modified.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let modified = since.filter(|_| !racy).and_then(|since| i64::try_from(since.as_nanos()).ok());
        Self { inode, size: data.len().cast_signed(), modified }
    }

    /// True if nothing tells that the file is another one than when `before` was taken.
    pub(super) fn is_same(&self, before: &Self) -> bool {
        self == before && self.modified.is_some()
    }
}

impl Unit {
    pub(super) fn new(kind: FollowedKind, identity: &Path) -> Self {
        Self {
            unit: 0,
            kind,
            identity: identity.as_os_str().as_encoded_bytes().to_vec(),
            stat: Stat { size: -1, ..Stat::default() },
            format: None,
            grows: false,
            print: Print::default(),
            end: Mark::default(),
            last: Mark::default(),
            newest: None,
        }
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let unsigned = |at: usize| row.get::<_, i64>(at).map(i64::cast_unsigned);
        let mark = |at: usize| -> rusqlite::Result<Mark> {
            Ok(Mark { offset: unsigned(at)?, records: unsigned(at + 1)?, places: unsigned(at + 2)? })
        };
        let kind = match row.get(1)? {
            0 => FollowedKind::File,
            1 => FollowedKind::Mail,
            2 => FollowedKind::Repository,
            _ => FollowedKind::Stream,
        };
        let inode = row.get::<_, Option<i64>>(3)?.zip(row.get(4)?);
        Ok(Self {
            unit: row.get(0)?,
            kind,
            identity: row.get(2)?,
            stat: Stat { inode, size: row.get(5)?, modified: row.get(6)? },
            format: row.get::<_, Option<String>>(7)?.and_then(|name| name.parse().ok()),
            grows: row.get(8)?,
            print: Print { head: row.get(9)?, tail: row.get(10)? },
            end: mark(11)?,
            last: mark(14)?,
            newest: row.get(17)?,
        })
    }
}

impl State {
    pub(super) fn units(&self) -> Result<Vec<Unit>> {
        let mut statement = self.db.prepare("SELECT * FROM units ORDER BY unit")?;
        let units = statement.query_map([], Unit::from_row)?.collect::<rusqlite::Result<_>>()?;
        Ok(units)
    }

    /// Adds a unit, or puts it in the place of the one of its number; gives the number.
    pub(super) fn save_unit(&self, unit: &Unit) -> Result<i64> {
        let kind = match unit.kind {
            FollowedKind::File => 0,
            FollowedKind::Mail => 1,
            FollowedKind::Repository => 2,
            FollowedKind::Stream => 3,
        };
        let number = (unit.unit > 0).then_some(unit.unit);
        let (device, inode) = unit.stat.inode.unzip();
        let statement = "INSERT OR REPLACE INTO units VALUES
            (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
        let (end, last) = (unit.end, unit.last);
        self.db.prepare_cached(statement)?.execute(params![
            number,
            kind,
            unit.identity,
            device,
            inode,
            unit.stat.size,
            unit.stat.modified,
            unit.format.map(Format::name),
            unit.grows,
            unit.print.head,
            unit.print.tail,
            end.offset.cast_signed(),
            end.records.cast_signed(),
            end.places.cast_signed(),
            last.offset.cast_signed(),
            last.records.cast_signed(),
            last.places.cast_signed(),
            unit.newest,
        ])?;
        Ok(number.unwrap_or_else(|| self.db.last_insert_rowid()))
    }
}
