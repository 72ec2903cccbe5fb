//! What can be wrong with an authored message.

use std::fmt;

use thiserror::Error;
use undue::{Label, Level};

use super::{Entry, Place};

/// A fault, the message and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Where the message stands.
    pub place: Place,
    /// Its id; empty if the line could not be read.
    pub id: String,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// A line that is no JSON object of the schema (unknown fields, labels and levels included).
    #[error("not in the schema: {0}")]
    Schema(String),
    /// A source other than `authored`.
    #[error("source is {0:?}, not \"authored\"")]
    Source(String),
    /// A theme other than the name of the file.
    #[error("theme is {theme:?} in a file that is called {file:?}")]
    Theme {
        /// The theme.
        theme: String,
        /// The name of the file without its ending.
        file: String,
    },
    /// An id that is not made of the theme and a number.
    #[error("id is not of the form authored/THEME/NUMBER")]
    Id,
    /// An id that another message has.
    #[error("id is that of {0} as well")]
    DuplicateId(Place),
    /// No text.
    #[error("text is empty")]
    EmptyText,
    /// A label that is listed twice.
    #[error("{0} is listed twice")]
    LabelTwice(Label),
    /// A label without evidence.
    #[error("{0} has no evidence")]
    NoEvidence(Label),
    /// Evidence for what is no label of the message.
    #[error("there is evidence for {0}, which is not among the labels")]
    NoLabel(Label),
    /// More spans than a label may have.
    #[error("{label} has {count} spans of evidence; {max} are allowed", max = super::check::MAX_SPANS)]
    TooManySpans {
        /// The label.
        label: Label,
        /// Its spans.
        count: usize,
    },
    /// A span of too many words.
    #[error("evidence for {label} has {words} words, {max} are allowed: {span:?}", max = super::check::MAX_WORDS)]
    LongSpan {
        /// The label.
        label: Label,
        /// Its words.
        words: usize,
        /// The span.
        span: String,
    },
    /// A span that is empty or has white space around it.
    #[error("evidence for {label} is empty or has white space around it: {span:?}")]
    Edges {
        /// The label.
        label: Label,
        /// The span.
        span: String,
    },
    /// A span that the message does not hold.
    #[error("evidence for {label} is neither in the text nor in the subject: {span:?}")]
    NotVerbatim {
        /// The label.
        label: Label,
        /// The span.
        span: String,
    },
    /// A span that stands only in what is not judged: quotes, pastes, trailers. A note rather than a fault.
    #[error("evidence for {label} is in no sentence that a model judges: {span:?}")]
    NotOwnWords {
        /// The label.
        label: Label,
        /// The span.
        span: String,
    },
    /// Level 0 with labels.
    #[error("level 0 with labels")]
    OrdinaryWithLabels,
    /// Pressure that shows no tactic.
    #[error("level {0} without a tactic")]
    NoTactic(Level),
    /// Takeover pressure that serves neither request.
    #[error("level 3 without takeover or bypass")]
    NoRequest,
    /// More than one tactic (besides endorsement) below pressure.
    #[error("level 1 with several tactics: {}", names(.0))]
    SeveralTactics(Vec<Label>),
    /// A text much like another.
    #[error("much like {other} (word trigrams: Jaccard {jaccard:.2})")]
    NearDuplicate {
        /// Id of the earlier message.
        other: String,
        /// Share of trigrams that are common.
        jaccard: f64,
    },
    /// A phrase that too many texts have.
    #[error("the phrase {phrase:?} is in {texts} texts, {max} may have it; also in {others}", max = super::repeats::MAX_TEXTS)]
    CommonPhrase {
        /// The words.
        phrase: String,
        /// Texts that have it.
        texts: usize,
        /// Ids of some of the others.
        others: String,
    },
}

impl Fault {
    pub(super) fn of_line(place: Place, what: String) -> Self {
        Self { place, id: String::new(), kind: FaultKind::Schema(what) }
    }

    pub(super) fn of(entry: &Entry, kind: FaultKind) -> Self {
        Self { place: entry.place.clone(), id: entry.message.id.clone(), kind }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if !self.id.is_empty() {
            write!(f, "{}: ", self.id)?;
        }
        self.kind.fmt(f)
    }
}

fn names(labels: &[Label]) -> String {
    labels.iter().map(|label| label.name()).collect::<Vec<_>>().join(", ")
}
