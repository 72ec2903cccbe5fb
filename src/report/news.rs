//! What `undue watch` tells: messages that are new, and campaigns that are new or have changed.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    ListFormat, Listing, Row, Style,
    jsonl::write_json,
    one_line,
    rank::decisive,
    table,
    wire::{WireMessage, rounded},
};
use crate::{ErrorKind, Level, Result, context::Campaign, pipeline::Scored, watch::Change};

/// A new message, ready for any format: it may wait in a state until it is reported.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct News {
    level: u8,
    probability: f64,
    cells: Vec<String>,
    line: Box<RawValue>,
}

#[derive(Debug, Serialize)]
struct WireNews<'s> {
    report: &'static str,
    #[serde(flatten)]
    message: WireMessage<'s>,
}

fn broken(what: impl std::fmt::Display) -> crate::Error {
    ErrorKind::State(format!("a message that waits to be reported: {what}")).into()
}

impl News {
    /// What is told of a message.
    pub fn of(scored: &Scored) -> Self {
        let mut line = Vec::new();
        let wire = WireNews { report: "message", message: WireMessage::from(scored) };
        // Writing to memory does not fail.
        let _ = write_json(&mut line, &wire);
        let line = String::from_utf8(line).unwrap_or_default();
        Self {
            level: scored.score.level.into(),
            probability: scored.score.probability(decisive(&scored.score)),
            cells: table::cells(scored),
            line: RawValue::from_string(line.trim_end().to_owned()).unwrap_or_default(),
        }
    }

    /// Its level.
    pub fn level(&self) -> Level {
        Level::try_from(self.level).unwrap_or_default()
    }

    /// The form in which it waits.
    ///
    /// # Errors
    /// None that is known of; those of the JSON library.
    pub fn to_stored(&self) -> Result<String> {
        serde_json::to_string(self).map_err(broken)
    }

    /// The news that was stored.
    ///
    /// # Errors
    /// [`ErrorKind::State`] if it is none.
    pub fn from_stored(stored: &str) -> Result<Self> {
        let news: Self = serde_json::from_str(stored).map_err(broken)?;
        let fits = news.cells.len() == Self::HEADERS.len() && Level::try_from(news.level).is_ok();
        if fits { Ok(news) } else { Err(broken("not one of this version")) }
    }
}

impl Row for News {
    const HEADERS: &'static [(&'static str, usize)] = &[
        ("LEVEL", 5),
        ("SCORE", 5),
        ("LABELS", 24),
        ("DATE", 10),
        ("AUTHOR", 18),
        ("SUBJECT", 28),
        ("EVIDENCE", 400),
    ];
    const COLUMNS: &'static [&'static str] =
        &["level", "score", "labels", "date", "author", "subject", "evidence"];
    const NOUN: &'static str = "messages";

    fn rank(&self) -> f64 {
        f64::from(self.level) + self.probability
    }

    fn line(&self) -> Vec<String> {
        self.cells.clone()
    }

    fn record(&self) -> Vec<String> {
        self.cells.iter().map(|cell| super::csv::text(cell)).collect()
    }

    fn json(&self) -> impl Serialize {
        &self.line
    }
}

#[derive(Debug, Serialize)]
struct WireChange<'c> {
    new: bool,
    messages: &'c [String],
    actors: &'c [String],
    probability_before: Option<f64>,
}

#[derive(Debug, Serialize)]
struct WireChanged<'c, C: Serialize> {
    report: &'static str,
    change: WireChange<'c>,
    #[serde(flatten)]
    campaign: C,
}

/// A campaign with what has changed in it.
struct Changed<'c>(&'c Campaign, &'c Change);

impl Changed<'_> {
    fn in_words(&self) -> String {
        let Self(campaign, change) = self;
        if change.is_new {
            return "new".to_owned();
        }
        let mut parts = Vec::new();
        match change.messages.len() {
            0 => {}
            1 => parts.push("1 message more".to_owned()),
            n => parts.push(format!("{n} messages more")),
        }
        if !change.actors.is_empty() {
            parts.push(format!("also {}", change.actors.join(", ")));
        }
        if let Some(before) = change.probability_before
            && campaign.probability > before
        {
            parts.push(format!("probability {before:.2} before"));
        }
        parts.join("; ")
    }
}

impl Row for Changed<'_> {
    const HEADERS: &'static [(&'static str, usize)] = Campaign::HEADERS;
    const COLUMNS: &'static [&'static str] = Campaign::COLUMNS;
    const NOUN: &'static str = Campaign::NOUN;

    fn rank(&self) -> f64 {
        self.0.rank()
    }

    fn line(&self) -> Vec<String> {
        self.0.line()
    }

    fn details(&self) -> Vec<String> {
        let change = format!("  since the last report: {}", one_line(&self.in_words()));
        std::iter::once(change).chain(self.0.details()).collect()
    }

    fn record(&self) -> Vec<String> {
        self.0.record()
    }

    fn json(&self) -> impl Serialize {
        let Self(campaign, Change { is_new, messages, actors, probability_before, .. }) = self;
        let probability_before = probability_before.map(rounded);
        let change = WireChange { new: *is_new, messages, actors, probability_before };
        WireChanged { report: "campaign", change, campaign: campaign.json() }
    }
}

/// Writes the messages, then the campaigns; nothing at all where there are none.
///
/// # Errors
/// Those of the output.
pub fn write_news(
    out: &mut impl Write,
    news: Vec<News>,
    changed: &[(Campaign, Change)],
    format: ListFormat,
    style: Style,
) -> io::Result<()> {
    if !news.is_empty() {
        let mut listing = Listing::new(&mut *out, format, None, style)?;
        news.into_iter().try_for_each(|news| listing.push(news))?;
        listing.finish()?;
    }
    if !changed.is_empty() {
        let mut listing = Listing::new(&mut *out, format, None, style)?;
        changed.iter().try_for_each(|(campaign, change)| listing.push(Changed(campaign, change)))?;
        listing.finish()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::report::test_data::scored;

    fn written(format: ListFormat) -> String {
        let mut scored = scored();
        scored.message.subject = "a\x1b[2J".into();
        let stored = News::of(&scored).to_stored().unwrap();
        let news = News::from_stored(&stored).unwrap();
        let mut out = Vec::new();
        write_news(&mut out, vec![news], &[], format, Style::default()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_message_survives_waiting_and_stays_harmless() {
        let line: serde_json::Value = serde_json::from_str(&written(ListFormat::Jsonl)).unwrap();
        assert_eq!((line["report"].as_str(), line["level"].as_u64()), (Some("message"), Some(3)));
        assert_eq!(line["subject"].as_str(), Some("a\x1b[2J"));
        assert!(line["scores"]["urgency"].is_f64());
        for format in [ListFormat::Jsonl, ListFormat::Table] {
            assert!(!written(format).contains('\x1b'), "{}", written(format));
        }
        assert!(written(ListFormat::Table).contains("Hand over the keys."));
    }

    #[test]
    fn where_there_is_nothing_nothing_is_written() {
        let mut out = Vec::new();
        write_news(&mut out, Vec::new(), &[], ListFormat::Table, Style::default()).unwrap();
        assert!(out.is_empty());
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let stored = News::of(&scored()).to_stored().unwrap();
        for bad in [stored.replace("\"level\":3,\"prob", "\"level\":9,\"prob"), "{}".to_owned()] {
            assert!(News::from_stored(&bad).is_err(), "{bad}");
        }
    }
}
