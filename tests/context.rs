//! The lists and the context of messages, from end to end, on the sample archive and on archives written for this.

#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod util;

use std::collections::BTreeMap;

use serde::Deserialize;
use util::{Dir, mail};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/samples/lanternfs-devel.mbox");

/// The documented schema, declared again: a field more or less breaks these tests.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Campaign {
    campaign: String,
    source: String,
    first: String,
    last: String,
    probability: f64,
    alarm: Option<Alarm>,
    actors: Vec<Actor>,
    pressed: Vec<String>,
    beneficiary: Option<Beneficiary>,
    messages: Vec<Message>,
    messages_not_kept: u32,
    signals: Vec<Signal>,
    statements: Vec<Statement>,
    features: BTreeMap<String, f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Alarm {
    date: String,
    message: String,
    messages: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Actor {
    name: String,
    address: String,
    first_seen: String,
    messages: u32,
    messages_before: u32,
    work_before: u32,
    newcomer: f64,
    speaks_for: Vec<String>,
    speaks_against: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Beneficiary {
    name: String,
    address: String,
    reasons: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Message {
    id: String,
    date: String,
    author: String,
    subject: String,
    ask: String,
    pressure: f64,
    takeover_pressure: f64,
    words: Option<Words>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Words {
    part: String,
    start: usize,
    end: usize,
    text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Signal {
    signal: String,
    sentence: String,
    evidence: Vec<Pointer>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Pointer {
    message: String,
    words: Option<Words>,
    #[serde(default)]
    paths: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Statement {
    saying: String,
    message: String,
    date: String,
    author: String,
    part: String,
    start: usize,
    end: usize,
    text: String,
}

fn campaigns(args: &[&str]) -> Vec<Campaign> {
    let args = [&["campaigns", "--format", "jsonl", "-q"], args, &[SAMPLE]].concat();
    let text = Dir::new().undue(&args).stdout();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_sample_has_one_campaign_with_its_actors_and_the_one_it_is_for() {
    let all = campaigns(&[]);
    assert_eq!(all.len(), 1, "{all:#?}");
    let campaign = &all[0];
    let names: Vec<_> = campaign.actors.iter().map(|actor| actor.name.as_str()).collect();
    for name in ["Gareth Plumley", "Marla Stenhouse", "R. Kolle"] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(!names.contains(&"Edda Lindqvor"), "the maintainer answers: {names:?}");
    assert_eq!(campaign.beneficiary.as_ref().unwrap().name, "Odile Farrant");
    assert_eq!(campaign.pressed, ["Edda Lindqvor"]);
    let alarm = campaign.alarm.as_ref().unwrap();
    assert!(alarm.date.as_str() < "2023-07-11", "{alarm:?}");
    let signals: Vec<_> = campaign.signals.iter().map(|signal| signal.signal.as_str()).collect();
    for signal in ["newcomer-control", "endorsement-chain", "concession"] {
        assert!(signals.contains(&signal), "{signals:?}");
    }
    let odile = campaign.actors.iter().find(|actor| actor.name == "Odile Farrant").unwrap();
    assert!(odile.speaks_against.iter().any(|words| words.contains("1 patch")), "{odile:?}");
}

#[test]
fn a_single_polite_offer_is_in_no_campaign() {
    let all = campaigns(&["--min-probability", "0.0001", "--top", "0"]);
    let names: Vec<_> = all.iter().flat_map(|it| &it.actors).map(|actor| actor.name.as_str()).collect();
    assert!(!names.contains(&"Sanna Virtapelto"), "{names:?}");
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let dir = Dir::new();
    for verb in ["campaigns", "actors", "threads"] {
        for format in ["table", "jsonl", "csv"] {
            let run =
                |threads| dir.undue(&[verb, "--format", format, "-q", "--threads", threads, SAMPLE]).stdout();
            assert_eq!(run("1"), run("3"), "{verb} {format}");
        }
    }
}

#[test]
fn actors_tell_work_control_and_merges() {
    let dir = Dir::new();
    let header = "Date: Thu, 04 Jan 2024 10:00:00 +0000\nSubject: x";
    let other = "From x@tarn.example Thu Jan  4 10:00:00 2024\nMessage-ID: <2@tarn.example>\nFrom: Ada <al@tarn.example>\n\
                 In-Reply-To: <1@tarn.example>\nDate: Thu, 04 Jan 2024 11:00:00 +0000\nSubject: Re: x\n\nMore.\n\n";
    dir.write("two.mbox", mail("1", header, "Hello.") + other);
    let ran = dir.undue(&["actors", "--format", "csv", "two.mbox"]).exits(0);
    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("al@tarn.example is taken for ada@tarn.example"), "{}", ran.stderr);
    dir.write("people.toml", "[[different]]\npeople = ['ada@tarn.example', 'al@tarn.example']\n");
    let text = dir.undue(&["actors", "--format", "csv", "--identities", "people.toml", "two.mbox"]).stdout();
    assert_eq!(text.lines().count(), 3, "{text}");

    let text = dir.undue(&["actors", "--top", "0", "-q", SAMPLE]).stdout();
    let edda = text.lines().find(|line| line.contains("Edda")).unwrap();
    assert!(edda.contains("yes"), "{edda}");
}

#[test]
fn a_list_of_maintainers_is_the_last_word() {
    let dir = Dir::new();
    dir.write("maintainers", "# of the list\nPim Haverkort\n");
    let args = ["actors", "--top", "0", "-q", "--maintainers", "maintainers", SAMPLE];
    let text = dir.undue(&args).stdout();
    let controls: Vec<_> = text.lines().filter(|line| line.contains("  yes  ")).collect();
    assert!(controls.len() == 1 && controls[0].contains("Pim"), "{text}");
}

#[test]
fn threads_tell_what_was_asked_and_answered() {
    let dir = Dir::new();
    let text = dir.undue(&["threads", "--format", "jsonl", "-q", SAMPLE]).stdout();
    let all: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(all.len(), 29);
    let messages: u64 = all.iter().filter_map(|thread| thread["messages"].as_u64()).sum();
    assert_eq!(messages, 76);
    let state = all.iter().find(|thread| thread["subject"] == "State of the project").unwrap();
    assert_eq!(state["statements"][0]["saying"], "concession");
    assert!(state["answered_after_days"].as_f64().unwrap() < 3.0);
}

#[test]
fn scores_bear_their_context() {
    let dir = Dir::new();
    let text = dir.undue(&["score", "--context", "--format", "jsonl", "-q", SAMPLE]).stdout();
    let all: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(all.iter().all(|message| message["context"]["thread_messages"].is_u64()));
    let last = all.iter().rfind(|message| message["author"]["name"] == "Edda Lindqvor").unwrap();
    assert_eq!(last["context"]["controls"], true);
    let text = dir.undue(&["score", "--context", "--format", "csv", "-q", SAMPLE]).stdout();
    assert!(text.lines().next().unwrap().ends_with("context_campaign,context_signals"));
    let plain = dir.undue(&["score", "--format", "jsonl", "-q", SAMPLE]).stdout();
    assert!(!plain.contains("\"context\""));
}

/// A tracker with a history, in which Oda's first pull request brings a binary and changes the build.
fn tracker() -> String {
    let mut lines = String::new();
    for i in 0..60 {
        lines += &format!(
            r#"{{"id": "h{i}", "list": "tarn", "author": "P{}", "date": "2024-01-{:02}T10:00:00Z", "subject": "Cache", "text": "The cache is full."}}"#,
            i % 9,
            1 + i / 3
        );
        lines += "\n";
    }
    let files = r#"[{"filename": "tests/pike.bin", "status": "added", "additions": 0, "deletions": 0}, "m4/tarn.m4", "src/tarn.c"]"#;
    for (id, author) in [("pull", "Oda"), ("known", "P1")] {
        lines += &format!(
            r#"{{"id": "{id}", "list": "tarn", "author": "{author}", "date": "2024-02-01T10:00:00Z", "subject": "Tests", "text": "More tests.", "files": {files}}}"#
        );
        lines += "\n";
    }
    lines
}

#[test]
fn files_of_a_newcomers_change_are_shown_with_their_paths() {
    let dir = Dir::new();
    dir.write("tarn.jsonl", tracker());
    let all = |args: &[&str]| -> Vec<serde_json::Value> {
        let text = dir.undue(&[args, &["--format", "jsonl", "-q", "tarn.jsonl"]].concat()).stdout();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let mut told = 0;
    for line in all(&["actors"]).iter().filter(|line| !line["signals"].as_array().unwrap().is_empty()) {
        assert_eq!(line["name"], "Oda");
        let signals: Vec<Signal> = serde_json::from_value(line["signals"].clone()).unwrap();
        let names: Vec<_> = signals.iter().map(|signal| signal.signal.as_str()).collect();
        assert_eq!(names, ["binary-test-files", "build-files"]);
        assert_eq!(
            (&*signals[0].evidence[0].message, &*signals[0].evidence[0].paths[0]),
            ("pull", "tests/pike.bin")
        );
        told += 1;
    }
    assert_eq!(told, 1);
    let scored = all(&["score", "--context"]);
    let of = |id: &str| scored.iter().find(|line| line["id"] == id).unwrap()["context"]["signals"].clone();
    assert_eq!(of("pull")[1]["evidence"][0]["paths"][0], "m4/tarn.m4");
    assert_eq!(of("known"), serde_json::json!([]));
    let table = dir.undue(&["actors", "-q", "tarn.jsonl"]).stdout();
    assert!(
        table.contains(
            "  * Oda, a newcomer at that time, sends a change to binary test files: tests/pike.bin."
        ),
        "{table}"
    );
    let csv = dir.undue(&["actors", "-q", "--format", "csv", "tarn.jsonl"]).stdout();
    assert!(csv.contains(",binary-test-files build-files"), "{csv}");
}

#[test]
fn wrong_files_are_refused_by_name() {
    let dir = Dir::new();
    dir.write("bad", "{\"x\": [");
    for (option, word) in
        [("--identities", "identities"), ("--campaign-model", "campaign model"), ("--maintainers", "")]
    {
        let file = if option == "--maintainers" { "missing" } else { "bad" };
        let ran = dir.undue(&["campaigns", option, file, SAMPLE]).exits(2);
        assert!(ran.stderr.contains(word) && !ran.stderr.is_empty(), "{option}: {}", ran.stderr);
    }
}

#[test]
fn another_campaign_model_decides_otherwise() {
    let dir = Dir::new();
    let shipped = include_str!("../models/undue-en/campaign.json");
    let mut strict: serde_json::Value = serde_json::from_str(shipped).unwrap();
    strict["threshold"] = 0.999_999_99.into();
    dir.write("strict.json", strict.to_string());
    let text = dir.undue(&["campaigns", "-q", "--campaign-model", "strict.json", SAMPLE]).stdout();
    assert_eq!(text.trim(), "no campaigns");
}

#[test]
fn archives_out_of_order_are_put_in_order() {
    let dir = Dir::new();
    let text = std::fs::read_to_string(SAMPLE).unwrap();
    let mut mails: Vec<&str> = text.split("\nFrom ").collect();
    // The first one has lost nothing; the others get their separator back.
    let first = mails.remove(0);
    let reversed: Vec<String> = mails.iter().rev().map(|mail| format!("From {mail}\n")).collect();
    dir.write("reversed.mbox", format!("{}{first}\n", reversed.concat()));
    let run = |path: &str| dir.undue(&["campaigns", "--format", "csv", "-q", path]).stdout();
    let alarm = |text: String| text.lines().nth(1).unwrap().split(',').nth(5).unwrap().to_owned();
    assert_eq!(alarm(run("reversed.mbox")), alarm(run(SAMPLE)));
}
