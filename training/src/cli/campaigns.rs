//! `undue-train campaigns`.

use std::{fmt::Write as _, path::PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use undue::{
    context::{CampaignModel, CampaignTraining, FEATURE_NAMES},
    model::Model,
};

use super::{BootstrapArgs, FolderArgs, print, progress, read_model, write};
use crate::{
    campaigns::{
        archive,
        candidate::{Candidate, Kind},
        fit::{self, Bounds},
        measure::{Plan, measure},
        replay,
        script::Class,
        setup::{self, Setup},
        split::Half,
    },
    corpus,
    metrics::bootstrap::Settings,
};

/// What can be done with the campaign model.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Fit the campaign model on campaigns planted in real archives
    Fit(FitArgs),
    /// Measure the campaign model on campaigns that it was not fitted on, and on all real messages
    Evaluate(EvaluateArgs),
    /// Read one archive of the replay as it would have been seen, for the final figure alone
    Replay(ReplayArgs),
}

/// The models to measure.
#[derive(Debug, Args)]
struct ModelArgs {
    /// The text model; the one that is compiled in unless given
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// The campaign model; the one that is compiled in unless given
    #[arg(long, value_name = "FILE")]
    campaign_model: Option<PathBuf>,
}

impl ModelArgs {
    fn read(&self) -> anyhow::Result<(Model, CampaignModel)> {
        let campaign_model = match &self.campaign_model {
            Some(path) => CampaignModel::from_json(
                &std::fs::read_to_string(path).with_context(|| path.display().to_string())?,
            )?,
            None => CampaignModel::embedded()?,
        };
        Ok((read_model(self.model.as_deref())?, campaign_model))
    }
}

/// Arguments of `campaigns evaluate`.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    #[command(flatten)]
    folders: FolderArgs,
    #[command(flatten)]
    bootstrap: BootstrapArgs,
    #[command(flatten)]
    models: ModelArgs,
    /// Projects in which each campaign is planted
    #[arg(long, value_name = "N", default_value_t = 3)]
    copies: usize,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write the report as JSON
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Markdown,
}

/// Arguments of `campaigns replay`.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    #[command(flatten)]
    folders: FolderArgs,
    #[command(flatten)]
    models: ModelArgs,
    /// The archive, one of those that nothing is trained on
    #[arg(long, value_name = "NAME", default_value = "xz-devel")]
    archive: String,
}

/// Arguments of `campaigns fit`.
#[derive(Debug, Args)]
pub struct FitArgs {
    #[command(flatten)]
    folders: FolderArgs,
    /// The text model; the one that is compiled in unless given
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Seed by which campaigns are planted
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Projects in which each campaign is planted
    #[arg(long, value_name = "N", default_value_t = 3)]
    copies: usize,
    /// False alarms in 20,000 real messages that the threshold is set for
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    rate: f64,
    /// Where the model is written
    #[arg(long, value_name = "FILE", default_value = "models/undue-en/campaign.json")]
    output: PathBuf,
    /// Also write what is fitted on, as CSV: every point of every candidate
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
}

/// Does what a command says.
///
/// # Errors
/// If a file cannot be read or written, or the fit fails.
pub fn run(command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Fit(args) => fit_model(args),
        Command::Evaluate(args) => evaluate(args),
        Command::Replay(args) => replay(args),
    }
}

fn evaluate(args: &EvaluateArgs) -> anyhow::Result<()> {
    let folders = args.folders.open()?;
    let (text_model, model) = args.models.read()?;
    let setup = Setup::read(&folders, &text_model, &progress)?;
    let Settings { seed, resamples } = args.bootstrap.settings();
    let report = measure(&setup, &text_model, &model, Plan { seed, copies: args.copies, resamples });
    let tables = report.tables();
    let notes = format!(
        "{}, threshold {}, on text model {}; 95 % bootstrap intervals over scripts or corpora.\n\n",
        report.campaign_model, report.threshold, report.text_model
    );
    print(&match args.format {
        Format::Json => report.json()?,
        Format::Table => notes + &tables.iter().map(|table| table.text() + "\n").collect::<String>(),
        Format::Markdown => notes + &tables.iter().map(|table| table.markdown(2) + "\n").collect::<String>(),
    })?;
    args.output.as_ref().map_or(Ok(()), |path| write(path, &report.json()?))
}

fn replay(args: &ReplayArgs) -> anyhow::Result<()> {
    let folders = args.folders.open()?;
    let (text_model, model) = args.models.read()?;
    let dir = folders.corpora.context("where are the corpora? Say --corpora DIR, or set UNDUE_CORPORA")?;
    let files = corpus::files(&dir)?;
    let path = files.get(&args.archive).with_context(|| format!("no corpus is called {:?}", args.archive))?;
    let digests = archive::digests(path, &text_model)?;
    print(&format!("{} messages, {}", digests.len(), replay::text(&replay::replay(&digests, &model))))
}

fn fit_model(args: &FitArgs) -> anyhow::Result<()> {
    let folders = args.folders.open()?;
    let text_model = read_model(args.model.as_deref())?;
    let setup = Setup::read(&folders, &text_model, &progress)?;
    let half = Half::Training;
    let plantings = setup.plantings(half, args.copies, args.seed);
    let real = setup.real(&[half], None);
    let planted = setup::planted(&plantings, &text_model, None);
    let lost = planted.iter().filter(|found| found.is_empty()).count();
    progress(&format!(
        "{} candidates in {} real messages; {} plantings, of {lost} no candidate",
        real.len(),
        setup.messages(half),
        plantings.len()
    ));
    let count = |class: Class| setup.scripts(half).filter(|script| script.class == class).count();
    let facts = CampaignTraining {
        text_model: text_model.hash().to_owned(),
        seed: args.seed,
        campaigns: u32::try_from(count(Class::Campaign))?,
        look_alikes: u32::try_from(count(Class::LookAlike))?,
        plantings: u32::try_from(plantings.len())?,
        messages: setup.messages(half) as u64,
        candidates: u32::try_from(real.len())?,
        corpora: setup.archives(half).map(|archive| archive.corpus.clone()).collect(),
        ..CampaignTraining::default()
    };
    let planted_of = |class: Class| plantings.iter().filter(|it| it.script.class == class).count();
    let bounds = Bounds {
        messages: setup.messages(half),
        per_20000: args.rate,
        campaigns: planted_of(Class::Campaign),
        look_alikes: planted_of(Class::LookAlike),
    };
    let candidates: Vec<Candidate> = real.into_iter().chain(planted.into_iter().flatten()).collect();
    if let Some(path) = &args.rows {
        write(path, &rows(&candidates))?;
    }
    let model = fit::fit(&candidates, bounds, facts).context("the campaign model")?;
    write(&args.output, &model.to_json()?)
}

/// Group, kind, first message and features of every point.
fn rows(candidates: &[Candidate]) -> String {
    let mut out = format!("kind,group,candidate,{}\n", FEATURE_NAMES.join(","));
    for (number, candidate) in candidates.iter().enumerate() {
        let kind = match candidate.kind {
            Kind::Real => "real",
            Kind::Planted(Class::Campaign) => "campaign",
            Kind::Planted(Class::LookAlike) => "look-alike",
        };
        for point in &candidate.points {
            let values: Vec<String> = point.features.values().iter().map(f64::to_string).collect();
            let _ = writeln!(out, "{kind},{},{number},{}", candidate.group, values.join(","));
        }
    }
    out
}
