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
    additive::{Prepared, Settings},
    encoder::Pieces,
    example::Example,
    folds::{self, Fold},
    heads::Margins,
    inputs::Loaded,
    train::{self, Inputs},
    vocabulary,
};

/// Writes the judged sentences of all messages with their labels and folds, for encoders that are trained elsewhere
#[derive(Debug, Args)]
pub struct TextsArgs {
    #[command(flatten)]
    folders: FolderArgs,
    /// JSONL to write: one message a line. Other people's texts: keep it
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Add the pieces of each sentence, by the word pieces in this file
    #[arg(long, value_name = "FILE")]
    pieces: Option<PathBuf>,
    /// Add what the additive model says of labelled messages whose source it has not seen (takes minutes)
    #[arg(long)]
    margins: bool,
}

/// One line: a message as encoders see it.
#[derive(Debug, Serialize)]
struct Line<'m> {
    source: &'m str,
    id: &'m str,
    /// Judged sentences, the subject's first.
    sentences: Vec<&'m str>,
    /// Numbers of the word pieces of each sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pieces: Option<Vec<Vec<u32>>>,
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
    /// Out-of-fold scores of the additive model, one for each output.
    #[serde(skip_serializing_if = "Option::is_none")]
    margins: Option<Margins>,
}

/// Writes the file.
///
/// # Errors
/// If a file cannot be read or written.
pub fn run(args: &TextsArgs) -> anyhow::Result<()> {
    let loaded = args.folders.open()?.load()?;
    let examples: Vec<&Example> = loaded.examples.iter().collect();
    let mut truths = truths(&examples, &folds::leave_sources_out(&examples));
    if args.margins {
        let margins = margins(&loaded)?;
        truths.iter_mut().zip(margins).for_each(|(truth, margins)| truth.margins = Some(margins));
    }
    let pieces =
        args.pieces.as_ref().map(|path| std::fs::read_to_string(path).map(|list| Pieces::new(&list)));
    let pieces = pieces.transpose().context("pieces")?;
    let file = std::fs::File::create(&args.output).with_context(|| args.output.display().to_string())?;
    let mut out = BufWriter::new(file);
    for (example, truth) in examples.iter().zip(truths) {
        write(&mut out, &example.source, &example.message, Some(truth), pieces.as_ref())?;
    }
    let judged: std::collections::HashSet<(&str, &str)> =
        examples.iter().map(|e| (e.source.as_str(), e.message.id.as_str())).collect();
    for (source, messages) in &loaded.corpora {
        for message in messages.iter().filter(|m| !judged.contains(&(source.as_str(), m.id.as_str()))) {
            write(&mut out, source, message, None, pieces.as_ref())?;
        }
    }
    out.flush()?;
    progress(&format!("wrote {}", args.output.display()));
    Ok(())
}

pub(super) fn margins(loaded: &Loaded) -> anyhow::Result<Vec<Margins>> {
    let examples: Vec<&Example> = loaded.examples.iter().collect();
    let vocabulary = vocabulary::select(&examples, &loaded.corpora)?;
    let prepared = Prepared::new(&examples, &vocabulary);
    let population = loaded.corpora.values().map(Vec::len).sum();
    let hashes = loaded.hashes.clone();
    let inputs = Inputs { examples, vocabulary, population, hashes, settings: Settings::default() };
    Ok(train::cross_validate(&inputs, &prepared, &|step| progress(step))?.margins)
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
        Truth { theme, stratum, level: *level, labels, shown, fold: tested[&i], train, margins: None }
    };
    train.into_iter().enumerate().map(truth).collect()
}

fn write(
    out: &mut impl Write,
    source: &str,
    message: &Message,
    truth: Option<Truth<'_>>,
    pieces: Option<&Pieces>,
) -> anyhow::Result<()> {
    let all = sentences(message);
    let sentences: Vec<&str> = all.iter().map(|sentence| sentence.text(message)).collect();
    let pieces = pieces.map(|pieces| sentences.iter().map(|sentence| pieces.split(sentence)).collect());
    serde_json::to_writer(&mut *out, &Line { source, id: &message.id, sentences, pieces, truth })?;
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
