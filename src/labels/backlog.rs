//! The order in which a backlog is to be reviewed.

use std::{cmp::Reverse, collections::HashSet};

use rustc_hash::FxHashMap;

use crate::{
    Level,
    labels::{LabelRow, margin, proposal::name_of, propose},
    model::Model,
    pipeline::Scored,
    report::decisive,
};

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The thread with the strongest message; within a thread, input order.
    #[default]
    Pressing,
    /// The message that is closest to a threshold.
    Uncertain,
}

/// Proposals for the messages of a run. Holds a row for each message, and no text.
#[derive(Debug)]
pub struct Backlog<'m> {
    model: &'m Model,
    name: String,
    min_level: Level,
    candidates: Vec<Candidate>,
    seen: HashSet<(String, String)>,
    threads: FxHashMap<String, usize>,
    /// Of each thread, by its number.
    strongest: Vec<(Level, f64)>,
    repeated: u64,
}

#[derive(Debug)]
struct Candidate {
    row: LabelRow,
    thread: usize,
    margin: f64,
}

impl<'m> Backlog<'m> {
    /// A backlog of the messages for which `model` proposes at least `min_level`.
    pub fn new(model: &'m Model, min_level: Level) -> Self {
        Self {
            model,
            name: name_of(model),
            min_level,
            candidates: Vec::new(),
            seen: HashSet::new(),
            threads: FxHashMap::default(),
            strongest: Vec::new(),
            repeated: 0,
        }
    }

    /// Takes a message. One whose source and id came before is counted but not taken: a row names one message.
    pub fn add(&mut self, Scored { message, score, .. }: &Scored) {
        let row = propose(message, score, &self.name);
        let thread = self.thread(message.thread.as_deref().unwrap_or(&message.id));
        let strength = (score.level, score.probability(decisive(score)));
        let strongest = &mut self.strongest[thread];
        if is_stronger(&strength, strongest) {
            *strongest = strength;
        }
        if row.judgement.level < self.min_level {
            return;
        }
        if !self.seen.insert((row.source.clone(), row.id.clone())) {
            self.repeated += 1;
            return;
        }
        self.candidates.push(Candidate { row, thread, margin: margin(self.model, score) });
    }

    fn thread(&mut self, id: &str) -> usize {
        if let Some(&thread) = self.threads.get(id) {
            return thread;
        }
        self.threads.insert(id.to_owned(), self.strongest.len());
        self.strongest.push((Level::Ordinary, 0.0));
        self.strongest.len() - 1
    }

    /// Messages that were not taken because their source and id came before.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// The rows, at most `limit` if there is a limit.
    pub fn into_rows(self, order: Order, limit: Option<usize>) -> Vec<LabelRow> {
        let mut candidates = self.candidates;
        let strongest = self.strongest;
        // Both sorts are stable: equals stay in input order.
        match order {
            Order::Pressing => {
                let bits = |thread: usize| (strongest[thread].0, strongest[thread].1.max(0.0).to_bits());
                candidates.sort_by_key(|it| (Reverse(bits(it.thread)), it.thread));
            }
            Order::Uncertain => candidates.sort_by(|a, b| a.margin.total_cmp(&b.margin)),
        }
        candidates.into_iter().map(|it| it.row).take(limit.unwrap_or(usize::MAX)).collect()
    }
}

fn is_stronger(a: &(Level, f64), b: &(Level, f64)) -> bool {
    a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).is_gt()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{Message, report::test_data::score};

    fn backlog(model: &Model, min_level: Level) -> Backlog<'_> {
        let mut backlog = Backlog::new(model, min_level);
        for (id, thread, level, pressure) in [
            ("a", "quiet", 0, 0.2),
            ("b", "loud", 1, 0.3),
            ("c", "louder", 1, 0.1),
            ("d", "loud", 2, 0.6),
            ("e", "louder", 2, 0.9),
            ("f", "louder", 0, 0.0),
            ("a", "quiet", 2, 0.7),
        ] {
            let message = Message { id: id.into(), thread: Some(thread.into()), ..Message::default() };
            let mut score = score(level, pressure, 0.0);
            score.labels = if level == 2 { vec![crate::Label::Guilt] } else { Vec::new() };
            backlog.add(&Scored { message, score, insight: None });
        }
        backlog
    }

    fn ids(rows: &[LabelRow]) -> String {
        rows.iter().map(|row| row.id.as_str()).collect()
    }

    #[test]
    fn the_most_pressing_thread_comes_first_and_in_order() {
        let model = Model::embedded().unwrap();
        let all = backlog(&model, Level::Ordinary);
        assert_eq!(all.repeated(), 1);
        assert_eq!(ids(&all.into_rows(Order::Pressing, None)), "cefabd");
        let some = backlog(&model, Level::Request);
        assert_eq!(ids(&some.into_rows(Order::Pressing, Some(3))), "cea");
    }

    #[test]
    fn the_closest_to_a_threshold_comes_first() {
        let model = Model::embedded().unwrap();
        let mut backlog = Backlog::new(&model, Level::Ordinary);
        let threshold = model.facts(crate::model::Output::PRESSURE).threshold;
        for (id, pressure) in [("far", 0.999_999), ("near", threshold), ("middle", (threshold + 1.0) / 2.0)] {
            let mut score = score(0, pressure, 1e-9);
            score.probabilities.iter_mut().for_each(|p| {
                if *p != pressure {
                    *p = 1e-9;
                }
            });
            backlog.add(&Scored {
                message: Message { id: id.into(), ..Message::default() },
                score,
                insight: None,
            });
        }
        let rows = backlog.into_rows(Order::Uncertain, Some(2));
        assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["near", "middle"]);
    }
}
