//! Which column of a table holds which field of a message.

use std::str::FromStr;

use csv::ByteRecord;

use super::reader;
use crate::error::{Error, ErrorKind, Result};

/// The fields of a message, each with the names of columns that hold it, the likeliest first.
const FIELDS: [(&str, &[&str]); 10] = [
    ("text", &["text", "body", "comment", "content", "message", "comment_body", "message_body"]),
    ("id", &["id", "message_id", "comment_id", "url", "html_url", "permalink"]),
    ("thread", &["thread", "thread_id", "issue", "issue_id", "issue_number"]),
    ("reply_to", &["reply_to", "parent", "parent_id", "in_reply_to"]),
    ("author", &["author", "user", "login", "from", "username", "user_login", "author_name"]),
    ("author_email", &["author_email", "email", "from_email"]),
    ("author_role", &["author_role", "author_association", "association", "role"]),
    ("date", &["date", "created_at", "timestamp", "time", "datetime", "created", "sent_at"]),
    ("subject", &["subject", "title", "issue_title"]),
    ("list_or_repo", &["list_or_repo", "list", "repo", "repository"]),
];

/// Which column holds which field, where the names of the columns do not say so themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(Vec<(&'static str, String)>);

impl Columns {
    /// Adds one assignment in the form `FIELD=COLUMN`.
    pub fn add(&mut self, assignment: &str) -> Result<()> {
        let (field, column) = assignment.split_once('=').unwrap_or((assignment, ""));
        let known = FIELDS.iter().map(|(name, _)| *name).find(|name| *name == normalized(field));
        match (known, column) {
            (_, "") => {
                Err(ErrorKind::Format(format!("\"{assignment}\" is not of the form FIELD=COLUMN")).into())
            }
            (None, _) => {
                let names = FIELDS.map(|(name, _)| name).join(", ");
                Err(ErrorKind::Format(format!("no field is called \"{field}\"; there are {names}")).into())
            }
            (Some(field), column) => {
                self.0.push((field, column.to_owned()));
                Ok(())
            }
        }
    }

    /// True if a column of `header` holds the field, by name or as was said.
    pub fn holds(&self, field: &str, header: &[String]) -> bool {
        self.fields(header).into_iter().flatten().any(|held| held == field)
    }

    /// For each column of `header` the field that it holds; `None` where no column holds the text.
    pub(in crate::source) fn assign(&self, header: &[String]) -> Option<Vec<Option<&'static str>>> {
        let fields = self.fields(header);
        fields.contains(&Some("text")).then_some(fields)
    }

    fn fields(&self, header: &[String]) -> Vec<Option<&'static str>> {
        let mut fields = vec![None; header.len()];
        for (field, synonyms) in FIELDS {
            let wanted = self.0.iter().rev().find(|(name, _)| *name == field);
            let at = match wanted {
                Some((_, column)) => header.iter().position(|name| name == column),
                None => synonyms.iter().find_map(|it| header.iter().position(|name| normalized(name) == *it)),
            };
            match at.and_then(|at| fields.get_mut(at)) {
                Some(slot) if wanted.is_some() || slot.is_none() => *slot = Some(field),
                _ => {}
            }
        }
        fields
    }

    /// True if a line that begins with `head` is a header: short names, one of them that of the text.
    pub(in crate::source) fn is_header(&self, head: &[u8], delimiter: u8) -> bool {
        let Some(header) = header_of(head, delimiter) else { return false };
        let plain = |name: &String| name.len() <= 40 && !name.contains(['.', '!', '?', '<', '{', '\n']);
        let fields = self.assign(&header);
        let known = fields.map_or(0, |fields| fields.iter().flatten().count());
        header.iter().all(plain) && known >= 2.min(header.len())
    }
}

impl FromStr for Columns {
    type Err = Error;

    fn from_str(assignment: &str) -> Result<Self> {
        let mut columns = Self::default();
        columns.add(assignment).map(|()| columns)
    }
}

/// The error for a table in which no column holds the text.
pub(in crate::source) fn no_text(header: &[String]) -> Error {
    let there = header.join(", ");
    let what = format!("no column holds the text (there are: {there}); name one with text=COLUMN");
    Error::new(ErrorKind::Format(what))
}

/// Names are compared without case, and with `_` for what else may join words.
fn normalized(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-', '.'], "_")
}

/// The cells of the first line.
fn header_of(head: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut record = ByteRecord::new();
    reader(head, delimiter).read_byte_record(&mut record).ok()?.then(|| names(&record))
}

pub(super) fn names(header: &ByteRecord) -> Vec<String> {
    let mut names: Vec<_> =
        header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    if let Some(first) = names.first_mut() {
        *first = first.trim_start_matches('\u{feff}').to_owned();
    }
    names
}

/// The delimiter that stands most often in the first line; a comma if none does.
pub(in crate::source) fn delimiter(head: &[u8]) -> u8 {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: &u8| line.iter().filter(|byte| *byte == delimiter).count();
    // Of equal counts the last is taken.
    *[b'|', b'\t', b';', b','].iter().max_by_key(|it| count(it)).unwrap_or(&b',')
}
