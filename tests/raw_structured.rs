//! Counts on real archives: everything that an independent reader finds is found, and nothing else.
//!
//! The archives are not part of the project. `UNDUE_CORPORA` names the folder that holds them; without it, these
//! tests say so and check nothing.
#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, HashMap},
    env, fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::Command,
};

use flate2::read::MultiGzDecoder;
use serde_json::Value;
use undue::{
    Error, Message, Problem,
    source::{Format, Input, Options, open, total_bytes},
};

/// The folder of corpora, or a loud word that it is not there.
fn corpora() -> Option<PathBuf> {
    let folder = env::var_os("UNDUE_CORPORA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("SKIPPED: UNDUE_CORPORA is not set, so that no real archive is read");
    }
    folder
}

fn raw(name: &str) -> Option<PathBuf> {
    Some(corpora()?.parent().unwrap().join("raw").join(name))
}

/// What was read of one input.
#[derive(Default)]
struct Outcome {
    messages: Vec<Message>,
    records: usize,
    errors: Vec<Error>,
}

fn read(input: Input) -> Outcome {
    let total = total_bytes(std::slice::from_ref(&input));
    let mut read = Outcome::default();
    let mut records = open(&[input], &Options::default());
    let consumed = records.consumed();
    for record in &mut records {
        match record {
            Ok(record) => {
                read.records += 1;
                for message in record.decode() {
                    message.map_or_else(|err| read.errors.push(err), |message| read.messages.push(message));
                }
            }
            Err(err) => read.errors.push(err),
        }
    }
    assert_eq!(
        Some(consumed.load(std::sync::atomic::Ordering::Relaxed)),
        total,
        "bytes read and bytes there"
    );
    read
}

fn problems(messages: &[Message]) -> BTreeMap<Problem, usize> {
    let mut counts = BTreeMap::new();
    messages.iter().flat_map(|message| &message.problems).for_each(|it| *counts.entry(*it).or_default() += 1);
    counts
}

fn told(name: &str, read: &Outcome) {
    let Outcome { messages, records, errors } = read;
    eprintln!(
        "{name}: {records} records, {} messages, {} errors, {:?}",
        messages.len(),
        errors.len(),
        problems(messages)
    );
}

fn json_lines(path: &Path) -> impl Iterator<Item = Value> + use<> {
    let file = fs::File::open(path).unwrap();
    let reader: Box<dyn Read> = match path.extension() {
        Some(ending) if ending == "gz" => Box::new(MultiGzDecoder::new(file)),
        _ => Box::new(file),
    };
    BufReader::new(reader).lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

/// A corpus by id.
fn corpus(name: &str) -> HashMap<String, Value> {
    let path = corpora().unwrap().join(format!("{name}.jsonl.gz"));
    json_lines(&path).map(|line| (line["id"].as_str().unwrap().to_owned(), line)).collect()
}

/// Every message is in the corpus, with the same thread, parent and author; the number whose text differs.
fn compare(messages: &[Message], corpus: &HashMap<String, Value>) -> usize {
    let mut other_text = 0;
    for message in messages {
        let line = corpus.get(&message.id).unwrap_or_else(|| panic!("{} is not in the corpus", message.id));
        assert_eq!(message.thread.as_deref(), line["thread"].as_str(), "{}", message.id);
        assert_eq!(message.parent.as_deref(), line["reply_to"].as_str(), "{}", message.id);
        assert_eq!(message.list.as_deref(), line["list_or_repo"].as_str(), "{}", message.id);
        assert_eq!(Some(&*message.author.name), line["author"].as_str(), "{}", message.id);
        assert_eq!(message.owns_subject, message.parent.is_none() && !message.subject.is_empty());
        other_text += usize::from(Some(&*message.body) != line["text"].as_str());
    }
    other_text
}

#[test]
fn backups_of_github() {
    let Some(folder) = raw("github-rest") else { return };
    for (name, corpus_name, files, opening, expected) in
        [("rust", "rust-issue-archive", 118, 59, 220), ("whatsapi", "whatsapi", 60, 60, 210)]
    {
        let path = folder.join(name);
        let independent: usize = fs::read_dir(&path)
            .unwrap()
            .map(|entry| serde_json::from_slice(&fs::read(entry.unwrap().path()).unwrap()).unwrap())
            .map(|json: Value| match &json {
                Value::Array(comments) => comments.len(),
                issue => 1 + issue["comment_data"].as_array().map_or(0, Vec::len),
            })
            .sum();
        assert_eq!(independent, expected);
        assert_eq!(fs::read_dir(&path).unwrap().count(), files);
        let read = read(path.into());
        told(name, &read);
        assert!(read.errors.is_empty(), "{:?}", read.errors);
        assert_eq!(read.messages.len(), expected);
        assert_eq!(read.messages.iter().filter(|message| message.owns_subject).count(), opening);
        let corpus = corpus(corpus_name);
        assert_eq!(compare(&read.messages, &corpus), 0);
        for message in &read.messages {
            assert_eq!(Some(&*message.subject), corpus[&message.id]["subject"].as_str());
        }
    }
}

/// Messages that the events of a file carry, and reviews without words, by an independent reading.
fn count_events(path: &Path) -> (usize, usize, usize) {
    let (mut events, mut messages, mut wordless) = (0, 0, 0);
    for event in json_lines(path) {
        events += 1;
        let opened = event["payload"]["action"] == "opened";
        match event["type"].as_str().unwrap() {
            "IssuesEvent" | "PullRequestEvent" if opened => messages += 1,
            "IssueCommentEvent" | "PullRequestReviewCommentEvent" | "CommitCommentEvent" => messages += 1,
            "PullRequestReviewEvent"
                if event["payload"]["review"]["body"].as_str().unwrap_or("").is_empty() =>
            {
                wordless += 1;
            }
            "PullRequestReviewEvent" => messages += 1,
            _ => {}
        }
    }
    (events, messages, wordless)
}

#[test]
fn events_of_gharchive() {
    let Some(folder) = raw("gharchive") else { return };
    for (name, expected) in
        [("2015-01-01-0.json.gz", (7702, 1189, 0)), ("xz/xz-issue-pr-events.jsonl", (303, 192, 39))]
    {
        let path = folder.join(name);
        assert_eq!(count_events(&path), expected);
        let read = read(path.into());
        told(name, &read);
        assert!(read.errors.is_empty(), "{:?}", read.errors);
        assert_eq!((read.records, read.messages.len()), (expected.0, expected.1));
        if name.starts_with("xz") {
            // The corpus keeps the last version of a text, which an author may have edited.
            assert_eq!(compare(&read.messages, &corpus("xz-gharchive")), 11);
        }
    }
}

#[test]
fn repositories_of_public_inbox() {
    let Some(folder) = raw("public-inbox") else { return };
    for (name, commits) in [("mjpeg-users", 395), ("speakup", 1967)] {
        let archive = folder.join(format!("{name}.git.tar.gz"));
        let refused = read(archive.clone().into());
        assert!(
            refused.errors[0].to_string().contains("tar archive: unpack it first"),
            "{}",
            refused.errors[0]
        );

        let dir = tempfile::tempdir().unwrap();
        let unpacked = Command::new("tar").arg("xzf").arg(&archive).arg("-C").arg(dir.path()).status();
        assert!(unpacked.unwrap().success());
        let repository = fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.args(["-c", "safe.directory=*", "-C"]).arg(&repository).args(arguments);
            String::from_utf8(command.output().unwrap().stdout).unwrap()
        };
        assert_eq!(git(&["rev-list", "--count", "HEAD"]).trim().parse(), Ok(commits));
        let oldest_first = git(&["rev-list", "--reverse", "HEAD"]);

        let read = read(dir.path().into());
        told(name, &read);
        assert!(read.errors.is_empty(), "{:?}", read.errors);
        let deletions =
            git(&["log", "--format=", "--name-only", "--diff-filter=A", "HEAD", "--", "d"]).lines().count();
        assert_eq!(read.records + deletions, commits);
        assert_eq!(read.messages.len(), read.records);
        for (message, commit) in
            read.messages.iter().zip(oldest_first.lines()).take(if deletions == 0 { commits } else { 1 })
        {
            assert!(message.position.path.to_str().unwrap().ends_with(&format!("@{}", &commit[..10])));
        }
    }
}

#[test]
fn corpora_in_json_lines() {
    let Some(folder) = corpora() else { return };
    let sources: Value = serde_json::from_slice(&fs::read(folder.join("SOURCES.json")).unwrap()).unwrap();
    let mut files = 0;
    for (name, source) in sources.as_object().unwrap() {
        let path = folder.join(format!("{name}.jsonl.gz"));
        if !path.exists() {
            continue;
        }
        files += 1;
        let read = read(path.clone().into());
        told(name, &read);
        assert!(read.errors.is_empty(), "{:?}", read.errors);
        assert_eq!(read.messages.len() as u64, source["messages"].as_u64().unwrap(), "{name}");
        for (message, line) in read.messages.iter().zip(json_lines(&path)) {
            assert_eq!(Some(&*message.id), line["id"].as_str());
            assert_eq!(Some(&*message.body), line["text"].as_str());
            assert_eq!(message.parent.as_deref(), line["reply_to"].as_str());
            assert_eq!(message.date.is_some(), line["date"].is_string(), "{}", message.id);
        }
        assert_eq!(problems(&read.messages).get(&Problem::BadDate), None, "{name}");
    }
    assert!(files >= 27, "{files} corpora");
}

#[test]
fn a_folder_of_everything() {
    let Some(folder) = raw("") else { return };
    let read = read(folder.into());
    told("all", &read);
    // mbox, single mails, pipermail, REST objects, events; repositories are packed.
    assert_eq!(read.messages.len(), 400 + 120 + 3090 + 220 + 210 + 1189 + 192);
    let fatal: Vec<_> = read.errors.iter().filter(|err| err.is_fatal()).map(ToString::to_string).collect();
    assert_eq!(fatal.len(), 2, "{fatal:?}");
    assert!(fatal.iter().all(|err| err.contains("tar archive")), "{fatal:?}");
    for err in read.errors.iter().filter(|err| !err.is_fatal()) {
        eprintln!("{err}");
    }
}

#[test]
fn a_format_that_was_not_asked_for_is_not_guessed() {
    let Some(folder) = raw("github-rest") else { return };
    let input = Input { path: folder.join("whatsapi"), format: Some(Format::GhArchive) };
    let read = read(input);
    assert!(read.messages.is_empty() && read.errors.len() >= 60, "each is told");
}
