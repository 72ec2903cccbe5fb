//! JSON Lines: one message per line, in the schema that many corpora of messages share.
//!
//! Fields: `id`, `thread`, `reply_to`, `author`, `author_email`, `author_role`, `date`, `subject`, `text` (or
//! `body`), `list_or_repo` (or `list`, `repo`), `url`, `truncated`, `files` (of the change that the message proposes:
//! paths, or objects as GitHub lists them). All are optional, others are ignored.

use std::io::BufRead;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    Record, Source,
    fields::{Field, made_up_id, set_date},
    github::file_list,
    json,
    json_values::ValueSource,
    lines::LineSource,
};
use crate::{
    error::{Result, SharedPath},
    message::{Message, Position, Problem},
};

/// How a subject begins that its writer took over from the message answered, in the languages of mail programs.
const REPLY_PREFIXES: [&str; 12] =
    ["re:", "aw:", "sv:", "antw:", "rif:", "ref:", "vs:", "odp:", "fw:", "fwd:", "wg:", "re["];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Line<'a> {
    #[serde(borrow)]
    id: Field<'a>,
    thread: Field<'a>,
    reply_to: Field<'a>,
    author: Field<'a>,
    author_email: Field<'a>,
    author_role: Field<'a>,
    date: Field<'a>,
    subject: Field<'a>,
    text: Field<'a>,
    body: Field<'a>,
    list_or_repo: Field<'a>,
    list: Field<'a>,
    repo: Field<'a>,
    url: Field<'a>,
    truncated: Field<'a>,
    files: Option<&'a RawValue>,
}

/// Reads messages from `reader`, whose first bytes are `head`: one per line, or, where they stand in a list or
/// over several lines, one per object.
pub(super) fn source<'r>(
    reader: impl BufRead + Send + 'r,
    head: &[u8],
    path: SharedPath,
    limit: usize,
) -> Box<dyn Source + 'r> {
    if json::is_spread(head) {
        return Box::new(ValueSource::new(reader, path, limit, decode));
    }
    Box::new(LineSource::new(reader, path, limit, decode))
}

/// One message, or an error for what is no JSON object.
pub(super) fn decode(record: &Record) -> Vec<Result<Message>> {
    let mut mended = None;
    vec![match json::parse::<Line<'_>>(&record.bytes, &mut mended) {
        Ok((line, mended)) => Ok(line.into_message(&record.position, mended)),
        Err(err) => {
            let line = record.position.ordinal;
            Err(json::damaged(record, format_args!("line {line} is no JSON object: {err}")))
        }
    }]
}

/// The message of a row whose fields, by the names that [`Columns`](super::Columns) gives them, are at hand.
#[cfg(feature = "arrow")]
pub(super) fn message<'a>(
    fields: impl IntoIterator<Item = (&'static str, Field<'a>)>,
    position: &Position,
    mended: bool,
) -> Message {
    let mut line = Line::default();
    for (name, value) in fields {
        let slot = match name {
            "id" => &mut line.id,
            "thread" => &mut line.thread,
            "reply_to" => &mut line.reply_to,
            "author" => &mut line.author,
            "author_email" => &mut line.author_email,
            "author_role" => &mut line.author_role,
            "date" => &mut line.date,
            "subject" => &mut line.subject,
            "list_or_repo" => &mut line.list_or_repo,
            _ => &mut line.text,
        };
        *slot = value;
    }
    line.into_message(position, mended)
}

impl Line<'_> {
    fn into_message(self, position: &Position, mended: bool) -> Message {
        let mut message = Message { position: position.clone(), ..Message::default() };
        let this = &mut message;
        let url = self.url.take_text(this);
        this.thread = self.thread.take_text(this);
        this.parent = self.reply_to.take_text(this);
        this.author.name = self.author.take_text(this).unwrap_or_default();
        this.author.address = self.author_email.take_text(this).unwrap_or_default();
        this.author.role = self.author_role.take_text(this).unwrap_or_default();
        this.subject = self.subject.take_text(this).unwrap_or_default();
        this.body = self.text.take_text(this).or(self.body.take_text(this)).unwrap_or_default();
        this.list =
            [self.list_or_repo, self.list, self.repo].into_iter().find_map(Field::into_text).map(Into::into);
        set_date(self.date, this);
        this.id = match self.id.into_text() {
            Some(id) => id.into_owned(),
            None => url.unwrap_or_else(|| {
                this.note(Problem::NoId);
                made_up_id(position, 0)
            }),
        };
        this.owns_subject = owns_subject(this);
        this.files = self.files.map(file_list).unwrap_or_default();
        match self.truncated {
            Field::Flag(true) => this.note(Problem::TruncatedUpstream),
            Field::Absent | Field::Null | Field::Flag(false) => {}
            _ => this.note(Problem::BadField),
        }
        note_what_is_missing(this, mended);
        message
    }
}

fn note_what_is_missing(message: &mut Message, mended: bool) {
    if mended {
        message.note(Problem::BadEncoding);
    }
    if message.author.name.is_empty() && message.author.address.is_empty() {
        message.note(Problem::NoAuthor);
    }
    if message.body.trim().is_empty() {
        message.note(Problem::EmptyBody);
    }
}

/// Whether the writer of a message also wrote its subject, which the schema does not state: an opening message
/// does, and so does every mail. What answers another message in a tracker or forum only bears the thread's title.
///
/// A mail is known by an id like a Message-ID, a list like an address, or a subject like "Re: …".
fn owns_subject(message: &Message) -> bool {
    let subject = message.subject.trim_start();
    let reply = |prefix: &str| subject.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix));
    message.parent.is_none()
        || (message.id.contains('@') && !message.id.contains("://"))
        || message.list.as_deref().is_some_and(|list| list.contains('@'))
        || REPLY_PREFIXES.into_iter().any(reply)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<Result<Message>> {
        let path = Path::new("list.jsonl").into();
        source(text.as_bytes(), text.as_bytes(), path, 1 << 20)
            .flat_map(|record| record.unwrap().decode())
            .collect()
    }

    fn one(text: &str) -> Message {
        let mut messages = read(text);
        assert_eq!(messages.len(), 1);
        messages.remove(0).unwrap()
    }

    #[test]
    fn every_field_finds_its_place() {
        let message = one(concat!(
            r#"{"id": "2@x.org", "source": "ours", "list_or_repo": "dev@x.org", "thread": "1@x.org", "#,
            r#""reply_to": "1@x.org", "author": "Ann", "author_email": "ann@x.org", "author_role": "OWNER", "#,
            r#""date": "2024-05-06T07:08:09+02:00", "subject": "Re: plan", "text": "a\n> b", "labels": {"x": [1]}, "#,
            r#""truncated": true}"#
        ));
        assert_eq!((message.id.as_str(), message.thread.as_deref()), ("2@x.org", Some("1@x.org")));
        assert_eq!(
            (message.parent.as_deref(), message.list.as_deref()),
            (Some("1@x.org"), Some("dev@x.org"))
        );
        let author = &message.author;
        assert_eq!((&*author.name, &*author.address, &*author.role), ("Ann", "ann@x.org", "OWNER"));
        assert_eq!(message.date.unwrap().to_string(), "2024-05-06T07:08:09+02:00");
        assert_eq!((&*message.subject, &*message.body), ("Re: plan", "a\n> b"));
        assert_eq!(message.problems, [Problem::TruncatedUpstream]);
    }

    #[test]
    fn a_bare_text_is_a_message_with_problems() {
        let message = one(r#"{"body": "hello"}"#);
        assert_eq!((message.id.as_str(), message.body.as_str()), ("list.jsonl#1", "hello"));
        assert_eq!(message.problems, [Problem::NoDate, Problem::NoId, Problem::NoAuthor]);
    }

    #[test]
    fn wrong_types_are_noted_and_lose_nothing() {
        let message =
            one(r#"{"id": 7, "text": "t", "author": ["x"], "subject": 5, "date": true, "truncated": 1}"#);
        assert_eq!((&*message.id, &*message.subject, &*message.body), ("7", "5", "t"));
        assert!(
            message.problems.contains(&Problem::BadField) && message.problems.contains(&Problem::NoAuthor)
        );
        assert!(one(r#"{"text": "t", "date": "soon"}"#).problems.contains(&Problem::BadDate));
        assert!(one(r#"{"text": "half \ud800"}"#).problems.contains(&Problem::BadEncoding));
    }

    #[test]
    fn a_line_that_is_no_object_is_told_with_its_number() {
        let messages = read("{\"text\": \"a\"}\n\nnot json\n[1]\n{\"text\": \"b\"}\n{\"text\": \"c");
        let told: Vec<_> =
            messages.iter().map(|message| message.as_ref().map_err(ToString::to_string)).collect();
        assert_eq!(told.len(), 5);
        assert!(
            told[1]
                .as_ref()
                .unwrap_err()
                .starts_with("list.jsonl: message 3, byte 15: line 3 is no JSON object")
        );
        assert!(told[2].is_err() && told[4].is_err());
        assert!(told[0].is_ok() && told[3].is_ok());
    }

    #[test]
    fn deep_nesting_is_only_a_wrong_type() {
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        let message = one(&format!(r#"{{"text": "t", "subject": {deep}, "labels": {deep}}}"#));
        assert!(message.problems.contains(&Problem::BadField));
    }

    #[test]
    fn a_list_of_objects_and_an_object_over_lines_are_read_too() {
        assert_eq!(read(r#"[{"text": "a"}, {"text": "b"}]"#).len(), 2);
        assert_eq!(one("{\n  \"text\": \"a\"\n}\n").body, "a");
    }

    #[test]
    fn who_owns_the_subject() {
        let owns = |rest: &str| one(&format!(r#"{{"text": "t", {rest}}}"#)).owns_subject;
        assert!(owns(r#""id": "https://x.org/o/r/issues/1", "subject": "it fails""#));
        assert!(!owns(r#""id": "https://x.org/o/r/issues/1#c", "reply_to": "https://x.org/o/r/issues/1""#));
        assert!(!owns(r#""id": "AB-1/2", "reply_to": "AB-1", "subject": "it fails""#));
        assert!(owns(r#""id": "b@x", "reply_to": "a@x", "subject": "it fails""#));
        assert!(owns(r#""id": "2", "reply_to": "1", "list": "dev@x.org""#));
        assert!(owns(r#""id": "2", "reply_to": "1", "subject": "RE: it fails""#));
    }

    proptest! {
        #[test]
        fn decoding_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), json in r#"\{"(id|text|date|truncated)": ?[-\]\[{}"0-9a-z\\,:]{0,40}\}"#) {
            for bytes in [bytes, json.into_bytes()] {
                Record::new(bytes, Default::default(), decode).decode();
            }
        }
    }
}
