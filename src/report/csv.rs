//! CSV: one row per message, in input order, the fields of the JSON flattened; of the evidence the strongest piece.
//!
//! Text cells are made safe for spreadsheets (no cell begins like a formula) and for terminals (control characters
//! are written as visible escapes); JSON Lines keep the text as it is.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::{
    Sink, Summary,
    escape::multi_line,
    rank::Top,
    wire::{WireContext, WireEvidence, WireMessage},
};
use crate::{Label, pipeline::Scored};

const BEFORE_SCORES: [&str; 16] = [
    "id",
    "thread",
    "parent",
    "author_name",
    "author_address",
    "author_role",
    "date",
    "subject",
    "source",
    "path",
    "ordinal",
    "offset",
    "level",
    "pressure",
    "takeover_pressure",
    "labels",
];

const BEHIND_SCORES: [&str; 8] = [
    "evidence_label",
    "evidence_part",
    "evidence_start",
    "evidence_end",
    "evidence_text",
    "evidence_contribution",
    "evidence_count",
    "problems",
];

const CONTEXT: [&str; 13] = [
    "context_first_seen",
    "context_messages_before",
    "context_work_before",
    "context_pressing_before",
    "context_newcomer",
    "context_controls",
    "context_thread_messages",
    "context_asked_before",
    "context_answered",
    "context_conceded",
    "context_refused",
    "context_campaign",
    "context_signals",
];

/// Writes CSV (RFC 4180, with a header line and `\n` line ends).
#[derive(Debug)]
pub struct Csv<W: Write> {
    out: ::csv::Writer<W>,
    top: Option<Top<Vec<String>>>,
}

impl<W: Write> Csv<W> {
    /// Writes the header to `out`, and then every message, or the `top` strongest.
    ///
    /// # Errors
    /// Those of the output.
    pub fn new(out: W, top: Option<usize>) -> io::Result<Self> {
        Self::with_columns(out, top, &[])
    }

    /// The same with columns for what was known when each message came.
    ///
    /// # Errors
    /// Those of the output.
    pub fn with_context(out: W, top: Option<usize>) -> io::Result<Self> {
        Self::with_columns(out, top, &CONTEXT)
    }

    fn with_columns(out: W, top: Option<usize>, more: &[&str]) -> io::Result<Self> {
        let mut out = ::csv::Writer::from_writer(out);
        let scores = Label::ALL.map(|label| format!("score_{label}"));
        let names = BEFORE_SCORES.into_iter().chain(scores.iter().map(String::as_str)).chain(BEHIND_SCORES);
        out.write_record(names.chain(more.iter().copied()))?;
        Ok(Self { out, top: top.map(|limit| Top::new(Some(limit))) })
    }
}

impl<W: Write> Sink for Csv<W> {
    fn message(&mut self, scored: &Scored) -> io::Result<()> {
        match &mut self.top {
            Some(top) => top.push(&scored.score, || row(scored)),
            None => self.out.write_record(row(scored))?,
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        for row in self.top.as_mut().map(Top::take_in_order).unwrap_or_default() {
            self.out.write_record(row)?;
        }
        self.out.flush()
    }
}

fn row(scored: &Scored) -> Vec<String> {
    let wire = WireMessage::from(scored);
    let labels: Vec<_> = wire.labels.iter().map(|label| label.name()).collect();
    let mut cells = vec![
        text(wire.id),
        text(wire.thread.unwrap_or_default()),
        text(wire.parent.unwrap_or_default()),
        text(wire.author.name),
        text(wire.author.address),
        text(wire.author.role),
        wire.date.unwrap_or_default(),
        text(wire.subject),
        text(&wire.source),
        text(&wire.position.path),
        wire.position.ordinal.to_string(),
        wire.position.offset.to_string(),
        wire.level.to_string(),
        wire.pressure.to_string(),
        wire.takeover_pressure.to_string(),
        labels.join(" "),
    ];
    cells.extend(wire.scores.0.iter().map(f64::to_string));
    cells.extend(evidence_cells(wire.evidence.first()));
    cells.push(wire.evidence.len().to_string());
    cells.push(wire.problems.join(" "));
    cells.extend(wire.context.iter().flat_map(context_cells));
    cells
}

fn context_cells(context: &WireContext<'_>) -> [String; 13] {
    let count = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    [
        context.first_seen.clone().unwrap_or_default(),
        count(context.messages_before),
        count(context.work_before),
        count(context.pressing_before),
        context.newcomer.map(|it| it.to_string()).unwrap_or_default(),
        context.controls.map(|it| it.to_string()).unwrap_or_default(),
        context.thread_messages.to_string(),
        context.asked_before.to_string(),
        context.answered.to_string(),
        context.conceded.to_string(),
        context.refused.to_string(),
        context.campaign.map(|it| it.to_string()).unwrap_or_default(),
        context.signals.iter().map(|it| it.signal).collect::<Vec<_>>().join(" "),
    ]
}

fn evidence_cells(evidence: Option<&WireEvidence<'_>>) -> [String; 6] {
    evidence.map_or_else(Default::default, |evidence| {
        [
            evidence.label.into(),
            evidence.part.into(),
            evidence.start.to_string(),
            evidence.end.to_string(),
            text(evidence.text),
            evidence.contribution.to_string(),
        ]
    })
}

/// A text of strangers as a cell. A spreadsheet takes what begins with one of these characters for a formula.
pub(super) fn text(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let shown = Cow::from(multi_line(value));
    if formula { format!("'{shown}") } else { shown.into_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::HashMap;

    use super::*;
    use crate::report::test_data::scored;

    fn rows(all: &[Scored]) -> Vec<HashMap<String, String>> {
        let mut out = Vec::new();
        let mut sink = Csv::new(&mut out, None).unwrap();
        all.iter().try_for_each(|scored| sink.message(scored)).unwrap();
        sink.finish(&Summary::default()).unwrap();
        drop(sink);
        ::csv::Reader::from_reader(out.as_slice()).deserialize().map(Result::unwrap).collect()
    }

    #[test]
    fn every_column_has_its_value() {
        let row = rows(&[scored()]).remove(0);
        assert_eq!(row.len(), BEFORE_SCORES.len() + 8 + BEHIND_SCORES.len());
        for (column, value) in [
            ("id", "2@tarn.example"),
            ("author_name", "Ada Löv"),
            ("date", "1970-01-01T02:00:00+02:00"),
            ("source", "tarn"),
            ("ordinal", "2"),
            ("offset", "300"),
            ("level", "3"),
            ("pressure", "0.987654"),
            ("labels", "takeover guilt"),
            ("score_ultimatum", "0.125"),
            ("evidence_label", "takeover"),
            ("evidence_text", "Hand over the keys."),
            ("evidence_count", "2"),
            ("problems", "html-only"),
        ] {
            assert_eq!(row[column], value, "{column}");
        }
    }

    #[test]
    fn context_has_its_columns() {
        let insight = crate::context::Insight { thread_messages: 3, refused: true, ..Default::default() };
        let scored = Scored { insight: Some(Box::new(insight)), ..scored() };
        let mut out = Vec::new();
        let mut sink = Csv::with_context(&mut out, None).unwrap();
        sink.message(&scored).unwrap();
        sink.finish(&Summary::default()).unwrap();
        drop(sink);
        let row: HashMap<String, String> =
            ::csv::Reader::from_reader(out.as_slice()).deserialize().next().unwrap().unwrap();
        assert_eq!((row["context_thread_messages"].as_str(), row["context_refused"].as_str()), ("3", "true"));
        assert_eq!((row["context_first_seen"].as_str(), row["context_campaign"].as_str()), ("", ""));
    }

    #[test]
    fn nothing_is_a_formula() {
        let hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"];
        for value in hostile {
            let mut scored = scored();
            scored.message.subject = value.into();
            scored.message.author.name = value.into();
            scored.message.id = value.into();
            let row = rows(&[scored]).remove(0);
            for column in ["subject", "author_name", "id"] {
                assert!(row[column].starts_with('\''), "{value:?}");
            }
        }
    }

    #[test]
    fn cells_survive_quotes_and_lines_but_not_control_characters() {
        assert_eq!(text("a,\"b\"\nc\x1b[2J"), "a,\"b\"\nc\\u{1b}[2J");
        let mut scored = scored();
        scored.message.subject = "a,\"b\"\nc".into();
        assert_eq!(rows(&[scored]).remove(0)["subject"], "a,\"b\"\nc");
    }
}
