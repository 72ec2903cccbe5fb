//! What maintainers said, and what came after it.

use super::{Pointer, Signal, SignalKind, days, people, point, point_at};
use crate::{
    Label,
    context::{
        campaign::{Press, Record},
        phrases::Saying,
    },
    model::Output,
};

/// Pressing that went on after a maintainer had admitted tiredness.
pub(super) fn after_tiredness(record: &Record) -> Option<Signal> {
    let admitted = record.heard_first(Saying::Tiredness)?;
    let presses: Vec<&Press> = record.active().iter().filter(|press| press.at > admitted.at).collect();
    let first = presses.first()?;
    let who = people(presses.iter().copied());
    let sentence = format!(
        "{who} pressed on after {} had spoken of tiredness or lack of time; the first time {} later.",
        admitted.author.shown(),
        days(first.at - admitted.at)
    );
    let outputs = [Output::Label(Label::Guilt), Output::Label(Label::Ultimatum)];
    let evidence: Vec<Pointer> = std::iter::once(point_at(admitted))
        .chain(presses.iter().map(|press| point(press, &outputs)))
        .collect();
    Some(Signal { kind: SignalKind::AfterTiredness, sentence, evidence })
}

/// A maintainer yielded in words or gave access.
pub(super) fn concession(record: &Record) -> Option<Signal> {
    let granted = record.heard_first(Saying::Grant);
    let statement = granted.or_else(|| record.heard_first(Saying::Concession))?;
    let what = if granted.is_some() { "gave access or a role" } else { "yielded in words" };
    let since = record.active().first().map_or(0, |press| statement.at - press.at);
    let sentence = format!("{} {what}, {} after the first message.", statement.author.shown(), days(since));
    Some(Signal { kind: SignalKind::Concession, sentence, evidence: vec![point_at(statement)] })
}
