//! The corpora that the labels speak of (`datasets/sources.toml`): which there are, and whether they are at hand.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use flate2::bufread::MultiGzDecoder;

mod manifest;
mod status;
mod verify;

pub use manifest::{Corpus, Manifest, Reader, table};
pub use status::{FileStatus, Status, label_files, status};
pub use verify::{Finding, verify};

/// What can be done with the corpora.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check that corpora are at hand and unchanged
    Verify(VerifyArgs),
    /// Show how many labels have their text
    Status(StatusArgs),
}

/// Where the corpora and their list are.
#[derive(Debug, Args)]
pub struct PlaceArgs {
    /// Folder of the corpora
    #[arg(long, env = "UNDUE_CORPORA", value_name = "DIR")]
    pub corpora: Option<PathBuf>,
    /// List of the corpora
    #[arg(long, value_name = "FILE", default_value = "datasets/sources.toml")]
    pub sources: PathBuf,
}

impl PlaceArgs {
    fn corpora(&self) -> anyhow::Result<&Path> {
        let Some(dir) = &self.corpora else {
            bail!("where are the corpora? Say --corpora DIR, or set UNDUE_CORPORA");
        };
        if !dir.is_dir() {
            bail!("{} is not a folder", dir.display());
        }
        Ok(dir)
    }
}

/// Arguments of `sources verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Corpora to check [default: all]
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Where things are.
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Arguments of `sources status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Where things are.
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Folder of the label files
    #[arg(long, value_name = "DIR", default_value = "datasets/labels")]
    pub labels: PathBuf,
}

/// Runs a command. `verify` gives false if a corpus is missing or changed, `status` if evidence lies outside a text.
///
/// # Errors
/// If an argument is wrong, a list cannot be read, or nothing written to `out`.
pub fn run(command: &Command, out: &mut dyn Write) -> anyhow::Result<bool> {
    match command {
        Command::Verify(args) => run_verify(args, out),
        Command::Status(args) => {
            let status = status(args.place.corpora.as_deref(), &args.labels)?;
            write!(out, "{status}")?;
            Ok(status.files.iter().all(|file| file.outside == 0))
        }
    }
}

fn run_verify(args: &VerifyArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let dir = args.place.corpora()?;
    let manifest = Manifest::read(&args.place.sources)?;
    let corpora = manifest.select(&args.names)?;
    let findings = verify(&corpora, dir);
    for (corpus, finding) in corpora.iter().zip(&findings) {
        writeln!(out, "{:28}{finding}", corpus.name)?;
    }
    let right = findings.iter().filter(|finding| finding.is_right()).count();
    writeln!(out, "{right} of {} corpora are at hand and unchanged", findings.len())?;
    Ok(right == findings.len())
}

/// The file of the corpus `name` in `dir`, compressed or not, if there is one.
pub fn file_of(dir: &Path, name: &str) -> Option<PathBuf> {
    ["jsonl.gz", "jsonl"]
        .iter()
        .map(|ending| dir.join(format!("{name}.{ending}")))
        .find(|path| path.is_file())
}

/// The content of a corpus file.
fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    let file = BufReader::new(File::open(path).with_context(|| path.display().to_string())?);
    Ok(match path.extension() {
        Some(ending) if ending == "gz" => Box::new(BufReader::new(MultiGzDecoder::new(file))),
        _ => Box::new(file),
    })
}
