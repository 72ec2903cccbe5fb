//! `undue bench`: where the time goes on an archive, stage by stage.

use std::num::NonZeroUsize;

use anyhow::{Result, bail};
use clap::ValueEnum;
use undue::{
    bench::{self, Spent, Timings},
    model::Model,
};

use super::{
    ExitStatus,
    input::{InputArgs, ModelArgs, threads},
    notices::{self, Notices},
    output::Output,
};

mod rows;

use rows::{Row, write_jsonl, write_table};

const EXAMPLES: &str = "\
EXAMPLES:
  undue bench list.mbox
  undue bench --repeat 9 --threads 2 archives/
  undue bench --format jsonl list.mbox.gz > stages.jsonl";

/// Arguments of `undue bench`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,

    /// Run so many times and give the median of each stage
    #[arg(long, value_name = "N", default_value = "3", value_parser = threads)]
    repeat: NonZeroUsize,

    /// Time the whole pipeline as well, on one thread and on so many
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<NonZeroUsize>,

    /// What the result looks like
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    #[command(flatten)]
    model: ModelArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// One JSON object per stage
    Jsonl,
}

/// Runs `undue bench`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    let runs = args.repeat.get() * if args.threads.is_some() { 3 } else { 1 };
    if args.input.reads_stdin() && runs > 1 {
        bail!("standard input can be read but once: name a file, or use --repeat 1 without --threads");
    }
    let model = args.model.load()?;
    let all = stages(args, &model)?;
    let Some(last) = all.last() else { return Ok(ExitStatus::Complete) };
    let mut rows = Row::of_stages(&all);
    for (threads, spent) in pipelines(args, &model)? {
        rows.push(Row::of_pipeline(threads, spent));
    }
    let mut out = Output::new(None)?;
    match args.format {
        Format::Table => write_table(&mut out, &rows, last, all.len())?,
        Format::Jsonl => write_jsonl(&mut out, &rows, last, all.len())?,
    }
    out.commit()?;
    Ok(if last.errors > 0 { ExitStatus::Failed } else { ExitStatus::Complete })
}

/// All runs; what could not be read is told once.
fn stages(args: &Args, model: &Model) -> Result<Vec<Timings>> {
    let mut all = Vec::new();
    for repetition in 0..args.repeat.get() {
        let mut notices = Notices::new(false);
        all.push(bench::run(args.input.open()?.records, model, |err| {
            if let Some(line) = notices.line(err).filter(|_| repetition == 0) {
                notices::say(&line);
            }
        }));
    }
    Ok(all)
}

/// Medians of the whole pipeline on one thread and on as many as were asked for. The runs alternate, so that a change
/// of the machine's mood hits both.
fn pipelines(args: &Args, model: &Model) -> Result<Vec<(NonZeroUsize, Spent)>> {
    let Some(threads) = args.threads else { return Ok(Vec::new()) };
    let counts = if threads.get() == 1 { vec![threads] } else { vec![NonZeroUsize::MIN, threads] };
    let mut spent = vec![Vec::new(); counts.len()];
    for _ in 0..args.repeat.get() {
        for (threads, spent) in counts.iter().zip(&mut spent) {
            spent.push(bench::run_pipeline(args.input.open()?.records, model, *threads)?);
        }
    }
    Ok(counts.into_iter().zip(spent.into_iter().map(|spent| bench::median(spent.into_iter()))).collect())
}
