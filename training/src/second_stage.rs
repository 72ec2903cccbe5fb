//! The second stage: when the encoder reads a message, and how its word counts beside the additive score.
//!
//! The encoder is frozen. Its logits for labelled messages come from five encoders that had not seen the fold of
//! each (`datasets/encoder.csv`), so that heads and thresholds are set on what unseen messages get.

use std::{collections::HashMap, path::Path};

use anyhow::{Context, ensure};
use linfa::{Dataset, traits::Fit};
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};
use undue::{
    Label,
    encoder::Logits,
    model::{Head, OUTPUTS, Output, SecondFacts, SecondStage},
};

use crate::{
    example::Example,
    heads::{self, Margins, sigmoid},
    threshold::{self, Threshold},
};

/// Largest share of the wild that the encoder may read.
const PASS_RATE: f64 = 0.03;

/// Gates that are tried, widest first.
const GATES: [f64; 14] = [0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.13, 0.17, 0.2, 0.3, 0.4, 0.5, 0.7];

/// An encoder and what its kind says of the labelled messages.
#[derive(Debug)]
pub struct EncoderInputs {
    /// The encoder's file.
    pub bytes: Vec<u8>,
    /// One for each example; none where it was not encoded.
    pub out_of_fold: Vec<Option<Logits>>,
}

/// Logits by source and id.
pub type ByMessage = HashMap<(String, String), Logits>;

/// Reads logits: CSV with `source`, `id` and one column for each output.
///
/// # Errors
/// If the file cannot be read or a row breaks the schema.
pub fn read(path: &Path) -> anyhow::Result<ByMessage> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    let mut all = HashMap::new();
    for (n, row) in reader.records().enumerate() {
        let row = row.with_context(|| path.display().to_string())?;
        ensure!(row.len() == 2 + OUTPUTS, "{}: row {}: {} columns", path.display(), n + 1, row.len());
        let mut logits = [0.0; OUTPUTS];
        for (logit, cell) in logits.iter_mut().zip(row.iter().skip(2)) {
            *logit = cell.parse().with_context(|| format!("{}: row {}", path.display(), n + 1))?;
        }
        all.insert((row[0].to_owned(), row[1].to_owned()), logits);
    }
    Ok(all)
}

/// The logits of each example.
pub fn align(examples: &[&Example], all: &ByMessage) -> Vec<Option<Logits>> {
    let of = |example: &&Example| all.get(&(example.source.clone(), example.message.id.clone())).copied();
    examples.iter().map(of).collect()
}

/// What the second stage is fitted on: one entry for each example.
pub struct Parts<'p> {
    /// The examples.
    pub examples: &'p [&'p Example],
    /// Out-of-fold scores of the additive model.
    pub margins: &'p [Margins],
    /// Out-of-fold logits of the encoder.
    pub encoder: &'p [Option<Logits>],
    /// How many messages of the wild each stands for.
    pub weights: &'p [f64],
    /// Heads and thresholds of the first stage.
    pub first: &'p [(Head, Threshold)],
    /// Rate of false alarms for each output.
    pub rate: fn(Output) -> f64,
}

/// Fits the second stage; returns it and the thresholds of both stages together.
///
/// # Errors
/// If a head cannot be fitted.
pub fn fit(parts: &Parts<'_>) -> anyhow::Result<(SecondStage, Vec<Threshold>)> {
    let first: Vec<Margins> =
        parts.margins.iter().map(|margins| first_probabilities(parts, margins)).collect();
    let gate = gate(parts, &first);
    let read: Vec<bool> =
        (0..first.len()).map(|i| passes(parts, &first[i], gate) && parts.encoder[i].is_some()).collect();
    let mut outputs = Vec::new();
    let mut thresholds = Vec::new();
    for output in Output::all() {
        let (head, weight) = head(parts, output, &read).context(output.name())?;
        let probability = |i: usize| match parts.encoder[i].filter(|_| read[i]) {
            Some(said) => {
                sigmoid(heads::logit(output, &head, &parts.margins[i]) + weight * said[output.index()])
            }
            None => first[i][output.index()],
        };
        let wild: Vec<usize> = (0..first.len()).filter(|&i| parts.weights[i] > 0.0).collect();
        let probabilities: Vec<f64> = wild.iter().map(|&i| probability(i)).collect();
        let positives: Vec<bool> = wild.iter().map(|&i| parts.examples[i].is(output)).collect();
        let weights: Vec<f64> = wild.iter().map(|&i| parts.weights[i]).collect();
        thresholds.push(threshold::at_rate(&probabilities, &positives, &weights, (parts.rate)(output)));
        let fast = parts.first[output.index()].1;
        outputs.push(SecondFacts {
            head,
            encoder: weight,
            fast_threshold: fast.probability,
            fast_false_alarm_rate: fast.false_alarm_rate,
            fast_recall: fast.recall,
        });
    }
    let (pass_rate, recall) = share_read(parts, &first, gate);
    Ok((SecondStage { gate, pass_rate, recall, outputs }, thresholds))
}

fn first_probabilities(parts: &Parts<'_>, margins: &Margins) -> Margins {
    let mut probabilities = [0.0; OUTPUTS];
    for (output, (head, _)) in Output::all().zip(parts.first) {
        probabilities[output.index()] = sigmoid(heads::logit(output, head, margins));
    }
    probabilities
}

/// As `Model::passes`, on probabilities.
fn passes(parts: &Parts<'_>, first: &Margins, gate: f64) -> bool {
    Output::all()
        .filter(|&output| output != Output::REQUEST)
        .any(|output| first[output.index()] >= gate * parts.first[output.index()].1.probability)
}

/// The widest gate that lets through at most [`PASS_RATE`] of the wild.
fn gate(parts: &Parts<'_>, first: &[Margins]) -> f64 {
    GATES.into_iter().find(|&gate| share_read(parts, first, gate).0 <= PASS_RATE).unwrap_or(1.0)
}

/// The share of the wild that passes, and of the positives of pressure.
fn share_read(parts: &Parts<'_>, first: &[Margins], gate: f64) -> (f64, f64) {
    let (mut all, mut read, mut positives, mut found) = (0.0, 0.0, 0.0, 0.0);
    for (i, &weight) in parts.weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        let passed = f64::from(u8::from(passes(parts, &first[i], gate)));
        let positive = f64::from(u8::from(parts.examples[i].is(Output::PRESSURE)));
        all += weight;
        read += weight * passed;
        positives += positive;
        found += positive * passed;
    }
    (read / f64::max(all, 1.0), found / f64::max(positives, 1.0))
}

/// The head of `output` on messages that were read, calibrated to the wild, and the weight of the encoder's logit.
fn head(parts: &Parts<'_>, output: Output, read: &[bool]) -> anyhow::Result<(Head, f64)> {
    let members: Vec<usize> = (0..read.len()).filter(|&i| read[i]).collect();
    let row = |i: usize| {
        let mut row = heads::inputs(output, &parts.margins[i]);
        row.extend(parts.encoder[i].map(|said| said[output.index()]));
        row
    };
    let rows: Vec<f64> = members.iter().flat_map(|&i| row(i)).collect();
    let columns = rows.len() / members.len().max(1);
    let targets: Array1<bool> = members.iter().map(|&i| parts.examples[i].is(output)).collect();
    let data = Dataset::new(Array2::from_shape_vec((members.len(), columns), rows)?, targets);
    let fitted = LogisticRegression::default().alpha(1.0).max_iterations(200).fit(&data)?;
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let mut weights: Vec<f64> = fitted.params().iter().map(|weight| weight * sign).collect();
    let encoder = weights.pop().unwrap_or_default();
    let mut labels = [0.0; Label::COUNT];
    labels.iter_mut().zip(weights.iter().skip(1)).for_each(|(label, weight)| *label = *weight);
    let mut head = Head { intercept: 0.0, own: weights[0], labels };
    calibrate(parts, output, &mut head, encoder, &members);
    Ok((head, encoder))
}

/// Calibration in the large among the messages of the wild that were read.
fn calibrate(parts: &Parts<'_>, output: Output, head: &mut Head, encoder: f64, members: &[usize]) {
    let wild: Vec<usize> = members.iter().copied().filter(|&i| parts.weights[i] > 0.0).collect();
    let said = |i: usize| parts.encoder[i].map_or(0.0, |said| said[output.index()]);
    let logits: Vec<f64> =
        wild.iter().map(|&i| heads::logit(output, head, &parts.margins[i]) + encoder * said(i)).collect();
    let positives: Vec<bool> = wild.iter().map(|&i| parts.examples[i].is(output)).collect();
    let weights: Vec<f64> = wild.iter().map(|&i| parts.weights[i]).collect();
    head.intercept += heads::shift(&logits, &positives, &weights);
}
