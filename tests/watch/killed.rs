//! Runs that are killed at any moment lose nothing and tell nothing twice.

use std::{collections::BTreeMap, process::Stdio, thread, time::Duration};

use crate::watched::{Watched, press, talk};

/// Mails of one list: those without one belong to the file that they stand in, which changes its name here.
fn of_list(mail: String) -> String {
    mail.replace("Subject: x", "List-Id: <tarn.tarn.example>\nSubject: x")
}

/// A sequence that is the same on every run of the test (Knuth's MMIX generator).
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Starts a run and kills it after so many microseconds; true if it had ended by itself.
fn killed_after(watched: &Watched, micros: u64, more: &[&str]) -> bool {
    let mut undue = watched.0.undue(&watched.args(more));
    let command = undue.command().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    thread::sleep(Duration::from_micros(micros));
    let ended = child.try_wait().unwrap().is_some();
    // SIGKILL on Unix.
    child.kill().unwrap();
    child.wait().unwrap();
    ended
}

/// How often each message was reported in the file.
fn reported(watched: &Watched) -> BTreeMap<String, u32> {
    let mut all = BTreeMap::new();
    for line in watched.0.read("news").lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("lines are whole");
        if line["report"] == "message" {
            *all.entry(line["id"].as_str().unwrap().replace("@tarn.example", "")).or_default() += 1;
        }
    }
    all
}

/// Adds a message, kills a run, and so on; what stands in the file at the end is everything, once.
fn soak(rounds: u64) {
    let watched = Watched::new();
    watched.write("a/list.mbox", of_list(talk("first")));
    let mut sequence = Sequence(42);
    let (mut ended, mut longest) = (0, 60_000);
    for round in 0..rounds {
        let new = press(&round.to_string()) + &talk(&format!("t{round}"));
        watched.append("a/list.mbox", of_list(new));
        if round % 20 == 19 {
            // The archive is rotated, and once in a while an old one is read under another name.
            watched.rename("a/list.mbox", &format!("a/list.mbox.{round}"));
            watched.write("a/list.mbox", of_list(talk(&format!("r{round}"))));
        }
        let by_itself = killed_after(&watched, sequence.below(longest), &["--output", "news"]);
        ended += u64::from(by_itself);
        // As many are to be killed as are to end, on a machine of any speed.
        longest = if by_itself { longest * 9 / 10 + 1000 } else { longest * 11 / 10 };
    }
    assert!(ended > rounds / 10 && ended < rounds * 9 / 10, "{ended} of {rounds} runs ended by themselves");
    watched.run_with(&["--output", "news"]);
    let wanted: BTreeMap<String, u32> = (0..rounds).map(|round| (round.to_string(), 1)).collect();
    assert_eq!(reported(&watched), wanted);
    // The state is that of one run over everything.
    let all = watched.all(&[]);
    let known = watched.run().known;
    let fresh = watched.run_with(&["--state", "fresh.sqlite", "--baseline"]);
    assert_eq!((fresh.known, fresh.new), (known, known));
    assert_eq!(watched.all(&["--state", "fresh.sqlite"]), all);
}

#[test]
fn two_hundred_times() {
    soak(200);
}

#[test]
#[ignore = "some minutes"]
fn a_thousand_times() {
    soak(1000);
}

#[test]
fn a_long_first_run_goes_on_where_it_was_killed() {
    let watched = Watched::new();
    let count = 9000;
    let mail = |i: u64| if i.is_multiple_of(900) { press(&i.to_string()) } else { talk(&i.to_string()) };
    watched.write("a/list.mbox", (0..count).map(mail).collect::<String>());
    let mut sequence = Sequence(7);
    let mut killed = 0;
    while !killed_after(&watched, 200_000 + sequence.below(900_000), &["--output", "news"]) {
        killed += 1;
        assert!(killed < 200, "it gets nowhere");
    }
    let last = watched.run_with(&["--output", "news"]);
    assert_eq!(last.known, count);
    let wanted: BTreeMap<String, u32> = (0..count).step_by(900).map(|i| (i.to_string(), 1)).collect();
    assert_eq!(reported(&watched), wanted);
}
