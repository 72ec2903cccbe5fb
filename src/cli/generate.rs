//! `undue completions` and `undue man`: made from the same definitions as the parser.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Cli, ExitStatus, output::Output};

const COMPLETIONS_EXAMPLES: &str = "\
EXAMPLES:
  undue completions bash > ~/.local/share/bash-completion/completions/undue
  undue completions fish > ~/.config/fish/completions/undue.fish";

const MAN_EXAMPLES: &str = "\
EXAMPLES:
  undue man | man -l -
  undue man --out ~/.local/share/man/man1";

/// Arguments of `undue completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Arguments of `undue man`.
#[derive(Debug, clap::Args)]
#[command(after_help = MAN_EXAMPLES)]
pub(crate) struct ManArgs {
    /// Write the pages of all subcommands into this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs `undue completions`.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<ExitStatus> {
    // Into memory first: the generator panics where writing fails.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "undue", &mut script);
    print(&script)
}

/// Runs `undue man`.
pub(crate) fn man(args: &ManArgs) -> Result<ExitStatus> {
    match &args.out {
        Some(directory) => write_pages(directory)
            .with_context(|| format!("cannot write man pages to {}", directory.display())),
        None => {
            let mut page = Vec::new();
            Man::new(Cli::command()).render(&mut page)?;
            print(&page)
        }
    }
}

fn write_pages(directory: &Path) -> Result<ExitStatus> {
    fs::create_dir_all(directory)?;
    clap_mangen::generate_to(Cli::command(), directory)?;
    Ok(ExitStatus::Complete)
}

fn print(bytes: &[u8]) -> Result<ExitStatus> {
    let mut out = Output::new(None)?;
    out.write_all(bytes)?;
    out.commit()?;
    Ok(ExitStatus::Complete)
}
