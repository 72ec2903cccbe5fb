//! CSV and TSV with a header line. Each row becomes a record in the schema of [`jsonl`].

use std::{
    io::{self, BufRead, Read},
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

mod columns;

pub use columns::Columns;
use columns::names;
pub(super) use columns::{delimiter, no_text};

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
            return Err(no_text(&header).with_path(&*path));
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
    let Some(last) = row.iter().next_back().and_then(|cell| cell.strip_suffix(END)).map(<[u8]>::to_vec)
    else {
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
pub(super) fn push_escaped(cell: &[u8], out: &mut Vec<u8>) {
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
