//! Event lines of GH Archive, from 2015 on: the events that carry a message, with the thread they belong to.
//!
//! An issue or a pull request gives its opening post when it is opened; comments give the comment alone, though
//! their events repeat the opening post. Other events are read and are no messages.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    Record,
    fields::Field,
    github::{Context, Item, Kind, to_message},
    json,
};
use crate::{
    error::Result,
    message::{Message, Problem},
};

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(default)]
    created_at: Field<'a>,
    #[serde(default)]
    repo: Named<'a>,
    #[serde(default)]
    actor: Named<'a>,
    payload: Option<&'a RawValue>,
}

/// A repository (`name`) or an account (`login`).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named<'a> {
    #[serde(borrow)]
    name: Field<'a>,
    login: Field<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Payload<'a> {
    action: Field<'a>,
    #[serde(borrow)]
    issue: Option<Item<'a>>,
    pull_request: Option<Item<'a>>,
    comment: Option<Item<'a>>,
    review: Option<Item<'a>>,
}

/// The message of an event, if it carries one.
pub(super) fn decode(record: &Record) -> Vec<Result<Message>> {
    let mut mended = None;
    let (event, was_mended) = match json::parse::<Event<'_>>(&record.bytes, &mut mended) {
        Ok(parsed) => parsed,
        Err(err) => {
            return vec![Err(json::damaged(
                record,
                format_args!("no event of GH Archive (those before 2015 have another form): {err}"),
            ))];
        }
    };
    if !carries_message(&event.kind) {
        return Vec::new();
    }
    let mut mended_payload = None;
    let payload = event.payload.map_or("{}", RawValue::get);
    match json::parse::<Payload<'_>>(payload.as_bytes(), &mut mended_payload) {
        Ok((payload, payload_was_mended)) => {
            let mut found = read_event(&event, payload, record);
            if was_mended || payload_was_mended {
                found.iter_mut().flatten().for_each(|message| message.note(Problem::BadEncoding));
            }
            found
        }
        Err(err) => {
            vec![Err(json::damaged(record, format_args!("{} with a damaged payload: {err}", event.kind)))]
        }
    }
}

fn carries_message(kind: &str) -> bool {
    matches!(
        kind,
        "IssuesEvent"
            | "IssueCommentEvent"
            | "PullRequestEvent"
            | "PullRequestReviewEvent"
            | "PullRequestReviewCommentEvent"
            | "CommitCommentEvent"
    )
}

fn read_event(event: &Event<'_>, payload: Payload<'_>, record: &Record) -> Vec<Result<Message>> {
    let thread = payload.issue.or(payload.pull_request);
    let action = payload.action.into_text().unwrap_or_default();
    let opens = matches!(&*event.kind, "IssuesEvent" | "PullRequestEvent");
    if (opens && action != "opened") || matches!(&*action, "deleted" | "dismissed") {
        return Vec::new();
    }
    let mut context = thread.as_ref().map(|thread| thread.context(&Context::default())).unwrap_or_default();
    let text = |field: &Field<'_>| field.clone().into_text().map(Cow::into_owned);
    context.date = text(&event.created_at);
    context.author = text(&event.actor.login);
    context.repo = context.repo.or_else(|| text(&event.repo.name));
    let (item, kind) = match &*event.kind {
        _ if opens => (thread, Kind::Opening),
        "PullRequestReviewEvent" => (payload.review, Kind::Review),
        _ => (payload.comment, Kind::Comment),
    };
    match item {
        Some(item) if item.is_wordless_review(kind) => Vec::new(),
        Some(item) => vec![Ok(to_message(item, &context, kind, record, 0))],
        None => vec![Err(json::damaged(record, format_args!("{} without its message", event.kind)))],
    }
}

/// True if the keys of an object are those of an event.
pub(super) fn has_keys(keys: &[&[u8]]) -> bool {
    keys.contains(&&b"type"[..]) && keys.contains(&&b"actor"[..]) && keys.iter().any(|key| key == b"payload")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn event(kind: &str, payload: &str) -> Vec<Result<Message>> {
        let json = format!(
            r#"{{"id": "1", "type": "{kind}", "actor": {{"id": 1, "login": "ann"}}, "public": true,
            "repo": {{"id": 2, "name": "o/r"}}, "created_at": "2020-01-02T03:04:05Z", "payload": {payload}}}"#
        );
        Record::new(json.into_bytes(), Default::default(), decode).decode()
    }

    fn one(kind: &str, payload: &str) -> Message {
        let mut messages = event(kind, payload);
        assert_eq!(messages.len(), 1);
        messages.remove(0).unwrap()
    }

    const ISSUE: &str = r#""issue": {"html_url": "https://github.com/o/r/issues/7", "title": "It fails",
        "body": "Why?", "user": {"login": "ann"}, "author_association": "NONE", "comments": 3}"#;
    const PULL: &str = r#""pull_request": {"html_url": "https://github.com/o/r/pull/8", "title": "Add it",
        "body": "", "user": {"login": "ann"}, "head": {"repo": {"name": "r"}}}"#;

    #[test]
    fn opening_posts() {
        let issue = one("IssuesEvent", &format!(r#"{{"action": "opened", {ISSUE}}}"#));
        assert_eq!(
            (&*issue.id, &*issue.body, issue.owns_subject),
            ("https://github.com/o/r/issues/7", "Why?", true)
        );
        assert_eq!((issue.thread.as_deref(), &*issue.author.role), (Some("o/r#7"), "NONE"));
        let pull = one("PullRequestEvent", &format!(r#"{{"action": "opened", "number": 8, {PULL}}}"#));
        assert_eq!((&*pull.body, &*pull.subject, &pull.parent), ("Add it", "Add it", &None));
        assert_eq!(pull.date.unwrap().to_string(), "2020-01-02T03:04:05+00:00");
    }

    #[test]
    fn comments_answer_the_opening_post() {
        for (kind, thread, key, fragment, parent) in [
            ("IssueCommentEvent", ISSUE, "comment", "issues/7#issuecomment-1", "issues/7"),
            ("PullRequestReviewCommentEvent", PULL, "comment", "pull/8#discussion_r1", "pull/8"),
            ("PullRequestReviewEvent", PULL, "review", "pull/8#pullrequestreview-1", "pull/8"),
        ] {
            let comment = format!(
                r#""{key}": {{"html_url": "https://github.com/o/r/{fragment}", "body": "So.", "user": {{"login": "bob"}}}}"#
            );
            let message = one(kind, &format!(r#"{{"action": "created", {thread}, {comment}}}"#));
            assert_eq!(message.parent, Some(format!("https://github.com/o/r/{parent}")), "{kind}");
            assert_eq!((&*message.body, &*message.author.name), ("So.", "bob"));
            assert!(!message.owns_subject && !message.subject.is_empty());
        }
    }

    #[test]
    fn a_comment_on_a_commit_has_a_thread_and_no_parent() {
        let url = "https://github.com/o/r/commit/ab12#commitcomment-1";
        let message =
            one("CommitCommentEvent", &format!(r#"{{"comment": {{"html_url": "{url}", "body": "Hm"}}}}"#));
        assert_eq!(
            (&*message.id, message.thread.as_deref(), &message.parent),
            (url, Some("o/r@ab12"), &None)
        );
        assert_eq!(message.author.name, "ann", "the actor of the event");
    }

    #[test]
    fn other_events_are_no_messages() {
        assert!(event("PushEvent", r#"{"commits": []}"#).is_empty());
        assert!(event("IssuesEvent", &format!(r#"{{"action": "closed", {ISSUE}}}"#)).is_empty());
        let approval =
            format!(r#"{{"action": "created", {PULL}, "review": {{"body": null, "state": "approved"}}}}"#);
        assert!(event("PullRequestReviewEvent", &approval).is_empty());
    }

    #[test]
    fn a_shortened_payload_still_gives_a_message() {
        let pull = r#"{"action": "opened", "number": 8, "pull_request": {"url": "https://api.github.com/repos/o/r/pulls/8", "id": 1, "number": 8}}"#;
        let message = one("PullRequestEvent", pull);
        assert_eq!(message.id, "https://github.com/o/r/pull/8");
        assert!(message.problems.contains(&Problem::EmptyBody) && message.owns_subject);
    }

    #[test]
    fn damage_is_told() {
        for (kind, payload) in [
            ("IssueCommentEvent", r#"{"action": "created"}"#),
            ("IssuesEvent", r#"{"action": "opened", "issue": 3}"#),
            ("IssuesEvent", "[]"),
        ] {
            assert!(event(kind, payload)[0].is_err(), "{kind} {payload}");
        }
        assert!(Record::new(b"{}".to_vec(), Default::default(), decode).decode()[0].is_err());
    }

    proptest! {
        #[test]
        fn decoding_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), payload in r#"\{"(action|issue|comment)": ?[-\]\[{}"0-9a-z\\,:]{0,40}\}"#) {
            Record::new(bytes, Default::default(), decode).decode();
            event("IssueCommentEvent", &payload);
        }
    }
}
