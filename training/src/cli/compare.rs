//! `undue-train compare`.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::ensure;
use clap::{Args, ValueEnum};
use undue::model::Output;

use super::{BootstrapArgs, FolderArgs, print, progress, read_model};
use crate::{
    compare::{Changed, Comparison, Contestant, compare},
    evaluate::{Origin, Split, json, table::Table},
    metrics::Measure,
};

/// Compares two models on the same labelled messages.
///
/// Both artifacts score as they are. Cross-validation compares settings of a fit and not artifacts, so it is not
/// offered here; a label file that an artifact was fitted on flatters that artifact.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The first artifact
    before: PathBuf,
    /// The second artifact; differences are its figures less the first's
    after: PathBuf,
    #[command(flatten)]
    folders: FolderArgs,
    #[command(flatten)]
    bootstrap: BootstrapArgs,
    /// xz-replay, a label CSV, or a JSONL file of authored messages
    #[arg(long, value_name = "SPLIT", default_value = "xz-replay")]
    split: Split,
    /// How the comparison is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How a comparison is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Markdown,
}

/// Scores with both and prints what differs.
///
/// # Errors
/// If a file cannot be read, or the split is cross-validation.
pub fn run(args: &CompareArgs) -> anyhow::Result<()> {
    ensure!(args.split != Split::Cv, "cross-validation compares settings of a fit and not artifacts");
    let folders = args.folders.open()?;
    let models = [read_model(Some(&args.before))?, read_model(Some(&args.after))?];
    let [before, after] = models.each_ref().map(|model| args.split.score(model, &folders, &progress));
    let (before, after) = (before?, after?);
    for (path, set) in [(&args.before, &before), (&args.after, &after)] {
        if set.origin == Origin::FittedOn {
            eprintln!("{} was FITTED ON these messages: the comparison flatters it", path.display());
        }
    }
    let one = |n: usize, set| Contestant { model: &models[n], set };
    let comparison = compare(one(0, &before), one(1, &after), args.bootstrap.settings())?;
    let tables = tables(&comparison);
    print(&match args.format {
        Format::Json => json::to_string(&BTreeMap::from([(args.split.to_string(), &comparison)]))?,
        Format::Table => tables.iter().map(|table| table.text() + "\n").collect(),
        Format::Markdown => tables.iter().map(|table| table.markdown(2) + "\n").collect(),
    })
}

fn tables(comparison: &Comparison) -> Vec<Table> {
    let name = |hash: &str| hash.chars().take(12).collect::<String>();
    let (before, after) = (name(&comparison.before.hash), name(&comparison.after.hash));
    let title = format!("{after} less {before}, {} messages", comparison.messages);
    let headings = Measure::ALL.iter().map(|measure| measure.heading());
    let mut differences = Table::new(title, std::iter::once("output").chain(headings));
    let header = ["output", "change", "source", "id", "truth", &before, &after];
    let mut changes = Table::new("Messages that changed side of a threshold", header);
    for output in Output::all() {
        let Some(difference) = comparison.outputs.get(output.name()) else { continue };
        let cells = Measure::ALL.iter().map(|measure| crate::evaluate::cell(difference.figures.get(measure)));
        differences.rows.push(std::iter::once(output.to_string()).chain(cells).collect());
        changes.rows.extend(difference.gained.iter().map(|changed| change(output, "gained", changed)));
        changes.rows.extend(difference.lost.iter().map(|changed| change(output, "lost", changed)));
    }
    vec![differences, changes]
}

fn change(output: Output, kind: &str, changed: &Changed) -> Vec<String> {
    let truth = if changed.positive { "positive" } else { "negative" };
    let [was, is] = changed.probabilities.map(|probability| format!("{probability:.4}"));
    vec![output.to_string(), kind.into(), changed.source.clone(), changed.id.clone(), truth.into(), was, is]
}
