//! The highest few of many, with a count of all.

/// Keeps the `limit` items of the highest rank; of equals those that came first. Holds twice as many at most.
#[derive(Debug)]
pub(super) struct Best<T> {
    limit: usize,
    items: Vec<(f64, u64, T)>,
    count: u64,
}

impl<T> Best<T> {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, items: Vec::new(), count: 0 }
    }

    pub(super) fn push(&mut self, rank: f64, item: T) {
        self.items.push((rank, self.count, item));
        self.count += 1;
        if self.items.len() >= 2 * self.limit.max(8) {
            self.trim();
        }
    }

    fn trim(&mut self) {
        self.items.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        self.items.truncate(self.limit);
    }

    pub(super) fn finish(mut self) -> Shown<T> {
        self.trim();
        Shown { count: self.count, items: self.items.into_iter().map(|(_, _, item)| item).collect() }
    }
}

/// What is shown of a number of things.
#[derive(Debug)]
pub(super) struct Shown<T> {
    /// Highest rank first.
    pub(super) items: Vec<T>,
    /// How many there were.
    pub(super) count: u64,
}

impl<T> Shown<T> {
    /// How many are not shown.
    pub(super) fn left_out(&self) -> u64 {
        self.count - self.items.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_stay_and_all_are_counted() {
        let mut best = Best::new(3);
        for i in 0..100_u32 {
            best.push(f64::from(i % 10), i);
            assert!(best.items.len() < 16);
        }
        let shown = best.finish();
        assert_eq!((shown.items.as_slice(), shown.count, shown.left_out()), (&[9, 19, 29][..], 100, 97));
        assert_eq!(Best::<u8>::new(0).finish().left_out(), 0);
    }
}
