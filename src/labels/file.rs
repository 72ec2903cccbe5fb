//! The wire format of label files: CSV or JSON Lines, the same fields in both.

use std::{collections::HashMap, fmt, io};

use serde::{Deserialize, Serialize};

use super::{
    cell,
    row::{LabelRow, Mark, Review},
};
use crate::{Label, Level, labels::Judgement};

const COLUMNS: [&str; 8] = ["source", "id", "labels", "level", "evidence", "proposed_by", "reviewed", "note"];

/// How a label file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FileFormat {
    /// RFC 4180 with a header line.
    #[default]
    Csv,
    /// One JSON object per line.
    Jsonl,
}

/// A label file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelFile {
    /// What it was written in.
    pub format: FileFormat,
    /// Its rows, in order; source and id are unique.
    pub rows: Vec<LabelRow>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Row from 1, a header does not count; none if the file as a whole is meant.
    pub row: Option<usize>,
    /// What.
    pub problem: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Some(row) => write!(f, "row {row}: {}", self.problem),
            None => f.write_str(&self.problem),
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    source: String,
    id: String,
    labels: Vec<Label>,
    level: Level,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    proposed_by: String,
    #[serde(default)]
    reviewed: String,
    #[serde(default)]
    note: String,
}

/// Writes a label file.
///
/// # Errors
/// Those of the output.
pub fn write(out: impl io::Write, format: FileFormat, rows: &[LabelRow]) -> io::Result<()> {
    match format {
        FileFormat::Csv => write_csv(out, rows),
        FileFormat::Jsonl => write_jsonl(out, rows),
    }
}

fn write_csv(out: impl io::Write, rows: &[LabelRow]) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(COLUMNS)?;
    for wire in rows.iter().map(Wire::from) {
        let labels: Vec<_> = wire.labels.iter().map(|label| label.name()).collect();
        let level = u8::from(wire.level).to_string();
        let [source, id, by, reviewed, note] =
            [&wire.source, &wire.id, &wire.proposed_by, &wire.reviewed, &wire.note]
                .map(|it| cell::encode(it));
        out.write_record([source, id, labels.join(" "), level, wire.evidence, by, reviewed, note])?;
    }
    out.flush()
}

fn write_jsonl(mut out: impl io::Write, rows: &[LabelRow]) -> io::Result<()> {
    for row in rows {
        let line = serde_json::to_string(&Wire::from(row))?;
        out.write_all(visible(&line).as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// JSON escapes control characters of ASCII only; what else acts on a terminal is escaped here. All of it stands
/// inside strings.
fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if crate::report::is_hidden(c) {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

impl From<&LabelRow> for Wire {
    fn from(row: &LabelRow) -> Self {
        let evidence: Vec<_> = row.evidence.iter().map(ToString::to_string).collect();
        Self {
            source: row.source.clone(),
            id: row.id.clone(),
            labels: row.judgement.labels.clone(),
            level: row.judgement.level,
            evidence: evidence.join(";"),
            proposed_by: row.proposed_by.clone(),
            reviewed: row.reviewed.as_ref().map(Review::to_string).unwrap_or_default(),
            note: row.note.clone(),
        }
    }
}

/// Reads a label file: JSON Lines if it begins with a brace, else CSV.
///
/// # Errors
/// Everything that is wrong, row by row; a row without its error is a row that would be lost.
pub fn read(text: &str) -> Result<LabelFile, Vec<RowError>> {
    let text = text.trim_start_matches('\u{feff}');
    let is_json = text.trim_start().starts_with('{');
    let format = if is_json { FileFormat::Jsonl } else { FileFormat::Csv };
    let parsed = if is_json { json_lines(text) } else { csv_rows(text) };
    let mut seen: HashMap<(String, String), usize> = HashMap::new();
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for (row, wire) in parsed {
        let parsed = wire.and_then(LabelRow::try_from).and_then(|it| {
            let earlier = row.and_then(|row| seen.insert((it.source.clone(), it.id.clone()), row));
            earlier.map_or(Ok(it), |earlier| Err(format!("the same message as in row {earlier}")))
        });
        match parsed {
            Ok(it) => rows.push(it),
            Err(problem) => errors.push(RowError { row, problem }),
        }
    }
    if errors.is_empty() { Ok(LabelFile { format, rows }) } else { Err(errors) }
}

type Parsed = Vec<(Option<usize>, Result<Wire, String>)>;

fn json_lines(text: &str) -> Parsed {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let parse = |line| serde_json::from_str::<Wire>(line).map_err(|err| err.to_string());
    (1..).map(Some).zip(lines.map(parse)).collect()
}

fn csv_rows(text: &str) -> Parsed {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers: Vec<String> = match reader.headers() {
        Ok(headers) => headers.iter().map(|name| name.trim().to_owned()).collect(),
        Err(err) => return vec![(None, Err(err.to_string()))],
    };
    if let Some(problem) = wrong_headers(&headers) {
        return vec![(None, Err(problem))];
    }
    let row = |record: csv::Result<csv::StringRecord>| {
        let record = record.map_err(|err| err.to_string())?;
        from_cells(headers.iter().map(String::as_str).zip(&record).collect())
    };
    (1..).map(Some).zip(reader.records().map(row)).collect()
}

/// A misspelt column must not be lost in silence, nor one that is missing be taken for empty.
fn wrong_headers(headers: &[String]) -> Option<String> {
    let known = COLUMNS.join(", ");
    if let Some(name) = headers.iter().find(|name| !COLUMNS.contains(&name.as_str())) {
        return Some(format!("unknown column {name:?}; known are {known}"));
    }
    let missing = COLUMNS[..5].iter().find(|name| !headers.iter().any(|it| it == *name));
    missing.map(|name| format!("no column {name:?}; a label file has {known}"))
}

fn from_cells(cells: HashMap<&str, &str>) -> Result<Wire, String> {
    let raw = |name: &str| cells.get(name).copied().unwrap_or_default();
    let text = |name: &str| cell::decode(raw(name));
    let labels: Vec<Label> = raw("labels").split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    Ok(Wire {
        source: text("source"),
        id: text("id"),
        labels,
        level: raw("level").trim().parse()?,
        evidence: raw("evidence").to_owned(),
        proposed_by: text("proposed_by"),
        reviewed: text("reviewed"),
        note: text("note"),
    })
}

impl TryFrom<Wire> for LabelRow {
    type Error = String;

    fn try_from(wire: Wire) -> Result<Self, String> {
        if wire.id.is_empty() {
            return Err("no id".into());
        }
        let mut row = Self {
            source: wire.source,
            id: wire.id,
            judgement: Judgement { level: wire.level, labels: Vec::new() },
            proposed_by: wire.proposed_by,
            reviewed: Review::parse(&wire.reviewed),
            note: wire.note,
            ..Self::default()
        };
        wire.labels.into_iter().for_each(|label| row.add_label(label));
        for part in wire.evidence.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let mark: Mark = part.parse()?;
            if !row.judgement.labels.contains(&mark.label) {
                return Err(format!("evidence for {}, which is not among the labels", mark.label));
            }
            row.add_mark(mark);
        }
        Ok(row)
    }
}

#[cfg(test)]
mod tests;
