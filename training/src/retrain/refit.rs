//! Refitting a base model on incidents: sequential Bayesian updating.
//!
//! The weights of the base are the mean of a Gaussian prior; the new ones minimise the loss on the incidents' messages
//! and on a rehearsal set, plus half the squared distance from the base times [`Refit::l2`]. Words, heads and
//! thresholds stay the base's, so that probabilities mean what they meant. It always starts from the base, never from
//! the last result: the order of learning leaves no trace, and what was forgotten was never there.

use anyhow::Context;
use rayon::prelude::*;
use undue::model::{Model, Output, Weights};

use crate::{
    additive::{self, Additive, Prepared, Settings},
    example::Example,
    store::{Learned, sha256},
};

/// Largest weight, in units: as in a first fit.
const MAX_UNITS: f64 = 16_000.0;

/// Name, among a model's settings, of how many messages it rehearsed.
pub const REHEARSED: &str = "retrain: rehearsed messages";

/// Settings of a refit.
#[derive(Debug, Clone, PartialEq)]
pub struct Refit {
    /// Weight of half the squared distance from the base.
    pub l2: f64,
    /// What a message of an incident counts.
    pub incident: f64,
    /// What a message of the rehearsal counts.
    pub rehearsal: f64,
    /// Weight of single sentences beside whole messages.
    pub sentences: f64,
    /// How often the sentences that carry a message are chosen.
    pub rounds: usize,
    /// Iterations of the optimiser in each round.
    pub iterations: u64,
}

impl Default for Refit {
    /// Chosen on the invented incident, learned in halves: a heavier rehearsal or a weaker prior drifts further from
    /// the base on the labelled messages of the corpora, and finds no more.
    fn default() -> Self {
        Self { l2: 1.0, incident: 4.0, rehearsal: 0.1, sentences: 0.2, rounds: 2, iterations: 40 }
    }
}

/// The model that has learned `messages` on top of `base`; the base itself where there are none.
///
/// # Errors
/// If a fit fails.
pub fn refit(
    base: &Model,
    messages: &[Learned],
    rehearsal: &[Example],
    settings: &Refit,
) -> anyhow::Result<Model> {
    if messages.is_empty() {
        return Ok(Model::from_bytes(&base.to_bytes()?)?);
    }
    let mut messages: Vec<&Learned> = messages.iter().collect();
    messages.sort_by(|a, b| a.content.id.cmp(&b.content.id));
    let learned: Vec<Example> = messages.iter().map(|message| message.content.example()).collect();
    let examples: Vec<&Example> = learned.iter().chain(rehearsal).collect();
    let prepared = Prepared::new(&examples, base.vocabulary());
    let fit = |output: Output| {
        let weights = weights(output, &examples, learned.len(), settings);
        let prior = Additive::of_model(base, output);
        let settings = Settings {
            l2: settings.l2,
            authored: 1.0,
            sentences: settings.sentences,
            rounds: settings.rounds,
            iterations: settings.iterations,
        };
        additive::update(output, &examples, &prepared, &weights, &prior, &settings).context(output.name())
    };
    let outputs: Vec<Output> = Output::all().collect();
    let fitted: Vec<Additive> = outputs.into_par_iter().map(fit).collect::<Result<_, _>>()?;
    assemble(base, &messages, &learned, rehearsal.len(), &fitted, settings)
}

/// Positives count more, as in a first fit, by the root of how rare they are.
fn weights(output: Output, examples: &[&Example], learned: usize, settings: &Refit) -> Vec<f64> {
    let positives = examples.iter().filter(|example| example.is(output)).count();
    let rare = ((examples.len() - positives) as f64 / positives.max(1) as f64).sqrt();
    let weight = |(i, example): (usize, &&Example)| {
        let share = if i < learned { settings.incident } else { settings.rehearsal };
        share * if example.is(output) { rare } else { 1.0 }
    };
    examples.iter().enumerate().map(weight).collect()
}

fn assemble(
    base: &Model,
    messages: &[&Learned],
    learned: &[Example],
    rehearsed: usize,
    fitted: &[Additive],
    settings: &Refit,
) -> anyhow::Result<Model> {
    let mut metadata = base.metadata().clone();
    for (facts, fitted) in metadata.outputs.iter_mut().zip(fitted) {
        let largest =
            fitted.sentence().iter().chain(fitted.message()).fold(0.0f64, |max, w| max.max(w.abs()));
        // The base's scale, so that weights which nothing moved stay the same to the last unit.
        facts.calibration.scale = facts.calibration.scale.max(largest / MAX_UNITS);
        facts.calibration.bias = fitted.bias();
    }
    let units = |weight: f64, k: usize| (weight / metadata.outputs[k].calibration.scale).round() as i16;
    let row = |feature: usize| Weights {
        sentence: std::array::from_fn(|k| units(fitted[k].sentence()[feature], k)),
        message: std::array::from_fn(|k| units(fitted[k].message()[feature], k)),
    };
    let rows = (0..base.vocabulary().len()).map(row).collect();
    let training = &mut metadata.training;
    training.messages.insert("incidents".into(), learned.len() as u64);
    for output in Output::all() {
        let positives = learned.iter().filter(|example| example.is(output)).count() as u64;
        *training.positives.entry(output.name().into()).or_default() += positives;
    }
    let contents: String = messages.iter().map(|message| message.content.hash()).collect();
    training.inputs.insert("incidents".into(), sha256(contents.as_bytes()));
    training.inputs.insert("base model".into(), base.hash().into());
    let Refit { l2, incident, rehearsal, sentences, rounds, iterations } = settings;
    let settings = [
        ("retrain: l2 around the base", *l2),
        ("retrain: incident weight", *incident),
        ("retrain: rehearsal weight", *rehearsal),
        ("retrain: sentence weight", *sentences),
        ("retrain: rounds", *rounds as f64),
        ("retrain: iterations", *iterations as f64),
        (REHEARSED, rehearsed as f64),
    ];
    training.settings.extend(settings.map(|(name, value)| (name.to_owned(), value)));
    Ok(Model::new(metadata, base.vocabulary().clone(), rows)?)
}
