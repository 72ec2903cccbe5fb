//! A report to hand on: one page for a browser or paper, or Markdown for an issue tracker.
//!
//! [`Collector`] takes messages and whatever the context tells of them and keeps, in bounded memory, what a [`Report`]
//! shows; `html/` and `markdown.rs` write it. Text of strangers is shown as text and nothing else: there is no script,
//! nothing is fetched, no link leads out of the page.
//!
//! | module | what it holds |
//! |---|---|
//! | `collect`, `best`, `kept`, `months`, `places` | what is kept while messages come |
//! | `excerpt`, `explained` | what is shown of one message, and why it has its score |
//! | `finding` | what was found, in three sentences; what a report is not |
//! | `html`, `markdown` | the two formats |

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Summary, one_line};
use crate::{
    context::{AuthorSummary, Campaign, CampaignModel, ThreadSummary, Who},
    model::{Model, Output},
};

mod best;
mod collect;
mod excerpt;
mod explained;
mod finding;
mod html;
mod kept;
mod markdown;
mod months;
mod places;
#[cfg(test)]
mod tests;

use best::Shown;
pub use collect::Collector;
use explained::Explained;
use kept::Kept;
use months::Months;
use places::Places;

/// How much of what was found a report shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Campaigns, the most probable first.
    pub campaigns: usize,
    /// Pressing messages that are in no campaign, the strongest first.
    pub messages: usize,
    /// Authors, by how strongly all their messages press.
    pub actors: usize,
    /// Threads, by how strongly all their messages press.
    pub threads: usize,
    /// Lists or repositories, by their pressing messages.
    pub lists: usize,
    /// Messages whose scores are explained, the strongest first.
    pub explained: usize,
}

impl Default for Limits {
    /// What fits on some thirty pages of paper.
    fn default() -> Self {
        Self { campaigns: 10, messages: 25, actors: 30, threads: 30, lists: 12, explained: 8 }
    }
}

/// Everything that a report shows.
#[derive(Debug)]
pub struct Report<'m> {
    model: &'m Model,
    campaign_model: Option<CampaignModel>,
    /// Probability from which on campaigns are shown.
    least: f64,
    limits: Limits,
    summary: Summary,
    /// Messages that came too late to be put in order by date.
    late: u64,
    /// Pressing messages without an author.
    anonymous: u64,
    /// Addresses that were taken for one person with another.
    merges: u64,
    /// Authors, one for each list they wrote to.
    people: u64,
    months: Months,
    /// What is shown instead of paths.
    places: Places,
    campaigns: Shown<Campaign>,
    actors: Shown<AuthorSummary>,
    threads: Shown<ThreadSummary>,
    explained: Vec<Explained>,
    /// Pressing messages outside the campaigns that are shown, strongest first.
    strongest: Vec<Kept>,
    /// Messages of level 2 or 3 that are shown nowhere.
    messages_left_out: u64,
    /// What is kept of the messages of campaigns.
    texts: FxHashMap<(Arc<str>, Box<str>), Kept>,
    /// Number of each message that is shown, from 1 in the order of the page.
    numbers: FxHashMap<(Arc<str>, Box<str>), usize>,
}

impl Report<'_> {
    /// The page, whole.
    pub fn html(&self) -> String {
        html::page(self)
    }

    /// The same, shorter, for an issue tracker: at most 60,000 bytes.
    pub fn markdown(&self) -> String {
        markdown::document(self)
    }

    fn number(&self, project: &Arc<str>, id: &str) -> Option<usize> {
        self.numbers.get(&(project.clone(), id.into())).copied()
    }

    fn text(&self, project: &Arc<str>, id: &str) -> Option<&Kept> {
        self.texts.get(&(project.clone(), id.into()))
    }

    /// Threshold of an output, and how often it is reached by what does not press: what a probability is read by.
    fn measured(&self, output: Output) -> String {
        let facts = self.model.facts(output);
        format!(
            "threshold {}, reached by {} of ordinary messages",
            probability(facts.threshold),
            percent(facts.false_alarm_rate, 2)
        )
    }

    /// The same of campaigns.
    fn measured_campaigns(&self) -> String {
        let Some(model) = &self.campaign_model else { return "without a campaign model".to_owned() };
        let threshold = probability(model.threshold);
        match model.false_alarms_per_20000 {
            Some(rate) => format!("threshold {threshold}, with {rate:.2} false alarms in 20,000 messages"),
            None => format!("threshold {threshold}, whose false-alarm rate was not measured yet"),
        }
    }

    fn pressing(&self) -> u64 {
        self.summary.levels[2] + self.summary.levels[3]
    }
}

/// Somebody's name or address on one line, harmless to a terminal; never empty.
fn name(who: &Who) -> String {
    named(who.shown())
}

fn named(text: &str) -> String {
    let shown = start(text, 80);
    if shown.is_empty() { "(unnamed)".to_owned() } else { shown }
}

/// The first characters of a text, on one line, harmless to a terminal.
fn start(text: &str, characters: usize) -> String {
    let mut chars = text.chars();
    let first: String = chars.by_ref().take(characters).collect();
    let rest = if chars.next().is_some() { "…" } else { "" };
    format!("{}{rest}", one_line(&first))
}

/// "1 message", "2 messages".
fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// A share as "1.25 %", with a space that does not break.
fn percent(share: f64, digits: usize) -> String {
    format!("{:.digits$}\u{a0}%", share * 100.0)
}

/// A probability to three decimals, never rounded to certainty.
fn probability(p: f64) -> String {
    match p {
        p if p < 0.0005 => "<0.001".to_owned(),
        p if p >= 0.9995 => ">0.999".to_owned(),
        p => format!("{p:.3}"),
    }
}
