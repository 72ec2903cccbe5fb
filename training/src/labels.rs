//! Stand-off labels: who said what of which message, without its text. Schema: `datasets/README.md`.

use std::{ops::Range, path::Path};

use anyhow::{Context, bail};
use serde::Deserialize;
use undue::{Label, Level};

/// The labels of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelRow {
    /// Corpus that holds the text.
    pub source: String,
    /// Id of the message in the corpus.
    pub id: String,
    /// How strong it is.
    pub level: Level,
    /// What it shows, in the order of the codebook.
    pub labels: Vec<Label>,
    /// Where it shows it: ranges of Unicode scalar values of the text.
    pub evidence: Vec<(Label, Range<usize>)>,
    /// How the message was drawn; `rand` is the random stratum.
    pub stratum: String,
    /// Round or file it was labelled in.
    pub round: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    source: String,
    id: String,
    level: u8,
    labels: String,
    evidence: String,
    round: String,
    stratum: String,
    #[serde(rename = "annotator")]
    _annotator: String,
}

/// Reads a label file.
///
/// # Errors
/// If the file cannot be read, or a row breaks the schema (named by its line).
pub fn read(path: &Path) -> anyhow::Result<Vec<LabelRow>> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    let rows = reader.deserialize::<Row>().enumerate();
    rows.map(|(n, row)| {
        let row = row.with_context(|| path.display().to_string())?;
        parse(row).with_context(|| format!("{}: row {}", path.display(), n + 1))
    })
    .collect()
}

fn parse(row: Row) -> anyhow::Result<LabelRow> {
    let level = Level::try_from(row.level).map_err(anyhow::Error::msg)?;
    let labels = row.labels.split_whitespace().map(str::parse).collect::<Result<Vec<Label>, _>>();
    let evidence =
        row.evidence.split(';').filter(|part| !part.is_empty()).map(span).collect::<Result<_, _>>()?;
    Ok(LabelRow {
        source: row.source,
        id: row.id,
        level,
        labels: labels.map_err(anyhow::Error::msg)?,
        evidence,
        stratum: row.stratum,
        round: row.round,
    })
}

/// `label:start-end`.
fn span(part: &str) -> anyhow::Result<(Label, Range<usize>)> {
    let (label, range) = part.split_once(':').with_context(|| format!("evidence {part:?}"))?;
    let (start, end) = range.split_once('-').with_context(|| format!("evidence {part:?}"))?;
    let range = start.parse()?..end.parse()?;
    if range.is_empty() {
        bail!("evidence {part:?} is empty");
    }
    Ok((label.parse().map_err(anyhow::Error::msg)?, range))
}
