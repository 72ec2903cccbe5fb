//! Measures of quality. Oracle values in the tests are scikit-learn's.

/// Average precision: the area under the precision–recall steps, equal scores taken together. `NaN` without
/// positives.
pub fn average_precision(scores: &[f64], positives: &[bool]) -> f64 {
    let total = positives.iter().filter(|positive| **positive).count() as f64;
    let (mut found, mut seen, mut sum) = (0.0, 0.0, 0.0);
    for (hits, size) in tied_groups(scores, positives) {
        found += hits;
        seen += size;
        sum += hits / total * (found / seen);
    }
    if total == 0.0 { f64::NAN } else { sum }
}

/// Positives and size of each group of equal scores, highest first.
fn tied_groups(scores: &[f64], positives: &[bool]) -> Vec<(f64, f64)> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let groups = order.chunk_by(|&a, &b| scores[a] == scores[b]);
    groups.map(|group| (group.iter().filter(|&&i| positives[i]).count() as f64, group.len() as f64)).collect()
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
