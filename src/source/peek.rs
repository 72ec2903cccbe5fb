//! Looking at the first bytes of a stream without taking them from it.

use std::io::{self, BufRead, Read};

/// A reader whose first bytes were read ahead and are given out again.
pub(super) struct Peeked<R> {
    head: Vec<u8>,
    given: usize,
    failed: Option<io::Error>,
    rest: R,
}

impl<R: Read> Peeked<R> {
    /// Reads `size` bytes ahead, fewer only where the stream ends before. An error comes out behind what was read.
    pub(super) fn new(mut rest: R, size: usize) -> Self {
        let mut head = Vec::new();
        let failed = rest.by_ref().take(size as u64).read_to_end(&mut head).err();
        Self { head, given: 0, failed, rest }
    }

    /// The bytes that were read ahead.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    /// The error that cut the reading ahead short, for a caller who will not read on.
    pub(super) fn take_failure(&mut self) -> Option<io::Error> {
        self.failed.take()
    }

    /// What of the head was not given out yet; frees its memory once it all was.
    fn pending(&mut self) -> &[u8] {
        if self.given >= self.head.len() && !self.head.is_empty() {
            self.head = Vec::new();
            self.given = 0;
        }
        &self.head[self.given..]
    }
}

impl<R: Read> Read for Peeked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let pending = self.pending();
        if !pending.is_empty() {
            let length = pending.len().min(buf.len());
            buf[..length].copy_from_slice(&pending[..length]);
            self.given += length;
            return Ok(length);
        }
        match self.failed.take() {
            Some(err) => Err(err),
            None => self.rest.read(buf),
        }
    }
}

impl<R: BufRead> BufRead for Peeked<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.pending().is_empty() {
            return match self.failed.take() {
                Some(err) => Err(err),
                None => self.rest.fill_buf(),
            };
        }
        Ok(&self.head[self.given..])
    }

    fn consume(&mut self, amount: usize) {
        if self.given < self.head.len() {
            self.given += amount;
        } else {
            self.rest.consume(amount);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Gives one byte at a time, as a slow pipe may, and fails at the end.
    struct Slow(&'static [u8]);

    impl Read for Slow {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let [first, rest @ ..] = self.0 else { return Err(io::Error::other("gone")) };
            self.0 = rest;
            buf[0] = *first;
            Ok(1)
        }
    }

    #[test]
    fn the_head_is_seen_and_still_read() {
        let mut peeked = Peeked::new(Slow(b"abcdef"), 4);
        assert_eq!(peeked.head(), b"abcd");
        let mut read = Vec::new();
        assert_eq!(peeked.read_to_end(&mut read).unwrap_err().to_string(), "gone");
        assert_eq!(read, b"abcdef");
    }

    #[test]
    fn an_error_while_peeking_comes_behind_what_was_read() {
        let mut peeked = Peeked::new(io::BufReader::new(Slow(b"ab")), 9);
        let mut line = Vec::new();
        assert!(peeked.read_until(b'\n', &mut line).is_err());
        assert_eq!(line, b"ab");
        assert!(peeked.take_failure().is_none(), "it was given out");
    }

    #[test]
    fn both_ways_of_reading_may_be_mixed() {
        let mut peeked = Peeked::new(&b"one\ntwo\nthree"[..], 6);
        let mut line = String::new();
        peeked.read_line(&mut line).unwrap();
        let mut two = [0; 3];
        peeked.read_exact(&mut two).unwrap();
        peeked.read_to_string(&mut line).unwrap();
        assert_eq!((line.as_str(), &two), ("one\n\nthree", b"two"));
    }
}
