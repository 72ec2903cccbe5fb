//! Measures of quality.

/// Average precision (area under the precision-recall steps, ties taken together as in scikit-learn).
pub fn average_precision(scores: &[f64], positives: &[bool]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let total = positives.iter().filter(|p| **p).count() as f64;
    let (mut found, mut sum, mut i) = (0.0, 0.0, 0);
    while i < order.len() {
        let mut j = i;
        let mut hits = 0.0;
        while j < order.len() && scores[order[j]] == scores[order[i]] {
            hits += f64::from(u8::from(positives[order[j]]));
            j += 1;
        }
        found += hits;
        sum += hits / total * (found / j as f64);
        i = j;
    }
    sum
}
