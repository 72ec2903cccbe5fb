//! Stand-off labels: who said what of which message, without its text. Schema: `datasets/README.md`.

use std::{collections::HashSet, ops::Range, path::Path};

use anyhow::{Context, bail, ensure};
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
    let mut seen = HashSet::new();
    let rows = reader.deserialize::<Row>().enumerate();
    rows.map(|(n, row)| {
        let row = row.with_context(|| path.display().to_string())?;
        let place = || format!("{}: row {}", path.display(), n + 1);
        let row = parse(row).with_context(place)?;
        let is_new = seen.insert((row.source.clone(), row.id.clone()));
        ensure!(is_new, "{}: {} of {} is labelled twice", place(), row.id, row.source);
        Ok(row)
    })
    .collect()
}

fn parse(row: Row) -> anyhow::Result<LabelRow> {
    let level = Level::try_from(row.level).map_err(anyhow::Error::msg)?;
    let labels = row.labels.split_whitespace().map(str::parse).collect::<Result<Vec<Label>, _>>();
    let labels = labels.map_err(anyhow::Error::msg)?;
    ensure!(
        labels.is_sorted_by(|a, b| a < b),
        "labels {:?} are not in the order of the codebook",
        row.labels
    );
    let evidence: Vec<(Label, Range<usize>)> =
        row.evidence.split(';').filter(|part| !part.is_empty()).map(span).collect::<Result<_, _>>()?;
    if let Some((label, _)) = evidence.iter().find(|(label, _)| !labels.contains(label)) {
        bail!("evidence for {label}, which is not among the labels");
    }
    Ok(LabelRow {
        source: row.source,
        id: row.id,
        level,
        labels,
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    fn read_rows(rows: &str) -> anyhow::Result<Vec<LabelRow>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        let header = "source,id,level,labels,evidence,round,stratum,annotator\n";
        fs::write(file.path(), format!("{header}{rows}")).unwrap();
        read(file.path())
    }

    #[test]
    fn a_row_is_read() {
        let rows =
            read_rows("quay,\"a,b\",3,takeover guilt,guilt:4-9;takeover:12-20,2,al-guilt,one\n").unwrap();
        assert_eq!((rows[0].id.as_str(), rows[0].level), ("a,b", Level::TakeoverPressure));
        assert_eq!(rows[0].labels, [Label::Takeover, Label::Guilt]);
        assert_eq!(rows[0].evidence, [(Label::Guilt, 4..9), (Label::Takeover, 12..20)]);
        assert_eq!((rows[0].round.as_str(), rows[0].stratum.as_str()), ("2", "al-guilt"));
    }

    #[test]
    fn what_breaks_the_schema_is_named_with_its_row() {
        for (row, expected) in [
            ("quay,b,4,,,1,rand,one", "row 2: no level 4"),
            ("quay,b,2,rude,,1,rand,one", "row 2: no label \"rude\""),
            ("quay,b,2,guilt takeover,,1,rand,one", "row 2: labels \"guilt takeover\" are not in the order"),
            ("quay,b,2,guilt guilt,,1,rand,one", "row 2: labels \"guilt guilt\" are not in the order"),
            ("quay,b,2,guilt,urgency:1-2,1,rand,one", "row 2: evidence for urgency, which is not among"),
            ("quay,b,2,guilt,guilt:5-5,1,rand,one", "row 2: evidence \"guilt:5-5\" is empty"),
            ("quay,b,2,guilt,guilt:5,1,rand,one", "row 2: evidence \"guilt:5\""),
            ("quay,a,0,,,1,rand,one", "row 2: a of quay is labelled twice"),
            ("quay,b,0,,,1,rand", "found record with 7 fields"),
        ] {
            let err = format!("{:#}", read_rows(&format!("quay,a,0,,,1,rand,one\n{row}\n")).unwrap_err());
            assert!(err.contains(expected), "{err}");
        }
    }
}
