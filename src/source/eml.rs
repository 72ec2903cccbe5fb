//! A single message in a file of its own (`.eml`).

use std::{
    io::{self, Read},
    sync::Arc,
};

use super::{Record, mime::decode_mail};
use crate::{
    error::{Error, ErrorKind, Result},
    message::Position,
};

/// Source of the one message that a stream holds.
pub struct EmlSource<R> {
    reader: Option<R>,
    path: Arc<std::path::Path>,
    limit: usize,
}

impl<R: Read + Send> EmlSource<R> {
    /// Reads the message from `reader`, of which at most `limit` bytes are kept.
    pub fn new(reader: R, path: Arc<std::path::Path>, limit: usize) -> Self {
        Self { reader: Some(reader), path, limit }
    }
}

impl<R: Read + Send> Iterator for EmlSource<R> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        self.reader.take().map(|reader| read_record(reader, &self.path, self.limit))
    }
}

/// The whole of `reader`, up to `limit` bytes, as one record. An empty file is damage, not a message.
pub(super) fn read_record(reader: impl Read, path: &Arc<std::path::Path>, limit: usize) -> Result<Record> {
    let position = Position { path: path.clone(), ordinal: 1, offset: 0 };
    let mut bytes = Vec::new();
    // One byte more than is kept tells whether there is more.
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    if let Err(err) = reader.take(most).read_to_end(&mut bytes) {
        return Err(Error::from(ErrorKind::Io(err)).with_position(position));
    }
    if bytes.is_empty() {
        return Err(Error::new(ErrorKind::Damaged("empty file".into())).with_position(position));
    }
    let truncated = bytes.len() > limit;
    bytes.truncate(limit);
    Ok(Record { bytes, position, decoder: decode_mail, truncated, envelope_date: None })
}

/// Opens `path` only if it is a regular file: a FIFO would block for ever, a link may lead in circles.
pub(super) fn open_regular(path: &std::path::Path) -> Result<std::fs::File> {
    let refused = |what: &str| Error::new(ErrorKind::Damaged(format!("{what}, not read"))).with_path(path);
    let kind = path.symlink_metadata().map_err(|err| Error::io(err, path))?.file_type();
    if kind.is_symlink() {
        return Err(refused("symbolic link"));
    }
    if !kind.is_file() {
        return Err(refused(if kind.is_dir() { "directory" } else { "not a regular file" }));
    }
    std::fs::File::open(path).map_err(|err: io::Error| Error::io(err, path))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(bytes: &[u8], limit: usize) -> Vec<Result<Record>> {
        EmlSource::new(bytes, std::path::Path::new("a.eml").into(), limit).collect()
    }

    #[test]
    fn one_file_is_one_record() {
        let records = read(b"Subject: a\n\nFrom here on\n\nFrom b Mon Jan  2 15:04:05 2006\nTo: c\n", 1000);
        assert_eq!(records.len(), 1);
        let messages = records[0].as_ref().unwrap().decode();
        assert_eq!(messages.len(), 1);
        assert!(messages[0].as_ref().unwrap().body.ends_with("To: c\n"));
    }

    #[test]
    fn an_empty_file_is_reported() {
        let records = read(b"", 10);
        assert_eq!(records.len(), 1);
        assert_eq!(records[0].as_ref().unwrap_err().to_string(), "a.eml: message 1, byte 0: empty file");
    }

    #[test]
    fn long_files_are_cut() {
        for (limit, kept, truncated) in [(11, 11, true), (12, 12, false), (usize::MAX, 12, false)] {
            let records = read(b"Subject: a\n\n", limit);
            let record = records[0].as_ref().unwrap();
            assert_eq!((record.bytes.len(), record.truncated), (kept, truncated));
        }
    }
}
