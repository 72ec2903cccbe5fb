//! The page: one file that needs nothing else. A policy forbids scripts and the network even if something got in.

use std::sync::Arc;

use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

use super::{Report, finding, name, start};
use crate::{context::Who, report::multi_line};

mod campaign;
mod chart;
mod message;
mod read;
mod scores;
mod tables;
mod timeline;

/// Nothing is loaded and nothing runs; the one style sheet is allowed by its hash, which a test compares.
const POLICY: &str = "default-src 'none'; style-src 'sha256-yrcXcmIKaWWPJUvp9LQkixpdcQd2wbzj6P0oSrw5J5U='; \
                      base-uri 'none'; form-action 'none'";
const VERSION: &str = env!("CARGO_PKG_VERSION");
const STYLE: &str = include_str!("style.css");

/// Sections with their headings, in order.
const SECTIONS: [(&str, &str); 9] = [
    ("found", "What was found"),
    ("not", "What this is not"),
    ("read", "What was read"),
    ("time", "Pressure over time"),
    ("campaigns", "Campaigns"),
    ("messages", "Other pressing messages"),
    ("actors", "Authors who press"),
    ("threads", "Threads with pressure"),
    ("scores", "How the scores came about"),
];

pub(super) fn page(report: &Report<'_>) -> String {
    let model = report.model.metadata();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head())
            body {
                a.skip href="#found" { "Go to what was found" }
                header {
                    h1 { "Pressure on maintainers" }
                    p.note { "A report by undue " (VERSION) ". It says where to look; it is no verdict about anybody." }
                }
                nav aria-label="Contents" {
                    ul { @for (id, title) in SECTIONS { li { a href={ "#" (id) } { (title) } } } }
                }
                main {
                    (section(0, found(report)))
                    (section(1, not()))
                    (section(2, read::section(report)))
                    (section(3, chart::section(report)))
                    (section(4, campaign::section(report)))
                    (section(5, message::section(report)))
                    (section(6, tables::actors(report)))
                    (section(7, tables::threads(report)))
                    (section(8, scores::section(report)))
                }
                footer { p.note {
                    "Made by undue " (VERSION) " with the model " code { (model.name) } " " (model.version)
                    ", SHA-256 " code { (report.model.hash()) }
                    ". The same inputs give the same page. It holds other people's words: hand it on with care."
                } }
            }
        }
    };
    // Whatever a section forgot: no character on the page acts instead of being seen.
    multi_line(&page.into_string())
}

fn head() -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            meta name="robots" content="noindex";
            title { "Pressure on maintainers" }
            style { (PreEscaped(STYLE)) }
        }
    }
}

fn section(at: usize, content: Markup) -> Markup {
    let (id, title) = SECTIONS[at];
    let label = format!("{id}-title");
    html! { section id=(id) aria-labelledby=(label) { h2 id=(label) { (title) } (content) } }
}

fn found(report: &Report<'_>) -> Markup {
    html! {
        ol.lead { @for sentence in finding::sentences(report, &str::to_owned) { li { (sentence) } } }
        @if let Some(campaign) = report.campaigns.items.first() {
            p {
                a href="#c1" { "Campaign " (campaign.id) }
                @if !campaign.messages.is_empty() { ", its " a href="#m1" { "first message" } } "."
            }
        } @else if !report.strongest.is_empty() {
            p { a href="#m1" { "The strongest message" } "." }
        }
        @if report.summary.unreadable > 0 {
            p.warn { "Not everything could be read: this is not the whole picture." }
        }
    }
}

fn not() -> Markup {
    html! { ul { @for line in finding::NOT { li { (line) } } } }
}

/// Text of strangers, so many characters of it: on one line, hidden characters visible, and its direction of writing
/// kept apart from that of its neighbours.
struct Foreign<'t>(&'t str, usize);

impl Render for Foreign<'_> {
    fn render(&self) -> Markup {
        html! { bdi { (start(self.0, self.1)) } }
    }
}

/// The head of a table. A column whose name begins with `#` holds numbers.
fn columns(names: &[&str]) -> Markup {
    html! { thead { tr { @for name in names { @match name.strip_prefix('#') {
        Some(name) => th.n scope="col" { (name) },
        None => th scope="col" { (name) },
    } } } } }
}

/// A cell with a number.
fn number(n: impl Render) -> Markup {
    html! { td.n { (n) } }
}

/// A row with what something adds to a logit.
fn adds(what: impl Render, value: f64) -> Markup {
    html! { tr { th scope="row" { (what) } (number(format!("{value:+.2}"))) } }
}

/// The head of a row: name, address and other names of somebody.
fn account(who: &Who, aliases: &[Arc<Who>]) -> Markup {
    let has_both = !who.name.is_empty() && !who.address.is_empty();
    html! { th scope="row" {
        bdi { (name(who)) }
        @if has_both { br; code.soft { (Foreign(&who.address, 80)) } }
        @for also in aliases {
            br; span.soft { "also " (Foreign(&format!("{} <{}>", also.name, also.address), 100)) }
        }
    } }
}

/// What may be wider than a narrow screen: it scrolls by itself, by keyboard as well.
fn scrolling(label: &str, content: Markup) -> Markup {
    html! { div.scroll tabindex="0" role="region" aria-label=(label) { (content) } }
}

/// "12 more are not shown (--top-actors).", or nothing.
fn left_out(count: u64, option: &str) -> Markup {
    html! { @if count > 0 {
        p.note { (super::counted(count, "more is", "more are")) " not shown (" code { (option) } ")." }
    } }
}

/// A link to the message, if it is on the page; else its id.
fn link(report: &Report<'_>, project: &Arc<str>, id: &str) -> Markup {
    html! { @match report.number(project, id) {
        Some(number) => a href={ "#m" (number) } { "message " (number) },
        None => code { (Foreign(report.places.id(id), 80)) },
    } }
}
