//! The readable part of an artifact.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{head::Head, output::OUTPUTS};

/// Everything in an artifact that is not vocabulary or weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The model's name, such as `undue-en`.
    pub name: String,
    /// The model's version.
    pub version: String,
    /// Language that it judges (ISO 639-1).
    pub language: String,
    /// One entry for each output, in order.
    pub outputs: Vec<OutputFacts>,
    /// What it was trained on.
    pub training: TrainingFacts,
}

/// Name, calibration and threshold of one output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputFacts {
    /// The output's name; must be that of the same place in [`Output::all`](super::Output::all).
    pub name: String,
    /// How sums become probabilities.
    pub calibration: Calibration,
    /// The output is stated where the probability is at least this.
    pub threshold: f64,
    /// Alarms per message of the random stratum at that threshold, on out-of-fold scores: measured, not wished.
    pub false_alarm_rate: f64,
    /// Share of the labelled positives found at that threshold, on out-of-fold scores.
    pub recall: f64,
}

/// Scale, bias and head of one output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Logits per weight unit.
    pub scale: f64,
    /// Score of a message without known words, in logits.
    pub bias: f64,
    /// From scores to a logit.
    pub head: Head,
}

/// What a model was trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingFacts {
    /// Messages per label set or file.
    pub messages: BTreeMap<String, u64>,
    /// Positive messages per output.
    pub positives: BTreeMap<String, u64>,
    /// SHA-256 of every input, by name.
    pub inputs: BTreeMap<String, String>,
    /// Seed of everything that draws lots.
    pub seed: u64,
    /// Settings of the fit, by name.
    pub settings: BTreeMap<String, f64>,
}

impl Metadata {
    /// What is wrong with it, if anything: outputs missing, in another order, or numbers out of range.
    pub(super) fn check(&self) -> Result<(), String> {
        let names: Vec<_> = self.outputs.iter().map(|output| output.name.as_str()).collect();
        let wanted: Vec<_> = super::Output::all().map(super::Output::name).collect();
        if names != wanted {
            return Err(format!("outputs are {names:?}, wanted {OUTPUTS}: {wanted:?}"));
        }
        for output in &self.outputs {
            let calibration = &output.calibration;
            let head = &calibration.head;
            let numbers = [calibration.scale, calibration.bias, head.intercept, head.own];
            let finite = numbers.iter().chain(&head.labels).all(|x| x.is_finite());
            if !finite || calibration.scale <= 0.0 || !(0.0..=1.0).contains(&output.threshold) {
                return Err(format!("numbers of output {} are out of range", output.name));
            }
        }
        Ok(())
    }
}
