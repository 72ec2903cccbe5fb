//! What a campaign model does on plantings of the test half and on all real messages.

use std::collections::BTreeMap;

use serde::Serialize;
use undue::{context::CampaignModel, model::Model};

use super::{
    candidate::Candidate,
    plant::Planting,
    report::{Alarm, Report, Share},
    script::Class,
    setup::{Setup, planted},
    split::Half,
};
use crate::{
    evaluate::Figure,
    metrics::bootstrap::{Clusters, Settings, intervals},
};

/// What became of one planting.
#[derive(Debug, Clone, Copy)]
pub struct Outcome<'p> {
    /// What was planted.
    pub planting: &'p Planting<'p>,
    /// When the first alarm was raised, in seconds since 1970.
    pub alarm: Option<i64>,
}

/// Facts of a measurement.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Plan {
    /// Seed of planting and bootstrap.
    pub seed: u64,
    /// Projects in which each script is planted.
    pub copies: usize,
    /// Resamples of the bootstrap.
    pub resamples: u64,
}

/// Measures a model.
pub fn measure(setup: &Setup, text_model: &Model, model: &CampaignModel, plan: Plan) -> Report {
    let plantings = setup.plantings(Half::Test, plan.copies, plan.seed);
    let found = planted(&plantings, text_model, Some(model));
    let outcomes: Vec<Outcome<'_>> =
        plantings.iter().zip(&found).map(|(planting, own)| outcome(planting, own, model)).collect();
    let real = setup.real(&[Half::Training, Half::Test], Some(model));
    let of = |class: Class| -> Vec<Outcome<'_>> {
        outcomes.iter().filter(|it| it.planting.script.class == class).copied().collect()
    };
    let settings = Settings { seed: plan.seed, resamples: plan.resamples };
    let (campaigns, look_alikes) = (of(Class::Campaign), of(Class::LookAlike));
    Report {
        text_model: text_model.hash().to_owned(),
        campaign_model: format!("{} {}", model.name, model.version),
        threshold: model.threshold,
        plan,
        campaigns: shares(&campaigns, settings),
        look_alikes: shares(&look_alikes, settings),
        delay: median_delay(&campaigns, settings),
        false_alarms: false_alarms(setup, &real, model, settings),
        alarms: real.iter().filter_map(|candidate| Alarm::of(candidate, model)).collect(),
        missed: names(&campaigns, false),
        mistaken: names(&look_alikes, true),
    }
}

fn outcome<'p>(planting: &'p Planting<'p>, own: &[Candidate], model: &CampaignModel) -> Outcome<'p> {
    let alarms = own.iter().filter_map(|candidate| model.alarm(&candidate.points));
    Outcome { planting, alarm: alarms.map(|alarm| alarm.at).min() }
}

/// Scripts with plantings that raised an alarm, or that raised none; "name 2/3" where it is two of three.
fn names(outcomes: &[Outcome<'_>], alarmed: bool) -> Vec<String> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for it in outcomes {
        let count = counts.entry(&it.planting.script.name).or_default();
        count.0 += usize::from(it.alarm.is_some() == alarmed);
        count.1 += 1;
    }
    let some = counts.into_iter().filter(|(_, (own, _))| *own > 0);
    some.map(|(name, (own, all))| format!("{name} {own}/{all}")).collect()
}

/// Shares of plantings that raised an alarm: all, by style and by ask. Plantings of one script are drawn together.
fn shares(outcomes: &[Outcome<'_>], settings: Settings) -> Vec<Share> {
    let mut groups: BTreeMap<String, Vec<Outcome<'_>>> = BTreeMap::new();
    for it in outcomes {
        let script = it.planting.script;
        for name in ["all".to_owned(), format!("ask: {}", script.ask), format!("style: {}", script.style)] {
            groups.entry(name).or_default().push(*it);
        }
    }
    groups.into_iter().map(|(name, own)| share(name, &own, settings)).collect()
}

fn share(name: String, own: &[Outcome<'_>], settings: Settings) -> Share {
    let alarmed = |counts: &[f64]| {
        let part: f64 = counts.iter().zip(own).filter(|(_, it)| it.alarm.is_some()).map(|(n, _)| n).sum();
        vec![part / counts.iter().sum::<f64>()]
    };
    let scripts = Clusters::new(own.iter().map(|it| &it.planting.script.name));
    let interval = intervals(&scripts, settings, alarmed)[0];
    Share { name, plantings: own.len(), alarmed: Figure::new(alarmed(&vec![1.0; own.len()])[0], interval) }
}

/// Messages of the script between the second pressing one and the alarm, where there was one.
fn median_delay(outcomes: &[Outcome<'_>], settings: Settings) -> Figure {
    let raised = outcomes.iter().filter_map(|it| Some((it.planting, it.planting.delay(it.alarm?))));
    let mut delays: Vec<(&Planting<'_>, usize)> = raised.collect();
    delays.sort_by_key(|(planting, delay)| (*delay, &planting.script.name));
    if delays.is_empty() {
        return Figure::new(f64::NAN, None);
    }
    let median = |counts: &[f64]| {
        let half = counts.iter().sum::<f64>() / 2.0;
        let mut below = 0.0;
        let at = counts.iter().position(|count| {
            below += count;
            below >= half
        });
        vec![at.map_or(f64::NAN, |at| delays[at].1 as f64)]
    };
    let scripts = Clusters::new(delays.iter().map(|(planting, _)| &planting.script.name));
    Figure::new(median(&vec![1.0; delays.len()])[0], intervals(&scripts, settings, median)[0])
}

/// Alarms in 20,000 real messages, by half and of all. Corpora are drawn whole.
fn false_alarms(
    setup: &Setup,
    real: &[Candidate],
    model: &CampaignModel,
    settings: Settings,
) -> Vec<(String, usize, Figure)> {
    let mut alarms: BTreeMap<&str, f64> = BTreeMap::new();
    for candidate in real.iter().filter(|it| model.alarm(&it.points).is_some()) {
        *alarms.entry(&candidate.group).or_default() += 1.0;
    }
    let rate = |halves: &[Half]| {
        let own =
            setup.archives.iter().filter(|it| setup.half_of(&it.corpus).is_some_and(|h| halves.contains(&h)));
        let counts: Vec<(f64, f64)> = own
            .map(|it| (it.messages() as f64, alarms.get(it.corpus.as_str()).copied().unwrap_or_default()))
            .collect();
        let rate = |drawn: &[f64]| {
            let sum =
                |of: fn(&(f64, f64)) -> f64| drawn.iter().zip(&counts).map(|(n, it)| n * of(it)).sum::<f64>();
            vec![20_000.0 * sum(|it| it.1) / sum(|it| it.0)]
        };
        let interval = intervals(&Clusters::new(0..counts.len()), settings, rate)[0];
        let messages = counts.iter().map(|it| it.0).sum::<f64>() as usize;
        (messages, Figure::new(rate(&vec![1.0; counts.len()])[0], interval))
    };
    let of = |name: &str, halves: &[Half]| {
        let (messages, figure) = rate(halves);
        (name.to_owned(), messages, figure)
    };
    vec![
        of("all corpora", &[Half::Training, Half::Test]),
        of("training half", &[Half::Training]),
        of("test half", &[Half::Test]),
    ]
}
