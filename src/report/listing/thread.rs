//! A row of the list of threads.

use serde::Serialize;

use super::{Row, day, in_days};
use crate::{
    context::{Statement, ThreadSummary},
    report::{csv::text, table::cell, wire::instant, wire::rounded},
};

#[derive(Debug, Serialize)]
struct WireThread<'t> {
    thread: &'t str,
    source: &'t str,
    subject: &'t str,
    starter: &'t str,
    first: String,
    last: String,
    messages: u32,
    authors: u32,
    pressing_messages: u32,
    pressing: f64,
    strongest: f64,
    asked_again: u32,
    asked_again_after_days: Option<f64>,
    answered_after_days: Option<f64>,
    usually_after_days: Option<f64>,
    statements: Vec<WireStatement<'t>>,
}

/// What a maintainer said.
#[derive(Debug, Serialize)]
pub(super) struct WireStatement<'t> {
    saying: &'static str,
    message: &'t str,
    date: String,
    author: &'t str,
    part: &'static str,
    start: usize,
    end: usize,
    text: &'t str,
}

impl<'t> From<&'t Statement> for WireStatement<'t> {
    fn from(statement: &'t Statement) -> Self {
        let quote = &statement.quote;
        Self {
            saying: statement.saying.name(),
            message: &statement.message,
            date: instant(statement.at),
            author: statement.author.shown(),
            part: super::super::wire::part_name(quote.part),
            start: quote.range.start,
            end: quote.range.end,
            text: &quote.text,
        }
    }
}

/// The kinds of what maintainers said, each once.
fn sayings(thread: &ThreadSummary) -> String {
    let mut names: Vec<_> = thread.statements.iter().map(|statement| statement.saying.name()).collect();
    names.sort_unstable();
    names.dedup();
    names.join(" ")
}

impl Row for ThreadSummary {
    const HEADERS: &'static [(&'static str, usize)] = &[
        ("PRESSING", 8),
        ("MESSAGES", 8),
        ("AUTHORS", 7),
        ("AGAIN", 5),
        ("FROM", 10),
        ("TO", 10),
        ("STARTER", 20),
        ("ANSWER", 8),
        ("SAID", 24),
        ("SUBJECT", 80),
    ];
    const COLUMNS: &'static [&'static str] = &[
        "thread",
        "source",
        "subject",
        "starter",
        "first",
        "last",
        "messages",
        "authors",
        "pressing_messages",
        "pressing",
        "strongest",
        "asked_again",
        "asked_again_after_days",
        "answered_after_days",
        "usually_after_days",
        "said",
    ];
    const NOUN: &'static str = "threads";

    fn rank(&self) -> f64 {
        self.pressing
    }

    fn line(&self) -> Vec<String> {
        let answer = self.answered_after.map_or("none".to_owned(), |after| format!("{} d", in_days(after)));
        let subject = if self.subject.is_empty() { &self.id } else { &self.subject };
        vec![
            self.pressing_messages.to_string(),
            self.messages.to_string(),
            self.authors.to_string(),
            self.asked_again.to_string(),
            day(self.first),
            day(self.last),
            cell(self.starter.shown()),
            answer,
            sayings(self),
            cell(subject),
        ]
    }

    fn record(&self) -> Vec<String> {
        let days =
            |seconds: Option<i64>| seconds.map(in_days).map(|days| days.to_string()).unwrap_or_default();
        vec![
            text(&self.id),
            text(&self.project),
            text(&self.subject),
            text(self.starter.shown()),
            instant(self.first),
            instant(self.last),
            self.messages.to_string(),
            self.authors.to_string(),
            self.pressing_messages.to_string(),
            rounded(self.pressing).to_string(),
            rounded(self.strongest).to_string(),
            self.asked_again.to_string(),
            days(self.again_after),
            days(self.answered_after),
            days(self.usually_after),
            sayings(self),
        ]
    }

    fn json(&self) -> impl Serialize {
        WireThread {
            thread: &self.id,
            source: &self.project,
            subject: &self.subject,
            starter: self.starter.shown(),
            first: instant(self.first),
            last: instant(self.last),
            messages: self.messages,
            authors: self.authors,
            pressing_messages: self.pressing_messages,
            pressing: rounded(self.pressing),
            strongest: rounded(self.strongest),
            asked_again: self.asked_again,
            asked_again_after_days: self.again_after.map(in_days),
            answered_after_days: self.answered_after.map(in_days),
            usually_after_days: self.usually_after.map(in_days),
            statements: self.statements.iter().map(WireStatement::from).collect(),
        }
    }
}
