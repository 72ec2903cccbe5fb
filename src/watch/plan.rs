//! What is new in archives: which file is which of those that are known, and where to read on.

use std::{fs, path::Path, sync::atomic::AtomicU64};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    State,
    unit::{Mark, Stat, Unit},
};
use crate::{
    Error, Result,
    source::{Followed, FollowedKind, Input, Print, Start, begins, list},
};

/// One archive that is to be read.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) followed: Followed,
    pub(super) unit: Unit,
    pub(super) start: Start,
    /// What stands before `start`.
    pub(super) from: Mark,
    /// Taken before it is read.
    pub(super) stat: Stat,
}

/// What a run finds.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Numbers of the units that are there, in the order of a full run.
    pub(super) order: Vec<i64>,
    pub(super) tasks: Vec<Task>,
    /// Units whose messages, as far as they were read, are still there.
    pub(super) intact: FxHashSet<i64>,
    /// Units in whose place an empty file lies; they may lie elsewhere now.
    pub(super) emptied: Vec<i64>,
    /// Bytes that were read to recognise files.
    pub(super) checked: AtomicU64,
    pub(super) errors: Vec<Error>,
}

/// What became of a unit.
enum Found {
    Unchanged,
    /// It has more behind this mark.
    Grown(Mark),
    /// It holds something else.
    Another,
}

struct Planner<'s> {
    state: &'s State,
    units: Vec<Unit>,
    by_identity: FxHashMap<(FollowedKind, Vec<u8>), usize>,
    by_inode: FxHashMap<(i64, i64), usize>,
    /// Inodes of all files that are there now.
    present: FxHashSet<(i64, i64)>,
    used: FxHashSet<usize>,
    plan: Plan,
}

/// Lists what is there and compares it with what is known. New units get their numbers.
pub(super) fn plan(state: &State, inputs: &[Input]) -> Result<Plan> {
    let mut listed = Vec::new();
    let mut planner = Planner::new(state)?;
    for item in list(inputs) {
        match item.and_then(|followed| Ok((stat(&followed)?, followed))) {
            Ok((stat, followed)) => {
                planner.present.extend(stat.inode);
                listed.push((stat, followed));
            }
            Err(err) => planner.plan.errors.push(err),
        }
    }
    state.begin()?;
    for (stat, followed) in listed {
        planner.take(stat, followed)?;
    }
    state.commit()?;
    Ok(planner.plan)
}

fn stat(followed: &Followed) -> Result<Stat> {
    if followed.kind != FollowedKind::File {
        return Ok(Stat::default());
    }
    let data = fs::metadata(&followed.path).map_err(|err| Error::io(err, &followed.path))?;
    Ok(Stat::of(&data))
}

impl<'s> Planner<'s> {
    fn new(state: &'s State) -> Result<Self> {
        let units = state.units()?;
        let keys = units.iter().enumerate();
        let by_identity = keys.clone().map(|(at, unit)| ((unit.kind, unit.identity.clone()), at)).collect();
        let files = keys.filter(|(_, unit)| unit.kind == FollowedKind::File);
        let by_inode = files.filter_map(|(at, unit)| Some((unit.stat.inode?, at))).collect();
        let (present, used) = (FxHashSet::default(), FxHashSet::default());
        Ok(Self { state, units, by_identity, by_inode, present, used, plan: Plan::default() })
    }

    fn take(&mut self, stat: Stat, followed: Followed) -> Result<()> {
        let identity = followed.identity.as_os_str().as_encoded_bytes().to_vec();
        let known = self.by_identity.get(&(followed.kind, identity)).copied();
        match followed.kind {
            FollowedKind::File => self.file(known, stat, followed),
            FollowedKind::Mail => match known {
                Some(at) if self.units[at].stat.size >= 0 => {
                    self.keep(at);
                    Ok(())
                }
                known => self.read(known, Start::Beginning, Mark::default(), stat, followed),
            },
            FollowedKind::Repository => {
                let unit = known.map(|at| &self.units[at]);
                let newest = unit.and_then(|unit| unit.newest.clone());
                let from = if newest.is_some() { unit.map(|unit| unit.end) } else { None };
                let start = newest.map_or(Start::Beginning, Start::Behind);
                self.read(known, start, from.unwrap_or_default(), stat, followed)
            }
            FollowedKind::Stream => {
                let from = known.map(|at| self.units[at].end).unwrap_or_default();
                self.read(known, Start::Beginning, from, stat, followed)
            }
        }
    }

    fn file(&mut self, at_path: Option<usize>, stat: Stat, followed: Followed) -> Result<()> {
        // What a rotation leaves behind; there is nothing to read, and nothing wrong.
        if stat.size == 0 {
            self.plan.emptied.extend(at_path.map(|at| self.units[at].unit));
            return Ok(());
        }
        // What cannot be read now is told when it is opened.
        let found = |at: usize| self.recognise(at, &stat, &followed.path).unwrap_or(Found::Another);
        let by_path = at_path.map(|at| (at, found(at)));
        let by_path = by_path.filter(|(_, found)| !matches!(found, Found::Another));
        let moved = || stat.inode.and_then(|inode| self.by_inode.get(&inode).copied());
        let moved = moved().filter(|at| Some(*at) != at_path && !self.used.contains(at));
        let recognised = match by_path {
            Some(known) => Some(known),
            None => moved.map(|at| (at, self.recognise(at, &stat, &followed.path).unwrap_or(Found::Another))),
        };
        match recognised {
            Some((at, _)) if self.used.contains(&at) => Ok(()),
            Some((at, Found::Unchanged)) => self.unchanged(at, stat, &followed),
            Some((at, Found::Grown(mark))) => {
                self.plan.intact.insert(self.units[at].unit);
                let start = match self.units[at].format {
                    Some(format) if mark.offset > 0 => {
                        Start::At { offset: mark.offset, records: mark.records, format }
                    }
                    _ => Start::Beginning,
                };
                self.read(Some(at), start, mark, stat, followed)
            }
            // The file that was here lies elsewhere now, so this is a new one; else it was written anew.
            _ => {
                let lies_elsewhere = |at: &usize| {
                    let inode = self.units[*at].stat.inode;
                    inode != stat.inode && inode.is_some_and(|inode| self.present.contains(&inode))
                };
                let unit = at_path.filter(|at| !self.used.contains(at) && !lies_elsewhere(at));
                self.read(unit, Start::Beginning, Mark::default(), stat, followed)
            }
        }
    }

    /// Compares what is at `path` with what was read of a unit.
    fn recognise(&self, at: usize, stat: &Stat, path: &Path) -> std::io::Result<Found> {
        let unit = &self.units[at];
        if stat.is_same(&unit.stat) {
            return Ok(Found::Unchanged);
        }
        let (end, checked) = (unit.end, &self.plan.checked);
        let Some(format) = unit.format.filter(|_| unit.grows && stat.size >= end.offset.cast_signed()) else {
            return Ok(Found::Another);
        };
        if Print::of(path, end.offset, checked)? != unit.print {
            return Ok(Found::Another);
        }
        if stat.size == end.offset.cast_signed() {
            return Ok(Found::Unchanged);
        }
        // Where the last message was not whole, it is read again.
        let whole = begins(path, end.offset, format, checked)?;
        Ok(Found::Grown(if whole { end } else { unit.last }))
    }

    fn keep(&mut self, at: usize) {
        let unit = self.units[at].unit;
        if self.used.insert(at) {
            self.plan.order.push(unit);
            self.plan.intact.insert(unit);
        }
    }

    fn unchanged(&mut self, at: usize, stat: Stat, followed: &Followed) -> Result<()> {
        self.keep(at);
        let identity = followed.identity.as_os_str().as_encoded_bytes();
        let unit = &self.units[at];
        if unit.stat == stat && unit.identity == identity {
            return Ok(());
        }
        let unit = Unit { stat, identity: identity.to_vec(), ..unit.clone() };
        self.state.save_unit(&unit)?;
        Ok(())
    }

    fn read(
        &mut self,
        known: Option<usize>,
        start: Start,
        from: Mark,
        stat: Stat,
        followed: Followed,
    ) -> Result<()> {
        if known.is_some_and(|at| !self.used.insert(at)) {
            return Ok(());
        }
        let fresh = Unit::new(followed.kind, &followed.identity);
        let mut unit = match known {
            Some(at) => Unit { identity: fresh.identity, ..self.units[at].clone() },
            None => fresh,
        };
        if known.is_none() {
            unit.unit = self.state.save_unit(&unit)?;
        }
        self.plan.order.push(unit.unit);
        self.plan.tasks.push(Task { followed, unit, start, from, stat });
        Ok(())
    }
}
