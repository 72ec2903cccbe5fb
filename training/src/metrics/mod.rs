//! Measures of quality, with how often each message counts, and bootstrap intervals for them.
//!
//! Every measure takes a [`Ranking`] and one count for each of its messages: all ones for the plain value, a
//! resample's multiplicities for the bootstrap. Oracle values in the tests are scikit-learn's, with counts as its
//! `sample_weight`.

pub mod bootstrap;
mod calibration;
mod measure;
mod ranking;

pub use calibration::{BINS, Bin, brier, calibration_error, reliability};
pub use measure::Measure;
pub use ranking::{Ranking, Scored};

/// Average precision: the area under the precision–recall steps, equal scores taken together. `NaN` without
/// positives.
pub fn average_precision(scores: &[f64], positives: &[bool]) -> f64 {
    let rows = scores.iter().zip(positives);
    let ranking = Ranking::new(rows.map(|(&score, &positive)| Scored::new(score, positive)).collect());
    ranking.average_precision(&ranking.ones())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle: scikit-learn 1.9.1, `average_precision_score`.
    #[test]
    fn average_precision_agrees_with_scikit_learn() {
        let scores = [0.9, 0.8, 0.8, 0.4, 0.3, 0.3, 0.1];
        let positives = [true, false, true, false, true, false, false];
        assert!((average_precision(&scores, &positives) - 0.722_222_222_222).abs() < 1e-9);
        assert!(average_precision(&[0.5], &[false]).is_nan());
    }
}
