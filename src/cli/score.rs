//! `undue score`: reads archives, scores every message, writes a report.

use std::{
    io::{self, IsTerminal as _},
    num::NonZeroUsize,
    ops::ControlFlow,
    path::PathBuf,
};

use anyhow::{Result, ensure};
use clap::{ArgAction, ValueEnum};
use jiff::Timestamp;
#[cfg(feature = "parquet")]
use undue::report::Parquet;
use undue::{
    Error, Label, Level, Threader,
    config::{Config, Ruling},
    context::{Context, Digester, Observer, Settings},
    model::Model,
    pipeline::{self, Scored},
    report::{Csv, GithubAnnotations, GithubSummary, Jsonl, Sarif, Selection, Sink, Summary, Table},
};

use super::{
    ExitStatus,
    context::ContextArgs,
    day,
    input::{InputArgs, ModelArgs, threads},
    is_broken_pipe,
    notices::{self, Notices},
    output::Output,
    progress::Progress,
    seen::SeenFile,
    settings::SettingsArgs,
    terminal,
};

const EXAMPLES: &str = "\
EXAMPLES:
  undue score list.mbox
  undue score --since 2021-06-01 --until 2022-06-30 --min-level 2 list.mbox.xz
  undue score --format jsonl --output scores.jsonl archives/ issues.json
  undue score --label takeover --label bypass --top 0 list.mbox
  undue score --format sarif --output undue.sarif --since-last seen.txt list.mbox
  undue score --context --format csv --output scores.csv list.mbox
  undue score --column text=comment_body --format csv export.csv
  zcat 2015-01-01-*.json.gz | undue score --fail-on 3 --quiet -";

/// Arguments of `undue score`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,

    /// What the report looks like
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Write the report to this file, which appears once it is complete
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Report the N strongest messages only, 0 for all [default: 25 in a table, else all]
    #[arg(long, value_name = "N")]
    top: Option<usize>,

    /// Report messages of at least this level, 0 to 3 [default: 2 in sarif and github formats, else 0]
    #[arg(long, value_name = "LEVEL")]
    min_level: Option<Level>,

    /// Report only messages that no earlier run with this state file has seen
    #[arg(long, value_name = "STATEFILE")]
    since_last: Option<PathBuf>,

    /// Report messages with this label, or with any of several
    #[arg(long = "label", value_name = "LABEL", value_delimiter = ',', action = ArgAction::Append)]
    labels: Vec<Label>,

    /// Report messages from this day or instant on
    #[arg(long, value_name = "DATE", value_parser = day::since)]
    since: Option<Timestamp>,

    /// Report messages up to this day (inclusive) or instant
    #[arg(long, value_name = "DATE", value_parser = day::until)]
    until: Option<Timestamp>,

    #[command(flatten)]
    settings: SettingsArgs,

    #[command(flatten)]
    model: ModelArgs,

    /// Add what was known of author and thread when each message came; inputs should be in date order
    #[arg(long)]
    context: bool,

    #[command(flatten)]
    context_args: ContextArgs,

    /// Score on so many threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<NonZeroUsize>,

    /// Exit with status 1 if a message that is selected reaches this level
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,

    /// Show neither progress nor summary nor damage that reading survived
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Ranked, for people
    Table,
    /// One JSON object per message, in input order
    Jsonl,
    /// One row per message, in input order, safe for spreadsheets
    Csv,
    /// SARIF 2.1.0, for dashboards; names nobody
    Sarif,
    /// Annotations of a GitHub workflow, ten of each type; name nobody and quote nothing
    Github,
    /// Markdown for the summary of a GitHub job; names nobody and quotes nothing
    GithubSummary,
    /// One row per message, in input order, typed columns
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Format {
    fn is_binary(self) -> bool {
        !matches!(
            self,
            Self::Table | Self::Jsonl | Self::Csv | Self::Sarif | Self::Github | Self::GithubSummary
        )
    }
}

impl Args {
    fn selection(&self) -> Selection {
        Selection {
            min_level: self.min_level.unwrap_or(match self.format {
                Format::Sarif | Format::Github | Format::GithubSummary => Level::Pressure,
                _ => Level::Ordinary,
            }),
            labels: self.labels.clone(),
            since: self.since,
            until: self.until,
        }
    }

    fn refuse_terminal(&self) -> Result<()> {
        let shown = self.output.is_none() && io::stdout().is_terminal();
        ensure!(!self.format.is_binary() || !shown, "no format for a terminal: name a file with --output");
        Ok(())
    }

    fn sink<'o>(&self, out: &'o mut Output, model: &Model) -> io::Result<Box<dyn Sink + 'o>> {
        let top = self.top.filter(|&top| top > 0);
        Ok(match self.format {
            Format::Table => {
                let top = if self.top.is_none() { Some(25) } else { top };
                Box::new(Table::new(out, top, terminal::style(self.output.is_some())))
            }
            Format::Jsonl => Box::new(Jsonl::new(out, top)),
            Format::Csv if self.context => Box::new(Csv::with_context(out, top)?),
            Format::Csv => Box::new(Csv::new(out, top)?),
            Format::Sarif => Box::new(Sarif::new(out, model, top)?),
            Format::Github => Box::new(GithubAnnotations::new(out, model, top)),
            Format::GithubSummary => Box::new(GithubSummary::new(out, model, top)),
            #[cfg(feature = "parquet")]
            Format::Parquet => Box::new(Parquet::new(out, top, self.context, model)?),
        })
    }
}

/// Runs `undue score`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    args.refuse_terminal()?;
    let mut model = args.model.load()?;
    let config = args.settings.load(args.quiet)?.unwrap_or_default();
    config.adjust(&mut model);
    let seen = args.since_last.as_deref().map(SeenFile::open).transpose()?;
    let opened = args.input.open()?;
    let mut output = Output::new(args.output.as_deref())?;
    let streams = args.format != Format::Table && args.output.is_none();
    let shown = !args.quiet && terminal::can_show_progress(streams);
    let total = if shown { opened.total_bytes() } else { None };
    let mut run = Run {
        selection: args.selection(),
        config,
        seen,
        fail_on: args.fail_on,
        reached: false,
        summary: Summary::default(),
        notices: Notices::new(args.quiet),
        progress: Progress::new(shown, total, opened.records.consumed()),
        keeper: if args.context { Some(Keeper::new(args.context_args.settings()?, &model)) } else { None },
    };
    let threads = args.threads.unwrap_or_else(pipeline::available_threads);
    let mut threader = Threader::new();
    let mut sink = args.sink(&mut output, &model)?;
    let flow =
        pipeline::run(opened.records, &model, threads, &mut threader, |item| run.take(item, &mut *sink))?;
    run.progress.finish();
    run.summary.threads = threader.threads();
    let written = match flow {
        ControlFlow::Break(err) => Err(err.into()),
        ControlFlow::Continue(()) => sink.finish(&run.summary).map_err(anyhow::Error::from),
    };
    drop(sink);
    // What was seen counts only once the report is whole.
    let saved = |()| run.seen.as_ref().map_or(Ok(()), SeenFile::save);
    match written.and_then(|()| output.commit()).and_then(saved) {
        Err(err) if !is_broken_pipe(&err) => return Err(err),
        Ok(()) if !args.quiet && (streams || args.output.is_some()) => notices::summary(&run.summary),
        _ => {}
    }
    Ok(run.status())
}

/// What becomes of the items, one by one.
struct Run<'m> {
    selection: Selection,
    config: Config,
    seen: Option<SeenFile>,
    fail_on: Option<Level>,
    reached: bool,
    summary: Summary,
    notices: Notices,
    progress: Progress,
    keeper: Option<Keeper<'m>>,
}

/// Keeps a context and tells nobody of it but the messages.
struct Keeper<'m> {
    digester: Digester<'m>,
    context: Context,
}

impl<'m> Keeper<'m> {
    fn new(settings: Settings, model: &'m Model) -> Self {
        Self { digester: Digester::new(model), context: Context::new(settings) }
    }

    fn add_insight(&mut self, scored: &mut Scored) {
        let digest = self.digester.digest(scored);
        scored.insight = Some(Box::new(self.context.observe(digest, &mut Nobody)));
    }
}

struct Nobody;

impl Observer for Nobody {}

impl Run<'_> {
    fn take(&mut self, item: Result<Scored, Error>, sink: &mut dyn Sink) -> ControlFlow<io::Error> {
        match item {
            Ok(mut scored) => {
                self.message(&mut scored, sink).map_or_else(ControlFlow::Break, ControlFlow::Continue)
            }
            Err(err) => {
                self.error(&err);
                ControlFlow::Continue(())
            }
        }
    }

    fn message(&mut self, scored: &mut Scored, sink: &mut dyn Sink) -> io::Result<()> {
        if let Some(keeper) = &mut self.keeper {
            keeper.add_insight(scored);
        }
        self.progress.message();
        self.summary.count(scored);
        if self.seen.as_mut().is_some_and(|file| !file.seen.is_new(&scored.message)) {
            self.summary.seen += 1;
            return Ok(());
        }
        match self.config.rule(scored) {
            Ruling::Report => {}
            Ruling::Ignore => {
                self.summary.ignored += 1;
                return Ok(());
            }
            Ruling::Dispute => {
                self.summary.disputed += 1;
                return Ok(());
            }
        }
        if !self.selection.admits(scored) {
            self.summary.undated += u64::from(self.selection.is_dated() && scored.message.date.is_none());
            return Ok(());
        }
        self.summary.selected += 1;
        self.reached |= self.fail_on.is_some_and(|level| scored.score.level >= level);
        sink.message(scored)
    }

    fn error(&mut self, err: &Error) {
        self.summary.count_error(err);
        if let Some(line) = self.notices.line(err) {
            self.progress.aside(|| notices::say(&line));
        }
    }

    fn status(&self) -> ExitStatus {
        match self.summary.unreadable {
            0 if self.reached => ExitStatus::LevelReached,
            0 => ExitStatus::Complete,
            _ => ExitStatus::Failed,
        }
    }
}
