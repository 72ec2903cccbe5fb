//! Reports in words and tables.

use std::collections::BTreeMap;

use undue::model::Output;

use super::{
    evasions,
    report::{Figure, Report, Row, SplitReport},
    set::{EvaluationSet, NOT_JUDGED, Origin},
    table::Table,
};
use crate::{example::RANDOM, metrics::Measure};

/// Main tables: title and measures.
const TABLES: [(&str, &[Measure]); 3] = [
    ("ranking", &[Measure::AveragePrecision, Measure::RocAuc, Measure::RecallAt1, Measure::RecallAt5]),
    (
        "shipped thresholds and first messages",
        &[
            Measure::Precision,
            Measure::Recall,
            Measure::PrecisionAt10,
            Measure::PrecisionAt50,
            Measure::PrecisionAt100,
        ],
    ),
    ("calibration", &[Measure::Brier, Measure::Ece, Measure::EceSample]),
];

/// How the figures of `set` came about.
pub(crate) fn notes_of(set: &EvaluationSet) -> Vec<String> {
    let mut notes = Vec::new();
    notes.push(
        match set.origin {
            Origin::Refitted => {
                "Weights are refitted for each fold without its sources; heads and thresholds are the shipped ones, \
                 which were set on these same out-of-fold scores, so figures at thresholds and of calibration are \
                 somewhat too good."
            }
            Origin::Unseen => {
                "Scores of the artifact as it is; the file is not among its inputs. (A message that stands in \
                 another file as well would not be noticed.)"
            }
            Origin::FittedOn => {
                "The artifact was FITTED ON THIS FILE: the figures say how well it remembers and not how good it is."
            }
        }
        .into(),
    );
    if set.has_random_stratum() {
        notes.push(
            "False alarms per 1,000 are counted on the random stratum; recall on all positives. Most messages were \
             sought out for labelling, so precision is that of the sample and not of the wild."
                .into(),
        );
        let random = set.main.iter().filter(|&&i| set.examples[i].stratum == RANDOM).count();
        notes.push(format!(
            "The random stratum has {random} messages: 1 false alarm per 1,000 allows {} of them, 5 allow {}.",
            random / 1000,
            random * 5 / 1000
        ));
        notes.push(
            "Brier score and ECE are weighted by how many messages of the corpora each one stands for; \
             ECE (sample) is not."
                .into(),
        );
    } else {
        notes.push(
            "No random stratum: false alarms per 1,000 are counted on all messages, and nothing is weighted."
                .into(),
        );
    }
    let not_judged = set.probabilities.iter().filter(|&&row| row == NOT_JUDGED).count();
    if not_judged > 0 {
        notes.push(format!(
            "{not_judged} messages are in other languages and not judged: they count as probability 0."
        ));
    }
    if set.main.len() < set.examples.len() {
        notes.push("Authored texts are only in the breakdown by source and among the polite offers.".into());
    }
    notes
}

/// A figure as it is shown: value and interval.
pub(crate) fn cell(figure: Option<&Figure>) -> String {
    match figure {
        Some(Figure(Some(value), Some(low), Some(high))) => format!("{value:.3} [{low:.3}, {high:.3}]"),
        Some(Figure(Some(value), ..)) => format!("{value:.3}"),
        _ => "–".into(),
    }
}

/// All tables of a report.
pub fn tables_of(report: &Report) -> Vec<Table> {
    let splits = report.splits.iter().flat_map(|(name, split)| split_tables(name, split));
    splits.chain(evasions::tables(&report.evasions)).collect()
}

/// The tables of one split.
pub(crate) fn split_tables(name: &str, split: &SplitReport) -> Vec<Table> {
    let mut tables: Vec<Table> = TABLES
        .iter()
        .map(|(title, measures)| {
            rows_table(format!("{name}: {title}"), "output", by_output(&split.outputs), measures)
        })
        .collect();
    for (kind, groups) in &split.pressure {
        let rows = groups.iter().map(|(name, row)| (name.as_str(), row));
        tables.push(rows_table(format!("{name}: pressure by {kind}"), kind, rows, &Measure::BREAKDOWN));
    }
    for (baseline, outputs) in &split.baselines {
        let title = format!("{name}: baseline {baseline}");
        tables.push(rows_table(title, "output", by_output(outputs), &Measure::ORDER));
    }
    tables.extend(small_tables(name, split));
    tables
}

fn small_tables(name: &str, split: &SplitReport) -> Vec<Table> {
    let mut tables = Vec::new();
    if let Some(offers) = &split.offers {
        let mut table =
            Table::new(format!("{name}: polite one-time offers"), ["", "messages", "called level 3"]);
        let label = "takeover, level 1".into();
        table.rows.push(vec![label, offers.messages.to_string(), cell(Some(&offers.false_alarms))]);
        tables.push(table);
    }
    if !split.evidence.is_empty() {
        let title = format!("{name}: strongest evidence overlaps marked evidence");
        let mut table = Table::new(title, ["output", "true positives", "share"]);
        let rows = Output::all().filter_map(|o| Some((o, split.evidence.get(o.name())?)));
        table.rows.extend(rows.map(|(output, row)| {
            vec![output.to_string(), row.messages.to_string(), cell(Some(&row.overlapping))]
        }));
        tables.push(table);
    }
    for (output, ranks) in &split.ranks {
        let mut table = Table::new(format!("{name}: ranks of the positives of {output}"), ["id", "rank"]);
        let mut ranked: Vec<_> = ranks.iter().collect();
        ranked.sort_by_key(|(_, rank)| **rank);
        table.rows.extend(ranked.into_iter().map(|(id, rank)| vec![id.clone(), rank.to_string()]));
        tables.push(table);
    }
    tables
}

/// Rows in the order of the outputs.
fn by_output(rows: &BTreeMap<String, Row>) -> impl Iterator<Item = (&str, &Row)> {
    Output::all()
        .filter_map(|output| rows.get_key_value(output.name()))
        .map(|(name, row)| (name.as_str(), row))
}

fn rows_table<'r>(
    title: String,
    first: &str,
    rows: impl Iterator<Item = (&'r str, &'r Row)>,
    measures: &[Measure],
) -> Table {
    let headings = measures.iter().map(|measure| measure.heading());
    let mut table = Table::new(title, [first, "messages", "positives"].into_iter().chain(headings));
    table.rows.extend(rows.map(|(name, row)| {
        let counts = [name.to_owned(), row.messages.to_string(), row.positives.to_string()];
        counts.into_iter().chain(measures.iter().map(|measure| cell(row.figures.get(measure)))).collect()
    }));
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_show_their_interval_where_there_is_one() {
        assert_eq!(cell(Some(&Figure(Some(0.5), Some(0.25), Some(1.0)))), "0.500 [0.250, 1.000]");
        assert_eq!(cell(Some(&Figure(Some(0.5), None, None))), "0.500");
        assert_eq!(cell(None), "–");
    }

    #[test]
    fn outputs_keep_the_order_of_the_artifact() {
        let row = Row { messages: 2, positives: 1, figures: BTreeMap::new() };
        let outputs = ["request", "bypass", "takeover"].map(|name| (name.to_owned(), row.clone())).into();
        let tables = split_tables("few", &SplitReport { outputs, ..SplitReport::default() });
        let names: Vec<&str> = tables[0].rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(names, ["takeover", "bypass", "request"]);
    }
}
