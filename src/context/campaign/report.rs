//! What is told of a campaign.

use std::sync::Arc;

use super::{Ask, CampaignFeatures, Evaluation, Press, Record, features::by_actor};
use crate::{
    context::{
        author::{DAY, Standing},
        digest::{Quote, UNDATED, Who, key},
        signal::{self, Signal},
        thread::Statement,
    },
    model::Output,
};

/// A candidate or campaign, complete.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// Twelve hexadecimal digits made of project and first message: the same on every run.
    pub id: String,
    /// List or repository.
    pub project: Arc<str>,
    /// Date of the first message, in seconds since 1970.
    pub first: i64,
    /// Date of the last message.
    pub last: i64,
    /// The highest probability it had.
    pub probability: f64,
    /// The features at that point.
    pub features: CampaignFeatures,
    /// When its probability first reached the threshold, if it did.
    pub alarm: Option<Evaluation>,
    /// Pressing messages within a window of its strongest point, in order; at least one.
    pub messages: Vec<CampaignMessage>,
    /// Its pressing messages that are not among these: there were too many, or they lie further from that point.
    pub dropped: u32,
    /// Who presses, in the order of their first message; at least one.
    pub actors: Vec<Actor>,
    /// Names of those who are pressed, as far as they answered or were answered.
    pub pressed: Vec<Arc<Who>>,
    /// For whom is asked, and why it is thought so.
    pub beneficiary: Option<(Arc<Who>, Vec<String>)>,
    /// What to look at.
    pub signals: Vec<Signal>,
    /// What maintainers said in its threads.
    pub statements: Vec<Statement>,
    /// The features behind each message, for training.
    pub trajectory: Vec<Evaluation>,
}

/// A pressing message.
#[derive(Debug, Clone)]
pub struct CampaignMessage {
    /// Message id.
    pub id: Box<str>,
    /// Seconds since 1970.
    pub at: i64,
    /// Who wrote it.
    pub author: Arc<Who>,
    /// Subject or title.
    pub subject: Box<str>,
    /// What it asks for.
    pub ask: Ask,
    /// How strongly it presses, `0..=1`, one half at the model's threshold.
    pub pressure: f64,
    /// The same for control or past review.
    pub takeover_pressure: f64,
    /// Its strongest words.
    pub quote: Option<Quote>,
}

/// Somebody who presses, with what speaks for looking closer and what speaks against.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Name and address.
    pub who: Arc<Who>,
    /// What was known of them when they first pressed here.
    pub standing: Standing,
    /// Their messages in the campaign.
    pub messages: u32,
    /// What speaks for looking closer.
    pub speaks_for: Vec<String>,
    /// What speaks against.
    pub speaks_against: Vec<String>,
}

impl Campaign {
    /// None of a record without messages.
    pub(in crate::context) fn of(record: Record) -> Option<Self> {
        let peak = peak(&record).cloned();
        let record = around(record, peak.as_ref());
        let presses = record.active();
        let first = presses.first()?;
        let id = key((&record.project, &first.id));
        let beneficiary =
            record.beneficiary().and_then(|it| Some((record.people.get(&it.person)?.clone(), it.reasons())));
        Some(Self {
            id: format!("{:012x}", id >> 16),
            project: record.project.clone(),
            first: first.at,
            last: record.last,
            probability: peak.as_ref().map_or(0.0, |peak| peak.probability),
            features: peak.as_ref().or(record.trajectory.last()).map(|it| it.features).unwrap_or_default(),
            alarm: record.alarm.clone(),
            messages: presses.iter().map(message).collect(),
            dropped: record.dropped,
            actors: actors(&record),
            pressed: pressed(&record),
            beneficiary,
            signals: signal::all(&record),
            statements: record.heard().cloned().collect(),
            trajectory: record.trajectory,
        })
    }
}

/// The strongest point of which messages are left, the first of equals; the last one where none is likely at all.
fn peak(record: &Record) -> Option<&Evaluation> {
    let is_left = |point: &&Evaluation| {
        let near = |press: &Press| press.at.abs_diff(point.at) <= record.window.unsigned_abs();
        point.probability > 0.0 && record.presses.iter().any(near)
    };
    let strongest = |a: &&Evaluation, b: &&Evaluation| a.probability.total_cmp(&b.probability);
    record.trajectory.iter().rev().filter(is_left).max_by(strongest)
}

/// The part of a record that lies within a window before and behind its peak; that before its last message without one.
fn around(mut record: Record, peak: Option<&Evaluation>) -> Record {
    let all = record.presses.len();
    let Some(peak) = peak else {
        record.dropped += (all - record.active().len()) as u32;
        return record;
    };
    let (from, to) = (peak.at - record.window, peak.at.saturating_add(record.window));
    record.presses.retain(|press| (from..=to).contains(&press.at));
    record.dropped += (all - record.presses.len()) as u32;
    record.statements.retain(|statement| (from..=to).contains(&statement.at));
    record.statements.sort_by(|a, b| (a.at, &a.message, a.saying).cmp(&(b.at, &b.message, b.saying)));
    record.last = record.presses.last().map_or(peak.at, |press| press.at);
    record.window = record.last - from;
    record
}

fn message(press: &Press) -> CampaignMessage {
    CampaignMessage {
        id: press.id.clone(),
        at: press.at,
        author: press.who.clone(),
        subject: press.subject.clone(),
        ask: press.ask,
        pressure: press.strengths.of(Output::PRESSURE),
        takeover_pressure: press.strengths.of(Output::TAKEOVER_PRESSURE),
        quote: press.evidence.first().map(|(_, quote)| quote.clone()),
    }
}

fn pressed(record: &Record) -> Vec<Arc<Who>> {
    let mut all: Vec<_> = record.active().iter().filter_map(|press| press.target).collect();
    all.sort_unstable();
    all.dedup();
    let mut people: Vec<_> = all.iter().filter_map(|target| record.people.get(target).cloned()).collect();
    people.sort();
    people
}

fn actors(record: &Record) -> Vec<Actor> {
    let mut all: Vec<_> = by_actor(record.active()).into_values().collect();
    all.sort_by(|a, b| (a[0].at, &a[0].id).cmp(&(b[0].at, &b[0].id)));
    all.iter().map(|presses| actor(presses)).collect()
}

fn actor(presses: &[&Press]) -> Actor {
    let (first, standing) = (presses[0], presses[0].standing);
    let (mut speaks_for, mut speaks_against) = (Vec::new(), Vec::new());
    let count = presses.len();
    speaks_for.push(format!("{count} pressing {}", if count == 1 { "message" } else { "messages" }));
    if standing.is_newcomer() {
        speaks_for.push(match standing.messages {
            0 => "first message to the project".to_owned(),
            1 => "1 message to the project before".to_owned(),
            n => format!("{n} messages to the project before"),
        });
        if standing.work_total() == 0 {
            speaks_for.push("no work before".to_owned());
        }
    } else if standing.messages > 0 {
        speaks_against.push(format!("{} messages to the project before", standing.messages));
    }
    if standing.work_total() > 0 {
        speaks_against.push(format!("{} before", standing.work_in_words()));
    }
    let days = (first.at - standing.first_seen) / DAY;
    if days > 180 && standing.first_seen > UNDATED {
        speaks_against.push(format!("known to the project for {days} days"));
    }
    if presses.iter().any(|press| press.self_offer.is_some()) {
        speaks_for.push("offers themselves".to_owned());
    }
    Actor { who: first.who.clone(), standing, messages: count as u32, speaks_for, speaks_against }
}
