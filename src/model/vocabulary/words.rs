//! From a word to its number: a hash table whose keys are compared as integers.

use rustc_hash::FxHashMap;

/// Longest word, in bytes, that is kept as an integer.
const INLINE: usize = 15;

/// Open addressing with linear probing; at most half full.
#[derive(Debug, Clone, Default)]
pub(super) struct WordTable {
    /// Number of the word plus 1, or 0 for a free slot.
    slots: Vec<u32>,
    /// The words as integers, by number; 0 (which no word is) for one that is too long.
    keys: Vec<u128>,
    /// Bits that a hash is shifted right by to give a slot.
    shift: u32,
    long: FxHashMap<Box<str>, u32>,
}

impl WordTable {
    /// A table of different words, numbered in order. Fewer than 2^31 of them.
    pub(super) fn new(words: &[Box<str>]) -> Self {
        let bits = (2 * words.len()).next_power_of_two().ilog2().max(1);
        let keys: Vec<u128> = words.iter().map(|word| pack(word.as_bytes()).unwrap_or_default()).collect();
        let long = words.iter().cloned().zip(0..).filter(|(word, _)| word.len() > INLINE).collect();
        let mut table = Self { slots: vec![0; 1 << bits], keys, shift: u64::BITS - bits, long };
        for (n, &key) in (1..).zip(&table.keys) {
            if key == 0 {
                continue;
            }
            let mut slot = table.slot(key);
            while table.slots[slot] != 0 {
                slot = (slot + 1) & (table.slots.len() - 1);
            }
            table.slots[slot] = n;
        }
        table
    }

    /// The number of `word`.
    #[inline]
    pub(super) fn find(&self, word: &str) -> Option<u32> {
        let Some(key) = pack(word.as_bytes()) else { return self.long.get(word).copied() };
        let mut slot = self.slot(key);
        loop {
            let n = (*self.slots.get(slot)?).checked_sub(1)?;
            if self.keys[n as usize] == key {
                return Some(n);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    #[inline]
    fn slot(&self, key: u128) -> usize {
        let (low, high) = (key as u64, (key >> 64) as u64);
        let mixed = low.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ high.wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
        ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> self.shift) as usize
    }
}

/// A word as an integer: its bytes, and its length on top, so that no two words share one. None for a long word.
#[inline]
fn pack(word: &[u8]) -> Option<u128> {
    let len = word.len();
    if len > INLINE {
        return None;
    }
    // Two loads that may overlap: the bytes that both hold are the same.
    let bytes = match (word.first_chunk::<8>(), word.last_chunk::<8>()) {
        (Some(first), Some(last)) => {
            let rest = u64::from_le_bytes(*last).unbounded_shr(8 * (16 - len as u32));
            u128::from(u64::from_le_bytes(*first)) | u128::from(rest) << 64
        }
        _ => match (word.first_chunk::<4>(), word.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
                u128::from(u64::from(first) | u64::from(last) << (8 * (len - 4)))
            }
            _ => word.iter().rev().fold(0, |bytes, &b| bytes << 8 | u128::from(b)),
        },
    };
    Some(bytes | (len as u128) << 120)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_word_is_its_bytes_and_its_length() {
        let text = "abcdefghijklmnop";
        for len in 0..=INLINE {
            let mut bytes = [0; 16];
            bytes[..len].copy_from_slice(&text.as_bytes()[..len]);
            bytes[15] = len as u8;
            assert_eq!(pack(&text.as_bytes()[..len]), Some(u128::from_le_bytes(bytes)), "{len}");
        }
        assert_eq!(pack(text.as_bytes()), None);
    }

    proptest::proptest! {
        #[test]
        fn all_words_are_found_and_no_others(
            mut words in proptest::collection::vec("[a-c\0é']{0,18}", 0..200),
            others in proptest::collection::vec("[a-c\0é']{0,18}", 0..50),
        ) {
            words.sort();
            words.dedup();
            words.retain(|word| !word.is_empty());
            let boxed: Vec<Box<str>> = words.iter().map(|word| word.as_str().into()).collect();
            let table = WordTable::new(&boxed);
            for word in words.iter().chain(&others) {
                let number = words.binary_search(word).ok().map(|n| n as u32);
                proptest::prop_assert_eq!(table.find(word), number, "{:?}", word);
            }
        }
    }
}
