//! `undue-train evaluate`.

use std::path::PathBuf;

use anyhow::{bail, ensure};
use clap::{Args, ValueEnum};
use undue::model::Model;

use super::{BootstrapArgs, FolderArgs, print, progress, read_model, write};
use crate::{
    baseline,
    evaluate::{
        EvaluationSet, Origin, Report, Split, SplitReport, evasions, evidence, gate, json, measure_baseline,
        measure_set, plots, tables_of,
    },
    inputs::Folders,
};

/// Measures a model on labelled messages it was not fitted on.
///
/// `--split cv` refits the weights for each of five folds without that fold's sources and takes minutes; heads and
/// thresholds are the model's own. The other splits score with the artifact as it is and take seconds.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    #[command(flatten)]
    folders: FolderArgs,
    #[command(flatten)]
    bootstrap: BootstrapArgs,
    /// The artifact; the model that is compiled in unless given
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// cv, xz-replay, all (both, and the held-out registers), a label CSV, or a JSONL file of authored messages
    #[arg(long, value_name = "SPLIT", default_value = "cv")]
    split: String,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write precision–recall and reliability diagrams (SVG and PNG) into this folder
    #[arg(long, value_name = "DIR")]
    plots: Option<PathBuf>,
    /// Also compare the strongest evidence with what annotators marked
    #[arg(long)]
    evidence: bool,
    /// Also measure the baselines, fitted on the same folds (with --split cv or all)
    #[arg(long)]
    baselines: bool,
    /// Instead of a split, measure the recall of level 2 when positives are rewritten to escape: by other letters,
    /// spellings and hiding places
    #[arg(long, conflicts_with_all = ["split", "baselines", "evidence", "plots", "gate"])]
    evasions: bool,
    /// Write the report as JSON
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Fail where a figure is worse than in this report by more than the report's tolerances
    #[arg(long, value_name = "FILE")]
    gate: Option<PathBuf>,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Markdown,
}

/// Measures and prints.
///
/// # Errors
/// If a file cannot be read or written, a fit fails, or the gate closes.
pub fn run(args: &EvaluateArgs) -> anyhow::Result<()> {
    let folders = args.folders.open()?;
    let model = read_model(args.model.as_deref())?;
    let frozen = args.gate.as_deref().map(gate::read).transpose()?;
    let mut report = Report::new(&model, args.bootstrap.settings());
    if args.evasions {
        report.evasions = evasions::measure(&model, &folders, args.bootstrap.settings(), &progress)?;
    }
    let chosen = if args.evasions { Vec::new() } else { splits(&args.split, &folders) };
    for split in chosen {
        let set = split.score(&model, &folders, &progress)?;
        report.splits.insert(set.name.clone(), measure(args, &model, &set)?);
        if let Some(dir) = &args.plots {
            eprintln!("drew {} diagrams into {}", plots::draw(&model, &set, dir)?.len(), dir.display());
        }
    }
    print(&render(&report, args.format)?)?;
    if let Some(path) = &args.output {
        write(path, &json::to_string(&report)?)?;
    }
    frozen.map_or(Ok(()), |frozen| hold(&frozen, &report))
}

fn splits(name: &str, folders: &Folders) -> Vec<Split> {
    let held_out = || Split::File(folders.datasets.join("authored/held-out/registers.jsonl"));
    match name {
        "all" => vec![Split::Cv, Split::XzReplay, held_out()],
        name => name.parse().into_iter().collect(),
    }
}

fn measure(args: &EvaluateArgs, model: &Model, set: &EvaluationSet) -> anyhow::Result<SplitReport> {
    let bootstrap = args.bootstrap.settings();
    let mut report = measure_set(model, set, bootstrap);
    if args.evidence && set.origin == Origin::Unseen {
        report.evidence = evidence(model, set, bootstrap);
    } else if args.evidence {
        // The artifact's evidence on messages that it was fitted on, marks and all, would flatter it.
        report
            .notes
            .push("Evidence is compared only on messages that the artifact was not fitted on.".into());
    }
    if args.baselines && set.origin == Origin::Refitted {
        for scores in baseline::all(&set.examples, &progress)? {
            report.baselines.insert(scores.name.into(), measure_baseline(set, &scores, bootstrap));
        }
    }
    Ok(report)
}

fn render(report: &Report, format: Format) -> anyhow::Result<String> {
    let heading = format!("{} {} ({})", report.model.name, report.model.version, report.model.hash);
    let notes = report
        .splits
        .iter()
        .flat_map(|(name, split)| split.notes.iter().map(move |note| format!("- {name}: {note}\n")));
    let intervals = format!(
        "In brackets: 95 % percentile bootstrap intervals over threads ({} resamples, seed {}).",
        report.resamples, report.seed
    );
    let preface = format!("{heading}\n\n{intervals}\n{}\n", notes.collect::<String>());
    let tables = tables_of(report);
    Ok(match format {
        Format::Json => json::to_string(report)?,
        Format::Table => preface + &tables.iter().map(|table| table.text() + "\n").collect::<String>(),
        Format::Markdown => {
            format!("# {preface}") + &tables.iter().map(|table| table.markdown(2) + "\n").collect::<String>()
        }
    })
}

/// Compares with frozen figures.
fn hold(frozen: &Report, report: &Report) -> anyhow::Result<()> {
    let common = report.splits.keys().filter(|name| frozen.splits.contains_key(*name)).count();
    ensure!(common > 0, "the gate's file has none of the measured splits");
    let lost = gate::regressions(frozen, report);
    for regression in &lost {
        eprintln!("worse: {regression}");
    }
    if !lost.is_empty() {
        bail!("{} figures are worse than the gate allows", lost.len());
    }
    eprintln!("the gate holds on {common} splits");
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: EvaluateArgs,
    }

    fn args(extra: &[&str]) -> EvaluateArgs {
        let datasets = concat!(env!("CARGO_MANIFEST_DIR"), "/../datasets");
        let held_out = format!("{datasets}/authored/held-out/registers.jsonl");
        let fixed = ["evaluate", "--resamples", "5", "--format", "json", "--split", &held_out];
        Cli::parse_from(fixed.iter().chain(extra)).args
    }

    #[test]
    fn a_model_passes_the_gate_of_its_own_figures() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("metrics.json");
        let path = path.to_str().unwrap();
        run(&args(&["--output", path])).unwrap();
        run(&args(&["--gate", path])).unwrap();
        let mut frozen = gate::read(path.as_ref()).unwrap();
        for row in frozen.splits.values_mut().flat_map(|split| split.outputs.values_mut()) {
            row.figures.values_mut().for_each(|figure| figure.0 = figure.0.map(|value| value + 0.2));
        }
        std::fs::write(path, json::to_string(&frozen).unwrap()).unwrap();
        let error = run(&args(&["--gate", path])).unwrap_err();
        assert!(error.to_string().contains("worse than the gate allows"), "{error}");
    }
}
