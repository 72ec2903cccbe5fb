//! From the scores of sentences to the score of a message.

/// At most this many sentences carry the score of a message for one output: several pressing sentences count more
/// than one, and a thousand weak ones do not add up.
pub const TOP_SENTENCES: usize = 3;

/// The score of a message for one output and the sentences that carry it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pooled {
    /// Sum of the scores of the chosen sentences, strongest first.
    pub sum: f64,
    chosen: [u32; TOP_SENTENCES],
    len: u8,
}

impl Pooled {
    /// Indices of the sentences that were summed, strongest first.
    pub fn chosen(&self) -> impl Iterator<Item = usize> + '_ {
        self.chosen[..usize::from(self.len)].iter().map(|&i| i as usize)
    }
}

/// Sums the strongest sentences: up to [`TOP_SENTENCES`] positive ones, or the best one if none is positive. No
/// sentence sums to 0. Among equals the earlier sentence is chosen. Scores must be finite.
pub fn pool(scores: impl Iterator<Item = f64>) -> Pooled {
    let mut top = [(f64::NEG_INFINITY, 0u32); TOP_SENTENCES];
    let mut count = 0usize;
    for (i, score) in (0u32..).zip(scores) {
        count += 1;
        let mut entry = (score, i);
        for slot in &mut top {
            if entry.0 > slot.0 {
                std::mem::swap(&mut entry, slot);
            }
        }
    }
    let positive = top.iter().take(count).filter(|entry| entry.0 > 0.0).count();
    let len = positive.max(count.min(1));
    let sum = top[..len].iter().map(|entry| entry.0).sum();
    Pooled { sum, chosen: top.map(|entry| entry.1), len: len as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pooled(scores: &[f64]) -> (f64, Vec<usize>) {
        let pooled = pool(scores.iter().copied());
        (pooled.sum, pooled.chosen().collect())
    }

    #[test]
    fn strongest_sentences_are_summed() {
        assert_eq!(pooled(&[]), (0.0, vec![]));
        assert_eq!(pooled(&[-5.0, -2.0, -9.0]), (-2.0, vec![1]));
        assert_eq!(pooled(&[1.0, -2.0, 4.0]), (5.0, vec![2, 0]));
        assert_eq!(pooled(&[1.0, 5.0, 3.0, 4.0, 2.0]), (12.0, vec![1, 3, 2]));
        assert_eq!(pooled(&[3.0, 3.0, 3.0, 3.0]), (9.0, vec![0, 1, 2]));
    }
}
