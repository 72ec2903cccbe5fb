//! `undue report` from end to end.

#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod util;

use util::{Dir, LIST, mail};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/samples/lanternfs-devel.mbox");

/// `undue report` with the test's model.
fn report(dir: &Dir, args: &[&str]) -> util::Undue {
    dir.undue(&[&["report", "--model", "model.undue"], args].concat())
}

#[test]
fn the_page_appears_whole_and_says_what_was_read() {
    let dir = Dir::new();
    let ran = report(&dir, &["--output", "report.html", "list.mbox"]).exits(0);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("4 messages read, 2 threads"), "{}", ran.stderr);
    let page = dir.read("report.html");
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">") && page.ends_with("</html>"), "{page}");
    assert!(
        page.contains(
            "Of 4 messages in 2 threads of 1 list or repository, dated 2024-01 to 2024-03, 2 press"
        )
    );
    assert!(page.contains("<mark>") && page.contains("handover"), "{page}");
    assert!(page.contains("test-model"), "{page}");
}

#[test]
fn standard_output_gets_the_page_too() {
    let dir = Dir::new();
    let piped = report(&dir, &["-q", "-"]).stdin(LIST).exits(0);
    assert!(piped.stderr.is_empty(), "{}", piped.stderr);
    assert!(piped.stdout.contains("2 press (level 2 or 3)"), "{}", piped.stdout);
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let dir = Dir::new();
    let run = |threads: &str| dir.undue(&["report", "-q", "--threads", threads, SAMPLE]).stdout();
    assert_eq!(run("1"), run("4"));
}

#[test]
fn markdown_mentions_nobody() {
    let dir = Dir::new();
    dir.write(
        "evil.mbox",
        mail("e", "Subject: @maintainers <img src=x>\nDate: x", "Time for a handover, @everybody."),
    );
    let text = report(&dir, &["-q", "--format", "markdown", "list.mbox", "evil.mbox"]).stdout();
    assert!(text.starts_with("# Pressure on maintainers\n"), "{text}");
    assert!(text.contains("| 3 | "), "{text}");
    assert!(text.contains("`b@tarn.example`"), "{text}");
    let outside: String = text.split('`').step_by(2).collect();
    assert!(!outside.contains('@') && !outside.contains("<img"), "{outside}");
}

#[test]
fn what_could_not_be_read_is_said_on_the_page() {
    let dir = Dir::new();
    let ran = report(&dir, &["list.mbox", "missing.mbox"]).exits(2);
    assert!(ran.stdout.contains("not the whole picture"), "{}", ran.stdout);
    assert!(ran.stderr.contains("missing.mbox"), "{}", ran.stderr);
}

#[test]
fn arguments_out_of_range_are_refused() {
    let dir = Dir::new();
    for args in
        [["--top-actors", "0"], ["--top-messages", "1001"], ["--min-probability", "2"], ["--format", "pdf"]]
    {
        report(&dir, &[&args[..], &["list.mbox"]].concat()).exits(2);
    }
}

#[test]
fn less_probable_campaigns_are_shown_on_demand() {
    let dir = Dir::new();
    let count = |least: &str| {
        let page = dir.undue(&["report", "-q", "--min-probability", least, SAMPLE]).stdout();
        page.matches("<h3 id=\"c").count()
    };
    assert!(count("0.01") >= count("0.5"));
}
