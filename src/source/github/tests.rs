#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use proptest::prelude::*;

use super::*;
use crate::source::Limits;

fn read(json: &str, title: Option<&str>) -> Vec<Result<Message>> {
    let path = Path::new("x.json").into();
    let records = source(json.as_bytes(), json.as_bytes(), path, 1 << 20, title.map(Into::into));
    records.flat_map(|record| record.unwrap().decode()).collect()
}

fn messages(json: &str) -> Vec<Message> {
    read(json, None).into_iter().map(Result::unwrap).collect()
}

const ISSUE: &str = r#"{"url": "https://api.github.com/repos/o/r/issues/7", "comments": 1, "number": 7,
    "html_url": "https://github.com/o/r/issues/7", "title": "It fails", "user": {"id": 1, "login": "ann"},
    "labels": [{"name": "bug"}], "created_at": "2020-01-02T03:04:05Z", "author_association": "NONE", "body": "Why?"}"#;

const COMMENT: &str = r#"{"html_url": "https://github.com/o/r/issues/7#issuecomment-9", "user": {"login": "bob"},
    "issue_url": "https://api.github.com/repos/o/r/issues/7", "created_at": "2020-01-03T00:00:00Z",
    "author_association": "MEMBER", "body": "Because."}"#;

#[test]
fn an_issue_is_an_opening_post() {
    let message = &messages(ISSUE)[0];
    assert_eq!((&*message.id, message.thread.as_deref()), ("https://github.com/o/r/issues/7", Some("o/r#7")));
    assert_eq!((&*message.author.name, &*message.author.role, &*message.body), ("ann", "NONE", "Why?"));
    assert_eq!((&*message.subject, message.owns_subject, &message.parent), ("It fails", true, &None));
    assert_eq!((message.list.as_deref(), &message.problems[..]), (Some("o/r"), &[][..]));
    assert_eq!(message.date.unwrap().to_string(), "2020-01-02T03:04:05+00:00");
}

#[test]
fn a_comment_answers_the_opening_post() {
    let message = &read(COMMENT, Some("It \"fails\""))[0];
    let message = message.as_ref().unwrap();
    assert_eq!(message.id, "https://github.com/o/r/issues/7#issuecomment-9");
    assert_eq!(message.parent.as_deref(), Some("https://github.com/o/r/issues/7"));
    assert_eq!((&*message.subject, message.owns_subject), ("It \"fails\"", false));
    assert_eq!(message.thread.as_deref(), Some("o/r#7"));
}

#[test]
fn lists_lines_and_lists_of_lists_are_the_same() {
    let (issue, comment) = (ISSUE.replace('\n', " "), COMMENT.replace('\n', " "));
    for json in [
        format!("{issue}\n{comment}\n"),
        format!("[{issue}, {comment}]"),
        format!("[[{issue}], [{comment}]]"),
        format!("[{issue}]\n[{comment}]"),
    ] {
        let ids: Vec<_> = messages(&json).into_iter().map(|message| message.id).collect();
        assert_eq!(
            ids,
            ["https://github.com/o/r/issues/7", "https://github.com/o/r/issues/7#issuecomment-9"]
        );
    }
}

#[test]
fn a_backup_holds_the_comments_in_the_issue() {
    let object = ISSUE.replacen('{', &format!(r#"{{"comment_data": [{COMMENT}], "event_data": [{{}}], "#), 1);
    let read = messages(&object);
    assert_eq!(read.len(), 2);
    assert_eq!((&*read[1].subject, read[1].owns_subject), ("It fails", false));
    assert_eq!(read[1].parent.as_deref(), Some(&*read[0].id));
}

#[test]
fn a_pull_request_has_its_files_and_its_comments_have_none() {
    let read = messages(
        r#"{"html_url": "https://github.com/o/r/pull/8", "title": "Tests", "body": "More of them.",
        "files": [{"path": "tests/x.bin", "additions": 0, "deletions": 0, "changeType": "ADDED"}],
        "comments": [{"html_url": "https://github.com/o/r/pull/8#issuecomment-1", "body": "Hm"}]}"#,
    );
    let files: Vec<_> = read.iter().map(|message| message.files.files().to_vec()).collect();
    let file = crate::files::ChangedFile { path: "tests/x.bin".into(), is_binary: true };
    assert_eq!(files, [vec![file], vec![]]);
    let patched =
        messages(r#"{"html_url": "https://github.com/o/r/issues/7", "body": "--- a/x.c\n+++ b/x.c\n"}"#);
    assert_eq!(&*patched[0].files.files()[0].path, "x.c");
}

#[test]
fn a_pull_request_with_reviews() {
    let read = messages(
        r#"{"html_url": "https://github.com/o/r/pull/8", "issue_url": "https://api.github.com/repos/o/r/issues/8",
        "title": "Add it", "body": null, "user": null, "created_at": "2020-01-02T03:04:05Z",
        "review_data": [
            {"html_url": "https://github.com/o/r/pull/8#pullrequestreview-1", "body": "Not yet", "state": "COMMENTED",
             "submitted_at": "2020-01-03T00:00:00Z", "user": {"login": "bob"}},
            {"html_url": "https://github.com/o/r/pull/8#pullrequestreview-2", "body": "", "state": "APPROVED"}],
        "comment_data": [{"html_url": "https://github.com/o/r/pull/8#discussion_r3", "body": "typo", "path": "a.c",
            "pull_request_url": "https://api.github.com/repos/o/r/pulls/8", "user": {"login": "bob"},
            "created_at": "2020-01-03T00:00:00Z"}]}"#,
    );
    let seen: Vec<_> = read.iter().map(|it| (&*it.body, it.problems.clone())).collect();
    let opening = [Problem::NoAuthor, Problem::EmptyBody];
    assert_eq!(seen.len(), 3, "an approval without words is no message");
    assert_eq!(seen[0].0, "Add it", "a title alone is the text");
    assert!(opening.iter().all(|problem| seen[0].1.contains(problem)), "{:?}", seen[0].1);
    assert_eq!((seen[1].0, seen[2].0), ("typo", "Not yet"));
    assert!(read[1..].iter().all(|it| it.parent.as_deref() == Some("https://github.com/o/r/pull/8")));
    assert!(read[2].date.is_some());
}

#[test]
fn what_the_gh_command_prints() {
    let read = messages(
        r#"{"title": "It fails", "body": "Why?", "url": "https://github.com/o/r/issues/7", "author": {"login": "ann"},
        "createdAt": "2020-01-02T03:04:05Z", "number": 7,
        "comments": [{"id": "IC_1", "author": {"login": "bob"}, "authorAssociation": "OWNER", "body": "So.",
            "createdAt": "2020-01-03T00:00:00Z", "url": "https://github.com/o/r/issues/7#issuecomment-9"}],
        "reviews": [{"id": "PRR_2", "author": {"login": "cy"}, "authorAssociation": "NONE", "body": "No.",
            "submittedAt": "2020-01-04T00:00:00Z", "state": "CHANGES_REQUESTED"}]}"#,
    );
    let ids: Vec<_> = read.iter().map(|it| &*it.id).collect();
    let opening = "https://github.com/o/r/issues/7";
    assert_eq!(ids, [opening, &format!("{opening}#issuecomment-9"), &format!("{opening}#PRR_2")]);
    assert!(
        read.iter().all(|it| it.thread.as_deref() == Some("o/r#7") && it.problems.is_empty()),
        "{read:?}"
    );
    assert_eq!((&*read[1].author.role, &*read[2].author.name), ("OWNER", "cy"));
}

#[test]
fn comments_without_their_issue() {
    let read = messages(r#"{"comments": [{"id": "IC_1", "author": {"login": "bob"}, "body": "So."}]}"#);
    assert_eq!((read.len(), &*read[0].id, &read[0].parent), (1, "IC_1", &None));
}

#[test]
fn addresses_of_the_rest_interface_stand_in_for_those_of_the_site() {
    let read = messages(r#"{"url": "https://api.github.com/repos/o/r/pulls/8", "title": "t", "body": "b"}"#);
    assert_eq!(read[0].id, "https://github.com/o/r/pull/8");
}

#[test]
fn what_is_no_message_is_told() {
    for json in [r#"{"login": "ann"}"#, "[1]", "{\"title\": ", r#"{"html_url": 1}"#] {
        let read = read(json, None);
        assert!(read.len() == 1 && read[0].is_err(), "{json}");
    }
    let read = read(r#"{"title": "t", "body": "b", "comments": [1, {"body": "c"}]}"#, None);
    assert_eq!(read.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn nesting_ends_somewhere() {
    for (open, close) in [(r#"{"comments":["#, "]}"), (r#"{"object":"#, "}"), (r#"{"user":"#, "}")] {
        let json = format!("{}{{}}{}", open.repeat(50_000), close.repeat(50_000));
        let read = read(&json, None);
        assert!(read.len() == 1 && read[0].is_err(), "{open}");
    }
}

#[test]
fn comments_do_not_multiply_a_long_title() {
    let title = "t".repeat(300_000);
    let comments = r#"{"body":"x"},"#.repeat(10_000);
    let url = "https://github.com/o/r/issues/7";
    let json = format!(
        r#"{{"html_url":"{url}","title":"{title}","body":"b","comments":[{comments}{{"body":"y"}}]}}"#
    );
    let messages = messages(&json);
    assert_eq!(messages.len(), 10_002);
    let size = |it: &Message| it.subject.len() + it.id.len() + it.parent.as_ref().map_or(0, String::len);
    let all: usize = messages.iter().map(size).sum();
    assert!(all < 20_000_000, "{all} bytes of {}", json.len());
    assert!(messages[0].problems.contains(&Problem::Truncated), "the title of the issue itself was cut");
    assert!(messages[1].subject.starts_with("ttt"));
}

#[test]
fn of_endless_comments_the_first_are_read() {
    for object in ["{}", r#"{"body":"x"}"#, r#"{"comments":[{},{}]}"#] {
        let json = format!(r#"{{"title":"t","body":"b","comments":[{}]}}"#, vec![object; 40_000].join(","));
        let read = read(&json, None);
        assert!(read.len() <= MAX_OBJECTS + 2, "{}", read.len());
        let told = read
            .iter()
            .filter(|it| it.as_ref().is_err_and(|err| err.to_string().contains("more than 20000")));
        assert_eq!(told.count(), 1, "{object}");
    }
}

#[test]
fn the_title_stands_in_the_file_beside() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("0007-main.json"), ISSUE).unwrap();
    let title = |name: &str| title_beside(&dir.path().join(name), &Limits::default());
    assert_eq!(title("0007-comments.json").as_deref(), Some("It fails"));
    assert_eq!(title("0007-main.json"), None);
    assert_eq!(title("0008-comments.json"), None);
    assert_eq!(title("notes.json"), None);
}

proptest! {
    #[test]
    fn decoding_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), json in r#"\{"(title|body|comments|html_url|user|object)": ?[-\]\[{}"0-9a-z\\,:/#]{0,60}\}"#) {
        for bytes in [bytes, json.into_bytes()] {
            Record::new(bytes, Default::default(), decode).decode();
        }
    }
}
