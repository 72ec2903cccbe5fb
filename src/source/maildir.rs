//! Stand-in until the mail formats are merged: one record for each file in `cur` and `new`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Record, mime::decode_mail};
use crate::{
    error::{Error, Result},
    message::Position,
};

/// Stand-in.
pub struct MaildirSource {
    files: std::vec::IntoIter<PathBuf>,
}

impl MaildirSource {
    /// Stand-in.
    pub fn new(dir: &Path, _limit: usize) -> Self {
        let entries = ["cur", "new"].map(|sub| fs::read_dir(dir.join(sub)).into_iter().flatten());
        let mut files: Vec<_> = entries.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        files.sort();
        Self { files: files.into_iter() }
    }
}

impl Iterator for MaildirSource {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        let path = self.files.next()?;
        let position = Position { path: path.as_path().into(), ordinal: 1, offset: 0 };
        Some(match fs::read(&path) {
            Ok(bytes) => Ok(Record::new(bytes, position, decode_mail)),
            Err(err) => Err(Error::io(err, path)),
        })
    }
}
