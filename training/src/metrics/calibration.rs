//! Whether probabilities mean what they say.

use super::Ranking;

/// Bins of equal width that probabilities are put in.
pub const BINS: usize = 10;

/// What fell in one bin of probabilities.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    /// Messages, as weighted.
    pub weight: f64,
    /// Sum of their probabilities.
    pub predicted: f64,
    /// Those that are positives.
    pub positive: f64,
}

/// Mean squared difference of probability and truth (Brier 1950), each message weighted by what it stands for.
pub fn brier(ranking: &Ranking, counts: &[f64]) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (message, count) in ranking.messages().iter().zip(counts) {
        let weight = count * message.weight;
        sum += weight * (message.score - f64::from(u8::from(message.positive))).powi(2);
        total += weight;
    }
    sum / total
}

/// Probabilities in bins of equal width. `wild` weights each message by what it stands for.
pub fn reliability(ranking: &Ranking, counts: &[f64], wild: bool) -> [Bin; BINS] {
    let mut bins = [Bin::default(); BINS];
    for (message, count) in ranking.messages().iter().zip(counts) {
        let weight = if wild { count * message.weight } else { *count };
        let bin = &mut bins[((message.score * BINS as f64) as usize).min(BINS - 1)];
        bin.weight += weight;
        bin.predicted += weight * message.score;
        bin.positive += if message.positive { weight } else { 0.0 };
    }
    bins
}

/// Expected calibration error (Naeini et al. 2015): the mean distance of mean probability and share of positives
/// in each bin.
pub fn calibration_error(ranking: &Ranking, counts: &[f64], wild: bool) -> f64 {
    let bins = reliability(ranking, counts, wild);
    let total: f64 = bins.iter().map(|bin| bin.weight).sum();
    bins.iter().map(|bin| (bin.predicted - bin.positive).abs()).sum::<f64>() / total
}

#[cfg(test)]
mod tests {
    use super::{super::Scored, *};

    fn ranking() -> Ranking {
        let scores = [0.92, 0.81, 0.81, 0.43, 0.33, 0.33, 0.12];
        let positives = [true, false, true, false, true, false, false];
        let weights = [2.0, 1.0, 3.0, 1.0, 1.0, 2.0, 4.0];
        let rows = scores.iter().zip(positives).zip(weights);
        Ranking::new(rows.map(|((&s, p), weight)| Scored { weight, ..Scored::new(s, p) }).collect())
    }

    /// Oracle: scikit-learn 1.9.1, `brier_score_loss` with `sample_weight`.
    #[test]
    fn brier_agrees_with_scikit_learn() {
        assert!((brier(&ranking(), &[1.0; 7]) - 0.120_457_142_857).abs() < 1e-9);
    }

    /// Oracle: scikit-learn 1.9.1, `calibration_curve` on 10 uniform bins, its distances weighted by the size of
    /// the bins; for the second value each message is repeated as often as its weight says.
    #[test]
    fn calibration_error_agrees_with_scikit_learn() {
        assert!((calibration_error(&ranking(), &[1.0; 7], false) - 0.227_142_857_143).abs() < 1e-9);
        assert!((calibration_error(&ranking(), &[1.0; 7], true) - 0.094_285_714_286).abs() < 1e-9);
    }

    #[test]
    fn certainty_falls_in_the_last_bin() {
        let ranking = Ranking::new(vec![Scored::new(1.0, true)]);
        assert_eq!(reliability(&ranking, &[1.0], true)[BINS - 1].positive, 1.0);
        assert_eq!(calibration_error(&ranking, &[1.0], true), 0.0);
    }
}
