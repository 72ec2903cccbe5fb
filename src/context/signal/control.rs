//! What is asked for: control, or a way past review.

use super::{Pointer, Signal, SignalKind, people, point};
use crate::{
    Label,
    context::campaign::{Ask, Press, Record},
    model::Output,
};

/// Newcomers who ask that control pass or be shared.
pub(super) fn newcomer(record: &Record) -> Option<Signal> {
    let asks = |press: &&Press| press.ask == Ask::Control && press.standing.is_newcomer();
    let presses: Vec<&Press> = record.active().iter().filter(asks).collect();
    let first = presses.first()?;
    let before = match first.standing.messages {
        0 => "in their first message to the project".to_owned(),
        1 => "after 1 message to the project".to_owned(),
        n => format!("after {n} messages to the project"),
    };
    let who = people(presses.iter().copied());
    let outputs =
        [Output::Label(Label::Takeover), Output::TAKEOVER_PRESSURE, Output::Label(Label::Endorsement)];
    let verb = if presses.iter().all(|press| press.author == first.author) { "asks" } else { "ask" };
    let first_of_all = if verb == "asks" { before } else { format!("{} {before}", first.who.shown()) };
    let sentence = format!("{who} {verb} that control pass or be shared, {first_of_all}.");
    let evidence: Vec<Pointer> = presses.iter().map(|press| point(press, &outputs)).collect();
    Some(Signal { kind: SignalKind::NewcomerControl, sentence, evidence })
}

/// Asks for less scrutiny than usual.
pub(super) fn bypass(record: &Record) -> Option<Signal> {
    let asks = |press: &&Press| press.strengths.label(Label::Bypass) >= 0.5 && press.weight() >= 0.5;
    let presses: Vec<&Press> = record.active().iter().filter(asks).collect();
    presses.first()?;
    let who = people(presses.iter().copied());
    let sentence = format!("The words of {who} may ask for less review or testing than usual.");
    let evidence = presses.iter().map(|press| point(press, &[Output::Label(Label::Bypass)])).collect();
    Some(Signal { kind: SignalKind::BypassAsk, sentence, evidence })
}
