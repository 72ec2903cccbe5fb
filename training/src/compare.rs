//! Two models on the same messages.

use std::collections::BTreeMap;

use anyhow::ensure;
use serde::Serialize;
use undue::model::{Model, Output};

use crate::{
    evaluate::{EvaluationSet, Figure, ModelFacts},
    metrics::{
        Measure, Ranking,
        bootstrap::{self, Settings},
    },
};

/// A model and what it said of the messages.
#[derive(Debug, Clone, Copy)]
pub struct Contestant<'c> {
    /// The model.
    pub model: &'c Model,
    /// Its probabilities.
    pub set: &'c EvaluationSet,
}

/// What differs between two models on one split.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// The first model.
    pub before: ModelFacts,
    /// The second model.
    pub after: ModelFacts,
    /// Messages compared.
    pub messages: usize,
    /// By output.
    pub outputs: BTreeMap<String, Difference>,
}

/// What differs in one output.
#[derive(Debug, Serialize)]
pub struct Difference {
    /// The second model's figure less the first's, with paired intervals.
    pub figures: BTreeMap<Measure, Figure>,
    /// Messages that reach the threshold only in the second model.
    pub gained: Vec<Changed>,
    /// Messages that reach it only in the first.
    pub lost: Vec<Changed>,
}

/// A message that changed side of a threshold.
#[derive(Debug, Serialize, PartialEq)]
pub struct Changed {
    /// Corpus.
    pub source: String,
    /// Id in the corpus.
    pub id: String,
    /// True if it is a positive of the output.
    pub positive: bool,
    /// Probability by the first and by the second model.
    pub probabilities: [f64; 2],
}

/// Compares two models that scored the same messages; every resample of the bootstrap is drawn once for both.
///
/// # Errors
/// If the messages are not the same.
pub fn compare(
    before: Contestant<'_>,
    after: Contestant<'_>,
    bootstrap: Settings,
) -> anyhow::Result<Comparison> {
    let ids = |set: &EvaluationSet| -> Vec<String> {
        set.examples.iter().map(|example| format!("{} {}", example.source, example.message.id)).collect()
    };
    ensure!(ids(before.set) == ids(after.set), "the models scored different messages");
    let difference =
        |output: Output| (output.name().to_owned(), difference(output, before, after, bootstrap));
    Ok(Comparison {
        before: ModelFacts::new(before.model),
        after: ModelFacts::new(after.model),
        messages: before.set.main.len(),
        outputs: Output::all().map(difference).collect(),
    })
}

fn difference(
    output: Output,
    before: Contestant<'_>,
    after: Contestant<'_>,
    bootstrap: Settings,
) -> Difference {
    let part = &before.set.main;
    let both = [before, after].map(|Contestant { model, set }| {
        let ranking: Ranking = set.ranking(output, part, |i| set.probability(output, i));
        (ranking, model.facts(output).threshold)
    });
    let differences = |counts: &[f64]| -> Vec<f64> {
        let [a, b] = both.each_ref().map(|(ranking, threshold)| {
            let counts = ranking.arrange(counts);
            Measure::ALL.map(|measure| measure.of(ranking, &counts, *threshold))
        });
        a.iter().zip(b).map(|(a, b)| b - a).collect()
    };
    let values = differences(&vec![1.0; part.len()]);
    let intervals = bootstrap::intervals(&before.set.clusters(part), bootstrap, differences);
    let figures = values.into_iter().zip(intervals).map(|(value, interval)| Figure::new(value, interval));
    let (gained, lost) = changed(output, before, after);
    Difference { figures: Measure::ALL.into_iter().zip(figures).collect(), gained, lost }
}

/// Messages that reach the threshold only in the second model, and only in the first.
fn changed(output: Output, before: Contestant<'_>, after: Contestant<'_>) -> (Vec<Changed>, Vec<Changed>) {
    let reached =
        |one: Contestant<'_>, i: usize| one.set.probability(output, i) >= one.model.facts(output).threshold;
    let change = |&i: &usize| {
        let (was, is) = (reached(before, i), reached(after, i));
        let example = &before.set.examples[i];
        let changed = Changed {
            source: example.source.clone(),
            id: example.message.id.clone(),
            positive: example.is(output),
            probabilities: [before, after].map(|one| one.set.probability(output, i)),
        };
        (was != is).then_some((is, changed))
    };
    let (gained, lost): (Vec<_>, Vec<_>) =
        before.set.main.iter().filter_map(change).partition(|(gained, _)| *gained);
    let plain = |rows: Vec<(bool, Changed)>| rows.into_iter().map(|(_, changed)| changed).collect();
    (plain(gained), plain(lost))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use undue::{Level, Message, model::OUTPUTS};

    use super::*;
    use crate::example::Example;

    fn set(probabilities: [f64; 4]) -> EvaluationSet {
        let levels = [Level::Pressure, Level::Ordinary, Level::Pressure, Level::Ordinary];
        let examples = levels.into_iter().enumerate().map(|(n, level)| {
            let message = Message { id: n.to_string(), ..Message::default() };
            Example { level, ..Example::ordinary("list", message) }
        });
        EvaluationSet::alike("few", examples.collect(), probabilities.map(|p| [p; OUTPUTS]).to_vec())
    }

    #[test]
    fn differences_are_paired_and_changes_named() {
        let model = Model::embedded().unwrap();
        let (worse, better) = (set([0.0, 1.0, 0.0, 0.0]), set([1.0, 0.0, 0.0, 0.0]));
        let one = |set| Contestant { model: &model, set };
        let settings = Settings { seed: 1, resamples: 50 };
        let same = compare(one(&worse), one(&worse), settings).unwrap();
        let zero = Figure(Some(0.0), Some(0.0), Some(0.0));
        assert_eq!(same.outputs["pressure"].figures[&Measure::RocAuc], zero);
        let comparison = compare(one(&worse), one(&better), settings).unwrap();
        let pressure = &comparison.outputs["pressure"];
        assert_eq!(pressure.figures[&Measure::Recall].0, Some(0.5));
        assert_eq!((pressure.gained.len(), pressure.lost.len()), (1, 1));
        assert!(pressure.gained[0].positive && pressure.gained[0].id == "0" && pressure.lost[0].id == "1");
    }

    #[test]
    fn different_messages_are_refused() {
        let model = Model::embedded().unwrap();
        let (a, mut b) = (set([0.1; 4]), set([0.1; 4]));
        b.examples[2].message.id = "other".into();
        let one = |set| Contestant { model: &model, set };
        assert!(compare(one(&a), one(&b), Settings::default()).is_err());
    }
}
