//! Messages written for the project (`datasets/authored/`): reading and checking them. Schema: `datasets/README.md`.

use std::{
    collections::BTreeMap,
    fmt, fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use undue::{Label, Level};

mod check;
mod fault;
mod repeats;
#[cfg(test)]
mod tests;

pub use check::{Report, check};
pub use fault::{Fault, FaultKind};

/// One authored message, as it stands in a line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthoredMessage {
    /// `authored/THEME/NUMBER`.
    pub id: String,
    /// Always `authored`.
    pub source: String,
    /// Name of the file it stands in, without the ending.
    pub theme: String,
    /// Invented list or repository.
    #[serde(default)]
    pub list_or_repo: String,
    /// What the writer is there: user, contributor, member, maintainer.
    #[serde(default)]
    pub author_role: String,
    /// Subject or issue title.
    #[serde(default)]
    pub subject: String,
    /// Body.
    pub text: String,
    /// How strong it is.
    pub level: Level,
    /// What it shows.
    pub labels: Vec<Label>,
    /// For each label the words that show it, verbatim from the text or subject.
    pub evidence: BTreeMap<Label, Vec<String>>,
}

/// File and line of a message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: Arc<Path>,
    /// Line, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path.display(), self.line)
    }
}

/// A message with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
    /// The message.
    pub message: AuthoredMessage,
}

/// The `*.jsonl` files of a folder and of the folders in it, sorted.
///
/// # Errors
/// If a folder cannot be read.
pub fn files(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "jsonl") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads all messages of a folder; lines that are no message of the schema come back as faults.
///
/// # Errors
/// If the folder or a file in it cannot be read.
pub fn read(dir: &Path) -> anyhow::Result<(Vec<Entry>, Vec<Fault>)> {
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    for path in files(dir)? {
        let content = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let path: Arc<Path> = path.into();
        for (i, line) in content.lines().enumerate() {
            let place = Place { path: path.clone(), line: i + 1 };
            match serde_json::from_str(line) {
                Ok(message) => entries.push(Entry { place, message }),
                Err(err) => faults.push(Fault::of_line(place, err.to_string())),
            }
        }
    }
    Ok((entries, faults))
}

/// What can be done with authored messages.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check authored messages against the codebook and each other
    Check(CheckArgs),
}

/// Arguments of `authored check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Folder of JSON Lines files, one per theme
    #[arg(value_name = "DIR", default_value = "datasets/authored")]
    pub dir: PathBuf,
}

/// Runs a command; false if there is a fault.
///
/// # Errors
/// If a file cannot be read, or nothing written to `out`.
pub fn run(command: &Command, out: &mut dyn Write) -> anyhow::Result<bool> {
    let Command::Check(args) = command;
    let report = check(&args.dir)?;
    write!(out, "{report}")?;
    Ok(report.faults.is_empty())
}
