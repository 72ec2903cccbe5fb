//! `undue label`: proposes labels for every message of a backlog, for people to review.

use std::{
    fs,
    num::NonZeroUsize,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use clap::ValueEnum;
use undue::{
    Level, Threader,
    labels::{self, Backlog, FileFormat, Order},
    pipeline,
    report::Summary,
};

use super::{
    ExitStatus,
    input::{InputArgs, ModelArgs, threads},
    notices::{self, Notices},
    output::Output,
    progress::Progress,
    terminal,
};

const EXAMPLES: &str = "\
EXAMPLES:
  undue label --output labels.csv issues/
  undue label --min-level 1 --limit 200 --output labels.jsonl list.mbox
  undue label --uncertain --limit 50 list.mbox > labels.csv
  undue review labels.csv --source list.mbox";

/// Arguments of `undue label`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,

    /// Write the label file here, where it appears once it is complete; never over a file with reviewed rows
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// How the label file is written [default: as the ending of --output says, else CSV]
    #[arg(long, value_enum)]
    format: Option<Format>,

    /// Take messages for which at least this level is proposed, 0 to 3
    #[arg(long, value_name = "LEVEL", default_value = "0")]
    min_level: Level,

    /// Take the first N messages only
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// The messages closest to a threshold first, instead of the most pressing threads
    #[arg(long)]
    uncertain: bool,

    #[command(flatten)]
    model: ModelArgs,

    /// Score on so many threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<NonZeroUsize>,

    /// Show neither progress nor counts nor damage that reading survived
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One row per message, safe for spreadsheets
    Csv,
    /// One JSON object per message
    Jsonl,
}

impl Args {
    fn format(&self) -> FileFormat {
        let ending = self.output.as_deref().and_then(Path::extension);
        match self.format {
            Some(Format::Jsonl) => FileFormat::Jsonl,
            Some(Format::Csv) => FileFormat::Csv,
            None if ending.is_some_and(|it| it == "jsonl" || it == "ndjson") => FileFormat::Jsonl,
            None => FileFormat::Csv,
        }
    }
}

/// Runs `undue label`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    if let Some(path) = &args.output {
        refuse_reviewed(path)?;
    }
    let model = args.model.load()?;
    let mut output = Output::new(args.output.as_deref())?;
    let mut backlog = Backlog::new(&model, args.min_level);
    let summary = propose(args, &model, &mut backlog)?;
    let repeated = backlog.repeated();
    let order = if args.uncertain { Order::Uncertain } else { Order::Pressing };
    let rows = backlog.into_rows(order, args.limit);
    labels::write(&mut output, args.format(), &rows)?;
    output.commit()?;
    if repeated > 0 {
        notices::say(&format!("{repeated} messages repeat the id of an earlier one and have no row"));
    }
    if !args.quiet {
        notices::summary(&summary);
        notices::say(&format!("{} rows to review", rows.len()));
    }
    Ok(if summary.unreadable > 0 { ExitStatus::Failed } else { ExitStatus::Complete })
}

/// Reviews are work that no model can do again.
fn refuse_reviewed(path: &Path) -> Result<()> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let rows = labels::read(&text).map(|file| file.rows).unwrap_or_default();
    match rows.iter().filter(|row| row.reviewed.is_some()).count() {
        0 => Ok(()),
        n => bail!("{} has {n} reviewed rows; name another file, or remove it", path.display()),
    }
}

/// Scores all messages and takes what is proposed for them.
fn propose(args: &Args, model: &undue::model::Model, backlog: &mut Backlog<'_>) -> Result<Summary> {
    let opened = args.input.open()?;
    let shown = !args.quiet && terminal::can_show_progress(args.output.is_none());
    let total = if shown { opened.total_bytes() } else { None };
    let mut progress = Progress::new(shown, total, opened.records.consumed());
    let mut notices = Notices::new(args.quiet);
    let mut summary = Summary::default();
    let mut threader = Threader::new();
    let threads = args.threads.unwrap_or_else(pipeline::available_threads);
    let _: ControlFlow<()> = pipeline::run(opened.records, model, threads, &mut threader, |item| {
        match item {
            Ok(scored) => {
                progress.message();
                summary.count(&scored);
                summary.selected += 1;
                backlog.add(&scored);
            }
            Err(err) => {
                summary.count_error(&err);
                if let Some(line) = notices.line(&err) {
                    progress.aside(|| notices::say(&line));
                }
            }
        }
        ControlFlow::Continue(())
    })?;
    progress.finish();
    summary.threads = threader.threads();
    Ok(summary)
}
