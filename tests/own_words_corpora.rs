//! Own words, measured on real archives: labelled evidence is kept, quoted lines are not.
//!
//! The archives are other people's words and no part of the project; `UNDUE_CORPORA` says where they are. Without it
//! the test says loudly that it did nothing.

#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    collections::HashMap,
    env,
    fs::{self, File},
    io::{BufRead, BufReader},
    ops::Range,
    path::{Path, PathBuf},
};

use flate2::read::GzDecoder;
use serde::Deserialize;
use undue::own_words;

/// Share of the evidence that must lie in own words.
const EVIDENCE_FLOOR: f64 = 0.99;
/// Share of the quoted lines that may be kept.
const QUOTED_CEILING: f64 = 0.01;

#[derive(Deserialize)]
struct Text {
    id: String,
    text: String,
}

#[derive(Deserialize)]
struct Labelled {
    source: String,
    id: String,
    #[serde(default)]
    evidence: HashMap<String, Vec<(usize, usize)>>,
}

/// How many of how many.
#[derive(Default, Clone, Copy)]
struct Share {
    part: usize,
    whole: usize,
}

impl Share {
    fn add(&mut self, part: usize, whole: usize) {
        self.part += part;
        self.whole += whole;
    }

    fn value(self) -> f64 {
        self.part as f64 / self.whole.max(1) as f64
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} % ({} of {})", self.value() * 100.0, self.part, self.whole)
    }
}

fn corpora() -> Option<PathBuf> {
    let folder = env::var_os("UNDUE_CORPORA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("SKIPPED: UNDUE_CORPORA is not set, nothing was measured");
    }
    folder
}

fn read(path: &Path) -> Vec<Text> {
    let lines = BufReader::new(GzDecoder::new(File::open(path).unwrap())).lines();
    lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
}

/// Files of `folder` whose names end in `suffix`, in order, with the name before it.
fn files(folder: &Path, suffix: &str) -> Vec<(String, PathBuf)> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| Some(path.file_name()?.to_str()?.strip_suffix(suffix)?.to_owned());
    let mut files: Vec<_> = paths.filter_map(|path| Some((name(&path)?, path))).collect();
    files.sort();
    files
}

fn holds(spans: &[Range<usize>], at: usize) -> bool {
    let behind = spans.partition_point(|span| span.start <= at);
    behind > 0 && at < spans[behind - 1].end
}

#[test]
fn evidence_is_kept() {
    let Some(folder) = corpora() else { return };
    let mut texts: HashMap<String, HashMap<String, String>> = HashMap::new();
    let (mut spans_all, mut characters_all) = (Share::default(), Share::default());
    for (name, path) in files(&folder.join("../annotation/labels"), ".jsonl") {
        let (mut spans, mut characters) = (Share::default(), Share::default());
        for line in fs::read_to_string(path).unwrap().lines() {
            let label: Labelled = serde_json::from_str(line).unwrap();
            let texts = texts.entry(label.source.clone()).or_insert_with(|| {
                let path = folder.join(format!("{}.jsonl.gz", label.source));
                read(&path).into_iter().map(|text| (text.id, text.text)).collect()
            });
            let text = &texts[&label.id];
            let kept = own_words(text);
            let offsets: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
            for &(start, end) in label.evidence.values().flatten() {
                let inside = offsets[start..end].iter().filter(|&&at| holds(&kept, at)).count();
                spans.add(usize::from(inside == end - start), 1);
                characters.add(inside, end - start);
            }
        }
        eprintln!("{name}: spans {spans}, characters {characters}");
        spans_all.add(spans.part, spans.whole);
        characters_all.add(characters.part, characters.whole);
        assert!(spans.value() >= EVIDENCE_FLOOR && characters.value() >= EVIDENCE_FLOOR, "{name}");
    }
    eprintln!("all: spans {spans_all}, characters {characters_all}");
    assert!(spans_all.whole > 1000, "no labels were read");
}

#[test]
fn quoted_lines_are_not_kept() {
    let Some(folder) = corpora() else { return };
    let mut quoted = Share::default();
    for text in read(&folder.join("xz-devel.jsonl.gz")) {
        let kept = own_words(&text.text);
        let mut at = 0;
        for line in text.text.split_inclusive('\n') {
            if line.starts_with('>') {
                let end = at + line.trim_end().len();
                quoted.add(usize::from(kept.iter().any(|span| span.start < end && span.end > at)), 1);
            }
            at += line.len();
        }
    }
    eprintln!("quoted lines kept: {quoted}");
    assert!(quoted.whole > 1000 && quoted.value() <= QUOTED_CEILING);
}

#[test]
fn shares_of_all_corpora() {
    let Some(folder) = corpora() else { return };
    let mut all = Share::default();
    for (name, path) in files(&folder, ".jsonl.gz") {
        let mut share = Share::default();
        for text in read(&path) {
            share.add(own_words(&text.text).iter().map(Range::len).sum(), text.text.len());
        }
        eprintln!("{name}: bytes kept {share}");
        assert!(share.part > 0, "{name}");
        all.add(share.part, share.whole);
    }
    eprintln!("all: bytes kept {all}");
}
