//! From two neighbouring words to the number of their pair: a bit for each hash says of most pairs that they are
//! unknown, from a table so small that it stays in a near cache; the others are searched in a short sorted list.

/// Bits of the filter for each pair: one in nine unknown pairs passes.
const FILTER_BITS: usize = 8;

/// A filter, and for each first word the words that may follow it.
#[derive(Debug, Clone, Default)]
pub(super) struct PairTable {
    filter: Vec<u64>,
    filter_shift: u32,
    /// For each first word, the number of its first pair; one more tells where those of the last end.
    starts: Vec<u32>,
    /// The second word of each pair.
    seconds: Vec<u32>,
}

impl PairTable {
    /// A table of pairs of so many words, in strictly ascending order. Fewer than 2^31 of them.
    pub(super) fn new(pairs: &[(u32, u32)], words: usize) -> Self {
        let filter_bits = (FILTER_BITS * pairs.len()).next_power_of_two().ilog2().max(6);
        let mut filter = vec![0; 1 << (filter_bits - 6)];
        let filter_shift = u64::BITS - filter_bits;
        let mut starts = vec![0; words + 1];
        for &pair in pairs {
            let bit = hash(pair) >> filter_shift;
            filter[(bit / 64) as usize] |= 1 << (bit % 64);
            starts[pair.0 as usize + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self { filter, filter_shift, starts, seconds: pairs.iter().map(|pair| pair.1).collect() }
    }

    /// The pairs of neighbours among `words` (numbers plus 1, 0 for unknown words) that pass the filter, in order.
    ///
    /// Whether a pair passes is next to chance, and a processor that guesses it guesses wrong: so nothing is guessed.
    pub(super) fn candidates(&self, words: &[u32], candidates: &mut Vec<(u32, u32)>) {
        candidates.clear();
        candidates.resize(words.len(), (0, 0));
        let mut count = 0;
        for (&first, &second) in words.iter().zip(words.get(1..).unwrap_or_default()) {
            let pair = (first.wrapping_sub(1), second.wrapping_sub(1));
            candidates[count] = pair;
            count += usize::from(self.may_hold(pair) & (first > 0) & (second > 0));
        }
        candidates.truncate(count);
    }

    /// False for most pairs that are unknown.
    #[inline]
    fn may_hold(&self, pair: (u32, u32)) -> bool {
        let bit = hash(pair) >> self.filter_shift;
        self.filter.get((bit / 64) as usize).is_some_and(|bits| bits >> (bit % 64) & 1 == 1)
    }

    /// The number of a pair.
    #[inline]
    pub(super) fn find(&self, (first, second): (u32, u32)) -> Option<u32> {
        let start = *self.starts.get(first as usize)?;
        let end = *self.starts.get(first as usize + 1)?;
        let at = self.seconds[start as usize..end as usize].binary_search(&second).ok()?;
        Some(start + at as u32)
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
            others in proptest::collection::vec((0u32..50, 0u32..u32::MAX), 0..50),
        ) {
            pairs.sort();
            pairs.dedup();
            let table = PairTable::new(&pairs, 40);
            for pair in pairs.iter().chain(&others) {
                let number = pairs.binary_search(pair).ok().map(|n| n as u32);
                proptest::prop_assert_eq!(table.find(*pair), number);
                proptest::prop_assert!(table.may_hold(*pair) || number.is_none());
            }
        }
    }

    #[test]
    fn neighbours_are_candidates_where_both_are_known() {
        let table = PairTable::new(&[(0, 1), (1, 0)], 2);
        let mut candidates = vec![(9, 9)];
        table.candidates(&[1, 2, 1, 0, 2], &mut candidates);
        assert_eq!(candidates, [(0, 1), (1, 0)]);
        table.candidates(&[], &mut candidates);
        assert_eq!(candidates, []);
    }

    #[test]
    fn most_unknown_pairs_do_not_pass_the_filter() {
        let pairs: Vec<_> = (0..1000).map(|n| (n, n * 7 % 1000)).collect();
        let table = PairTable::new(&pairs, 1000);
        let passed = (0..1000).filter(|&n| table.may_hold((n, n * 7 % 1000 + 1))).count();
        assert!(passed < 200, "{passed}");
    }

    #[test]
    fn an_empty_table_knows_nothing() {
        assert_eq!(PairTable::default().find((0, 0)), None);
        assert!(!PairTable::default().may_hold((0, 0)));
        assert_eq!(PairTable::new(&[], 0).find((0, 0)), None);
    }
}
