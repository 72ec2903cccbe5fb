//! What a candidate keeps and lets go of as messages come, and how it remembers its strongest point.

use super::{
    MAX_MESSAGES,
    record::{Evaluation, Peak, Press, Record},
};
use crate::context::digest::Key;

impl Record {
    pub(in crate::context) fn add(&mut self, press: Press) {
        self.last = self.last.max(press.at);
        self.drop_old();
        self.drop_weakest(self.start(), self.presses.len());
        self.presses.push(press);
    }

    /// Drops messages that will never count again, save those around the peak: they are what an alarm was raised for.
    fn drop_old(&mut self) {
        let start = self.start();
        if start == 0 {
            return;
        }
        let (peak, window, mut number) = (self.peak, self.window, 0);
        let near =
            |press: &Press| peak.is_some_and(|peak| press.at.abs_diff(peak.at) <= window.unsigned_abs());
        self.presses.retain(|press| {
            number += 1;
            number > start || near(press)
        });
        let gone = number - self.presses.len();
        self.dropped += gone as u32;
        self.drop_weakest(0, start - gone);
    }

    /// Makes room for one message in a part that is full.
    fn drop_weakest(&mut self, from: usize, to: usize) {
        if to - from < MAX_MESSAGES {
            return;
        }
        let all = self.presses[from..to].iter().enumerate();
        let weakest = all.min_by(|(_, a), (_, b)| a.weight().total_cmp(&b.weight()));
        if let Some((at, _)) = weakest {
            self.presses.remove(from + at);
            self.dropped += 1;
        }
    }

    /// Takes the messages of somebody out, and what was thought of the candidate behind them.
    pub(in crate::context) fn release(&mut self, person: Key) {
        let is_theirs = |press: &Press| press.author == person;
        if !self.presses.iter().any(is_theirs) {
            return;
        }
        let theirs: Vec<Press> = self.presses.extract_if(.., |press| is_theirs(press)).collect();
        let stays = |point: &Evaluation| !theirs.iter().any(|press| press.id == point.message);
        self.trajectory.retain(stays);
        self.trajectory_is_full = false;
        self.alarm = self.alarm.take().filter(stays);
        self.last = self.presses.iter().map(|press| press.at).max().unwrap_or(i64::MIN);
        self.peak = None;
        for number in 0..self.trajectory.len() {
            self.climb(number);
        }
    }

    /// Notes the point of the trajectory with that number if it is the strongest so far.
    fn climb(&mut self, number: usize) {
        let Some(Evaluation { at, probability, .. }) = self.trajectory.get(number) else { return };
        if *probability > self.peak.map_or(0.0, |peak| peak.probability) {
            self.peak = Some(Peak { at: *at, probability: *probability });
        }
    }

    /// Takes over another candidate that turned out to be the same.
    pub(in crate::context) fn absorb(&mut self, other: Self) {
        let stronger = |peak: &Peak| peak.probability > self.peak.map_or(0.0, |peak| peak.probability);
        self.peak = other.peak.filter(stronger).or(self.peak);
        let alarms = self.alarm.take().into_iter().chain(other.alarm);
        self.alarm = alarms.min_by(|a, b| (a.at, &a.message).cmp(&(b.at, &b.message)));
        let mut all = std::mem::take(&mut self.presses);
        all.extend(other.presses);
        all.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        all.into_iter().for_each(|press| self.add(press));
        self.dropped += other.dropped;
        other.statements.iter().for_each(|statement| self.hear(statement));
        self.people.extend(other.people);
        self.trajectory.extend(other.trajectory);
        self.trajectory.sort_by(|a, b| (a.at, &a.message).cmp(&(b.at, &b.message)));
        self.trajectory.truncate(2 * MAX_MESSAGES);
        self.trajectory_is_full = self.trajectory.len() >= 2 * MAX_MESSAGES;
    }

    /// Adds to the trajectory; once that is full, only what is stronger than its last point, in its place.
    pub(in crate::context) fn evaluate(&mut self, evaluation: Evaluation, threshold: f64) {
        if self.alarm.is_none() && evaluation.probability >= threshold {
            self.alarm = Some(evaluation.clone());
        }
        match self.trajectory.last_mut() {
            Some(last) if self.trajectory_is_full => {
                if evaluation.probability > last.probability {
                    *last = evaluation;
                }
            }
            _ => self.trajectory.push(evaluation),
        }
        self.climb(self.trajectory.len() - 1);
        self.trajectory_is_full = self.trajectory.len() >= 2 * MAX_MESSAGES;
    }
}
