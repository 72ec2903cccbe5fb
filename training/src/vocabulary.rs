//! Which words and pairs may enter the model.
//!
//! Hygiene: a word or pair enters only if at least [`MIN_AUTHORS`] authors in [`MIN_SOURCES`] corpora used it in
//! their own words, so that no phrase of a few people is kept; and no name: a word that is part of some author's
//! name and is mostly written with a capital letter inside sentences stays out. Addresses and links are no tokens.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{Hash, Hasher},
};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use undue::{
    Message,
    features::{fold, for_each_token, sentences},
    model::Vocabulary,
};

use crate::{corpus::Corpora, example::Example};

/// Authors that must have used a word or pair.
pub const MIN_AUTHORS: usize = 5;
/// Corpora in which it must have been used.
pub const MIN_SOURCES: u32 = 3;
/// Labelled messages in which it must occur to be worth a weight.
pub const MIN_EXAMPLES: u32 = 3;
/// Longest word, in bytes.
const MAX_WORD: usize = 24;
/// Messages counted in one go.
const CHUNK: usize = 2000;

type Pair = (String, String);
type Counts = (FxHashMap<String, Use>, FxHashMap<Pair, Use>);

/// How a word or pair was used.
#[derive(Default, Clone)]
struct Use {
    /// One bit for each corpus.
    sources: u64,
    /// Some of its authors: no more than are asked for.
    authors: FxHashSet<u64>,
    /// Times it stood inside a sentence, and times with a capital letter there.
    inside: u32,
    capitals: u32,
}

impl Use {
    fn add(&mut self, source: usize, author: Option<u64>) {
        self.sources |= 1 << source;
        if self.authors.len() < MIN_AUTHORS {
            self.authors.extend(author);
        }
    }

    fn merge(&mut self, other: Self) {
        self.sources |= other.sources;
        if self.authors.len() < MIN_AUTHORS {
            self.authors.extend(other.authors);
        }
        self.inside += other.inside;
        self.capitals += other.capitals;
    }

    fn is_common(&self) -> bool {
        self.authors.len() >= MIN_AUTHORS && self.sources.count_ones() >= MIN_SOURCES
    }
}

/// The tokens of each sentence of an example.
pub fn tokens(example: &Example) -> Vec<Vec<String>> {
    let mut scratch = String::new();
    let sentences = example.sentences.iter().map(|sentence| {
        let mut tokens = Vec::new();
        let folded = fold(sentence.text(&example.message));
        for_each_token(folded.text(), &mut scratch, |token, _| tokens.push(token.to_owned()));
        tokens
    });
    sentences.collect()
}

/// Selects the vocabulary for `examples` from their use in the corpora.
///
/// # Errors
/// If there are more than 64 corpora (one bit for each), or too many words for a model.
pub fn select(examples: &[&Example], corpora: &Corpora) -> anyhow::Result<Vocabulary> {
    anyhow::ensure!(corpora.len() <= 64, "{} corpora; 64 at most", corpora.len());
    let (words, pairs) = candidates(examples);
    let chunks: Vec<_> = corpora
        .iter()
        .enumerate()
        .flat_map(|(source, (_, messages))| messages.chunks(CHUNK).map(move |chunk| (source, chunk)))
        .collect();
    let counted = chunks.into_par_iter().map(|(source, chunk)| count(source, chunk, &words, &pairs));
    let (words, pairs) = counted.reduce(Counts::default, merge);
    let people = name_parts(corpora);
    let is_name = |word: &str, uses: &Use| people.contains(word) && uses.capitals * 2 > uses.inside;
    let kept: BTreeSet<Box<str>> = words
        .iter()
        .filter(|(word, uses)| uses.is_common() && !is_name(word, uses))
        .map(|(word, _)| Box::from(word.as_str()))
        .collect();
    let ids: BTreeMap<&str, u32> = kept.iter().map(AsRef::as_ref).zip(0..).collect();
    let common = pairs.iter().filter(|(_, uses)| uses.is_common());
    let pairs: BTreeSet<(u32, u32)> =
        common.filter_map(|((a, b), _)| Some((*ids.get(a.as_str())?, *ids.get(b.as_str())?))).collect();
    Vocabulary::new(kept.iter().cloned().collect(), pairs.into_iter().collect()).map_err(anyhow::Error::msg)
}

/// Words and pairs that occur in at least [`MIN_EXAMPLES`] examples.
fn candidates(examples: &[&Example]) -> (FxHashSet<String>, FxHashSet<Pair>) {
    let mut words: FxHashMap<String, u32> = FxHashMap::default();
    let mut pairs: FxHashMap<Pair, u32> = FxHashMap::default();
    for example in examples {
        let sentences = tokens(example);
        let short = sentences.iter().flatten().filter(|word| word.len() <= MAX_WORD);
        for word in short.collect::<BTreeSet<_>>() {
            *words.entry(word.clone()).or_default() += 1;
        }
        let neighbours = sentences.iter().flat_map(|tokens| tokens.windows(2).map(|w| (&w[0], &w[1])));
        for (a, b) in neighbours.collect::<BTreeSet<_>>() {
            *pairs.entry((a.clone(), b.clone())).or_default() += 1;
        }
    }
    words.retain(|_, count| *count >= MIN_EXAMPLES);
    pairs.retain(|(a, b), count| *count >= MIN_EXAMPLES && words.contains_key(a) && words.contains_key(b));
    (words.into_keys().collect(), pairs.into_keys().collect())
}

fn count(source: usize, messages: &[Message], words: &FxHashSet<String>, pairs: &FxHashSet<Pair>) -> Counts {
    let mut counts = Counts::default();
    let mut scratch = String::new();
    let mut tokens: Vec<String> = Vec::new();
    for message in messages {
        let author = author(source, &message.author.name);
        for sentence in sentences(message) {
            let folded = fold(sentence.text(message));
            tokens.clear();
            for_each_token(folded.text(), &mut scratch, |token, range| {
                if words.contains(token) {
                    let uses = counts.0.entry(token.to_owned()).or_default();
                    uses.add(source, author);
                    if range.start > 0 {
                        uses.inside += 1;
                        uses.capitals += u32::from(folded.text()[range].starts_with(char::is_uppercase));
                    }
                }
                tokens.push(token.to_owned());
            });
            for window in tokens.windows(2) {
                let pair = (window[0].clone(), window[1].clone());
                if pairs.contains(&pair) {
                    counts.1.entry(pair).or_default().add(source, author);
                }
            }
        }
    }
    counts
}

fn merge(mut a: Counts, b: Counts) -> Counts {
    for (word, uses) in b.0 {
        a.0.entry(word).or_default().merge(uses);
    }
    for (pair, uses) in b.1 {
        a.1.entry(pair).or_default().merge(uses);
    }
    a
}

/// An author as a number; none where the corpus does not name authors.
fn author(source: usize, name: &str) -> Option<u64> {
    let mut hasher = FxHasher::default();
    (source, name).hash(&mut hasher);
    (!name.is_empty()).then(|| hasher.finish())
}

/// Every part of every author's name, in lower case.
fn name_parts(corpora: &Corpora) -> FxHashSet<String> {
    let mut parts = FxHashSet::default();
    let mut scratch = String::new();
    for message in corpora.values().flatten() {
        for_each_token(fold(&message.author.name).text(), &mut scratch, |token, _| {
            if !parts.contains(token) {
                parts.insert(token.to_owned());
            }
        });
    }
    parts
}

#[cfg(test)]
mod tests;
