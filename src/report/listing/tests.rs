//! Every list in every format.

#![allow(clippy::unwrap_used)]

use std::{collections::HashMap, sync::Arc};

use super::*;
use crate::{
    context::{AuthorSummary, Quote, Saying, Standing, Statement, ThreadSummary, Who},
    features::Part,
};

fn who(name: &str) -> Arc<Who> {
    Arc::new(Who { name: name.into(), address: "ada@tarn.example".into() })
}

fn thread(subject: &str, pressing: f64) -> ThreadSummary {
    ThreadSummary {
        id: "1@tarn.example".into(),
        project: "tarn".into(),
        subject: subject.into(),
        starter: who("Ada Löv"),
        first: 0,
        last: 86_400,
        messages: 3,
        authors: 2,
        pressing_messages: 1,
        pressing,
        strongest: 0.9,
        asked_again: 1,
        again_after: Some(43_200),
        answered_after: None,
        usually_after: Some(8_640),
        statements: Vec::new(),
    }
}

fn author(name: &str, pressing: f64) -> AuthorSummary {
    AuthorSummary {
        project: "tarn".into(),
        who: who(name),
        aliases: vec![who("=A()")],
        last: 86_400,
        standing: Standing { messages: 5, work: [1, 0, 2, 0], controls: true, ..Standing::default() },
        pressing,
        answers: 4,
        upkeep: 2,
        signals: Vec::new(),
    }
}

fn written<T: Row>(rows: Vec<T>, format: ListFormat, top: Option<usize>) -> String {
    let mut out = Vec::new();
    let mut list = Listing::new(&mut out, format, top, Style::default()).unwrap();
    rows.into_iter().try_for_each(|row| list.push(row)).unwrap();
    list.finish().unwrap();
    String::from_utf8(out).unwrap()
}

fn csv_row<T: Row>(row: T) -> HashMap<String, String> {
    let text = written(vec![row], ListFormat::Csv, None);
    ::csv::Reader::from_reader(text.as_bytes()).deserialize().next().unwrap().unwrap()
}

#[test]
fn tables_rank_and_say_what_they_left_out() {
    let rows = vec![thread("mild", 0.5), thread("strong", 2.5), thread("absent", 0.0)];
    let text = written(rows, ListFormat::Table, Some(2));
    let at = |word: &str| text.find(word).unwrap_or(usize::MAX);
    assert!(at("strong") < at("mild") && at("absent") == usize::MAX, "{text}");
    assert!(text.contains("the first 2 of 3 threads are shown (--top)"), "{text}");
    assert_eq!(written::<ThreadSummary>(Vec::new(), ListFormat::Table, None), "no threads\n\n");
}

#[test]
fn other_formats_keep_the_order_unless_they_are_cut() {
    let rows = || vec![thread("mild", 0.5), thread("strong", 2.5)];
    let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
    assert!(first(written(rows(), ListFormat::Jsonl, None)).contains("mild"));
    assert!(first(written(rows(), ListFormat::Jsonl, Some(1))).contains("strong"));
}

#[test]
fn hostile_text_stays_text_everywhere() {
    let hostile = "=cmd\x1b[2J";
    let row = csv_row(thread(hostile, 1.0));
    assert_eq!(row["subject"], "'=cmd\\u{1b}[2J");
    for format in [ListFormat::Table, ListFormat::Jsonl, ListFormat::Csv] {
        for text in [
            written(vec![thread(hostile, 1.0)], format, None),
            written(vec![author(hostile, 1.0)], format, None),
        ] {
            assert!(!text.contains('\x1b'), "{text}");
        }
    }
}

#[test]
fn every_column_has_its_value() {
    let row = csv_row(thread("Release", 0.5));
    assert_eq!(
        (row["first"].as_str(), row["asked_again_after_days"].as_str()),
        ("1970-01-01T00:00:00Z", "0.5")
    );
    assert_eq!((row["answered_after_days"].as_str(), row["usually_after_days"].as_str()), ("", "0.1"));
    let row = csv_row(author("Ada Löv", 0.5));
    assert_eq!(
        (row["work"].as_str(), row["patches"].as_str(), row["long_answers"].as_str()),
        ("3", "1", "2")
    );
    assert_eq!((row["controls"].as_str(), row["domain"].as_str()), ("true", "tarn.example"));
    assert_eq!(row["aliases"], "'=A() <ada@tarn.example>");
}

#[test]
fn statements_come_with_their_place() {
    let quote = Quote { part: Part::Body, range: 4..9, text: "no no".into() };
    let statement = Statement::new(Saying::Refusal, "2@tarn.example", 60, who("Ada Löv"), quote);
    let thread = ThreadSummary { statements: vec![statement], ..thread("Release", 0.0) };
    let line: serde_json::Value =
        serde_json::from_str(&written(vec![thread], ListFormat::Jsonl, None)).unwrap();
    let statement = &line["statements"][0];
    assert_eq!((statement["saying"].as_str(), statement["start"].as_u64()), (Some("refusal"), Some(4)));
    assert_eq!(statement["date"], "1970-01-01T00:01:00Z");
}
