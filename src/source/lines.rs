//! Cutting a stream at line ends with bounded memory: the frame of all formats of one record per line.

use std::io::{self, BufRead};

use super::{Decoder, Record};
use crate::{
    error::{Error, Result, SharedPath},
    message::Position,
};

/// What [`take_bounded`] took from the stream.
pub(super) struct Taken {
    /// Bytes taken, more than were kept where the limit was reached.
    pub(super) consumed: u64,
    /// True where bytes were left out because of the limit.
    pub(super) cut: bool,
    /// The error that ended the stream.
    pub(super) failed: Option<io::Error>,
}

/// Takes bytes up to and including `stop` (or all of them), keeping at most `limit` in `kept`.
pub(super) fn take_bounded(
    reader: &mut impl BufRead,
    stop: Option<u8>,
    limit: usize,
    kept: &mut Vec<u8>,
) -> Taken {
    let mut taken = Taken { consumed: 0, cut: false, failed: None };
    loop {
        let available = match reader.fill_buf() {
            Ok([]) => return taken,
            Ok(bytes) => bytes,
            Err(err) if err.kind() == io::ErrorKind::Interrupted => continue,
            Err(err) => return Taken { failed: Some(err), ..taken },
        };
        let end = stop.and_then(|stop| memchr::memchr(stop, available)).map(|at| at + 1);
        let length = end.unwrap_or(available.len());
        let room = limit - kept.len().min(limit);
        kept.extend_from_slice(&available[..length.min(room)]);
        taken.cut |= length > room;
        taken.consumed += length as u64;
        reader.consume(length);
        if end.is_some() {
            return taken;
        }
    }
}

/// One record for each line that is not blank; the ordinal of a record is the number of its line.
pub(super) struct LineSource<R> {
    reader: R,
    path: SharedPath,
    limit: usize,
    decoder: Decoder,
    line: u64,
    offset: u64,
    failed: Option<Error>,
    done: bool,
}

impl<R: BufRead> LineSource<R> {
    pub(super) fn new(reader: R, path: SharedPath, limit: usize, decoder: Decoder) -> Self {
        Self { reader, path, limit, decoder, line: 0, offset: 0, failed: None, done: false }
    }

    /// The same, of a reader that stands at `offset`, behind `lines` lines.
    pub(super) fn at(mut self, offset: u64, lines: u64) -> Self {
        (self.offset, self.line) = (offset, lines);
        self
    }

    /// The next line without its end and where it stands, or `None` at the end of the stream.
    fn next_line(&mut self) -> Option<Record> {
        let mut bytes = Vec::new();
        let taken = take_bounded(&mut self.reader, Some(b'\n'), self.limit, &mut bytes);
        self.done = taken.failed.is_some() || taken.consumed == 0;
        self.line += 1;
        let position = Position { path: self.path.clone(), ordinal: self.line, offset: self.offset };
        self.offset += taken.consumed;
        let truncated = taken.cut || taken.failed.is_some();
        self.failed = taken.failed.map(|err| Error::io(err, &*self.path));
        if self.line == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        (taken.consumed > 0).then(|| Record { truncated, ..Record::new(bytes, position, self.decoder) })
    }
}

impl<R: BufRead> Iterator for LineSource<R> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            if let Some(record) = self.next_line()
                && !record.bytes.trim_ascii().is_empty()
            {
                return Some(Ok(record));
            }
        }
        self.failed.take().map(Err)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::{
        io::{BufReader, Read},
        path::Path,
    };

    use super::*;

    fn lines(reader: impl BufRead, limit: usize) -> Vec<Result<Record>> {
        LineSource::new(reader, Path::new("f").into(), limit, |_| Vec::new()).collect()
    }

    #[test]
    fn blank_lines_count_but_are_no_records() {
        let records = lines(&b"\xef\xbb\xbfone\n\n  \r\ntwo"[..], 100);
        let seen: Vec<_> = records
            .iter()
            .map(|record| record.as_ref().unwrap())
            .map(|record| (record.bytes.trim_ascii_end(), record.position.ordinal, record.position.offset))
            .collect();
        assert_eq!(seen, [(&b"one"[..], 1, 0), (&b"two"[..], 4, 12)]);
    }

    #[test]
    fn a_long_line_is_cut_and_the_next_one_is_whole() {
        let records = lines(BufReader::with_capacity(3, &b"0123456789\nab\n"[..]), 4);
        let records: Vec<_> = records.into_iter().map(Result::unwrap).collect();
        assert_eq!((records[0].bytes.as_slice(), records[0].truncated), (&b"0123"[..], true));
        assert_eq!((records[1].bytes.as_slice(), records[1].truncated), (&b"ab\n"[..], false));
        assert_eq!(records[1].position.offset, 11);
    }

    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }

    #[test]
    fn a_broken_stream_gives_what_was_read_and_then_the_error() {
        let mut records = lines(BufReader::new((&b"one\ntw"[..]).chain(Broken)), 100).into_iter();
        assert!(!records.next().unwrap().unwrap().truncated);
        let cut = records.next().unwrap().unwrap();
        assert_eq!((cut.bytes.as_slice(), cut.truncated), (&b"tw"[..], true));
        assert_eq!(records.next().unwrap().unwrap_err().to_string(), "f: gone");
        assert!(records.next().is_none());
    }
}
