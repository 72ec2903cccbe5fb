//! Keeps short what a message states about itself. Ids, names and titles are repeated: in every answer, in the memory of
//! threads, in every line of a report. One of a megabyte would make gigabytes of a small archive.

use crate::message::{Message, Problem};

/// Bytes of an id, a name, an address, a role, a subject, a list. Mail itself allows a line of 998.
pub(super) const MAX_FIELD: usize = 8 << 10;
/// Ids of the References of one message: the oldest one, and the latest others.
pub(super) const MAX_REFERENCES: usize = 1000;
/// Bytes of what comments take over from the object around them: its title and its ids.
const MAX_CONTEXT: usize = 1 << 10;

/// Cuts what is longer than the limits, and says so.
pub(super) fn bound(message: &mut Message) {
    let author = &mut message.author;
    let required =
        [&mut message.id, &mut message.subject, &mut author.name, &mut author.address, &mut author.role];
    let stated = [&mut message.thread, &mut message.parent, &mut message.list];
    let fields = required.into_iter().chain(stated.into_iter().flatten()).chain(&mut message.references);
    let mut cut = fields.filter_map(|field| clip(field, MAX_FIELD).then_some(())).count() > 0;
    let references = message.references.len();
    if references > MAX_REFERENCES {
        message.references.drain(1..=references - MAX_REFERENCES);
        cut = true;
    }
    if cut {
        message.note(Problem::Truncated);
    }
}

/// What of a title or an id is handed on to the comments below it.
pub(super) fn for_comments(mut text: String) -> String {
    clip(&mut text, MAX_CONTEXT);
    text
}

/// Cuts `text` to at most `limit` bytes, on a character; true if there was more.
fn clip(text: &mut String, limit: usize) -> bool {
    let cut = text.len() > limit;
    if cut {
        text.truncate(text.floor_char_boundary(limit));
        text.shrink_to_fit();
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Author;

    #[test]
    fn every_field_is_cut_on_a_character_and_marked_once() {
        let long = || "é".repeat(MAX_FIELD);
        let mut message = Message {
            id: long(),
            thread: Some(long()),
            parent: Some(long()),
            references: vec![long(); 3],
            author: Author { name: long(), address: long(), role: long() },
            subject: format!("x{}", long()),
            list: Some(long()),
            body: long(),
            ..Message::default()
        };
        bound(&mut message);
        assert_eq!(message.problems, [Problem::Truncated]);
        assert_eq!(message.subject.len(), MAX_FIELD - 1);
        let Message { author, .. } = &message;
        for field in
            [&message.id, &author.name, &author.address, &author.role].into_iter().chain(&message.references)
        {
            assert_eq!(field.len(), MAX_FIELD);
        }
        for field in [&message.thread, &message.parent, &message.list] {
            assert_eq!(field.as_ref().map(String::len), Some(MAX_FIELD));
        }
        assert_eq!(message.body.len(), 2 * MAX_FIELD, "a body has a limit of its own");
    }

    #[test]
    fn of_endless_references_the_oldest_and_the_latest_stay() {
        let references: Vec<String> = (0..5000).map(|i| i.to_string()).collect();
        let mut message = Message { references, ..Message::default() };
        bound(&mut message);
        assert_eq!(message.references.len(), MAX_REFERENCES);
        assert_eq!(
            [&*message.references[0], &*message.references[1], &*message.references[999]],
            ["0", "4001", "4999"]
        );
        assert_eq!(message.problems, [Problem::Truncated]);
    }

    #[test]
    fn ordinary_messages_stay_as_they_are() {
        let mut message =
            Message { subject: "x".repeat(MAX_FIELD), id: "1@tarn.example".into(), ..Message::default() };
        let before = message.clone();
        bound(&mut message);
        assert_eq!(message, before);
    }
}
