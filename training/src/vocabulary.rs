//! Which words and pairs may enter the model.
//!
//! Hygiene: a word or pair enters only if at least [`MIN_AUTHORS`] authors in [`MIN_SOURCES`] corpora used it in
//! their own words, so that no phrase of a few people is kept; and no name: a word that is part of some author's
//! name and is mostly written with a capital letter inside sentences stays out. Addresses and links are no tokens.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{Hash, Hasher},
};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use undue::{
    features::{fold, for_each_token, sentences},
    model::Vocabulary,
};

use crate::{corpus::CorpusMessage, example::Example};

/// Authors that must have used a word or pair.
pub const MIN_AUTHORS: usize = 5;
/// Corpora in which it must have been used.
pub const MIN_SOURCES: u32 = 3;
/// Longest word, in bytes.
const MAX_WORD: usize = 24;

/// How a word or pair was used.
#[derive(Default, Clone)]
struct Use {
    sources: u32,
    authors: FxHashSet<u64>,
    capitals: u32,
    count: u32,
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
        self.capitals += other.capitals;
        self.count += other.count;
    }

    fn enough(&self) -> bool {
        self.authors.len() >= MIN_AUTHORS && self.sources.count_ones() >= MIN_SOURCES
    }
}

/// The tokens of each sentence of an example.
pub fn tokens(example: &Example) -> Vec<Vec<String>> {
    let mut scratch = String::new();
    let sentences = example.sentences.iter().map(|sentence| {
        let folded = fold(sentence.text(&example.message));
        let mut tokens = Vec::new();
        for_each_token(folded.text(), &mut scratch, |token, _| tokens.push(token.to_owned()));
        tokens
    });
    sentences.collect()
}

/// Words and pairs that occur in at least `min` examples.
fn candidates(examples: &[&Example], min: u32) -> (FxHashSet<String>, FxHashSet<(String, String)>) {
    let mut words: FxHashMap<String, u32> = FxHashMap::default();
    let mut pairs: FxHashMap<(String, String), u32> = FxHashMap::default();
    for example in examples {
        let sentences = tokens(example);
        let seen: BTreeSet<&String> =
            sentences.iter().flatten().filter(|word| word.len() <= MAX_WORD).collect();
        seen.into_iter().for_each(|word| *words.entry(word.clone()).or_default() += 1);
        let seen: BTreeSet<_> =
            sentences.iter().flat_map(|tokens| tokens.windows(2).map(|w| (&w[0], &w[1]))).collect();
        seen.into_iter().for_each(|(a, b)| *pairs.entry((a.clone(), b.clone())).or_default() += 1);
    }
    let words: FxHashSet<String> =
        words.into_iter().filter(|entry| entry.1 >= min).map(|entry| entry.0).collect();
    let frequent =
        pairs.into_iter().filter(|((a, b), n)| *n >= min && words.contains(a) && words.contains(b));
    let pairs = frequent.map(|entry| entry.0).collect();
    (words, pairs)
}

/// Selects the vocabulary for `examples` from their use in the corpora.
pub fn select(
    examples: &[&Example],
    corpora: &HashMap<String, Vec<CorpusMessage>>,
    min_examples: u32,
) -> anyhow::Result<Vocabulary> {
    let (words, pairs) = candidates(examples, min_examples);
    let mut names: Vec<&String> = corpora.keys().collect();
    names.sort();
    let parts: Vec<_> = names
        .iter()
        .enumerate()
        .flat_map(|(source, name)| {
            corpora[*name].par_chunks(2000).map(move |chunk| (source, chunk)).collect::<Vec<_>>()
        })
        .collect();
    let counted = parts
        .into_par_iter()
        .map(|(source, chunk)| count(source, chunk, &words, &pairs))
        .reduce(Default::default, merge);
    let people = name_parts(corpora);
    let is_name = |word: &str, uses: &Use| people.contains(word) && uses.capitals * 2 > uses.count;
    let mut kept: Vec<Box<str>> = counted
        .0
        .iter()
        .filter(|(word, uses)| uses.enough() && !is_name(word, uses))
        .map(|(word, _)| Box::from(word.as_str()))
        .collect();
    kept.sort();
    let ids: HashMap<&str, u32> = kept.iter().map(AsRef::as_ref).zip(0..).collect();
    let mut pairs: Vec<(u32, u32)> = counted
        .1
        .iter()
        .filter(|(_, uses)| uses.enough())
        .filter_map(|((a, b), _)| Some((*ids.get(a.as_str())?, *ids.get(b.as_str())?)))
        .collect();
    pairs.sort_unstable();
    Vocabulary::new(kept.clone(), pairs).map_err(anyhow::Error::msg)
}

type Counts = (FxHashMap<String, Use>, FxHashMap<(String, String), Use>);

fn count(
    source: usize,
    messages: &[CorpusMessage],
    words: &FxHashSet<String>,
    pairs: &FxHashSet<(String, String)>,
) -> Counts {
    let mut counts = Counts::default();
    let mut scratch = String::new();
    let mut tokens: Vec<String> = Vec::new();
    for entry in messages {
        let author = author(&entry.source, &entry.message.author.name);
        for sentence in sentences(&entry.message) {
            let folded = fold(sentence.text(&entry.message));
            tokens.clear();
            for_each_token(folded.text(), &mut scratch, |token, range| {
                if let Some(known) = words.get(token) {
                    let uses = counts.0.entry(known.clone()).or_default();
                    uses.add(source, author);
                    if range.start > 0 {
                        uses.count += 1;
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

fn author(source: &str, name: &str) -> Option<u64> {
    let mut hasher = FxHasher::default();
    (source, name).hash(&mut hasher);
    (!name.is_empty()).then(|| hasher.finish())
}

/// Every part of every author's name, in lower case.
fn name_parts(corpora: &HashMap<String, Vec<CorpusMessage>>) -> FxHashSet<String> {
    let mut parts = FxHashSet::default();
    let mut scratch = String::new();
    for entry in corpora.values().flatten() {
        let folded = fold(&entry.message.author.name);
        for_each_token(folded.text(), &mut scratch, |token, _| {
            if !parts.contains(token) {
                parts.insert(token.to_owned());
            }
        });
    }
    parts
}
