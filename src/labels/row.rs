//! One row of a label file.

use std::{fmt, ops::Range, str::FromStr};

use jiff::Timestamp;

use crate::{Label, Level, labels::Judgement};

/// What is said of one message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelRow {
    /// List, repository or file that the message is in.
    pub source: String,
    /// Id of the message there.
    pub id: String,
    /// What it shows, and how strong it is.
    pub judgement: Judgement,
    /// The words that show it, by place and label, each once.
    pub evidence: Vec<Mark>,
    /// Name and hash of the model that proposed this; empty if none did.
    pub proposed_by: String,
    /// Who accepted it, if anybody did.
    pub reviewed: Option<Review>,
    /// Remarks.
    pub note: String,
}

impl LabelRow {
    /// Adds a label, in the order of the codebook.
    pub fn add_label(&mut self, label: Label) {
        let labels = &mut self.judgement.labels;
        if let Err(at) = labels.binary_search(&label) {
            labels.insert(at, label);
        }
    }

    /// Removes a label and its evidence.
    pub fn remove_label(&mut self, label: Label) {
        self.judgement.labels.retain(|it| *it != label);
        self.evidence.retain(|mark| mark.label != label);
    }

    /// Adds a piece of evidence, in order.
    pub fn add_mark(&mut self, mark: Mark) {
        self.evidence.push(mark);
        self.evidence.sort_by_key(|it| (it.range.start, it.range.end, it.label));
        self.evidence.dedup();
    }
}

/// A piece of evidence: `label:start-end`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it shows.
    pub label: Label,
    /// Unicode scalar values of the body, the end exclusive; never empty.
    pub range: Range<usize>,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}-{}", self.label, self.range.start, self.range.end)
    }
}

impl FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("evidence {text:?} is not label:start-end");
        let (label, range) = text.split_once(':').ok_or_else(wrong)?;
        let (start, end) = range.split_once('-').ok_or_else(wrong)?;
        let number = |digits: &str| digits.parse::<usize>().map_err(|_| wrong());
        let range = number(start)?..number(end)?;
        if range.is_empty() {
            return Err(format!("evidence {text:?} is empty"));
        }
        Ok(Self { label: label.parse()?, range })
    }
}

/// Who accepted a row and when, as `2024-01-04T10:00:00Z name`; by hand any other text may stand there, a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The reviewer.
    pub who: String,
    /// When, to the second; unknown if somebody wrote the row by hand.
    pub when: Option<Timestamp>,
}

impl Review {
    /// The review that a cell states; none if it is blank.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        match first.parse() {
            Ok(when) => Some(Self { who: rest.trim().to_owned(), when: Some(when) }),
            Err(_) => (!text.is_empty()).then(|| Self { who: text.to_owned(), when: None }),
        }
    }
}

impl fmt::Display for Review {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.when {
            Some(when) => write!(f, "{when} {}", self.who),
            None => f.write_str(&self.who),
        }
    }
}

/// What the codebook says against these labels at this level, if anything: learning refuses such a row.
pub fn contradiction(level: Level, labels: &[Label]) -> Option<String> {
    let tactic = labels.iter().any(|label| !label.is_request());
    let request = labels.iter().any(|label| label.is_request());
    match level {
        Level::Ordinary if !labels.is_empty() => Some("level 0 has no labels".into()),
        Level::Pressure | Level::TakeoverPressure if !tactic => {
            Some(format!("level {level} needs a tactic label (any but takeover and bypass)"))
        }
        Level::TakeoverPressure if !request => Some("level 3 needs the label takeover or bypass".into()),
        _ => None,
    }
}

/// Bytes of `text` as Unicode scalar values; a byte inside a character counts as its start.
pub fn scalars(text: &str, bytes: &Range<usize>) -> Range<usize> {
    let start = count(text, 0..bytes.start);
    start..start + count(text, bytes.start..bytes.end)
}

fn count(text: &str, bytes: Range<usize>) -> usize {
    text.char_indices().filter(|(at, _)| bytes.contains(at)).count()
}

/// Unicode scalar values of `text` as bytes; none if they reach beyond its end.
pub fn bytes(text: &str, scalars: &Range<usize>) -> Option<Range<usize>> {
    let at = |n: usize| text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(n);
    (scalars.start <= scalars.end).then_some(())?;
    Some(at(scalars.start)?..at(scalars.end)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn marks_and_reviews_survive() {
        for text in ["guilt:4-9", "takeover:0-1"] {
            assert_eq!(text.parse::<Mark>().unwrap().to_string(), text);
        }
        for text in ["2024-01-04T10:00:00Z Ada L", "somebody", "2024-01-04T10:00:00Z "] {
            assert_eq!(Review::parse(text).unwrap().to_string().trim(), text.trim());
        }
        assert_eq!(Review::parse("  "), None);
    }

    #[test]
    fn broken_marks_are_named() {
        for text in ["guilt", "guilt:4", "guilt:4-x", "guilt:-4-9", "guilt:9-9", "guilt:9-4", "rude:1-2"] {
            assert!(text.parse::<Mark>().is_err(), "{text}");
        }
    }

    #[test]
    fn bytes_and_scalar_values() {
        let text = "Ä, 你好!";
        assert_eq!(scalars(text, &(4..10)), 3..5);
        assert_eq!(bytes(text, &(3..5)), Some(4..10));
        assert_eq!(bytes(text, &(0..6)), Some(0..text.len()));
        assert_eq!((bytes(text, &(3..7)), bytes(text, &(9..9))), (None, None));
    }

    #[test]
    fn labels_stay_in_order_and_take_their_evidence_along() {
        let mut row = LabelRow::default();
        row.add_label(Label::Guilt);
        row.add_label(Label::Takeover);
        row.add_label(Label::Guilt);
        row.add_mark(Mark { label: Label::Guilt, range: 5..9 });
        row.add_mark(Mark { label: Label::Takeover, range: 1..3 });
        assert_eq!(row.judgement.labels, [Label::Takeover, Label::Guilt]);
        row.remove_label(Label::Guilt);
        assert_eq!(row.evidence, [Mark { label: Label::Takeover, range: 1..3 }]);
    }
}
