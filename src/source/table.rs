//! CSV and TSV with a header line. Each row becomes a record in the schema of [`jsonl`](super::jsonl).

use std::{
    io::{self, BufRead, Read},
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use csv::ByteRecord;

use super::{Record, jsonl};
use crate::{
    error::{Error, ErrorKind, Result, SharedPath},
    message::Position,
};

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

    /// For each column of `header` the field that it holds; `None` where no column holds the text.
    pub(super) fn assign(&self, header: &[String]) -> Option<Vec<Option<&'static str>>> {
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
        fields.contains(&Some("text")).then_some(fields)
    }

    /// True if a line that begins with `head` is a header: short names, one of them that of the text.
    pub(super) fn is_header(&self, head: &[u8], delimiter: u8) -> bool {
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

/// Names are compared without case, and with `_` for what else may join words.
fn normalized(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-', '.'], "_")
}

/// The cells of the first line.
fn header_of(head: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut record = ByteRecord::new();
    reader(head, delimiter).read_byte_record(&mut record).ok()?.then(|| names(&record))
}

fn names(header: &ByteRecord) -> Vec<String> {
    let mut names: Vec<_> =
        header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    if let Some(first) = names.first_mut() {
        *first = first.trim_start_matches('\u{feff}').to_owned();
    }
    names
}

/// The delimiter that stands most often in the first line; a comma if none does.
pub(super) fn delimiter(head: &[u8]) -> u8 {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: &u8| line.iter().filter(|byte| *byte == delimiter).count();
    // Of equal counts the last is taken.
    *[b'|', b'\t', b';', b','].iter().max_by_key(|it| count(it)).unwrap_or(&b',')
}

fn reader<R: Read>(input: R, delimiter: u8) -> csv::Reader<R> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(input)
}

/// Ends every table, to tell whether a quote was still open there; no table holds it.
const END: &[u8] = b"\n\x1dend of table\x1d\n";

/// Lets a row read no more than a budget, which is filled up before each row: a quote that is never closed would
/// take the whole file into memory.
struct Budgeted<R> {
    inner: R,
    left: Arc<AtomicU64>,
}

impl<R: Read> Read for Budgeted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            let what = "a row is longer than the limit; maybe a quote in it is not closed";
            return Err(io::Error::other(Error::new(ErrorKind::Limit(what.into()))));
        }
        let room = buf.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let length = self.inner.read(&mut buf[..room])?;
        self.left.fetch_sub(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

type TableReader<R> = csv::Reader<Budgeted<io::Chain<R, &'static [u8]>>>;

/// One record for each row, in order; a row of another width than the header is reported as well.
pub(super) struct TableSource<R> {
    rows: TableReader<R>,
    budget: Arc<AtomicU64>,
    path: SharedPath,
    limit: u64,
    fields: Vec<Option<&'static str>>,
    /// A record whose report was given out before it.
    waiting: Option<Record>,
    ordinal: u64,
    done: bool,
}

impl<R: BufRead> TableSource<R> {
    /// Reads the header; an error if no column holds the text of messages.
    pub(super) fn new(
        reader_of: R,
        delimiter: u8,
        columns: &Columns,
        path: SharedPath,
        limit: usize,
    ) -> Result<Self> {
        let limit = limit as u64;
        let budget = Arc::new(AtomicU64::new(limit));
        let mut rows = reader(Budgeted { inner: reader_of.chain(END), left: budget.clone() }, delimiter);
        let mut header = ByteRecord::new();
        rows.read_byte_record(&mut header).map_err(|err| table_error(err, &path))?;
        let header = names(&header);
        let Some(fields) = columns.assign(&header) else {
            let what = format!(
                "no column holds the text (there are: {}); name one with text=COLUMN",
                header.join(", ")
            );
            return Err(Error::new(ErrorKind::Format(what)).with_path(&*path));
        };
        Ok(Self { rows, budget, path, limit, fields, waiting: None, ordinal: 0, done: false })
    }

    fn place(&self, row: &ByteRecord) -> Position {
        let offset = row.position().map_or(0, csv::Position::byte);
        Position { path: self.path.clone(), ordinal: self.ordinal, offset }
    }

    /// What is to be said of the shape of `row`.
    fn fault(&self, row: &ByteRecord, unclosed: bool) -> Option<Error> {
        let (found, expected) = (row.len(), self.fields.len());
        let what = if unclosed {
            "a quote is never closed: the rest of the file is in this row".to_owned()
        } else if found != expected {
            format!("a row of {found} cells under a header of {expected}")
        } else {
            return None;
        };
        Some(Error::new(ErrorKind::Damaged(what)).with_position(self.place(row)))
    }

    fn read_row(&mut self) -> Option<Result<Record>> {
        self.budget.store(self.limit, Ordering::Relaxed);
        let mut row = ByteRecord::new();
        match self.rows.read_byte_record(&mut row) {
            Ok(false) => return None,
            Ok(true) => {}
            Err(err) => {
                self.done = true;
                return Some(Err(table_error(err, &self.path)));
            }
        }
        if row.len() == 1 && row[0] == END[1..END.len() - 1] {
            return None;
        }
        self.ordinal += 1;
        let unclosed = without_end(&mut row);
        let record = Record::new(to_json(&row, &self.fields), self.place(&row), jsonl::decode);
        match self.fault(&row, unclosed) {
            Some(fault) => {
                self.waiting = Some(record);
                Some(Err(fault))
            }
            None => Some(Ok(record)),
        }
    }
}

impl<R: BufRead> Iterator for TableSource<R> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(record) = self.waiting.take() {
            return Some(Ok(record));
        }
        if self.done { None } else { self.read_row() }
    }
}

/// Takes the mark of the end off the last cell; true if it was there, because a quote had swallowed it.
fn without_end(row: &mut ByteRecord) -> bool {
    let Some(last) = row.iter().last().and_then(|cell| cell.strip_suffix(END)).map(<[u8]>::to_vec) else {
        return false;
    };
    let position = row.position().cloned();
    row.truncate(row.len() - 1);
    row.push_field(&last);
    row.set_position(position);
    true
}

/// The row as a JSON object. Cells beyond the header belong to the text: they come from delimiters that no quote
/// protects, and text is where those stand.
fn to_json(row: &ByteRecord, fields: &[Option<&'static str>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(row.as_slice().len() + 100);
    out.push(b'{');
    for (field, cell) in fields.iter().zip(row).filter_map(|(field, cell)| field.map(|field| (field, cell))) {
        if out.len() > 1 {
            out.push(b',');
        }
        out.extend_from_slice(format!("\"{field}\":\"").as_bytes());
        push_escaped(cell, &mut out);
        if field == "text" {
            for cell in row.iter().skip(fields.len()) {
                out.extend_from_slice(b"\\n");
                push_escaped(cell, &mut out);
            }
        }
        out.push(b'"');
    }
    out.push(b'}');
    out
}

/// The cell as it stands in a JSON string. Bytes that are no UTF-8 are left for the decoder, who notes them.
fn push_escaped(cell: &[u8], out: &mut Vec<u8>) {
    for &byte in cell {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            0..=0x1f => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
}

fn table_error(err: csv::Error, path: &SharedPath) -> Error {
    match err.into_kind() {
        csv::ErrorKind::Io(err) => Error::io(err, &**path),
        other => Error::new(ErrorKind::Damaged(format!("{other:?}"))).with_path(&**path),
    }
}

#[cfg(test)]
mod tests;
