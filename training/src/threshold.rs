//! Thresholds for a stated rate of false alarms.

/// A threshold and what it does on the scores it was set on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// Least probability that is an alarm.
    pub probability: f64,
    /// False alarms per message of the wild.
    pub false_alarm_rate: f64,
    /// Share of the positives found.
    pub recall: f64,
}

/// The lowest threshold with at most `rate` false alarms per message, each message standing for `weights[i]` of the
/// wild. Where no score is low enough, the threshold lies above all of them.
pub fn at_rate(probabilities: &[f64], positives: &[bool], weights: &[f64], rate: f64) -> Threshold {
    let total: f64 = weights.iter().sum();
    let count = positives.iter().filter(|positive| **positive).count().max(1) as f64;
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]).then(a.cmp(&b)));
    let highest = order.first().map_or(1.0, |&i| probabilities[i]);
    let mut best = Threshold { probability: (highest + 1e-6).min(1.0), false_alarm_rate: 0.0, recall: 0.0 };
    let (mut alarms, mut found) = (0.0, 0.0);
    let mut at = 0;
    while at < order.len() {
        let probability = probabilities[order[at]];
        while at < order.len() && probabilities[order[at]] == probability {
            let i = order[at];
            if positives[i] {
                found += 1.0
            } else {
                alarms += weights[i]
            }
            at += 1;
        }
        if alarms / total > rate {
            break;
        }
        best = Threshold { probability, false_alarm_rate: alarms / total, recall: found / count };
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_threshold_within_the_rate_is_taken() {
        let probabilities = [0.9, 0.8, 0.7, 0.6, 0.5];
        let positives = [true, false, true, false, true];
        let weights = [1.0, 1.0, 1.0, 6.0, 1.0];
        let threshold = at_rate(&probabilities, &positives, &weights, 0.1);
        assert_eq!(threshold.probability, 0.7);
        assert_eq!((threshold.false_alarm_rate, threshold.recall), (0.1, 2.0 / 3.0));
        let none = at_rate(&probabilities, &[false; 5], &weights, 0.0);
        assert!(none.probability > 0.9 && none.recall == 0.0);
    }
}
