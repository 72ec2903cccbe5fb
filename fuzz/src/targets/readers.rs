//! Readers of all formats, and decompression.

use std::io::{Cursor, Read};

use undue::{
    Message,
    source::{self, Format, Limits, Options},
};

use super::choice;

/// Small enough that a fuzzer gets there.
const LIMITS: Limits = Limits { record_bytes: 64 << 10, decompressed_bytes: 1 << 20, ratio: 1000 };
/// Bytes of a field; see `docs/limits.md`.
const MAX_FIELD: usize = 8 << 10;

/// Mail: mbox, pipermail, a single message, text, or whatever it is taken for.
pub fn mail(data: &[u8]) {
    let formats = [Some(Format::Mbox), Some(Format::Pipermail), Some(Format::Eml), Some(Format::Text), None];
    read_as(data, &formats);
}

/// JSON: lines, GitHub's objects, events of GH Archive, or whatever it is taken for.
pub fn json(data: &[u8]) {
    read_as(data, &[Some(Format::Jsonl), Some(Format::Github), Some(Format::GhArchive), None]);
}

/// Tables.
pub fn table(data: &[u8]) {
    read_as(data, &[Some(Format::Csv), Some(Format::Tsv), None]);
}

/// Compressed streams, whole and in small pieces.
pub fn decompression(data: &[u8]) {
    let records = |piece| {
        let stream = Pieces { bytes: Cursor::new(data.to_vec()), piece };
        let options = Options { limits: LIMITS, ..Options::default() };
        let items = source::read(stream, "in", Some(Format::Text), &options);
        items
            .map(|it| it.map(|it| (it.bytes, it.truncated)).map_err(|err| err.to_string()))
            .collect::<Vec<_>>()
    };
    let whole = records(usize::MAX);
    assert!(whole.iter().flatten().all(|(bytes, _)| bytes.len() <= LIMITS.record_bytes));
    let pieces = records(7);
    if whole.iter().all(Result::is_ok) || pieces.iter().all(Result::is_ok) {
        return assert_eq!(whole, pieces, "the same in pieces");
    }
    // Of a damaged stream, the decoder of gzip drops what it wrote in the very call that found the damage.
    let text = |items: &[Result<(Vec<u8>, bool), String>]| {
        items.iter().flatten().flat_map(|it| it.0.clone()).collect::<Vec<_>>()
    };
    let (whole, pieces) = (text(&whole), text(&pieces));
    assert!(pieces.starts_with(&whole) || whole.starts_with(&pieces), "what both gave is the same");
}

/// Gives at most `piece` bytes at a time.
struct Pieces {
    bytes: Cursor<Vec<u8>>,
    piece: usize,
}

impl Read for Pieces {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let length = buf.len().min(self.piece);
        self.bytes.read(&mut buf[..length])
    }
}

fn read_as(data: &[u8], formats: &[Option<Format>]) {
    let (first, bytes) = choice(data);
    let format = formats[usize::from(first) % formats.len()];
    let whole = read(bytes, format, usize::MAX);
    assert_eq!(whole, read(bytes, format, 13), "the same in pieces");
}

/// Messages and errors, in order.
fn read(bytes: &[u8], format: Option<Format>, piece: usize) -> Vec<Result<Message, String>> {
    let stream = Pieces { bytes: Cursor::new(bytes.to_vec()), piece };
    let options = Options { limits: LIMITS, ..Options::default() };
    let (mut all, mut texts, mut decoded) = (Vec::new(), 0, 0);
    for item in source::read(stream, "in", format, &options) {
        match item {
            Ok(record) => {
                assert!(record.bytes.len() <= LIMITS.record_bytes * 6 + 4096, "escapes make a row longer");
                decoded += record.bytes.len();
                let messages = record.decode().into_iter().map(|it| it.map_err(|err| err.to_string()));
                all.extend(messages.inspect(|it| {
                    texts += it.as_ref().map_or(0, check);
                }));
            }
            Err(err) => all.push(Err(err.to_string())),
        }
    }
    let messages = all.iter().flatten().count();
    assert!(texts <= 10 * decoded + 8192 * messages, "{texts} bytes of text in {decoded}");
    assert!(all.len() <= bytes.len().max(decoded) + 2, "{} items in {} bytes", all.len(), bytes.len());
    all
}

/// Checks a message; how many bytes of text it holds.
fn check(message: &Message) -> usize {
    let Message { id, thread, parent, references, author, subject, list, body, .. } = message;
    assert!(!id.is_empty(), "every message has an id");
    let required = [id, subject, &author.name, &author.address, &author.role];
    let stated = [thread, parent, list];
    let fields = required.into_iter().chain(stated.into_iter().flatten()).chain(references);
    let sum: usize = fields.inspect(|field| assert!(field.len() <= MAX_FIELD)).map(String::len).sum();
    assert!(references.len() <= 1000);
    sum + body.len()
}
