//! From scores to figures.

use std::collections::BTreeMap;

use undue::{
    Label, Level,
    model::{Model, Output},
};

use super::{
    groups::groups,
    report::{Figure, Offers, Row, SplitReport},
    set::EvaluationSet,
};
use crate::{
    heads::Margins,
    metrics::{
        Measure, Ranking,
        bootstrap::{self, Clusters, Settings},
    },
};

/// Positives beyond which ranks tell a reader nothing.
const MAX_RANKS: usize = 40;

/// Scores of a baseline for every message of a set.
#[derive(Debug)]
pub struct BaselineScores {
    /// The baseline's name.
    pub name: &'static str,
    /// One row for each message; scores, not probabilities.
    pub scores: Vec<Margins>,
}

/// Measures everything but evidence and baselines.
pub fn measure_set(model: &Model, set: &EvaluationSet, bootstrap: Settings) -> SplitReport {
    let clusters = set.clusters(&set.main);
    let row = |output: Output| {
        let ranking = set.ranking(output, &set.main, |i| set.probability(output, i));
        let threshold = model.facts(output).threshold;
        (output.name().to_owned(), row(&ranking, &clusters, &Measure::ALL, threshold, bootstrap))
    };
    SplitReport {
        notes: super::notes_of(set),
        outputs: Output::all().map(row).collect(),
        pressure: breakdowns(model, set, bootstrap),
        offers: offers(model, set, bootstrap),
        ranks: ranks(set),
        ..SplitReport::default()
    }
}

/// The figures of a baseline, by output: those that need no probabilities.
pub fn measure_baseline(
    set: &EvaluationSet,
    baseline: &BaselineScores,
    bootstrap: Settings,
) -> BTreeMap<String, Row> {
    let clusters = set.clusters(&set.main);
    let row = |output: Output| {
        let ranking = set.ranking(output, &set.main, |i| baseline.scores[i][output.index()]);
        (output.name().to_owned(), row(&ranking, &clusters, &Measure::ORDER, f64::NAN, bootstrap))
    };
    Output::all().map(row).collect()
}

fn row(
    ranking: &Ranking,
    clusters: &Clusters,
    measures: &[Measure],
    threshold: f64,
    bootstrap: Settings,
) -> Row {
    let positives = ranking.messages().iter().filter(|message| message.positive).count();
    let all = |counts: &[f64]| -> Vec<f64> {
        measures.iter().map(|measure| measure.of(ranking, counts, threshold)).collect()
    };
    let values = all(&ranking.ones());
    let intervals = bootstrap::intervals(clusters, bootstrap, |counts| all(&ranking.arrange(counts)));
    let figures = values.into_iter().zip(intervals).map(|(value, interval)| Figure::new(value, interval));
    Row {
        messages: ranking.messages().len(),
        positives,
        figures: measures.iter().copied().zip(figures).collect(),
    }
}

fn breakdowns(
    model: &Model,
    set: &EvaluationSet,
    bootstrap: Settings,
) -> BTreeMap<String, BTreeMap<String, Row>> {
    let threshold = model.facts(Output::PRESSURE).threshold;
    let measure = |part: &Vec<usize>| {
        let ranking = set.ranking(Output::PRESSURE, part, |i| set.probability(Output::PRESSURE, i));
        row(&ranking, &set.clusters(part), &Measure::BREAKDOWN, threshold, bootstrap)
    };
    let kinds = groups(set).into_iter().map(|(kind, groups)| {
        (kind, groups.iter().map(|(name, part)| (name.clone(), measure(part))).collect())
    });
    kinds.collect()
}

/// The false alarms of level 3 on polite one-time offers, authored ones included.
fn offers(model: &Model, set: &EvaluationSet, bootstrap: Settings) -> Option<Offers> {
    let takeover = Output::Label(Label::Takeover);
    let polite = |&i: &usize| set.examples[i].level == Level::Request && set.examples[i].is(takeover);
    let part: Vec<usize> = (0..set.examples.len()).filter(polite).collect();
    let called = |&i: &usize| model.level(&set.probabilities[i]) == Level::TakeoverPressure;
    let alarms: Vec<bool> = part.iter().map(called).collect();
    let false_alarms = share(&alarms, &set.clusters(&part), bootstrap);
    (!part.is_empty()).then_some(Offers { messages: part.len(), false_alarms })
}

/// The share of `hits`, with its interval.
pub(super) fn share(hits: &[bool], clusters: &Clusters, bootstrap: Settings) -> Figure {
    let share = |counts: &[f64]| {
        let hit: f64 = counts.iter().zip(hits).filter(|(_, hit)| **hit).map(|(count, _)| count).sum();
        vec![hit / counts.iter().sum::<f64>()]
    };
    let interval = bootstrap::intervals(clusters, bootstrap, share);
    Figure::new(share(&vec![1.0; hits.len()])[0], interval.into_iter().next().flatten())
}

/// Ranks of the positives of the two upper levels, where they are few.
fn ranks(set: &EvaluationSet) -> BTreeMap<String, BTreeMap<String, usize>> {
    let outputs = [Output::PRESSURE, Output::TAKEOVER_PRESSURE];
    let ranks = outputs.map(|output| {
        let probability = |i: usize| set.probability(output, i);
        let positives = set.main.iter().filter(|&&i| set.examples[i].is(output));
        let rank = |&i: &usize| {
            let above = set.main.iter().filter(|&&other| probability(other) > probability(i)).count();
            (set.examples[i].message.id.clone(), above + 1)
        };
        (output.name().to_owned(), positives.map(rank).collect::<BTreeMap<_, _>>())
    });
    ranks.into_iter().filter(|(_, ranks)| (1..=MAX_RANKS).contains(&ranks.len())).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use undue::{Message, model::OUTPUTS};

    use super::*;
    use crate::example::Example;

    fn example(id: &str, level: Level, labels: &[Label]) -> Example {
        let message = Message { id: id.into(), ..Message::default() };
        Example { level, labels: labels.to_vec(), ..Example::ordinary("list", message) }
    }

    #[test]
    fn a_small_set_is_measured_by_hand() {
        let examples = vec![
            example("offer", Level::Request, &[Label::Takeover]),
            example("push", Level::TakeoverPressure, &[Label::Takeover, Label::Guilt]),
            example("nudge", Level::Pressure, &[Label::Guilt]),
            example("talk", Level::Ordinary, &[]),
        ];
        let set = EvaluationSet::alike("few", examples, [1.0, 0.9, 0.2, 0.3].map(|p| [p; OUTPUTS]).to_vec());
        let model = Model::embedded().unwrap();
        let report = measure_set(&model, &set, Settings { seed: 1, resamples: 20 });
        let pressure = &report.outputs["pressure"];
        assert_eq!((pressure.messages, pressure.positives), (4, 2));
        assert_eq!(pressure.figures[&Measure::AveragePrecision].0, Some(0.5));
        assert_eq!(pressure.figures[&Measure::RocAuc].0, Some(0.25));
        assert_eq!(pressure.figures[&Measure::PrecisionAt10], Figure(None, None, None));
        assert_eq!(report.ranks["pressure"], BTreeMap::from([("push".into(), 2), ("nudge".into(), 4)]));
        assert_eq!(report.offers.unwrap().false_alarms.0, Some(1.0));
        assert_eq!(report.pressure["source"]["list"].messages, 4);
    }
}
