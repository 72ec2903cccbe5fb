//! Logistic heads: from summed weights to probabilities.

use serde::{Deserialize, Serialize};

use crate::label::Label;

/// A logistic regression on the message's score for one output and on what speaks for each label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Added to the weighted scores.
    pub intercept: f64,
    /// Weight of the output's own score.
    pub own: f64,
    /// Weights of the positive part of each label's score, in the order of [`Label::ALL`]; zero for label heads.
    pub labels: [f64; Label::COUNT],
}

impl Head {
    /// The logit of the output, from its own scaled score and the positive scaled scores of all labels.
    pub fn logit(&self, own: f64, labels: &[f64; Label::COUNT]) -> f64 {
        let cross: f64 = self.labels.iter().zip(labels).map(|(weight, score)| weight * score).sum();
        self.intercept + self.own * own + cross
    }
}

/// The logistic function, exact at both ends.
pub(crate) fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sigmoid_is_symmetric_and_bounded() {
        assert_eq!(sigmoid(0.0), 0.5);
        for x in [0.1, 3.0, 50.0, 1e6] {
            assert!((sigmoid(x) + sigmoid(-x) - 1.0).abs() < 1e-15);
        }
        assert_eq!(sigmoid(-1e9), 0.0);
    }
}
