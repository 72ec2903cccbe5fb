//! Payloads of events, as a workflow finds them in the file of `GITHUB_EVENT_PATH` and a webhook gets them.
//!
//! A comment or review is the message where there is one, else the issue, pull request or discussion itself. Other
//! events have no message and are refused as no known kind of JSON.

use serde::Deserialize;

use super::{Context, Decoding, Item, Kind, to_message};
use crate::source::{
    fields::{Field, value_or_member},
    json,
};

/// Members that hold a message or its thread.
const MEMBERS: [&str; 5] = ["issue", "pull_request", "discussion", "comment", "review"];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Payload<'a> {
    #[serde(borrow)]
    action: Field<'a>,
    issue: Option<Item<'a>>,
    pull_request: Option<Item<'a>>,
    discussion: Option<Item<'a>>,
    comment: Option<Item<'a>>,
    review: Option<Item<'a>>,
    repository: Repository<'a>,
}

/// `owner/repo`.
#[derive(Default)]
struct Repository<'a>(Field<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Repository<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value_or_member(deserializer, "full_name").map(Self)
    }
}

/// True if the keys of an object are those of such a payload.
pub(super) fn has_keys(keys: &[&[u8]]) -> bool {
    keys.contains(&&b"action"[..]) && MEMBERS.iter().any(|member| keys.contains(&member.as_bytes()))
}

impl Decoding<'_> {
    pub(super) fn event(&mut self, bytes: &[u8]) {
        let mut mended = None;
        let payload = match json::parse::<Payload<'_>>(bytes, &mut mended) {
            Ok((payload, _)) => payload,
            Err(err) => return self.damaged(err),
        };
        // What was taken back is not there to be judged.
        if matches!(payload.action.into_text().as_deref(), Some("deleted" | "dismissed")) {
            return;
        }
        let thread = payload.issue.or(payload.pull_request).or(payload.discussion);
        let mut context =
            thread.as_ref().map(|thread| thread.context(&Context::default())).unwrap_or_default();
        context.repo = context.repo.or_else(|| payload.repository.0.into_text().map(Into::into));
        let (item, kind) = match (payload.comment, payload.review) {
            (Some(comment), _) => (Some(comment), Kind::Comment),
            (None, Some(review)) => (Some(review), Kind::Review),
            (None, None) => (thread, Kind::Opening),
        };
        match item {
            Some(item) if item.is_wordless_review(kind) => {}
            Some(item) => {
                let message = to_message(item, &context, kind, self.record, self.out.len());
                self.out.push(Ok(self.finished(message)));
            }
            None => self.damaged("an event without an issue, pull request, discussion, comment or review"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::{Value, json};

    use crate::{Message, Position, source::Record};

    fn read(payload: &Value) -> Vec<Message> {
        let bytes = serde_json::to_vec_pretty(payload).unwrap();
        let record = Record::new(bytes, Position::default(), super::super::decode);
        record.decode().into_iter().map(Result::unwrap).collect()
    }

    fn issue() -> Value {
        json!({
            "html_url": "https://github.com/tarn/tarn/issues/7", "title": "Release?", "body": "When is it due?",
            "user": { "login": "bo" }, "created_at": "2024-01-04T10:00:00Z", "author_association": "NONE", "comments": 1,
        })
    }

    fn comment() -> Value {
        json!({
            "html_url": "https://github.com/tarn/tarn/issues/7#issuecomment-1", "body": "Any news?",
            "issue_url": "https://api.github.com/repos/tarn/tarn/issues/7",
            "user": { "login": "cy" }, "created_at": "2024-02-04T10:00:00Z", "author_association": "CONTRIBUTOR",
        })
    }

    #[test]
    fn a_comment_is_the_message_and_its_issue_the_thread() {
        let payload = json!({
            "action": "created", "issue": issue(), "comment": comment(),
            "repository": { "full_name": "tarn/tarn" }, "sender": { "login": "di" },
        });
        let [message] = &read(&payload)[..] else { panic!("one message") };
        assert_eq!((message.author.name.as_str(), message.body.as_str()), ("cy", "Any news?"));
        assert_eq!(message.id, "https://github.com/tarn/tarn/issues/7#issuecomment-1");
        assert_eq!(message.thread.as_deref(), Some("tarn/tarn#7"));
        assert_eq!(message.parent.as_deref(), Some("https://github.com/tarn/tarn/issues/7"));
        assert_eq!((message.subject.as_str(), message.owns_subject), ("Release?", false));
        assert_eq!(message.list.as_deref(), Some("tarn/tarn"));
    }

    #[test]
    fn issues_pull_requests_reviews_and_discussions_are_messages() {
        let repository = json!({ "full_name": "tarn/tarn" });
        let pull = json!({ "html_url": "https://github.com/tarn/tarn/pull/8", "title": "Fix", "body": "Please merge.",
            "user": { "login": "bo" }, "created_at": "2024-01-04T10:00:00Z" });
        let discussion = json!({ "html_url": "https://github.com/tarn/tarn/discussions/9", "title": "Future",
            "body": "Who decides?", "user": { "login": "bo" }, "created_at": "2024-01-04T10:00:00Z" });
        let review = |body: Value| {
            json!({ "html_url": "https://github.com/tarn/tarn/pull/8#pullrequestreview-3",
            "body": body, "user": { "login": "cy" }, "submitted_at": "2024-01-05T10:00:00Z" })
        };
        for (payload, thread, body) in [
            (
                json!({ "action": "opened", "issue": issue(), "repository": repository }),
                "tarn/tarn#7",
                "When is it due?",
            ),
            (
                json!({ "action": "opened", "pull_request": pull, "repository": repository }),
                "tarn/tarn#8",
                "Please merge.",
            ),
            (
                json!({ "action": "created", "discussion": discussion, "repository": repository }),
                "tarn/tarn#9",
                "Who decides?",
            ),
            (
                json!({ "action": "submitted", "pull_request": pull, "review": review("Ship it.".into()), "repository": repository }),
                "tarn/tarn#8",
                "Ship it.",
            ),
        ] {
            let [message] = &read(&payload)[..] else { panic!("one message of {payload}") };
            assert_eq!((message.thread.as_deref(), message.body.as_str()), (Some(thread), body));
            assert!(message.problems.is_empty(), "{:?}", message.problems);
        }
        let wordless = json!({ "action": "submitted", "pull_request": pull, "review": review(Value::Null) });
        assert_eq!(read(&wordless).len(), 0);
    }

    #[test]
    fn what_was_deleted_is_no_message_and_what_has_none_is_damaged() {
        assert_eq!(read(&json!({ "action": "deleted", "issue": issue(), "comment": comment() })).len(), 0);
        let bytes = br#"{"action": "started", "repository": {"full_name": "tarn/tarn"}}"#.to_vec();
        let record = Record::new(bytes, Position::default(), super::super::decode);
        assert!(record.decode()[0].is_err());
    }
}
