//! The sentences of a message that are judged: those of its own words, and of its subject where it is its own.

use std::ops::Range;

use super::{
    fold::{fold, is_disguised},
    segment::segment,
};
use crate::{
    Message,
    own_words::{own_words, own_words_of_opener},
};

/// Where a sentence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// In the subject.
    Subject,
    /// In the body.
    Body,
}

/// A sentence by its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Subject or body.
    pub part: Part,
    /// Bytes of the subject or body.
    pub range: Range<usize>,
}

impl Sentence {
    /// The words.
    pub fn text<'m>(&self, message: &'m Message) -> &'m str {
        match self.part {
            Part::Subject => &message.subject[self.range.clone()],
            Part::Body => &message.body[self.range.clone()],
        }
    }
}

/// All sentences that are judged: the subject's first, then the body's, in order.
pub fn sentences(message: &Message) -> Vec<Sentence> {
    let mut all = Vec::new();
    if let Some(subject) = judged_subject(message) {
        let is_plain = !is_disguised(&message.subject);
        cut(Part::Subject, &message.subject, subject, is_plain, &mut all);
    }
    let is_plain = !is_disguised(&message.body);
    for span in own_body(message, is_plain) {
        cut(Part::Body, &message.body, span, is_plain, &mut all);
    }
    all
}

/// Adds the sentences of `span`, cut where a reader sees them end: in the folded text, unless it is plain.
fn cut(part: Part, text: &str, span: Range<usize>, is_plain: bool, all: &mut Vec<Sentence>) {
    let text = &text[span.clone()];
    let mut add = |range: Range<usize>| {
        if !range.is_empty() {
            all.push(Sentence { part, range: span.start + range.start..span.start + range.end });
        }
    };
    if is_plain {
        return segment(text, add);
    }
    let folded = fold(text);
    segment(folded.text(), |range| add(folded.original(range)));
}

/// The bytes of the body that are judged: its author's own words.
///
/// Where words are disguised, the body is looked at as it reads: letters apart or spelt with digits are no code.
pub fn judged_body(message: &Message) -> Vec<Range<usize>> {
    own_body(message, !is_disguised(&message.body))
}

fn own_body(message: &Message, is_plain: bool) -> Vec<Range<usize>> {
    let body = &message.body;
    let own = if answers_none(message) { own_words_of_opener } else { own_words };
    if is_plain {
        return own(body);
    }
    let folded = fold(body);
    if !folded.is_unmasked() {
        return own(body);
    }
    own(folded.text()).into_iter().map(|span| folded.original(span)).collect()
}

/// True where source and subject agree that the message opens a thread.
fn answers_none(message: &Message) -> bool {
    let is_first = message.parent.is_none() && message.references.is_empty();
    is_first && message.owns_subject && !is_reply(&message.subject)
}

/// The bytes of the subject that its author wrote here: none where it is an answer's, a forward's or a thread's
/// title; list tags in brackets and patch counters are left out.
pub fn judged_subject(message: &Message) -> Option<Range<usize>> {
    if !message.owns_subject || is_reply(&message.subject) {
        return None;
    }
    let mut start = 0;
    loop {
        let rest = &message.subject[start..];
        let trimmed = rest.trim_start();
        start += rest.len() - trimmed.len();
        match (trimmed.starts_with('['), trimmed.find(']')) {
            (true, Some(end)) => start += end + 1,
            _ => break,
        }
    }
    (start < message.subject.len()).then_some(start..message.subject.len())
}

/// True for "Re:", "AW:", "Fwd:" and the like, also behind a list tag.
fn is_reply(subject: &str) -> bool {
    let mut rest = subject.trim_start();
    while let (true, Some(end)) = (rest.starts_with('['), rest.find(']')) {
        rest = rest[end + 1..].trim_start();
    }
    let Some((prefix, _)) = rest.split_once([':', '\u{FF1A}']) else { return false };
    let prefix = prefix.split(['[', '(']).next().unwrap_or_default().trim();
    [
        "re",
        "aw",
        "antw",
        "sv",
        "vs",
        "rv",
        "res",
        "fw",
        "fwd",
        "wg",
        "tr",
        "i",
        "r",
        "ref",
        "\u{56DE}\u{590D}",
    ]
    .iter()
    .any(|known| prefix.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(subject: &str, body: &str) -> Message {
        Message { subject: subject.into(), owns_subject: true, body: body.into(), ..Message::default() }
    }

    #[test]
    fn subjects_of_answers_are_not_own() {
        for (subject, own) in [
            ("Plain question", Some("Plain question")),
            ("[tarn] [PATCH 1/2] Fix it", Some("Fix it")),
            ("Re: Plain question", None),
            ("[tarn] RE[2]: x", None),
            ("Fwd: x", None),
            ("regression: y", Some("regression: y")),
            ("[only a tag]", None),
            ("", None),
        ] {
            let message = message(subject, "");
            assert_eq!(judged_subject(&message).map(|r| &message.subject[r]), own, "{subject}");
        }
    }

    #[test]
    fn disguised_sentences_end_where_they_read_so() {
        let texts = |body: &str| {
            let message = message("", body);
            sentences(&message).iter().map(|sentence| sentence.text(&message).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(texts("Any news? Do it. Now"), ["Any news?", "Do it.", "Now"]);
        assert_eq!(
            texts("Ａｎｙ ｎｅｗｓ？ Ｄｏ ｉｔ． Ｎｏｗ"),
            ["Ａｎｙ ｎｅｗｓ？", "Ｄｏ ｉｔ．", "Ｎｏｗ"]
        );
        assert_eq!(texts("We wait\u{2026} Do it&#46; Now"), ["We wait\u{2026}", "Do it&#46;", "Now"]);
        let long = "ｗｏｒｄ ".repeat(70);
        assert_eq!(texts(&long), [long.trim_end()]);
    }

    #[test]
    fn only_what_answers_none_has_its_quotes_judged() {
        let opener = message("Plain question", "Hello.\n\n> You should really hand it over.\n\nBye.");
        let answer = Message { parent: Some("a".into()), ..opener.clone() };
        let comment = Message { owns_subject: false, ..opener.clone() };
        let reply = Message { subject: "Re: Plain question".into(), ..opener.clone() };
        let is_judged = |message: &Message| {
            judged_body(message).iter().any(|span| message.body[span.clone()].contains("hand it over"))
        };
        assert_eq!([&opener, &answer, &comment, &reply].map(is_judged), [true, false, false, false]);
    }
}
