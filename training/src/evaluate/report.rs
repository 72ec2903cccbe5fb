//! What an evaluation found, as it is written to files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use undue::model::Model;

use super::evasions::Evasions;
use crate::metrics::{Measure, bootstrap::Settings};

/// A value and its 95 % interval; each missing where it is not defined.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure(pub Option<f64>, pub Option<f64>, pub Option<f64>);

impl Figure {
    /// From a plain value and an interval, rounded as reports are.
    pub fn new(value: f64, interval: Option<[f64; 2]>) -> Self {
        let value = rounded(value);
        let interval = value.and(interval);
        let [low, high] = [0, 1].map(|side| interval.and_then(|interval| rounded(interval[side])));
        Self(value, low, high)
    }
}

/// Four decimals; none for what is not a number.
pub fn rounded(value: f64) -> Option<f64> {
    // Adding zero turns -0 to 0.
    value.is_finite().then(|| (value * 1e4).round() / 1e4 + 0.0)
}

/// The figures of one output on some messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Messages.
    pub messages: usize,
    /// Those that are positives.
    pub positives: usize,
    /// The figures.
    pub figures: BTreeMap<Measure, Figure>,
}

/// Polite one-time offers to take over, and how many of them were called level 3.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Offers {
    /// Messages of level 1 with the label `takeover`.
    pub messages: usize,
    /// Share of them called level 3.
    pub false_alarms: Figure,
}

/// How often the strongest evidence stands where the annotators marked some.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// True positives with marked evidence.
    pub messages: usize,
    /// Share of them whose strongest evidence overlaps it.
    pub overlapping: Figure,
}

/// Everything that was measured on one split.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SplitReport {
    /// How the figures came about.
    pub notes: Vec<String>,
    /// By output.
    pub outputs: BTreeMap<String, Row>,
    /// `pressure` by kind of breakdown, then by group.
    pub pressure: BTreeMap<String, BTreeMap<String, Row>>,
    /// Polite offers, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offers: Option<Offers>,
    /// Evidence by output, where asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, Evidence>,
    /// Baselines by name, then by output, where asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub baselines: BTreeMap<String, BTreeMap<String, Row>>,
    /// Ranks of the positives by output and id, on splits where they are few and known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ranks: BTreeMap<String, BTreeMap<String, usize>>,
}

/// Which model was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelFacts {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its artifact.
    pub hash: String,
}

impl ModelFacts {
    /// Those of `model`.
    pub fn new(model: &Model) -> Self {
        let metadata = model.metadata();
        Self { name: metadata.name.clone(), version: metadata.version.clone(), hash: model.hash().into() }
    }
}

/// What `evaluate` writes and the gate reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The model.
    pub model: ModelFacts,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// Resamples of the bootstrap.
    pub resamples: u64,
    /// By how much a figure may be worse before the gate closes.
    pub tolerances: BTreeMap<Measure, f64>,
    /// By name of the split.
    pub splits: BTreeMap<String, SplitReport>,
    /// Recall under evasions, where asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evasions: Evasions,
}

impl Report {
    /// A report without any split yet.
    pub fn new(model: &Model, bootstrap: Settings) -> Self {
        let tolerance = |measure: Measure| match measure {
            Measure::Brier => 0.002,
            Measure::Ece | Measure::EceSample | Measure::AveragePrecision | Measure::RocAuc => 0.01,
            // A step of one message of a small class.
            Measure::PrecisionAt10 => 0.1,
            _ => 0.03,
        };
        Self {
            model: ModelFacts::new(model),
            seed: bootstrap.seed,
            resamples: bootstrap.resamples,
            tolerances: Measure::ALL.into_iter().map(|measure| (measure, tolerance(measure))).collect(),
            splits: BTreeMap::new(),
            evasions: Evasions::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_or_missing() {
        assert_eq!(
            Figure::new(0.123_456, Some([0.1, -0.000_01])),
            Figure(Some(0.1235), Some(0.1), Some(0.0))
        );
        assert_eq!(Figure::new(f64::NAN, Some([0.1, 0.2])), Figure(None, None, None));
    }
}
