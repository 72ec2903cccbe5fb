//! Which pressing message belongs to which candidate, while messages stream by.
//!
//! A message joins a candidate of its project if the candidate's last message lies at most a window back and
//! - it stands in a thread of the candidate; or
//! - its author pressed in the candidate, and the same people as far as one can see; or
//! - both ask for control of the same people, and its author or an actor of the candidate is a newcomer; or
//! - it names somebody who presses in the candidate, or somebody whom the candidate names.
//!
//! The last three reach beyond a thread, so they do not hold for authors with much work behind them: whoever works
//! in many threads presses in many, and would tie all of them together. Candidates that a message belongs to at once
//! are one from then on. Messages without a date belong to none: where there is no date there is no window.

use rustc_hash::FxHashMap;

use super::{Ask, Press, Record};
use crate::context::{aged::Aged, digest::Key, thread::Statement};

/// Candidates that are open at once in one project.
const MAX_OPEN: usize = 48;
/// Candidates that are open at once in all projects.
const CAPACITY: usize = 12_000;
/// Work from which on an author ties no threads together.
const MUCH_WORK: u32 = 8;

/// The open candidates of all projects.
#[derive(Debug)]
pub(in crate::context) struct Grouping {
    open: Aged<u64, Record>,
    by_project: FxHashMap<Key, Vec<u64>>,
    project_of: FxHashMap<u64, Key>,
    next: u64,
    window_days: u32,
}

/// What became of a message.
pub(in crate::context) struct Joined {
    /// The candidate that it is in now.
    pub(in crate::context) candidate: u64,
    /// Candidates that were closed to make room or because their time is over.
    pub(in crate::context) closed: Vec<Record>,
}

impl Grouping {
    pub(in crate::context) fn new(window_days: u32) -> Self {
        Self {
            open: Aged::new(CAPACITY),
            by_project: FxHashMap::default(),
            project_of: FxHashMap::default(),
            next: 0,
            window_days,
        }
    }

    /// Open candidates of a project, oldest first.
    fn of_project(&self, project: Key) -> impl Iterator<Item = (u64, &Record)> {
        let ids = self.by_project.get(&project).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.open.get(*id).map(|record| (*id, record)))
    }

    pub(in crate::context) fn get_mut(&mut self, candidate: u64) -> Option<&mut Record> {
        self.open.get_mut(candidate)
    }

    /// Puts a message into the candidate that it belongs to, or begins one with it.
    pub(in crate::context) fn join(
        &mut self,
        project: Key,
        make: impl FnOnce() -> Record,
        press: Press,
    ) -> Joined {
        let mut closed = self.close_old(project, press.at);
        let matching: Vec<u64> = self
            .of_project(project)
            .filter(|(_, record)| belongs(record, &press))
            .map(|(id, _)| id)
            .collect();
        let candidate = match matching.split_first() {
            Some((first, others)) => {
                others.iter().for_each(|other| self.unite(*first, *other));
                *first
            }
            None => self.begin(project, make()),
        };
        self.open.touch(candidate, || Record::new("".into(), self.window_days)).add(press);
        closed.extend(self.make_room(project));
        Joined { candidate, closed }
    }

    fn begin(&mut self, project: Key, record: Record) -> u64 {
        let id = self.next;
        self.next += 1;
        self.open.touch(id, || record);
        self.by_project.entry(project).or_default().push(id);
        self.project_of.insert(id, project);
        id
    }

    fn unite(&mut self, kept: u64, other: u64) {
        let Some(record) = self.remove(other) else { return };
        if let Some(kept) = self.open.get_mut(kept) {
            kept.absorb(record);
        }
    }

    fn remove(&mut self, id: u64) -> Option<Record> {
        self.forget(id);
        self.open.remove(id)
    }

    fn forget(&mut self, id: u64) {
        let Some(project) = self.project_of.remove(&id) else { return };
        if let Some(ids) = self.by_project.get_mut(&project) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.by_project.remove(&project);
            }
        }
    }

    fn close_old(&mut self, project: Key, at: i64) -> Vec<Record> {
        let over = |record: &Record| record.last.saturating_add(record.window) < at;
        let old: Vec<u64> =
            self.of_project(project).filter(|(_, record)| over(record)).map(|(id, _)| id).collect();
        old.into_iter().filter_map(|id| self.remove(id)).collect()
    }

    fn make_room(&mut self, project: Key) -> Vec<Record> {
        let mut gone = Vec::new();
        if self.of_project(project).count() > MAX_OPEN {
            let idle =
                self.of_project(project).min_by_key(|(id, record)| (record.last, *id)).map(|(id, _)| id);
            gone.extend(idle.and_then(|id| self.remove(id)));
        }
        for (id, record) in self.open.evict() {
            self.forget(id);
            gone.push(record);
        }
        gone
    }

    /// Takes the messages of somebody out who turned out to hold control: theirs are answers.
    pub(in crate::context) fn release(&mut self, project: Key, person: Key) {
        let ids = self.by_project.get(&project).map(Vec::as_slice).unwrap_or_default();
        for id in ids {
            if let Some(record) = self.open.get_mut(*id) {
                record.release(person);
            }
        }
    }

    /// Candidates of a project with messages in a thread hear what a maintainer says there, no later than a window
    /// after their last message.
    pub(in crate::context) fn hear(&mut self, project: Key, thread: Key, statement: &Statement) -> Vec<u64> {
        let in_thread = |record: &Record| record.active().iter().any(|press| press.thread == thread);
        let hears =
            |record: &Record| statement.at <= record.last.saturating_add(record.window) && in_thread(record);
        let ids: Vec<u64> =
            self.of_project(project).filter(|(_, record)| hears(record)).map(|(id, _)| id).collect();
        for id in &ids {
            if let Some(record) = self.open.get_mut(*id) {
                record.hear(statement);
            }
        }
        ids
    }

    /// Pressing messages that are kept.
    pub(in crate::context) fn len(&self) -> usize {
        self.open.len()
    }

    /// Closes all, longest untouched first.
    pub(in crate::context) fn close_all(&mut self) -> Vec<Record> {
        self.by_project.clear();
        self.project_of.clear();
        self.open.take_all().into_iter().map(|(_, record)| record).collect()
    }
}

fn belongs(record: &Record, press: &Press) -> bool {
    let active = record.active();
    let within = |other: &&Press| other.at >= press.at - record.window;
    let mut recent = active.iter().filter(within);
    if press.standing.work_total() >= MUCH_WORK {
        return recent.any(|other| other.thread == press.thread);
    }
    recent.any(|other| other.thread == press.thread || is_linked(other, press))
}

fn is_linked(other: &Press, press: &Press) -> bool {
    let same_people = other.target.is_none() || press.target.is_none() || other.target == press.target;
    let light = other.standing.work_total() < MUCH_WORK;
    let newcomers = other.standing.is_newcomer() || press.standing.is_newcomer();
    let same_ask = other.ask == Ask::Control && press.ask == Ask::Control;
    let names =
        |a: &Press, b: &Press| a.named.contains(&b.author) || a.named.iter().any(|it| b.named.contains(it));
    (other.author == press.author && same_people)
        || (same_ask && same_people && newcomers && light)
        || (same_people && light && newcomers && (names(press, other) || names(other, press)))
}
