//! Words that a disguise may stand for.
//!
//! `words.txt` holds the plain words of the shipped model's vocabulary (letters and inner apostrophes, a vowel at
//! least, no abbreviations of three letters), sorted. Undoing a disguise only where it gives one of these keeps names,
//! versions and code what they are, and loses nothing: no other word has a weight.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

static WORDS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| include_str!("words.txt").lines().collect());

/// Words of one or two letters.
const SHORT: [&str; 24] = [
    "a", "i", "am", "an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it", "me", "my", "no",
    "of", "on", "or", "so", "to", "we",
];

/// Letters of the longest word that is looked up.
pub(super) const LONGEST: usize = 24;

/// True for a known word of three letters or more, in lower case.
pub(crate) fn is_word(word: &str) -> bool {
    word.len() <= LONGEST && WORDS.contains(word)
}

/// True for a known word of any length, in lower case.
pub(super) fn is_any_word(word: &str) -> bool {
    is_word(word) || SHORT.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_plain_and_short_enough() {
        let words: Vec<&str> = include_str!("words.txt").lines().collect();
        assert!(words.is_sorted_by(|a, b| a < b));
        let is_plain = |word: &&str| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'');
        assert!(words.iter().all(is_plain));
        assert_eq!(words.iter().find(|word| word.len() > LONGEST || word.len() < 3), None);
    }

    #[test]
    fn known_and_unknown() {
        assert!(is_word("maintainer") && is_any_word("me") && !is_word("me") && !is_any_word("utfb"));
    }
}
