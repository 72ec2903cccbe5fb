//! Somebody presses for another.

use super::{Pointer, Signal, SignalKind, people, point, point_at};
use crate::{
    Label,
    context::{
        campaign::{Press, Record},
        phrases::Saying,
    },
    model::Output,
};

/// One is named in asking or backing, or pressed for in their own thread, by others.
pub(super) fn chain(record: &Record) -> Option<Signal> {
    let beneficiary = record.beneficiary()?;
    let supports = |press: &&Press| {
        let names = press.named.contains(&beneficiary.person) && beneficiary.backers.contains(&press.author);
        let presses_there = press.starter == Some(beneficiary.person) && press.author != beneficiary.person;
        names || presses_there
    };
    let presses: Vec<&Press> = record.active().iter().filter(supports).collect();
    presses.first()?;
    let name = record.people.get(&beneficiary.person)?.shown();
    let who = people(presses.iter().copied());
    let is_one = presses.iter().all(|press| press.author == presses[0].author);
    let verb = match (is_one, beneficiary.backers.is_empty()) {
        (true, true) => "presses in a thread that was begun by",
        (false, true) => "press in a thread that was begun by",
        (true, false) => "presses for or names",
        (false, false) => "press for or name",
    };
    let sentence = format!("{who} {verb} {name}: {}.", beneficiary.reasons().join("; "));
    let outputs = [Output::Label(Label::Endorsement), Output::Label(Label::Takeover)];
    let mut evidence: Vec<Pointer> = presses.iter().map(|press| point(press, &outputs)).collect();
    let names = record.heard().filter(|it| matches!(it.saying, Saying::Concession | Saying::Grant));
    evidence.extend(names.filter(|it| it.named.contains(&beneficiary.person)).map(point_at));
    Some(Signal { kind: SignalKind::EndorsementChain, sentence, evidence })
}
