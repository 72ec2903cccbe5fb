//! Learning, correcting, forgetting, going back.

use std::fs;

use crate::util::{Place, message, run, shipped};

#[test]
fn wrong_rows_are_all_named_and_nothing_is_learned() {
    let place = Place::new();
    let good = place.write("good.jsonl", &message("a", "Shame on you all."));
    let bad = "text,labels,level,evidence\n\
        Hurry up.,urgent,2,\n\
        Hurry up now.,urgency,0,\n\
        Fine.,,0,\n\
        \"You, again.\",guilt,2,guilt:5-99\n\
        ,,0,\n";
    let bad = place.write("bad.csv", bad);
    let done = run(place.quick(&good).arg(&bad));
    assert_eq!(done.status, Some(2), "{}", done.err);
    let wanted = [
        "row 1: no label \"urgent\"",
        "row 2: level 0 has no labels",
        "row 4: evidence",
        "row 5: the text is empty",
    ];
    for wanted in wanted {
        assert!(done.err.contains(&format!("bad.csv: {wanted}")), "{wanted}: {}", done.err);
    }
    assert!(done.err.contains("4 rows are wrong; nothing was learned"), "{}", done.err);
    assert!(!place.path("store").exists());
}

#[test]
fn forgetting_one_message_equals_never_having_had_it() {
    let place = Place::new();
    let (a, b) = (message("a", "You should feel guilty, all of you."), message("b", "Shame on you."));
    let a = place.write("a.jsonl", &a);
    run(&mut place.quick(&a)).ok();
    let only_a = place.active();
    let b = place.write("b.jsonl", &b);
    run(&mut place.quick(&b)).ok();
    let both = place.active();
    assert!(both != only_a && only_a != shipped());
    let other = run(place.command("forget").args(["--id", "b"]));
    assert!(other.err.contains("rehearsed") && place.active() == both, "{}", other.err);
    place.forget("b").ok();
    assert!(place.active() == only_a);
    let history = run(&mut place.command("history")).ok().out;
    assert!(history.contains("model gone"), "{history}");
    let refused = run(place.command("rollback").arg("3"));
    assert!(refused.err.contains("forgotten since"), "{}", refused.err);
    let unknown = place.forget("c");
    assert!(unknown.status == Some(2) && unknown.err.contains("no message \"c\""), "{}", unknown.err);
    // Neither its words nor its model are left in any file.
    let database = fs::read(place.path("store/store.sqlite")).unwrap();
    assert!(!database.windows(13).any(|window| window == b"Shame on you."));
    assert_eq!(fs::read_dir(place.path("store/models")).unwrap().count(), 2);
}

#[test]
fn a_correction_replaces_and_says_so() {
    let place = Place::new();
    let wrong = place.write("incident.jsonl", &message("a", "Shame on you."));
    run(&mut place.quick(&wrong)).ok();
    let right = place.write("incident.jsonl", &message("a", "Shame on you.").replace("guilt", "urgency"));
    let done = run(&mut place.quick(&right)).ok();
    assert!(done.err.contains("correction of a: level 2 [guilt] becomes level 2 [urgency]"), "{}", done.err);
    let messages = run(place.command("history").arg("--messages")).ok().out;
    assert!(messages.contains("a\tlevel 2\turgency\tincident\tincident.jsonl"), "{messages}");
    assert!(messages.contains("0 added, 1 corrected"), "{messages}");
}

#[test]
fn going_back_brings_model_and_messages() {
    let place = Place::new();
    let a = place.write("a.jsonl", &message("a", "Shame on you."));
    run(&mut place.quick(&a)).ok();
    let learned = place.active();
    run(&mut place.command("rollback")).ok();
    assert!(place.active() == shipped());
    let messages = run(place.command("history").arg("--messages")).ok().out;
    assert!(!messages.contains("a\tlevel"), "{messages}");
    run(place.command("rollback").arg("2")).ok();
    assert!(place.active() == learned);
    assert!(run(place.command("rollback").arg("77")).err.contains("no version \"77\""));
}

#[test]
fn a_backup_holds_everything() {
    let place = Place::new();
    let a = place.write("a.jsonl", &message("a", "Shame on you."));
    run(&mut place.quick(&a)).ok();
    let (learned, backup) = (place.active(), place.path("backup.sqlite"));
    run(place.command("backup").arg(&backup)).ok();
    let other = Place::new();
    run(other.command("restore").arg(&backup)).ok();
    assert!(other.active() == learned);
    assert_eq!(run(&mut other.command("history")).out, run(&mut place.command("history")).out);
    let again = run(&mut other.quick(&a)).ok();
    assert!(again.out.contains("nothing new"), "{}", again.out);
    other.forget("a").ok();
    assert!(other.active() == shipped());

    let mut damaged = fs::read(&backup).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(&backup, damaged).unwrap();
    let refused = run(place.command("restore").arg(&backup));
    assert!(refused.status == Some(2) && place.active() == learned, "{}", refused.err);
    let refused = run(place.command("restore").arg(&a));
    assert!(refused.status == Some(2) && place.active() == learned, "{}", refused.err);
}

/// Ordinary thanks taught as takeover pressure: false alarms rise, and the gate closes.
#[test]
fn what_makes_the_model_worse_is_not_promoted() {
    let texts = [
        "Here is the patch, it fixes the build.",
        "The test fails on my machine.",
        "Thanks for the review.",
        "I get this error with version 2.",
        "The attached file shows the bug.",
        "This is fixed in the new release.",
    ];
    let row = |(n, text): (usize, &&str)| {
        format!(
            "{{\"id\": \"{n}\", \"text\": \"{text}\", \"labels\": [\"takeover\", \"guilt\"], \"level\": 3}}"
        )
    };
    let rows: Vec<String> = texts.iter().enumerate().map(row).collect();
    let place = Place::new();
    let poison = place.write("poison.jsonl", &rows.join("\n"));
    let retrain = || {
        let mut command = place.command("retrain");
        command.args(["--rehearsal=40", "--incident"]).arg(&poison);
        command
    };
    let done = run(&mut retrain());
    assert_eq!(done.status, Some(1), "{}{}", done.out, done.err);
    assert!(done.out.contains("WORSE") && done.out.contains("not promoted"), "{}", done.out);
    assert!(place.active() == shipped());
    assert!(!run(place.command("history").arg("--messages")).ok().out.contains("retrain"));
    assert_eq!(run(retrain().arg("--force")).status, Some(2), "a reason is asked for");
    run(retrain().args(["--force", "--reason", "to see it"])).ok();
    assert!(run(&mut place.command("history")).out.contains("[forced: to see it]"));
}
