//! What a model is evaluated on.

use std::{
    convert::Infallible,
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::{Context, bail, ensure};
use rayon::prelude::*;
use undue::{Scorer, is_foreign, model::Model};

use super::set::{EvaluationSet, NOT_JUDGED, Origin, probabilities};
use crate::{
    additive::{Prepared, Settings},
    corpus::{self, Corpora, REPLAY, Which},
    example::{self, Example},
    heads::Margins,
    inputs::{Folders, UNMEASURED, sha256},
    labels,
    train::{self, Inputs},
};

/// The messages of an evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Split {
    /// Leave-source-out cross-validation on the training labels.
    Cv,
    /// All labelled messages of xz-devel, which nothing was fitted on.
    XzReplay,
    /// A label CSV, or a JSONL file in the schema of `datasets/authored/`.
    File(PathBuf),
}

impl FromStr for Split {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "cv" => Self::Cv,
            "xz-replay" => Self::XzReplay,
            path => Self::File(path.into()),
        })
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cv => f.write_str("cv"),
            Self::XzReplay => f.write_str("xz-replay"),
            Self::File(path) => f.write_str(&path.file_stem().unwrap_or_default().to_string_lossy()),
        }
    }
}

impl Split {
    /// Reads the messages and scores them with `model`.
    ///
    /// # Errors
    /// If a file cannot be read or a fit fails, or if none of the labelled messages has its text.
    pub fn score(
        &self,
        model: &Model,
        folders: &Folders,
        progress: &(dyn Fn(&str) + Sync),
    ) -> anyhow::Result<EvaluationSet> {
        if *self == Self::Cv {
            return cross_validated(model, folders, progress);
        }
        let examples = self.examples(folders, progress)?;
        ensure!(!examples.is_empty(), "{self}: no labelled message has its text");
        let probabilities = score_all(model, &examples);
        progress(&format!("{self}: {} messages are scored", examples.len()));
        let set = EvaluationSet::alike(&self.to_string(), examples, probabilities);
        Ok(EvaluationSet { origin: self.origin(model, folders)?, ..set })
    }

    /// Whether the split's file is one that `model` names among its inputs, by its bytes.
    fn origin(&self, model: &Model, folders: &Folders) -> anyhow::Result<Origin> {
        let path = match self {
            Self::Cv => return Ok(Origin::Refitted),
            Self::XzReplay => folders.labels("xz-replay.a"),
            Self::File(path) => path.clone(),
        };
        let hash = sha256(&path)?;
        let fitted = model.metadata().training.inputs.values().any(|input| *input == hash);
        Ok(if fitted { Origin::FittedOn } else { Origin::Unseen })
    }

    /// The labelled messages of a split that needs no fit.
    ///
    /// # Errors
    /// If a file cannot be read or breaks its schema.
    pub fn examples(
        &self,
        folders: &Folders,
        progress: &(dyn Fn(&str) + Sync),
    ) -> anyhow::Result<Vec<Example>> {
        match self {
            Self::Cv => bail!("cross-validation has no scores of the artifact itself"),
            Self::XzReplay => labelled(&folders.labels("xz-replay.a"), folders, progress),
            Self::File(path) if path.extension().is_some_and(|ending| ending == "csv") => {
                labelled(path, folders, progress)
            }
            Self::File(path) => example::read_authored_file(path),
        }
    }
}

/// Joins a label file with the corpora that it names.
fn labelled(
    path: &Path,
    folders: &Folders,
    progress: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<Vec<Example>> {
    let rows = labels::read(path)?;
    let dir = folders.corpora.as_ref().with_context(|| {
        format!("{}: its texts lie in the corpora: name their folder with --corpora", path.display())
    })?;
    let mut corpora = Corpora::new();
    if rows.iter().any(|row| REPLAY.contains(&row.source.as_str())) {
        corpora.extend(corpus::read(dir, Which::Replay)?);
    }
    if rows.iter().any(|row| !REPLAY.contains(&row.source.as_str())) {
        corpora.extend(corpus::read(dir, Which::Training)?);
    }
    let (examples, missing) = example::join(rows, &corpora);
    if !missing.is_empty() {
        progress(&format!("{}: {} labels without their text", path.display(), missing.len()));
    }
    Ok(examples)
}

/// Probabilities by the artifact as it is.
pub fn score_all(model: &Model, examples: &[Example]) -> Vec<Margins> {
    let score = |scorer: &mut Scorer<'_>, example: &Example| {
        let score = scorer.score(&example.message);
        if score.is_judged { score.probabilities } else { NOT_JUDGED }
    };
    examples.par_iter().map_init(|| Scorer::new(model), score).collect()
}

fn cross_validated(
    model: &Model,
    folders: &Folders,
    progress: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<EvaluationSet> {
    let loaded = folders.load()?;
    progress(&format!("{} labelled messages; {} without text", loaded.examples.len(), loaded.missing));
    progress("cross-validation refits the model without each fold's sources: minutes, not seconds");
    let population = loaded.corpora.values().map(Vec::len).sum();
    let inputs = Inputs {
        examples: loaded.examples.iter().collect(),
        vocabulary: model.vocabulary().clone(),
        population,
        hashes: loaded.hashes.clone(),
        settings: settings(model),
    };
    let prepared = Prepared::new(&inputs.examples, &inputs.vocabulary);
    let out_of_fold = train::cross_validate(&inputs, &prepared, progress)?;
    let weights = train::population_weights(&inputs.examples, population);
    let measured = |&i: &usize| weights[i] > 0.0 && loaded.examples[i].round != UNMEASURED;
    let main = (0..weights.len()).filter(measured).collect();
    let probability = |(example, margins): (&Example, &Margins)| {
        if is_foreign(&example.message, &example.sentences) {
            NOT_JUDGED
        } else {
            probabilities(model, margins)
        }
    };
    let probabilities = loaded.examples.iter().zip(&out_of_fold.margins).map(probability).collect();
    let (name, examples) = ("cv".to_owned(), loaded.examples);
    Ok(EvaluationSet { name, examples, main, probabilities, weights, origin: Origin::Refitted })
}

/// The settings that `model` was fitted with; the defaults where it does not say.
pub fn settings(model: &Model) -> Settings {
    let stated = &model.metadata().training.settings;
    let default = Settings::default();
    let get = |name: &str, default: f64| stated.get(name).copied().unwrap_or(default);
    Settings {
        l2: get("l2", default.l2),
        authored: get("authored weight", default.authored),
        sentences: get("sentence weight", default.sentences),
        rounds: get("rounds", default.rounds as f64) as usize,
        iterations: get("iterations", default.iterations as f64) as u64,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn splits_have_names() {
        let parse = |text: &str| text.parse::<Split>().unwrap();
        assert_eq!(parse("cv"), Split::Cv);
        assert_eq!(parse("a/registers.jsonl").to_string(), "registers");
    }

    #[test]
    fn a_file_of_the_fit_is_known_by_its_bytes() {
        let datasets = std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../datasets"));
        let folders = Folders { datasets: datasets.clone(), corpora: None };
        let embedded = Model::embedded().unwrap();
        let mut metadata = embedded.metadata().clone();
        let path = datasets.join("authored/needle.jsonl");
        metadata.training.inputs.insert("authored/needle.jsonl".into(), sha256(&path).unwrap());
        let weights = embedded.vocabulary().features().map(|id| embedded.weights(id)).collect();
        let model = Model::new(metadata, embedded.vocabulary().clone(), weights).unwrap();
        let origin = |path: &str| Split::File(datasets.join(path)).origin(&model, &folders).unwrap();
        assert_eq!(origin("authored/needle.jsonl"), Origin::FittedOn);
        assert_eq!(origin("authored/held-out/registers.jsonl"), Origin::Unseen);
    }

    #[test]
    fn authored_files_need_no_corpora() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("few.jsonl");
        let line = r#"{"id":"x/1","theme":"x","text":"Any news? Please hurry.","level":2,"labels":["urgency"],"evidence":{"urgency":["Please hurry"]}}"#;
        std::fs::write(&path, line).unwrap();
        let folders = Folders { datasets: dir.path().into(), corpora: None };
        let model = Model::embedded().unwrap();
        let set = Split::File(path).score(&model, &folders, &|_| ()).unwrap();
        let expected = Scorer::new(&model).score(&set.examples[0].message).probabilities;
        assert_eq!((set.examples.len(), set.probabilities[0]), (1, expected));
        let error = Split::XzReplay.score(&model, &folders, &|_| ()).unwrap_err();
        assert!(error.to_string().contains("xz-replay"), "{error}");
    }
}
