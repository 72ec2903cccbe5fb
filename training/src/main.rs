//! The command `undue-train`.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use undue::model::Model;
use undue_training::{
    additive::Settings,
    inputs::Folders,
    retrain,
    train::{self, Identity, Inputs},
    vocabulary,
};

/// Trains and evaluates the models of undue.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fit a model from labels and texts and write its artifact
    Fit(FitArgs),
    #[command(flatten)]
    Store(retrain::Command),
}

/// Where inputs lie.
#[derive(Debug, Args)]
struct FolderArgs {
    /// Folder of the corpora; without it only the authored texts are used
    #[arg(long, env = "UNDUE_CORPORA", value_name = "DIR")]
    corpora: Option<PathBuf>,
    /// The project's datasets
    #[arg(long, value_name = "DIR", default_value = "datasets")]
    datasets: PathBuf,
    /// Threads to work on; the result does not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

#[derive(Debug, Args)]
struct FitArgs {
    #[command(flatten)]
    folders: FolderArgs,
    /// Where the artifact is written
    #[arg(long, value_name = "FILE", default_value = "models/undue-en/model.undue")]
    output: PathBuf,
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Fit(args) => fit(&args).map(|()| ExitCode::SUCCESS),
        Command::Store(command) => retrain::run(&command),
    };
    match result {
        Ok(status) => status,
        Err(err) => {
            eprintln!("undue-train: {err:#}");
            ExitCode::from(2)
        }
    }
}

fn fit(args: &FitArgs) -> anyhow::Result<()> {
    if let Some(threads) = args.folders.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    let folders = Folders { datasets: args.folders.datasets.clone(), corpora: args.folders.corpora.clone() };
    let loaded = folders.load()?;
    let examples: Vec<_> = loaded.examples.iter().collect();
    eprintln!("{} labelled messages; {} labels without their text", examples.len(), loaded.missing);
    let vocabulary = if loaded.corpora.is_empty() {
        eprintln!("no corpora: training on the authored texts alone, with the shipped vocabulary");
        Model::embedded()?.vocabulary().clone()
    } else {
        vocabulary::select(&examples, &loaded.corpora)?
    };
    eprintln!("{} words and {} pairs", vocabulary.words().len(), vocabulary.pairs().len());
    let population = loaded.corpora.values().map(Vec::len).sum();
    let hashes = loaded.hashes.clone();
    let inputs = Inputs { examples, vocabulary, population, hashes, settings: Settings::default() };
    let identity = Identity { name: "undue-en".into(), version: env!("CARGO_PKG_VERSION").into() };
    let model = train::fit(&inputs, &identity, &|step| eprintln!("{step}"))?;
    std::fs::write(&args.output, model.to_bytes()?)?;
    eprintln!("wrote {} ({})", args.output.display(), model.hash());
    Ok(())
}
