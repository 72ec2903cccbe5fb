//! `undue campaigns`: pressing messages that belong together.

use std::io;

use anyhow::Result;
use undue::{
    context::{Campaign, Observer, Settings},
    report::Listing,
};

use super::{
    ExitStatus,
    context::{ListArgs, Pass},
    output::Output,
};

const EXAMPLES: &str = "\
EXAMPLES:
  undue campaigns list.mbox
  undue campaigns --maintainers MAINTAINERS --format jsonl --output campaigns.jsonl archives/
  undue campaigns --min-probability 0.1 --top 0 list.mbox.xz";

/// Arguments of `undue campaigns`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    list: ListArgs,

    /// List what is at least so probable, 0 to 1 [default: the threshold of the campaign model]
    #[arg(long, value_name = "P", value_parser = probability)]
    min_probability: Option<f64>,
}

pub(super) fn probability(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|p| (0.0..=1.0).contains(p))
        .ok_or_else(|| "wanted is a number from 0 to 1".to_owned())
}

/// Runs `undue campaigns`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    let list = &args.list;
    let mut output = list.output()?;
    let settings = list.settings()?;
    let threshold = settings.model.as_ref().map_or(1.0, |model| model.threshold);
    let least = args.min_probability.unwrap_or(threshold);
    let (pass, written) = write(list, settings, least, &mut output)?;
    list.end(written, output, &pass)
}

fn write(
    list: &ListArgs,
    settings: Settings,
    least: f64,
    output: &mut Output,
) -> Result<(Pass, io::Result<()>)> {
    let listing = Listing::new(output, list.format(), list.top(), list.style())?;
    let mut told = Told { listing, least, written: Ok(()) };
    let pass = list.pass(settings, &mut told)?;
    let Told { listing, written, .. } = told;
    Ok((pass, written.and_then(|()| listing.finish())))
}

struct Told<'o> {
    listing: Listing<&'o mut Output, Campaign>,
    least: f64,
    written: io::Result<()>,
}

impl Observer for Told<'_> {
    fn campaign(&mut self, campaign: Campaign) {
        if self.written.is_ok() && campaign.probability >= self.least && campaign.probability > 0.0 {
            self.written = self.listing.push(campaign);
        }
    }
}
