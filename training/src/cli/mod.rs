//! Arguments of the verbs that measure, and running them.

pub mod campaigns;
pub mod card;
pub mod compare;
pub mod encode;
pub mod evaluate;
pub mod folds;
pub mod inspect;
pub mod second_stage;
pub mod texts;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args;
use undue::model::Model;

use crate::inputs::Folders;

/// Where inputs lie.
#[derive(Debug, Args)]
pub struct FolderArgs {
    /// Folder of the corpora; without it only authored texts can be used
    #[arg(long, env = "UNDUE_CORPORA", value_name = "DIR")]
    corpora: Option<PathBuf>,
    /// The project's datasets
    #[arg(long, value_name = "DIR", default_value = "datasets")]
    datasets: PathBuf,
    /// Threads to work on; the result does not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

impl FolderArgs {
    /// Sets the number of threads and gives the folders.
    fn open(&self) -> anyhow::Result<Folders> {
        if let Some(threads) = self.threads {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
        }
        Ok(Folders { datasets: self.datasets.clone(), corpora: self.corpora.clone() })
    }
}

/// How intervals are drawn.
#[derive(Debug, Args)]
pub struct BootstrapArgs {
    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Resamples of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 1000)]
    resamples: u64,
}

impl BootstrapArgs {
    fn settings(&self) -> crate::metrics::bootstrap::Settings {
        crate::metrics::bootstrap::Settings { seed: self.seed, resamples: self.resamples }
    }
}

/// The model of a file, or the one that is compiled in.
fn read_model(path: Option<&Path>) -> anyhow::Result<Model> {
    let Some(path) = path else { return Ok(Model::embedded()?) };
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Model::from_bytes(&bytes).with_context(|| path.display().to_string())
}

fn progress(step: &str) {
    eprintln!("{step}");
}

/// Writes to standard output.
fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        // The reader has seen enough.
        Err(err) if err.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

/// Writes a file whole or not at all.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let temporary = path.with_extension("part");
    std::fs::write(&temporary, text).with_context(|| temporary.display().to_string())?;
    std::fs::rename(&temporary, path).with_context(|| path.display().to_string())?;
    eprintln!("wrote {}", path.display());
    Ok(())
}
