//! The same ask again, and with more force.

use super::{Pointer, Signal, SignalKind, days, people, point};
use crate::{
    Label,
    context::campaign::{Press, Record, by_actor},
    model::Output,
};

/// Messages of one actor from which on they pursue.
const MIN_PURSUIT: usize = 3;
/// What they must add up to: a little less than three messages at the threshold.
const MIN_STRENGTH: f64 = 1.2;
/// By how much the later half must exceed the earlier, in strength.
const RISE: f64 = 0.1;

/// One actor who pressed at least three times; the most persistent one.
pub(super) fn persistent(record: &Record) -> Option<Signal> {
    let actors = by_actor(record.active());
    let strength = |presses: &[&Press]| presses.iter().map(|press| press.weight()).sum::<f64>();
    let often = actors.values().filter(|presses| presses.len() >= MIN_PURSUIT);
    // The first of equals, by the key of the actor: the same on every run.
    let most = often.reduce(|best, next| if strength(next) > strength(best) { next } else { best })?;
    let (first, last) = (most.first()?, most.last()?);
    if strength(most) < MIN_STRENGTH {
        return None;
    }
    let threads = distinct_threads(most);
    let place = if threads > 1 { format!("in {threads} threads") } else { "in one thread".to_owned() };
    let within = days(last.at - first.at);
    let sentence = format!("{} presses {} times {place} within {within}.", first.who.shown(), most.len());
    let evidence = most.iter().map(|press| point(press, &[Output::Label(Label::Persistence)])).collect();
    Some(Signal { kind: SignalKind::PersistentPursuit, sentence, evidence })
}

fn distinct_threads(presses: &[&Press]) -> usize {
    let mut threads: Vec<_> = presses.iter().map(|press| press.thread).collect();
    threads.sort_unstable();
    threads.dedup();
    threads.len()
}

/// Later messages press more strongly, or set a clock that earlier ones did not.
pub(super) fn rising(record: &Record) -> Option<Signal> {
    let presses = record.active();
    if presses.len() < 4 {
        return None;
    }
    let (earlier, later) = presses.split_at(presses.len() / 2);
    let mean = |part: &[Press], of: fn(&Press) -> f64| part.iter().map(of).sum::<f64>() / part.len() as f64;
    let urgency = |press: &Press| press.strengths.label(Label::Urgency);
    let rise = (mean(later, Press::weight) - mean(earlier, Press::weight))
        .max(mean(later, urgency) - mean(earlier, urgency));
    if rise < RISE {
        return None;
    }
    let sentence =
        format!("The later messages press more strongly than the earlier ones ({}).", people(later.iter()));
    let evidence: Vec<Pointer> =
        later.iter().map(|press| point(press, &[Output::Label(Label::Urgency)])).collect();
    Some(Signal { kind: SignalKind::RisingUrgency, sentence, evidence })
}
