//! Stand-in until the mail formats are merged.

use super::Record;
use crate::{
    error::Result,
    message::{Message, Problem},
};

pub(crate) fn decode_mail(record: &Record) -> Vec<Result<Message>> {
    let mut message = Message {
        id: format!("{}#{}", record.position.path.display(), record.position.ordinal),
        body: String::from_utf8_lossy(&record.bytes).into_owned(),
        position: record.position.clone(),
        ..Message::default()
    };
    message.note(Problem::NoId);
    vec![Ok(message)]
}
