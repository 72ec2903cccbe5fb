//! What makes two messages the same message: id, author, and the words that are judged. Not where it stands, what
//! lists and relays add to it, or what it quotes.

use sha2::{Digest, Sha256};

use crate::{Message, Problem, features::sentences};

/// A hash of what a message is. Strangers write messages, so it is one that nobody can find collisions of.
pub(super) type Content = [u8; 16];

/// The hash of `message`. Where its source has no id, date and subject stand for that.
pub(super) fn content(message: &Message) -> Content {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    if message.problems.contains(&Problem::NoId) {
        add("");
        add(&message.date.map(|date| date.timestamp.to_string()).unwrap_or_default());
        add(&message.subject);
    } else {
        add(&message.id);
    }
    let author = &message.author;
    add(&if author.address.is_empty() { author.name.to_lowercase() } else { author.address.to_lowercase() });
    for sentence in sentences(message) {
        sentence.text(message).split_whitespace().for_each(&mut add);
    }
    let mut content = Content::default();
    content.copy_from_slice(&hash.finalize()[..16]);
    content
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Author;

    fn message(id: &str, body: &str) -> Message {
        let author = Author { address: "Ada@tarn.example".into(), ..Author::default() };
        Message { id: id.into(), author, body: body.into(), ..Message::default() }
    }

    #[test]
    fn the_same_words_under_the_same_id_are_the_same_message() {
        let one = content(&message("1@tarn.example", "Any news?\n"));
        let quoted = "On Monday Bo wrote:\n> It is slow.\n\nAny\nnews?\n\n-- \nAda\n";
        assert_eq!(one, content(&message("1@tarn.example", quoted)));
        assert_ne!(one, content(&message("2@tarn.example", "Any news?\n")));
        assert_ne!(one, content(&message("1@tarn.example", "Any news today?\n")));
    }

    #[test]
    fn without_an_id_the_place_does_not_count() {
        let of = |id: &str, subject: &str| {
            let message = Message { subject: subject.into(), ..message(id, "Any news?") };
            content(&Message { problems: vec![Problem::NoId], ..message })
        };
        assert_eq!(of("a.mbox#1", "x"), of("b.mbox#9", "x"));
        assert_ne!(of("a.mbox#1", "x"), of("a.mbox#1", "y"));
    }
}
