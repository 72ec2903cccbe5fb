//! From two neighbouring words to the number of their pair: a bit for each hash says of most pairs that they are
//! unknown, from a table so small that it stays in the nearest cache.

/// Bits of the filter for each pair: one in nine unknown pairs passes.
const FILTER_BITS: usize = 8;

/// A filter, and open addressing with linear probing behind it; at most half full.
#[derive(Debug, Clone, Default)]
pub(super) struct PairTable {
    filter: Vec<u64>,
    filter_shift: u32,
    /// Number of the pair plus 1, or 0 for a free slot.
    slots: Vec<u32>,
    shift: u32,
}

impl PairTable {
    /// A table of different pairs, numbered in order. Fewer than 2^31 of them.
    pub(super) fn new(pairs: &[(u32, u32)]) -> Self {
        let bits = (2 * pairs.len()).next_power_of_two().ilog2().max(1);
        let filter_bits = (FILTER_BITS * pairs.len()).next_power_of_two().ilog2().max(6);
        let mut table = Self {
            filter: vec![0; 1 << (filter_bits - 6)],
            filter_shift: u64::BITS - filter_bits,
            slots: vec![0; 1 << bits],
            shift: u64::BITS - bits,
        };
        for (n, &pair) in (1..).zip(pairs) {
            let hash = hash(pair);
            let bit = hash >> table.filter_shift;
            table.filter[(bit / 64) as usize] |= 1 << (bit % 64);
            let mut slot = (hash >> table.shift) as usize;
            while table.slots[slot] != 0 {
                slot = (slot + 1) & (table.slots.len() - 1);
            }
            table.slots[slot] = n;
        }
        table
    }

    /// The number of `pair` among `pairs`, of which the table was made.
    #[inline]
    pub(super) fn find(&self, pairs: &[(u32, u32)], pair: (u32, u32)) -> Option<u32> {
        let hash = hash(pair);
        let bit = hash >> self.filter_shift;
        if self.filter.get((bit / 64) as usize)? >> (bit % 64) & 1 == 0 {
            return None;
        }
        let mut slot = (hash >> self.shift) as usize;
        loop {
            let n = self.slots[slot].checked_sub(1)?;
            if pairs[n as usize] == pair {
                return Some(n);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }
}

#[inline]
fn hash((first, second): (u32, u32)) -> u64 {
    let key = u64::from(first) << 32 | u64::from(second);
    let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn all_pairs_are_found_and_no_others(
            mut pairs in proptest::collection::vec((0u32..40, 0u32..40), 0..300),
            others in proptest::collection::vec((0u32..40, 0u32..u32::MAX), 0..50),
        ) {
            pairs.sort();
            pairs.dedup();
            let table = PairTable::new(&pairs);
            for pair in pairs.iter().chain(&others) {
                let number = pairs.binary_search(pair).ok().map(|n| n as u32);
                proptest::prop_assert_eq!(table.find(&pairs, *pair), number);
            }
        }
    }

    #[test]
    fn an_empty_table_knows_nothing() {
        assert_eq!(PairTable::default().find(&[], (0, 0)), None);
        assert_eq!(PairTable::new(&[]).find(&[], (0, 0)), None);
    }
}
