//! Putting digests in date order within a bounded buffer.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::Digest;

/// Digests that are held unless told otherwise; an archive of up to so many messages is put in order exactly.
pub const CAPACITY: usize = 400_000;

/// Gives digests back by date. Those without a date stay behind the one that was read before them.
#[derive(Debug)]
pub struct DateOrder {
    heap: BinaryHeap<Reverse<Waiting>>,
    capacity: usize,
    ordinal: u64,
    /// The date that an undated message takes its place by.
    previous: i64,
    released: i64,
    late: u64,
}

#[derive(Debug)]
struct Waiting {
    at: i64,
    ordinal: u64,
    digest: Box<Digest>,
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.ordinal).cmp(&(other.at, other.ordinal))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting {}

impl Default for DateOrder {
    fn default() -> Self {
        Self::with_capacity(CAPACITY)
    }
}

impl DateOrder {
    /// A buffer of at most `capacity` digests (some 400 bytes each).
    pub fn with_capacity(capacity: usize) -> Self {
        let (previous, released) = (i64::MIN, i64::MIN);
        Self { heap: BinaryHeap::new(), capacity: capacity.max(1), ordinal: 0, previous, released, late: 0 }
    }

    /// Takes a digest; gives the oldest one back once the buffer is full.
    pub fn push(&mut self, digest: Digest) -> Option<Digest> {
        let at = digest.at.unwrap_or(self.previous);
        self.previous = at;
        self.late += u64::from(at < self.released);
        self.heap.push(Reverse(Waiting { at, ordinal: self.ordinal, digest: Box::new(digest) }));
        self.ordinal += 1;
        if self.heap.len() > self.capacity { self.pop() } else { None }
    }

    /// The oldest digest that is left.
    pub fn pop(&mut self) -> Option<Digest> {
        let Reverse(waiting) = self.heap.pop()?;
        self.released = self.released.max(waiting.at);
        Some(*waiting.digest)
    }

    /// Digests that came when younger ones had already been given back.
    pub fn late(&self) -> u64 {
        self.late
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::test_data::digest;

    fn order(capacity: usize, dates: &[Option<i64>]) -> (Vec<String>, u64) {
        let mut order = DateOrder::with_capacity(capacity);
        let mut ids = Vec::new();
        for (i, at) in dates.iter().enumerate() {
            let digest = Digest { at: *at, id: i.to_string().into(), ..digest() };
            ids.extend(order.push(digest));
        }
        ids.extend(std::iter::from_fn(|| order.pop()));
        (ids.iter().map(|digest| digest.id.to_string()).collect(), order.late())
    }

    #[test]
    fn by_date_then_by_input() {
        let (ids, late) = order(9, &[Some(5), None, Some(3), Some(5), Some(1)]);
        assert_eq!((ids.join(" ").as_str(), late), ("4 2 0 1 3", 0));
    }

    #[test]
    fn the_buffer_is_bounded_and_what_is_late_is_counted() {
        let (ids, late) = order(1, &[Some(5), Some(6), Some(1), Some(7)]);
        assert_eq!((ids.len(), late), (4, 1));
    }
}
