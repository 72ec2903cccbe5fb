//! What is kept of a candidate for a campaign.

use std::{collections::BTreeMap, sync::Arc};

use super::{Ask, CampaignFeatures};
use crate::{
    context::{
        author::{Change, DAY, Standing},
        digest::{Key, Quote, Who},
        phrases::Saying,
        strengths::Strengths,
        thread::Statement,
    },
    model::Output,
};

/// Pressing messages that are kept of the time around the strongest point of a candidate, and as many of the window
/// before its last message; all others are counted.
pub const MAX_MESSAGES: usize = 64;
/// Statements of maintainers that are kept.
const MAX_STATEMENTS: usize = 32;

/// A pressing message with what was known when it came.
#[derive(Debug, Clone)]
pub(in crate::context) struct Press {
    pub(in crate::context) id: Box<str>,
    pub(in crate::context) key: Key,
    pub(in crate::context) at: i64,
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

/// The strongest point of a candidate so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peak {
    pub(super) at: i64,
    pub(super) probability: f64,
}

/// A candidate.
#[derive(Debug, Clone)]
pub(in crate::context) struct Record {
    pub(in crate::context) project: Arc<str>,
    /// Messages in the order in which they came: those around the peak, which count for the timeline alone, and those
    /// of the window before the last one.
    pub(in crate::context) presses: Vec<Press>,
    pub(in crate::context) dropped: u32,
    pub(super) peak: Option<Peak>,
    pub(in crate::context) statements: Vec<Statement>,
    pub(in crate::context) people: BTreeMap<Key, Arc<Who>>,
    /// Changes that its people sent as newcomers, once it is closed.
    changes: BTreeMap<Key, Vec<Change>>,
    pub(in crate::context) trajectory: Vec<Evaluation>,
    pub(super) trajectory_is_full: bool,
    /// The first point at the threshold, which a trajectory that is full may have lost.
    pub(in crate::context) alarm: Option<Evaluation>,
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
            peak: None,
            statements: Vec::new(),
            people: BTreeMap::new(),
            changes: BTreeMap::new(),
            trajectory: Vec::new(),
            trajectory_is_full: false,
            alarm: None,
            newcomers: (0, 30.0),
            window: i64::from(window_days) * DAY,
            last: i64::MIN,
        }
    }

    /// Messages within the window before the last one: those that count.
    pub(in crate::context) fn active(&self) -> &[Press] {
        &self.presses[self.start()..]
    }

    /// Messages before those that count. Messages come by date, save for the few that came late.
    pub(super) fn start(&self) -> usize {
        let start = self.presses.iter().position(|press| press.at >= self.last - self.window);
        start.unwrap_or(self.presses.len())
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

    /// Takes the changes of its people from what is known of them.
    pub(in crate::context) fn look_at<'a>(&mut self, of: impl Fn(Key) -> Option<&'a Vec<Change>>) {
        let known = self.people.keys().filter_map(|person| Some((*person, of(*person)?.clone())));
        self.changes = known.filter(|(_, changes)| !changes.is_empty()).collect();
    }

    /// Changes that those who press, and the one who is asked for, sent as newcomers, no longer than a window before
    /// the first of the messages that count or behind the last; by date.
    pub(in crate::context) fn changes(&self) -> Vec<(&Who, &Change)> {
        let beneficiary = self.beneficiary().map(|it| it.person);
        let from = self.active().first().map_or(i64::MAX, |press| press.at.saturating_sub(self.window));
        let span = from..=self.last.saturating_add(self.window);
        let takes_part = |person: Key| {
            beneficiary == Some(person) || self.active().iter().any(|press| press.author == person)
        };
        let of_people = self.changes.iter().filter(|(person, _)| takes_part(**person));
        let named = of_people.filter_map(|(person, changes)| Some((&**self.people.get(person)?, changes)));
        let mut all: Vec<_> =
            named.flat_map(|(who, changes)| changes.iter().map(move |change| (who, change))).collect();
        all.retain(|(_, change)| span.contains(&change.at));
        all.sort_by(|(_, a), (_, b)| (a.at, &a.message).cmp(&(b.at, &b.message)));
        all
    }

    pub(in crate::context) fn hear(&mut self, statement: &Statement) {
        if self.statements.len() < MAX_STATEMENTS && !self.statements.contains(statement) {
            self.statements.push(statement.clone());
        }
    }
}
