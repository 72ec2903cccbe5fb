//! Against the real corpora and raw samples, which are not part of the project: `UNDUE_CORPORA` names the folder of
//! corpora, the samples lie beside it.

#![allow(clippy::unwrap_used)]

use std::{
    collections::HashMap,
    io::Write,
    path::{Path, PathBuf},
};

use clap::Parser;
use tempfile::TempDir;
use undue::{
    Message,
    source::{Options, open},
};
use undue_training::{
    convert::{ConvertArgs, convert},
    sources::{Manifest, status, verify},
};

/// The folder of corpora, or `None` (said loudly, past the harness, which hides what passing tests print).
fn corpora() -> Option<PathBuf> {
    let dir = std::env::var_os("UNDUE_CORPORA").map(PathBuf::from);
    if dir.is_none() {
        std::io::stderr().write_all(b"SKIPPED: UNDUE_CORPORA is not set, no corpus was read\n").unwrap();
    }
    dir
}

fn datasets(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../datasets").join(name)
}

fn read(path: &Path) -> Vec<Message> {
    let records = open(&[path.into()], &Options::default());
    records.flat_map(|record| record.unwrap().decode()).map(Result::unwrap).collect()
}

#[test]
fn corpora_are_as_listed() {
    let Some(dir) = corpora() else { return };
    let manifest = Manifest::read(&datasets("sources.toml")).unwrap();
    let all = manifest.select(&[]).unwrap();
    for (corpus, finding) in all.iter().zip(verify(&all, &dir)) {
        assert!(finding.is_right(), "{}: {finding}", corpus.name);
    }
}

#[test]
fn every_label_has_its_text() {
    let Some(dir) = corpora() else { return };
    let status = status(Some(&dir), &datasets("labels")).unwrap();
    assert!(status.missing.is_empty(), "{status}");
    assert!(status.files.iter().all(|file| file.with_text == file.rows && file.outside == 0), "{status}");
}

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    convert: ConvertArgs,
}

/// How much of a raw sample, converted, is as in the corpus: messages, ids that are there, equal texts (but for white
/// space at the end), equal threads.
fn rebuilt(raw: &str, corpus: &str, more: &[&str]) -> Option<[usize; 4]> {
    let dir = corpora()?;
    let out = TempDir::new().unwrap();
    let output = out.path().join("rebuilt.jsonl.gz");
    let raw = dir.join("../raw").join(raw);
    let fixed = ["convert", raw.to_str().unwrap(), "--source", corpus, "--output", output.to_str().unwrap()];
    convert(&Cli::parse_from(fixed.iter().chain(more)).convert).unwrap();
    let original = read(&dir.join(format!("{corpus}.jsonl.gz")));
    let original: HashMap<&str, &Message> =
        original.iter().rev().map(|message| (message.id.as_str(), message)).collect();
    let mut counts = [0; 4];
    for message in read(&output) {
        let twin = original.get(message.id.as_str());
        let is_equal =
            |f: fn(&Message, &Message) -> bool| usize::from(twin.is_some_and(|it| f(it, &message)));
        counts[0] += 1;
        counts[1] += is_equal(|_, _| true);
        counts[2] += is_equal(|a, b| a.body.trim_end() == b.body.trim_end());
        counts[3] += is_equal(|a, b| a.thread == b.thread);
    }
    Some(counts)
}

#[test]
fn raw_samples_become_the_corpora() {
    for (raw, corpus, more, expected) in [
        ("xz-devel.mbox", "xz-devel", &[][..], [400, 400, 400, 400]),
        ("github-rest/whatsapi", "whatsapi", &[], [210, 210, 210, 210]),
        ("github-rest/rust", "rust-issue-archive", &[], [220, 220, 220, 220]),
        // Two ids are not in the corpus; its reader ran two mails together twice, and left ">From" twice.
        ("pipermail/r-package-devel-2025q1.txt", "r-package-devel", &["--trim-start"], [194, 192, 188, 192]),
        // The corpus has the latest version of texts that were edited.
        ("gharchive/xz", "xz-gharchive", &[], [191, 191, 181, 191]),
    ] {
        let Some(counts) = rebuilt(raw, corpus, more) else { return };
        assert_eq!(counts, expected, "{raw}");
    }
}
