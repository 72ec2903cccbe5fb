//! TF-IDF and logistic regression, the textbook way: words and pairs of the whole own text, one fit an output.

use std::collections::BTreeMap;

use linfa::{DatasetBase, traits::Fit};
use ndarray::Array1;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use undue::model::{OUTPUTS, Output};

use crate::{
    example::Example,
    folds::Fold,
    heads::Margins,
    logistic::{Rows, SparseLogistic},
    matrix::SparseRows,
    vocabulary::tokens,
};

/// Training messages that a term must occur in.
const MIN_MESSAGES: u32 = 3;
/// Iterations of the optimiser.
const ITERATIONS: u64 = 60;

/// Out-of-fold scores.
pub(super) fn scores(
    examples: &[&Example],
    folds: &[Fold],
    progress: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<Vec<Margins>> {
    let terms: Vec<BTreeMap<String, u32>> = examples.par_iter().map(|example| terms(example)).collect();
    let mut scores = vec![[0.0; OUTPUTS]; examples.len()];
    for (n, fold) in folds.iter().enumerate() {
        let weighting = Weighting::new(&terms, &fold.train);
        let train = rows(&weighting, &terms, &fold.train);
        let test = rows(&weighting, &terms, &fold.test);
        let outputs: Vec<Output> = Output::all().collect();
        let fit = |&output: &Output| {
            let target = |&i: &usize| f64::from(u8::from(examples[i].is(output)));
            let targets = Array1::from_iter(fold.train.iter().map(target));
            let settings = SparseLogistic { l2: 1.0, max_iterations: ITERATIONS, start: None, prior: None };
            Ok(settings.fit(&DatasetBase::new(train.clone(), targets))?.weights)
        };
        let weights = outputs.par_iter().map(fit).collect::<anyhow::Result<Vec<_>>>()?;
        for (row, &i) in fold.test.iter().enumerate() {
            scores[i] = std::array::from_fn(|k| margin(&test, row, &weights[k]));
        }
        progress(&format!("baseline: TF-IDF fold {} of {} is scored", n + 1, folds.len()));
    }
    Ok(scores)
}

/// Words and pairs of neighbours, and how often each occurs.
fn terms(example: &Example) -> BTreeMap<String, u32> {
    let mut terms = BTreeMap::new();
    for sentence in tokens(example) {
        for pair in sentence.windows(2) {
            *terms.entry(pair.join(" ")).or_default() += 1;
        }
        for word in sentence {
            *terms.entry(word).or_default() += 1;
        }
    }
    terms
}

/// Columns of the terms and their inverse document frequencies (smoothed, as scikit-learn's default).
struct Weighting<'t> {
    columns: FxHashMap<&'t str, u32>,
    idf: Vec<f32>,
}

impl<'t> Weighting<'t> {
    fn new(terms: &'t [BTreeMap<String, u32>], part: &[usize]) -> Self {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for &i in part {
            terms[i].keys().for_each(|term| *counts.entry(term).or_default() += 1);
        }
        counts.retain(|_, count| *count >= MIN_MESSAGES);
        let idf = |&count: &u32| ((1 + part.len()) as f32 / (1 + count) as f32).ln() + 1.0;
        Self { idf: counts.values().map(idf).collect(), columns: counts.into_keys().zip(0..).collect() }
    }

    /// The row of a message, of length 1.
    fn row(&self, terms: &BTreeMap<String, u32>) -> Vec<(u32, f32)> {
        let known = terms.iter().filter_map(|(term, &count)| {
            let column = *self.columns.get(term.as_str())?;
            Some((column, count as f32 * self.idf[column as usize]))
        });
        let mut row: Vec<(u32, f32)> = known.collect();
        let length = row.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
        row.iter_mut().for_each(|(_, value)| *value /= length);
        row
    }
}

fn rows(weighting: &Weighting<'_>, terms: &[BTreeMap<String, u32>], part: &[usize]) -> Rows {
    let mut features = SparseRows::new(weighting.idf.len());
    part.iter().for_each(|&i| features.push(weighting.row(&terms[i])));
    Rows { features, bias: vec![1.0; part.len()] }
}

fn margin(rows: &Rows, i: usize, weights: &Array1<f64>) -> f64 {
    let bias = weights[weights.len() - 1];
    rows.features
        .row(i)
        .iter()
        .fold(bias, |sum, &(column, value)| sum + weights[column as usize] * f64::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: three terms of equal frequency have equal weights, and the row has length 1.
    #[test]
    fn rows_have_length_one_and_unknown_terms_none() {
        let text = |words: &[(&str, u32)]| -> BTreeMap<String, u32> {
            words.iter().map(|&(word, count)| (word.to_owned(), count)).collect()
        };
        let short = text(&[("a", 1), ("b", 1), ("a b", 1)]);
        let terms = [short.clone(), short.clone(), short];
        let weighting = Weighting::new(&terms, &[0, 1, 2]);
        let row = weighting.row(&terms[0]);
        assert!(row.iter().all(|(_, value)| (value - 0.577_350).abs() < 1e-5), "{row:?}");
        assert_eq!(weighting.columns.len(), 3);
        assert!(weighting.row(&text(&[("new", 2)])).is_empty());
    }
}
