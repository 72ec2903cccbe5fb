//! Texts of the corpora, read by the library's own readers.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use rayon::prelude::*;
use undue::{
    Message,
    source::{Input, Options, open},
};

/// Corpora that are for the final report alone: nothing is ever trained, tuned or selected on them.
pub const REPLAY: [&str; 3] = ["xz-devel", "lzmautils-sf", "xz-gharchive"];

/// Ending of a corpus file; what stands before it is the corpus' name.
const ENDING: &str = ".jsonl.gz";

/// Messages by corpus.
pub type Corpora = BTreeMap<String, Vec<Message>>;

/// Which corpora to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All but those of the replay.
    Training,
    /// Only those of the replay.
    Replay,
}

/// Reads corpora of a folder; one that holds none gives an empty map.
///
/// # Errors
/// If the folder or a file in it cannot be read, or a line of a file is damaged.
pub fn read(dir: &Path, which: Which) -> anyhow::Result<Corpora> {
    read_where(dir, |name| REPLAY.contains(&name) == (which == Which::Replay))
}

/// Reads the corpora of a folder whose names are `wanted`.
///
/// # Errors
/// As [`read`].
pub fn read_where(dir: &Path, wanted: impl Fn(&str) -> bool) -> anyhow::Result<Corpora> {
    let files: Vec<_> = files(dir)?.into_iter().filter(|(name, _)| wanted(name)).collect();
    let read = files.into_par_iter().map(|(name, path)| Ok((name, read_file(&path)?)));
    read.collect()
}

/// The corpus files of a folder by name.
///
/// # Errors
/// If the folder cannot be read.
pub fn files(dir: &Path) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if let Some(name) = name.strip_suffix(ENDING) {
            files.insert(name.to_owned(), path);
        }
    }
    Ok(files)
}

fn read_file(path: &Path) -> anyhow::Result<Vec<Message>> {
    let input = Input { path: path.to_owned(), format: None };
    let mut messages = Vec::new();
    for record in open(&[input], &Options::default()) {
        for message in record?.decode() {
            messages.push(message?);
        }
    }
    if messages.is_empty() {
        bail!("{}: no message", path.display());
    }
    Ok(messages)
}
