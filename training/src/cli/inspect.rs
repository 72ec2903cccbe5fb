//! `undue-train inspect`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use undue::model::{Model, Output};

use super::{FolderArgs, print, progress, read_model};
use crate::{
    evaluate::{EvaluationSet, Split, table::Table},
    inspect::{Feature, Mistake, mistakes, strongest},
};

/// Shows what a model has learned: the strongest words and pairs of an output, or the worst mistakes by id.
#[derive(Debug, Args)]
pub struct InspectArgs {
    #[command(flatten)]
    folders: FolderArgs,
    /// The artifact; the model that is compiled in unless given
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// A label, request, pressure or takeover_pressure
    #[arg(long, value_name = "OUTPUT", default_value = "pressure", value_parser = parse_output)]
    label: Output,
    /// How many of each kind
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
    /// Show the worst false alarms and misses instead of words
    #[arg(long)]
    errors: bool,
    /// Messages that errors are sought in, as in `evaluate`; cv refits and takes minutes
    #[arg(long, value_name = "SPLIT", default_value = "cv", requires = "errors")]
    split: Split,
}

fn parse_output(name: &str) -> Result<Output, String> {
    Output::all().find(|output| output.name() == name).ok_or_else(|| {
        let names: Vec<&str> = Output::all().map(Output::name).collect();
        format!("no output {name:?}; the outputs are {}", names.join(", "))
    })
}

/// Prints words or mistakes.
///
/// # Errors
/// If a file cannot be read or a fit fails.
pub fn run(args: &InspectArgs) -> anyhow::Result<()> {
    let model = read_model(args.model.as_deref())?;
    let tables = if args.errors {
        let folders = args.folders.open()?;
        let set = args.split.score(&model, &folders, &progress).context("scoring")?;
        errors(&model, &set, args)
    } else {
        words(&model, args)
    };
    print(&tables.iter().map(|table| table.text() + "\n").collect::<String>())
}

fn words(model: &Model, args: &InspectArgs) -> Vec<Table> {
    let (for_it, against) = strongest(model, args.label, args.top);
    let table = |title: String, features: &[Feature]| {
        let mut table = Table::new(title, ["word or pair", "sentence", "message", "total"]);
        table.rows.extend(features.iter().map(|feature| {
            let weights = [feature.sentence, feature.message, feature.total()];
            let cells = weights.map(|weight| format!("{weight:+.2}"));
            std::iter::once(feature.name.clone()).chain(cells).collect()
        }));
        table
    };
    let title = |kind: &str| format!("{kind} {}, in logits of a message of nothing else", args.label);
    vec![table(title("For"), &for_it), table(title("Against"), &against)]
}

fn errors(model: &Model, set: &EvaluationSet, args: &InspectArgs) -> Vec<Table> {
    let (alarms, misses) = mistakes(model, set, args.label, args.top);
    let threshold = model.facts(args.label).threshold;
    let table = |kind: &str, mistakes: &[Mistake]| {
        let title = format!("{}: worst {kind} of {} (threshold {threshold:.4})", set.name, args.label);
        let mut table = Table::new(title, ["source", "id", "level", "labels", "probability"]);
        table.rows.extend(mistakes.iter().map(|Mistake { source, id, level, labels, probability }| {
            let cells = [level.to_string(), labels.join(" "), format!("{probability:.4}")];
            [source.clone(), id.clone()].into_iter().chain(cells).collect()
        }));
        table
    };
    vec![table("false alarms", &alarms), table("misses", &misses)]
}
