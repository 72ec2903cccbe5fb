//! In the issue tracker: the steps of the composite action, run as a runner does, on payloads written for the purpose.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::{collections::HashMap, fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use serde_json::{Value, json};

#[allow(dead_code)]
mod util;

use util::Dir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Low enough that every message is pointed at: the steps are tested here, not the model.
const CONFIG: &str = "[thresholds]\npressure = 0.000001\n";

/// One step of `action.yml`: its command and what it hands to it.
struct Step {
    run: String,
    env: Vec<(String, String)>,
}

/// Steps by name. The file keeps to one form, which is all that is read here.
fn steps() -> HashMap<String, Step> {
    let text = fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
    let mut steps = HashMap::new();
    for part in text.split("    - name: ").skip(1) {
        let (name, rest) = part.split_once('\n').unwrap();
        let run = rest.lines().find_map(|line| line.trim().strip_prefix("run: ")).unwrap().to_owned();
        let env = rest
            .lines()
            .skip_while(|line| line.trim() != "env:")
            .skip(1)
            .take_while(|line| line.starts_with("        "));
        let env = env
            .map(|line| line.trim().split_once(": ").unwrap())
            .map(|(name, value)| (name.into(), value.into()));
        steps.insert(name.to_owned(), Step { run, env: env.collect() });
    }
    steps
}

/// What a step left behind.
struct Outcome {
    status: i32,
    stdout: String,
    stderr: String,
    summary: String,
    outputs: HashMap<String, String>,
}

/// Runs a step with these inputs; all others have their defaults.
fn run(dir: &Dir, step: &str, event: &str, inputs: &[(&str, &str)]) -> Outcome {
    let steps = steps();
    let step = &steps[step];
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &step.run]).current_dir(dir.path());
    let bin = Path::new(env!("CARGO_BIN_EXE_undue")).parent().unwrap();
    let path =
        format!("{}:{}:{}", dir.path().join("bin").display(), bin.display(), std::env::var("PATH").unwrap());
    command.env("PATH", path).env("GITHUB_ACTION_PATH", ROOT).env("RUNNER_TEMP", dir.path().join("temp"));
    command.env("GITHUB_EVENT_NAME", event).env("GITHUB_EVENT_PATH", dir.path().join("event.json"));
    command.env("GITHUB_REPOSITORY", "tarn/tarn").env("GITHUB_ACTION_REPOSITORY", "undue/undue");
    for name in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH"] {
        let file = dir.path().join(name);
        fs::write(&file, "").unwrap();
        command.env(name, file);
    }
    for (name, value) in &step.env {
        let input = value.strip_prefix("${{ inputs.").and_then(|it| it.strip_suffix(" }}"));
        let given = input.and_then(|input| inputs.iter().find(|(name, _)| *name == input));
        let default = match input {
            Some("min-level") => "2",
            Some("annotations") => "false",
            _ => "",
        };
        command.env(name, given.map_or(default, |(_, value)| *value));
    }
    for (name, value) in
        inputs.iter().filter(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    {
        command.env(name, value);
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let outputs = dir.read("GITHUB_OUTPUT");
    let pair = |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    Outcome {
        status: output.status.code().unwrap(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
        summary: dir.read("GITHUB_STEP_SUMMARY"),
        outputs: outputs.lines().filter_map(pair).collect(),
    }
}

fn comment(body: &str) -> Value {
    json!({
        "action": "created",
        "issue": {
            "html_url": "https://github.com/tarn/tarn/issues/7", "number": 7, "title": "Release?", "body": "When?",
            "user": { "login": "bo" }, "created_at": "2024-01-04T10:00:00Z", "comments": 1,
        },
        "comment": {
            "html_url": "https://github.com/tarn/tarn/issues/7#issuecomment-1", "body": body,
            "user": { "login": "cy-presses" }, "created_at": "2024-02-04T10:00:00Z", "author_association": "NONE",
        },
        "repository": { "full_name": "tarn/tarn" }, "sender": { "login": "cy-presses" },
    })
}

fn with_event(payload: &Value) -> Dir {
    let dir = Dir::new();
    dir.write("event.json", serde_json::to_vec_pretty(payload).unwrap());
    dir.write("trusted.toml", CONFIG);
    dir
}

const PRESSING: &str =
    "This is the third time that I ask, and you have ignored us for months. Hand the project over to Nim.";

#[test]
fn a_comment_makes_a_summary_that_names_nobody() {
    let dir = with_event(&comment(PRESSING));
    let ran = run(&dir, "Score", "issue_comment", &[("config", "trusted.toml")]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(ran.summary.starts_with("### undue: 1 of 1 messages to look at\n"), "{}", ran.summary);
    assert!(
        ran.summary.contains("| `https://github.com/tarn/tarn/issues/7#issuecomment-1` |"),
        "{}",
        ran.summary
    );
    assert!(!ran.summary.contains("cy-presses") && !ran.summary.contains("third time"), "{}", ran.summary);
    assert_eq!(ran.outputs["count"], "1");
    assert!(["2", "3"].contains(&&*ran.outputs["level"]), "{:?}", ran.outputs);
}

#[test]
fn every_event_with_a_message_is_scored_and_others_are_passed_over() {
    let opened = |member: &str, place: &str| {
        json!({
            "action": "opened", "repository": { "full_name": "tarn/tarn" },
            member: { "html_url": format!("https://github.com/tarn/tarn/{place}/8"), "title": "Merge", "body": PRESSING,
                      "user": { "login": "cy" }, "created_at": "2024-02-04T10:00:00Z" },
        })
    };
    for (event, member, place) in [
        ("issues", "issue", "issues"),
        ("pull_request", "pull_request", "pull"),
        ("pull_request_target", "pull_request", "pull"),
        ("discussion", "discussion", "discussions"),
    ] {
        let dir = with_event(&opened(member, place));
        let ran = run(&dir, "Score", event, &[("config", "trusted.toml")]);
        assert_eq!((ran.status, ran.outputs["count"].as_str()), (0, "1"), "{event}: {}", ran.stderr);
    }
    let dir = with_event(&json!({ "ref": "refs/heads/main", "commits": [] }));
    let ran = run(&dir, "Score", "push", &[]);
    assert_eq!(
        (ran.status, ran.outputs["count"].as_str(), ran.summary.as_str()),
        (0, "0", ""),
        "{}",
        ran.stderr
    );
}

#[test]
fn report_only_unless_asked() {
    let dir = with_event(&comment(PRESSING));
    let ran = run(&dir, "Score", "issue_comment", &[("config", "trusted.toml"), ("fail-on", "2")]);
    assert_eq!((ran.status, ran.outputs["count"].as_str()), (1, "1"), "{}", ran.stderr);
    // The settings of a checkout are those of whoever wrote it.
    dir.write("undue.toml", CONFIG);
    dir.write("event.json", serde_json::to_vec(&comment("Thanks, that works.")).unwrap());
    let ran = run(&dir, "Score", "issue_comment", &[("fail-on", "2")]);
    assert_eq!((ran.status, ran.outputs["count"].as_str()), (0, "0"), "{}", ran.stderr);
}

#[test]
fn annotations_and_sarif_on_demand_and_each_message_once() {
    let dir = with_event(&comment(PRESSING));
    let inputs = [
        ("config", "trusted.toml"),
        ("annotations", "true"),
        ("sarif", "undue.sarif"),
        ("state", "seen.txt"),
    ];
    let first = run(&dir, "Score", "issue_comment", &inputs);
    assert_eq!((first.status, first.outputs["count"].as_str()), (0, "1"), "{}", first.stderr);
    let commands: Vec<_> = first.stdout.lines().collect();
    assert_eq!(commands.len(), 1, "{commands:?}");
    assert!(
        commands[0].starts_with("::notice title=undue%3A level 2::") || commands[0].starts_with("::warning "),
        "{commands:?}"
    );
    let results = |dir: &Dir| {
        let log: Value = serde_json::from_str(&dir.read("undue.sarif")).unwrap();
        log["runs"][0]["results"].as_array().unwrap().len()
    };
    assert_eq!(results(&dir), 1);
    let second = run(&dir, "Score", "issue_comment", &inputs);
    assert_eq!((second.outputs["count"].as_str(), second.stdout.as_str(), results(&dir)), ("0", "", 0));
    dir.write("event.json", serde_json::to_vec(&comment("Edited: hand it over now.")).unwrap());
    assert_eq!(run(&dir, "Score", "issue_comment", &inputs).outputs["count"], "1");
}

#[test]
fn hostile_payloads_and_inputs_run_nothing() {
    let evil =
        "$(touch pwned) `touch pwned`; touch pwned\n::error::x\n::set-output name=count::9\n%0A::add-mask::";
    let mut payload = comment(&format!("{PRESSING} {evil}"));
    payload["comment"]["html_url"] = evil.into();
    payload["issue"]["title"] = evil.into();
    let dir = with_event(&payload);
    let inputs = [("config", "trusted.toml"), ("annotations", "true")];
    let ran = run(&dir, "Score", "issue_comment", &inputs);
    assert_eq!((ran.status, ran.outputs["count"].as_str()), (0, "1"), "{}", ran.stderr);
    assert_eq!(
        ran.stdout.lines().filter(|line| line.trim_start().starts_with("::")).count(),
        1,
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("\n::error"), "{}", ran.stdout);
    let ran = run(&dir, "Score", "issue_comment", &[("paths", evil), ("min-level", "2")]);
    assert_eq!(ran.status, 0, "what cannot be read is said, and fails nothing: {}", ran.stderr);
    assert!(ran.stdout.contains("::warning title=undue::Not everything could be read"), "{}", ran.stdout);
    assert!(run(&dir, "Score", "issue_comment", &[("min-level", evil)]).status != 0);
    assert!(!dir.path().join("pwned").exists());
}

/// A program of that name, which writes down what it is called with and what it is told.
fn fake(dir: &Dir, name: &str) {
    let log = dir.path().join(format!("{name}.log"));
    dir.write(
        &format!("bin/{name}"),
        format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > '{0}'\ncat >> '{0}'\n", log.display()),
    );
    fs::set_permissions(dir.path().join("bin").join(name), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_label_is_put_with_the_token_out_of_sight() {
    let dir = with_event(&comment(PRESSING));
    fake(&dir, "curl");
    let label = |label: &str, token: &str, number: &str| {
        run(
            &dir,
            "Label",
            "issue_comment",
            &[("label", label), ("token", token), ("INPUT_LABEL", label), ("ISSUE_NUMBER", number)],
        )
    };
    assert_eq!(label("look here", "ghs_abc", "7").status, 0);
    let log = dir.read("curl.log");
    assert!(
        log.contains("/repos/tarn/tarn/issues/7/labels\n") && log.contains("{\"labels\":[\"look here\"]}"),
        "{log}"
    );
    let (arguments, told) = log.split_once("header = ").unwrap();
    assert!(!arguments.contains("ghs_abc") && told.contains("Bearer ghs_abc"), "{log}");
    fs::remove_file(dir.path().join("curl.log")).unwrap();
    for (name, token, number, status) in [
        ("x\"],\"a\":[\"", "ghs_abc", "7", 2),
        ("look", "", "7", 2),
        ("look", "a\nurl = \"https://tarn.example\"", "7", 2),
        ("look", "ghs_abc", "", 0),
        ("look", "ghs_abc", "7/../8", 0),
    ] {
        assert_eq!(label(name, token, number).status, status, "{name}");
        assert!(!dir.path().join("curl.log").exists(), "{name}");
    }
}

#[test]
fn undue_is_built_or_taken_from_a_release() {
    let dir = with_event(&comment(PRESSING));
    fake(&dir, "cargo");
    let ran = run(&dir, "Install undue", "issues", &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(dir.read("cargo.log").starts_with("install\n--locked\n"), "{}", dir.read("cargo.log"));
    assert_eq!(dir.read("GITHUB_PATH"), format!("{}\n", dir.path().join("temp/undue/bin").display()));
    // A release whose checksum does not fit is not used.
    fake(&dir, "curl");
    let ran = run(&dir, "Install undue", "issues", &[("version", "v1.0")]);
    assert!(ran.status != 0 && dir.read("GITHUB_PATH").is_empty(), "{}", ran.stderr);
    assert!(
        dir.read("curl.log").contains("/undue/undue/releases/download/v1.0/undue-v1.0-"),
        "{}",
        dir.read("curl.log")
    );
    assert_eq!(run(&dir, "Install undue", "issues", &[("version", "../x")]).status, 2);
}
