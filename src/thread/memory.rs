//! Which ids belong together, remembered in some 40 bytes each.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

/// Hash of an id or subject. Two that collide are taken for one: at 4 million, once in two million runs.
pub(super) type Key = u64;

/// Bytes of thread ids that may be kept per remembered key.
const NAME_BYTES_PER_KEY: usize = 64;

#[derive(Debug, Clone, Copy)]
struct Known {
    thread: u32,
    /// A message bore this id; else it was only referred to.
    seen: bool,
    by_subject: bool,
}

/// A set of ids. A set that was joined to another forwards to it until nothing refers to it any more.
#[derive(Debug)]
struct Thread {
    name: Box<str>,
    forward: Option<u32>,
    /// Keys and forwards that point here.
    references: u32,
    /// Upper bound of the forwards on the way here; joining by rank keeps it below 32.
    rank: u8,
}

/// Keys, their threads, and the order in which they came.
#[derive(Debug)]
pub(super) struct Memory {
    known: FxHashMap<Key, Known>,
    order: VecDeque<Key>,
    threads: Vec<Thread>,
    free: Vec<u32>,
    name_bytes: usize,
    capacity: usize,
    count: u64,
}

impl Memory {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            known: FxHashMap::default(),
            order: VecDeque::new(),
            threads: Vec::new(),
            free: Vec::new(),
            name_bytes: 0,
            capacity: capacity.clamp(1, 1 << 30),
            count: 0,
        }
    }

    /// The thread of a key.
    pub(super) fn find(&self, key: Key) -> Option<u32> {
        self.known.get(&key).map(|known| self.root(known.thread))
    }

    fn root(&self, mut thread: u32) -> u32 {
        while let Some(next) = self.threads[thread as usize].forward {
            thread = next;
        }
        thread
    }

    /// A thread without keys; it must get one before [`Memory::trim`].
    pub(super) fn new_thread(&mut self, name: &str) -> u32 {
        self.count += 1;
        self.name_bytes += name.len();
        let thread = Thread { name: name.into(), forward: None, references: 0, rank: 0 };
        match self.free.pop() {
            Some(at) => {
                self.threads[at as usize] = thread;
                at
            }
            None => {
                self.threads.push(thread);
                (self.threads.len() - 1) as u32
            }
        }
    }

    /// Puts `key` into `thread` unless it is in one.
    pub(super) fn insert(&mut self, key: Key, thread: u32) {
        if self.known.contains_key(&key) {
            return;
        }
        self.known.insert(key, Known { thread, seen: false, by_subject: false });
        self.order.push_back(key);
        self.threads[thread as usize].references += 1;
    }

    /// Puts `key` into `thread`, joining the thread that it is in; the joint thread bears the name of `thread`.
    pub(super) fn connect(&mut self, key: Key, thread: u32) -> u32 {
        match self.find(key) {
            Some(other) => self.join(thread, other),
            None => {
                self.insert(key, thread);
                thread
            }
        }
    }

    /// Puts `key` into `thread`, taking it out of the one that it is in.
    pub(super) fn point(&mut self, key: Key, thread: u32) {
        let Some(known) = self.known.get_mut(&key) else { return self.insert(key, thread) };
        let old = std::mem::replace(&mut known.thread, thread);
        self.threads[thread as usize].references += 1;
        self.release(old);
    }

    fn join(&mut self, first: u32, second: u32) -> u32 {
        if first == second {
            return first;
        }
        self.count -= 1;
        let (winner, loser) = if self.rank(first) < self.rank(second) {
            self.swap_names(first, second);
            (second, first)
        } else {
            (first, second)
        };
        let rank = self.rank(winner).max(self.rank(loser) + 1);
        let lost = &mut self.threads[loser as usize];
        lost.forward = Some(winner);
        self.name_bytes -= std::mem::take(&mut lost.name).len();
        let won = &mut self.threads[winner as usize];
        won.references += 1;
        won.rank = rank;
        // A thread that was made for this join alone has no keys.
        if self.threads[loser as usize].references == 0 {
            self.free_from(loser);
        }
        winner
    }

    fn rank(&self, thread: u32) -> u8 {
        self.threads[thread as usize].rank
    }

    fn swap_names(&mut self, a: u32, b: u32) {
        let name = std::mem::take(&mut self.threads[a as usize].name);
        let other = std::mem::replace(&mut self.threads[b as usize].name, name);
        self.threads[a as usize].name = other;
    }

    pub(super) fn name(&self, thread: u32) -> &str {
        &self.threads[thread as usize].name
    }

    pub(super) fn is_seen(&self, key: Key) -> bool {
        self.known.get(&key).is_some_and(|known| known.seen)
    }

    pub(super) fn mark_seen(&mut self, key: Key) {
        if let Some(known) = self.known.get_mut(&key) {
            known.seen = true;
        }
    }

    pub(super) fn is_by_subject(&self, key: Key) -> bool {
        self.known.get(&key).is_some_and(|known| known.by_subject)
    }

    pub(super) fn mark_by_subject(&mut self, key: Key) {
        if let Some(known) = self.known.get_mut(&key) {
            known.by_subject = true;
        }
    }

    /// Distinct threads that were ever made.
    pub(super) fn threads(&self) -> u64 {
        self.count
    }

    /// Forgets the oldest keys until the rest is within the capacity.
    pub(super) fn trim(&mut self) {
        while self.order.len() > self.capacity || self.name_bytes > self.capacity * NAME_BYTES_PER_KEY {
            let Some(key) = self.order.pop_front() else { return };
            if let Some(known) = self.known.remove(&key) {
                self.release(known.thread);
            }
        }
    }

    /// Takes one reference from `thread`.
    fn release(&mut self, thread: u32) {
        let references = &mut self.threads[thread as usize].references;
        *references -= 1;
        if *references == 0 {
            self.free_from(thread);
        }
    }

    /// Frees `thread`, to which nothing refers, and all that only it referred to.
    fn free_from(&mut self, mut thread: u32) {
        loop {
            let freed = &mut self.threads[thread as usize];
            self.name_bytes -= std::mem::take(&mut freed.name).len();
            let next = freed.forward.take();
            self.free.push(thread);
            let Some(next) = next else { return };
            let references = &mut self.threads[next as usize].references;
            *references -= 1;
            if *references > 0 {
                return;
            }
            thread = next;
        }
    }

    #[cfg(test)]
    pub(super) fn sizes(&self) -> (usize, usize, usize) {
        (self.known.len(), self.threads.len() - self.free.len(), self.name_bytes)
    }
}
