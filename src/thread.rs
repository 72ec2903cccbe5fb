//! Threads, found while messages stream by in input order.
//!
//! The method is that of Jamie Zawinski's message threading, reduced to what a thread's *id* needs: every id that a
//! message bears or refers to is put into one set, and sets that turn out to be connected are joined (union-find).
//! There is no tree, so missing parents, cycles and self-references need no special care.
//!
//! - What the source states (an issue's number, a corpus' own field) is taken as it is.
//! - Mail is connected by References; by In-Reply-To where there are none.
//! - A message without either whose subject says that it is an answer joins the latest thread of equal subject,
//!   if one was seen; this is marked as a guess.
//!
//! The id of a thread is that of its root as known when the message is seen: the oldest ancestor that the message
//! names, or the message itself. Where a late message connects two threads, those before it keep the ids they were
//! given, and those after it share one; [`Threader::threads`] counts the two as one.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::{Message, Problem, ThreadBasis};

mod memory;
mod subject;

use memory::{Key, Memory};

/// Ids that are remembered unless told otherwise.
const CAPACITY: usize = 4_000_000;
/// References that are looked at in one message: the oldest one, and the latest others.
const MAX_REFERENCES: usize = 500;

/// Gives messages their thread, in input order, with bounded memory.
#[derive(Debug)]
pub struct Threader {
    memory: Memory,
}

impl Default for Threader {
    fn default() -> Self {
        Self::with_capacity(CAPACITY)
    }
}

impl Threader {
    /// A threader that remembers 4 million ids.
    pub fn new() -> Self {
        Self::default()
    }

    /// A threader that remembers at most `ids` ids (and at most 64 bytes of thread ids for each). The oldest are
    /// forgotten first: answers to them begin a new thread, and duplicates of them go unnoticed.
    pub fn with_capacity(ids: usize) -> Self {
        Self { memory: Memory::new(ids) }
    }

    /// Sets the thread of `message` and how it was found; notes a duplicate id and a guess by subject.
    pub fn assign(&mut self, message: &mut Message) {
        let own = id_key(&message.id);
        if self.memory.is_seen(own) {
            message.note(Problem::DuplicateId);
        }
        match message.thread.as_deref() {
            Some(stated) => self.follow(stated, own),
            None => self.find(message, own),
        }
        self.memory.mark_seen(own);
        self.memory.trim();
    }

    /// Distinct threads so far. A thread that was forgotten and came back counts again.
    pub fn threads(&self) -> u64 {
        self.memory.threads()
    }

    /// Remembers what the source states, for messages to come that only refer to this one.
    fn follow(&mut self, stated: &str, own: Key) {
        let key = id_key(stated);
        let thread = self.memory.find(key).unwrap_or_else(|| self.memory.new_thread(stated));
        self.memory.insert(key, thread);
        self.memory.insert(own, thread);
    }

    fn find(&mut self, message: &mut Message, own: Key) {
        let ancestors: Vec<&str> = ancestors(message).collect();
        let keys: Vec<Key> = ancestors.iter().map(|id| id_key(id)).collect();
        let subject = subject::normalized(&message.subject);
        let subject_key = (!subject.base.is_empty()).then(|| key(Domain::Subject, &subject.base));

        let mut basis = ThreadBasis::Stated;
        let mut known = keys.iter().find_map(|&key| self.memory.find(key));
        if known.is_none() && keys.is_empty() && subject.is_reply && !self.memory.is_seen(own) {
            known = subject_key.and_then(|key| self.memory.find(key));
            basis = known.map_or(ThreadBasis::Stated, |_| ThreadBasis::Subject);
        }
        if self.memory.is_by_subject(own) {
            basis = ThreadBasis::Subject;
        }
        let thread = known.or_else(|| self.memory.find(own));
        let root = ancestors.first().copied().unwrap_or(&message.id);
        let thread = thread.unwrap_or_else(|| self.memory.new_thread(root));
        let thread =
            keys.into_iter().chain([own]).fold(thread, |thread, key| self.memory.connect(key, thread));
        if let Some(key) = subject_key {
            self.memory.point(key, thread);
        }
        message.thread = Some(self.memory.name(thread).to_owned());
        message.thread_basis = basis;
        if basis == ThreadBasis::Subject {
            self.memory.mark_by_subject(own);
            message.note(Problem::ThreadBySubject);
        }
    }
}

/// The ids that a message names as its ancestors, oldest first; never its own.
///
/// In-Reply-To counts only where there are no References: old clients put addresses and prose there.
fn ancestors(message: &Message) -> impl Iterator<Item = &str> {
    let references = message.references.as_slice();
    let (oldest, latest) = references.split_at(references.len().min(1));
    let latest = &latest[latest.len().saturating_sub(MAX_REFERENCES)..];
    let parent = message.parent.as_ref().filter(|_| references.is_empty());
    oldest.iter().chain(latest).chain(parent).map(String::as_str).filter(|id| *id != message.id)
}

#[derive(Hash)]
enum Domain {
    Id,
    Subject,
}

fn id_key(id: &str) -> Key {
    key(Domain::Id, id)
}

/// SipHash keeps those who choose their ids from making two of them meet by guesswork alone.
fn key(domain: Domain, text: &str) -> Key {
    let mut hasher = DefaultHasher::new();
    domain.hash(&mut hasher);
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
