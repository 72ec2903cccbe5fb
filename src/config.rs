//! `undue.toml`: thresholds, what is ignored, and what is disputed.
//!
//! ```toml
//! [thresholds]
//! pressure = 0.2                          # level 2; likewise takeover_pressure, request and each label
//!
//! [ignore]
//! authors = ["release-bot", "ci@tarn.example"]
//! paths = ["archives/old/*"]
//! threads = ["tarn/tarn#12"]
//! labels = ["flattery"]
//!
//! [[dispute]]
//! message = "20240203@tarn.example"       # or author, or thread
//! reason = "A joke between old friends; both say so."
//! ```

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
    path::Path,
};

use glob::{MatchOptions, Pattern};
use serde::Deserialize;
use toml::Spanned;

use crate::{
    ErrorKind, Label, Level, Message, Result,
    model::{Model, Output},
    pipeline::Scored,
};

/// Settings of a project.
#[derive(Debug, Default)]
pub struct Config {
    thresholds: Vec<(Output, f64)>,
    authors: HashSet<String>,
    paths: Vec<Pattern>,
    threads: HashSet<String>,
    labels: Vec<Label>,
    disputes: Vec<Dispute>,
}

/// Something that is not to be reported, because somebody said why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// What it is about.
    pub about: About,
    /// Why.
    pub reason: String,
}

/// What a dispute is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// One message, by its id.
    Message(String),
    /// All messages of an author, by name or address, in lower case.
    Author(String),
    /// All messages of a thread, by its id.
    Thread(String),
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// It is reported like any other.
    Report,
    /// A rule leaves it out.
    Ignore,
    /// A dispute leaves it out.
    Dispute,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    thresholds: BTreeMap<Spanned<String>, Spanned<f64>>,
    #[serde(default)]
    ignore: Ignore,
    #[serde(default)]
    dispute: Vec<Spanned<Row>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Ignore {
    authors: Vec<Spanned<String>>,
    paths: Vec<Spanned<String>>,
    threads: Vec<Spanned<String>>,
    labels: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    message: Option<String>,
    author: Option<String>,
    thread: Option<String>,
    reason: String,
}

impl Config {
    /// Reads the settings in `text`.
    ///
    /// # Errors
    /// [`ErrorKind::Format`]: the line, what stands there, and what was expected.
    pub fn parse(text: &str) -> Result<Self> {
        let file: File = toml::from_str(text).map_err(|err| {
            let line = line_of(text, &err.span().unwrap_or_default());
            ErrorKind::Format(format!("line {line}: {}", err.message().replace('\n', "; ")))
        })?;
        let at = |span: Range<usize>, what: String| {
            let line = line_of(text, &span);
            crate::Error::new(ErrorKind::Format(format!("line {line}: {what}")))
        };
        let mut config = Self::default();
        for (name, value) in &file.thresholds {
            let output = output(name.get_ref()).map_err(|what| at(name.span(), what))?;
            let value = probability(output, value).map_err(|what| at(value.span(), what))?;
            config.thresholds.push((output, value));
        }
        for author in &file.ignore.authors {
            config.authors.insert(named(author, "ignore.authors").map_err(|what| at(author.span(), what))?);
        }
        for thread in &file.ignore.threads {
            named(thread, "ignore.threads").map_err(|what| at(thread.span(), what))?;
            config.threads.insert(thread.get_ref().clone());
        }
        for path in &file.ignore.paths {
            let pattern = Pattern::new(path.get_ref());
            let bad = |err| {
                format!(
                    "ignore.paths: {:?} is no pattern ({err}); expected one like \"old/*.mbox\"",
                    path.get_ref()
                )
            };
            config.paths.push(pattern.map_err(|err| at(path.span(), bad(err)))?);
        }
        for label in &file.ignore.labels {
            config.labels.push(self::label(label.get_ref()).map_err(|what| at(label.span(), what))?);
        }
        for row in file.dispute {
            let span = row.span();
            config.disputes.push(dispute(row.into_inner()).map_err(|what| at(span, what))?);
        }
        Ok(config)
    }

    /// Sets the thresholds of `model`; the measured rates of those are not known any more.
    pub fn adjust(&self, model: &mut Model) {
        self.thresholds.iter().for_each(|(output, threshold)| model.set_threshold(*output, *threshold));
    }

    /// What becomes of a message. Labels that are ignored are taken away; one that had no others is ignored.
    pub fn rule(&self, scored: &mut Scored) -> Ruling {
        let message = &scored.message;
        if self.disputes.iter().any(|dispute| dispute.about.covers(message)) {
            return Ruling::Dispute;
        }
        let is_author = [&message.author.name, &message.author.address]
            .into_iter()
            .any(|who| !who.is_empty() && self.authors.contains(&who.to_lowercase()));
        let is_thread = message.thread.as_ref().is_some_and(|thread| self.threads.contains(thread));
        if is_author || is_thread || self.is_ignored_path(&message.position.path) {
            return Ruling::Ignore;
        }
        let score = &mut scored.score;
        let had_labels = !score.labels.is_empty();
        score.labels.retain(|label| !self.labels.contains(label));
        let is_left = |output| !matches!(output, Output::Label(label) if self.labels.contains(&label));
        score.evidence.retain(|evidence| is_left(evidence.output));
        match had_labels && score.labels.is_empty() && score.level > Level::Ordinary {
            true => Ruling::Ignore,
            false => Ruling::Report,
        }
    }

    /// A pattern stands for a whole path or for the end of one.
    fn is_ignored_path(&self, path: &Path) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::default() };
        self.paths.iter().any(|pattern| {
            let mut rest = path.components();
            loop {
                if pattern.matches_path_with(rest.as_path(), options) {
                    return true;
                }
                if rest.next().is_none() {
                    return false;
                }
            }
        })
    }

    /// What is disputed, in order.
    pub fn disputes(&self) -> &[Dispute] {
        &self.disputes
    }

    /// How many thresholds are set and how many rules ignore something.
    pub fn counts(&self) -> (usize, usize) {
        let rules = self.authors.len() + self.paths.len() + self.threads.len() + self.labels.len();
        (self.thresholds.len(), rules)
    }
}

impl About {
    fn covers(&self, message: &Message) -> bool {
        match self {
            Self::Message(id) => *id == message.id,
            Self::Thread(id) => message.thread.as_ref() == Some(id),
            Self::Author(who) => [&message.author.name, &message.author.address]
                .into_iter()
                .any(|it| it.to_lowercase() == *who),
        }
    }
}

/// Line of the beginning of `span`, from 1.
fn line_of(text: &str, span: &Range<usize>) -> usize {
    1 + text.as_bytes()[..span.start.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}

fn output(name: &str) -> Result<Output, String> {
    Output::all().find(|output| output.name() == name).ok_or_else(|| {
        let names: Vec<_> = Output::all().map(Output::name).collect();
        format!("thresholds.{name}: unknown; expected one of {}", names.join(", "))
    })
}

fn probability(output: Output, value: &Spanned<f64>) -> Result<f64, String> {
    let value = *value.get_ref();
    match value > 0.0 && value <= 1.0 {
        true => Ok(value),
        false => Err(format!("thresholds.{output} is {value}; expected a probability above 0, at most 1")),
    }
}

fn label(name: &str) -> Result<Label, String> {
    Label::ALL.into_iter().find(|label| label.name() == name).ok_or_else(|| {
        format!(
            "ignore.labels: {name:?} is unknown; expected one of {}",
            Label::ALL.map(Label::name).join(", ")
        )
    })
}

fn named(text: &Spanned<String>, what: &str) -> Result<String, String> {
    match text.get_ref().trim().is_empty() {
        true => Err(format!(
            "{what}: an empty text would ignore whoever has none; expected a name, an address or an id"
        )),
        false => Ok(text.get_ref().to_lowercase()),
    }
}

fn dispute(row: Row) -> Result<Dispute, String> {
    let abouts: Vec<About> = [
        row.message.map(About::Message),
        row.author.map(|who| About::Author(who.to_lowercase())),
        row.thread.map(About::Thread),
    ]
    .into_iter()
    .flatten()
    .collect();
    let [about] = <[About; 1]>::try_from(abouts)
        .map_err(|all| format!("dispute has {} of message, author and thread; expected one", all.len()))?;
    let (About::Message(id) | About::Author(id) | About::Thread(id)) = &about;
    if id.trim().is_empty() || row.reason.trim().is_empty() {
        return Err("dispute with an empty text; expected whom or what it is about, and a reason that others can judge".into());
    }
    Ok(Dispute { about, reason: row.reason })
}

#[cfg(test)]
mod tests;
