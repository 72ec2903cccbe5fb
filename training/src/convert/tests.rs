#![allow(clippy::unwrap_used)]

use std::io::Read;

use clap::Parser;
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

const MBOX: &str = "\
From ida@quay.example Mon Jan 14 10:20:30 2019
From: Ida Brandt <ida@quay.example>
Date: Mon, 14 Jan 2019 10:20:30 +0100
Subject: Winch log
Message-ID: <one@quay.example>

The winch starts twice.
>From then on it is hot.

From ole@quay.example Tue Jan 15 08:00:00 2019
From: Ole <ole@quay.example>
Date: Tue, 15 Jan 2019 08:00:00 +0100
Subject: Re: Winch log
Message-ID: <two@quay.example>
In-Reply-To: <one@quay.example>

Same here.

From ida@quay.example Tue Jan 15 08:00:01 2019
From: Ida Brandt <ida@quay.example>
Date: Wed, 16 Jan 2019 08:00:00 +0100
Message-ID: <one@quay.example>

An id that was there before.

";

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    convert: ConvertArgs,
}

struct Bench {
    dir: TempDir,
}

impl Bench {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = TempDir::new().unwrap();
        files.iter().for_each(|(name, content)| fs::write(dir.path().join(name), content).unwrap());
        Self { dir }
    }

    /// Arguments as typed, with paths inside the folder.
    fn args(&self, inputs: &[&str], output: &str, more: &[&str]) -> ConvertArgs {
        let path = |name: &str| self.dir.path().join(name).display().to_string();
        let mut typed =
            vec!["convert".to_owned(), "--source=quay".into(), format!("--output={}", path(output))];
        typed.extend(more.iter().map(|arg| arg.to_string()));
        typed.extend(inputs.iter().map(|name| path(name)));
        Cli::try_parse_from(typed).unwrap().convert
    }

    fn lines(&self, output: &str) -> Vec<Value> {
        let mut content = fs::read(self.dir.path().join(output)).unwrap();
        if output.ends_with(".gz") {
            let packed = std::mem::take(&mut content);
            GzDecoder::new(&packed[..]).read_to_end(&mut content).unwrap();
        }
        let content = String::from_utf8(content).unwrap();
        content.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[test]
fn an_mbox_becomes_a_corpus() {
    let bench = Bench::new(&[("quay.mbox", MBOX)]);
    let args = bench.args(&["quay.mbox"], "quay.jsonl.gz", &["--list=quay-devel"]);
    let mut out = Vec::new();
    assert!(run(&args, &mut out).unwrap());
    let first = json!({
        "id": "one@quay.example", "source": "quay", "list_or_repo": "quay-devel", "thread": "one@quay.example",
        "author": "Ida Brandt", "date": "2019-01-14T10:20:30+01:00", "subject": "Winch log",
        "text": "The winch starts twice.\nFrom then on it is hot.\n",
    });
    let lines = bench.lines("quay.jsonl.gz");
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], first);
    assert_eq!(
        (&lines[1]["thread"], &lines[1]["reply_to"]),
        (&json!("one@quay.example"), &json!("one@quay.example"))
    );
    let shown = String::from_utf8(out).unwrap();
    assert!(
        shown.contains("2 messages; left out: 1 with the id of an earlier one, 0 of other days"),
        "{shown}"
    );
}

#[test]
fn what_was_converted_is_read_back_the_same() {
    let bench = Bench::new(&[("quay.mbox", MBOX)]);
    convert(&bench.args(&["quay.mbox"], "a.jsonl", &[])).unwrap();
    convert(&bench.args(&["a.jsonl"], "b.jsonl", &[])).unwrap();
    convert(&bench.args(&["a.jsonl"], "c.jsonl.gz", &[])).unwrap();
    assert_eq!(bench.lines("a.jsonl"), bench.lines("b.jsonl"));
    assert_eq!(bench.lines("a.jsonl"), bench.lines("c.jsonl.gz"));
}

#[test]
fn days_and_ids_of_rows() {
    let rows = "text,created_at\nfirst,2020-01-01\nsecond,2020-02-01\nthird,\nfourth,2021-01-01\n";
    let bench = Bench::new(&[("rows.csv", rows)]);
    let more = ["--id=rows:{row0}", "--since=2020-01-15", "--until=2020-12-31"];
    let summary = convert(&bench.args(&["rows.csv"], "rows.jsonl", &more)).unwrap();
    assert_eq!((summary.written, summary.other_days, summary.failed), (2, 2, false));
    let ids: Vec<_> = bench.lines("rows.jsonl").iter().map(|line| line["id"].clone()).collect();
    assert_eq!(ids, ["rows:1", "rows:2"]);
    assert!(line::day("2020-1-1").is_err() && line::day("2020-01-01").is_ok());
}

#[test]
fn long_texts_are_cut_at_a_character_and_marked() {
    let bench = Bench::new(&[("long.jsonl", &json!({"id": "a", "text": "é".repeat(50_000)}).to_string())]);
    convert(&bench.args(&["long.jsonl"], "out.jsonl", &[])).unwrap();
    let lines = bench.lines("out.jsonl");
    assert_eq!(lines[0]["text"].as_str().unwrap().chars().count(), line::MAX_CHARS);
    assert_eq!(lines[0]["truncated"], true);
}

#[test]
fn a_failure_leaves_no_output_and_a_readme_is_no_failure() {
    let bench = Bench::new(&[("README", "Archives of the quay.\n"), ("quay.mbox", MBOX)]);
    let missing = convert(&bench.args(&["nowhere.mbox"], "out.jsonl", &[])).unwrap_err();
    assert!(missing.to_string().contains("nowhere.mbox"), "{missing}");
    let names = || fs::read_dir(bench.dir.path()).unwrap().count();
    assert_eq!(names(), 2);
    let partly = convert(&bench.args(&["nowhere.mbox", "quay.mbox"], "out.jsonl", &[])).unwrap();
    assert!(partly.failed && partly.written == 2);
    fs::remove_file(bench.dir.path().join("out.jsonl")).unwrap();
    let all = convert(&bench.args(&["."], "out.jsonl", &[])).unwrap();
    assert!(!all.failed && all.unread_count >= 1 && all.written == 2, "{all:?}");
}

#[test]
fn ids_that_are_made_up_name_the_corpus_and_blank_starts_go_if_asked() {
    let mail =
        "From ida@quay.example Mon Jan 14 10:20:30 2019\nFrom: Ida <ida@quay.example>\n\n\n\n  Hello.\n";
    let bench = Bench::new(&[("quay.mbox", mail)]);
    convert(&bench.args(&["quay.mbox"], "out.jsonl", &["--trim-start"])).unwrap();
    let lines = bench.lines("out.jsonl");
    let id = lines[0]["id"].as_str().unwrap();
    assert!(id.starts_with("quay:") && id.ends_with("quay.mbox#1"), "{id}");
    assert_eq!(lines[0]["text"], "  Hello.\n");
    convert(&bench.args(&["quay.mbox"], "out.jsonl", &[])).unwrap();
    assert_eq!(bench.lines("out.jsonl")[0]["text"], "\n\n  Hello.\n");
}
