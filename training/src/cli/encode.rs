//! `undue-train encode`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use rayon::prelude::*;
use undue::model::Output;

use super::{FolderArgs, progress, write};
use crate::{
    encoder::{Encoder, Logits, windows},
    example::Example,
    folds::{self, FOLDS},
};

/// Writes what encoders say of labelled messages whose fold they have not seen
#[derive(Debug, Args)]
pub struct EncodeArgs {
    #[command(flatten)]
    folders: FolderArgs,
    /// Folder of `fold-0.safetensors` and so on: each trained without the fold that it bears
    #[arg(long, value_name = "DIR")]
    encoders: PathBuf,
    /// CSV to write: source, id, a logit for each output
    #[arg(long, value_name = "FILE", default_value = "datasets/encoder.csv")]
    output: PathBuf,
}

/// Writes the file.
///
/// # Errors
/// If a file cannot be read or written.
pub fn run(args: &EncodeArgs) -> anyhow::Result<()> {
    let loaded = args.folders.open()?.load()?;
    let examples: Vec<&Example> = loaded.examples.iter().collect();
    let mut rows: Vec<(usize, Logits)> = Vec::new();
    for (n, fold) in folds::leave_sources_out(&examples).iter().enumerate().take(FOLDS) {
        let path = args.encoders.join(format!("fold-{n}.safetensors"));
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let encoder = Encoder::from_bytes(bytes).with_context(|| path.display().to_string())?;
        let logits = |&i: &usize| Some((i, read(&encoder, examples[i])?));
        rows.extend(fold.test.par_iter().filter_map(logits).collect::<Vec<_>>());
        progress(&format!("fold {} of {FOLDS} is read", n + 1));
    }
    write(&args.output, &csv(&examples, rows)?)
}

/// The strongest word of any window, for each output; none where there is nothing to read.
fn read(encoder: &Encoder, example: &Example) -> Option<Logits> {
    let split = |sentence: &undue::features::Sentence| encoder.split(sentence.text(&example.message));
    let pieces: Vec<Vec<u32>> = example.sentences.iter().map(split).collect();
    let lengths: Vec<usize> = pieces.iter().map(Vec::len).collect();
    let logits = windows(&lengths).into_iter().map(|window| encoder.read(&pieces[window]));
    logits.reduce(|a, b| std::array::from_fn(|k| a[k].max(b[k])))
}

fn csv(examples: &[&Example], mut rows: Vec<(usize, Logits)>) -> anyhow::Result<String> {
    rows.sort_by_key(|(i, _)| (&examples[*i].source, &examples[*i].message.id));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["source", "id"].into_iter().chain(Output::all().map(Output::name)))?;
    for (i, logits) in rows {
        let Example { source, message, .. } = examples[i];
        writer.write_record(
            [source.clone(), message.id.clone()].into_iter().chain(logits.map(|x| format!("{x:.3}"))),
        )?;
    }
    String::from_utf8(writer.into_inner()?).context("ids are UTF-8")
}
