//! `undue-train texts`.

use std::{
    collections::HashMap,
    io::{BufWriter, Write},
    path::PathBuf,
};

use anyhow::Context;
use clap::Args;
use serde::Serialize;
use undue::{Label, Level, Message, features::sentences, model::Output};

use super::{FolderArgs, progress};
use crate::{
    example::Example,
    folds::{self, Fold},
};

/// Writes the judged sentences of all messages with their labels and folds, for encoders that are trained elsewhere
#[derive(Debug, Args)]
pub struct TextsArgs {
    #[command(flatten)]
    folders: FolderArgs,
    /// JSONL to write: one message a line. Other people's texts: keep it
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

/// One line: a message as encoders see it.
#[derive(Debug, Serialize)]
struct Line<'m> {
    source: &'m str,
    id: &'m str,
    /// Judged sentences, the subject's first.
    sentences: Vec<&'m str>,
    /// What the annotators say; missing where nobody judged it.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    truth: Option<Truth<'m>>,
}

#[derive(Debug, Serialize)]
struct Truth<'m> {
    theme: &'m str,
    stratum: &'m str,
    level: Level,
    labels: &'m [Label],
    /// For each label, in the order of `labels`, the sentences that show it.
    shown: Vec<Vec<usize>>,
    /// Fold that tests on it, counted from 0.
    fold: usize,
    /// Folds that train on it.
    train: Vec<usize>,
}

/// Writes the file.
///
/// # Errors
/// If a file cannot be read or written.
pub fn run(args: &TextsArgs) -> anyhow::Result<()> {
    let loaded = args.folders.open()?.load()?;
    let examples: Vec<&Example> = loaded.examples.iter().collect();
    let truths = truths(&examples, &folds::leave_sources_out(&examples));
    let file = std::fs::File::create(&args.output).with_context(|| args.output.display().to_string())?;
    let mut out = BufWriter::new(file);
    for (example, truth) in examples.iter().zip(truths) {
        write(&mut out, &example.source, &example.message, Some(truth))?;
    }
    let judged: std::collections::HashSet<(&str, &str)> =
        examples.iter().map(|e| (e.source.as_str(), e.message.id.as_str())).collect();
    for (source, messages) in &loaded.corpora {
        for message in messages.iter().filter(|m| !judged.contains(&(source.as_str(), m.id.as_str()))) {
            write(&mut out, source, message, None)?;
        }
    }
    out.flush()?;
    progress(&format!("wrote {}", args.output.display()));
    Ok(())
}

fn truths<'e>(examples: &[&'e Example], folds: &[Fold]) -> Vec<Truth<'e>> {
    let mut tested = HashMap::new();
    let mut train = vec![Vec::new(); examples.len()];
    for (n, fold) in folds.iter().enumerate() {
        tested.extend(fold.test.iter().map(|&i| (i, n)));
        fold.train.iter().for_each(|&i| train[i].push(n));
    }
    let truth = |(i, train): (usize, Vec<usize>)| {
        let Example { theme, stratum, level, labels, sentences, .. } = examples[i];
        let shown = |&label: &Label| {
            (0..sentences.len()).filter(|&s| examples[i].shows(Output::Label(label), s)).collect()
        };
        let shown = labels.iter().map(shown).collect();
        Truth { theme, stratum, level: *level, labels, shown, fold: tested[&i], train }
    };
    train.into_iter().enumerate().map(truth).collect()
}

fn write(
    out: &mut impl Write,
    source: &str,
    message: &Message,
    truth: Option<Truth<'_>>,
) -> anyhow::Result<()> {
    let all = sentences(message);
    let sentences = all.iter().map(|sentence| sentence.text(message)).collect();
    serde_json::to_writer(&mut *out, &Line { source, id: &message.id, sentences, truth })?;
    Ok(out.write_all(b"\n")?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::example::read_authored;

    #[test]
    fn every_message_is_tested_once_and_shows_what_it_is_labelled() {
        let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../datasets/authored");
        let examples = read_authored(dir.as_ref()).unwrap();
        let examples: Vec<&Example> = examples.iter().collect();
        let truths = truths(&examples, &folds::leave_sources_out(&examples));
        assert_eq!(truths.len(), examples.len());
        assert!(truths.iter().all(|truth| !truth.train.contains(&truth.fold)));
        let shown = truths.iter().flat_map(|truth| &truth.shown);
        let (all, empty) = shown.fold((0, 0), |(all, empty), s| (all + 1, empty + usize::from(s.is_empty())));
        assert!(empty * 50 < all, "{empty} of {all} labels have no sentence that shows them");
    }
}
