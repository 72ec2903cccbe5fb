//! Texts and phrases that recur: variety is what authored messages are for.

use rustc_hash::FxHashMap;
use undue::features::fold;

use super::{Entry, Fault, FaultKind};

/// Two texts are near-duplicates where more than this share of their word trigrams is common.
const MAX_JACCARD: f64 = 0.4;
/// Texts that may have a phrase of six words in common.
pub(super) const MAX_TEXTS: usize = 3;
/// Ids that are shown of those that have a common phrase.
const SHOWN: usize = 3;

/// Word numbers of a text; a missing word of a text shorter than the n-gram is [`NONE`].
type Gram<const N: usize> = [u32; N];
const NONE: u32 = u32::MAX;

/// Near-duplicates and common phrases; each is said of the last text that has it.
pub(super) fn find(entries: &[Entry]) -> Vec<Fault> {
    let mut numbers = FxHashMap::default();
    let mut words = Vec::new();
    let texts: Vec<Vec<u32>> =
        entries.iter().map(|entry| number(&entry.message.text, &mut numbers, &mut words)).collect();
    let mut faults = near_duplicates(entries, &texts);
    faults.extend(common_phrases(entries, &texts, &words));
    faults
}

/// The words of a text as numbers. Case, kinds of apostrophes and compatibility forms do not matter.
fn number(text: &str, numbers: &mut FxHashMap<String, u32>, words: &mut Vec<String>) -> Vec<u32> {
    let folded = fold(text).text().to_lowercase().replace('\u{2019}', "'");
    let is_gap = |c: char| !(c.is_alphanumeric() || c == '_' || c == '\'');
    let known = folded.split(is_gap).filter(|word| !word.is_empty()).map(|word| {
        *numbers.entry(word.to_owned()).or_insert_with(|| {
            words.push(word.to_owned());
            u32::try_from(words.len() - 1).unwrap_or(NONE)
        })
    });
    known.collect()
}

/// The distinct n-grams of a text; a text shorter than that is one n-gram.
fn grams<const N: usize>(text: &[u32]) -> Vec<Gram<N>> {
    let mut grams: Vec<Gram<N>> = text.windows(N).filter_map(|window| window.try_into().ok()).collect();
    if grams.is_empty() && !text.is_empty() {
        let mut gram = [NONE; N];
        gram[..text.len()].copy_from_slice(text);
        grams.push(gram);
    }
    grams.sort_unstable();
    grams.dedup();
    grams
}

fn near_duplicates(entries: &[Entry], texts: &[Vec<u32>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut sizes = Vec::new();
    let mut earlier: FxHashMap<Gram<3>, Vec<usize>> = FxHashMap::default();
    let mut common = vec![0u32; texts.len()];
    for (i, text) in texts.iter().enumerate() {
        let grams = grams::<3>(text);
        let mut touched = Vec::new();
        for gram in &grams {
            let having = earlier.entry(*gram).or_default();
            for &j in having.iter() {
                if common[j] == 0 {
                    touched.push(j);
                }
                common[j] += 1;
            }
            having.push(i);
        }
        let jaccard = |j: usize| {
            let both = f64::from(common[j]);
            both / ((grams.len() + sizes[j]) as f64 - both)
        };
        let nearest = touched.iter().map(|&j| (jaccard(j), j));
        // Of equally near texts the first is named.
        let nearest = nearest.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((jaccard, j)) = nearest.filter(|(jaccard, _)| *jaccard > MAX_JACCARD) {
            let other = entries[j].message.id.clone();
            faults.push(Fault::of(&entries[i], FaultKind::NearDuplicate { other, jaccard }));
        }
        touched.into_iter().for_each(|j| common[j] = 0);
        sizes.push(grams.len());
    }
    faults
}

fn common_phrases(entries: &[Entry], texts: &[Vec<u32>], words: &[String]) -> Vec<Fault> {
    let mut having: FxHashMap<Gram<6>, Vec<usize>> = FxHashMap::default();
    for (i, text) in texts.iter().enumerate().filter(|(_, text)| text.len() >= 6) {
        for gram in grams::<6>(text) {
            having.entry(gram).or_default().push(i);
        }
    }
    let mut common: Vec<_> = having.into_iter().filter(|(_, texts)| texts.len() > MAX_TEXTS).collect();
    common.sort_unstable();
    let faults = common.into_iter().filter_map(|(gram, texts)| {
        let (last, others) = texts.split_last()?;
        let phrase: Vec<&str> = gram.iter().map(|&word| words[word as usize].as_str()).collect();
        let others: Vec<&str> = others.iter().take(SHOWN).map(|&i| entries[i].message.id.as_str()).collect();
        let kind = FaultKind::CommonPhrase {
            phrase: phrase.join(" "),
            texts: texts.len(),
            others: others.join(", "),
        };
        Some(Fault::of(&entries[*last], kind))
    });
    faults.collect()
}
