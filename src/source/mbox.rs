//! Stand-in until the mail formats are merged: the whole input as one mail.

use std::io::BufRead;

use super::{Record, mime::decode_mail, text::TextSource};
use crate::error::{Result, SharedPath};

/// Stand-in.
pub struct MboxSource<R>(TextSource<R>);

impl<R: BufRead> MboxSource<R> {
    /// Stand-in.
    pub fn new(reader: R, path: SharedPath, limit: usize) -> Self {
        Self(TextSource::new(reader, path, limit))
    }
}

impl<R: BufRead> Iterator for MboxSource<R> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.0.next()?.map(|record| Record { decoder: decode_mail, ..record }))
    }
}
