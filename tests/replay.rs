//! The shipped model on a real archive: what it finds, and that it finds the same whatever form the archive has.
//!
//! Needs the corpora (`UNDUE_CORPORA`) and the raw samples beside them; says loudly when they are not there.
#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

fn raw_and_corpora() -> Option<(PathBuf, PathBuf)> {
    let Some(corpora) = std::env::var_os("UNDUE_CORPORA").map(PathBuf::from) else {
        eprintln!("SKIPPED: UNDUE_CORPORA is not set, so no real archive was scored");
        return None;
    };
    Some((corpora.join("../raw/xz-devel.mbox"), corpora))
}

/// Output of `undue score --format jsonl` with some more arguments.
fn score(arguments: &[&Path]) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_undue"));
    command.args(["score", "--quiet", "--format", "jsonl"]).args(arguments);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn by_id(jsonl: &[u8]) -> BTreeMap<String, Value> {
    let lines = jsonl.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_slice(line).unwrap())
        .map(|v: Value| (v["id"].as_str().unwrap().to_owned(), v))
        .collect()
}

/// Ids that annotator a put at level 2 or more.
fn pressing() -> Vec<String> {
    let mut reader = csv::Reader::from_path("datasets/labels/xz-replay.a.csv").unwrap();
    let rows = reader.records().map(Result::unwrap);
    rows.filter(|row| matches!(&row[2], "2" | "3")).map(|row| row[1].to_owned()).collect()
}

#[test]
fn at_least_five_of_the_nine_pressing_messages_are_among_the_first_fifteen() {
    let Some((mbox, _)) = raw_and_corpora() else { return };
    let mut messages: Vec<Value> = by_id(&score(&[&mbox])).into_values().collect();
    assert_eq!(messages.len(), 400);
    let rank = |v: &Value| (v["level"].as_u64().unwrap(), v["pressure"].as_f64().unwrap());
    messages.sort_by(|a, b| rank(b).partial_cmp(&rank(a)).unwrap());
    let pressing = pressing();
    assert_eq!(pressing.len(), 9);
    let is_pressing = |v: &&Value| pressing.iter().any(|id| *id == v["id"].as_str().unwrap());
    let found = messages[..15].iter().filter(is_pressing).count();
    assert!(found >= 5, "{found} of 9 among the first 15");
}

#[test]
fn scores_are_the_same_from_mbox_corpus_file_and_maildir() {
    let Some((mbox, corpora)) = raw_and_corpora() else { return };
    let maildir = tempfile::tempdir().unwrap();
    let mails = write_maildir(&mbox, maildir.path());
    let from_mbox = by_id(&score(&[&mbox]));
    let from_maildir = by_id(&score(&[maildir.path()]));
    let from_corpus = by_id(&score(&[&corpora.join("xz-devel.jsonl.gz")]));
    assert_eq!([mails, from_mbox.len(), from_maildir.len(), from_corpus.len()], [400; 4]);
    let mut cut = 0;
    for (id, message) in &from_mbox {
        assert_eq!(judged(message), judged(&from_maildir[id]), "{id}");
        // The corpus file holds at most 40,000 characters of a text, and says so.
        if from_corpus[id]["problems"].to_string().contains("truncated-upstream") {
            cut += 1;
        } else {
            assert_eq!(judged(message), judged(&from_corpus[id]), "{id}");
        }
    }
    assert_eq!(cut, 6);
}

fn judged(message: &Value) -> [&Value; 5] {
    ["level", "pressure", "takeover_pressure", "labels", "scores"].map(|field| &message[field])
}

/// Writes each message of an mboxrd file as a file of its own; returns how many.
fn write_maildir(mbox: &Path, dir: &Path) -> usize {
    for name in ["cur", "new", "tmp"] {
        fs::create_dir(dir.join(name)).unwrap();
    }
    let text = fs::read_to_string(mbox).unwrap();
    let mut mails: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        let quoted = line.trim_start_matches('>');
        match mails.last_mut() {
            _ if line.starts_with("From ") => mails.push(String::new()),
            Some(mail) if quoted.starts_with("From ") => mail.push_str(&line[1..]),
            Some(mail) => mail.push_str(line),
            None => panic!("the file does not begin with an envelope"),
        }
    }
    for (n, mail) in mails.iter().enumerate() {
        fs::write(dir.join("cur").join(format!("{n:04}.x:2,S")), mail.strip_suffix('\n').unwrap()).unwrap();
    }
    mails.len()
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let Some((mbox, _)) = raw_and_corpora() else { return };
    let with = |threads: &str| score(&[&mbox, Path::new("--threads"), Path::new(threads)]);
    let one = with("1");
    assert_eq!(by_id(&one).len(), 400);
    assert!(one == with("2") && one == with("8"));
}
