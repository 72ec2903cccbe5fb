//! The file between runs: who may use it, and with what.

use std::{fs, process::Stdio};

use crate::watched::{Watched, ids, press, talk};

#[test]
fn another_model_is_refused_until_everything_is_read_again() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a") + &press("b"));
    watched.run();
    let args = ["watch", "--state", "s.sqlite", "--format", "jsonl", "--min-level", "0", "a"];
    let ran = watched.0.undue(&args).exits(2);
    assert!(ran.stderr.contains("another model") && ran.stderr.contains("--rescan"), "{}", ran.stderr);
    watched.append("a/list.mbox", press("c"));
    let ran = watched.0.undue(&[&args[..], &["--rescan"]].concat()).exits(0);
    assert_eq!(ids(&ran.stdout), "c", "known messages are not told again");
    assert!(
        ran.stderr.contains("3 messages read") && ran.stderr.contains("1 of them new; 3 known"),
        "{}",
        ran.stderr
    );
    watched.0.undue(&args).exits(0);
}

#[test]
fn messages_that_a_rescan_does_not_find_do_not_mix_with_the_others() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a") + &press("b"));
    watched.run();
    watched.write("a/list.mbox", press("b"));
    let ran = watched.exits(0, &["--rescan"]);
    assert!(ran.stderr.contains("0 of them new; 1 known"), "{}", ran.stderr);
    assert!(ran.stderr.contains("not in these archives and not counted: 1 messages"), "{}", ran.stderr);
}

#[test]
fn other_versions_and_other_databases_are_left_alone() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a"));
    watched.run();
    let path = watched.0.path().join("s.sqlite");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let before = fs::read(&path).unwrap();
    let ran = watched.exits(2, &[]);
    assert!(ran.stderr.contains("version 99"), "{}", ran.stderr);
    assert!(fs::read(&path).unwrap() == before);

    let db = rusqlite::Connection::open(watched.0.path().join("other.sqlite")).unwrap();
    db.execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    drop(db);
    watched.write("text.sqlite", "this is no database, whatever it is called, and long enough to see that");
    for (name, said) in [("other.sqlite", "some other program"), ("text.sqlite", "not a database")] {
        let ran = watched.0.undue(&["watch", "--model", "model.undue", "--state", name, "a"]).exits(2);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[test]
#[cfg(unix)]
fn nobody_else_may_read_the_state() {
    use std::os::unix::fs::PermissionsExt;
    let watched = Watched::new();
    watched.write("a/list.mbox", press("b"));
    watched.run_with(&["--output", "news"]);
    for name in ["s.sqlite", "s.sqlite.lock", "news"] {
        let mode = fs::metadata(watched.0.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn no_text_of_a_message_is_kept_but_the_words_that_press() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a").replace("The build", "Marmalade") + &press("b"));
    watched.run();
    let state = fs::read(watched.0.path().join("s.sqlite")).unwrap();
    let holds = |text: &str| state.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(!holds("Marmalade") && holds("ada@tarn.example"));
}

#[test]
fn runs_at_once_take_turns_and_tell_everything_once() {
    let watched = Watched::new();
    let all: String =
        (0..300).map(|i| if i % 10 == 0 { press(&i.to_string()) } else { talk(&i.to_string()) }).collect();
    watched.write("a/list.mbox", all);
    let mut children = Vec::new();
    for _ in 0..6 {
        let mut undue = watched.0.undue(&watched.args(&[]));
        let command = undue.command().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        children.push(command.spawn().unwrap());
    }
    let mut reported = String::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        reported += std::str::from_utf8(&output.stdout).unwrap();
    }
    let wanted: String = {
        let mut ids: Vec<String> = (0..300).step_by(10).map(|i| i.to_string()).collect();
        ids.sort();
        ids.concat()
    };
    assert_eq!(ids(&reported), wanted);
    assert_eq!(watched.run().known, 300);
}

#[test]
fn a_run_that_has_to_wait_says_so() {
    let watched = Watched::new();
    watched.write("a/list.mbox", press("b"));
    let lock = fs::File::create(watched.0.path().join("s.sqlite.lock")).unwrap();
    lock.lock().unwrap();
    let mut undue = watched.0.undue(&watched.args(&[]));
    let mut child =
        undue.command().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    std::io::BufRead::read_line(&mut stderr, &mut line).unwrap();
    assert!(line.contains("in use by another undue watch; waiting"), "{line}");
    drop(lock);
    let output = child.wait_with_output().unwrap();
    assert_eq!(ids(std::str::from_utf8(&output.stdout).unwrap()), "b");
}
