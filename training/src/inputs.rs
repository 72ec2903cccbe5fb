//! Where the inputs of a fit lie, and reading them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::{
    corpus::{self, Corpora, Which},
    example::{self, Example},
    labels,
};

/// Label files that are for training, in `datasets/labels/`.
pub const ROUNDS: [&str; 4] = ["round1", "round2", "round3", "round4"];

/// Round whose messages are trained on but not measured: they were drawn by a model that had seen their sources, so
/// that what it could not find is missing.
pub const UNMEASURED: &str = "4";

/// Folders of inputs.
#[derive(Debug, Clone)]
pub struct Folders {
    /// The project's `datasets/`.
    pub datasets: PathBuf,
    /// Texts of the corpora; none on a machine without them.
    pub corpora: Option<PathBuf>,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Labelled messages of the corpora, then authored ones.
    pub examples: Vec<Example>,
    /// The corpora, for counting words.
    pub corpora: Corpora,
    /// Labels whose text is not there.
    pub missing: usize,
    /// SHA-256 of every file read, by name.
    pub hashes: BTreeMap<String, String>,
}

impl Folders {
    /// Reads labels, corpora and authored texts.
    ///
    /// # Errors
    /// If a file cannot be read or breaks its schema.
    pub fn load(&self) -> anyhow::Result<Loaded> {
        let mut loaded = Loaded::default();
        if let Some(dir) = &self.corpora {
            loaded.corpora = corpus::read(dir, Which::Training)?;
            let mut rows = Vec::new();
            for round in ROUNDS {
                let path = self.labels(round);
                rows.extend(labels::read(&path)?);
                loaded.hashes.insert(format!("labels/{round}.csv"), sha256(&path)?);
            }
            let (examples, missing) = example::join(rows, &loaded.corpora);
            loaded.examples = examples;
            loaded.missing = missing.len();
            for (name, path) in corpus::files(dir)? {
                if loaded.corpora.contains_key(&name) {
                    loaded.hashes.insert(format!("corpora/{name}"), sha256(&path)?);
                }
            }
        }
        let authored = self.datasets.join("authored");
        loaded.examples.extend(example::read_authored(&authored)?);
        for entry in std::fs::read_dir(&authored)? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "jsonl") {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                loaded.hashes.insert(format!("authored/{name}"), sha256(&path)?);
            }
        }
        Ok(loaded)
    }

    /// Path of the encoders' out-of-fold logits.
    pub fn encoder_logits(&self) -> PathBuf {
        self.datasets.join("encoder.csv")
    }

    /// Path of a label file.
    pub fn labels(&self, name: &str) -> PathBuf {
        self.datasets.join("labels").join(format!("{name}.csv"))
    }
}

/// SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// If it cannot be read.
pub fn sha256(path: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}
