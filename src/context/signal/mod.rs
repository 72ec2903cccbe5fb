//! Signals: what a careful reader would point at in a candidate, each with its evidence and one plain sentence.
//!
//! One file per family, one function per signal, each from a candidate's record to a signal or nothing. A signal says
//! what happened and never why. `docs/patterns.md` maps the patterns of the OpenSSF and OpenJS alert to these.

mod answers;
mod backing;
pub(super) mod chance;
mod chorus;
mod control;
pub(super) mod files;
mod pursuit;

use super::{
    campaign::{Press, Record},
    digest::Quote,
    thread::Statement,
};
use crate::model::Output;

/// What a signal points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalKind {
    /// One actor asks for the same again and again.
    PersistentPursuit,
    /// Urgency or strength rises from message to message.
    RisingUrgency,
    /// A newcomer asks for control.
    NewcomerControl,
    /// Something should get in with less scrutiny.
    BypassAsk,
    /// Newcomers press together who came at about the same time.
    NewcomersTogether,
    /// Two actors word their messages alike, beyond chance.
    SimilarWording,
    /// Somebody presses for another, or vouches for another.
    EndorsementChain,
    /// Pressing went on after a maintainer had admitted tiredness.
    AfterTiredness,
    /// A maintainer yielded.
    Concession,
    /// A newcomer sends test data that cannot be read as text.
    BinaryTestFiles,
    /// A newcomer sends what is generated, packed or minified.
    OpaqueFiles,
    /// A newcomer changes what builds, checks or releases the project.
    BuildFiles,
}

impl SignalKind {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::PersistentPursuit => "persistent-pursuit",
            Self::RisingUrgency => "rising-urgency",
            Self::NewcomerControl => "newcomer-control",
            Self::BypassAsk => "bypass-ask",
            Self::NewcomersTogether => "newcomers-together",
            Self::SimilarWording => "similar-wording",
            Self::EndorsementChain => "endorsement-chain",
            Self::AfterTiredness => "after-tiredness",
            Self::Concession => "concession",
            Self::BinaryTestFiles => "binary-test-files",
            Self::OpaqueFiles => "opaque-files",
            Self::BuildFiles => "build-files",
        }
    }
}

/// A message and, where words carry the signal, the words.
#[derive(Debug, Clone, PartialEq)]
pub struct Pointer {
    /// Message id.
    pub message: Box<str>,
    /// The words, if there are some.
    pub quote: Option<Quote>,
    /// The files, where the signal is about files; a dozen at most.
    pub paths: Vec<Box<str>>,
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// What it points at.
    pub kind: SignalKind,
    /// One plain sentence.
    pub sentence: String,
    /// Where it shows, in the order of the messages.
    pub evidence: Vec<Pointer>,
}

/// All signals of a candidate, in the order of their kinds.
pub(super) fn all(record: &Record) -> Vec<Signal> {
    [
        pursuit::persistent,
        pursuit::rising,
        control::newcomer,
        control::bypass,
        chorus::together,
        chorus::wording,
        backing::chain,
        answers::after_tiredness,
        answers::concession,
    ]
    .iter()
    .filter_map(|signal| signal(record))
    .chain(files::of(&record.changes()))
    .collect()
}

/// Points at a message and at the strongest words for one of `outputs`; at the strongest of all where there are none.
fn point(press: &Press, outputs: &[Output]) -> Pointer {
    let best = press.evidence.iter().find(|(output, _)| outputs.contains(output));
    let quote = best.or(press.evidence.first()).map(|(_, quote)| quote.clone());
    Pointer { message: press.id.clone(), quote, paths: Vec::new() }
}

fn point_at(statement: &Statement) -> Pointer {
    Pointer { message: statement.message.clone(), quote: Some(statement.quote.clone()), paths: Vec::new() }
}

/// "less than a day", "1 day", "3 days".
fn days(seconds: i64) -> String {
    match seconds / super::author::DAY {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        n => format!("{n} days"),
    }
}

/// "A, B and C", each once, in the order given.
fn people<'p>(presses: impl Iterator<Item = &'p Press>) -> String {
    let mut seen = Vec::new();
    let mut names = Vec::new();
    for press in presses {
        if !seen.contains(&press.author) {
            seen.push(press.author);
            names.push(press.who.shown());
        }
    }
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => "nobody".to_owned(),
    }
}

#[cfg(test)]
mod tests;
