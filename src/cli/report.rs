//! `undue report`: what was found, as a page or for an issue tracker.

use std::{io::Write, path::PathBuf};

use anyhow::Result;
use clap::ValueEnum;
use undue::report::{Collector, Limits};

use super::{
    ExitStatus,
    campaigns::probability,
    context::{Pass, ReadArgs},
    is_broken_pipe,
    output::Output,
};

const EXAMPLES: &str = "\
EXAMPLES:
  undue report list.mbox --output report.html
  undue report --maintainers MAINTAINERS --min-probability 0.2 --output report.html archives/
  undue report --format markdown list.mbox.xz | gh issue create --title Report --body-file -";

/// Arguments of `undue report`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    read: ReadArgs,

    /// What the report looks like
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,

    /// Write the report to this file, which appears once it is complete
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Show campaigns that are at least so probable, 0 to 1 [default: the threshold of the campaign model]
    #[arg(long, value_name = "P", value_parser = probability)]
    min_probability: Option<f64>,

    #[command(flatten)]
    limits: LimitArgs,
}

/// How much is shown; what is not shown is counted.
#[derive(Debug, clap::Args)]
struct LimitArgs {
    /// Show the N most probable campaigns
    #[arg(long, value_name = "N", default_value_t = Limits::default().campaigns, value_parser = limit)]
    top_campaigns: usize,

    /// Show the N strongest messages that are in no campaign
    #[arg(long, value_name = "N", default_value_t = Limits::default().messages, value_parser = limit)]
    top_messages: usize,

    /// Show the N authors who press the most
    #[arg(long, value_name = "N", default_value_t = Limits::default().actors, value_parser = limit)]
    top_actors: usize,

    /// Show the N threads with the most pressure
    #[arg(long, value_name = "N", default_value_t = Limits::default().threads, value_parser = limit)]
    top_threads: usize,

    /// Show charts of the N lists with the most pressing messages
    #[arg(long, value_name = "N", default_value_t = Limits::default().lists, value_parser = limit)]
    top_lists: usize,

    /// Explain the scores of the N strongest messages
    #[arg(long, value_name = "N", default_value_t = Limits::default().explained, value_parser = limit)]
    top_explained: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One page for a browser or paper that needs nothing else
    Html,
    /// For an issue tracker: shorter, at most 60,000 bytes
    Markdown,
}

/// A page of more would be no report.
fn limit(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(limit) if (1..=1_000).contains(&limit) => Ok(limit),
        _ => Err("wanted is a number from 1 to 1000".to_owned()),
    }
}

impl LimitArgs {
    fn limits(&self) -> Limits {
        Limits {
            campaigns: self.top_campaigns,
            messages: self.top_messages,
            actors: self.top_actors,
            threads: self.top_threads,
            lists: self.top_lists,
            explained: self.top_explained,
        }
    }
}

/// Runs `undue report`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    let read = &args.read;
    let mut output = Output::new(args.output.as_deref())?;
    let (model, settings) = (read.model()?, read.settings()?);
    let threshold = settings.model.as_ref().map_or(1.0, |model| model.threshold);
    let least = args.min_probability.unwrap_or(threshold);
    let mut collector = Collector::new(&model, settings.model.clone(), least, args.limits.limits());
    let pass = read.pass(&model, settings, false, &mut collector, Collector::message)?;
    let Pass { summary, late, anonymous, .. } = &pass;
    let report = collector.finish(summary.clone(), *late, *anonymous);
    let text = match args.format {
        Format::Html => report.html(),
        Format::Markdown => report.markdown(),
    };
    match output.write_all(text.as_bytes()).map_err(anyhow::Error::from).and_then(|()| output.commit()) {
        Err(err) if !is_broken_pipe(&err) => return Err(err),
        Ok(()) if !read.quiet => pass.tell(),
        _ => {}
    }
    Ok(pass.status())
}
