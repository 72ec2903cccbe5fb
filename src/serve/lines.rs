//! Lines out of a stream, in bounded memory.

use memchr::memchr;

/// Cuts a stream into lines. A line that is too long is passed over as it comes and told as such.
#[derive(Debug)]
pub struct Lines {
    limit: usize,
    buffer: Vec<u8>,
    /// Bytes of `buffer` that were given out.
    done: usize,
    /// Bytes of `buffer` behind `done` that are known to hold no line end.
    searched: usize,
    /// In a line that was too long.
    skipping: bool,
}

/// A line without its line end.
#[derive(Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// All of it.
    Whole(&'a [u8]),
    /// It was longer than the limit, and is lost.
    TooLong,
}

impl Lines {
    /// Lines of at most `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { limit, buffer: Vec::new(), done: 0, searched: 0, skipping: false }
    }

    /// Takes the next bytes of the stream.
    pub fn push(&mut self, mut bytes: &[u8]) {
        if self.skipping {
            let Some(at) = memchr(b'\n', bytes) else { return };
            // The line end stays: the line is told where it ends.
            bytes = &bytes[at..];
        }
        self.buffer.drain(..self.done);
        self.done = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next line, if all of it has come.
    pub fn take_next(&mut self) -> Option<Line<'_>> {
        let start = self.done;
        match memchr(b'\n', &self.buffer[start + self.searched..]) {
            Some(at) => {
                let end = start + self.searched + at;
                self.done = end + 1;
                self.searched = 0;
                if std::mem::take(&mut self.skipping) || end - start > self.limit {
                    return Some(Line::TooLong);
                }
                let line = &self.buffer[start..end];
                Some(Line::Whole(line.strip_suffix(b"\r").unwrap_or(line)))
            }
            None => {
                self.searched = self.buffer.len() - start;
                if self.searched > self.limit {
                    self.skipping = true;
                    self.clear();
                } else if self.searched == 0 {
                    self.clear();
                }
                None
            }
        }
    }

    /// True between lines: nothing of the next one has come.
    pub fn is_between(&self) -> bool {
        !self.skipping && self.done == self.buffer.len()
    }

    /// A long line's memory is not kept for the short ones behind it.
    fn clear(&mut self) {
        self.buffer.clear();
        self.buffer.shrink_to(64 << 10);
        (self.done, self.searched) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(bytes: &[u8], chunk: usize, limit: usize) -> Vec<Option<Vec<u8>>> {
        let mut lines = Lines::new(limit);
        let mut all = Vec::new();
        for chunk in bytes.chunks(chunk) {
            lines.push(chunk);
            while let Some(line) = lines.take_next() {
                all.push(match line {
                    Line::Whole(line) => Some(line.to_vec()),
                    Line::TooLong => None,
                });
            }
            assert!(lines.buffer.len() <= limit + chunk.len(), "bounded");
        }
        all
    }

    #[test]
    fn a_long_line_is_lost_alone() {
        let text = b"a\r\n\nlonger than ten\nb\nexactly 10\nunfinished";
        let expected = [Some(&b"a"[..]), Some(b""), None, Some(b"b"), Some(b"exactly 10")];
        for chunk in 1..text.len() {
            let found = lines(text, chunk, 10);
            assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), expected, "{chunk}");
        }
    }

    proptest! {
        #[test]
        fn chunks_make_no_difference(
            bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), any::<u8>()], 0..200),
            chunk in 1usize..50,
        ) {
            prop_assert_eq!(lines(&bytes, chunk, 8), lines(&bytes, 500, 8));
        }
    }
}
