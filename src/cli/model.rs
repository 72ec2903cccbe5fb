//! `undue model show`: what a model is and how good it was found to be.

use std::io::{self, Write};

use anyhow::Result;
use undue::model::{Model, OutputFacts, TrainingFacts};

use super::{ExitStatus, input::ModelArgs, output::Output};

pub(super) const EXAMPLES: &str = "\
EXAMPLES:
  undue model show
  undue model show --model my.undue";

/// Arguments of `undue model show`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    model: ModelArgs,
}

/// Runs `undue model show`.
pub(crate) fn show(args: &Args) -> Result<ExitStatus> {
    let model = args.model.load()?;
    let mut out = Output::new(None)?;
    write_identity(&mut out, &model)?;
    write_outputs(&mut out, &model.metadata().outputs)?;
    write_training(&mut out, &model.metadata().training)?;
    out.commit()?;
    Ok(ExitStatus::Complete)
}

fn write_identity(out: &mut impl Write, model: &Model) -> io::Result<()> {
    let (metadata, vocabulary) = (model.metadata(), model.vocabulary());
    writeln!(out, "model       {} {}", metadata.name, metadata.version)?;
    writeln!(out, "language    {}", metadata.language)?;
    writeln!(out, "hash        {}", model.hash())?;
    writeln!(out, "vocabulary  {} words, {} pairs", vocabulary.words().len(), vocabulary.pairs().len())?;
    writeln!(out)
}

/// Rates are those that were measured on messages the model had not seen.
fn write_outputs(out: &mut impl Write, outputs: &[OutputFacts]) -> io::Result<()> {
    writeln!(out, "{:<18} {:>10} {:>13} {:>8}", "output", "threshold", "false alarms", "recall")?;
    for output in outputs {
        let OutputFacts { name, threshold, false_alarm_rate, recall, .. } = output;
        let alarms = format!("{:.2} %", false_alarm_rate * 100.0);
        let recall = format!("{:.1} %", recall * 100.0);
        writeln!(out, "{name:<18} {threshold:>10.4} {alarms:>13} {recall:>8}")?;
    }
    writeln!(
        out,
        "\nfalse alarms: share of ordinary messages; recall: share of the labelled ones that are found\n"
    )
}

fn write_training(out: &mut impl Write, training: &TrainingFacts) -> io::Result<()> {
    writeln!(out, "trained with seed {} on", training.seed)?;
    for (name, count) in &training.messages {
        writeln!(out, "  {count:>8} messages of {name}")?;
    }
    for (name, count) in &training.positives {
        writeln!(out, "  {count:>8} positives for {name}")?;
    }
    for (name, value) in &training.settings {
        writeln!(out, "  {name} = {value}")?;
    }
    for (name, hash) in &training.inputs {
        writeln!(out, "  {name}: SHA-256 {hash}")?;
    }
    Ok(())
}
