//! `undue labels merge`: two reviewers' label files compared and made one.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Result;
use undue::{
    labels::{self, FileFormat, Merged},
    report::one_line,
};

use super::{ExitStatus, output::Output, review::Store};

pub(crate) const EXAMPLES: &str = "\
EXAMPLES:
  undue labels merge ada.csv bo.csv";

const MERGE_EXAMPLES: &str = "\
EXAMPLES:
  undue labels merge ada.csv bo.csv
  undue labels merge ada.csv bo.csv --output merged.csv
  undue review merged.csv --source list.mbox     what they disagree on is open again";

/// Arguments of `undue labels merge`.
#[derive(Debug, clap::Args)]
#[command(after_help = MERGE_EXAMPLES)]
pub(crate) struct MergeArgs {
    /// One reviewer's label file
    #[arg(value_name = "FIRST")]
    first: PathBuf,

    /// The other one's
    #[arg(value_name = "SECOND")]
    second: PathBuf,

    /// Write all rows into this label file (CSV, or JSON Lines if it ends in .jsonl)
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs `undue labels merge`.
pub(crate) fn merge(args: &MergeArgs) -> Result<ExitStatus> {
    let (_, first) = Store::open(&args.first)?;
    let (_, second) = Store::open(&args.second)?;
    let merged = labels::merge(&first, &second);
    if let Some(path) = &args.output {
        write(path, &merged)?;
    }
    let mut out = Output::new(None)?;
    write!(out, "{}", merged.agreement)?;
    writeln!(out, "\n{} disagreements", merged.disagreements.len())?;
    for it in &merged.disagreements {
        let (source, id) = (one_line(&it.source), one_line(&it.id));
        writeln!(out, "{source}  {id}\n    first:  {}\n    second: {}", it.first, it.second)?;
    }
    out.commit()?;
    Ok(ExitStatus::Complete)
}

fn write(path: &Path, merged: &Merged) -> Result<()> {
    let is_jsonl = path.extension().is_some_and(|ending| ending == "jsonl" || ending == "ndjson");
    let format = if is_jsonl { FileFormat::Jsonl } else { FileFormat::Csv };
    let mut output = Output::new(Some(path))?;
    labels::write(&mut output, format, &merged.rows)?;
    output.commit()
}
