//! Several voices: newcomers who came together, and words that are alike.

use super::{Signal, SignalKind, chance, days, people, point};
use crate::context::campaign::{Press, Record};

/// Coincidences that are at least so likely are not worth a word.
const CHANCE: f64 = 0.05;

/// Newcomers who press together and were first seen near each other.
pub(super) fn together(record: &Record) -> Option<Signal> {
    let newcomers = chance::newcomers(record);
    let p = chance::co_appearance(record);
    if newcomers.len() < 2 || p >= CHANCE {
        return None;
    }
    let seen = newcomers.iter().map(|press| press.standing.first_seen);
    let (first, last) = seen.fold((i64::MAX, i64::MIN), |(lo, hi), at| (lo.min(at), hi.max(at)));
    let who = people(newcomers.iter().copied());
    let idle = newcomers.iter().all(|press| press.standing.work_total() == 0);
    let work = if idle { ", none with any work before" } else { "" };
    let sentence = format!(
        "{who} appeared together: first seen within {} of each other{work} (chance of that here {}).",
        days(last - first),
        percent(p)
    );
    let evidence = newcomers.iter().map(|press| point(press, &[])).collect();
    Some(Signal { kind: SignalKind::NewcomersTogether, sentence, evidence })
}

/// The message whose likeness to another actor's is least likely by chance.
pub(super) fn wording(record: &Record) -> Option<Signal> {
    let least = |a: &&Press, b: &&Press| a.wording.total_cmp(&b.wording);
    let press = record.active().iter().min_by(least).filter(|press| press.wording < CHANCE)?;
    let sentence = format!(
        "A message of {} is worded more like one of another actor than {} of other pressing messages are.",
        press.who.shown(),
        percent(1.0 - press.wording)
    );
    Some(Signal { kind: SignalKind::SimilarWording, sentence, evidence: vec![point(press, &[])] })
}

/// With as many digits as matter.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    match percent {
        p if p < 0.1 => "below 0.1 %".to_owned(),
        p if p < 10.0 => format!("{p:.1} %"),
        p => format!("{p:.0} %"),
    }
}
