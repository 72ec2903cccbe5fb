//! How many labels have their text.

use std::{
    collections::{BTreeMap, HashMap},
    fmt, fs,
    path::Path,
};

use anyhow::Context;
use rayon::prelude::*;
use undue::source::{Options, open};

use super::file_of;
use crate::{
    counts::grouped,
    labels::{self, LabelRow},
};

/// What was found for all label files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// Label files, by name.
    pub files: Vec<FileStatus>,
    /// Labels without a text, by corpus, and whether there is a file of it.
    pub missing: BTreeMap<String, (usize, bool)>,
}

/// What was found for one label file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileStatus {
    /// Name of the file.
    pub name: String,
    /// Labelled messages.
    pub rows: usize,
    /// Those whose text is at hand.
    pub with_text: usize,
    /// Those whose evidence ends behind the end of the text: another text than was labelled.
    pub outside: usize,
}

/// Labels by the id of their message: number of the file, and where its last evidence ends.
type ById<'r> = HashMap<&'r str, Vec<(usize, usize)>>;

/// Looks the texts of all labels up in the corpora of a folder.
///
/// # Errors
/// If a label file or a corpus cannot be read.
pub fn status(corpora: Option<&Path>, labels: &Path) -> anyhow::Result<Status> {
    let files = label_files(labels)?;
    let mut wanted: BTreeMap<&str, ById<'_>> = BTreeMap::new();
    for (i, (_, rows)) in files.iter().enumerate() {
        for row in rows {
            let end = row.evidence.iter().map(|(_, range)| range.end).max().unwrap_or(0);
            wanted.entry(&row.source).or_default().entry(&row.id).or_default().push((i, end));
        }
    }
    let looked_up = wanted.par_iter().map(|(source, by_id)| look_up(corpora, source, by_id));
    let found: Vec<Vec<Found>> = looked_up.collect::<anyhow::Result<_>>()?;
    let mut status = Status::default();
    for (name, rows) in &files {
        status.files.push(FileStatus { name: name.clone(), rows: rows.len(), ..FileStatus::default() });
    }
    for ((source, by_id), found) in wanted.iter().zip(found) {
        let missing = by_id.values().map(Vec::len).sum::<usize>() - found.len();
        if missing > 0 {
            let is_there = corpora.is_some_and(|dir| file_of(dir, source).is_some());
            status.missing.insert((*source).to_owned(), (missing, is_there));
        }
        for Found { file, is_inside } in found {
            status.files[file].with_text += 1;
            status.files[file].outside += usize::from(!is_inside);
        }
    }
    Ok(status)
}

/// The label files of a folder, by name.
///
/// # Errors
/// If the folder or a file in it cannot be read.
pub fn label_files(dir: &Path) -> anyhow::Result<Vec<(String, Vec<LabelRow>)>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    paths.iter().map(|path| Ok((name(path), labels::read(path)?))).collect()
}

/// A label whose text was found.
struct Found {
    file: usize,
    is_inside: bool,
}

fn look_up(dir: Option<&Path>, source: &str, by_id: &ById<'_>) -> anyhow::Result<Vec<Found>> {
    let Some(path) = dir.and_then(|dir| file_of(dir, source)) else { return Ok(Vec::new()) };
    let mut left = by_id.clone();
    let mut found = Vec::new();
    for record in open(&[path.into()], &Options::default()) {
        for message in record?.decode() {
            let message = message?;
            // Of messages with one id the first counts, as everywhere.
            let Some(labels) = left.remove(message.id.as_str()) else { continue };
            let length = message.body.chars().count();
            found.extend(labels.into_iter().map(|(file, end)| Found { file, is_inside: end <= length }));
        }
    }
    Ok(found)
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            write!(f, "{:20}{:>7} labels", file.name, grouped(file.rows as u64))?;
            write!(f, "{:>8} with their text", grouped(file.with_text as u64))?;
            match file.outside {
                0 => writeln!(f)?,
                outside => writeln!(f, ", {outside} of them with evidence outside of it")?,
            }
        }
        for (source, (count, is_there)) in &self.missing {
            let why = if *is_there { "not in the corpus" } else { "no corpus" };
            writeln!(f, "{source}: {} labels without text ({why})", grouped(*count as u64))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tempfile::TempDir;

    use super::*;

    const HEADER: &str = "source,id,level,labels,evidence,round,stratum,annotator\n";

    fn folder(files: &[(&str, &str)]) -> TempDir {
        let dir = TempDir::new().unwrap();
        files.iter().for_each(|(name, content)| fs::write(dir.path().join(name), content).unwrap());
        dir
    }

    #[test]
    fn labels_are_looked_up_in_the_corpora() {
        let rows = "quay,a,2,guilt,guilt:0-4,1,rand,one\nquay,b,0,,,1,rand,one\ndock,c,0,,,1,rand,one\n";
        let again = "quay,a,2,guilt,guilt:3-9,2,,b\n";
        let labels = folder(&[("1.csv", &format!("{HEADER}{rows}")), ("2.csv", &format!("{HEADER}{again}"))]);
        let text = "{\"id\": \"a\", \"text\": \"ünfit\"}\n{\"id\": \"a\", \"text\": \"a longer one\"}\n";
        let corpora = folder(&[("quay.jsonl", text)]);
        let status = status(Some(corpora.path()), labels.path()).unwrap();
        let shown = status.to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(
            lines[0].split_whitespace().collect::<Vec<_>>().join(" "),
            "1.csv 3 labels 1 with their text"
        );
        assert!(lines[1].ends_with("1 with their text, 1 of them with evidence outside of it"), "{shown}");
        assert_eq!(lines[2], "dock: 1 labels without text (no corpus)");
        assert_eq!(lines[3], "quay: 1 labels without text (not in the corpus)");
    }

    #[test]
    fn without_corpora_no_label_has_its_text() {
        let labels =
            folder(&[("1.csv", &format!("{HEADER}quay,b,0,,,1,rand,one\n")), ("README", "no table")]);
        let status = status(None, labels.path()).unwrap();
        assert_eq!((status.files[0].rows, status.files[0].with_text), (1, 0));
        assert_eq!(status.missing["quay"], (1, false));
    }
}
