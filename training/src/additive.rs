//! Fitting the additive model by multiple-instance learning.
//!
//! As in MI-SVM (Andrews, Tsochantaridis & Hofmann 2003), rounds alternate between choosing the sentences that carry
//! each message under the present weights and a convex fit with the choice held fixed. The first round starts from
//! the annotators' evidence: the sentences they marked are positive, every sentence of a negative message negative.

use linfa::{DatasetBase, traits::Fit};
use ndarray::Array1;
use rayon::prelude::*;
use undue::model::{Model, Output, TOP_SENTENCES, Vocabulary, norm, pool};

use crate::{
    example::Example,
    logistic::{FitError, Rows, SparseLogistic},
    matrix::SparseRows,
    vocabulary::tokens,
};

/// Settings of a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Weight of half the squared norm of the weights.
    pub l2: f64,
    /// Weight of an authored message beside a labelled one of a corpus.
    pub authored: f64,
    /// Weight of single sentences beside whole messages, after the first round.
    pub sentences: f64,
    /// How often the sentences that carry a message are chosen again.
    pub rounds: usize,
    /// Iterations of the optimiser in each round.
    pub iterations: u64,
}

impl Default for Settings {
    /// Chosen by leave-source-out cross-validation.
    fn default() -> Self {
        Self { l2: 2.0, authored: 0.3, sentences: 0.2, rounds: 2, iterations: 40 }
    }
}

/// The features of every example, once for all outputs and folds.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Example → sentence → distinct features.
    sentences: Vec<Vec<Vec<u32>>>,
    /// Example → distinct features of all its sentences.
    messages: Vec<Vec<u32>>,
    features: usize,
}

impl Prepared {
    /// Looks the tokens of all examples up.
    pub fn new(examples: &[&Example], vocabulary: &Vocabulary) -> Self {
        let lookup =
            |example: &&Example| tokens(example).iter().map(|tokens| lookup(tokens, vocabulary)).collect();
        let sentences: Vec<Vec<Vec<u32>>> = examples.par_iter().map(lookup).collect();
        let messages = sentences.iter().map(|sentences| distinct(sentences.concat())).collect();
        Self { sentences, messages, features: vocabulary.len() }
    }
}

fn lookup(tokens: &[String], vocabulary: &Vocabulary) -> Vec<u32> {
    let words: Vec<_> = tokens.iter().map(|token| vocabulary.word(token)).collect();
    let pairs = words.windows(2).filter_map(|pair| vocabulary.pair(pair[0]?, pair[1]?));
    distinct(words.iter().flatten().copied().chain(pairs).map(|id| id.index() as u32).collect())
}

fn distinct(mut features: Vec<u32>) -> Vec<u32> {
    features.sort_unstable();
    features.dedup();
    features
}

/// The weights of one output.
#[derive(Debug, Clone)]
pub struct Additive {
    /// For sentences, then for messages, then the bias.
    weights: Array1<f64>,
}

impl Additive {
    /// The weights that a model has for one output.
    pub fn of_model(model: &Model, output: Output) -> Self {
        let (k, calibration) = (output.index(), &model.facts(output).calibration);
        let features = || model.vocabulary().features().map(|feature| model.weights(feature));
        let units = features().map(|row| row.sentence[k]).chain(features().map(|row| row.message[k]));
        let weights = units.map(|units| f64::from(units) * calibration.scale).chain([calibration.bias]);
        Self { weights: weights.collect() }
    }

    fn features(&self) -> usize {
        self.weights.len() / 2
    }

    /// Weights of the features in sentences.
    pub fn sentence(&self) -> &[f64] {
        &self.weights.as_slice().unwrap_or_default()[..self.features()]
    }

    /// Weights of the features in messages.
    pub fn message(&self) -> &[f64] {
        let features = self.features();
        &self.weights.as_slice().unwrap_or_default()[features..2 * features]
    }

    /// What a message without known words scores.
    pub fn bias(&self) -> f64 {
        self.weights[self.weights.len() - 1]
    }

    /// The score of example `i`, as inference computes it (but for the rounding of weights).
    pub fn margin(&self, prepared: &Prepared, i: usize) -> f64 {
        let message = &prepared.messages[i];
        let tone = sum(self.message(), message) * norm(message.len());
        self.bias() + tone + self.pool(&prepared.sentences[i]).sum
    }

    fn pool(&self, sentences: &[Vec<u32>]) -> undue::model::Pooled {
        let weights = self.sentence();
        pool(sentences.iter().map(|features| sum(weights, features) * norm(features.len())))
    }
}

fn sum(weights: &[f64], features: &[u32]) -> f64 {
    features.iter().map(|&feature| weights[feature as usize]).sum()
}

/// Fits one output on the examples `part` (indices).
///
/// # Errors
/// If a setting is out of range, `part` is empty, or the optimiser fails.
pub fn fit(
    output: Output,
    examples: &[&Example],
    prepared: &Prepared,
    part: &[usize],
    settings: &Settings,
) -> Result<Additive, FitError> {
    let positives = part.iter().filter(|&&i| examples[i].is(output)).count();
    // Rare outputs would be drowned, fully balanced ones shout: the square root lies between.
    let positive_weight = ((part.len() - positives) as f64 / positives.max(1) as f64).sqrt();
    let weigh = |i: usize| {
        let authored = if examples[i].is_authored() { settings.authored } else { 1.0 };
        authored * if examples[i].is(output) { positive_weight } else { 1.0 }
    };
    let mut fitted: Option<Additive> = None;
    for _ in 0..=settings.rounds {
        let mut rows = RowSet::new(prepared);
        for &i in part {
            rows.add(i, examples[i], output, weigh(i), settings.sentences, fitted.as_ref());
        }
        let start = fitted.take().map(|model| model.weights);
        let fit = SparseLogistic { l2: settings.l2, max_iterations: settings.iterations, start, prior: None };
        fitted = Some(Additive { weights: fit.fit(&rows.into_dataset())?.weights });
    }
    fitted.ok_or(FitError::Data("no round was run"))
}

/// Fits one output anew around the weights of `base`, its prior: the penalty is on the distance from them
/// (sequential Bayesian updating with a Gaussian prior). `weights` says what each example counts.
///
/// # Errors
/// If a setting is out of range, there is no example, or the optimiser fails.
pub fn update(
    output: Output,
    examples: &[&Example],
    prepared: &Prepared,
    weights: &[f64],
    base: &Additive,
    settings: &Settings,
) -> Result<Additive, FitError> {
    let mut fitted = base.clone();
    for _ in 0..settings.rounds {
        let mut rows = RowSet::new(prepared);
        for (i, (example, &weight)) in examples.iter().zip(weights).enumerate() {
            rows.add(i, example, output, weight, settings.sentences, Some(&fitted));
        }
        let fit = SparseLogistic {
            l2: settings.l2,
            max_iterations: settings.iterations,
            start: Some(fitted.weights),
            prior: Some(base.weights.clone()),
        };
        fitted = Additive { weights: fit.fit(&rows.into_dataset())?.weights };
    }
    Ok(fitted)
}

/// Rows for the convex fit of one round.
struct RowSet<'p> {
    prepared: &'p Prepared,
    rows: Rows,
    targets: Vec<f64>,
    weights: Vec<f32>,
}

impl<'p> RowSet<'p> {
    fn new(prepared: &'p Prepared) -> Self {
        let rows = Rows { features: SparseRows::new(2 * prepared.features), bias: Vec::new() };
        Self { prepared, rows, targets: Vec::new(), weights: Vec::new() }
    }

    /// The rows of one example; the first round is the one without a model.
    fn add(
        &mut self,
        i: usize,
        example: &Example,
        output: Output,
        weight: f64,
        share: f64,
        model: Option<&Additive>,
    ) {
        let positive = example.is(output);
        let shown: Vec<usize> = (0..example.sentences.len())
            .filter(|&sentence| positive && example.shows(output, sentence))
            .collect();
        match model {
            None => self.first_round(i, positive, &shown, weight),
            Some(model) => self.later_round(i, positive, &shown, weight, share, model),
        }
    }

    /// Marked sentences (or the first ones, where none was marked) as one positive row; every sentence of a
    /// negative message as a row of its own, all together weighing as much as one message.
    fn first_round(&mut self, i: usize, positive: bool, shown: &[usize], weight: f64) {
        let count = self.prepared.sentences[i].len();
        if positive {
            let all: Vec<usize> = (0..count).collect();
            let carrying = if shown.is_empty() { &all } else { shown };
            self.push(i, &carrying[..carrying.len().min(TOP_SENTENCES)], false, 1.0, weight);
        } else {
            (0..count).for_each(|sentence| self.push(i, &[sentence], false, 0.0, weight / count as f64));
        }
    }

    /// The message by the sentences that the model chooses, and beside it, lighter, its single sentences.
    fn later_round(
        &mut self,
        i: usize,
        positive: bool,
        shown: &[usize],
        weight: f64,
        share: f64,
        model: &Additive,
    ) {
        let sentences = &self.prepared.sentences[i];
        let chosen: Vec<usize> = model.pool(sentences).chosen().collect();
        self.push(i, &chosen, true, f64::from(u8::from(positive)), weight);
        if positive {
            shown.iter().for_each(|&sentence| self.push(i, &[sentence], false, 1.0, weight * share));
        } else {
            let each = weight * share / sentences.len().max(1) as f64;
            (0..sentences.len()).for_each(|sentence| self.push(i, &[sentence], false, 0.0, each));
        }
    }

    fn push(&mut self, i: usize, chosen: &[usize], whole: bool, target: f64, weight: f64) {
        let sentences = &self.prepared.sentences[i];
        let message: &[u32] = if whole { &self.prepared.messages[i] } else { &[] };
        let offset = self.prepared.features as u32;
        let tone = norm(message.len()) as f32;
        let tone = message.iter().map(|&feature| (feature + offset, tone));
        let carried = chosen.iter().flat_map(|&sentence| {
            let features = &sentences[sentence];
            let value = norm(features.len()) as f32;
            features.iter().map(move |&feature| (feature, value))
        });
        self.rows.features.push(carried.chain(tone));
        self.rows.bias.push(1.0);
        self.targets.push(target);
        self.weights.push(weight as f32);
    }

    fn into_dataset(self) -> DatasetBase<Rows, Array1<f64>> {
        DatasetBase::new(self.rows, Array1::from(self.targets)).with_weights(Array1::from(self.weights))
    }
}
