//! A row of the list of authors.

use serde::Serialize;

use super::{Row, campaign::WireSignal, day};
use crate::{
    context::{AuthorSummary, Who, Work},
    report::{csv::text, one_line, table::cell, wire::instant, wire::rounded},
};

#[derive(Debug, Serialize)]
struct WireAuthor<'a> {
    source: &'a str,
    name: &'a str,
    address: &'a str,
    domain: &'a str,
    aliases: Vec<WireAlias<'a>>,
    first: String,
    last: String,
    messages: u32,
    threads: u32,
    days: u32,
    answers: u32,
    work: u32,
    patches: u32,
    code: u32,
    long_answers: u32,
    reports: u32,
    pressing_messages: u32,
    pressing: f64,
    upkeep: u32,
    controls: bool,
    signals: Vec<WireSignal<'a>>,
}

#[derive(Debug, Serialize)]
struct WireAlias<'a> {
    name: &'a str,
    address: &'a str,
}

fn aliases(author: &AuthorSummary) -> String {
    let one = |who: &std::sync::Arc<Who>| format!("{} <{}>", who.name, who.address);
    author.aliases.iter().map(one).collect::<Vec<_>>().join("; ")
}

impl Row for AuthorSummary {
    const HEADERS: &'static [(&'static str, usize)] = &[
        ("PRESSING", 8),
        ("MESSAGES", 8),
        ("WORK", 6),
        ("THREADS", 7),
        ("DAYS", 5),
        ("FROM", 10),
        ("TO", 10),
        ("CONTROL", 7),
        ("AUTHOR", 28),
        ("ADDRESS", 40),
    ];
    const COLUMNS: &'static [&'static str] = &[
        "source",
        "name",
        "address",
        "domain",
        "aliases",
        "first",
        "last",
        "messages",
        "threads",
        "days",
        "answers",
        "work",
        "patches",
        "code",
        "long_answers",
        "reports",
        "pressing_messages",
        "pressing",
        "upkeep",
        "controls",
        "signals",
    ];
    const NOUN: &'static str = "authors";

    fn rank(&self) -> f64 {
        // Among equals, those with something to look at come first.
        self.pressing + 0.001 * self.signals.len() as f64
    }

    fn line(&self) -> Vec<String> {
        let standing = &self.standing;
        let also =
            if self.aliases.is_empty() { String::new() } else { format!(" (+{})", self.aliases.len()) };
        vec![
            standing.pressing.to_string(),
            standing.messages.to_string(),
            standing.work_total().to_string(),
            standing.threads.to_string(),
            standing.days.to_string(),
            day(standing.first_seen),
            day(self.last),
            if standing.controls { "yes" } else { "" }.to_owned(),
            cell(&self.who.name),
            cell(&self.who.address) + &also,
        ]
    }

    fn details(&self) -> Vec<String> {
        self.signals.iter().map(|signal| format!("  * {}", one_line(&signal.sentence))).collect()
    }

    fn record(&self) -> Vec<String> {
        let standing = &self.standing;
        let mut cells = vec![
            text(&self.project),
            text(&self.who.name),
            text(&self.who.address),
            text(self.who.domain()),
            text(&aliases(self)),
            instant(standing.first_seen),
            instant(self.last),
        ];
        let counts =
            [standing.messages, standing.threads, standing.days, self.answers, standing.work_total()];
        cells.extend(counts.iter().chain(&standing.work).chain([&standing.pressing]).map(u32::to_string));
        cells.extend([
            rounded(self.pressing).to_string(),
            self.upkeep.to_string(),
            standing.controls.to_string(),
            self.signals.iter().map(|signal| signal.kind.name()).collect::<Vec<_>>().join(" "),
        ]);
        cells
    }

    fn json(&self) -> impl Serialize {
        let standing = &self.standing;
        let work = |kind: Work| kind.index().map_or(0, |at| standing.work[at]);
        WireAuthor {
            source: &self.project,
            name: &self.who.name,
            address: &self.who.address,
            domain: self.who.domain(),
            aliases: self
                .aliases
                .iter()
                .map(|who| WireAlias { name: &who.name, address: &who.address })
                .collect(),
            first: instant(standing.first_seen),
            last: instant(self.last),
            messages: standing.messages,
            threads: standing.threads,
            days: standing.days,
            answers: self.answers,
            work: standing.work_total(),
            patches: work(Work::Patch),
            code: work(Work::Code),
            long_answers: work(Work::Answer),
            reports: work(Work::Report),
            pressing_messages: standing.pressing,
            pressing: rounded(self.pressing),
            upkeep: self.upkeep,
            controls: standing.controls,
            signals: self.signals.iter().map(WireSignal::from).collect(),
        }
    }
}
