//! GitHub's issues, pull requests, comments and reviews: objects of the REST interface, backups made of them, and
//! what `gh issue view --json` and `gh pr view --json` print; payloads of events, as a workflow or webhook gets them.
//!
//! The id of a message is its `html_url`, its thread `owner/repo#number`, and its parent the opening post. One
//! object may hold several messages: an issue with its comments.

use std::io::BufRead;

use serde_json::value::RawValue;

use super::{
    Record, Source,
    bounds::for_comments,
    fields::{Field, made_up_id, set_date},
    json,
    json_values::ValueSource,
    lines::LineSource,
};
use crate::{
    error::{Result, SharedPath},
    message::{Message, Problem},
};

mod backup;
mod event;
mod files;
mod item;
mod place;

pub(super) use backup::title_beside;
pub(super) use files::list as file_list;
pub(super) use item::Item;
use place::Place;

/// Reads messages from `reader`, whose first bytes are `head`: an object, a list of any size, or one per line.
/// `title` is the title of the thread where the objects do not state it.
pub(super) fn source<'r>(
    reader: impl BufRead + Send + 'r,
    head: &[u8],
    path: SharedPath,
    limit: usize,
    title: Option<String>,
) -> Box<dyn Source + 'r> {
    let records: Box<dyn Source> = if json::is_spread(head) {
        Box::new(ValueSource::new(reader, path, limit, decode))
    } else {
        Box::new(LineSource::new(reader, path, limit, decode))
    };
    match title {
        Some(title) => {
            Box::new(records.map(move |record| record.map(|record| backup::enclose(record, &title))))
        }
        None => records,
    }
}

/// How deep objects may lie in one another: an issue with its comments, enclosed with a title, and some room.
const MAX_DEPTH: u8 = 4;
/// Messages, or objects that are none, of one record; GitHub itself closes an issue at 2,500 comments. Three bytes can
/// make an object, and an object some hundred bytes of memory.
const MAX_OBJECTS: usize = 20_000;

/// What is known of a thread apart from the object at hand.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    /// Title of the issue or pull request.
    pub(super) title: String,
    /// Id of the opening post.
    pub(super) opening: Option<String>,
    /// `owner/repo#number`.
    pub(super) thread: Option<String>,
    /// `owner/repo`.
    pub(super) repo: Option<String>,
    /// Date to fall back on.
    pub(super) date: Option<String>,
    /// Author to fall back on.
    pub(super) author: Option<String>,
}

/// All messages of the object, the opening post first.
pub(super) fn decode(record: &Record) -> Vec<Result<Message>> {
    let mut decoding = Decoding { record, out: Vec::new(), mended: false, is_full: false };
    decoding.object(&record.bytes, &Context::default(), Kind::Unknown, 0);
    decoding.out
}

/// What an object is, as far as its place in another tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Its keys must tell.
    Unknown,
    Opening,
    Comment,
    Review,
}

/// The messages found so far in one record.
struct Decoding<'r> {
    record: &'r Record,
    out: Vec<Result<Message>>,
    mended: bool,
    /// More was there than is kept, and that was told.
    is_full: bool,
}

impl Decoding<'_> {
    fn object(&mut self, bytes: &[u8], context: &Context, kind: Kind, depth: u8) {
        if depth > MAX_DEPTH {
            return self.damaged("objects nested too deeply");
        }
        let mut mended = None;
        match json::parse::<Item<'_>>(bytes, &mut mended) {
            Ok((item, was_mended)) => {
                self.mended |= was_mended;
                match depth == 0 && item.is_event() {
                    true => self.event(bytes),
                    false => self.item(item, context, kind, depth),
                }
            }
            Err(err) => self.damaged(err),
        }
    }

    fn damaged(&mut self, what: impl std::fmt::Display) {
        self.out.push(Err(json::damaged(self.record, what)));
    }

    fn item(&mut self, item: Item<'_>, context: &Context, kind: Kind, depth: u8) {
        if let Some(enclosed) = item.enclosed {
            let title = item.thread_title.into_text().unwrap_or_default().into_owned();
            let context = Context { title: for_comments(title), ..Context::default() };
            return self.object(enclosed.get().as_bytes(), &context, kind, depth + 1);
        }
        let mut lists = item.lists().peekable();
        let within = item.context(context);
        if item.is_message(kind) {
            let message = to_message(item, context, kind, self.record, self.out.len());
            self.out.push(Ok(self.finished(message)));
        } else if !item.is_wordless_review(kind) && lists.peek().is_none() {
            return self.damaged("a JSON object that is no issue, pull request, comment or review");
        }
        for (list, kind) in lists {
            self.list(list, &within, kind, depth + 1);
        }
    }

    fn list(&mut self, list: &RawValue, context: &Context, kind: Kind, depth: u8) {
        match serde_json::from_str::<Vec<&RawValue>>(list.get()) {
            Ok(items) => {
                for it in items {
                    if self.out.len() >= MAX_OBJECTS {
                        return self.full();
                    }
                    self.object(it.get().as_bytes(), context, kind, depth);
                }
            }
            Err(err) => self.damaged(err),
        }
    }

    fn full(&mut self) {
        if !std::mem::replace(&mut self.is_full, true) {
            self.damaged(format_args!(
                "more than {MAX_OBJECTS} objects in one record: the others are not read"
            ));
        }
    }

    fn finished(&self, mut message: Message) -> Message {
        if self.mended {
            message.note(Problem::BadEncoding);
        }
        message
    }
}

/// The message that `item` is; `number` is the number of messages before it in the record.
pub(super) fn to_message(
    mut item: Item<'_>,
    context: &Context,
    kind: Kind,
    record: &Record,
    number: usize,
) -> Message {
    let mut message = Message { position: record.position.clone(), ..Message::default() };
    let this = &mut message;
    let place = item.place();
    let opening = item.is_opening(kind);
    this.thread = place.as_ref().map(Place::thread).or_else(|| context.thread.clone());
    this.list = place.as_ref().map(|place| place.repo.clone()).or_else(|| context.repo.clone());
    if !opening {
        this.parent = context.opening.clone().or_else(|| place.as_ref().and_then(Place::opening));
    }
    this.id = item.id(this.parent.as_deref()).unwrap_or_else(|| {
        this.note(Problem::NoId);
        made_up_id(&record.position, number)
    });
    let (author, date) = (item.take_author(), item.take_date());
    let title = item.title.take_text(this);
    this.subject = title.unwrap_or_else(|| context.title.clone());
    this.owns_subject = opening;
    this.author.name = author.take_text(this).or_else(|| context.author.clone()).unwrap_or_default();
    let date = date.or_else(|| context.date.clone().map(|date| Field::Text(date.into())));
    set_date(date.unwrap_or_default(), this);
    set_body(item.body, this);
    if let Some(files) = item.files.filter(|_| opening) {
        this.files = file_list(files);
    }
    this.author.role = item.author_association.take_text(this).unwrap_or_default();
    if this.author.name.is_empty() {
        this.note(Problem::NoAuthor);
    }
    message
}

/// An opening post without a body says what it says in its title.
fn set_body(body: Field<'_>, message: &mut Message) {
    message.body = body.take_text(message).unwrap_or_default();
    if message.body.trim().is_empty() {
        message.note(Problem::EmptyBody);
    }
    if message.body.is_empty() && message.owns_subject {
        message.body.clone_from(&message.subject);
    }
}

/// True if the keys of an object are those of GitHub.
pub(super) fn has_keys(keys: &[&[u8]]) -> bool {
    if event::has_keys(keys) {
        return true;
    }
    const MARKS: [&str; 9] = [
        "html_url",
        "issue_url",
        "pull_request_url",
        "comments_url",
        "author_association",
        "authorAssociation",
        "createdAt",
        "comments",
        "reviews",
    ];
    MARKS.into_iter().any(|mark| keys.contains(&mark.as_bytes()))
}

#[cfg(test)]
mod tests;
