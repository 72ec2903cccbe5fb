//! The command from end to end, on archives written for the purpose.

#![allow(clippy::unwrap_used)]

mod util;

use std::{collections::BTreeMap, process::Stdio};

use serde::Deserialize;
use util::{Dir, LIST, mail};

/// The documented schema, declared again: a field more or less breaks these tests.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Line {
    id: String,
    thread: String,
    parent: Option<String>,
    author: Author,
    date: Option<String>,
    subject: String,
    source: String,
    position: Position,
    level: u8,
    pressure: f64,
    takeover_pressure: f64,
    labels: Vec<String>,
    scores: BTreeMap<String, f64>,
    evidence: Vec<Evidence>,
    problems: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Author {
    name: String,
    address: String,
    role: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Position {
    path: String,
    ordinal: u64,
    offset: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Evidence {
    label: String,
    part: String,
    start: usize,
    end: usize,
    text: String,
    contribution: f64,
}

fn lines(stdout: &str) -> Vec<Line> {
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn ids(stdout: &str) -> Vec<String> {
    lines(stdout).into_iter().map(|line| line.id.replace("@tarn.example", "")).collect()
}

#[test]
fn the_table_ranks_and_sums_up() {
    let stdout = Dir::new().score(&["list.mbox"]).stdout();
    let first: Vec<_> =
        stdout.lines().map(|line| line.split_whitespace().next().unwrap_or_default()).collect();
    assert_eq!(first[..5], ["LEVEL", "3", "2", "0", "0"], "{stdout}");
    let strongest = stdout.lines().nth(1).unwrap();
    assert!(strongest.contains("takeover"), "{stdout}");
    assert!(strongest.contains("2024-02-02  Cy"), "{stdout}");
    assert!(strongest.ends_with("for a handover of the"), "{stdout}");
    assert!(stdout.contains("4 messages read, 2 threads, 1 file\n"), "{stdout}");
    assert!(stdout.contains("level 0: 2, level 1: 0, level 2: 1, level 3: 1\n"), "{stdout}");
    assert!(stdout.contains("problems: bad-date 1\n"), "{stdout}");
    assert!(stdout.contains("not verdicts"), "{stdout}");
    assert!(stdout.lines().all(|line| line.chars().count() <= 120), "{stdout}");
}

#[test]
fn jsonl_has_every_message_in_input_order() {
    let ran = Dir::new().score(&["--format", "jsonl", "list.mbox"]).exits(0);
    let lines = lines(&ran.stdout);
    assert_eq!(ids(&ran.stdout), ["a", "b", "c", "d"]);
    let threads: Vec<_> = lines.iter().map(|line| line.thread.as_str()).collect();
    assert_eq!(threads, ["a@tarn.example", "a@tarn.example", "c@tarn.example", "c@tarn.example"]);
    let line = &lines[1];
    assert_eq!((line.level, line.labels.as_slice()), (3, &["takeover".to_owned()][..]));
    assert_eq!(line.date.as_deref(), Some("2024-02-02T10:00:00+01:00"));
    assert_eq!((line.position.path.as_str(), line.position.ordinal), ("list.mbox", 2));
    assert!(LIST[line.position.offset as usize..].starts_with("From cy@") || line.position.offset > 0);
    let evidence = &line.evidence[0];
    assert_eq!((evidence.label.as_str(), evidence.part.as_str()), ("takeover", "body"));
    let body = &LIST[LIST.find("> The build").unwrap()..];
    assert_eq!(&body[evidence.start..evidence.end], evidence.text);
    assert!(evidence.contribution > 0.0);
    assert!(line.scores.values().all(|score| format!("{score}").len() <= 8), "six decimals");
    assert_eq!(lines[3].problems, ["bad-date"]);
    assert!(ran.stderr.contains("4 messages read, 2 threads"), "{}", ran.stderr);
}

#[test]
fn csv_has_every_message_and_no_formula() {
    let dir = Dir::new();
    dir.write(
        "evil.mbox",
        mail("=1+1", "Subject: =HYPERLINK(\"http://x.example\")\nDate: x", "+cmd handover"),
    );
    let stdout = dir.score(&["--format", "csv", "list.mbox", "evil.mbox"]).stdout();
    let mut reader = csv::Reader::from_reader(stdout.as_bytes());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[1]["labels"], "takeover");
    assert_eq!(rows[1]["evidence_text"], "for a handover of the");
    assert_eq!(rows[4]["subject"], "'=HYPERLINK(\"http://x.example\")");
    assert_eq!(rows[4]["id"], "'=1+1@tarn.example");
    assert_eq!(rows[4]["evidence_text"], "'+cmd handover");
}

#[test]
fn control_characters_reach_no_output() {
    let dir = Dir::new();
    let header = "Subject: \x1b]0;title\x07 \u{9b}31m \u{202e}desrever\nDate: x";
    dir.write("evil.mbox", mail("e", header, "A handover \x1b[2J\u{200b}now."));
    for format in ["table", "jsonl", "csv"] {
        let ran = dir.score(&["--format", format, "evil.mbox"]).exits(0);
        for text in [&ran.stdout, &ran.stderr] {
            let hostile = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}' || c == '\u{200b}';
            assert!(!text.contains(hostile), "{format}: {text:?}");
        }
    }
    let stdout =
        dir.undue(&["explain", "--model", "model.undue", "evil.mbox", "--id", "e@tarn.example"]).stdout();
    assert!(!stdout.contains(['\x1b', '\x07', '\u{9b}', '\u{202e}']), "{stdout:?}");
    assert!(stdout.contains("\\u{1b}[2J"), "{stdout}");
}

#[test]
fn file_names_are_made_safe_too() {
    let dir = Dir::new();
    let ran = dir.score(&["no\x1b[31m.mbox"]).exits(2);
    assert!(!ran.stderr.contains('\x1b') && ran.stderr.contains("no\\u{1b}[31m.mbox"), "{}", ran.stderr);
}

#[test]
fn selections_narrow_the_report() {
    let dir = Dir::new();
    let selected = |args: &[&str]| {
        let args = [&["--format", "jsonl", "list.mbox"], args].concat();
        ids(&dir.score(&args).stdout()).concat()
    };
    assert_eq!(selected(&["--min-level", "2"]), "bc");
    assert_eq!(selected(&["--label", "takeover"]), "b");
    assert_eq!(selected(&["--label", "takeover", "--label", "urgency"]), "bc");
    assert_eq!(selected(&["--label", "takeover,urgency"]), "bc");
    assert_eq!(selected(&["--since", "2024-02-01"]), "bcd");
    assert_eq!(selected(&["--until", "2024-02-02"]), "ab");
    assert_eq!(selected(&["--until", "2024-02-02T09:00:00Z"]), "a");
    assert_eq!(selected(&["--top", "1"]), "b");
    assert_eq!(selected(&["--top", "0"]), "abcd");
}

#[test]
fn top_limits_the_table() {
    let dir = Dir::new();
    dir.write("many.mbox", (0..40).map(|i| mail(&i.to_string(), "Subject: x", "Hello.")).collect::<String>());
    let rows = |args: &[&str]| {
        let stdout = dir.score(&[&["many.mbox"], args].concat()).stdout();
        stdout.lines().filter(|line| line.starts_with("0 ")).count()
    };
    assert_eq!((rows(&[]), rows(&["--top", "3"]), rows(&["--top", "0"])), (25, 3, 40));
}

#[test]
fn fail_on_tells_by_the_status() {
    let dir = Dir::new();
    dir.score(&["--fail-on", "3", "list.mbox"]).exits(1);
    dir.score(&["--fail-on", "2", "--label", "urgency", "list.mbox"]).exits(1);
    dir.score(&["--fail-on", "3", "--label", "urgency", "list.mbox"]).exits(0);
    dir.score(&["--fail-on", "3", "--until", "2024-01-31", "list.mbox"]).exits(0);
}

#[test]
fn a_missing_file_gives_2_and_the_others_are_scored() {
    let dir = Dir::new();
    let ran = dir.score(&["--format", "jsonl", "--fail-on", "3", "missing.mbox", "list.mbox"]).exits(2);
    assert_eq!(ids(&ran.stdout), ["a", "b", "c", "d"]);
    assert!(ran.stderr.contains("undue: missing.mbox: "), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 input could not be read"), "{}", ran.stderr);
}

#[test]
fn wrong_arguments_give_2_and_no_report() {
    let dir = Dir::new();
    dir.write("bad.undue", "not a model");
    for args in [
        &["score", "--min-level", "4", "list.mbox"][..],
        &["score", "--label", "rude", "list.mbox"],
        &["score", "--since", "yesterday", "list.mbox"],
        &["score", "--threads", "0", "list.mbox"],
        &["score", "--format", "xml", "list.mbox"],
        &["score", "--column", "text", "--model", "model.undue", "list.mbox"],
        &["score", "--input-format", "wordstar", "list.mbox"],
        &["score", "--model", "bad.undue", "list.mbox"],
        &["score", "--model", "no.undue", "list.mbox"],
        &["score", "--model", "model.undue", "--output", "no/such/dir/x", "list.mbox"],
        &["explain", "--model", "model.undue", "list.mbox"],
        &["explain", "--model", "model.undue", "list.mbox", "--id", "nobody"],
        &["explain", "--model", "model.undue", "list.mbox", "--id", "a@tarn.example", "--output-name", "x"],
        &["frobnicate"],
        &[],
    ] {
        let ran = dir.undue(args).exits(2);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{args:?}: {ran:?}");
    }
}

#[test]
fn standard_input_is_read_for_a_dash_and_for_nothing() {
    let dir = Dir::new();
    for args in [&["--format", "jsonl", "-"][..], &["--format", "jsonl"]] {
        let stdout = dir.score(args).stdin(LIST).stdout();
        assert_eq!(ids(&stdout), ["a", "b", "c", "d"]);
        assert_eq!(lines(&stdout)[0].position.path, "-");
    }
}

#[test]
fn the_format_can_be_stated() {
    let dir = Dir::new();
    let stdout = dir.score(&["--input-format", "eml", "--format", "jsonl", "list.mbox"]).stdout();
    assert_eq!(lines(&stdout).len(), 1);
}

#[test]
fn several_paths_are_one_run() {
    let dir = Dir::new();
    dir.write("more.mbox", mail("z", "In-Reply-To: <a@tarn.example>\nSubject: x\nDate: x", "Hello."));
    let ran = dir.score(&["--format", "jsonl", "list.mbox", "more.mbox", "list.mbox"]).exits(0);
    let lines = lines(&ran.stdout);
    assert_eq!(ids(&ran.stdout).concat(), "abcdzabcd");
    assert_eq!(lines[4].thread, "a@tarn.example");
    assert_eq!(lines[5].problems, ["duplicate-id"]);
    assert!(ran.stderr.contains("9 messages read, 2 threads, 3 files"), "{}", ran.stderr);
}

#[test]
fn bytes_are_the_same_for_any_number_of_threads() {
    let dir = Dir::new();
    let words = ["handover", "deadline", "hello"];
    let body =
        |i: usize| format!("{} number {i}. {}", words[i % 3], "Some more words here.\n".repeat(i % 50));
    let archive: String = (0..2500).map(|i| mail(&i.to_string(), "Subject: x\nDate: x", &body(i))).collect();
    dir.write("big.mbox", &archive);
    for format in ["table", "jsonl", "csv"] {
        let run = |threads| dir.score(&["--format", format, "--threads", threads, "big.mbox"]).stdout();
        let one = run("1");
        assert!(one.len() > 1000);
        assert!(one == run("2") && one == run("8"), "{format}");
    }
}

#[test]
fn the_output_file_appears_complete() {
    let dir = Dir::new();
    dir.write("out.jsonl", "old");
    let ran = dir.score(&["--format", "jsonl", "--output", "out.jsonl", "list.mbox"]).exits(0);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("4 messages read"), "{}", ran.stderr);
    assert_eq!(ids(&dir.read("out.jsonl")), ["a", "b", "c", "d"]);
    dir.score(&["--output", "table.txt", "list.mbox"]).exits(0);
    assert!(dir.read("table.txt").starts_with("LEVEL"));
    let left: Vec<_> =
        std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "{left:?}");
}

#[test]
fn quiet_is_quiet_but_not_about_failures() {
    let dir = Dir::new();
    assert_eq!(dir.score(&["--quiet", "--format", "jsonl", "list.mbox"]).exits(0).stderr, "");
    let ran = dir.score(&["--quiet", "--format", "jsonl", "missing", "list.mbox"]).exits(2);
    assert!(ran.stderr.starts_with("undue: missing: ") && ran.stderr.lines().count() == 1, "{}", ran.stderr);
}

#[test]
fn a_broken_pipe_ends_quietly() {
    let dir = Dir::new();
    dir.write("big.mbox", mail("x", "Subject: x", "Hello.").repeat(5000));
    let mut undue = dir.score(&["--quiet", "--format", "jsonl", "big.mbox"]);
    let mut child = undue.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn explain_shows_evidence_and_a_sum() {
    let dir = Dir::new();
    for id in ["b@tarn.example", "<b@tarn.example>"] {
        let stdout = dir.undue(&["explain", "--model", "model.undue", "list.mbox", "--id", id]).stdout();
        assert!(stdout.contains("\n| > The build fails there\n"), "{stdout}");
        assert!(
            stdout.contains("\n  Then it is time [[for a handover of the]] project. The tests pass here.\n"),
            "{stdout}"
        );
        assert!(stdout.contains("  reached\n"), "{stdout}");
        assert!(stdout.contains("Why takeover_pressure has probability"), "{stdout}");
        let sum = stdout.lines().last().unwrap();
        let (first, last) = (sum.split_whitespace().next(), sum.split_whitespace().last());
        assert!(first.is_some() && first == last, "{sum}");
    }
    let args = [
        "explain",
        "--model",
        "model.undue",
        "list.mbox",
        "--id",
        "c@tarn.example",
        "--output-name",
        "urgency",
    ];
    assert!(dir.undue(&args).stdout().contains("Why urgency has probability"));
}

#[test]
fn formats_are_listed() {
    let stdout = Dir::new().undue(&["formats"]).stdout();
    assert!(stdout.contains("mbox ") && stdout.contains("maildir "), "{stdout}");
}

#[test]
fn a_model_is_shown() {
    let stdout = Dir::new().undue(&["model", "show", "--model", "model.undue"]).stdout();
    for wanted in
        ["test-model 1", "2 words, 0 pairs", "takeover_pressure", "1.25 %", "75.0 %", "c0ffee", "l2 = 0.5"]
    {
        assert!(stdout.contains(wanted), "{wanted}: {stdout}");
    }
}

#[test]
fn completions_and_man_pages_know_every_subcommand() {
    let dir = Dir::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(dir.undue(&["completions", shell]).stdout().contains("--min-level") || shell == "fish");
    }
    assert!(dir.undue(&["man"]).stdout().starts_with(".ie"));
    dir.undue(&["man", "--out", "pages"]).exits(0);
    for page in ["undue.1", "undue-score.1", "undue-explain.1", "undue-model-show.1"] {
        assert!(dir.read(&format!("pages/{page}")).contains("EXAMPLES"), "{page}");
    }
}

#[test]
fn help_has_examples() {
    let dir = Dir::new();
    for args in [
        &["--help"][..],
        &["score", "--help"],
        &["explain", "--help"],
        &["formats", "--help"],
        &["model", "--help"],
        &["model", "show", "--help"],
        &["completions", "--help"],
        &["man", "--help"],
    ] {
        assert!(dir.undue(args).stdout().contains("EXAMPLES:"), "{args:?}");
    }
}

#[test]
fn the_documentation_names_every_field_and_column() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/output.md");
    let documentation = std::fs::read_to_string(path).unwrap();
    let dir = Dir::new();
    let json = dir.score(&["--format", "jsonl", "list.mbox"]).stdout();
    let line: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    let csv = dir.score(&["--format", "csv", "list.mbox"]).stdout();
    let columns = csv.lines().next().unwrap().split(',').map(str::to_owned);
    let scores = |name: &String| !name.starts_with("score_");
    for name in line.as_object().unwrap().keys().cloned().chain(columns.filter(scores)) {
        assert!(documentation.contains(&format!("`{name}`")), "{name}");
    }
}
