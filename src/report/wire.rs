//! What stands in a line of JSON. Apart from the domain types, so that neither changes with the other by accident.

use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::listing::WireSignal;
use crate::{
    Evidence, Label, Message, Problem,
    context::{Insight, Standing},
    features::Part,
    model::{OUTPUTS, Output},
    pipeline::Scored,
};

#[derive(Debug, Serialize)]
pub(super) struct WireMessage<'s> {
    pub(super) id: &'s str,
    pub(super) thread: Option<&'s str>,
    pub(super) parent: Option<&'s str>,
    pub(super) author: WireAuthor<'s>,
    pub(super) date: Option<String>,
    pub(super) subject: &'s str,
    /// List or repository; the file where none is known.
    pub(super) source: Cow<'s, str>,
    pub(super) position: WirePosition<'s>,
    pub(super) level: u8,
    pub(super) pressure: f64,
    pub(super) takeover_pressure: f64,
    pub(super) labels: &'s [Label],
    pub(super) scores: WireScores,
    pub(super) evidence: Vec<WireEvidence<'s>>,
    pub(super) problems: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) context: Option<WireContext<'s>>,
}

/// What was known when the message came; of the author nothing where the source names none.
#[derive(Debug, Serialize)]
pub(super) struct WireContext<'s> {
    pub(super) first_seen: Option<String>,
    pub(super) messages_before: Option<u32>,
    pub(super) work_before: Option<u32>,
    pub(super) pressing_before: Option<u32>,
    pub(super) newcomer: Option<f64>,
    pub(super) controls: Option<bool>,
    pub(super) thread_messages: u32,
    pub(super) asked_before: u32,
    pub(super) answered: bool,
    pub(super) conceded: bool,
    pub(super) refused: bool,
    pub(super) campaign: Option<f64>,
    pub(super) signals: Vec<WireSignal<'s>>,
}

impl<'s> From<&'s Insight> for WireContext<'s> {
    fn from(insight: &'s Insight) -> Self {
        let author = insight.author.as_ref();
        Self {
            first_seen: author.map(|author| instant(author.first_seen)),
            messages_before: author.map(|author| author.messages),
            work_before: author.map(Standing::work_total),
            pressing_before: author.map(|author| author.pressing),
            newcomer: author.map(|author| rounded(author.newness)),
            controls: author.map(|author| author.controls),
            thread_messages: insight.thread_messages,
            asked_before: insight.asked_before,
            answered: insight.answered,
            conceded: insight.conceded,
            refused: insight.refused,
            campaign: insight.campaign.map(rounded),
            signals: insight.signals.iter().map(WireSignal::from).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct WireAuthor<'s> {
    pub(super) name: &'s str,
    pub(super) address: &'s str,
    pub(super) role: &'s str,
}

#[derive(Debug, Serialize)]
pub(super) struct WirePosition<'s> {
    pub(super) path: Cow<'s, str>,
    pub(super) ordinal: u64,
    pub(super) offset: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct WireEvidence<'s> {
    pub(super) label: &'static str,
    pub(super) part: &'static str,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: &'s str,
    pub(super) contribution: f64,
}

/// An object with the probability of each label, in the order of the codebook.
#[derive(Debug)]
pub(super) struct WireScores(pub(super) [f64; Label::COUNT]);

impl Serialize for WireScores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Label::COUNT))?;
        for (label, score) in Label::ALL.iter().zip(self.0) {
            map.serialize_entry(label.name(), &score)?;
        }
        map.end()
    }
}

impl<'s> From<&'s Scored> for WireMessage<'s> {
    fn from(Scored { message, score, insight }: &'s Scored) -> Self {
        let path = message.position.path.to_string_lossy();
        let probability = |output: Output| rounded(score.probability(output));
        let author = &message.author;
        Self {
            id: &message.id,
            thread: message.thread.as_deref(),
            parent: message.parent.as_deref(),
            author: WireAuthor { name: &author.name, address: &author.address, role: &author.role },
            date: message.date.map(|date| date.to_string()),
            subject: &message.subject,
            source: message.source(),
            position: WirePosition {
                path,
                ordinal: message.position.ordinal,
                offset: message.position.offset,
            },
            level: score.level.into(),
            pressure: probability(Output::PRESSURE),
            takeover_pressure: probability(Output::TAKEOVER_PRESSURE),
            labels: &score.labels,
            scores: WireScores(label_scores(&score.probabilities)),
            evidence: score.evidence.iter().map(|evidence| wire_evidence(evidence, message)).collect(),
            problems: message.problems.iter().copied().map(Problem::name).collect(),
            context: insight.as_deref().map(WireContext::from),
        }
    }
}

pub(super) fn label_scores(probabilities: &[f64; OUTPUTS]) -> [f64; Label::COUNT] {
    Label::ALL.map(|label| rounded(probabilities[Output::Label(label).index()]))
}

pub(super) fn wire_evidence<'s>(evidence: &Evidence, message: &'s Message) -> WireEvidence<'s> {
    WireEvidence {
        label: evidence.output.name(),
        part: part_name(evidence.part),
        start: evidence.range.start,
        end: evidence.range.end,
        text: evidence.text(message),
        contribution: rounded(evidence.contribution),
    }
}

pub(super) fn part_name(part: Part) -> &'static str {
    match part {
        Part::Subject => "subject",
        Part::Body => "body",
    }
}

/// RFC 3339, in UTC; empty for an instant that no calendar knows.
pub(super) fn instant(at: i64) -> String {
    jiff::Timestamp::from_second(at).map(|at| at.to_string()).unwrap_or_default()
}

/// To six decimals, without a negative zero.
pub(super) fn rounded(x: f64) -> f64 {
    (x * 1e6).round() / 1e6 + 0.0
}
