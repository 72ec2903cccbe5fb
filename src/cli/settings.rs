//! The settings of a project: which `undue.toml` is taken, and `undue config check`.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use undue::{
    Error,
    config::{About, Config},
    report::one_line,
};

use super::{ExitStatus, notices};

pub(crate) const EXAMPLES: &str = "\
EXAMPLES:
  undue config check
  undue config check ci/undue.toml";

const NAME: &str = "undue.toml";
/// Settings are written by hand; more than this is something else.
const MAX_BYTES: u64 = 1 << 20;

/// Arguments that say which settings apply.
#[derive(Debug, clap::Args)]
pub(super) struct SettingsArgs {
    /// Take thresholds, ignore rules and disputes from this file [default: undue.toml here or above]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,

    /// Take no settings from any undue.toml
    #[arg(long)]
    no_config: bool,
}

/// Arguments of `undue config check`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CheckArgs {
    /// The file [default: undue.toml here or above]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

impl SettingsArgs {
    /// The settings, if there are any. That a file was found by itself is said, for it changes what is reported.
    pub(super) fn load(&self, quiet: bool) -> Result<Option<Config>> {
        match &self.config {
            Some(path) => load(path).map(Some),
            None if self.no_config => Ok(None),
            None => {
                let Some(path) = find(&std::env::current_dir()?) else { return Ok(None) };
                if !quiet {
                    notices::say(&format!("settings of {}", path.display()));
                }
                load(&path).map(Some)
            }
        }
    }
}

/// Runs `undue config check`.
pub(crate) fn check(args: &CheckArgs) -> Result<ExitStatus> {
    let path = match &args.file {
        Some(path) => path.clone(),
        None => match find(&std::env::current_dir()?) {
            Some(path) => path,
            None => bail!("there is no {NAME} here or in a directory above; name a FILE"),
        },
    };
    let config = load(&path)?;
    let (thresholds, rules) = config.counts();
    let mut out = io::stdout().lock();
    let disputes = config.disputes();
    writeln!(
        out,
        "{}: {thresholds} thresholds, {rules} ignore rules, {} disputes",
        one_line(&path.to_string_lossy()),
        disputes.len()
    )?;
    for dispute in disputes {
        let (what, about) = match &dispute.about {
            About::Message(id) => ("message", id),
            About::Author(who) => ("author", who),
            About::Thread(id) => ("thread", id),
        };
        writeln!(out, "  {what} {}: {}", one_line(about), one_line(&dispute.reason))?;
    }
    Ok(ExitStatus::Complete)
}

/// `undue.toml` in `dir` or the nearest directory above it, but not beyond the checkout that `dir` is in: whoever may
/// write to a common directory could hide messages.
fn find(dir: &Path) -> Option<PathBuf> {
    for dir in dir.ancestors() {
        let path = dir.join(NAME);
        if path.is_file() {
            return Some(path);
        }
        if dir.join(".git").exists() {
            return None;
        }
    }
    None
}

fn load(path: &Path) -> Result<Config> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text));
    read.with_context(|| format!("cannot read {}", path.display()))?;
    if text.len() as u64 > MAX_BYTES {
        bail!("{}: more than a MiB; expected settings", path.display());
    }
    Ok(Config::parse(&text).map_err(|err: Error| err.with_path(path))?)
}
