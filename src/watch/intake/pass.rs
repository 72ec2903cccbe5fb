//! One archive while it is read.

use rusqlite::OptionalExtension;
use rustc_hash::FxHashSet;

use crate::{
    Message, Position, Result,
    source::{FollowedKind, Print, Start},
    watch::{
        State,
        plan::Task,
        read::Note,
        unit::{Mark, Stat, Unit},
    },
};

/// How far an archive was read, and what stood in it.
#[derive(Debug)]
pub(super) struct Pass {
    pub(super) task: usize,
    pub(super) unit: i64,
    pub(super) is_stream: bool,
    /// Where reading began.
    pub(super) from: Mark,
    /// Keys of the ids that were seen.
    pub(super) ids: FxHashSet<u64>,
    /// True if some of what is read may be known already from here.
    rereads: bool,
    /// Messages so far, with those before.
    places: u64,
    last: Mark,
}

impl Pass {
    pub(super) fn new(state: &State, at: usize, task: &Task, note: &Note) -> Result<Self> {
        let is_stream = task.followed.kind == FollowedKind::Stream;
        let from = if note.continues || is_stream { task.from } else { Mark::default() };
        let unit = task.unit.unit;
        let query = "SELECT 1 FROM messages WHERE unit = ?1 AND place >= ?2 LIMIT 1";
        let mut statement = state.db.prepare_cached(query)?;
        let known = statement.query_row([unit, from.places.cast_signed()], |_| Ok(())).optional()?;
        Ok(Self {
            task: at,
            unit,
            is_stream,
            from,
            ids: FxHashSet::default(),
            rereads: known.is_some(),
            places: from.places,
            last: if from == task.unit.end { task.unit.last } else { from },
        })
    }

    /// The place of the next message.
    pub(super) fn next_place(&mut self, message: &Message) -> u64 {
        let Position { ordinal, offset, .. } = message.position;
        let place = self.places;
        self.places += 1;
        // A record may hold several messages.
        if self.last.offset != offset || place == self.from.places {
            self.last = Mark { offset, records: ordinal.saturating_sub(1), places: place };
        }
        place
    }

    /// Saves that everything before `next` was read, if reading can begin there another time.
    pub(super) fn progress(&self, state: &State, task: &Task, note: &Note, next: &Position) -> Result<()> {
        let in_record = self.last.offset == next.offset && self.places > self.from.places;
        if !note.grows || self.rereads || in_record || *next.path != *task.followed.path {
            return Ok(());
        }
        let end = Mark { offset: next.offset, records: next.ordinal.saturating_sub(1), places: self.places };
        let stat = Stat { size: -1, modified: None, ..task.stat };
        self.save(state, task, note, end, stat)
    }

    /// Saves that the archive was read to its end.
    pub(super) fn finish(&self, state: &State, task: &Task, note: &Note) -> Result<()> {
        let start = if let Start::At { offset, .. } = task.start { offset } else { 0 };
        let read = self.places > self.from.places;
        let records = if read { self.last.records + 1 } else { self.from.records };
        let end = Mark { offset: start + note.bytes, records, places: self.places };
        self.save(state, task, note, end, task.stat)
    }

    fn save(&self, state: &State, task: &Task, note: &Note, end: Mark, stat: Stat) -> Result<()> {
        let print = if note.grows {
            Print::of(&task.followed.path, end.offset, &Default::default())
        } else {
            Ok(Print::default())
        };
        // A file that is gone or shorter by now was changed while it was read: the next run looks again.
        let Ok(print) = print else { return Ok(()) };
        let unit = Unit {
            stat,
            format: note.format,
            grows: note.grows,
            print,
            end,
            last: self.last,
            newest: note.newest.clone(),
            ..task.unit.clone()
        };
        state.save_unit(&unit)?;
        Ok(())
    }
}
