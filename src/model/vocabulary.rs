//! The words and pairs of neighbouring words that have weights.

mod pairs;
mod words;

use pairs::PairTable;
pub(crate) use words::WordKey;
use words::WordTable;

/// Number of a feature: words first, then pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeatureId(u32);

impl FeatureId {
    /// The number as an index into the weights.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Buffers for [`Vocabulary::features_of`].
#[derive(Debug, Default)]
pub(crate) struct Found {
    words: Vec<u32>,
    candidates: Vec<(u32, u32)>,
}

/// Sorted words and pairs of words.
///
/// The tables are filled once, from the artifact; text only looks up, so a hash that resists chosen keys is not
/// needed. They are made for texts in which most words are known and most pairs are not.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    words: Vec<Box<str>>,
    pairs: Vec<(u32, u32)>,
    word_ids: WordTable,
    pair_ids: PairTable,
}

impl Vocabulary {
    /// A vocabulary of `words` and of `pairs` of indices into them, both in strictly ascending order.
    ///
    /// # Errors
    /// A sentence saying what is out of order, out of range or too long.
    pub fn new(words: Vec<Box<str>>, pairs: Vec<(u32, u32)>) -> Result<Self, String> {
        if let Some(window) = words.windows(2).find(|w| w[0] >= w[1]) {
            return Err(format!("words out of order at {:?}", window[1]));
        }
        if let Some(window) = pairs.windows(2).find(|w| w[0] >= w[1]) {
            return Err(format!("pairs out of order at {:?}", window[1]));
        }
        let count = u32::try_from(words.len()).map_err(|_| "too many words".to_owned())?;
        u32::try_from(words.len() + pairs.len()).map_err(|_| "too many pairs".to_owned())?;
        if let Some(pair) = pairs.iter().find(|pair| pair.0 >= count || pair.1 >= count) {
            return Err(format!("pair {pair:?} of {count} words"));
        }
        let word_ids = WordTable::new(&words);
        let pair_ids = PairTable::new(&pairs, words.len());
        Ok(Self { words, pairs, word_ids, pair_ids })
    }

    /// The feature of a word.
    pub fn word(&self, word: &str) -> Option<FeatureId> {
        self.word_ids.find(self.key(word)).map(FeatureId)
    }

    /// What a word is looked up by: look-ups of many words one after the other wait for memory together.
    #[inline]
    pub(crate) fn key(&self, word: &str) -> WordKey {
        self.word_ids.key(word)
    }

    /// Looks up many words, and pairs of those that are neighbours: adds the features of the known ones to `features`,
    /// the words first, each as often as it stands there.
    pub(crate) fn features_of(&self, keys: &[WordKey], found: &mut Found, features: &mut Vec<FeatureId>) {
        let Found { words, candidates } = found;
        self.word_ids.find_all(keys, words);
        features.extend(words.iter().filter(|&&n| n > 0).map(|&n| FeatureId(n - 1)));
        self.pair_ids.candidates(words, candidates);
        let pairs = self.words.len() as u32;
        features.extend(
            candidates.iter().filter_map(|&pair| self.pair_ids.find(pair)).map(|n| FeatureId(pairs + n)),
        );
    }

    /// The feature of two neighbouring words.
    #[inline]
    pub fn pair(&self, first: FeatureId, second: FeatureId) -> Option<FeatureId> {
        let n = self.pair_ids.find((first.0, second.0))?;
        Some(FeatureId(self.words.len() as u32 + n))
    }

    /// The words, sorted.
    pub fn words(&self) -> &[Box<str>] {
        &self.words
    }

    /// The pairs, sorted, as indices into the words.
    pub fn pairs(&self) -> &[(u32, u32)] {
        &self.pairs
    }

    /// All features, in order.
    pub fn features(&self) -> impl Iterator<Item = FeatureId> {
        (0..).take(self.len()).map(FeatureId)
    }

    /// Number of features: words and pairs.
    pub fn len(&self) -> usize {
        self.words.len() + self.pairs.len()
    }

    /// True if there is no feature.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words of a feature, joined by a space.
    pub fn name(&self, feature: FeatureId) -> String {
        match self.words.get(feature.index()) {
            Some(word) => word.to_string(),
            None => self.pairs.get(feature.index() - self.words.len()).map_or_else(String::new, |&(a, b)| {
                format!("{} {}", self.words[a as usize], self.words[b as usize])
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_then_pairs() {
        let vocabulary = Vocabulary::new(vec!["any".into(), "news".into()], vec![(0, 1)]).unwrap();
        let (any, news) = (vocabulary.word("any").unwrap(), vocabulary.word("news").unwrap());
        let pair = vocabulary.pair(any, news).unwrap();
        assert_eq!(pair.index(), 2);
        assert_eq!(vocabulary.name(pair), "any news");
        assert_eq!(vocabulary.pair(news, any), None);
        assert_eq!(vocabulary.len(), 3);
        let keys = ["news", "any", "news", "other", "any"].map(|word| vocabulary.key(word));
        let mut features = Vec::new();
        vocabulary.features_of(&keys, &mut Found::default(), &mut features);
        assert_eq!(features, [news, any, news, any, pair]);
    }

    #[test]
    fn disorder_is_refused() {
        assert!(Vocabulary::new(vec!["b".into(), "a".into()], vec![]).is_err());
        assert!(Vocabulary::new(vec!["a".into(), "a".into()], vec![]).is_err());
        assert!(Vocabulary::new(vec!["a".into()], vec![(0, 1)]).is_err());
    }
}
