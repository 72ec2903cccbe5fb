//! The model card, from an artifact and its measured figures alone.

use std::fmt::Write;

use anyhow::ensure;
use undue::model::{Model, Output};

use crate::{
    evaluate::{Report, SplitReport, cell, split_tables, table::Table},
    metrics::Measure,
};

/// Words of the card that no measurement changes; `{…}` marks what is filled in.
static TEMPLATE: &str = include_str!("card.md");

/// The card's text.
///
/// # Errors
/// If `report` was measured on another artifact.
pub fn card(model: &Model, report: &Report) -> anyhow::Result<String> {
    ensure!(
        report.model.hash == model.hash(),
        "the figures are those of {}, the artifact is {}: evaluate again",
        report.model.hash,
        model.hash()
    );
    let metadata = model.metadata();
    let sections = [
        ("{name}", metadata.name.clone()),
        ("{version}", metadata.version.clone()),
        ("{language}", metadata.language.clone()),
        ("{hash}", model.hash().to_owned()),
        ("{index}", index(report)),
        ("{words}", model.vocabulary().words().len().to_string()),
        ("{pairs}", model.vocabulary().pairs().len().to_string()),
        ("{data}", training_data(model)),
        ("{settings}", settings(model)),
        ("{thresholds}", thresholds(model).markdown(3)),
        ("{quality}", quality(report)),
        ("{limits}", limits(report)),
        ("{evaluation}", evaluation(report)),
    ];
    Ok(sections.iter().fold(TEMPLATE.to_owned(), |card, (mark, text)| card.replace(mark, text.trim_end())))
}

/// The measured figures of the level outputs, as the Hugging Face hub reads them.
fn index(report: &Report) -> String {
    let mut out = String::new();
    for (split, figures) in &report.splits {
        let _ = write!(
            out,
            "  - task: {{type: text-classification}}\n    dataset: {{name: {split}, type: {split}}}\n    metrics:\n"
        );
        for output in [Output::REQUEST, Output::PRESSURE, Output::TAKEOVER_PRESSURE] {
            let row = figures.outputs.get(output.name());
            let value = row.and_then(|row| row.figures.get(&Measure::AveragePrecision)?.0);
            if let Some(value) = value {
                let _ = writeln!(out, "    - {{type: average_precision, name: {output}, value: {value}}}");
            }
        }
    }
    out
}

fn training_data(model: &Model) -> String {
    let training = &model.metadata().training;
    let mut messages = Table::new("Messages by label file", ["file", "messages"]);
    messages.rows.extend(training.messages.iter().map(|(file, count)| vec![file.clone(), count.to_string()]));
    let mut positives = Table::new("Positives by output", ["output", "positives"]);
    positives.rows.extend(Output::all().map(|output| {
        let count = training.positives.get(output.name()).copied().unwrap_or_default();
        vec![output.to_string(), count.to_string()]
    }));
    format!("{}\n{}", messages.markdown(3), positives.markdown(3))
}

fn settings(model: &Model) -> String {
    let settings = &model.metadata().training.settings;
    settings.iter().map(|(name, value)| format!("- {name}: {value}\n")).collect()
}

fn thresholds(model: &Model) -> Table {
    let header = ["output", "threshold", "false alarms per 1,000", "recall"];
    let mut table = Table::new("Thresholds, and what they do on out-of-fold scores", header);
    table.rows.extend(model.metadata().outputs.iter().map(|facts| {
        let alarms = format!("{:.2}", facts.false_alarm_rate * 1000.0);
        vec![facts.name.clone(), format!("{:.4}", facts.threshold), alarms, format!("{:.3}", facts.recall)]
    }));
    table
}

/// The model beside its baselines, average precision and recall at 5 false alarms per 1,000.
fn quality(report: &Report) -> String {
    let mut text = String::new();
    for (name, split) in report.splits.iter().filter(|(_, split)| !split.baselines.is_empty()) {
        for measure in [Measure::AveragePrecision, Measure::RecallAt5] {
            let title = format!("{name}: {}, beside baselines on the same folds", measure.heading());
            text += &beside_baselines(title, split, measure).markdown(3);
            text.push('\n');
        }
    }
    text
}

fn beside_baselines(title: String, split: &SplitReport, measure: Measure) -> Table {
    let names = split.baselines.keys().map(String::as_str);
    let mut table = Table::new(title, ["output", "model"].into_iter().chain(names));
    table.rows.extend(Output::all().filter_map(|output| {
        let model = split.outputs.get(output.name())?;
        let baselines = split.baselines.values().map(|outputs| outputs.get(output.name()));
        let cells = std::iter::once(Some(model))
            .chain(baselines)
            .map(|row| cell(row.and_then(|row| row.figures.get(&measure))));
        Some(std::iter::once(output.to_string()).chain(cells).collect())
    }));
    table
}

/// Measured weak spots: sentences that hold whatever the figures are.
fn limits(report: &Report) -> String {
    let mut text = String::new();
    for (name, split) in &report.splits {
        if let Some(offers) = &split.offers {
            let share = cell(Some(&offers.false_alarms));
            let count = offers.messages;
            let _ = writeln!(
                text,
                "- Polite one-time offers to take over ({name}, {count} messages) called level 3: {share}."
            );
        }
        for (kind, groups) in &split.pressure {
            let measured = groups.iter().filter(|(_, row)| row.positives >= 10);
            let recall = |row: &crate::evaluate::Row| row.figures.get(&Measure::Recall)?.0;
            let worst = measured
                .filter_map(|(group, row)| Some((recall(row)?, group)))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((recall, group)) = worst {
                let _ = writeln!(
                    text,
                    "- Lowest recall of `pressure` by {kind} ({name}, of groups with 10 positives or more): {group}, {recall:.3}."
                );
            }
        }
    }
    text
}

fn evaluation(report: &Report) -> String {
    let mut text = format!(
        "In brackets: 95 % percentile bootstrap intervals over threads ({} resamples, seed {}).\n\n",
        report.resamples, report.seed
    );
    for (name, split) in &report.splits {
        text.extend(split.notes.iter().map(|note| format!("- {name}: {note}\n")));
    }
    for (name, split) in &report.splits {
        for table in split_tables(name, split) {
            text.push('\n');
            text += &table.markdown(3);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{evaluate::Split, inputs::Folders, metrics::bootstrap::Settings};

    fn measured(model: &Model) -> Report {
        let datasets = concat!(env!("CARGO_MANIFEST_DIR"), "/../datasets");
        let folders = Folders { datasets: datasets.into(), corpora: None };
        let split = Split::File(folders.datasets.join("authored/held-out/registers.jsonl"));
        let set = split.score(model, &folders, &|_| ()).unwrap();
        let settings = Settings { seed: 1, resamples: 5 };
        let mut report = Report::new(model, settings);
        report.splits.insert("registers".into(), crate::evaluate::measure_set(model, &set, settings));
        report
    }

    #[test]
    fn every_mark_is_filled_from_measurements() {
        let model = Model::embedded().unwrap();
        let report = measured(&model);
        let card = card(&model, &report).unwrap();
        assert!(
            !TEMPLATE
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}'))
                .any(|(mark, _)| card.contains(&format!("{{{mark}}}")))
        );
        assert!(card.starts_with("---\n") && card.contains(model.hash()));
        let value =
            report.splits["registers"].outputs["pressure"].figures[&Measure::AveragePrecision].0.unwrap();
        assert!(card.contains(&format!("{value:.3} [")), "{card}");
    }

    #[test]
    fn figures_of_another_artifact_are_refused() {
        let model = Model::embedded().unwrap();
        let mut report = Report::new(&model, Settings::default());
        report.model.hash = "0".repeat(64);
        assert!(card(&model, &report).unwrap_err().to_string().contains("evaluate again"));
    }
}
