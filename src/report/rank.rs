//! The order of strength, and the strongest few of a long stream.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use crate::{Level, Score, model::Output};

/// The probability by which messages of a level are ranked: of level 3 for those that reached it, of level 2 for all
/// others.
pub(crate) fn decisive(score: &Score) -> Output {
    if score.level == Level::TakeoverPressure { Output::TAKEOVER_PRESSURE } else { Output::PRESSURE }
}

/// Level, then probability, then input order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    level: Level,
    /// Bits of the probability; they order as the probability does, since it is not negative.
    probability: u64,
    ordinal: Reverse<u64>,
}

#[derive(Debug)]
struct Ranked<T> {
    rank: Rank,
    item: T,
}

/// Reversed, so that the weakest is on top of the heap.
impl<T> Ord for Ranked<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.rank.cmp(&self.rank)
    }
}

impl<T> PartialOrd for Ranked<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Ranked<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}

impl<T> Eq for Ranked<T> {}

/// The strongest items, at most `limit` of them if there is a limit.
#[derive(Debug)]
pub(super) struct Top<T> {
    limit: Option<usize>,
    heap: BinaryHeap<Ranked<T>>,
    ordinal: u64,
}

impl<T> Top<T> {
    pub(super) fn new(limit: Option<usize>) -> Self {
        Self { limit, heap: BinaryHeap::new(), ordinal: 0 }
    }

    /// Keeps the item if it is strong enough; it is made only then.
    pub(super) fn push(&mut self, score: &Score, item: impl FnOnce() -> T) {
        let probability = score.probability(decisive(score)).max(0.0).to_bits();
        let rank = Rank { level: score.level, probability, ordinal: Reverse(self.ordinal) };
        self.ordinal += 1;
        if self.limit.is_some_and(|limit| self.heap.len() >= limit) {
            match self.heap.peek() {
                Some(weakest) if weakest.rank < rank => self.heap.pop(),
                _ => return,
            };
        }
        self.heap.push(Ranked { rank, item: item() });
    }

    /// Strongest first.
    pub(super) fn take_ranked(&mut self) -> Vec<T> {
        std::mem::take(&mut self.heap).into_sorted_vec().into_iter().map(|ranked| ranked.item).collect()
    }

    /// As they came.
    pub(super) fn take_in_order(&mut self) -> Vec<T> {
        let mut all = std::mem::take(&mut self.heap).into_vec();
        all.sort_by_key(|ranked| Reverse(ranked.rank.ordinal));
        all.into_iter().map(|ranked| ranked.item).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_data::score;

    fn top(limit: Option<usize>) -> Top<&'static str> {
        let mut top = Top::new(limit);
        for (name, level, pressure, takeover) in [
            ("quiet", 0, 0.9, 0.0),
            ("first", 2, 0.6, 0.1),
            ("strong", 3, 0.7, 0.8),
            ("second", 2, 0.6, 0.3),
            ("loud", 2, 0.95, 0.4),
            ("strongest", 3, 0.6, 0.9),
        ] {
            top.push(&score(level, pressure, takeover), || name);
        }
        top
    }

    #[test]
    fn level_then_probability_then_input_order() {
        let all = ["strongest", "strong", "loud", "first", "second", "quiet"];
        assert_eq!(top(None).take_ranked(), all);
        assert_eq!(top(Some(4)).take_ranked(), all[..4]);
        assert_eq!(top(Some(0)).take_ranked(), Vec::<&str>::new());
    }

    #[test]
    fn the_strongest_in_input_order() {
        assert_eq!(top(Some(3)).take_in_order(), ["strong", "loud", "strongest"]);
    }
}
