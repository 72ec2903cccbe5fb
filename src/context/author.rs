//! What is known of an author in one project, from the messages before.

use std::sync::Arc;

use super::{
    digest::{Digest, FLOOR, Key, Who},
    touch::Touched,
    work::Work,
};

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;
/// Threads of an author that are remembered for merging.
const RECENT: usize = 8;
/// Other names and addresses of an author that are remembered.
const MAX_ALIASES: usize = 8;
/// Whoever wrote so many messages is no newcomer.
const NEWCOMER_MESSAGES: u32 = 12;
/// Whoever did so much work is no newcomer.
const NEWCOMER_WORK: u32 = 4;
/// Whoever came so many days ago is no newcomer.
const NEWCOMER_DAYS: i64 = 180;
/// In the first messages of an archive everybody seems new; from so many on, somebody who is new is a newcomer.
const HISTORY: f64 = 50.0;

/// Changes of an author that are kept.
const MAX_CHANGES: usize = 8;

/// A change to files worth a look, which its author sent when they were new.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    pub(super) message: Box<str>,
    /// Seconds since 1970.
    pub(super) at: i64,
    pub(super) files: Box<[Touched]>,
}

/// An author's record in one project.
#[derive(Debug, Clone)]
pub(super) struct Author {
    pub(super) who: Arc<Who>,
    pub(super) aliases: Vec<Arc<Who>>,
    pub(super) project: Arc<str>,
    pub(super) first: i64,
    pub(super) last: i64,
    /// Messages of the project before the author's first.
    pub(super) history: u32,
    pub(super) messages: u32,
    pub(super) work: [u32; 4],
    /// Messages that press, weighted by how strongly.
    pub(super) pressing: f64,
    pub(super) pressing_messages: u32,
    pub(super) threads: u32,
    pub(super) days: u32,
    pub(super) answers: u32,
    /// Changes taken in, releases announced, access given.
    pub(super) upkeep: u32,
    pub(super) has_role: bool,
    pub(super) recent: [Key; RECENT],
    /// The first ones.
    pub(super) changes: Vec<Change>,
}

impl Author {
    pub(super) fn new(digest: &Digest, at: i64, history: u32) -> Self {
        Self {
            who: digest.who.clone(),
            aliases: Vec::new(),
            project: digest.project.clone(),
            first: at,
            last: i64::MIN,
            history,
            messages: 0,
            work: [0; 4],
            pressing: 0.0,
            pressing_messages: 0,
            threads: 0,
            days: 0,
            answers: 0,
            upkeep: 0,
            has_role: false,
            recent: [0; RECENT],
            changes: Vec::new(),
        }
    }

    /// Notes a change that they sent as a newcomer.
    pub(super) fn change(&mut self, change: Change) {
        if self.changes.len() < MAX_CHANGES {
            self.changes.push(change);
        }
    }

    /// Counts a message.
    pub(super) fn count(&mut self, digest: &Digest, at: i64, thread: Key, is_new_thread: bool, upkeep: u32) {
        self.days += u32::from(self.messages == 0 || at.div_euclid(DAY) != self.last.div_euclid(DAY));
        self.last = self.last.max(at);
        self.threads += u32::from(is_new_thread);
        if !self.recent.contains(&thread) {
            self.recent.rotate_right(1);
            self.recent[0] = thread;
        }
        self.messages += 1;
        if let Some(kind) = digest.work.index() {
            self.work[kind] += 1;
        }
        let pressing = digest.strengths.pressing();
        if pressing >= FLOOR {
            self.pressing += pressing;
            self.pressing_messages += u32::from(pressing >= 0.5);
        }
        self.answers += u32::from(digest.is_answer);
        self.upkeep += upkeep;
        self.has_role |= digest.controls;
        if self.who != digest.who && self.aliases.len() < MAX_ALIASES && !self.aliases.contains(&digest.who) {
            self.aliases.push(digest.who.clone());
        }
    }

    pub(super) fn wrote_in(&self, thread: Key) -> bool {
        self.recent.contains(&thread)
    }

    pub(super) fn shares_thread(&self, other: &Self) -> bool {
        self.recent.iter().any(|thread| *thread != 0 && other.recent.contains(thread))
    }

    /// Takes over what is known of the same person under another address.
    pub(super) fn absorb(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.history = self.history.min(other.history);
        self.messages += other.messages;
        self.work.iter_mut().zip(other.work).for_each(|(mine, theirs)| *mine += theirs);
        self.pressing += other.pressing;
        self.pressing_messages += other.pressing_messages;
        // Days and threads that both share are counted twice: an upper bound.
        self.threads += other.threads;
        self.days += other.days;
        self.answers += other.answers;
        self.upkeep += other.upkeep;
        self.has_role |= other.has_role;
        self.changes.extend(other.changes);
        self.changes.sort_by(|a, b| (a.at, &a.message).cmp(&(b.at, &b.message)));
        self.changes.truncate(MAX_CHANGES);
        for who in std::iter::once(other.who).chain(other.aliases) {
            if who != self.who && self.aliases.len() < MAX_ALIASES && !self.aliases.contains(&who) {
                self.aliases.push(who);
            }
        }
    }

    /// What a careful reader would know of the author before a message at `at`.
    pub(super) fn standing(&self, at: i64, controls: bool) -> Standing {
        let work: u32 = self.work.iter().sum();
        let is_new = !controls
            && self.messages < NEWCOMER_MESSAGES
            && work < NEWCOMER_WORK
            && at - self.first <= NEWCOMER_DAYS * DAY;
        Standing {
            first_seen: self.first,
            messages: self.messages,
            work: self.work,
            pressing: self.pressing_messages,
            threads: self.threads,
            days: self.days,
            newness: if is_new { (f64::from(self.history) / HISTORY).min(1.0) } else { 0.0 },
            controls,
        }
    }
}

/// What was known of an author before one of their messages.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Standing {
    /// When they were first seen in the project, in seconds since 1970.
    pub first_seen: i64,
    /// Their messages before.
    pub messages: u32,
    /// Those that carried work, by [`Work::KINDS`].
    pub work: [u32; 4],
    /// Those that pressed.
    pub pressing: u32,
    /// Threads they wrote in.
    pub threads: u32,
    /// Days on which they wrote.
    pub days: u32,
    /// How sure it is that they are new, `0..=1`: 0 for whoever wrote a dozen messages, did some work, came half a
    /// year ago or holds control; less than 1 where the archive itself had only begun when they came.
    pub newness: f64,
    /// Whether they hold control of the project.
    pub controls: bool,
}

impl Standing {
    /// Messages with work.
    pub fn work_total(&self) -> u32 {
        self.work.iter().sum()
    }

    /// True where somebody is more likely a newcomer than not.
    pub fn is_newcomer(&self) -> bool {
        self.newness >= 0.5
    }

    /// "3 patches and 1 report", or nothing.
    pub fn work_in_words(&self) -> String {
        let counted = Work::KINDS.iter().zip(self.work).filter(|(_, n)| *n > 0);
        let parts: Vec<String> = counted
            .map(|(kind, n)| match (kind, n) {
                (Work::Patch, 1) => "1 patch".to_owned(),
                (Work::Code, 1) => "1 message with code".to_owned(),
                (Work::Answer, 1) => "1 long answer".to_owned(),
                (Work::Report, 1) => "1 report".to_owned(),
                (kind, n) => format!("{n} {}", kind.plural()),
            })
            .collect();
        match parts.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            Some((last, _)) => last.clone(),
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::test_data::digest;

    #[test]
    fn newcomers_come_to_an_archive_that_has_a_history() {
        let newness = |history, messages, days| {
            let author = Author { messages, ..Author::new(&digest(), 0, history) };
            author.standing(days * DAY, false).newness
        };
        assert_eq!(newness(0, 1, 1), 0.0);
        assert_eq!(newness(25, 1, 1), 0.5);
        assert_eq!(newness(5000, 1, 1), 1.0);
        assert_eq!(newness(5000, 12, 1), 0.0);
        assert_eq!(newness(5000, 1, 181), 0.0);
        assert_eq!(Author::new(&digest(), 0, 500).standing(0, true).newness, 0.0);
    }

    #[test]
    fn counts_add_up_and_survive_a_merge() {
        let mut author = Author::new(&digest(), 0, 0);
        for (at, work) in [(0, Work::Patch), (10, Work::None), (DAY, Work::Patch)] {
            author.count(&Digest { work, ..digest() }, at, 1, at == 0, 0);
        }
        assert_eq!((author.messages, author.days, author.threads, author.work), (3, 2, 1, [2, 0, 0, 0]));
        assert!(author.wrote_in(1) && !author.wrote_in(2));
        let mut other = Author::new(&digest(), -DAY, 3);
        other.count(&Digest { work: Work::Report, ..digest() }, -DAY, 2, true, 1);
        author.absorb(other);
        assert_eq!((author.first, author.messages, author.upkeep), (-DAY, 4, 1));
        assert_eq!(author.standing(0, false).work_in_words(), "2 patches and 1 report");
    }
}
