//! Label files from the command line: proposed, refused, merged.
#![allow(clippy::unwrap_used)]

// Only part of what the other tests use.
#[allow(dead_code)]
mod util;

use std::collections::BTreeMap;

use undue::labels::{FileFormat, LabelRow, Review, read};
use util::Dir;

fn label(dir: &Dir, args: &[&str]) -> String {
    dir.undue(&[&["label", "--model", "model.undue"], args].concat()).stdout()
}

fn rows(text: &str) -> Vec<LabelRow> {
    read(text).unwrap().rows
}

fn ids(text: &str) -> String {
    rows(text).iter().map(|row| row.id.replace("@tarn.example", "")).collect()
}

/// The documented columns, declared again.
#[test]
fn rows_are_as_documented() {
    let text = label(&Dir::new(), &["list.mbox"]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns: Vec<_> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(columns, ["source", "id", "labels", "level", "evidence", "proposed_by", "reviewed", "note"]);
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let strongest = &rows[1];
    assert_eq!((strongest["source"].as_str(), strongest["labels"].as_str()), ("list.mbox", "takeover"));
    // The test's model knows no tactic beside a handover, and the codebook no level 3 without one.
    assert_eq!((strongest["level"].as_str(), strongest["note"].as_str()), ("1", "the model says level 3"));
    let body =
        "> The build fails there\nThen it is time for a handover of the project. The tests pass here.\n";
    let (start, end) = strongest["evidence"].strip_prefix("takeover:").unwrap().split_once('-').unwrap();
    let words = &body[start.parse::<usize>().unwrap()..end.parse().unwrap()];
    assert!(words.contains("handover"), "{words}");
    assert!(strongest["proposed_by"].starts_with("test-model@") && strongest["proposed_by"].len() == 75);
    assert!(rows.iter().all(|row| row["reviewed"].is_empty()));
}

#[test]
fn the_most_pressing_thread_comes_first() {
    let dir = Dir::new();
    let quiet = util::mail("0", "Subject: Thanks\nDate: x", "Thanks.");
    dir.write("all.mbox", quiet + util::LIST);
    assert_eq!(ids(&label(&dir, &["all.mbox"])), "abcd0");
    assert_eq!(ids(&label(&dir, &["--limit", "3", "all.mbox"])), "abc");
    assert_eq!(ids(&label(&dir, &["--min-level", "1", "all.mbox"])), "bc");
    let uncertain = label(&dir, &["--uncertain", "all.mbox"]);
    assert_eq!(rows(&uncertain).len(), 5);
    assert_eq!(rows(&label(&dir, &["--uncertain", "--limit", "2", "all.mbox"])), rows(&uncertain)[..2]);
    assert_eq!(label(&dir, &["--threads", "1", "all.mbox"]), label(&dir, &["--threads", "3", "all.mbox"]));
}

#[test]
fn the_ending_decides_the_format_and_reviews_are_not_overwritten() {
    let dir = Dir::new();
    let run = |status| {
        let args = ["label", "--model", "model.undue", "--output", "labels.jsonl", "list.mbox"];
        dir.undue(&args).exits(status)
    };
    assert!(run(0).stderr.contains("4 rows to review"));
    let mut file = read(&dir.read("labels.jsonl")).unwrap();
    assert_eq!((file.format, file.rows.len()), (FileFormat::Jsonl, 4));
    run(0);
    file.rows[2].reviewed = Review::parse("Ada");
    let mut bytes = Vec::new();
    undue::labels::write(&mut bytes, FileFormat::Jsonl, &file.rows).unwrap();
    dir.write("labels.jsonl", &bytes);
    assert!(run(2).stderr.contains("labels.jsonl has 1 reviewed rows; name another file"));
    assert_eq!(dir.read("labels.jsonl").as_bytes(), bytes);
}

#[test]
fn messages_that_share_an_id_are_counted() {
    let dir = Dir::new();
    dir.write("twice.mbox", util::LIST.repeat(2));
    let ran = dir.undue(&["label", "--model", "model.undue", "twice.mbox"]).exits(0);
    assert_eq!(rows(&ran.stdout).len(), 4);
    assert!(
        ran.stderr.contains("4 messages repeat the id of an earlier one and have no row"),
        "{}",
        ran.stderr
    );
}

/// Every message of the samples has a row that learning would take, with evidence in its text.
#[test]
fn the_samples_are_labelled() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/samples/");
    let (list, issues) = (format!("{samples}lanternfs-devel.mbox"), format!("{samples}glyphbox-issues"));
    let dir = Dir::new();
    let rows = rows(&dir.undue(&["label", &list, &issues]).stdout());
    let expected = std::fs::read_to_string(format!("{samples}expected.jsonl")).unwrap();
    assert_eq!(rows.len(), expected.lines().count());
    assert!(rows.iter().all(|row| expected.contains(&row.id)));
    for row in &rows {
        let judgement = &row.judgement;
        assert_eq!(undue::labels::contradiction(judgement.level, &judgement.labels), None, "{}", row.id);
    }
    // The strongest thread of the list is one in which the expected file has a level 3.
    let first = expected.lines().find(|line| line.contains(&rows[0].id)).unwrap();
    assert!(first.contains("lanternfs") || first.contains("glyphbox"), "{first}");
    assert!(rows.iter().filter(|row| !row.evidence.is_empty()).count() >= 10);
}

#[test]
fn a_review_needs_a_terminal_and_its_texts() {
    let dir = Dir::new();
    dir.write("labels.csv", label(&dir, &["list.mbox"]));
    dir.write("other.mbox", util::mail("0", "Subject: Thanks", "Thanks."));
    let review = |labels: &str, source: &str| {
        let args = ["review", labels, "--model", "model.undue", "--reviewer", "Ada", "--source", source];
        dir.undue(&args).exits(2).stderr
    };
    assert!(review("labels.csv", "list.mbox").contains("a review needs a terminal"));
    assert!(review("labels.csv", "other.mbox").contains("none of the 4 messages is in the archives"));
    dir.write("bad.csv", "source,id,labels,level,evidence\nl,a,rude,2,\nl,b,,7,\n");
    let told = review("bad.csv", "list.mbox");
    assert!(told.contains("bad.csv: row 1: no label \"rude\""), "{told}");
    assert!(told.contains("bad.csv: row 2: no level 7"), "{told}");
    assert!(told.contains("bad.csv is no sound label file"), "{told}");
}

#[test]
fn two_reviewers_are_compared_and_merged() {
    let dir = Dir::new();
    let file = |who: &str, rows: [&str; 4]| {
        let rows: String = (0..).zip(rows).map(|(n, row)| format!("l,m{n},{row},,{who},\n")).collect();
        format!("source,id,labels,level,evidence,reviewed,note\n{rows}")
    };
    dir.write("ada.csv", file("Ada", ["guilt,2", "guilt,2", ",0", ",0"]));
    dir.write("bo.csv", file("Bo", ["guilt,2", ",1", ",0", ",0"]));
    let stdout = dir.undue(&["labels", "merge", "ada.csv", "bo.csv", "--output", "both.csv"]).stdout();
    assert!(stdout.starts_with("4 messages judged by both, 3 alike in level and labels\n"), "{stdout}");
    // Observed 3/4; expected (2·1 + 2·3)/16 = 1/2; so kappa is 1/2.
    assert!(stdout.contains("\nguilt                   2       1       1  0.50 "), "{stdout}");
    assert!(
        stdout.contains("1 disagreements\nl  m1\n    first:  level 2 [guilt]\n    second: level 1 []\n"),
        "{stdout}"
    );
    let merged = rows(&dir.read("both.csv"));
    let open: Vec<_> =
        merged.iter().filter(|row| row.reviewed.is_none()).map(|row| row.id.as_str()).collect();
    assert_eq!((merged.len(), open), (4, vec!["m1"]));
}
