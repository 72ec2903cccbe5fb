//! What the store keeps of a learned message.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use undue::{
    Label, Level, Message,
    features::{Part, sentences},
};

use super::files::sha256;
use crate::example::Example;

/// A labelled message of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    /// What is judged and how.
    pub content: Content,
    /// Incident it belongs to.
    pub incident: String,
    /// File it came from.
    pub file: String,
    /// Where the text was found: the file itself, or a corpus.
    pub provenance: String,
}

/// All that a model learns from a message: equal contents make equal models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Id of the message.
    pub id: String,
    /// Subject, empty if it has none.
    pub subject: String,
    /// Body.
    pub text: String,
    /// Labels in the order of the codebook, each once.
    pub labels: Vec<Label>,
    /// How strong it is.
    pub level: Level,
    /// The words that show the labels.
    pub evidence: Vec<Span>,
}

/// Evidence in bytes of the subject or body.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// What it shows.
    pub label: Label,
    /// True if it stands in the subject, false if in the body.
    pub in_subject: bool,
    /// First byte.
    pub start: usize,
    /// Byte behind the last one.
    pub end: usize,
}

impl Span {
    fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl Content {
    /// SHA-256 over everything that is learned from the message.
    pub fn hash(&self) -> String {
        // Plain strings, numbers and lists: nothing in it can fail to become JSON.
        sha256(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// True if both say the same of the same text, under whatever id.
    pub fn says_the_same(&self, other: &Self) -> bool {
        (&self.labels, self.level) == (&other.labels, other.level)
    }

    /// The message as an example to learn from.
    pub fn example(&self) -> Example {
        let message = Message {
            id: self.id.clone(),
            subject: self.subject.clone(),
            owns_subject: true,
            body: self.text.clone(),
            ..Message::default()
        };
        let part = |span: &Span| if span.in_subject { Part::Subject } else { Part::Body };
        Example {
            source: "incident".into(),
            theme: String::new(),
            sentences: sentences(&message),
            message,
            level: self.level,
            labels: self.labels.clone(),
            evidence: self.evidence.iter().map(|span| (span.label, part(span), span.range())).collect(),
            stratum: "incident".into(),
            round: "incident".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content() -> Content {
        let span = Span { label: Label::Guilt, in_subject: false, start: 0, end: 5 };
        Content {
            id: "a".into(),
            subject: String::new(),
            text: "Shame on you. Bye.".into(),
            labels: vec![Label::Guilt],
            level: Level::Pressure,
            evidence: vec![span],
        }
    }

    #[test]
    fn every_field_counts_for_the_hash() {
        let other = Content { level: Level::Request, ..content() };
        assert_eq!(content().hash(), content().hash());
        assert_ne!(content().hash(), other.hash());
        assert!(!content().says_the_same(&other));
    }

    #[test]
    fn evidence_reaches_the_example() {
        let example = content().example();
        let guilt = undue::model::Output::Label(Label::Guilt);
        assert!(example.shows(guilt, 0) && !example.shows(guilt, 1));
    }
}
