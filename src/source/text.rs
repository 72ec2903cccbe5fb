//! Plain text: the whole input is one message.

use std::io::BufRead;

use super::{
    Record,
    fields::made_up_id,
    lines::{Taken, take_bounded},
};
use crate::{
    error::{Error, Result, SharedPath},
    message::{Message, Position, Problem},
};

/// Reads the whole input, up to the limit, as one message.
pub struct TextSource<R> {
    reader: Option<R>,
    path: SharedPath,
    limit: usize,
    failed: Option<Error>,
}

impl<R: BufRead> TextSource<R> {
    /// Reads `reader`; what lies behind `limit` bytes is cut, and the record marked.
    pub fn new(reader: R, path: SharedPath, limit: usize) -> Self {
        Self { reader: Some(reader), path, limit, failed: None }
    }
}

impl<R: BufRead> Iterator for TextSource<R> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(mut reader) = self.reader.take() else { return self.failed.take().map(Err) };
        let mut bytes = Vec::new();
        let Taken { cut, failed, .. } = take_bounded(&mut reader, None, self.limit, &mut bytes);
        let failed = failed.map(|err| Error::io(err, &*self.path));
        if bytes.is_empty() {
            return failed.map(Err);
        }
        let position = Position { path: self.path.clone(), ordinal: 1, offset: 0 };
        let truncated = cut || failed.is_some();
        self.failed = failed;
        Some(Ok(Record { truncated, ..Record::new(bytes, position, decode_text) }))
    }
}

/// One message with the text as its body and nothing else.
fn decode_text(record: &Record) -> Vec<Result<Message>> {
    let bytes = record.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&record.bytes);
    let mut message = Message {
        id: made_up_id(&record.position, 0),
        body: String::from_utf8_lossy(bytes).into_owned(),
        position: record.position.clone(),
        problems: vec![Problem::NoId, Problem::NoDate, Problem::NoAuthor],
        ..Message::default()
    };
    if record.truncated {
        message.note(Problem::Truncated);
    }
    if message.body.len() != bytes.len() || message.body.as_bytes() != bytes {
        message.note(Problem::BadEncoding);
    }
    if message.body.trim().is_empty() {
        message.note(Problem::EmptyBody);
    }
    vec![Ok(message)]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::path::Path;

    use super::*;

    fn read(bytes: &[u8], limit: usize) -> Vec<Message> {
        let source = TextSource::new(bytes, Path::new("note.txt").into(), limit);
        source.flat_map(|record| record.unwrap().decode()).map(Result::unwrap).collect()
    }

    #[test]
    fn the_whole_input_is_one_message() {
        let messages = read(b"\xef\xbb\xbffirst line\n\nsecond paragraph\n", 1000);
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0].body, "first line\n\nsecond paragraph\n");
        assert_eq!(messages[0].id, "note.txt#1");
        assert!(messages[0].problems.contains(&Problem::NoId));
    }

    #[test]
    fn a_long_text_is_cut_and_marked() {
        let messages = read(&[b'a'; 100], 10);
        assert_eq!(messages[0].body.len(), 10);
        assert!(messages[0].problems.contains(&Problem::Truncated));
    }

    #[test]
    fn bytes_that_are_no_utf8_are_marked() {
        let messages = read(b"gr\xfc\xdfe", 100);
        assert!(messages[0].problems.contains(&Problem::BadEncoding));
    }

    #[test]
    fn no_bytes_no_message() {
        assert!(read(b"", 100).is_empty());
    }
}
