//! `undue-train folds`.

use std::{collections::HashSet, path::PathBuf};

use anyhow::Context;
use clap::Args;

use super::{FolderArgs, progress, write};
use crate::{
    example::Example,
    folds::{self, Fold},
};

/// Writes the folds of cross-validation, for baselines that are fitted elsewhere
#[derive(Debug, Args)]
pub struct FoldsArgs {
    #[command(flatten)]
    folders: FolderArgs,
    /// CSV to write: fold, side (train or test), source, id
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// JSONL to write: source, id, level, labels, and the own words of each message. Other people's texts: keep it
    #[arg(long, value_name = "FILE")]
    texts: Option<PathBuf>,
}

/// Writes the files.
///
/// # Errors
/// If a file cannot be read or written.
pub fn run(args: &FoldsArgs) -> anyhow::Result<()> {
    let loaded = args.folders.open()?.load()?;
    progress(&format!("{} labelled messages; {} without text", loaded.examples.len(), loaded.missing));
    let examples: Vec<&Example> = loaded.examples.iter().collect();
    write(&args.output, &csv(&examples, &folds::leave_sources_out(&examples))?)?;
    args.texts.as_ref().map_or(Ok(()), |path| write(path, &texts(&examples)))
}

fn csv(examples: &[&Example], folds: &[Fold]) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["fold", "side", "source", "id"])?;
    for (n, fold) in folds.iter().enumerate() {
        let test: HashSet<usize> = fold.test.iter().copied().collect();
        for &i in fold.train.iter().chain(&fold.test) {
            let side = if test.contains(&i) { "test" } else { "train" };
            let example = examples[i];
            writer.write_record([&(n + 1).to_string(), side, &example.source, &example.message.id])?;
        }
    }
    String::from_utf8(writer.into_inner()?).context("ids are UTF-8")
}

fn texts(examples: &[&Example]) -> String {
    let line = |example: &&Example| {
        let words = example.sentences.iter().map(|sentence| sentence.text(&example.message));
        let text = words.collect::<Vec<_>>().join("\n");
        let Example { source, message, level, labels, stratum, .. } = example;
        let line = serde_json::json!({
            "source": source, "id": message.id, "level": level, "labels": labels, "stratum": stratum, "text": text
        });
        format!("{line}\n")
    };
    examples.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::example::read_authored;

    #[test]
    fn folds_name_every_message_once_as_tested() {
        let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../datasets/authored");
        let examples = read_authored(dir.as_ref()).unwrap();
        let examples: Vec<&Example> = examples.iter().collect();
        let text = csv(&examples, &folds::leave_sources_out(&examples)).unwrap();
        assert!(text.starts_with("fold,side,source,id\n1,train,authored,"));
        assert_eq!(text.lines().filter(|line| line.contains(",test,")).count(), examples.len());
        assert_eq!(texts(&examples).lines().count(), examples.len());
    }
}
