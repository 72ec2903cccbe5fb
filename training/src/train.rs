//! From labels and texts to a model: vocabulary, weights, heads, thresholds, artifact.

use std::collections::BTreeMap;

use anyhow::Context;
use rayon::prelude::*;
use undue::model::{
    Calibration, Head, Metadata, Model, OUTPUTS, Output, OutputFacts, TrainingFacts, Vocabulary, Weights,
};

use crate::{
    additive::{self, Additive, Prepared, Settings},
    example::{Example, RANDOM},
    folds::{self, Fold},
    heads::{self, Margins},
    threshold,
};

/// Largest weight in an artifact, in units: leaves room for the sum of two in an `i16`.
const MAX_UNITS: f64 = 16_000.0;

/// Name and version that a model is given.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Such as `undue-en`.
    pub name: String,
    /// Version of the model, apart from the program's.
    pub version: String,
}

/// False alarms per message of the wild that each output's threshold is set for.
pub fn alarm_rate(output: Output) -> f64 {
    match output {
        Output::TAKEOVER_PRESSURE => 0.000_5,
        Output::PRESSURE => 0.002,
        Output::AtLeast(_) => 0.02,
        Output::Label(_) => 0.002,
    }
}

/// Everything that a fit needs.
#[derive(Debug)]
pub struct Inputs<'e> {
    /// Labelled messages.
    pub examples: Vec<&'e Example>,
    /// The words and pairs that may have weights.
    pub vocabulary: Vocabulary,
    /// How many messages the corpora hold in all: what the random stratum stands for.
    pub population: usize,
    /// SHA-256 of the input files, by name.
    pub hashes: BTreeMap<String, String>,
    /// Settings of the fit.
    pub settings: Settings,
}

/// Scores of messages by models that have not seen their source.
#[derive(Debug)]
pub struct OutOfFold {
    /// One row for each example.
    pub margins: Vec<Margins>,
}

/// Fits a model.
///
/// # Errors
/// If a fit fails or the parts make no valid artifact.
pub fn fit(
    inputs: &Inputs<'_>,
    identity: &Identity,
    progress: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<Model> {
    let prepared = Prepared::new(&inputs.examples, &inputs.vocabulary);
    progress("features are counted");
    let out_of_fold = cross_validate(inputs, &prepared, progress)?;
    let all: Vec<usize> = (0..inputs.examples.len()).collect();
    let models = fit_outputs(inputs, &prepared, &all)?;
    progress("weights are fitted");
    let facts = facts(inputs, &out_of_fold)?;
    assemble(inputs, identity, &models, facts)
}

fn fit_outputs(inputs: &Inputs<'_>, prepared: &Prepared, part: &[usize]) -> anyhow::Result<Vec<Additive>> {
    let outputs: Vec<Output> = Output::all().collect();
    let fit = |output: &Output| {
        additive::fit(*output, &inputs.examples, prepared, part, &inputs.settings).context(output.name())
    };
    outputs.par_iter().map(fit).collect()
}

/// Scores every example by a model that was fitted without its source.
///
/// # Errors
/// If a fit fails.
pub fn cross_validate(
    inputs: &Inputs<'_>,
    prepared: &Prepared,
    progress: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<OutOfFold> {
    let mut margins = vec![[0.0; OUTPUTS]; inputs.examples.len()];
    let folds = folds::leave_sources_out(&inputs.examples);
    for (n, Fold { train, test }) in folds.iter().enumerate() {
        let models = fit_outputs(inputs, prepared, train)?;
        for &i in test {
            margins[i] = std::array::from_fn(|k| models[k].margin(prepared, i));
        }
        progress(&format!("fold {} of {} is scored", n + 1, folds.len()));
    }
    Ok(OutOfFold { margins })
}

/// How many messages of the wild each example stands for: one that was sought out stands for itself, one of the
/// random stratum for its share of all that were not sought out, an authored one for none.
pub fn population_weights(examples: &[&Example], population: usize) -> Vec<f64> {
    let labelled = examples.iter().filter(|example| !example.is_authored()).count();
    let random = examples.iter().filter(|example| example.stratum == RANDOM).count();
    let sought = labelled - random;
    let share = population.saturating_sub(sought) as f64 / random.max(1) as f64;
    let weight = |example: &&Example| match (example.is_authored(), example.stratum == RANDOM) {
        (true, _) => 0.0,
        (false, true) => share.max(1.0),
        (false, false) => 1.0,
    };
    let weights: Vec<f64> = examples.iter().map(weight).collect();
    // Without any corpus there is no wild to speak of: the authored texts then stand for themselves.
    if labelled == 0 { vec![1.0; examples.len()] } else { weights }
}

/// Head and threshold of every output, from out-of-fold scores.
fn facts(inputs: &Inputs<'_>, out_of_fold: &OutOfFold) -> anyhow::Result<Vec<(Head, threshold::Threshold)>> {
    let weights = population_weights(&inputs.examples, inputs.population);
    let wild: Vec<usize> = (0..weights.len()).filter(|&i| weights[i] > 0.0).collect();
    let pick = |i: &usize| out_of_fold.margins[*i];
    let wild_margins: Vec<Margins> = wild.iter().map(pick).collect();
    let wild_weights: Vec<f64> = wild.iter().map(|&i| weights[i]).collect();
    let output_facts = |output: Output| {
        let positives: Vec<bool> = inputs.examples.iter().map(|example| example.is(output)).collect();
        let mut head = heads::fit_head(output, &out_of_fold.margins, &positives).context(output.name())?;
        let positives: Vec<bool> = wild.iter().map(|&i| positives[i]).collect();
        heads::calibrate(output, &mut head, &wild_margins, &positives, &wild_weights);
        let probability = |margins: &Margins| heads::sigmoid(heads::logit(output, &head, margins));
        let probabilities: Vec<f64> = wild_margins.iter().map(probability).collect();
        let threshold = threshold::at_rate(&probabilities, &positives, &wild_weights, alarm_rate(output));
        Ok((head, threshold))
    };
    Output::all().map(output_facts).collect()
}

fn assemble(
    inputs: &Inputs<'_>,
    identity: &Identity,
    models: &[Additive],
    facts: Vec<(Head, threshold::Threshold)>,
) -> anyhow::Result<Model> {
    let scales: Vec<f64> = models.iter().map(scale).collect();
    let units = |weight: f64, k: usize| (weight / scales[k]).round() as i16;
    let row = |feature: usize| Weights {
        sentence: std::array::from_fn(|k| units(models[k].sentence()[feature], k)),
        message: std::array::from_fn(|k| units(models[k].message()[feature], k)),
    };
    let rows = (0..inputs.vocabulary.len()).map(row).collect();
    let outputs = Output::all().zip(facts).map(|(output, (head, threshold))| {
        let k = output.index();
        OutputFacts {
            name: output.name().into(),
            calibration: Calibration { scale: scales[k], bias: models[k].bias(), head },
            threshold: threshold.probability,
            false_alarm_rate: threshold.false_alarm_rate,
            recall: threshold.recall,
        }
    });
    let metadata = Metadata {
        name: identity.name.clone(),
        version: identity.version.clone(),
        language: "en".into(),
        outputs: outputs.collect(),
        training: training_facts(inputs),
    };
    Ok(Model::new(metadata, inputs.vocabulary.clone(), rows)?)
}

/// Logits per unit, such that the largest weight just fits.
fn scale(model: &Additive) -> f64 {
    let weights = model.sentence().iter().chain(model.message());
    let largest = weights.fold(0.0f64, |largest, weight| largest.max(weight.abs()));
    if largest == 0.0 { 1.0 } else { largest / MAX_UNITS }
}

fn training_facts(inputs: &Inputs<'_>) -> TrainingFacts {
    let mut messages = BTreeMap::new();
    let mut positives = BTreeMap::new();
    for example in &inputs.examples {
        *messages.entry(example.round.clone()).or_default() += 1;
        for output in Output::all().filter(|&output| example.is(output)) {
            *positives.entry(output.name().to_owned()).or_default() += 1;
        }
    }
    let Settings { l2, authored, sentences, rounds, iterations } = &inputs.settings;
    let settings = [
        ("l2", *l2),
        ("authored weight", *authored),
        ("sentence weight", *sentences),
        ("rounds", *rounds as f64),
        ("iterations", *iterations as f64),
    ];
    TrainingFacts {
        messages,
        positives,
        inputs: inputs.hashes.clone(),
        // Nothing in the fit draws lots.
        seed: 0,
        settings: settings.map(|(name, value)| (name.to_owned(), value)).into(),
    }
}
