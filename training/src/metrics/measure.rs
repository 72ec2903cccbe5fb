//! The measures that reports state, by name.

use serde::{Deserialize, Serialize};

use super::{Ranking, brier, calibration_error};

/// A measure of one output on one set of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Area under the precision–recall steps.
    AveragePrecision,
    /// Area under the receiver operating characteristic.
    RocAuc,
    /// Precision at the shipped threshold.
    Precision,
    /// Recall at the shipped threshold.
    Recall,
    /// Recall at one false alarm per 1,000 messages of the random stratum.
    #[serde(rename = "recall_at_1_alarm")]
    RecallAt1,
    /// Recall at five false alarms per 1,000 messages of the random stratum.
    #[serde(rename = "recall_at_5_alarms")]
    RecallAt5,
    /// Precision of the first 10.
    #[serde(rename = "precision_at_10")]
    PrecisionAt10,
    /// Precision of the first 50.
    #[serde(rename = "precision_at_50")]
    PrecisionAt50,
    /// Precision of the first 100.
    #[serde(rename = "precision_at_100")]
    PrecisionAt100,
    /// Brier score, weighted to the wild.
    Brier,
    /// Expected calibration error, weighted to the wild.
    Ece,
    /// Expected calibration error on the labelled sample as it is.
    EceSample,
}

impl Measure {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::AveragePrecision,
        Self::RocAuc,
        Self::Precision,
        Self::Recall,
        Self::RecallAt1,
        Self::RecallAt5,
        Self::PrecisionAt10,
        Self::PrecisionAt50,
        Self::PrecisionAt100,
        Self::Brier,
        Self::Ece,
        Self::EceSample,
    ];

    /// Those that need no probabilities and no threshold: what a baseline can be compared on.
    pub const ORDER: [Self; 7] = [
        Self::AveragePrecision,
        Self::RocAuc,
        Self::RecallAt1,
        Self::RecallAt5,
        Self::PrecisionAt10,
        Self::PrecisionAt50,
        Self::PrecisionAt100,
    ];

    /// Those that breakdowns state.
    pub const BREAKDOWN: [Self; 4] = [Self::AveragePrecision, Self::RocAuc, Self::Precision, Self::Recall];

    /// Heading in a table.
    pub fn heading(self) -> &'static str {
        match self {
            Self::AveragePrecision => "AP",
            Self::RocAuc => "ROC-AUC",
            Self::Precision => "precision",
            Self::Recall => "recall",
            Self::RecallAt1 => "recall at 1/1000",
            Self::RecallAt5 => "recall at 5/1000",
            Self::PrecisionAt10 => "precision at 10",
            Self::PrecisionAt50 => "precision at 50",
            Self::PrecisionAt100 => "precision at 100",
            Self::Brier => "Brier",
            Self::Ece => "ECE",
            Self::EceSample => "ECE (sample)",
        }
    }

    /// True where more is better.
    pub fn higher_is_better(self) -> bool {
        !matches!(self, Self::Brier | Self::Ece | Self::EceSample)
    }

    /// Its value, each message counted as often as `counts` says; `NaN` where it is not defined.
    pub fn of(self, ranking: &Ranking, counts: &[f64], threshold: f64) -> f64 {
        match self {
            Self::AveragePrecision => ranking.average_precision(counts),
            Self::RocAuc => ranking.roc_auc(counts),
            Self::Precision => ranking.precision_and_recall(counts, threshold).0,
            Self::Recall => ranking.precision_and_recall(counts, threshold).1,
            Self::RecallAt1 => ranking.recall_at_alarms(counts, 1.0),
            Self::RecallAt5 => ranking.recall_at_alarms(counts, 5.0),
            Self::PrecisionAt10 => ranking.precision_at(counts, 10.0),
            Self::PrecisionAt50 => ranking.precision_at(counts, 50.0),
            Self::PrecisionAt100 => ranking.precision_at(counts, 100.0),
            Self::Brier => brier(ranking, counts),
            Self::Ece => calibration_error(ranking, counts, true),
            Self::EceSample => calibration_error(ranking, counts, false),
        }
    }
}
