//! `undue bench` from end to end. No test looks at how long anything took.

#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod util;

use util::{Dir, LIST};

fn rows(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn stages_are_rows_in_the_order_of_the_work() {
    let dir = Dir::new();
    let text = dir.undue(&["bench", "--repeat", "2", "--format", "jsonl", "list.mbox"]).stdout();
    let rows = rows(&text);
    let stages: Vec<_> = rows.iter().map(|row| row["stage"].as_str().unwrap()).collect();
    assert_eq!(stages, ["read", "parse", "own-words", "score", "thread", "write", "total", "context"]);
    let messages = LIST.matches("\nMessage-ID: ").count() as u64;
    assert!(messages > 0 && rows.iter().all(|row| row["messages"].as_u64() == Some(messages)), "{text}");
    assert!(rows.iter().all(|row| row["runs"] == 2 && row["errors"] == 0), "{text}");
    assert!(rows[..7].iter().all(|row| row["share"].as_f64().is_some()) && rows[7]["share"].is_null());
    let score = dir.undue(&["score", "--format", "jsonl", "list.mbox"]).stdout();
    assert_eq!(rows[0]["written_bytes"].as_u64(), Some(score.len() as u64));
}

#[test]
fn a_table_is_for_people_and_names_pipelines() {
    let dir = Dir::new();
    let text = dir.undue(&["bench", "--repeat", "1", "--threads", "2", "list.mbox"]).stdout();
    for part in ["STAGE", "own-words", "total", "context", "pipeline-1", "pipeline-2", "median of 1"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn standard_input_is_read_once_or_refused() {
    let dir = Dir::new();
    let once = dir.undue(&["bench", "--repeat", "1", "--format", "jsonl", "-"]).stdin(LIST).stdout();
    assert_eq!(rows(&once).len(), 8);
    let refused = dir.undue(&["bench", "-"]).stdin(LIST).exits(2);
    assert!(refused.stderr.contains("--repeat 1"), "{}", refused.stderr);
}

#[test]
fn what_cannot_be_read_is_told_once_and_in_the_status() {
    let dir = Dir::new();
    let ran = dir.undue(&["bench", "--repeat", "2", "list.mbox", "missing.mbox"]).exits(2);
    assert_eq!(ran.stderr.matches("missing.mbox").count(), 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("total"));
}
