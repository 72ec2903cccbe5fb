//! Labelled messages with their texts, ready for learning.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    path::Path,
};

use anyhow::Context;
use serde::Deserialize;
use undue::{
    Label, Level, Message,
    features::{Part, Sentence, sentences},
    model::Output,
};

use crate::{corpus::Corpora, labels::LabelRow};

/// Stratum of the messages that were drawn at random: the only ones that reflect the base rate in the wild.
pub const RANDOM: &str = "rand";

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
    /// Where it shows it, in bytes of the subject or body.
    pub evidence: Vec<(Label, Part, Range<usize>)>,
    /// How it was drawn.
    pub stratum: String,
    /// Label file it came from.
    pub round: String,
}

impl Example {
    /// An ordinary message of a corpus, for tests to label.
    #[cfg(test)]
    pub(crate) fn ordinary(source: &str, message: Message) -> Self {
        Self {
            source: source.into(),
            theme: String::new(),
            sentences: sentences(&message),
            message,
            level: Level::Ordinary,
            labels: Vec::new(),
            evidence: Vec::new(),
            stratum: String::new(),
            round: String::new(),
        }
    }

    /// True if the message is a positive of `output`.
    pub fn is(&self, output: Output) -> bool {
        match output {
            Output::Label(label) => self.labels.contains(&label),
            Output::AtLeast(level) => self.level >= level,
        }
    }

    /// True if it was written for the project.
    pub fn is_authored(&self) -> bool {
        !self.theme.is_empty()
    }

    /// True if evidence for `output` touches sentence `i`; evidence of any label counts for levels.
    pub fn shows(&self, output: Output, i: usize) -> bool {
        let sentence = &self.sentences[i];
        self.evidence.iter().any(|(label, part, range)| {
            let counts = match output {
                Output::Label(wanted) => wanted == *label,
                Output::AtLeast(_) => true,
            };
            let overlaps = range.start < sentence.range.end && sentence.range.start < range.end;
            counts && *part == sentence.part && overlaps
        })
    }

    /// The thread it belongs to: never on both sides of a split.
    pub fn thread(&self) -> String {
        let thread = self.message.thread.as_deref().or(self.message.parent.as_deref());
        format!("{}/{}", self.source, thread.unwrap_or(&self.message.id))
    }

    /// Its own words in lower case with single spaces, without digits: equal for near-duplicates.
    pub fn normalised(&self) -> String {
        let texts = self.sentences.iter().map(|sentence| sentence.text(&self.message));
        let words =
            texts.flat_map(|text| text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()));
        words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    }
}

/// Joins labels with texts; returns the examples and the rows whose text is not there.
pub fn join(rows: Vec<LabelRow>, corpora: &Corpora) -> (Vec<Example>, Vec<LabelRow>) {
    let mut index: HashMap<(&str, &str), &Message> = HashMap::new();
    for (source, messages) in corpora {
        for message in messages {
            index.entry((source, &message.id)).or_insert(message);
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
    let place = |(label, range): &(Label, Range<usize>)| (*label, Part::Body, bytes(&message.body, range));
    Example {
        evidence: row.evidence.iter().map(place).collect(),
        sentences: sentences(&message),
        source: row.source,
        theme: String::new(),
        message,
        level: row.level,
        labels: row.labels,
        stratum: row.stratum,
        round: row.round,
    }
}

/// Unicode scalar values to bytes.
fn bytes(text: &str, range: &Range<usize>) -> Range<usize> {
    let at = |n| text.char_indices().nth(n).map_or(text.len(), |(i, _)| i);
    at(range.start)..at(range.end)
}

/// A message written for the project, as it stands in `datasets/authored/`.
#[derive(Debug, Deserialize)]
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
    evidence: BTreeMap<Label, Vec<String>>,
}

/// Reads the authored messages of a folder (`*.jsonl`, sorted; not of folders inside it).
///
/// # Errors
/// If a file cannot be read, breaks the schema, or has evidence that is not in its text.
pub fn read_authored(dir: &Path) -> anyhow::Result<Vec<Example>> {
    let entries = std::fs::read_dir(dir).with_context(|| dir.display().to_string())?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        all.extend(read_authored_file(&path)?);
    }
    Ok(all)
}

/// Reads one file of authored messages.
///
/// # Errors
/// If it cannot be read, breaks the schema, or has evidence that is not in its text.
pub fn read_authored_file(path: &Path) -> anyhow::Result<Vec<Example>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    parse_authored(&path.display().to_string(), &text)
}

/// Parses the authored messages of one file; `name` is for errors.
///
/// # Errors
/// If a line breaks the schema or has evidence that is not in its text.
pub fn parse_authored(name: &str, text: &str) -> anyhow::Result<Vec<Example>> {
    let parse = |(n, line): (usize, &str)| {
        let place = || format!("{name}: line {}", n + 1);
        let authored: Authored = serde_json::from_str(line).with_context(place)?;
        authored_example(authored).with_context(place)
    };
    text.lines().enumerate().map(parse).collect()
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
            let (part, at) = found.context("evidence is not in the text")?;
            evidence.push((label, part, at..at + text.len()));
        }
    }
    Ok(Example {
        source: "authored".into(),
        theme: authored.theme,
        sentences: sentences(&message),
        message,
        level: Level::try_from(authored.level).map_err(anyhow::Error::msg)?,
        labels: authored.labels,
        evidence,
        stratum: "authored".into(),
        round: "authored".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalar_values_become_bytes() {
        assert_eq!(bytes("añb", &(1..3)), 1..4);
        assert_eq!(bytes("ab", &(1..9)), 1..2);
    }

    #[test]
    fn labels_meet_their_texts() {
        let message = Message { id: "a".into(), body: "Hello. Any news?".into(), ..Message::default() };
        let corpora = Corpora::from([("list".to_owned(), vec![message])]);
        let row = |id: &str| LabelRow {
            source: "list".into(),
            id: id.into(),
            level: Level::Request,
            labels: vec![Label::Persistence],
            evidence: vec![(Label::Persistence, 7..15)],
            stratum: RANDOM.into(),
            round: "1".into(),
        };
        let (examples, missing) = join(vec![row("a"), row("b")], &corpora);
        assert_eq!((examples.len(), missing.len()), (1, 1));
        let persistence = Output::Label(Label::Persistence);
        assert!(examples[0].is(persistence) && !examples[0].is(Output::PRESSURE));
        assert!(examples[0].shows(persistence, 1) && !examples[0].shows(persistence, 0));
        assert_eq!(examples[0].normalised(), "hello any news");
    }
}
