//! Rows of incident files, as they stand there: nothing is judged yet.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};
use undue::labels::decode_cell;

/// Fields that say something of a message or may stand beside it (label files and authored texts have more).
const KNOWN: [&str; 19] = [
    "text",
    "source",
    "id",
    "subject",
    "labels",
    "level",
    "evidence",
    "theme",
    "list_or_repo",
    "author_role",
    "author",
    "date",
    "thread",
    "round",
    "stratum",
    "annotator",
    "proposed_by",
    "reviewed",
    "note",
];

/// Column that tells label files from incidents that are labelled throughout.
const REVIEWED: &str = "reviewed";

/// File and row of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// Row from 1; a header does not count. None if the file itself is meant.
    pub row: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Some(row) => write!(f, "{}: row {row}", self.file.display()),
            None => write!(f, "{}", self.file.display()),
        }
    }
}

/// Something wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where it stands.
    pub place: Place,
    /// Its fields by name.
    pub fields: Map<String, Value>,
}

impl Row {
    /// A field of text; none if it is not there or empty.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// True for a row of a label file, as `undue label` writes it.
    pub fn is_label(&self) -> bool {
        self.fields.contains_key(REVIEWED)
    }

    /// True for a row of a label file that nobody accepted.
    pub fn is_unreviewed(&self) -> bool {
        self.is_label() && self.text(REVIEWED).is_none_or(|text| text.trim().is_empty())
    }
}

/// Reads a file: JSON Lines if it begins with a brace, else CSV.
pub fn read(path: &Path) -> Result<Vec<Row>, Vec<RowError>> {
    let error = |row, problem: String| RowError { place: Place { file: path.to_owned(), row }, problem };
    let text = std::fs::read_to_string(path).map_err(|err| vec![error(None, err.to_string())])?;
    let text = text.trim_start_matches('\u{feff}');
    let parsed = if text.trim_start().starts_with('{') { json_lines(text) } else { csv_rows(text) };
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    for (n, fields) in (1..).zip(parsed) {
        match fields.and_then(known) {
            Ok(fields) => rows.push(Row { place: Place { file: path.to_owned(), row: Some(n) }, fields }),
            Err(problem) => errors.push(error(Some(n), problem)),
        }
    }
    if rows.is_empty() && errors.is_empty() {
        errors.push(error(None, "no rows".into()));
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

/// A misspelt field must not be lost in silence.
fn known(fields: Map<String, Value>) -> Result<Map<String, Value>, String> {
    match fields.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        Some(name) => Err(format!("unknown field {name:?}; known are {}", KNOWN.join(", "))),
        None => Ok(fields),
    }
}

type Parsed = Vec<Result<Map<String, Value>, String>>;

fn json_lines(text: &str) -> Parsed {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| serde_json::from_str(line).map_err(|err| format!("not a JSON object: {err}"))).collect()
}

fn csv_rows(text: &str) -> Parsed {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(err) => return vec![Err(err.to_string())],
    };
    // Label files have escapes in their cells; what others write into a cell stands for itself.
    let is_label_file = headers.iter().any(|name| name.trim() == REVIEWED);
    let value = |cell: &str| if is_label_file { Value::from(decode_cell(cell)) } else { Value::from(cell) };
    let row = |record: csv::Result<csv::StringRecord>| {
        let record = record.map_err(|err| err.to_string())?;
        let fields = headers.iter().zip(&record);
        Ok(fields.map(|(name, cell)| (name.trim().to_owned(), value(cell))).collect())
    };
    reader.records().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<Row>, Vec<String>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("incident");
        std::fs::write(&path, text).unwrap();
        read(&path).map_err(|errors| {
            errors.into_iter().map(|err| format!("{:?} {}", err.place.row, err.problem)).collect()
        })
    }

    #[test]
    fn csv_and_json_lines_are_told_apart() {
        let csv = parse("text,labels,level\n\"Hello, you\",,0\nBye,,0\n").unwrap();
        assert_eq!((csv[0].text("text"), csv[0].text("labels")), (Some("Hello, you"), None));
        assert_eq!(csv[1].place.row, Some(2));
        let json = parse("{\"text\": \"Hello\", \"level\": 0}\n\n").unwrap();
        assert_eq!((json.len(), json[0].text("text")), (1, Some("Hello")));
    }

    #[test]
    fn cells_of_label_files_are_decoded() {
        let rows = parse("source,id,labels,level,reviewed\nl,'=1\\u{a},,0,Ada\nl,b,,0,\n").unwrap();
        assert_eq!((rows[0].text("id"), rows[0].is_unreviewed()), (Some("=1\n"), false));
        assert!(rows[1].is_label() && rows[1].is_unreviewed());
        let other = parse("id,text,labels,level\n'=1,Hello,,0\n").unwrap();
        assert_eq!((other[0].text("id"), other[0].is_unreviewed()), (Some("'=1"), false));
    }

    #[test]
    fn every_bad_row_is_named() {
        let errors = parse("{\"text\": \"a\"}\n{\"lables\": []}\nnonsense\n").unwrap_err();
        assert_eq!(errors.len(), 2);
        assert!(errors[0].starts_with("Some(2) unknown field \"lables\""), "{errors:?}");
        assert!(errors[1].starts_with("Some(3) not a JSON object"), "{errors:?}");
        assert_eq!(parse("").unwrap_err(), ["None no rows"]);
        assert!(parse("text,level\na,0,more\n").unwrap_err()[0].starts_with("Some(1)"));
    }
}
