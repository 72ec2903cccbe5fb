//! What `undue campaigns`, `undue actors`, `undue threads` and `undue report` share: arguments, and the pass over the messages.

use std::{num::NonZeroUsize, ops::ControlFlow, path::PathBuf};

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use undue::{
    Error, Threader,
    context::{
        CampaignModel, Context, DateOrder, Digest, Digester, IdentityRules, Maintainers, Observer, Settings,
    },
    model::Model,
    pipeline::{self, Scored},
    report::{ListFormat, Style, Summary},
};

use super::{
    ExitStatus,
    input::{InputArgs, MAX_LIST, ModelArgs, read_text},
    is_broken_pipe,
    notices::{self, Notices},
    output::Output,
    progress::Progress,
    terminal,
};

/// Arguments of all lists.
#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    pub(super) read: ReadArgs,

    /// What the list looks like
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Write the list to this file, which appears once it is complete
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// List the N first only, 0 for all [default: 25 in a table, else all]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
}

/// What is read, and how it is judged.
#[derive(Debug, clap::Args)]
pub(super) struct ReadArgs {
    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    model: ModelArgs,

    #[command(flatten)]
    context: ContextArgs,

    /// Score on so many threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = super::input::threads)]
    threads: Option<NonZeroUsize>,

    /// Show neither progress nor summary nor damage that reading survived
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// Arguments that say how the context judges.
#[derive(Debug, clap::Args)]
pub(super) struct ContextArgs {
    /// Who holds control: a name or address a line; otherwise it is told from roles and deeds
    #[arg(long, value_name = "FILE")]
    maintainers: Option<PathBuf>,

    /// Who is who: TOML with [[same]] and [[different]] tables of people
    #[arg(long, value_name = "FILE")]
    identities: Option<PathBuf>,

    /// Days within which messages may belong to one campaign
    #[arg(long, value_name = "DAYS", default_value = "120", value_parser = clap::value_parser!(u32).range(1..=3650))]
    window: u32,

    /// Use the campaign model in this file instead of the one that is built in
    #[arg(long, value_name = "FILE")]
    campaign_model: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Ranked, for people
    Table,
    /// One JSON object per row
    Jsonl,
    /// One row per row, safe for spreadsheets
    Csv,
}

impl ContextArgs {
    pub(super) fn settings(&self) -> Result<Settings> {
        let maintainers = read(self.maintainers.as_ref())?.map(|text| Maintainers::parse(&text));
        let identities = match read(self.identities.as_ref())? {
            Some(text) => IdentityRules::parse(&text)?,
            None => IdentityRules::default(),
        };
        let model = match read(self.campaign_model.as_ref())? {
            Some(text) => CampaignModel::from_json(&text).context("campaign model")?,
            None => CampaignModel::embedded().context("the campaign model that is built in")?,
        };
        let maintainers = maintainers.unwrap_or_default();
        Ok(Settings { window_days: self.window, maintainers, identities, model: Some(model) })
    }
}

fn read(path: Option<&PathBuf>) -> Result<Option<String>> {
    let Some(path) = path else { return Ok(None) };
    read_text(path, MAX_LIST).map(Some).with_context(|| format!("cannot read {}", path.display()))
}

impl ListArgs {
    pub(super) fn format(&self) -> ListFormat {
        match self.format {
            Format::Table => ListFormat::Table,
            Format::Jsonl => ListFormat::Jsonl,
            Format::Csv => ListFormat::Csv,
        }
    }

    pub(super) fn top(&self) -> Option<usize> {
        match self.top {
            None if self.format == Format::Table => Some(25),
            top => top.filter(|top| *top > 0),
        }
    }

    pub(super) fn style(&self) -> Style {
        terminal::style(self.output.is_some())
    }

    pub(super) fn output(&self) -> Result<Output> {
        Output::new(self.output.as_deref())
    }

    pub(super) fn settings(&self) -> Result<Settings> {
        self.read.settings()
    }

    /// Tells `observer` what the context makes of all messages.
    pub(super) fn pass(&self, settings: Settings, observer: &mut impl Observer) -> Result<Pass> {
        let streams = self.format != Format::Table && self.output.is_none();
        self.read.pass(&self.read.model()?, settings, streams, observer, |_, _, _| ())
    }

    /// Makes the list last, and says on standard error what was read.
    pub(super) fn end(
        &self,
        written: std::io::Result<()>,
        output: Output,
        pass: &Pass,
    ) -> Result<ExitStatus> {
        match written.map_err(anyhow::Error::from).and_then(|()| output.commit()) {
            Err(err) if !is_broken_pipe(&err) => return Err(err),
            Ok(()) if !self.read.quiet => pass.tell(),
            _ => {}
        }
        Ok(pass.status())
    }
}

impl ReadArgs {
    pub(super) fn model(&self) -> Result<Model> {
        self.model.load()
    }

    pub(super) fn settings(&self) -> Result<Settings> {
        self.context.settings()
    }

    /// Reads, scores and puts in order all messages: `each` gets them as they are read, and `observer` what the context
    /// makes of them. `streams` says whether lines go to standard output meanwhile.
    pub(super) fn pass<O: Observer>(
        &self,
        model: &Model,
        settings: Settings,
        streams: bool,
        observer: &mut O,
        mut each: impl FnMut(&mut O, &Scored, &Digest),
    ) -> Result<Pass> {
        let opened = self.input.open()?;
        let shown = !self.quiet && terminal::can_show_progress(streams);
        let total = if shown { opened.total_bytes() } else { None };
        let mut progress = Progress::new(shown, total, opened.records.consumed());
        let mut pass = Pass {
            summary: Summary::default(),
            notices: Notices::new(self.quiet),
            late: 0,
            anonymous: 0,
            undated: 0,
        };
        let (mut digester, mut order) = (Digester::new(model), DateOrder::default());
        let (mut context, mut threader) = (Context::new(settings), Threader::new());
        let threads = self.threads.unwrap_or_else(pipeline::available_threads);
        let flow = pipeline::run(opened.records, model, threads, &mut threader, |item| {
            match item {
                Ok(scored) => {
                    progress.message();
                    pass.summary.count(&scored);
                    pass.summary.selected += 1;
                    let digest = digester.digest(&scored);
                    each(observer, &scored, &digest);
                    if let Some(digest) = order.push(digest) {
                        context.observe(digest, observer);
                    }
                }
                Err(err) => pass.error(&err, &progress),
            }
            ControlFlow::<()>::Continue(())
        })?;
        debug_assert!(flow.is_continue());
        pass.late = order.late();
        while let Some(digest) = order.pop() {
            context.observe(digest, observer);
        }
        (pass.anonymous, pass.undated) = (context.anonymous(), context.undated());
        context.finish(observer);
        progress.finish();
        pass.summary.threads = threader.threads();
        Ok(pass)
    }
}

/// What was read.
pub(super) struct Pass {
    pub(super) summary: Summary,
    notices: Notices,
    /// Messages that came too late to be put in order by date.
    pub(super) late: u64,
    /// Pressing messages without an author.
    pub(super) anonymous: u64,
    /// Pressing messages without a date.
    pub(super) undated: u64,
}

impl Pass {
    fn error(&mut self, err: &Error, progress: &Progress) {
        self.summary.count_error(err);
        if let Some(line) = self.notices.line(err) {
            progress.aside(|| notices::say(&line));
        }
    }

    pub(super) fn status(&self) -> ExitStatus {
        if self.summary.unreadable > 0 { ExitStatus::Failed } else { ExitStatus::Complete }
    }

    pub(super) fn tell(&self) {
        notices::summary(&self.summary);
        if self.late > 0 {
            notices::say(&format!("{} messages came too late to be put in order by date", self.late));
        }
        if self.anonymous > 0 {
            notices::say(&format!(
                "{} pressing messages have no author and are in no campaign",
                self.anonymous
            ));
        }
        if self.undated > 0 {
            notices::say(&format!("{} pressing messages have no date and are in no campaign", self.undated));
        }
    }
}
