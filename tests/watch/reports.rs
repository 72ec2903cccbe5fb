//! What is reported, and where it goes.

use crate::watched::{Watched, ids, press, talk};

#[test]
fn nothing_new_prints_nothing_for_cron_to_mail() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a"));
    for format in ["table", "jsonl"] {
        let args = ["watch", "--model", "model.undue", "--state", "s", "-q", "--format", format, "a"];
        let ran = watched.0.undue(&args).exits(0);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    }
}

#[test]
fn the_level_says_what_is_reported_and_how_it_ends() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a") + &press("b"));
    let ran = watched.exits(1, &["--min-level", "0", "--fail-on", "3"]);
    assert_eq!(ids(&ran.stdout), "ab");
    watched.exits(0, &["--fail-on", "3"]);
    watched.append("a/list.mbox", talk("c"));
    watched.exits(0, &["--fail-on", "3"]);
}

#[test]
fn a_table_is_for_people() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a") + &press("b"));
    let args = ["watch", "--model", "model.undue", "--state", "s", "a"];
    let ran = watched.0.undue(&args).exits(0);
    assert!(ran.stdout.starts_with("LEVEL  SCORE"), "{}", ran.stdout);
    assert!(ran.stdout.contains("handover") && !ran.stdout.contains("build"), "{}", ran.stdout);
    assert!(ran.stderr.contains("2 messages read"), "{}", ran.stderr);
}

#[test]
fn a_baseline_is_known_and_not_told() {
    for flag in ["--baseline", "--quiet-first"] {
        let watched = Watched::new();
        watched.write("a/list.mbox", talk("a") + &press("b"));
        let first = watched.run_with(&[flag]);
        assert_eq!((first.ids.as_str(), first.new), ("", 2));
        watched.append("a/list.mbox", press("c"));
        let second = if flag == "--baseline" { watched.run() } else { watched.run_with(&[flag]) };
        assert_eq!(second.ids, "c", "{flag}");
    }
}

#[test]
fn reports_are_added_to_a_file_and_can_be_seen_again() {
    let watched = Watched::new();
    assert!(watched.exits(0, &["--repeat"]).stderr.contains("nothing was reported yet"));
    watched.write("a/list.mbox", press("b"));
    assert_eq!(watched.run_with(&["--output", "news"]).ids, "");
    watched.append("a/list.mbox", press("c"));
    watched.run_with(&["--output", "news"]);
    watched.run_with(&["--output", "news"]);
    assert_eq!(ids(&watched.0.read("news")), "bc");
    assert_eq!(ids(&watched.exits(0, &["--repeat"]).stdout), "c");
}

#[test]
#[cfg(target_os = "linux")]
fn what_could_not_be_written_is_not_lost() {
    let watched = Watched::new();
    watched.write("a/list.mbox", press("b"));
    let mut undue = watched.0.undue(&watched.args(&[]));
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let status = undue.command().stdout(full).stderr(std::process::Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(2));
    let next = watched.run();
    assert_eq!(next.ids, "", "it may have been seen");
    assert!(next.stderr.contains("--repeat writes it again"), "{}", next.stderr);
    assert_eq!(ids(&watched.exits(0, &["--repeat"]).stdout), "b");
    assert!(!watched.run().stderr.contains("--repeat"));
}

#[test]
fn hostile_text_stays_text() {
    let watched = Watched::new();
    watched.write("a/list.mbox", press("b").replace("Subject: x", "Subject: \x1b]0;x\x07 \u{202e}"));
    for format in ["table", "jsonl"] {
        let ran =
            watched.0.undue(&["watch", "--model", "model.undue", "--state", format, "--format", format, "a"]);
        let stdout = ran.exits(0).stdout;
        assert!(stdout.contains("handover") && !stdout.contains(['\x1b', '\x07', '\u{202e}']), "{stdout:?}");
    }
}
