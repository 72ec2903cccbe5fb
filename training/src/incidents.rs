//! Known incidents (`datasets/incidents/`): what happened where, which tactics were seen, and which messages show
//! them. No texts: those stay where they are public.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, ensure};
use serde::Deserialize;
use undue::Label;

/// One incident, as its file has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Name, with the year.
    pub name: String,
    /// The project, or what was after it.
    pub project: String,
    /// When it began: a year, a month or a day.
    pub first: String,
    /// When the last known message was sent.
    pub last: String,
    /// What happened, in roles rather than names.
    pub summary: String,
    /// Tactics and requests that the messages show; as described by others where the text is not public.
    pub tactics: Vec<Label>,
    /// Public addresses and references.
    pub references: Vec<String>,
    /// Where the text lives.
    pub text: String,
    /// How much of it is public.
    pub text_complete: Completeness,
    /// Corpus that holds the text, if one does.
    pub source: Option<String>,
    /// Ids of the pressing messages in that corpus.
    #[serde(default)]
    pub ids: Vec<String>,
}

/// How much of the text of an incident is public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Completeness {
    /// All messages.
    Full,
    /// Some of them, or quotations.
    Part,
    /// Descriptions alone.
    None,
}

impl Completeness {
    fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Part => "part",
            Self::None => "none",
        }
    }
}

/// Reads the incidents of a folder (`*.toml`), oldest first.
///
/// # Errors
/// If the folder or a file in it cannot be read or breaks the schema, or two incidents have one name.
pub fn read(dir: &Path) -> anyhow::Result<Vec<Incident>> {
    let mut incidents = Vec::new();
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let place = || path.display().to_string();
        let incident = parse(&fs::read_to_string(&path).with_context(place)?).with_context(place)?;
        ensure!(names.insert(incident.name.clone()), "two incidents are called {:?}", incident.name);
        incidents.push(incident);
    }
    incidents.sort_by(|a, b| (&a.first, &a.name).cmp(&(&b.first, &b.name)));
    Ok(incidents)
}

fn parse(text: &str) -> anyhow::Result<Incident> {
    let incident: Incident = toml::from_str(text)?;
    for date in [&incident.first, &incident.last] {
        ensure!(is_date(date), "{date:?} is no year, month or day");
    }
    // The coarser of two dates is a prefix of what it may mean, so that both compare as far as they go.
    let known = incident.first.len().min(incident.last.len());
    ensure!(incident.first[..known] <= incident.last[..known], "it ends before it begins");
    ensure!(!incident.references.is_empty(), "there is no reference");
    ensure!(!incident.tactics.is_empty(), "no tactic is named");
    let distinct: BTreeSet<&String> = incident.ids.iter().collect();
    ensure!(distinct.len() == incident.ids.len(), "an id is listed twice");
    ensure!(incident.source.is_some() != incident.ids.is_empty(), "source and ids belong together");
    ensure!(
        incident.ids.is_empty() || incident.text_complete != Completeness::None,
        "messages are named whose text is said not to be public"
    );
    Ok(incident)
}

/// `2024`, `2024-03` or `2024-03-29`.
fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut next = |length, max| {
        parts.next().map(|part| {
            let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number && part.parse::<u16>().is_ok_and(|number| (1..=max).contains(&number))
        })
    };
    let year = next(4, 9999) == Some(true);
    year && next(2, 12).unwrap_or(true) && next(2, 31).unwrap_or(true) && parts.next().is_none()
}

/// A Markdown table of incidents.
pub fn table(incidents: &[Incident]) -> String {
    let mut table =
        String::from("| incident | when | tactics | text | messages |\n| --- | --- | --- | --- | ---: |\n");
    for incident in incidents {
        let when = if incident.first == incident.last {
            incident.first.clone()
        } else {
            format!("{} to {}", incident.first, incident.last)
        };
        let tactics: Vec<&str> = incident.tactics.iter().map(|label| label.name()).collect();
        let tactics = tactics.join(", ");
        let (complete, messages) = (incident.text_complete.name(), incident.ids.len());
        table.push_str(&format!("| {} | {when} | {tactics} | {complete} | {messages} |\n", incident.name));
    }
    table
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const QUAY: &str = r#"
name = "quay 2031"
project = "quay"
first = "2031-02"
last = "2031-02-11"
summary = "A newcomer asked for the keys."
tactics = ["takeover", "guilt"]
references = ["https://quay.example/1"]
text = "The list's archive."
text_complete = "full"
source = "quay"
ids = ["a@quay.example"]
"#;

    #[test]
    fn an_incident_is_read() {
        let incident = parse(QUAY).unwrap();
        assert_eq!(incident.tactics, [Label::Takeover, Label::Guilt]);
        let table = table(&[incident]);
        assert!(
            table.ends_with("| quay 2031 | 2031-02 to 2031-02-11 | takeover, guilt | full | 1 |\n"),
            "{table}"
        );
    }

    #[test]
    fn what_breaks_the_schema_is_named() {
        for (from, to, expected) in [
            ("\"2031-02\"", "\"2031-13\"", "\"2031-13\" is no year, month or day"),
            ("\"2031-02\"", "\"2032\"", "it ends before it begins"),
            ("\"guilt\"", "\"rudeness\"", "unknown variant `rudeness`"),
            ("\"full\"", "\"none\"", "said not to be public"),
            ("\"full\"", "\"most\"", "unknown variant `most`"),
            ("source = \"quay\"", "", "source and ids belong together"),
            ("[\"https://quay.example/1\"]", "[]", "there is no reference"),
            ("[\"a@quay.example\"]", "[\"a\", \"a\"]", "an id is listed twice"),
            ("project", "projects", "unknown field `projects`"),
        ] {
            let shown = format!("{:#}", parse(&QUAY.replacen(from, to, 1)).unwrap_err());
            assert!(shown.contains(expected), "{shown}");
        }
    }

    #[test]
    fn dates_may_be_coarse() {
        for (text, expected) in [
            ("2020", true),
            ("2020-01", true),
            ("2020-01-31", true),
            ("2020-00", false),
            ("20-01", false),
            ("2020-1", false),
            ("2020-01-32", false),
            ("2020-01-01-01", false),
            ("", false),
        ] {
            assert_eq!(is_date(text), expected, "{text}");
        }
    }

    #[test]
    fn a_folder_is_read_oldest_first() {
        let dir = tempfile::TempDir::new().unwrap();
        fs::write(dir.path().join("a.toml"), QUAY).unwrap();
        let older = QUAY.replace("quay 2031", "dock 2030").replace("2031-02\"", "2030\"");
        fs::write(dir.path().join("b.toml"), older).unwrap();
        fs::write(dir.path().join("README"), "no incident").unwrap();
        let names: Vec<String> =
            read(dir.path()).unwrap().into_iter().map(|incident| incident.name).collect();
        assert_eq!(names, ["dock 2030", "quay 2031"]);
        fs::write(dir.path().join("c.toml"), QUAY).unwrap();
        assert!(read(dir.path()).unwrap_err().to_string().contains("two incidents are called"));
        fs::write(dir.path().join("c.toml"), "name = 1").unwrap();
        assert!(read(dir.path()).unwrap_err().to_string().ends_with("c.toml"));
    }
}
