//! What is kept of a candidate for a campaign.

use std::{collections::BTreeMap, sync::Arc};

use super::{Ask, CampaignFeatures};
use crate::{
    context::{
        author::{DAY, Standing},
        digest::{Key, Quote, Who},
        phrases::Saying,
        strengths::Strengths,
        thread::Statement,
    },
    model::Output,
};

/// Pressing messages of a candidate that are kept; later ones are counted.
pub const MAX_MESSAGES: usize = 64;
/// Statements of maintainers that are kept.
const MAX_STATEMENTS: usize = 32;

/// A pressing message with what was known when it came.
#[derive(Debug, Clone)]
pub(in crate::context) struct Press {
    pub(in crate::context) id: Box<str>,
    pub(in crate::context) key: Key,
    pub(in crate::context) at: i64,
    /// False in an archive without dates, where `at` says nothing.
    pub(in crate::context) is_dated: bool,
    pub(in crate::context) author: Key,
    pub(in crate::context) who: Arc<Who>,
    pub(in crate::context) standing: Standing,
    pub(in crate::context) thread: Key,
    pub(in crate::context) subject: Box<str>,
    /// Who began the thread with a patch, if it is somebody else who holds no control: what is asked for may
    /// be for them.
    pub(in crate::context) starter: Option<Key>,
    pub(in crate::context) strengths: Strengths,
    pub(in crate::context) ask: Ask,
    pub(in crate::context) evidence: Vec<(Output, Quote)>,
    pub(in crate::context) words: Box<[u32]>,
    /// Who is pressed, if it is one person who holds control.
    pub(in crate::context) target: Option<Key>,
    /// The sentence by which the author offers themselves.
    pub(in crate::context) self_offer: Option<Quote>,
    /// People of the project who are named and hold no control.
    pub(in crate::context) named: Vec<Key>,
    /// How likely the likeness to another actor's message is by chance; see [`crate::context::wording`].
    pub(in crate::context) wording: f64,
}

impl Press {
    /// `0..=1`.
    pub(in crate::context) fn weight(&self) -> f64 {
        self.strengths.pressing()
    }
}

/// The features of a candidate as they were behind one message.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The message behind which they were taken.
    pub message: Box<str>,
    /// Its date, in seconds since 1970.
    pub at: i64,
    /// Pressing messages so far.
    pub messages: u32,
    /// Whether it could be a campaign at all: two messages, of which one presses by itself. If not, its probability is 0 under any model.
    pub eligible: bool,
    /// The features.
    pub features: CampaignFeatures,
    /// Their probability under the model of this run.
    pub probability: f64,
}

/// A candidate.
#[derive(Debug, Clone)]
pub(in crate::context) struct Record {
    pub(in crate::context) project: Arc<str>,
    /// Messages in the order in which they came; those older than the window count for the timeline alone.
    pub(in crate::context) presses: Vec<Press>,
    pub(in crate::context) dropped: u32,
    pub(in crate::context) statements: Vec<Statement>,
    pub(in crate::context) people: BTreeMap<Key, Arc<Who>>,
    pub(in crate::context) trajectory: Vec<Evaluation>,
    trajectory_is_full: bool,
    /// People of the project who pressed when they were new, and its age in days, at the last message.
    pub(in crate::context) newcomers: (u32, f64),
    pub(in crate::context) window: i64,
    pub(in crate::context) last: i64,
}

impl Record {
    pub(in crate::context) fn new(project: Arc<str>, window_days: u32) -> Self {
        Self {
            project,
            presses: Vec::new(),
            dropped: 0,
            statements: Vec::new(),
            people: BTreeMap::new(),
            trajectory: Vec::new(),
            trajectory_is_full: false,
            newcomers: (0, 30.0),
            window: i64::from(window_days) * DAY,
            last: i64::MIN,
        }
    }

    /// Messages within the window before the last one: those that count.
    pub(in crate::context) fn active(&self) -> &[Press] {
        // Messages come by date, save for the few that came late.
        let start = self.presses.iter().position(|press| press.at >= self.last - self.window);
        &self.presses[start.unwrap_or(self.presses.len())..]
    }

    /// Statements since the window of the messages that count began.
    pub(in crate::context) fn heard(&self) -> impl Iterator<Item = &Statement> {
        let from = self.active().first().map_or(i64::MAX, |press| press.at);
        self.statements.iter().filter(move |statement| statement.at >= from)
    }

    /// False for what is no campaign whatever its features: a campaign has two messages at least, of which one presses
    /// by itself. So no single offer is one, nor any number of polite ones; but where somebody presses, what the words
    /// of another leave open counts as well.
    pub(in crate::context) fn may_be_campaign(&self) -> bool {
        self.active().len() >= 2 && self.active().iter().any(|press| press.weight() >= 0.5)
    }

    /// The first statement of a kind: of tiredness within the window, of all else since the first message.
    pub(in crate::context) fn heard_first(&self, saying: Saying) -> Option<&Statement> {
        let from = match saying {
            Saying::Tiredness => self.last - self.window,
            _ => self.active().first().map_or(i64::MAX, |press| press.at),
        };
        let of_kind = self.statements.iter().filter(|it| it.saying == saying && it.at >= from);
        of_kind.min_by(|a, b| (a.at, &a.message).cmp(&(b.at, &b.message)))
    }

    pub(in crate::context) fn add(&mut self, press: Press) {
        self.last = self.last.max(press.at);
        if self.presses.len() >= MAX_MESSAGES {
            // What never counts again goes first, then the weakest.
            let old = self.presses.len() - self.active().len();
            let weakest = || {
                let all = self.presses.iter().enumerate();
                all.min_by(|(_, a), (_, b)| a.weight().total_cmp(&b.weight())).map_or(0, |(at, _)| at)
            };
            let at = if old > 0 { 0 } else { weakest() };
            self.presses.remove(at);
            self.dropped += 1;
        }
        self.presses.push(press);
    }

    pub(in crate::context) fn hear(&mut self, statement: &Statement) {
        if self.statements.len() < MAX_STATEMENTS && !self.statements.contains(statement) {
            self.statements.push(statement.clone());
        }
    }

    /// Takes over another candidate that turned out to be the same.
    pub(in crate::context) fn absorb(&mut self, other: Self) {
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
    pub(in crate::context) fn evaluate(&mut self, evaluation: Evaluation) {
        match self.trajectory.last_mut() {
            Some(last) if self.trajectory_is_full => {
                if evaluation.probability > last.probability {
                    *last = evaluation;
                }
            }
            _ => self.trajectory.push(evaluation),
        }
        self.trajectory_is_full = self.trajectory.len() >= 2 * MAX_MESSAGES;
    }
}
