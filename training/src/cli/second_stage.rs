//! `undue-train second-stage`.

use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;
use undue::model::Output;

use super::{BootstrapArgs, FolderArgs, print, progress, texts};
use crate::{
    evaluate::table::Table,
    example::Example,
    folds,
    inputs::UNMEASURED,
    stack::{self, Judged},
};

/// Measures what an encoder adds to the additive model, in cross-validation
#[derive(Debug, Args)]
pub struct SecondStageArgs {
    #[command(flatten)]
    folders: FolderArgs,
    /// What encoders say of messages that they have not seen, as `encode` writes it
    #[arg(long, value_name = "FILE", default_value = "datasets/encoder.csv")]
    logits: PathBuf,
    #[command(flatten)]
    bootstrap: BootstrapArgs,
}

/// Prints average precision of both stages by output.
///
/// # Errors
/// If a file cannot be read or a fit fails, or no message has logits.
pub fn run(args: &SecondStageArgs) -> anyhow::Result<()> {
    let loaded = args.folders.open()?.load()?;
    let logits = stack::read(&args.logits)?;
    progress("the additive model is refitted without each fold's sources: minutes, not seconds");
    let margins = texts::margins(&loaded)?;
    let examples: Vec<&Example> = loaded.examples.iter().collect();
    let mut judged = Vec::new();
    for (fold, members) in folds::leave_sources_out(&examples).iter().enumerate() {
        for &i in &members.test {
            let example = examples[i];
            let said = logits.get(&(example.source.clone(), example.message.id.clone()));
            let measured = !example.is_authored() && example.round != UNMEASURED;
            judged.extend(said.filter(|_| measured).map(|&encoder| Judged {
                example,
                fold,
                margins: margins[i],
                encoder,
            }));
        }
    }
    ensure!(!judged.is_empty(), "{}: no labelled message has logits", args.logits.display());
    let header = ["output", "additive", "encoder", "both", "both less additive"];
    let mut table =
        Table::new(format!("Average precision in cross-validation, {} messages", judged.len()), header);
    for output in Output::all() {
        table.rows.push(stack::measure(output, &judged, args.bootstrap.settings())?.cells());
    }
    print(&table.text())
}
