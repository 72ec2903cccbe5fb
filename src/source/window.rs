//! A stretch of a stream, line by line, with a look ahead.

use std::io::{self, BufRead};

use memchr::memchr;

/// A longer line is handed out in pieces of this length.
const MAX_PIECE: usize = 64 * 1024;

/// The part of a stream that is at hand. Results do not depend on how the reader cuts its data.
pub(super) struct Window<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    offset: u64,
    ended: bool,
    error: Option<io::Error>,
}

impl<R: BufRead> Window<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), start: 0, offset: 0, ended: false, error: None }
    }

    /// Says where in a longer stream the reader stands, before anything is read.
    pub(super) fn set_offset(&mut self, offset: u64) {
        self.offset = offset;
    }

    /// Bytes at hand.
    pub(super) fn data(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Offset in the stream of the first byte at hand.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Passes over the next `n` bytes at hand.
    pub(super) fn consume(&mut self, n: usize) {
        self.start += n;
        self.offset += n as u64;
    }

    /// The failure that ended the stream, once.
    pub(super) fn take_error(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    pub(super) fn failed(&self) -> bool {
        self.error.is_some()
    }

    /// Brings at least `n` bytes to hand, unless the stream ends before.
    pub(super) fn ensure(&mut self, n: usize) {
        if self.data().len() >= n || self.ended {
            return;
        }
        self.compact(n);
        // Some more than asked for, so that this happens once per many lines.
        while self.data().len() < n.max(2 * MAX_PIECE) && !self.ended {
            self.fill();
        }
    }

    /// Drops what has been consumed, once that is at least half: a byte is then moved once on average, however
    /// much a caller wants to look ahead and however little it consumes.
    fn compact(&mut self, n: usize) {
        if self.start < self.data().len() {
            return;
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        if self.buffer.capacity() > 16 * MAX_PIECE && n <= 4 * MAX_PIECE {
            self.buffer.shrink_to(4 * MAX_PIECE);
        }
    }

    fn fill(&mut self) {
        match self.reader.fill_buf() {
            Ok([]) => self.ended = true,
            Ok(bytes) => {
                let n = bytes.len();
                self.buffer.extend_from_slice(bytes);
                self.reader.consume(n);
            }
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            Err(err) => {
                self.error = Some(err);
                self.ended = true;
            }
        }
    }

    /// Length of the next line with its end, or of a piece of it; 0 at the end of the stream.
    pub(super) fn line_len(&mut self) -> usize {
        if let Some(at) = memchr(b'\n', &self.data()[..self.data().len().min(MAX_PIECE)]) {
            return at + 1;
        }
        self.ensure(MAX_PIECE);
        let piece = &self.data()[..self.data().len().min(MAX_PIECE)];
        memchr(b'\n', piece).map_or(piece.len(), |at| at + 1)
    }
}
