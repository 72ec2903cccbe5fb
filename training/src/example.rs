//! Labelled messages with their texts, ready for learning.

use std::{collections::HashMap, ops::Range, path::Path};

use anyhow::Context;
use serde::Deserialize;
use undue::{
    Label, Level, Message,
    features::{Part, Sentence, sentences},
    model::Output,
};

use crate::{corpus::CorpusMessage, labels::LabelRow};

/// A labelled message.
#[derive(Debug, Clone)]
pub struct Example {
    /// Corpus, or `authored`.
    pub source: String,
    /// Theme of an authored text; empty otherwise.
    pub theme: String,
    /// The message.
    pub message: Message,
    /// Its judged sentences.
    pub sentences: Vec<Sentence>,
    /// How strong it is.
    pub level: Level,
    /// What it shows.
    pub labels: Vec<Label>,
    /// Where in the body (bytes) or subject.
    pub evidence: Vec<(Label, Part, Range<usize>)>,
    /// How it was drawn.
    pub stratum: String,
}

impl Example {
    /// True if the message is a positive of `output`.
    pub fn is(&self, output: Output) -> bool {
        match output {
            Output::Label(label) => self.labels.contains(&label),
            Output::AtLeast(level) => self.level >= level,
        }
    }

    /// True if evidence for `output` touches sentence `i`; evidence of any label counts for levels.
    pub fn shows(&self, output: Output, i: usize) -> bool {
        let sentence = &self.sentences[i];
        self.evidence.iter().any(|(label, part, range)| {
            let counts = match output {
                Output::Label(wanted) => wanted == *label,
                Output::AtLeast(_) => true,
            };
            counts
                && *part == sentence.part
                && range.start < sentence.range.end
                && sentence.range.start < range.end
        })
    }

    /// Thread that keeps it on one side of every split.
    pub fn group(&self) -> String {
        if self.theme.is_empty() {
            format!("{}/{}", self.source, self.message.thread.as_deref().unwrap_or(&self.message.id))
        } else {
            format!("authored/{}", self.message.id)
        }
    }
}

/// Joins labels with texts; returns the examples and the rows whose text is not there.
pub fn join(
    rows: Vec<LabelRow>,
    corpora: &HashMap<String, Vec<CorpusMessage>>,
) -> (Vec<Example>, Vec<LabelRow>) {
    let mut index: HashMap<(&str, &str), &Message> = HashMap::new();
    for messages in corpora.values() {
        for entry in messages {
            index.entry((&entry.source, &entry.message.id)).or_insert(&entry.message);
        }
    }
    let mut examples = Vec::new();
    let mut missing = Vec::new();
    for row in rows {
        let message = index.get(&(row.source.as_str(), row.id.as_str())).copied();
        match message {
            Some(message) => examples.push(example(row, message.clone())),
            None => missing.push(row),
        }
    }
    (examples, missing)
}

fn example(row: LabelRow, message: Message) -> Example {
    let evidence =
        row.evidence.iter().map(|(label, range)| (*label, Part::Body, bytes(&message.body, range)));
    Example {
        evidence: evidence.collect(),
        sentences: sentences(&message),
        source: row.source,
        theme: String::new(),
        message,
        level: row.level,
        labels: row.labels,
        stratum: row.stratum,
    }
}

/// Unicode scalar values to bytes.
fn bytes(text: &str, range: &Range<usize>) -> Range<usize> {
    let at = |n| text.char_indices().nth(n).map_or(text.len(), |(i, _)| i);
    at(range.start)..at(range.end)
}

#[derive(Deserialize)]
struct Authored {
    id: String,
    theme: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    author_role: String,
    text: String,
    level: u8,
    labels: Vec<Label>,
    evidence: HashMap<Label, Vec<String>>,
}

/// Reads the authored messages of a folder (`*.jsonl`, sorted).
pub fn read_authored(dir: &Path) -> anyhow::Result<Vec<Example>> {
    let mut paths: Vec<_> = std::fs::read_dir(dir)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "jsonl"))
        .collect();
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        for line in std::fs::read_to_string(&path)?.lines() {
            let authored: Authored =
                serde_json::from_str(line).with_context(|| path.display().to_string())?;
            all.push(authored_example(authored)?);
        }
    }
    Ok(all)
}

fn authored_example(authored: Authored) -> anyhow::Result<Example> {
    let mut message = Message {
        id: authored.id,
        subject: authored.subject,
        owns_subject: true,
        body: authored.text,
        ..Message::default()
    };
    message.author.role = authored.author_role;
    let mut evidence = Vec::new();
    for (label, texts) in authored.evidence {
        for text in texts {
            let in_body = message.body.find(&text).map(|at| (Part::Body, at));
            let found = in_body.or_else(|| message.subject.find(&text).map(|at| (Part::Subject, at)));
            let (part, at) = found.with_context(|| format!("{}: evidence is not in the text", message.id))?;
            evidence.push((label, part, at..at + text.len()));
        }
    }
    evidence.sort_by_key(|(label, _, range)| (*label, range.start));
    Ok(Example {
        source: "authored".into(),
        theme: authored.theme,
        sentences: sentences(&message),
        message,
        level: Level::try_from(authored.level).map_err(anyhow::Error::msg)?,
        labels: authored.labels,
        evidence,
        stratum: "authored".into(),
    })
}
