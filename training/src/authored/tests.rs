#![allow(clippy::unwrap_used)]

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

/// A folder with the files `(name, messages)`.
fn folder(files: &[(&str, &[Value])]) -> TempDir {
    let dir = TempDir::new().unwrap();
    for (name, messages) in files {
        let lines: Vec<String> = messages.iter().map(Value::to_string).collect();
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, lines.join("\n") + "\n").unwrap();
    }
    dir
}

fn plain(number: u32, text: &str) -> Value {
    json!({
        "id": format!("authored/harbour/{number:03}"), "source": "authored", "theme": "harbour",
        "list_or_repo": "harbour-devel", "author_role": "user", "subject": "Crane timeouts", "text": text,
        "level": 0, "labels": [], "evidence": {},
    })
}

/// A message of `level` whose evidence are parts of its text, as (label, span).
fn labelled(level: u8, text: &str, evidence: &[(&str, &str)]) -> Value {
    let mut message = plain(1, text);
    let mut spans: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    evidence.iter().for_each(|(label, span)| spans.entry(label).or_default().push(span));
    message["level"] = level.into();
    message["labels"] = spans.keys().copied().collect();
    message["evidence"] = json!(spans);
    message
}

/// The faults of one file of messages, as shown, without the folder.
fn faults(messages: &[Value]) -> Vec<String> {
    let dir = folder(&[("harbour.jsonl", messages)]);
    let shown = |fault: &Fault| fault.to_string().replace(&format!("{}/", dir.path().display()), "");
    check(dir.path()).unwrap().faults.iter().map(shown).collect()
}

/// The only fault of one message, after its place and id.
fn fault(message: Value) -> String {
    let faults = faults(&[message]);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    let prefix = "harbour.jsonl:1: authored/harbour/001: ";
    faults[0].strip_prefix(prefix).unwrap_or(&faults[0]).to_owned()
}

#[test]
fn what_follows_the_codebook_has_no_fault() {
    let text =
        "The crane driver stalls since 3.2. Is nobody going to read this, as in June?\n\n> older words\n";
    let good = [
        plain(2, "The crane driver reads its limits from the wrong register on boards of the second series."),
        labelled(2, text, &[("guilt", "Is nobody going to read this"), ("persistence", "as in June")]),
        plain(3, "Bye."),
    ];
    assert_eq!(faults(&good), [""; 0]);
}

#[test]
fn lines_that_are_not_in_the_schema_are_named() {
    let mut unknown_field = plain(1, "Hello there.");
    unknown_field["mood"] = "fine".into();
    assert!(fault(unknown_field).contains("harbour.jsonl:1: not in the schema: unknown field `mood`"));
    let mut unknown_label = plain(1, "Hello there.");
    unknown_label["labels"] = json!(["rudeness"]);
    assert!(fault(unknown_label).contains("unknown variant `rudeness`"));
    let mut level = plain(1, "Hello there.");
    level["level"] = 4.into();
    assert!(fault(level).contains("no level 4"));
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("harbour.jsonl"), "{}\n\nnonsense\n").unwrap();
    assert_eq!(check(dir.path()).unwrap().faults.len(), 3);
}

#[test]
fn the_level_has_to_agree_with_the_labels() {
    let text = "Hand me the keys, the second time I ask, quickly, you owe us that.";
    for (level, evidence, expected) in [
        (0, &[("urgency", "quickly")][..], "level 0 with labels"),
        (2, &[("takeover", "Hand me the keys")], "level 2 without a tactic"),
        (3, &[("guilt", "you owe us that")], "level 3 without takeover or bypass"),
        (
            1,
            &[("urgency", "quickly"), ("guilt", "you owe us")],
            "level 1 with several tactics: urgency, guilt",
        ),
    ] {
        assert_eq!(fault(labelled(level, text, evidence)), expected);
    }
    let nothing_asked = labelled(3, text, &[]);
    assert_eq!(faults(&[nothing_asked]).len(), 2);
    let backed = [("persistence", "the second time I ask"), ("endorsement", "Hand me the keys")];
    assert_eq!(faults(&[labelled(1, text, &backed)]), [""; 0]);
}

#[test]
fn evidence_has_to_be_short_verbatim_own_words() {
    let text =
        "One two three four five six seven eight nine ten eleven twelve thirteen.\n\n> you are late\n\nSo.\n";
    for (span, expected) in [
        ("one two", "is neither in the text nor in the subject: \"one two\""),
        ("One two ", "is empty or has white space around it"),
        ("One two three four five six seven eight nine ten eleven twelve thirteen", "has 13 words, 12 are"),
    ] {
        let shown = fault(labelled(2, text, &[("guilt", span)]));
        assert!(shown.starts_with("evidence for guilt ") && shown.contains(expected), "{shown}");
    }
    let four = ["One", "two", "three", "four"].map(|span| ("guilt", span));
    assert_eq!(fault(labelled(2, text, &four)), "guilt has 4 spans of evidence; 3 are allowed");
    assert_eq!(faults(&[labelled(1, text, &[("guilt", "Crane timeouts")])]), [""; 0]);
}

#[test]
fn evidence_that_is_not_judged_is_noted() {
    let body = "You are late.\n\nOn Monday, Ada wrote:\n> it is your fault\n\nAs ever.\n";
    let quoted = labelled(2, body, &[("guilt", "it is your fault")]);
    let dir = folder(&[("harbour.jsonl", &[quoted])]);
    let report = check(dir.path()).unwrap();
    assert_eq!((report.faults.len(), report.notes.len()), (0, 1));
    assert!(report.to_string().contains("note: "), "{report}");
}

#[test]
fn labels_and_evidence_are_the_same_set() {
    let mut message = labelled(2, "Now, or never.", &[("urgency", "Now")]);
    message["labels"] = json!(["urgency", "urgency", "guilt"]);
    let shown = faults(&[message.clone()]).join("\n");
    assert!(shown.contains("urgency is listed twice") && shown.contains("guilt has no evidence"), "{shown}");
    message["labels"] = json!(["ultimatum"]);
    message["evidence"]["ultimatum"] = json!(["or never"]);
    assert_eq!(fault(message), "there is evidence for urgency, which is not among the labels");
}

#[test]
fn ids_are_unique_and_name_the_theme() {
    let twice = [plain(7, "Alpha beta."), plain(7, "Gamma delta.")];
    let shown = faults(&twice);
    assert_eq!(shown.len(), 1);
    assert!(shown[0].starts_with("harbour.jsonl:2: authored/harbour/007: id is that of"), "{shown:?}");
    assert!(shown[0].ends_with("harbour.jsonl:1 as well"), "{shown:?}");
    for (field, value, expected) in [
        ("id", "authored/port/001", "id is not of the form"),
        ("theme", "port", "theme is \"port\" in a file that is called \"harbour\""),
        ("source", "elsewhere", "source is \"elsewhere\""),
        ("text", " \n", "text is empty"),
    ] {
        let mut message = plain(1, "Alpha beta.");
        message[field] = value.into();
        let shown = faults(&[message]).join("\n");
        assert!(shown.contains(expected), "{shown}");
    }
}

#[test]
fn near_duplicates_are_found_across_files() {
    let text = "The winch log shows a second start within one minute, and then the motor stays hot.";
    let mut copy = plain(1, &text.replace("second", "third").to_uppercase());
    copy["theme"] = "quay".into();
    copy["id"] = "authored/quay/001".into();
    let dir = folder(&[("harbour.jsonl", &[plain(4, text)]), ("held-out/quay.jsonl", &[copy])]);
    let report = check(dir.path()).unwrap();
    let [Fault { id, kind: FaultKind::NearDuplicate { other, jaccard }, .. }] = &report.faults[..] else {
        panic!("{report}");
    };
    assert_eq!((id.as_str(), other.as_str()), ("authored/quay/001", "authored/harbour/004"));
    assert!((jaccard - 11.0 / 17.0).abs() < 1e-9, "{jaccard}");
    assert_eq!(report.themes.keys().collect::<Vec<_>>(), ["harbour", "held-out/quay"]);
}

#[test]
fn short_texts_are_compared_as_a_whole() {
    assert_eq!(faults(&[plain(1, "Well?"), plain(2, "well!"), plain(3, "Well, no.")]).len(), 1);
}

#[test]
fn a_phrase_of_six_words_may_be_in_three_texts() {
    let tails = ["and the lamp", "but only at low tide", "which is odd for March", "so I went home"];
    let text = |i: usize| format!("Report {i}{i}: when the bridge opens it hums {} ({i}).", tails[i]);
    let messages: Vec<Value> = (0..4).map(|i| plain(i as u32, &text(i))).collect();
    assert_eq!(faults(&messages[..3]), [""; 0]);
    let shown = faults(&messages);
    assert_eq!(shown.len(), 1, "{shown:#?}");
    assert!(
        shown[0].starts_with(
            "harbour.jsonl:4: authored/harbour/003: the phrase \"when the bridge opens it hums\""
        )
    );
}

#[test]
fn the_report_counts_by_theme_and_says_how_many_faults() {
    let text = "Please merge today, or I leave.";
    let dir = folder(&[("harbour.jsonl", &[labelled(2, text, &[("ultimatum", "or I leave")])])]);
    let mut out = Vec::new();
    let well = run(&Command::Check(CheckArgs { dir: dir.path().to_owned() }), &mut out).unwrap();
    let shown = String::from_utf8(out).unwrap();
    assert!(well && shown.ends_with("no faults\n"), "{shown}");
    assert!(shown.contains("\n| harbour | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1 |\n"), "{shown}");
    assert!(check(&dir.path().join("nowhere")).is_err());
}
