//! The state after many runs is that of one full run.

use std::fs;

use crate::watched::Watched;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/samples/lanternfs-devel.mbox");
const ISSUES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/samples/glyphbox-issues");

/// The mails of the sample.
fn mails() -> Vec<String> {
    let text = fs::read_to_string(SAMPLE).unwrap();
    let starts: Vec<usize> = text
        .match_indices("From ")
        .map(|(at, _)| at)
        .filter(|at| *at == 0 || text[..*at].ends_with("\n\n"))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| text[*start..end].to_owned()).collect()
}

fn watch(watched: &Watched, more: &[&str]) -> String {
    let fixed = ["watch", "--state", "s.sqlite", "--format", "jsonl", "-q", "--min-probability", "0.001"];
    watched.0.undue(&[&fixed, more, &["a"]].concat()).exits(0).stdout
}

fn full(watched: &Watched) -> String {
    let args = ["campaigns", "--format", "jsonl", "-q", "--min-probability", "0.001", "a"];
    watched.0.undue(&args).exits(0).stdout
}

#[test]
fn of_an_archive_that_grows() {
    let watched = Watched::new();
    let mails = mails();
    assert_eq!(mails.len(), 76);
    let mut told = String::new();
    for part in mails.chunks(7) {
        watched.append("a/list.mbox", part.concat());
        told += &watch(&watched, &[]);
        assert_eq!(watch(&watched, &["--all"]), full(&watched));
    }
    assert!(full(&watched).lines().count() > 0);
    let campaigns = told.lines().filter(|line| line.contains("\"report\":\"campaign\"")).count();
    assert!(campaigns > 1, "it was told as it grew: {told}");
    assert_eq!(watch(&watched, &[]), "");
}

#[test]
fn a_campaign_is_told_as_it_grows_and_each_message_of_it_once() {
    let watched = Watched::new();
    let run = |more: &[&str]| {
        let fixed = ["watch", "--state", "s.sqlite", "--format", "jsonl", "-q", "--min-level", "3"];
        watched.0.undue(&[&fixed, more, &["a"]].concat()).exits(0).stdout
    };
    let mut told: Vec<serde_json::Value> = Vec::new();
    for mail in mails() {
        watched.append("a/list.mbox", mail);
        let text = run(&[]);
        let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        told.extend(lines.filter(|line| line["report"] == "campaign"));
    }
    assert!(told.len() > 2, "{told:?}");
    let list = |value: &serde_json::Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    let new: Vec<bool> = told.iter().map(|line| line["change"]["new"].as_bool().unwrap()).collect();
    assert!(new[0] && new[1..].iter().all(|new| !new), "one campaign, new once: {new:?}");
    for (line, before) in told.iter().skip(1).zip(&told) {
        assert_eq!(line["change"]["probability_before"], before["probability"]);
    }
    let mut messages: Vec<String> = told.iter().flat_map(|line| list(&line["change"]["messages"])).collect();
    let count = messages.len();
    messages.sort();
    messages.dedup();
    assert_eq!(messages.len(), count, "none is told twice");
    let all: serde_json::Value = serde_json::from_str(run(&["--all"]).trim()).unwrap();
    let of_all: Vec<String> =
        all["messages"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
    assert!(of_all.iter().all(|id| messages.contains(id)), "none is left out");
    let actors: Vec<String> = told.iter().flat_map(|line| list(&line["change"]["actors"])).collect();
    assert!(
        all["actors"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| actors.contains(&it["name"].as_str().unwrap().to_owned()))
    );
}

#[test]
fn of_two_archives_that_grow_in_turns_and_share_messages() {
    let watched = Watched::new();
    for (i, part) in mails().chunks(9).enumerate() {
        watched.append(if i % 2 == 0 { "a/even.mbox" } else { "a/odd.mbox" }, part.concat());
        if i % 3 == 0 {
            // A copy in the other one, and one in the same.
            watched.append("a/odd.mbox", &part[0]);
            watched.append("a/even.mbox", &part[1]);
        }
        watch(&watched, &[]);
        assert_eq!(watch(&watched, &["--all"]), full(&watched), "{i}");
    }
}

#[test]
fn of_a_folder_of_issues_that_come_and_change() {
    let watched = Watched::new();
    let mut names: Vec<_> = fs::read_dir(ISSUES).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names.rotate_left(5);
    for path in names {
        let name = format!("a/{}", path.file_name().unwrap().to_str().unwrap());
        let text = fs::read_to_string(path).unwrap();
        watched.write(&name, text.replace("\"body\": \"", "\"body\": \"Before it was edited. "));
        watch(&watched, &[]);
        watched.write(&name, text);
        watch(&watched, &[]);
    }
    assert_eq!(watch(&watched, &["--all"]), full(&watched));
}

#[test]
fn of_a_maildir() {
    let watched = Watched::new();
    for folder in ["cur", "new", "tmp"] {
        fs::create_dir_all(watched.0.path().join("a").join(folder)).unwrap();
    }
    // Mails come in an order that is not that of their names, and some have been seen.
    for (i, mail) in mails().iter().enumerate() {
        let (name, text) = ((i * 37) % 76, mail.split_once('\n').unwrap().1);
        watched.write(&format!("a/new/{name}.x"), text);
        if i % 10 == 9 {
            watch(&watched, &[]);
            watched.rename(&format!("a/new/{name}.x"), &format!("a/cur/{name}.x:2,S"));
        }
    }
    watch(&watched, &[]);
    assert_eq!(watch(&watched, &["--all"]), full(&watched));
}

#[test]
fn after_a_rescan() {
    let watched = Watched::new();
    watched.append("a/list.mbox", mails().concat());
    let first = watch(&watched, &[]);
    assert!(!first.is_empty());
    assert_eq!(watch(&watched, &["--rescan"]), "", "nothing is told twice");
    assert_eq!(watch(&watched, &["--all"]), full(&watched));
}
