//! Reading archives: one trait, one file per format. This side does I/O; it knows nothing of models.
//!
//! A [`Source`] cuts an input into [`Record`]s, cheaply and in order, holding one record at a time. Decoding a
//! record into messages ([`Record::decode`]) is pure and needs no source, so that it can run on any thread.

use crate::{
    error::Result,
    files::in_patch,
    message::{Date, Message, Position},
};

#[cfg(feature = "arrow")]
mod arrow;
mod bounds;
mod decompress;
mod detect;
mod eml;
mod envelope;
mod fields;
mod follow;
mod format;
mod gharchive;
mod github;
mod header;
mod json;
mod json_values;
mod jsonl;
mod limits;
mod lines;
mod mail_date;
mod mail_html;
mod mail_text;
mod maildir;
mod mbox;
mod mbox_lines;
mod mime;
mod open;
#[cfg(feature = "parquet")]
mod parquet;
mod peek;
mod pipermail;
mod public_inbox;
mod quoted_printable;
mod table;
mod text;
mod walk;
mod window;
mod zstd;

#[cfg(feature = "arrow")]
pub use arrow::messages_of;
pub use eml::EmlSource;
pub use follow::{Followed, FollowedKind, Opened, Print, Start, begins, list};
pub use format::Format;
pub use limits::Limits;
pub use maildir::MaildirSource;
pub use mbox::MboxSource;
pub use open::{Input, Options, Records, open, read, total_bytes};
pub use pipermail::PipermailSource;
pub use public_inbox::PublicInboxSource;
pub use table::Columns;
pub use text::TextSource;

/// The one trait of the reading side: an iterator over the records of one input.
///
/// An `Err` item reports damage or the end of a broken stream; unless [`Error::is_fatal`](crate::Error::is_fatal)
/// says so, iteration goes on behind it. Nothing is dropped silently: bytes that belong to no record are reported.
pub trait Source: Iterator<Item = Result<Record>> + Send {}

impl<T: Iterator<Item = Result<Record>> + Send> Source for T {}

/// The bytes of one record of an archive (a mail, a JSON line, a table row) and how to decode them.
#[derive(Debug, Clone)]
pub struct Record {
    /// The bytes as they stand in the (decompressed) input, without any archive framing.
    pub bytes: Vec<u8>,
    /// Where they stand.
    pub position: Position,
    /// Decoder of the format; a record may hold several messages (an issue with its comments) or none
    /// (an event that is no message).
    pub decoder: Decoder,
    /// True if `bytes` was cut at the size limit.
    pub truncated: bool,
    /// Date that the archive's framing states (an mbox envelope), for messages that bear none themselves.
    pub envelope_date: Option<Date>,
}

/// Turns a record into messages. Pure: no I/O, never panics, never fails; what is wrong becomes problems of the
/// messages, or an error in the list where there is no message to carry it.
pub type Decoder = fn(&Record) -> Vec<Result<Message>>;

impl Record {
    /// A whole record.
    pub(crate) fn new(bytes: Vec<u8>, position: Position, decoder: Decoder) -> Self {
        Self { bytes, position, decoder, truncated: false, envelope_date: None }
    }

    /// The messages of this record, in order; fields beyond their limits are cut and noted.
    pub fn decode(&self) -> Vec<Result<Message>> {
        let mut messages = (self.decoder)(self);
        for message in messages.iter_mut().flatten().filter(|message| message.files.is_empty()) {
            message.files = in_patch(&message.body);
        }
        messages.iter_mut().flatten().for_each(bounds::bound);
        messages
    }
}
