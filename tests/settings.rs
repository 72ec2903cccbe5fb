//! `undue.toml`, `--since-last` and the formats for dashboards, from end to end.

#![allow(clippy::unwrap_used)]

use serde_json::Value;

#[allow(dead_code)]
mod util;

use util::{Dir, LIST, mail};

fn ids(dir: &Dir, args: &[&str]) -> Vec<String> {
    let text = dir.score(&[&["-q", "--format", "jsonl"], args].concat()).stdout();
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn settings_are_found_above_but_not_beyond_the_checkout() {
    let dir = Dir::new();
    dir.write("undue.toml", "[ignore]\nauthors = [\"cy\"]\n");
    let below = |args: &[&str]| {
        let mut undue = dir.undue(
            &[&["score", "--format", "jsonl", "--model", "../../model.undue"], args, &["../../list.mbox"]]
                .concat(),
        );
        undue.command().current_dir(dir.path().join("a/b"));
        undue.exits(0)
    };
    dir.write("a/b/x", "");
    let ran = below(&[]);
    assert_eq!(ran.stdout.lines().count(), 3);
    assert!(
        ran.stderr.contains("undue: settings of ") && ran.stderr.contains("1 message ignored by a rule"),
        "{}",
        ran.stderr
    );
    assert_eq!(below(&["--no-config"]).stdout.lines().count(), 4);
    dir.write("a/.git", "");
    assert_eq!(below(&[]).stdout.lines().count(), 4);
    assert_eq!(below(&["--config", "../../undue.toml"]).stdout.lines().count(), 3);
}

#[test]
fn thresholds_rules_and_disputes_change_what_is_reported() {
    let dir = Dir::new();
    assert_eq!(ids(&dir, &["--min-level", "2", "list.mbox"]), ["b@tarn.example", "c@tarn.example"]);
    dir.write("high.toml", "[thresholds]\npressure = 0.995\n");
    assert_eq!(ids(&dir, &["--min-level", "2", "--config", "high.toml", "list.mbox"]), ["b@tarn.example"]);
    dir.write("label.toml", "[ignore]\nlabels = [\"urgency\"]\n");
    assert_eq!(ids(&dir, &["--min-level", "2", "--config", "label.toml", "list.mbox"]), ["b@tarn.example"]);
    dir.write(
        "dispute.toml",
        "[[dispute]]\nmessage = \"b@tarn.example\"\nreason = \"Asked for by the maintainer.\"\n",
    );
    let ran =
        dir.score(&["--config", "dispute.toml", "--fail-on", "3", "--format", "jsonl", "list.mbox"]).exits(0);
    assert_eq!(ran.stdout.lines().count(), 3);
    assert!(ran.stderr.contains("1 message disputed"), "{}", ran.stderr);
    dir.score(&["--fail-on", "3", "list.mbox"]).exits(1);
}

#[test]
fn settings_are_checked_with_file_and_line() {
    let dir = Dir::new();
    dir.write(
        "undue.toml",
        "[ignore]\nthreads = [\"t\"]\n\n[[dispute]]\nauthor = \"Ada\"\nreason = \"Bo\\u001b[2J\"\n",
    );
    let text = dir.undue(&["config", "check"]).stdout();
    assert_eq!(
        text,
        format!(
            "{}: 0 thresholds, 1 ignore rules, 1 disputes\n  author ada: Bo\\u{{1b}}[2J\n",
            dir.path().canonicalize().unwrap().join("undue.toml").display()
        )
    );
    dir.write("bad.toml", "[thresholds]\n\nguilt = 2\n");
    for ran in
        [dir.undue(&["config", "check", "bad.toml"]), dir.score(&["--config", "bad.toml", "list.mbox"])]
    {
        let ran = ran.exits(2);
        let wanted =
            "undue: bad.toml: line 3: thresholds.guilt is 2; expected a probability above 0, at most 1";
        assert!(ran.stderr.contains(wanted) && ran.stdout.is_empty(), "{}", ran.stderr);
    }
    dir.undue(&["config", "check", "missing.toml"]).exits(2);
}

#[test]
fn a_message_is_reported_once() {
    let dir = Dir::new();
    let args = ["--since-last", "seen.txt", "list.mbox"];
    assert_eq!(ids(&dir, &args).len(), 4);
    let state = dir.read("seen.txt");
    assert!(state.starts_with("undue-seen 1\n") && state.lines().count() == 5, "{state}");
    assert_eq!(ids(&dir, &args).len(), 0);
    assert_eq!(dir.read("seen.txt"), state, "nothing new, nothing changed");
    dir.write("list.mbox", format!("{LIST}\n{}", mail("e", "Subject: x\nDate: x", "Time for a handover.")));
    let ran =
        dir.score(&["--fail-on", "3", "--format", "jsonl", "--since-last", "seen.txt", "list.mbox"]).exits(1);
    assert_eq!(ran.stdout.lines().count(), 1);
    assert!(
        ran.stderr.contains("5 messages read") && ran.stderr.contains("4 messages seen before"),
        "{}",
        ran.stderr
    );
    dir.score(&["-q", "--fail-on", "3", "--since-last", "seen.txt", "list.mbox"]).exits(0);
}

#[test]
fn a_run_that_fails_leaves_the_state_alone() {
    let dir = Dir::new();
    dir.write("seen.txt", "something else\n");
    let ran = dir.score(&["--since-last", "seen.txt", "list.mbox"]).exits(2);
    assert!(ran.stderr.contains("seen.txt: line 1: no list of messages"), "{}", ran.stderr);
    assert_eq!(dir.read("seen.txt"), "something else\n");
    dir.score(&["--since-last", "new.txt", "--output", "no/such/directory/x", "list.mbox"]).exits(2);
    assert!(!dir.path().join("new.txt").exists());
}

#[test]
fn sarif_is_structurally_what_the_standard_asks_for() {
    let dir = Dir::new();
    let text = dir.score(&["-q", "--format", "sarif", "list.mbox"]).stdout();
    let log: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().ends_with("sarif-schema-2.1.0.json"));
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2, "level 2 and more");
    for result in results {
        assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
        assert!(["warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!((0.0..=100.0).contains(&result["rank"].as_f64().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "list.mbox");
    }
    assert!(!text.contains("\"Cy\""), "{text}");
    assert_eq!(
        dir.score(&["-q", "--format", "sarif", "--min-level", "0", "list.mbox"])
            .stdout()
            .matches("ruleId")
            .count(),
        4
    );
    for threads in ["1", "3"] {
        assert_eq!(dir.score(&["-q", "--format", "sarif", "--threads", threads, "list.mbox"]).stdout(), text);
    }
}

#[test]
fn annotations_are_commands_of_the_runner() {
    let dir = Dir::new();
    let text = dir.score(&["-q", "--format", "github", "list.mbox"]).stdout();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(
        lines[0].starts_with(
            "::warning title=undue%3A level 3::b@tarn.example: level 3 (takeover), probability 0.99"
        ),
        "{text}"
    );
    assert!(
        lines[1].starts_with(
            "::notice title=undue%3A level 2::c@tarn.example: level 2 (urgency), probability 0.99"
        ),
        "{text}"
    );
}
