//! From the scores of sentences to the score of a message.

/// At most this many sentences carry the score of a message for one output: several pressing sentences count more
/// than one, and a thousand weak ones do not add up.
pub const TOP_SENTENCES: usize = 3;

/// The score of a message for one output and the sentences that carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pooled {
    /// Sum of the scores of the chosen sentences, in weight units.
    pub sum: i64,
    chosen: [u32; TOP_SENTENCES],
    len: u8,
}

impl Pooled {
    /// Indices of the sentences that were summed, strongest first.
    pub fn chosen(&self) -> impl Iterator<Item = usize> + '_ {
        self.chosen[..usize::from(self.len)].iter().map(|&i| i as usize)
    }

    /// The part of the sum that speaks for the output: the sum, or 0 where no sentence speaks for it.
    pub fn positive(&self) -> i64 {
        self.sum.max(0)
    }
}

/// Sums the strongest sentences: up to [`TOP_SENTENCES`] positive ones, or the best one if none is positive. A
/// message without sentences scores `empty`. Among equals the earlier sentence is chosen.
pub fn pool(scores: impl Iterator<Item = i32>, empty: i32) -> Pooled {
    let mut top = [(i32::MIN, 0u32); TOP_SENTENCES];
    let mut count = 0;
    for (i, score) in (0u32..).zip(scores) {
        count += 1;
        let mut entry = (score, i);
        for slot in &mut top {
            if entry.0 > slot.0 {
                std::mem::swap(&mut entry, slot);
            }
        }
    }
    let positive = top.iter().take(count).filter(|entry| entry.0 > 0).count();
    let len = if count == 0 { 0 } else { positive.max(1) };
    let sum =
        if count == 0 { i64::from(empty) } else { top[..len].iter().map(|entry| i64::from(entry.0)).sum() };
    Pooled { sum, chosen: top.map(|entry| entry.1), len: len as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pooled(scores: &[i32]) -> (i64, Vec<usize>) {
        let pooled = pool(scores.iter().copied(), -7);
        (pooled.sum, pooled.chosen().collect())
    }

    #[test]
    fn strongest_sentences_are_summed() {
        assert_eq!(pooled(&[]), (-7, vec![]));
        assert_eq!(pooled(&[-5, -2, -9]), (-2, vec![1]));
        assert_eq!(pooled(&[1, -2, 4]), (5, vec![2, 0]));
        assert_eq!(pooled(&[1, 5, 3, 4, 2]), (12, vec![1, 3, 2]));
        assert_eq!(pooled(&[3, 3, 3, 3]), (9, vec![0, 1, 2]));
    }
}
