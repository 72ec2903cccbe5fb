//! Statistics of coincidence.

use super::super::{
    author::DAY,
    campaign::{Press, Record, by_actor},
};

/// How likely it is that the newcomers of a candidate came together by chance; 1 for fewer than two.
///
/// The model: people who press as newcomers come to a project independently of each other, at the rate of the
/// archive so far (a Poisson process; those of the candidate do not count for the rate, save one). Given one, the chance that at least `k − 1` more are first seen within the
/// days between the first and the last of them is the upper tail of Poisson's distribution. The days count from one:
/// two on the same day are as telling as two on neighbouring days. This says how rare the coincidence is under the
/// model, not what caused it: a bad release brings people together as well.
pub(in crate::context) fn co_appearance(record: &Record) -> f64 {
    let newcomers = newcomers(record);
    if newcomers.len() < 2 {
        return 1.0;
    }
    let seen = newcomers.iter().map(|press| press.standing.first_seen);
    let (first, last) = seen.fold((i64::MAX, i64::MIN), |(lo, hi), at| (lo.min(at), hi.max(at)));
    let days = 1.0 + ((last - first).max(0) / DAY) as f64;
    let (all, age) = record.newcomers;
    let elsewhere = f64::from(all).max(1.0) - newcomers.len() as f64;
    poisson_tail(newcomers.len() - 1, (1.0 + elsewhere.max(0.0)) / age * days)
}

/// The first message of each actor who is a newcomer, in the order of the messages.
pub(in crate::context) fn newcomers(record: &Record) -> Vec<&Press> {
    let mut first: Vec<&Press> = by_actor(record.active()).into_values().map(|presses| presses[0]).collect();
    first.retain(|press| press.standing.is_newcomer());
    first.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    first
}

/// `P(N >= k)` for a Poisson variable of mean `mean`.
pub(super) fn poisson_tail(k: usize, mean: f64) -> f64 {
    let mut term = (-mean).exp();
    let mut below = 0.0;
    for i in 0..k {
        below += term;
        term *= mean / (i + 1) as f64;
    }
    // Rounding must not make an impossibility of a rarity.
    (1.0 - below).clamp(1e-9, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_those_of_the_tables() {
        for (k, mean, tail) in [(0, 1.0, 1.0), (1, 1.0, 0.632_121), (2, 1.0, 0.264_241), (3, 0.5, 0.014_388)]
        {
            assert!((poisson_tail(k, mean) - tail).abs() < 1e-6, "{k} {mean}");
        }
        assert_eq!(poisson_tail(9, 1e-6), 1e-9);
        assert!(poisson_tail(3, 1e6) > 0.999);
    }
}
