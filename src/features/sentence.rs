//! The sentences of a message that are judged: those of its own words, and of its subject where it is its own.

use std::ops::Range;

use super::{
    fold::{fold, is_disguised},
    segment::segment,
};
use crate::{Message, own_words};

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
        segment(&message.subject[subject.clone()], |range| {
            all.push(Sentence {
                part: Part::Subject,
                range: subject.start + range.start..subject.start + range.end,
            });
        });
    }
    for span in judged_body(message) {
        segment(&message.body[span.clone()], |range| {
            all.push(Sentence { part: Part::Body, range: span.start + range.start..span.start + range.end });
        });
    }
    all
}

/// The bytes of the body that are judged: its author's own words.
///
/// Where words are disguised, the body is looked at as it reads: letters apart or spelt with digits are no code.
pub fn judged_body(message: &Message) -> Vec<Range<usize>> {
    let body = &message.body;
    let own = |text: &str| {
        let mode = std::env::var("EV_QUOTE").unwrap_or_default();
        let is_opener = message.owns_subject
            && message.parent.is_none()
            && message.references.is_empty()
            && !is_reply(&message.subject);
        match mode.as_str() {
            "1" if is_opener => crate::own_words::own_words_unquoted(text, 1000),
            "2" => crate::own_words::own_words_unquoted(text, 2),
            "3" => crate::own_words::own_words_unquoted(text, 1000),
            _ => own_words(text),
        }
    };
    if !is_disguised(body) {
        return own(body);
    }
    let folded = fold(body);
    if !folded.is_unmasked() {
        return own(body);
    }
    own(folded.text()).into_iter().map(|span| folded.original(span)).collect()
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
}
