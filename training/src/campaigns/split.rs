//! Halves for training and for test, by a stable hash of the name: they stay the same when others come or go nearby,
//! as far as a balanced split can.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

/// One half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Half {
    /// What the model is fitted and its threshold set on.
    Training,
    /// What it is measured on.
    Test,
}

/// A number that depends on the name alone: the first eight bytes of its SHA-256.
pub fn rank(name: &str) -> u64 {
    let hash = Sha256::digest(name.as_bytes());
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Halves within strata: names of a stratum alternate in the order of their ranks; where a stratum is odd, the next
/// one begins with the other half, so that all together are halves as well.
pub fn halves<S: Ord>(names: impl IntoIterator<Item = (S, String)>) -> BTreeMap<String, Half> {
    let mut strata: BTreeMap<S, BTreeSet<(u64, String)>> = BTreeMap::new();
    for (stratum, name) in names {
        strata.entry(stratum).or_default().insert((rank(&name), name));
    }
    let ordered = strata.into_values().flatten().map(|(_, name)| name);
    ordered.zip([Half::Training, Half::Test].into_iter().cycle()).collect()
}

/// Folds for cross-validation, `0..folds`, balanced, by rank.
pub fn folds<'n>(names: impl IntoIterator<Item = &'n str>, folds: usize) -> BTreeMap<&'n str, usize> {
    let ordered: BTreeSet<(u64, &str)> = names.into_iter().map(|name| (rank(name), name)).collect();
    ordered.into_iter().enumerate().map(|(i, (_, name))| (name, i % folds.max(1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(stratum: char, count: usize) -> impl Iterator<Item = (char, String)> {
        (0..count).map(move |i| (stratum, format!("{stratum}{i}")))
    }

    #[test]
    fn every_stratum_is_halved() {
        let split = halves(names('a', 7).chain(names('b', 5)).chain(names('c', 8)));
        for (stratum, count) in [('a', 7), ('b', 5), ('c', 8)] {
            let own = split.iter().filter(|(name, half)| name.starts_with(stratum) && **half == Half::Test);
            assert!(own.count().abs_diff(count - count / 2) <= 1);
        }
        assert_eq!(split.values().filter(|half| **half == Half::Test).count(), 10);
    }

    #[test]
    fn the_split_does_not_depend_on_the_order() {
        let all: Vec<_> = names('a', 9).collect();
        assert_eq!(halves(all.clone()), halves(all.into_iter().rev()));
        assert_eq!(rank("tarn"), rank("tarn"));
        assert_ne!(rank("tarn"), rank("lake"));
    }

    #[test]
    fn folds_are_balanced() {
        let all: Vec<String> = (0..11).map(|i| i.to_string()).collect();
        let folds = folds(all.iter().map(String::as_str), 5);
        let sizes: Vec<_> = (0..5).map(|k| folds.values().filter(|fold| **fold == k).count()).collect();
        assert_eq!(sizes, [3, 2, 2, 2, 2]);
    }
}
