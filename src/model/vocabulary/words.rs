//! From a word to its number: a hash table whose keys are compared as integers.

use rustc_hash::FxHashMap;

/// Longest word, in bytes, that is kept as an integer.
const INLINE: usize = 15;

/// A word as it is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WordKey(u128);

/// Marks the key of a word that is too long to be an integer and was looked up already: its number plus 1 is below.
const RESOLVED: u128 = 0xff << 120;

/// A word, and its number plus 1; 0 where the slot is free. What a look-up needs lies in one line of the cache.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: u128,
    number: u32,
}

/// Open addressing with linear probing; at most half full.
#[derive(Debug, Clone, Default)]
pub(super) struct WordTable {
    slots: Vec<Slot>,
    /// Bits that a hash is shifted right by to give a slot.
    shift: u32,
    long: FxHashMap<Box<str>, u32>,
}

impl WordTable {
    /// A table of different words, numbered in order. Fewer than 2^31 of them.
    pub(super) fn new(words: &[Box<str>]) -> Self {
        let bits = (2 * words.len()).next_power_of_two().ilog2().max(1);
        let mut table = Self {
            slots: vec![Slot::default(); 1 << bits],
            shift: u64::BITS - bits,
            long: FxHashMap::default(),
        };
        for (number, word) in (1..).zip(words) {
            let Some(key) = pack(word.as_bytes()) else {
                table.long.insert(word.clone(), number);
                continue;
            };
            let mut slot = table.slot(key);
            while table.slots[slot].number != 0 {
                slot = (slot + 1) & (table.slots.len() - 1);
            }
            table.slots[slot] = Slot { key, number };
        }
        table
    }

    /// What `word` is looked up by.
    #[inline]
    pub(super) fn key(&self, word: &str) -> WordKey {
        WordKey(
            pack(word.as_bytes())
                .unwrap_or_else(|| RESOLVED | u128::from(self.long.get(word).copied().unwrap_or_default())),
        )
    }

    /// The numbers plus 1 of the words with these keys, 0 for unknown words; they are put into `numbers`.
    ///
    /// Most slots lie in no near cache. So every key's first slot is looked at before any guess is made of what it
    /// holds, and the processor waits for many of them at once.
    pub(super) fn find_all(&self, keys: &[WordKey], numbers: &mut Vec<u32>) {
        const PENDING: u32 = u32::MAX;
        numbers.clear();
        if self.slots.is_empty() {
            numbers.resize(keys.len(), 0);
            return;
        }
        let mask = self.slots.len() - 1;
        let mut pending = 0;
        numbers.extend(keys.iter().map(|&WordKey(key)| {
            let slot = &self.slots[self.slot(key) & mask];
            let is_settled = slot.key == key || slot.number == 0;
            pending |= u32::from(!is_settled) | u32::from(key >= RESOLVED);
            // An empty slot holds 0, which is the answer too.
            if is_settled && key < RESOLVED { slot.number } else { PENDING }
        }));
        if pending > 0 {
            for (number, &key) in numbers.iter_mut().zip(keys).filter(|(number, _)| **number == PENDING) {
                *number = self.find(key).map_or(0, |n| n + 1);
            }
        }
    }

    /// The number of the word with this key.
    #[inline]
    pub(super) fn find(&self, WordKey(key): WordKey) -> Option<u32> {
        if key >= RESOLVED {
            return (key as u32).checked_sub(1);
        }
        let mut slot = self.slot(key);
        loop {
            let found = self.slots.get(slot)?;
            if found.key == key && found.number > 0 {
                return Some(found.number - 1);
            }
            if found.number == 0 {
                return None;
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
            let boxed: Vec<Box<str>> = words.iter().map(|word| word.as_str().into()).collect();
            let table = WordTable::new(&boxed);
            for word in words.iter().chain(&others) {
                let number = words.binary_search(word).ok().map(|n| n as u32);
                proptest::prop_assert_eq!(table.find(table.key(word)), number, "{:?}", word);
            }
            let keys: Vec<WordKey> = words.iter().chain(&others).map(|word| table.key(word)).collect();
            let mut numbers = vec![7];
            table.find_all(&keys, &mut numbers);
            let one_by_one: Vec<u32> = keys.iter().map(|&key| table.find(key).map_or(0, |n| n + 1)).collect();
            proptest::prop_assert_eq!(numbers, one_by_one);
        }
    }
}
