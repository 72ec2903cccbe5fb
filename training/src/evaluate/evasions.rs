//! How much of what a model finds it still finds when the text is disguised or hidden.
//!
//! Positives are taken from all labelled messages but the replay, and from the authored texts and those held out. The
//! model has been fitted on most of them: their recall flatters it, and only the drop is of interest.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use undue::{Level, Scorer, model::Model};

use super::{report::Figure, table::Table, texts::cell};
use crate::{
    example::{self, Example},
    inputs::Folders,
    metrics::bootstrap::{self, Clusters, Settings},
};

mod hide;
mod spell;
mod way;

pub use way::Way;

/// Recall of `pressure` before and after one evasion.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Evasion {
    /// Positives that it changed.
    pub messages: usize,
    /// Their recall as they are.
    pub before: Figure,
    /// Their recall when rewritten.
    pub after: Figure,
    /// The difference, in points of a hundred.
    pub drop: Figure,
}

/// Recall under each evasion, by group of messages (`labels`, `authored`, `held-out`, and `all`), then by evasion.
pub type Evasions = BTreeMap<String, BTreeMap<String, Evasion>>;

/// Rewrites all positives in every way and scores them.
///
/// # Errors
/// If a file cannot be read.
pub fn measure(
    model: &Model,
    folders: &Folders,
    bootstrap: Settings,
    progress: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<Evasions> {
    let mut examples = folders.load()?.examples;
    let held_out = example::read_authored(&folders.datasets.join("authored/held-out"))?;
    examples.extend(held_out.into_iter().map(|example| Example { stratum: HELD_OUT.into(), ..example }));
    progress(&format!("{} labelled messages", examples.len()));
    Ok(measure_examples(model, &examples, bootstrap))
}

const HELD_OUT: &str = "held-out";

fn group(example: &Example) -> &'static str {
    match example.is_authored() {
        true if example.stratum == HELD_OUT => HELD_OUT,
        true => "authored",
        false => "labels",
    }
}

/// The same of the positives among `examples`; the others serve as long texts to hide in.
pub fn measure_examples(model: &Model, examples: &[Example], bootstrap: Settings) -> Evasions {
    let positives: Vec<&Example> =
        examples.iter().filter(|example| example.level >= Level::Pressure).collect();
    let hay = hide::Hay::of(examples);
    let before = found(model, positives.iter().map(|example| Some(example.message.clone())).collect());
    let mut evasions = Evasions::new();
    for way in Way::ALL {
        let rewritten =
            positives.par_iter().enumerate().map(|(i, example)| way.rewrite(example, i, &hay)).collect();
        let after = found(model, rewritten);
        let changed: Vec<usize> = (0..positives.len()).filter(|&i| after[i].is_some()).collect();
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::from([("all", changed.clone())]);
        changed.iter().for_each(|&i| groups.entry(group(positives[i])).or_default().push(i));
        for (name, part) in groups {
            let clusters = Clusters::new(part.iter().map(|&i| positives[i].thread()));
            let hits: Vec<[bool; 2]> =
                part.iter().map(|&i| [&before, &after].map(|found| found[i] == Some(true))).collect();
            let evasion = evasion(&hits, &clusters, bootstrap);
            evasions.entry(name.into()).or_default().insert(way.name().into(), evasion);
        }
    }
    evasions
}

/// Whether each message, where there is one, reaches the level of pressure.
fn found(model: &Model, messages: Vec<Option<undue::Message>>) -> Vec<Option<bool>> {
    let score = |scorer: &mut Scorer<'_>, message: Option<undue::Message>| {
        message.map(|message| scorer.score(&message).level >= Level::Pressure)
    };
    messages.into_par_iter().map_init(|| Scorer::new(model), score).collect()
}

fn evasion(hits: &[[bool; 2]], clusters: &Clusters, bootstrap: Settings) -> Evasion {
    let statistics = |counts: &[f64]| {
        let all: f64 = counts.iter().sum();
        let recall = |side: usize| {
            counts.iter().zip(hits).filter(|(_, hit)| hit[side]).map(|(count, _)| count).sum::<f64>() / all
        };
        vec![recall(0), recall(1), 100.0 * (recall(0) - recall(1))]
    };
    let intervals = bootstrap::intervals(clusters, bootstrap, statistics);
    let values = statistics(&vec![1.0; hits.len()]);
    let figure = |k: usize| Figure::new(values[k], intervals.get(k).copied().flatten());
    Evasion { messages: hits.len(), before: figure(0), after: figure(1), drop: figure(2) }
}

/// One table for each group.
pub(crate) fn tables(evasions: &Evasions) -> Vec<Table> {
    let table = |(group, ways): (&String, &BTreeMap<String, Evasion>)| {
        let title = format!("evasions of pressure: {group}");
        let mut table = Table::new(title, ["way", "messages", "recall", "rewritten", "drop in points"]);
        table.rows.extend(ways.iter().map(|(way, evasion)| {
            let figures = [&evasion.before, &evasion.after, &evasion.drop].map(|figure| cell(Some(figure)));
            [way.clone(), evasion.messages.to_string()].into_iter().chain(figures).collect()
        }));
        table
    };
    evasions.iter().map(table).collect()
}

#[cfg(test)]
mod tests {
    use undue::Message;

    use super::*;

    #[test]
    fn drops_are_differences_in_points() {
        let hits = [[true, true], [true, false], [false, false], [true, true]];
        let evasion = evasion(&hits, &Clusters::new(0..4), Settings { seed: 1, resamples: 20 });
        assert_eq!((evasion.before.0, evasion.after.0, evasion.drop.0), (Some(0.75), Some(0.5), Some(25.0)));
    }

    #[test]
    fn disguises_alone_cost_nothing() {
        let body = "Two years without a release. You clearly lost interest, so please give commit access to someone else.";
        let message = Message { id: "a".into(), body: body.into(), ..Message::default() };
        let example = Example { level: Level::TakeoverPressure, ..Example::ordinary("list", message) };
        let model = Model::embedded().unwrap();
        let evasions = measure_examples(&model, &[example], Settings { seed: 1, resamples: 2 });
        for (way, evasion) in &evasions["labels"] {
            assert_eq!(evasion.before.0, Some(1.0));
            if !["long-text", "quote"].contains(&way.as_str()) {
                assert_eq!(evasion.after.0, Some(1.0), "{way}");
            }
        }
        assert_eq!(tables(&evasions).len(), 2);
    }
}
