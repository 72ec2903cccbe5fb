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

/// Ids that are remembered unless told otherwise: as many as fit a hash table of half a million slots, and with all that
/// belongs to them into some 30 MiB. That is a quarter of a million messages of history.
const CAPACITY: usize = (1 << 19) / 8 * 7;
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
    /// A threader that remembers 458,752 ids.
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
        let placed = self.place(&Ties::of(message));
        if placed.is_copy {
            message.note(Problem::DuplicateId);
        }
        if message.thread.is_none() {
            message.thread = Some(placed.thread);
            message.thread_basis = placed.basis;
        }
        if placed.basis == ThreadBasis::Subject {
            message.note(Problem::ThreadBySubject);
        }
    }

    /// Where a message belongs that has these ties: what [`Threader::assign`] does, for messages whose text is not at
    /// hand.
    pub fn place(&mut self, ties: &Ties) -> Placed {
        let is_copy = self.memory.is_seen(ties.own);
        let (thread, basis) = if ties.is_stated {
            self.follow(ties);
            (ties.root.to_string(), ThreadBasis::Stated)
        } else {
            self.find(ties)
        };
        self.memory.mark_seen(ties.own);
        self.memory.trim();
        Placed { thread, basis, is_copy }
    }

    /// Distinct threads so far. A thread that was forgotten and came back counts again.
    pub fn threads(&self) -> u64 {
        self.memory.threads()
    }

    /// Remembers what the source states, for messages to come that only refer to this one.
    fn follow(&mut self, ties: &Ties) {
        let Some(&stated) = ties.ancestors.first() else { return };
        let thread = self.memory.find(stated).unwrap_or_else(|| self.memory.new_thread(&ties.root));
        self.memory.insert(stated, thread);
        self.memory.insert(ties.own, thread);
    }

    fn find(&mut self, ties: &Ties) -> (String, ThreadBasis) {
        let Ties { own, ancestors, .. } = ties;
        let mut basis = ThreadBasis::Stated;
        let mut known = ancestors.iter().find_map(|&key| self.memory.find(key));
        if known.is_none() && ancestors.is_empty() && ties.is_reply && !self.memory.is_seen(*own) {
            known = ties.subject.and_then(|key| self.memory.find(key));
            basis = known.map_or(ThreadBasis::Stated, |_| ThreadBasis::Subject);
        }
        if self.memory.is_by_subject(*own) {
            basis = ThreadBasis::Subject;
        }
        let thread = known.or_else(|| self.memory.find(*own));
        let thread = thread.unwrap_or_else(|| self.memory.new_thread(&ties.root));
        let thread =
            ancestors.iter().chain([own]).fold(thread, |thread, &key| self.memory.connect(key, thread));
        if let Some(key) = ties.subject {
            self.memory.point(key, thread);
        }
        let name = self.memory.name(thread).to_owned();
        if basis == ThreadBasis::Subject {
            self.memory.mark_by_subject(*own);
        }
        (name, basis)
    }
}

/// What a message says of its thread, as keys (hashes) of ids: enough to thread it without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ties {
    /// Key of its id.
    pub own: u64,
    /// What a thread that begins here is called: the stated thread, the oldest ancestor, or the id itself.
    pub root: Box<str>,
    /// True where the source states the thread.
    pub is_stated: bool,
    /// Keys of the ids it refers to, oldest first; of the stated thread alone where there is one.
    pub ancestors: Box<[u64]>,
    /// Key of its subject without marks of answers, unless nothing is left of it.
    pub subject: Option<u64>,
    /// True where the subject says that it is an answer.
    pub is_reply: bool,
}

impl Ties {
    /// The ties of a message that was not threaded yet.
    pub fn of(message: &Message) -> Self {
        let own = id_key(&message.id);
        if let Some(stated) = message.thread.as_deref() {
            let ancestors = Box::new([id_key(stated)]);
            return Self {
                own,
                root: stated.into(),
                is_stated: true,
                ancestors,
                subject: None,
                is_reply: false,
            };
        }
        let ancestors: Vec<&str> = ancestors(message).collect();
        let subject = subject::normalized(&message.subject);
        Self {
            own,
            root: ancestors.first().copied().unwrap_or(&message.id).into(),
            is_stated: false,
            ancestors: ancestors.iter().map(|id| id_key(id)).collect(),
            subject: (!subject.base.is_empty()).then(|| key(Domain::Subject, &subject.base)),
            is_reply: subject.is_reply,
        }
    }
}

/// Where a message belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Id of its thread.
    pub thread: String,
    /// How the thread was found.
    pub basis: ThreadBasis,
    /// True if a message of this id came before.
    pub is_copy: bool,
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
