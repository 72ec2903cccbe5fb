//! The numbers by which a candidate is judged. Each is `0..=1`; a count enters by its logarithm.
//!
//! "Weight" is how strongly a message presses ([`Strengths::pressing`], one half at the text model's threshold), so
//! that weak messages count for little and nothing hangs on one threshold.
//!
//! [`Strengths::pressing`]: crate::context::Strengths::pressing

use std::collections::BTreeMap;

use super::{Ask, Press, Record};
use crate::{
    Label,
    context::{author::DAY, digest::Key, phrases::Saying, signal::chance},
    model::Output,
};

/// How many features there are.
pub const FEATURES: usize = 24;

/// Their names, in the order of models.
pub const FEATURE_NAMES: [&str; FEATURES] = [
    "messages",
    "actors",
    "crowd",
    "newcomers",
    "work",
    "standing",
    "pressure",
    "takeover_max",
    "takeover_mean",
    "control_asks",
    "newcomer_control",
    "blame",
    "urgency",
    "bypass",
    "endorsement",
    "beneficiary",
    "concession",
    "tiredness",
    "threads",
    "span",
    "pursuit",
    "rising",
    "co_appearance",
    "wording",
];

/// The features of a candidate, `0..=1` each:
///
/// | name | what it is |
/// |---|---|
/// | `messages` | `ln(1 + sum of weights) / ln 13`, at most 1 |
/// | `actors` | effective number of actors (inverse Simpson index of their weights), `log2 / 2`, at most 1: 0 for one |
/// | `crowd` | effective number of actors beyond four, `log2(n / 4) / 3`, at most 1; speaks against: what angers many is more likely a fault |
/// | `newcomers` | share of the weight that comes from newcomers |
/// | `work` | share of work in all that the actors wrote in the project; speaks against |
/// | `standing` | mean over actors of `ln(1 + messages before) / ln 101`, at most 1; speaks against |
/// | `pressure` | mean weight |
/// | `takeover_max` | strongest takeover pressure |
/// | `takeover_mean` | takeover pressure, mean by weight |
/// | `control_asks` | share of the weight that asks for control |
/// | `newcomer_control` | share of the weight that asks for control and comes from newcomers |
/// | `blame` | guilt or ultimatum, whichever is stronger, mean by weight |
/// | `urgency` | urgency, mean by weight |
/// | `bypass` | strongest bypass of a message that presses |
/// | `endorsement` | the chance that at least one endorsement holds, if each held with its strength above one half |
/// | `beneficiary` | support for the one who is asked for most; named by actors, pressed for, offering, named in yielding |
/// | `concession` | 1 if a maintainer granted, one half if a maintainer yielded in words |
/// | `tiredness` | share of the weight that came after a maintainer had admitted tiredness |
/// | `threads` | `log2` of the number of threads `/ 2`, at most 1; each counts by twice its greatest weight, at most 1 |
/// | `span` | `ln(1 + days) / ln(1 + days of the window)` |
/// | `pursuit` | `ln` of the most messages by one actor `/ ln 8`, at most 1; each counts by twice its weight, at most 1 |
/// | `rising` | mean weight of the later half less that of the earlier, if there are four or more |
/// | `co_appearance` | `-log10 / 4` of the chance that the newcomers came together by accident; at most 1 |
/// | `wording` | `-log10 / 2` of the least chance that two actors' words are alike by accident; at most 1 |
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CampaignFeatures([f64; FEATURES]);

impl CampaignFeatures {
    /// Features from their values in the order of [`FEATURE_NAMES`]; what is out of range is brought into it.
    pub fn new(values: [f64; FEATURES]) -> Self {
        Self(values.map(|value| if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) }))
    }

    /// The values, in the order of [`FEATURE_NAMES`].
    pub fn values(&self) -> &[f64; FEATURES] {
        &self.0
    }

    /// The value of the feature with that name.
    pub fn get(&self, name: &str) -> Option<f64> {
        FEATURE_NAMES.iter().position(|known| *known == name).map(|at| self.0[at])
    }

    pub(in crate::context) fn of(record: &Record) -> Self {
        let presses = record.active();
        let all = Weighed::new(presses);
        let actors = by_actor(presses);
        let days = presses.first().map_or(0, |first| (record.last - first.at) / DAY);
        let window = (record.window / DAY) as f64;
        let strength = |output: Output| move |press: &Press| press.strengths.of(output);
        let label = |label: Label| strength(Output::Label(label));
        let effective = effective_actors(&actors);
        let asks = |press: &Press| f64::from(u8::from(press.ask == Ask::Control));
        Self::new([
            (1.0 + all.total).ln() / 13_f64.ln(),
            effective.log2() / 2.0,
            (effective / 4.0).log2() / 3.0,
            all.mean(|press| press.standing.newness),
            work_share(&actors),
            mean_standing(&actors),
            all.total / presses.len().max(1) as f64,
            all.max(strength(Output::TAKEOVER_PRESSURE)),
            all.mean(strength(Output::TAKEOVER_PRESSURE)),
            all.mean(asks),
            all.mean(|press| asks(press) * press.standing.newness),
            all.mean(|press| {
                press.strengths.label(Label::Guilt).max(press.strengths.label(Label::Ultimatum))
            }),
            all.mean(label(Label::Urgency)),
            all.max(|press| press.strengths.label(Label::Bypass).min(press.weight())),
            endorsement(presses),
            record.beneficiary().map_or(0.0, |beneficiary| beneficiary.support),
            concession(record),
            tiredness(record, &all),
            threads(presses).log2() / 2.0,
            (1.0 + days as f64).ln() / (1.0 + window).ln(),
            most(&actors).ln() / 8_f64.ln(),
            rising(presses),
            -chance::co_appearance(record).log10() / 4.0,
            -presses.iter().map(|press| press.wording).fold(1.0, f64::min).log10() / 2.0,
        ])
    }
}

/// Messages with their weights.
struct Weighed<'r> {
    presses: &'r [Press],
    total: f64,
}

impl<'r> Weighed<'r> {
    fn new(presses: &'r [Press]) -> Self {
        Self { presses, total: presses.iter().map(Press::weight).sum() }
    }

    fn mean(&self, value: impl Fn(&Press) -> f64) -> f64 {
        let sum: f64 = self.presses.iter().map(|press| press.weight() * value(press)).sum();
        if self.total > 0.0 { sum / self.total } else { 0.0 }
    }

    fn max(&self, value: impl Fn(&Press) -> f64) -> f64 {
        self.presses.iter().map(value).fold(0.0, f64::max)
    }
}

pub(in crate::context) fn by_actor(presses: &[Press]) -> BTreeMap<Key, Vec<&Press>> {
    let mut actors: BTreeMap<Key, Vec<&Press>> = BTreeMap::new();
    presses.iter().for_each(|press| actors.entry(press.author).or_default().push(press));
    actors
}

/// Simpson (1949), inverted: 2 for two who press alike, hardly more than 1 for one who presses and one who nods.
fn effective_actors(actors: &BTreeMap<Key, Vec<&Press>>) -> f64 {
    let weights = actors.values().map(|presses| presses.iter().map(|press| press.weight()).sum::<f64>());
    let (sum, squares) = weights.fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    if squares > 0.0 { sum * sum / squares } else { 1.0 }
}

/// Each actor's latest standing tells their work; the messages of the candidate itself are among what they wrote.
fn work_share(actors: &BTreeMap<Key, Vec<&Press>>) -> f64 {
    let latest = actors.values().filter_map(|presses| presses.last());
    let (work, all) = latest.fold((0, 0), |(work, all), press| {
        (work + press.standing.work_total(), all + press.standing.messages + 1)
    });
    f64::from(work) / f64::from(all.max(1))
}

fn mean_standing(actors: &BTreeMap<Key, Vec<&Press>>) -> f64 {
    let first = actors.values().filter_map(|presses| presses.first());
    let sum: f64 = first
        .map(|press| (1.0 + f64::from(press.standing.messages)).ln() / 101_f64.ln())
        .map(|x| x.min(1.0))
        .sum();
    sum / actors.len().max(1) as f64
}

fn endorsement(presses: &[Press]) -> f64 {
    let strengths = presses.iter().map(|press| press.strengths.label(Label::Endorsement));
    let none: f64 = strengths.filter(|strength| *strength >= 0.5).map(|strength| 1.0 - strength).product();
    1.0 - none
}

fn concession(record: &Record) -> f64 {
    let (granted, yielded) = (record.heard_first(Saying::Grant), record.heard_first(Saying::Concession));
    if granted.is_some() {
        1.0
    } else if yielded.is_some() {
        0.5
    } else {
        0.0
    }
}

fn tiredness(record: &Record, all: &Weighed<'_>) -> f64 {
    let Some(admitted) = record.heard_first(Saying::Tiredness) else { return 0.0 };
    all.mean(|press| f64::from(u8::from(press.at > admitted.at)))
}

/// How much a message counts as one: wholly from the threshold on.
fn presence(press: &Press) -> f64 {
    (2.0 * press.weight()).min(1.0)
}

/// At least 1.
fn most(actors: &BTreeMap<Key, Vec<&Press>>) -> f64 {
    let each = actors.values().map(|presses| presses.iter().map(|press| presence(press)).sum::<f64>());
    each.fold(1.0, f64::max)
}

/// At least 1.
fn threads(presses: &[Press]) -> f64 {
    let mut threads: BTreeMap<Key, f64> = BTreeMap::new();
    for press in presses {
        let strongest = threads.entry(press.thread).or_default();
        *strongest = strongest.max(presence(press));
    }
    threads.values().sum::<f64>().max(1.0)
}

fn rising(presses: &[Press]) -> f64 {
    if presses.len() < 4 {
        return 0.0;
    }
    let mean = |part: &[Press]| part.iter().map(Press::weight).sum::<f64>() / part.len() as f64;
    let (earlier, later) = presses.split_at(presses.len() / 2);
    mean(later) - mean(earlier)
}
