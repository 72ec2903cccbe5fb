//! Rules of the codebook that a machine can check.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    ops::Range,
    path::Path,
};

use undue::{
    Label, Level, Message,
    features::{Part, sentences},
};

use super::{AuthoredMessage, Entry, Fault, FaultKind, Place, files, read, repeats};
use crate::counts::{self, Counts};

/// Spans of evidence that one label may have.
pub(super) const MAX_SPANS: usize = 3;
/// Words of one span.
pub(super) const MAX_WORDS: usize = 12;

/// What was found in a folder.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// Counts by file, named by its path in the folder without the ending.
    pub themes: BTreeMap<String, Counts>,
    /// What is wrong, in the order of the files and lines.
    pub faults: Vec<Fault>,
    /// What is right by the codebook, but of no use to a model.
    pub notes: Vec<Fault>,
}

/// Checks all files of a folder.
///
/// # Errors
/// If the folder or a file in it cannot be read.
pub fn check(dir: &Path) -> anyhow::Result<Report> {
    let (entries, mut faults) = read(dir)?;
    let mut ids: HashMap<&str, &Place> = HashMap::new();
    for entry in &entries {
        let mut found = faults_of(&entry.message, &entry.place.path);
        if let Some(first) = ids.get(entry.message.id.as_str()) {
            found.push(FaultKind::DuplicateId((*first).clone()));
        }
        ids.entry(&entry.message.id).or_insert(&entry.place);
        faults.extend(found.into_iter().map(|kind| Fault::of(entry, kind)));
    }
    faults.extend(repeats::find(&entries));
    faults.sort_by(|a, b| a.place.cmp(&b.place));
    // A trailer that a person wrote is evidence, though own words do not hold it.
    let (notes, faults) =
        faults.into_iter().partition(|fault| matches!(fault.kind, FaultKind::NotOwnWords { .. }));
    Ok(Report { themes: count(dir, &entries)?, faults, notes })
}

fn count(dir: &Path, entries: &[Entry]) -> anyhow::Result<BTreeMap<String, Counts>> {
    // A file without a readable line is listed all the same.
    let mut themes: BTreeMap<String, Counts> =
        files(dir)?.iter().map(|path| (theme_name(dir, path), Counts::default())).collect();
    for Entry { place, message } in entries {
        themes.entry(theme_name(dir, &place.path)).or_default().add(message.level, &message.labels);
    }
    Ok(themes)
}

fn theme_name(dir: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(dir).unwrap_or(path).with_extension("");
    inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// What is wrong with one message of the file at `path`.
fn faults_of(message: &AuthoredMessage, path: &Path) -> Vec<FaultKind> {
    let mut faults = Vec::new();
    let file = path.file_stem().unwrap_or_default().to_string_lossy();
    if message.source != "authored" {
        faults.push(FaultKind::Source(message.source.clone()));
    }
    if message.theme != file {
        faults.push(FaultKind::Theme { theme: message.theme.clone(), file: file.into_owned() });
    }
    if !is_id(&message.id, &message.theme) {
        faults.push(FaultKind::Id);
    }
    if message.text.trim().is_empty() {
        faults.push(FaultKind::EmptyText);
    }
    check_labels(message, &mut faults);
    check_level(message, &mut faults);
    check_evidence(message, &mut faults);
    faults
}

fn is_id(id: &str, theme: &str) -> bool {
    let number = id.strip_prefix("authored/").and_then(|rest| rest.strip_prefix(theme)?.strip_prefix('/'));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn check_labels(message: &AuthoredMessage, faults: &mut Vec<FaultKind>) {
    for (i, label) in message.labels.iter().enumerate() {
        if message.labels[..i].contains(label) {
            faults.push(FaultKind::LabelTwice(*label));
        } else if message.evidence.get(label).is_none_or(Vec::is_empty) {
            faults.push(FaultKind::NoEvidence(*label));
        }
    }
    let unlabelled = message.evidence.keys().filter(|label| !message.labels.contains(label));
    faults.extend(unlabelled.map(|label| FaultKind::NoLabel(*label)));
}

fn check_level(message: &AuthoredMessage, faults: &mut Vec<FaultKind>) {
    let (requests, mut tactics): (Vec<Label>, Vec<Label>) =
        message.labels.iter().partition(|label| label.is_request());
    tactics.sort_unstable();
    let level = message.level;
    if level == Level::Ordinary && !message.labels.is_empty() {
        faults.push(FaultKind::OrdinaryWithLabels);
    }
    if level >= Level::Pressure && tactics.is_empty() {
        faults.push(FaultKind::NoTactic(level));
    }
    if level == Level::TakeoverPressure && requests.is_empty() {
        faults.push(FaultKind::NoRequest);
    }
    let mild = tactics.iter().filter(|label| **label != Label::Endorsement);
    if level == Level::Request && mild.count() > 1 {
        faults.push(FaultKind::SeveralTactics(tactics));
    }
}

fn check_evidence(message: &AuthoredMessage, faults: &mut Vec<FaultKind>) {
    let own = OwnWords::of(message);
    for (&label, spans) in &message.evidence {
        if spans.len() > MAX_SPANS {
            faults.push(FaultKind::TooManySpans { label, count: spans.len() });
        }
        for span in spans {
            let words = span.split_whitespace().count();
            let fault = |kind: fn(Label, String) -> FaultKind| kind(label, span.clone());
            if words > MAX_WORDS {
                faults.push(FaultKind::LongSpan { label, words, span: span.clone() });
            }
            if span.is_empty() || span.trim() != span {
                faults.push(fault(|label, span| FaultKind::Edges { label, span }));
            } else if !message.text.contains(span) && !message.subject.contains(span) {
                faults.push(fault(|label, span| FaultKind::NotVerbatim { label, span }));
            } else if !own.hold(span) {
                faults.push(fault(|label, span| FaultKind::NotOwnWords { label, span }));
            }
        }
    }
}

/// The sentences of a message that a model would judge.
struct OwnWords<'m> {
    message: &'m AuthoredMessage,
    subject: bool,
    body: Vec<Range<usize>>,
}

impl<'m> OwnWords<'m> {
    fn of(message: &'m AuthoredMessage) -> Self {
        let judged = Message {
            subject: message.subject.clone(),
            owns_subject: true,
            body: message.text.clone(),
            ..Message::default()
        };
        let sentences = sentences(&judged);
        let subject = sentences.iter().any(|sentence| sentence.part == Part::Subject);
        let body = sentences.into_iter().filter(|sentence| sentence.part == Part::Body);
        Self { message, subject, body: body.map(|sentence| sentence.range).collect() }
    }

    /// True if `span` touches a judged sentence anywhere that it stands.
    fn hold(&self, span: &str) -> bool {
        let touches = |at: usize| {
            self.body.iter().any(|sentence| sentence.start < at + span.len() && at < sentence.end)
        };
        self.message.text.match_indices(span).any(|(at, _)| touches(at))
            || (self.subject && self.message.subject.contains(span))
    }
}

impl Report {
    /// The counts of each theme, then those of all.
    pub fn rows(&self) -> impl Iterator<Item = (&str, Counts)> {
        let mut all = Counts::default();
        self.themes.values().for_each(|counts| all.merge(counts));
        let themes = self.themes.iter().map(|(name, counts)| (name.as_str(), *counts));
        themes.chain([("all", all)])
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&counts::markdown("theme", self.rows()))?;
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        for fault in &self.faults {
            writeln!(f, "{fault}")?;
        }
        match self.faults.len() {
            0 => writeln!(f, "no faults"),
            1 => writeln!(f, "1 fault"),
            count => writeln!(f, "{count} faults"),
        }
    }
}
