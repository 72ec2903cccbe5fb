//! `undue watch`: only what is new is read, only what changed is told.

mod place;
mod tell;

use std::{
    io::{self, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
};

use anyhow::Result;
use clap::ValueEnum;
use undue::{
    Error, Level,
    context::{Campaign, Settings},
    pipeline::{self, Scored},
    report::{ListFormat, Listing, News, Summary, write_news},
    watch::{self, Counts, Observer, Opening, State},
};

use super::{
    ExitStatus,
    campaigns::probability,
    context::ContextArgs,
    input::{InputArgs, ModelArgs},
    notices::{self, Notices},
    output::Output,
    progress::Progress,
    terminal,
};

const EXAMPLES: &str = "\
EXAMPLES:
  undue watch --quiet-first list.mbox          in a crontab: prints something only if there is something new
  undue watch --state ~/inbox.sqlite -         a mail on standard input, as mail delivery hands it over
  undue watch --format jsonl --output news.jsonl Maildir/ inbox.git issues/
  undue watch --all list.mbox                  all campaigns as they stand now
  undue watch --repeat list.mbox               the last report once more";

/// Arguments of `undue watch`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,

    /// Keep what is known between runs in this file [default: one for these inputs in the user's state folder]
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// What the report looks like
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Add the report to the end of this file instead of writing it to standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Report new messages of at least this level, 0 to 3
    #[arg(long, value_name = "LEVEL", default_value = "2")]
    min_level: Level,

    /// Report campaigns that are at least so probable, 0 to 1 [default: the threshold of the campaign model]
    #[arg(long, value_name = "P", value_parser = probability)]
    min_probability: Option<f64>,

    /// Exit with status 1 if a message that is reported reaches this level
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Level>,

    /// Report nothing: what is there now is known from now on
    #[arg(long)]
    baseline: bool,

    /// The same, but only until a first run was complete
    #[arg(long)]
    quiet_first: bool,

    /// Read everything again with the model of now; what was reported is not reported again
    #[arg(long)]
    rescan: bool,

    /// Read nothing; write again the reports whose writing was cut short, or else the last one
    #[arg(long, conflicts_with_all = ["all", "baseline", "rescan"])]
    repeat: bool,

    /// List all campaigns, as "undue campaigns" does; what was not reported yet stays so
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    model: ModelArgs,

    #[command(flatten)]
    context: ContextArgs,

    /// Score on so many threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = super::input::threads)]
    threads: Option<NonZeroUsize>,

    /// Show neither progress nor summary nor damage that reading survived
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Ranked, for people
    Table,
    /// One JSON object per message or campaign
    Jsonl,
}

impl Format {
    fn of_list(self) -> ListFormat {
        match self {
            Self::Table => ListFormat::Table,
            Self::Jsonl => ListFormat::Jsonl,
        }
    }
}

/// Runs `undue watch`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    let model = args.model.load()?;
    let settings = args.context.settings()?;
    let (inputs, options) = args.input.inputs()?;
    let path = place::state(args.state.as_deref(), &inputs)?;
    let opening = if args.rescan { Opening::Rescan } else { Opening::Same };
    let waiting = || notices::say(&format!("{}: in use by another undue watch; waiting", path.display()));
    let state = State::open(&path, &model, opening, waiting)?;
    if args.repeat {
        return tell::again(&state);
    }
    tell::complete(&state)?;
    let silent = args.baseline || (args.quiet_first && state.is_new()?);
    let consumed = Arc::<AtomicU64>::default();
    let shown = !args.quiet && terminal::can_show_progress(false);
    let mut taking = Taking {
        least: (!silent).then_some(args.min_level),
        summary: Summary::default(),
        notices: Notices::new(args.quiet),
        progress: Progress::new(shown, None, consumed.clone()),
    };
    let threads = args.threads.unwrap_or_else(pipeline::available_threads);
    let counts = watch::read(&state, &model, (&inputs, &options), threads, &consumed, &mut taking)?;
    taking.progress.finish();
    if !args.quiet {
        tell::summary(&state, &counts, &taking.summary)?;
    }
    let failed = taking.summary.unreadable > 0;
    let reached = report(args, &state, &counts, settings, silent)?;
    Ok(match reached {
        _ if failed => ExitStatus::Failed,
        true => ExitStatus::LevelReached,
        false => ExitStatus::Complete,
    })
}

/// Tells what is new; true if a message reached the level of `--fail-on`.
fn report(args: &Args, state: &State, counts: &Counts, settings: Settings, silent: bool) -> Result<bool> {
    let threshold = settings.model.as_ref().map_or(1.0, |model| model.threshold);
    let least = args.min_probability.unwrap_or(threshold);
    if args.all {
        return list(args, watch::judge(state, counts, settings, least)?).map(|()| false);
    }
    let changed = if state.needs_judging()? {
        state.changed(watch::judge(state, counts, settings, least)?)?
    } else {
        Vec::new()
    };
    let mut news = Vec::new();
    if !silent {
        news = state.news()?.iter().map(|stored| News::from_stored(stored)).collect::<Result<_, _>>()?;
    }
    let reached = args.fail_on.is_some_and(|level| news.iter().any(|it| it.level() >= level));
    let mut text = Vec::new();
    if !silent {
        let style = terminal::style(args.output.is_some());
        write_news(&mut text, news, &changed, args.format.of_list(), style)?;
    }
    let path = args.output.as_deref().filter(|path| *path != Path::new("-"));
    if let Some(report) = state.conclude(&changed, text, path)? {
        tell::write(state, &report)?;
    }
    Ok(reached)
}

fn list(args: &Args, campaigns: Vec<Campaign>) -> Result<()> {
    let mut output = Output::new(args.output.as_deref())?;
    let style = terminal::style(args.output.is_some());
    let mut listing = Listing::new(&mut output, args.format.of_list(), None, style)?;
    campaigns.into_iter().try_for_each(|campaign| listing.push(campaign))?;
    listing.finish()?;
    output.commit()
}

/// What becomes of the messages, one by one.
struct Taking {
    /// The least level that is reported; none where nothing is.
    least: Option<Level>,
    /// Of new messages.
    summary: Summary,
    notices: Notices,
    progress: Progress,
}

impl Observer for Taking {
    fn message(&mut self, scored: &Scored, is_new: bool) -> bool {
        self.progress.message();
        if is_new {
            self.summary.count(scored);
        }
        self.least.is_some_and(|least| scored.score.level >= least)
    }

    fn news(&mut self, scored: &Scored) -> undue::Result<String> {
        News::of(scored).to_stored()
    }

    fn error(&mut self, err: &Error) {
        self.summary.count_error(err);
        if let Some(line) = self.notices.line(err) {
            self.progress.aside(|| notices::say(&line));
        }
    }
}

/// Writes to standard output at once.
fn print(text: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()
}
