//! The project's own datasets hold together: schema, lists, incidents, and the card that counts them.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, path::PathBuf};

use undue::{Label, Level};
use undue_training::{
    authored, corpus, dataset_card, incidents,
    labels::{self, LabelRow},
    sources::{Manifest, Reader, label_files},
};

fn datasets(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../datasets").join(name)
}

fn manifest() -> Manifest {
    Manifest::read(&datasets("sources.toml")).unwrap()
}

#[test]
fn tables_of_the_card_are_up_to_date() {
    let args = dataset_card::TableArgs { datasets: datasets(""), check: true };
    let mut out = Vec::new();
    let is_current = dataset_card::run(&dataset_card::Command::Table(args), &mut out).unwrap();
    let shown = String::from_utf8(out).unwrap();
    assert!(is_current, "run \"undue-train datasets table\":\n{shown}");
}

#[test]
fn authored_messages_follow_the_codebook() {
    let report = authored::check(&datasets("authored")).unwrap();
    assert!(report.faults.is_empty(), "{report}");
    assert!(!report.themes.is_empty());
}

#[test]
fn labels_follow_the_codebook_and_speak_of_listed_corpora() {
    let manifest = manifest();
    let files = label_files(&datasets("labels")).unwrap();
    assert!(!files.is_empty());
    let mut departing = 0;
    for (file, rows) in &files {
        for row in rows {
            let place = format!("{file}: {} of {}", row.id, row.source);
            let corpus = manifest.get(&row.source).unwrap_or_else(|| panic!("{place}: no such corpus"));
            assert_eq!(
                corpus.replay,
                file.starts_with("xz-replay"),
                "{place}: the replay is for the report alone"
            );
            assert!(row.level > Level::Ordinary || row.labels.is_empty(), "{place}: level 0 with labels");
            let shown = |label: &Label| row.evidence.iter().any(|(of, _)| of == label);
            assert!(row.labels.iter().all(shown), "{place}: a label without evidence");
            departing += usize::from(departs(row));
        }
    }
    let card = std::fs::read_to_string(datasets("README.md")).unwrap();
    assert!(
        card.contains(&format!("In {departing} messages their\njudgement departs")),
        "{departing} depart"
    );
}

/// True where level and labels do not go together as in the codebook.
fn departs(row: &LabelRow) -> bool {
    let tactics = || row.labels.iter().filter(|label| !label.is_request());
    let has_request = row.labels.iter().any(|label| label.is_request());
    match row.level {
        Level::Ordinary => false,
        Level::Request => tactics().filter(|label| **label != Label::Endorsement).count() > 1,
        Level::Pressure => tactics().count() == 0,
        Level::TakeoverPressure => tactics().count() == 0 || !has_request,
    }
}

#[test]
fn no_message_is_labelled_in_two_rounds() {
    let mut seen = BTreeSet::new();
    for (file, rows) in label_files(&datasets("labels")).unwrap() {
        if file.starts_with("round") {
            let twice = rows.into_iter().find(|row| !seen.insert((row.source.clone(), row.id.clone())));
            assert_eq!(twice, None, "{file}");
        }
    }
}

#[test]
fn the_list_of_corpora_names_the_replay_and_commands_that_write_the_corpus() {
    let manifest = manifest();
    let replay: BTreeSet<&str> =
        manifest.corpora.iter().filter(|corpus| corpus.replay).map(|corpus| corpus.name.as_str()).collect();
    assert_eq!(replay, corpus::REPLAY.into_iter().collect());
    for corpus in manifest.corpora.iter().filter(|corpus| corpus.reader != Reader::Script) {
        let last = corpus.convert.last().unwrap();
        assert!(last.ends_with(&format!(" {}.jsonl.gz", corpus.name)), "{last}");
        let source = format!("--source {} ", corpus.name);
        assert!(corpus.convert.iter().any(|command| command.contains(&source)), "{}", corpus.name);
    }
}

#[test]
fn messages_of_incidents_are_labelled_and_press() {
    let incidents = incidents::read(&datasets("incidents")).unwrap();
    assert!(incidents.iter().any(|incident| incident.name == "xz-devel 2022"));
    let rows = labels::read(&datasets("labels/xz-replay.a.csv")).unwrap();
    let incident = incidents.iter().find(|incident| incident.name == "xz-devel 2022").unwrap();
    assert_eq!(incident.source.as_deref(), Some("xz-devel"));
    let of =
        |id: &String| rows.iter().find(|row| row.id == *id).unwrap_or_else(|| panic!("{id} is not labelled"));
    let messages: Vec<&LabelRow> = incident.ids.iter().map(of).collect();
    assert!(messages.iter().all(|row| row.level >= Level::Pressure));
    let shown: BTreeSet<Label> = messages.iter().flat_map(|row| row.labels.iter().copied()).collect();
    assert_eq!(shown, incident.tactics.iter().copied().collect());
}
