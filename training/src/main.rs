//! The command `undue-train`.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use undue::model::Model;
use undue_training::{
    additive::Settings,
    authored, cli, convert, dataset_card,
    inputs::Folders,
    retrain, sources, tokenizer,
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
    /// Measure a model on labelled messages it was not fitted on
    Evaluate(cli::evaluate::EvaluateArgs),
    /// Compare two models on the same labelled messages
    Compare(cli::compare::CompareArgs),
    /// Train and measure the campaign model
    #[command(subcommand)]
    Campaigns(cli::campaigns::Command),
    /// Write or check the model card
    Card(cli::card::CardArgs),
    /// Show what a model has learned, or its worst mistakes
    Inspect(cli::inspect::InspectArgs),
    /// Write the folds of cross-validation, for baselines that are fitted elsewhere
    Folds(cli::folds::FoldsArgs),
    /// Write the judged sentences of all messages, for encoders that are trained elsewhere
    Texts(cli::texts::TextsArgs),
    /// Write what encoders say of labelled messages that they have not seen
    Encode(cli::encode::EncodeArgs),
    /// Measure what an encoder adds to the additive model
    SecondStage(cli::second_stage::SecondStageArgs),
    /// Check the authored messages
    #[command(subcommand)]
    Authored(authored::Command),
    /// Check the corpora and say which labels have their text
    #[command(subcommand)]
    Sources(sources::Command),
    /// Keep the tables of the dataset card true
    #[command(subcommand)]
    Datasets(dataset_card::Command),
    /// Turn an archive into the schema of the corpora
    Convert(convert::ConvertArgs),
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
    let out = &mut std::io::stdout();
    let result = match Cli::parse().command {
        Command::Fit(args) => fit(&args).map(done),
        Command::Evaluate(args) => cli::evaluate::run(&args).map(done),
        Command::Compare(args) => cli::compare::run(&args).map(done),
        Command::Campaigns(command) => cli::campaigns::run(&command).map(done),
        Command::Card(args) => cli::card::run(&args).map(done),
        Command::Inspect(args) => cli::inspect::run(&args).map(done),
        Command::Folds(args) => cli::folds::run(&args).map(done),
        Command::Texts(args) => cli::texts::run(&args).map(done),
        Command::Encode(args) => cli::encode::run(&args).map(done),
        Command::SecondStage(args) => cli::second_stage::run(&args).map(done),
        Command::Authored(command) => authored::run(&command, out).map(status),
        Command::Sources(command) => sources::run(&command, out).map(status),
        Command::Datasets(command) => dataset_card::run(&command, out).map(status),
        Command::Convert(args) => convert::run(&args, out).map(status),
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

fn done((): ()) -> ExitCode {
    ExitCode::SUCCESS
}

/// 0 if all is well, 1 if something was found wrong.
fn status(well: bool) -> ExitCode {
    ExitCode::from(u8::from(!well))
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
    let tokenizer = tokenizer::to_json(model.vocabulary())?;
    std::fs::write(args.output.with_file_name("tokenizer.json"), tokenizer)?;
    eprintln!("wrote {} ({})", args.output.display(), model.hash());
    Ok(())
}
