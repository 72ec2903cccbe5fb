//! Fitting the additive model by multiple-instance learning.

use linfa::{DatasetBase, traits::Fit};
use ndarray::Array1;
use undue::model::{Output, TOP_SENTENCES, Vocabulary};

use crate::{
    example::Example,
    logistic::{FitError, Rows, SparseLogistic},
    matrix::SparseRows,
    vocabulary::tokens,
};

/// Settings of a fit.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Weight of half the squared norm.
    pub l2: f64,
    /// Weight of a positive message relative to a negative one.
    pub positive: f64,
    /// Weight of an authored message.
    pub authored: f64,
    /// Weight of single sentences beside whole messages.
    pub sentences: f64,
    /// Times the chosen sentences are chosen again.
    pub rounds: usize,
}

/// The features of each sentence of each example.
pub struct Prepared {
    /// Example → sentence → features.
    pub features: Vec<Vec<Vec<u32>>>,
}

/// Looks the tokens of all examples up.
pub fn prepare(examples: &[&Example], vocabulary: &Vocabulary) -> Prepared {
    use rayon::prelude::*;
    let features = examples
        .par_iter()
        .map(|example| tokens(example).iter().map(|tokens| lookup(tokens, vocabulary)).collect());
    Prepared { features: features.collect() }
}

/// whole messages
pub fn whole(p: &mut Prepared) {
    for f in &mut p.features {
        let mut all: Vec<u32> = f.concat();
        all.sort_unstable();
        all.dedup();
        *f = vec![all];
    }
}
fn lookup(tokens: &[String], vocabulary: &Vocabulary) -> Vec<u32> {
    let mut features = Vec::new();
    let mut before = None;
    for token in tokens {
        let word = vocabulary.word(token);
        features.extend(word.map(|id| id.index() as u32));
        if let (Some(a), Some(b)) = (before, word) {
            features.extend(vocabulary.pair(a, b).map(|id| id.index() as u32));
        }
        before = word;
    }
    features
}

pub static mut N0: f64 = 0.0;
fn norm(features: &[u32]) -> f64 {
    #[allow(unsafe_code)]
    let n0 = unsafe { N0 };
    4.0 / (features.len() as f64 + n0).sqrt()
}
/// Score of a sentence.
pub fn score(weights: &Array1<f64>, features: &[u32]) -> f64 {
    features.iter().map(|&f| weights[f as usize]).sum::<f64>() * norm(features) + weights[weights.len() - 1]
}

/// The sentences that carry a message, as `undue::model::pool` chooses them.
pub fn chosen(weights: &Array1<f64>, sentences: &[Vec<u32>]) -> Vec<usize> {
    let mut order: Vec<(usize, f64)> = sentences.iter().map(|s| score(weights, s)).enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let positive = order.iter().take(TOP_SENTENCES).filter(|entry| entry.1 > 0.0).count();
    order.truncate(positive.max(1));
    order.into_iter().map(|entry| entry.0).collect()
}

/// Score of a message.
pub fn message_score(weights: &Array1<f64>, sentences: &[Vec<u32>]) -> f64 {
    if sentences.is_empty() {
        return weights[weights.len() - 1];
    }
    chosen(weights, sentences).into_iter().map(|i| score(weights, &sentences[i])).sum()
}

/// Fits one output on the examples of `part` (indices).
pub fn fit_output(
    output: Output,
    examples: &[&Example],
    prepared: &Prepared,
    part: &[usize],
    features: usize,
    settings: &Settings,
) -> Result<Array1<f64>, FitError> {
    let mut weights: Option<Array1<f64>> = None;
    for round in 0..=settings.rounds {
        let mut rows = RowSet::new(features);
        for &i in part {
            let (example, sentences) = (examples[i], &prepared.features[i]);
            if sentences.is_empty() {
                continue;
            }
            let positive = example.is(output);
            let weight = if example.theme.is_empty() { 1.0 } else { settings.authored }
                * if positive { settings.positive } else { 1.0 };
            let shown: Vec<usize> =
                (0..sentences.len()).filter(|&s| positive && example.shows(output, s)).collect();
            match &weights {
                None if positive => {
                    let carry: Vec<usize> = if shown.is_empty() {
                        (0..sentences.len().min(3)).collect()
                    } else {
                        shown.iter().copied().take(TOP_SENTENCES).collect()
                    };
                    rows.push(sentences, &carry, 1.0, weight);
                }
                None => {
                    let share = (3.0 / sentences.len() as f64).min(1.0);
                    (0..sentences.len()).for_each(|s| rows.push(sentences, &[s], 0.0, weight * share));
                }
                Some(weights) => {
                    rows.push(sentences, &chosen(weights, sentences), f64::from(u8::from(positive)), weight);
                    let share = settings.sentences * (3.0 / sentences.len() as f64).min(1.0);
                    if positive {
                        shown
                            .iter()
                            .for_each(|&s| rows.push(sentences, &[s], 1.0, weight * settings.sentences));
                    } else {
                        (0..sentences.len()).for_each(|s| rows.push(sentences, &[s], 0.0, weight * share));
                    }
                }
            }
        }
        let fit = SparseLogistic {
            l2: settings.l2,
            max_iterations: if round == 0 { 150 } else { 60 },
            start: weights.take(),
        };
        weights = Some(fit.fit(&rows.dataset())?.weights);
    }
    weights.ok_or(FitError::Data("no round was run"))
}

struct RowSet {
    rows: Rows,
    targets: Vec<f64>,
    weights: Vec<f32>,
}

impl RowSet {
    fn new(features: usize) -> Self {
        Self {
            rows: Rows { features: SparseRows::new(features), bias: Vec::new() },
            targets: Vec::new(),
            weights: Vec::new(),
        }
    }

    fn push(&mut self, sentences: &[Vec<u32>], chosen: &[usize], target: f64, weight: f64) {
        self.rows.features.push(chosen.iter().flat_map(|&s| {
            let n = norm(&sentences[s]) as f32;
            sentences[s].iter().map(move |&f| (f, n))
        }));
        self.rows.bias.push(chosen.len() as f64);
        self.targets.push(target);
        self.weights.push(weight as f32);
    }

    fn dataset(self) -> DatasetBase<Rows, Array1<f64>> {
        DatasetBase::new(self.rows, Array1::from(self.targets)).with_weights(Array1::from(self.weights))
    }
}
