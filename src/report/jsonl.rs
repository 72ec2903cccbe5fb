//! JSON Lines: one object per message, in input order. `docs/output.md` describes every field.
//!
//! Fields: `id`, `thread`, `parent`, `author {name, address, role}`, `date`, `subject`, `source`,
//! `position {path, ordinal, offset}`, `level`, `pressure`, `takeover_pressure`, `labels`, `scores` (one for each
//! label), `evidence [{label, part, start, end, text, contribution}]`, `problems`; and `context`, where one was kept.
//!
//! Characters that would act on a terminal are written as `\uXXXX`; to a JSON parser they are the same.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use super::{Sink, Summary, escape::is_hidden, rank::Top, wire::WireMessage};
use crate::pipeline::Scored;

/// Writes JSON Lines.
#[derive(Debug)]
pub struct Jsonl<W> {
    out: W,
    /// The line that is written, kept for its memory.
    line: Vec<u8>,
    /// Lines that wait until it is known whether they are among the strongest.
    top: Option<Top<Vec<u8>>>,
}

impl<W: Write> Jsonl<W> {
    /// Writes every message to `out`, or the `top` strongest.
    pub fn new(out: W, top: Option<usize>) -> Self {
        Self { out, line: Vec::new(), top: top.map(|limit| Top::new(Some(limit))) }
    }

    /// Where it writes.
    pub fn get_ref(&self) -> &W {
        &self.out
    }
}

impl<W: Write> Sink for Jsonl<W> {
    fn message(&mut self, scored: &Scored) -> io::Result<()> {
        let Some(top) = &mut self.top else {
            self.line.clear();
            write_line(&mut self.line, scored)?;
            return self.out.write_all(&self.line);
        };
        top.push(&scored.score, || {
            let mut line = Vec::new();
            // Writing to memory does not fail.
            let _ = write_line(&mut line, scored);
            line
        });
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        let lines = self.top.as_mut().map(Top::take_in_order).unwrap_or_default();
        lines.iter().try_for_each(|line| self.out.write_all(line))?;
        self.out.flush()
    }
}

fn write_line(out: &mut impl Write, scored: &Scored) -> io::Result<()> {
    write_json(out, &WireMessage::from(scored))
}

/// One line of JSON without characters that act on a terminal.
pub(super) fn write_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, TerminalSafe(CompactFormatter));
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

struct TerminalSafe(CompactFormatter);

impl Formatter for TerminalSafe {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // Nearly all text is of characters from the space to the tilde.
        if fragment.bytes().fold(0, |seen, b| seen | u8::from(b >= 0x7f)) == 0 {
            return self.0.write_string_fragment(out, fragment);
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(is_hidden) {
            self.0.write_string_fragment(out, &rest[..at])?;
            let mut chars = rest[at..].chars();
            for unit in chars.next().into_iter().flat_map(utf16) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = chars.as_str();
        }
        self.0.write_string_fragment(out, rest)
    }
}

fn utf16(c: char) -> Vec<u16> {
    c.encode_utf16(&mut [0; 2]).to_vec()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::report::test_data::{score, scored};

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        id: String,
        thread: Option<String>,
        parent: Option<String>,
        author: Author,
        date: Option<String>,
        subject: String,
        source: String,
        position: Position,
        level: u8,
        pressure: f64,
        takeover_pressure: f64,
        labels: Vec<String>,
        scores: BTreeMap<String, f64>,
        evidence: Vec<Evidence>,
        problems: Vec<String>,
        context: Option<BTreeMap<String, serde_json::Value>>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Author {
        name: String,
        address: String,
        role: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Position {
        path: String,
        ordinal: u64,
        offset: u64,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Evidence {
        label: String,
        part: String,
        start: usize,
        end: usize,
        text: String,
        contribution: f64,
    }

    fn written(all: &[Scored], top: Option<usize>) -> String {
        let mut out = Vec::new();
        let mut sink = Jsonl::new(&mut out, top);
        all.iter().try_for_each(|scored| sink.message(scored)).unwrap();
        sink.finish(&Summary::default()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_field_is_as_documented() {
        let scored = scored();
        let line: Line = serde_json::from_str(&written(std::slice::from_ref(&scored), None)).unwrap();
        assert_eq!((line.id.as_str(), line.subject.as_str()), ("2@tarn.example", "Re: Release"));
        assert_eq!(line.thread.as_deref(), Some("1@tarn.example"));
        assert_eq!(line.parent, line.thread);
        assert_eq!(
            (line.author.name.as_str(), line.author.address.as_str()),
            ("Ada Löv", "ada@tarn.example")
        );
        assert_eq!(line.author.role, "");
        assert_eq!(line.date.as_deref(), Some("1970-01-01T02:00:00+02:00"));
        assert_eq!((line.source.as_str(), line.position.path.as_str()), ("tarn", "tarn.mbox"));
        assert_eq!((line.position.ordinal, line.position.offset), (2, 300));
        assert_eq!((line.level, line.pressure, line.takeover_pressure), (3, 0.987654, 0.75));
        assert_eq!(line.labels, ["takeover", "guilt"]);
        assert_eq!(line.scores.len(), 8);
        assert_eq!(line.scores["urgency"], 0.125);
        assert_eq!(line.problems, ["html-only"]);
        let evidence = &line.evidence[1];
        assert_eq!((evidence.label.as_str(), evidence.part.as_str()), ("guilt", "body"));
        assert_eq!(scored.message.body[evidence.start..evidence.end], evidence.text);
        assert_eq!(evidence.contribution, 1.234568);
    }

    #[test]
    fn context_is_there_where_one_was_kept() {
        let of = |scored| serde_json::from_str::<Line>(&written(&[scored], None)).unwrap().context;
        assert_eq!(of(scored()), None);
        let insight = crate::context::Insight { asked_before: 2, answered: true, ..Default::default() };
        let context = of(Scored { insight: Some(Box::new(insight)), ..scored() }).unwrap();
        assert_eq!((context["asked_before"].as_u64(), context["answered"].as_bool()), (Some(2), Some(true)));
        assert!(context["first_seen"].is_null() && context["campaign"].is_null());
        assert_eq!(context.len(), 13);
    }

    #[test]
    fn unknown_values_are_null() {
        let scored = Scored { message: crate::Message::default(), score: score(0, 0.0, 0.0), insight: None };
        let line: Line = serde_json::from_str(&written(&[scored], None)).unwrap();
        assert_eq!((line.thread, line.parent, line.date), (None, None, None));
        assert_eq!(line.source, "-");
    }

    #[test]
    fn hostile_characters_are_escaped_and_come_back() {
        let mut scored = scored();
        scored.message.subject = "\x1b]0;x\x07 \u{9b}31m \u{202e} \u{e0041} \u{7f} \"\\ 👍".into();
        let text = written(std::slice::from_ref(&scored), None);
        assert!(!text.trim_end().contains(is_hidden), "{text}");
        assert!(text.contains("\\u009b31m") && text.contains("\\udb40\\udc41"), "{text}");
        let line: Line = serde_json::from_str(&text).unwrap();
        assert_eq!(line.subject, scored.message.subject);
    }

    #[test]
    fn the_strongest_stay_in_input_order() {
        let of = |id: &str, pressure| {
            let mut scored = scored();
            scored.message.id = id.into();
            Scored { score: score(2, pressure, 0.0), ..scored }
        };
        let text = written(&[of("a", 0.5), of("b", 0.1), of("c", 0.9)], Some(2));
        let ids: Vec<String> =
            text.lines().map(|line| serde_json::from_str::<Line>(line).unwrap().id).collect();
        assert_eq!(ids, ["a", "c"]);
    }
}
