//! A map that forgets what was not touched for longest, so that state stays bounded whatever comes in.

use std::hash::Hash;

use rustc_hash::FxHashMap;

#[derive(Debug)]
struct Entry<V> {
    touched: u64,
    value: V,
}

/// At most `capacity` values. Touching one more drops the quarter that was not touched for longest, so that the cost
/// of each touch stays flat on average.
#[derive(Debug)]
pub(super) struct Aged<K, V> {
    map: FxHashMap<K, Entry<V>>,
    capacity: usize,
    clock: u64,
}

impl<K: Hash + Eq + Copy + Ord, V> Aged<K, V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { map: FxHashMap::default(), capacity: capacity.max(4), clock: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.map.len()
    }

    pub(super) fn get(&self, key: K) -> Option<&V> {
        self.map.get(&key).map(|entry| &entry.value)
    }

    pub(super) fn get_mut(&mut self, key: K) -> Option<&mut V> {
        self.map.get_mut(&key).map(|entry| &mut entry.value)
    }

    /// The value of `key`, made if there is none; now the one that was touched last.
    pub(super) fn touch(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        self.clock += 1;
        let touched = self.clock;
        let entry = self.map.entry(key).or_insert_with(|| Entry { touched, value: make() });
        entry.touched = touched;
        &mut entry.value
    }

    pub(super) fn remove(&mut self, key: K) -> Option<V> {
        self.map.remove(&key).map(|entry| entry.value)
    }

    /// What must go for the map to keep its capacity, longest untouched first; empty almost always.
    pub(super) fn evict(&mut self) -> Vec<(K, V)> {
        if self.map.len() <= self.capacity {
            return Vec::new();
        }
        let mut ages: Vec<u64> = self.map.values().map(|entry| entry.touched).collect();
        let at = self.map.len() - self.capacity * 3 / 4;
        let limit = *ages.select_nth_unstable(at).1;
        self.drain(|touched| touched < limit)
    }

    /// Everything, longest untouched first.
    pub(super) fn take_all(&mut self) -> Vec<(K, V)> {
        self.drain(|_| true)
    }

    fn drain(&mut self, goes: impl Fn(u64) -> bool) -> Vec<(K, V)> {
        let mut gone: Vec<_> = self.map.extract_if(|_, entry| goes(entry.touched)).collect();
        gone.sort_unstable_by_key(|(_, entry)| entry.touched);
        gone.into_iter().map(|(key, entry)| (key, entry.value)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_untouched_go_first_and_in_order() {
        let mut aged = Aged::new(8);
        for key in 0..8_u64 {
            aged.touch(key, || key * 10);
        }
        assert!(aged.evict().is_empty());
        aged.touch(0, || 99);
        aged.touch(8, || 80);
        assert_eq!(aged.evict(), [(1, 10), (2, 20), (3, 30)]);
        assert_eq!((aged.len(), aged.get(0)), (6, Some(&0)));
        assert_eq!(aged.take_all().first(), Some(&(4, 40)));
    }
}
