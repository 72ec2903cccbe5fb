//! A line of a corpus.

use std::{convert::Infallible, str::FromStr};

use serde::Serialize;
use undue::{Message, Problem};

/// Characters of a text that are kept: what is longer is a pasted file.
pub(super) const MAX_CHARS: usize = 40_000;

/// A message in the schema of the corpora. Mail addresses are left out: nothing needs them.
#[derive(Debug, Serialize)]
pub(super) struct Line<'m> {
    id: &'m str,
    source: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    list_or_repo: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<&'m str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    author: &'m str,
    #[serde(skip_serializing_if = "str::is_empty")]
    author_role: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    subject: &'m str,
    text: &'m str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
}

impl<'m> Line<'m> {
    /// The line of `message` in the corpus `source`; `list` is for messages that state none.
    pub(super) fn of(message: &'m Message, source: &'m str, list: Option<&'m str>) -> Self {
        let cut = message.body.char_indices().nth(MAX_CHARS).map(|(at, _)| at);
        let was_cut =
            [Problem::Truncated, Problem::TruncatedUpstream].iter().any(|cut| message.problems.contains(cut));
        Self {
            id: &message.id,
            source,
            list_or_repo: message.list.as_deref().or(list),
            thread: message.thread.as_deref(),
            reply_to: message.parent.as_deref(),
            author: &message.author.name,
            author_role: &message.author.role,
            date: message.date.map(|date| date.to_string()),
            subject: &message.subject,
            text: &message.body[..cut.unwrap_or(message.body.len())],
            truncated: was_cut || cut.is_some(),
        }
    }
}

/// True if `message` was sent within the days given, or does not say when.
pub(super) fn is_within(message: &Message, since: Option<&str>, until: Option<&str>) -> bool {
    let Some(date) = message.date else { return true };
    let date = date.to_string();
    let day = date.get(..10).unwrap_or(&date);
    since.is_none_or(|since| since <= day) && until.is_none_or(|until| day <= until)
}

/// A day in the form 2019-01-31, which compares as text.
pub(super) fn day(text: &str) -> Result<String, String> {
    let is_shaped = text.len() == 10
        && text.bytes().enumerate().all(|(i, byte)| match i {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if is_shaped { Ok(text.to_owned()) } else { Err("wanted is a day, as in 2019-01-31".into()) }
}

/// How ids are made for sources that have none, so that labels can name their rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdPattern(String);

impl FromStr for IdPattern {
    type Err = Infallible;

    fn from_str(pattern: &str) -> Result<Self, Self::Err> {
        Ok(Self(pattern.to_owned()))
    }
}

impl IdPattern {
    /// The id of the message that is the `row`th of all inputs and bears `id` itself.
    pub(super) fn id(&self, id: &str, row: u64) -> String {
        let numbered = self.0.replace("{row}", &row.to_string()).replace("{row0}", &(row - 1).to_string());
        numbered.replace("{id}", id)
    }
}
