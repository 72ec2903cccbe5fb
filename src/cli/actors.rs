//! `undue actors`: who writes, what they contribute and how they press.

use std::io;

use anyhow::Result;
use undue::{
    context::{AuthorSummary, Merge, Observer, Settings},
    report::Listing,
};

use super::{
    ExitStatus,
    context::{ListArgs, Pass},
    notices,
    output::Output,
};

const EXAMPLES: &str = "\
EXAMPLES:
  undue actors list.mbox
  undue actors --identities people.toml --format csv --output actors.csv archives/";

/// Merges of addresses that are told one by one; all are in the list itself.
const TOLD: u64 = 20;

/// Arguments of `undue actors`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    list: ListArgs,
}

/// Runs `undue actors`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    let list = &args.list;
    let mut output = list.output()?;
    let (pass, written) = write(list, list.settings()?, &mut output)?;
    list.end(written, output, &pass)
}

fn write(list: &ListArgs, settings: Settings, output: &mut Output) -> Result<(Pass, io::Result<()>)> {
    let listing = Listing::new(output, list.format(), list.top(), list.style())?;
    let mut told = Told { listing, merges: 0, quiet: list.read.quiet, written: Ok(()) };
    let pass = list.pass(settings, &mut told)?;
    let Told { listing, written, merges, .. } = told;
    if merges > TOLD && !list.read.quiet {
        notices::say(&format!("{merges} addresses in all were taken for one person with another"));
    }
    Ok((pass, written.and_then(|()| listing.finish())))
}

struct Told<'o> {
    listing: Listing<&'o mut Output, AuthorSummary>,
    merges: u64,
    quiet: bool,
    written: io::Result<()>,
}

impl Observer for Told<'_> {
    fn author(&mut self, author: AuthorSummary) {
        if self.written.is_ok() {
            self.written = self.listing.push(author);
        }
    }

    fn merge(&mut self, Merge { kept, joined, message, .. }: Merge) {
        self.merges += 1;
        if self.merges <= TOLD && !self.quiet {
            let (name, kept, joined) = (&joined.name, &kept.address, &joined.address);
            notices::say(&format!(
                "{name}: {joined} is taken for {kept} (same name, domain and thread; at {message})"
            ));
        }
    }
}
