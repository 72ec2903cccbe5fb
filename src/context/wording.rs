//! How alike two messages are worded, and whether that is more than chance.
//!
//! A message is the set of its content words; two are compared by Jaccard's index (1901). Whether it is high is told
//! by rank against a background: the indices between the message and recent pressing messages of the same project
//! that belong elsewhere. `p = (1 + number of background indices that are as high) / (1 + size of the background)`
//! (a permutation p-value after Davison & Hinkley 1997, 4.2).

use std::collections::VecDeque;

use super::digest::{Key, key};
use crate::{
    Message,
    features::{Sentence, fold, for_each_token},
};

/// Content words of one message that are kept.
const MAX_WORDS: usize = 160;
/// Pressing messages that make the background.
const BACKGROUND: usize = 96;
/// A smaller background says nothing.
const MIN_BACKGROUND: usize = 16;
/// Shorter words are mostly grammar.
const MIN_LETTERS: usize = 4;

/// Sorted hashes of the distinct content words of a message's own words.
pub(super) fn words(message: &Message, sentences: &[Sentence]) -> Box<[u32]> {
    let mut all = Vec::new();
    let mut scratch = String::new();
    for sentence in sentences {
        for_each_token(fold(sentence.text(message)).text(), &mut scratch, |token, _| {
            if token.len() >= MIN_LETTERS && !COMMON.contains(&token) {
                all.push(key(token) as u32);
            }
        });
        if all.len() >= 4 * MAX_WORDS {
            break;
        }
    }
    all.sort_unstable();
    all.dedup();
    all.truncate(MAX_WORDS);
    all.into()
}

/// Longer words that are grammar or courtesy all the same.
const COMMON: [&str; 40] = [
    "that", "this", "with", "have", "from", "your", "they", "them", "then", "than", "there", "their", "will",
    "would", "could", "should", "what", "when", "where", "which", "while", "been", "were", "also", "some",
    "just", "like", "very", "into", "about", "because", "please", "thanks", "thank", "hello", "regards",
    "still", "only", "more", "does",
];

/// Jaccard's index of two sorted sets, `0..=1`.
pub(super) fn jaccard(a: &[u32], b: &[u32]) -> f64 {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, both) = (i + 1, j + 1, both + 1),
        }
    }
    let all = a.len() + b.len() - both;
    if all == 0 { 0.0 } else { both as f64 / all as f64 }
}

/// Recent pressing messages of one project.
#[derive(Debug, Default)]
pub(super) struct Background(VecDeque<(Key, Box<[u32]>)>);

impl Background {
    /// How likely an index as high as `index` is by chance between `words` and messages that are not by `author` and
    /// not among `excluded` (message keys); 1 while the background is too small to tell.
    pub(super) fn p_value(&self, words: &[u32], index: f64, is_excluded: impl Fn(Key) -> bool) -> f64 {
        let others = self.0.iter().filter(|(message, _)| !is_excluded(*message));
        let (mut size, mut as_high) = (0, 0);
        for (_, other) in others {
            size += 1;
            as_high += usize::from(jaccard(words, other) >= index);
        }
        if size < MIN_BACKGROUND { 1.0 } else { (1 + as_high) as f64 / (1 + size) as f64 }
    }

    pub(super) fn push(&mut self, message: Key, words: Box<[u32]>) {
        if self.0.len() >= BACKGROUND {
            self.0.pop_front();
        }
        self.0.push_back((message, words));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::sentences;

    fn of(body: &str) -> Box<[u32]> {
        let message = Message { body: body.into(), ..Message::default() };
        words(&message, &sentences(&message))
    }

    #[test]
    fn index_of_sets() {
        let (a, b) = (of("Patience wears thin, patches rot."), of("Patches rot and patience wears thin!"));
        assert_eq!(jaccard(&a, &b), 1.0);
        assert_eq!(jaccard(&a, &of("Nothing alike")), 0.0);
        assert_eq!(jaccard(&[], &[]), 0.0);
    }

    #[test]
    fn chance_is_told_by_a_background() {
        let mut background = Background::default();
        let words = of("Patience wears thin, patches rot.");
        assert_eq!(background.p_value(&words, 0.9, |_| false), 1.0);
        for i in 0..19_u64 {
            background.push(i, of("The build fails here"));
        }
        assert_eq!(background.p_value(&words, 0.9, |_| false), 0.05);
        assert_eq!(background.p_value(&words, 0.0, |_| false), 1.0);
        assert_eq!(background.p_value(&words, 0.9, |message| message > 3), 1.0);
    }
}
