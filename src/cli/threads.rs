//! `undue threads`: where it was pressed, asked again, answered.

use std::io;

use anyhow::Result;
use undue::{
    context::{Observer, Settings, ThreadSummary},
    report::Listing,
};

use super::{
    ExitStatus,
    context::{ListArgs, Pass},
    output::Output,
};

const EXAMPLES: &str = "\
EXAMPLES:
  undue threads list.mbox
  undue threads --format csv --output threads.csv archives/";

/// Arguments of `undue threads`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    list: ListArgs,
}

/// Runs `undue threads`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    let list = &args.list;
    let mut output = list.output()?;
    let (pass, written) = write(list, list.settings()?, &mut output)?;
    list.end(written, output, &pass)
}

fn write(list: &ListArgs, settings: Settings, output: &mut Output) -> Result<(Pass, io::Result<()>)> {
    let listing = Listing::new(output, list.format(), list.top(), list.style())?;
    let mut told = Told { listing, written: Ok(()) };
    let pass = list.pass(settings, &mut told)?;
    let Told { listing, written } = told;
    Ok((pass, written.and_then(|()| listing.finish())))
}

struct Told<'o> {
    listing: Listing<&'o mut Output, ThreadSummary>,
    written: io::Result<()>,
}

impl Observer for Told<'_> {
    fn thread(&mut self, thread: ThreadSummary) {
        if self.written.is_ok() {
            self.written = self.listing.push(thread);
        }
    }
}
