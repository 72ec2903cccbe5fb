//! Cutting JSON into its objects, whether they stand in a list, in lists of lists, or one behind the other.
//!
//! Lists are opened and their elements taken one at a time, so that memory is bounded by the largest object and
//! not by the list (`gh api --paginate` writes one list behind the other, with `--slurp` a list of lists).

use std::io::{self, BufRead};

use super::{Decoder, Record};
use crate::{
    error::{Error, Result, SharedPath},
    message::Position,
};

/// One record for each object, and for each piece of anything else that stands between objects.
pub(super) struct ValueSource<R> {
    reader: R,
    path: SharedPath,
    limit: usize,
    decoder: Decoder,
    ordinal: u64,
    offset: u64,
    failed: Option<Error>,
    done: bool,
}

/// Where in an object the scan is.
#[derive(Default)]
struct Scan {
    depth: u64,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// How many of `bytes` belong to the value, and whether it ends with them.
    fn advance(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while at < bytes.len() {
            if self.in_string {
                at += self.pass_string(&bytes[at..]);
                continue;
            }
            match bytes[at] {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
            if self.depth == 0 {
                return (at, true);
            }
        }
        (at, false)
    }

    /// Passes over a string, as far as it goes in `bytes`.
    fn pass_string(&mut self, bytes: &[u8]) -> usize {
        if std::mem::take(&mut self.escaped) {
            return 1;
        }
        let Some(at) = memchr::memchr2(b'"', b'\\', bytes) else { return bytes.len() };
        self.escaped = bytes[at] == b'\\';
        self.in_string = self.escaped;
        at + 1
    }
}

impl<R: BufRead> ValueSource<R> {
    pub(super) fn new(reader: R, path: SharedPath, limit: usize, decoder: Decoder) -> Self {
        Self { reader, path, limit, decoder, ordinal: 0, offset: 0, failed: None, done: false }
    }

    /// The next bytes, empty at the end of the stream; an error is kept for later.
    fn available(&mut self) -> &[u8] {
        loop {
            match self.reader.fill_buf() {
                Ok(_) => break,
                Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                Err(err) => {
                    self.failed = Some(Error::io(err, &*self.path));
                    self.done = true;
                    return &[];
                }
            }
        }
        // The borrow checker does not see that the loop above ended with this very buffer.
        self.reader.fill_buf().unwrap_or_default()
    }

    fn consume(&mut self, length: usize) {
        self.reader.consume(length);
        self.offset += length as u64;
    }

    /// Passes over what may stand between objects and returns the first byte of what comes then.
    fn skip_between(&mut self) -> Option<u8> {
        loop {
            let available = self.available();
            if available.is_empty() {
                return None;
            }
            let between = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']');
            // A byte order mark may stand at the start alone, but it harms nowhere else.
            let between = |byte: &u8| between(byte) || matches!(byte, 0xef | 0xbb | 0xbf);
            match available.iter().position(|byte| !between(byte)) {
                Some(at) => {
                    let byte = available[at];
                    self.consume(at);
                    return Some(byte);
                }
                None => {
                    let length = available.len();
                    self.consume(length);
                }
            }
        }
    }

    /// Takes a value that begins with `first`; true: it is not all there.
    fn take_value(&mut self, first: u8, kept: &mut Vec<u8>) -> bool {
        let mut scan = Scan::default();
        let limit = self.limit;
        let mut cut = false;
        loop {
            let available = self.available();
            if available.is_empty() {
                return cut || self.failed.is_some();
            }
            let (length, ended) =
                if first == b'{' { scan.advance(available) } else { pass_scalar(available) };
            let room = limit - kept.len().min(limit);
            kept.extend_from_slice(&available[..length.min(room)]);
            cut |= length > room;
            self.consume(length);
            if ended {
                return cut;
            }
        }
    }
}

/// How many of `bytes` belong to a value that is neither object nor list, and whether it ends with them.
fn pass_scalar(bytes: &[u8]) -> (usize, bool) {
    match bytes.iter().position(|byte| matches!(byte, b'\n' | b'{' | b'[')) {
        Some(at) => (at, true),
        None => (bytes.len(), false),
    }
}

impl<R: BufRead> Iterator for ValueSource<R> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = if self.done { None } else { self.skip_between() };
        let Some(first) = first else {
            self.done = true;
            return self.failed.take().map(Err);
        };
        self.ordinal += 1;
        let position = Position { path: self.path.clone(), ordinal: self.ordinal, offset: self.offset };
        let mut bytes = Vec::new();
        let truncated = self.take_value(first, &mut bytes);
        Some(Ok(Record { truncated, ..Record::new(bytes, position, self.decoder) }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::{io::BufReader, path::Path};

    use proptest::prelude::*;

    use super::*;

    fn values(json: &[u8], capacity: usize, limit: usize) -> Vec<Record> {
        let reader = BufReader::with_capacity(capacity, json);
        ValueSource::new(reader, Path::new("f").into(), limit, |_| Vec::new()).map(Result::unwrap).collect()
    }

    fn texts(json: &str) -> Vec<String> {
        let texts = |capacity| {
            let records = values(json.as_bytes(), capacity, 1000);
            records.into_iter().map(|record| String::from_utf8(record.bytes).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(texts(1), texts(1000), "the size of the buffer makes a difference");
        texts(7)
    }

    #[test]
    fn objects_are_found_wherever_they_stand() {
        let (a, b) = (r#"{"a": [1, {"x": "}\"]\\"}]}"#, r#"{"b": 2}"#);
        for json in [
            format!("{a}{b}"),
            format!("{a}\n{b}\n"),
            format!("[{a},{b}]"),
            format!("\u{feff}[ {a} ,\n {b} ]\n[]"),
            format!("[[{a}],[{b}]]"),
            format!("[{a}][{b}]"),
        ] {
            assert_eq!(texts(&json), [a, b], "{json}");
        }
    }

    #[test]
    fn nothing_between_objects_is_lost() {
        assert_eq!(texts("[1, \"a\"]\n{}x y\n{"), ["1, \"a\"]", "{}", "x y", "{"]);
        assert!(texts("").is_empty() && texts(" [ ] ").is_empty());
    }

    #[test]
    fn positions_are_offsets_in_the_file() {
        let records = values(b"[{},\n {\"a\": 1}]", 4, 100);
        let places: Vec<_> =
            records.iter().map(|record| (record.position.ordinal, record.position.offset)).collect();
        assert_eq!(places, [(1, 1), (2, 6)]);
    }

    #[test]
    fn a_large_object_is_cut_and_the_next_one_is_whole() {
        let records = values(br#"[{"a": "0123456789"}, {"b": 1}]"#, 8, 10);
        let seen: Vec<_> = records.iter().map(|record| (record.bytes.as_slice(), record.truncated)).collect();
        assert_eq!(seen, [(&br#"{"a": "012"#[..], true), (&br#"{"b": 1}"#[..], false)]);
    }

    #[test]
    fn deep_nesting_costs_nothing() {
        let deep = "{\"a\":".repeat(200_000);
        assert_eq!(values(deep.as_bytes(), 4096, 1000).len(), 1);
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_records(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            values(&bytes, 16, 50);
        }
    }
}
