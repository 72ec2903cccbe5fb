//! Percentile bootstrap (Efron 1979) over threads: messages of a thread are drawn together, since they resemble
//! each other.

use std::collections::HashMap;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// How a bootstrap is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Seed of the draws.
    pub seed: u64,
    /// Number of resamples.
    pub resamples: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { seed: 1, resamples: 1000 }
    }
}

/// Which messages are drawn together.
#[derive(Debug, Clone)]
pub struct Clusters {
    of: Vec<usize>,
    count: usize,
}

impl Clusters {
    /// Messages with equal keys are drawn together.
    pub fn new<K: std::hash::Hash + Eq>(keys: impl IntoIterator<Item = K>) -> Self {
        let mut numbers = HashMap::new();
        let of = keys.into_iter().map(|key| {
            let next = numbers.len();
            *numbers.entry(key).or_insert(next)
        });
        let of = of.collect();
        Self { of, count: numbers.len() }
    }

    /// How often each message is drawn in one resample. Resample `n` is the same whatever else is drawn, on any
    /// number of threads.
    pub fn draw(&self, seed: u64, n: u64) -> Vec<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(n);
        let mut drawn = vec![0.0; self.count];
        for _ in 0..self.count {
            drawn[rng.gen_range(0..self.count)] += 1.0;
        }
        self.of.iter().map(|&cluster| drawn[cluster]).collect()
    }
}

/// 95 % intervals of the statistics that `statistics` computes from counts; `None` for one that no resample
/// defines.
pub fn intervals(
    clusters: &Clusters,
    settings: Settings,
    statistics: impl Fn(&[f64]) -> Vec<f64> + Sync,
) -> Vec<Option<[f64; 2]>> {
    let resamples = (0..settings.resamples).into_par_iter();
    let values: Vec<Vec<f64>> = resamples.map(|n| statistics(&clusters.draw(settings.seed, n))).collect();
    let count = values.first().map_or(0, Vec::len);
    (0..count).map(|k| interval(values.iter().map(|row| row[k]).collect())).collect()
}

fn interval(mut values: Vec<f64>) -> Option<[f64; 2]> {
    values.retain(|value| value.is_finite());
    values.sort_by(f64::total_cmp);
    Some([percentile(&values, 0.025)?, percentile(&values, 0.975)?])
}

/// Percentile of sorted values, between two by linear interpolation.
fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let at = share * sorted.len().checked_sub(1)? as f64;
    let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    Some(low + (high - low) * at.fract())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Oracle: NumPy, `percentile([5, 1, 4, 2, 3, 9, 7], [2.5, 97.5])`.
    #[test]
    fn percentiles_agree_with_numpy() {
        let [low, high] = interval(vec![5.0, 1.0, f64::NAN, 4.0, 2.0, 3.0, 9.0, 7.0]).unwrap();
        assert!((low - 1.15).abs() < 1e-9 && (high - 8.7).abs() < 1e-9, "{low} {high}");
        assert_eq!(interval(vec![f64::NAN]), None);
    }

    /// By the normal approximation the mean of 400 values, half 0 and half 1, has the interval 0.5 ± 0.049.
    #[test]
    fn the_interval_of_a_mean_is_the_normal_one() {
        let values: Vec<f64> = (0..400).map(|i| f64::from(i % 2)).collect();
        let mean = |counts: &[f64]| {
            let sum: f64 = counts.iter().zip(&values).map(|(count, value)| count * value).sum();
            vec![sum / counts.iter().sum::<f64>()]
        };
        let [low, high] = intervals(&Clusters::new(0..400), Settings::default(), mean)[0].unwrap();
        assert!((low - 0.451).abs() < 0.01 && (high - 0.549).abs() < 0.01, "{low} {high}");
    }

    #[test]
    fn a_thread_is_drawn_as_a_whole_and_the_same_twice() {
        let clusters = Clusters::new(["a", "b", "a", "c"]);
        let draws: Vec<Vec<f64>> = (0..20).map(|n| clusters.draw(1, n)).collect();
        assert!(draws.iter().all(|counts| counts[0] == counts[2]));
        assert!(draws.iter().any(|counts| *counts != draws[0]));
        assert_eq!(clusters.draw(1, 7), draws[7]);
    }
}
