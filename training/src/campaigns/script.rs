//! Authored campaigns and look-alikes: one JSON file each in `datasets/authored/campaigns/`.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context;
use serde::Deserialize;
use undue::{Label, Level};

/// What a script is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Several people, or one, pressing for something.
    Campaign,
    /// What resembles a campaign and is none: an honest newcomer, a crowd with a bug, an adoption.
    LookAlike,
}

/// A campaign or look-alike, written as it would be read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Name of its file.
    pub name: String,
    /// What it is.
    pub class: Class,
    /// Manner, such as `pushy` or `user-storm`.
    pub style: String,
    /// What is asked for: `takeover`, `merge`, `release`, `bypass`, `none`.
    pub ask: String,
    /// For whom, where that is somebody in particular.
    pub beneficiary: Option<String>,
    /// Messages in order.
    pub messages: Vec<Line>,
}

/// A message of a script.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Days since the script began.
    pub day: u32,
    /// Hour of the day.
    pub hour: u32,
    /// Who writes.
    pub name: String,
    /// Their address.
    pub address: String,
    /// What they are to the project: `maintainer`, `member`, `contributor`, `user`, `none`.
    pub role: String,
    /// Number of the thread.
    pub thread: u32,
    /// Subject.
    pub subject: String,
    /// Body.
    pub text: String,
    /// How strongly it presses.
    pub level: Level,
    /// What it shows.
    pub labels: Vec<Label>,
    /// The words that show it.
    pub evidence: BTreeMap<Label, Vec<String>>,
}

impl Line {
    /// Seconds since the script began.
    pub fn offset(&self) -> i64 {
        (i64::from(self.day) * 24 + i64::from(self.hour)) * 3600
    }

    /// Whether it presses.
    pub fn presses(&self) -> bool {
        self.level >= Level::Pressure
    }
}

impl Script {
    /// When the second message that presses is written, in seconds since the script began; none if there is none.
    pub fn second_pressing(&self) -> Option<i64> {
        let mut offsets: Vec<i64> =
            self.messages.iter().filter(|line| line.presses()).map(Line::offset).collect();
        offsets.sort_unstable();
        offsets.get(1).copied()
    }

    /// Seconds from its first day to its last message.
    pub fn length(&self) -> i64 {
        self.messages.iter().map(Line::offset).max().unwrap_or_default()
    }
}

/// Reads the scripts of a folder, in the order of their names.
///
/// # Errors
/// If the folder or a file cannot be read, breaks the schema, or has another name than the script in it.
pub fn read(dir: &Path) -> anyhow::Result<Vec<Script>> {
    let entries = std::fs::read_dir(dir).with_context(|| dir.display().to_string())?;
    let mut scripts = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            scripts.push(read_file(&path).with_context(|| path.display().to_string())?);
        }
    }
    scripts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(scripts)
}

fn read_file(path: &Path) -> anyhow::Result<Script> {
    let script: Script = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let named = path.file_stem().is_some_and(|stem| *stem == *script.name);
    anyhow::ensure!(named, "the script in it is called {:?}", script.name);
    anyhow::ensure!(!script.messages.is_empty(), "no message");
    Ok(script)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Ada asks in thread 1 on day 0, Mo answers on day 1, Bo presses on days 2 and 5, in thread 2 at last.
    pub(in crate::campaigns) fn script(name: &str) -> Script {
        let line = |day, name: &str, role: &str, thread, level: u8| {
            let level: Level = serde_json::from_value(level.into()).unwrap();
            let (address, subject) = (format!("{name}@tarn.example"), format!("Release {thread}"));
            let (name, role, text) = (name.to_owned(), role.to_owned(), "When is it out?".to_owned());
            let (labels, evidence) = (Vec::new(), BTreeMap::new());
            Line { day, hour: 9, name, address, role, thread, subject, text, level, labels, evidence }
        };
        Script {
            name: name.into(),
            class: Class::Campaign,
            style: "pushy".into(),
            ask: "release".into(),
            beneficiary: None,
            messages: vec![
                line(0, "Ada", "user", 1, 2),
                line(1, "Mo", "maintainer", 1, 0),
                line(2, "Bo", "none", 1, 2),
                line(5, "Bo", "none", 2, 3),
            ],
        }
    }

    #[test]
    fn the_second_pressing_message_and_the_length_count_from_the_first_day() {
        let script = script("a");
        assert_eq!(script.second_pressing(), Some((2 * 24 + 9) * 3600));
        assert_eq!(script.length(), (5 * 24 + 9) * 3600);
    }

    #[test]
    fn shipped_scripts_are_whole() {
        let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../datasets/authored/campaigns");
        let scripts = read(dir.as_ref()).unwrap();
        let campaigns = scripts.iter().filter(|it| it.class == Class::Campaign);
        assert!(scripts.len() >= 90 && campaigns.clone().count() >= 60);
        assert!(campaigns.into_iter().all(|it| it.second_pressing().is_some()));
    }

    #[test]
    fn a_file_by_another_name_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let text = r#"{"name":"b","class":"look-alike","style":"vote","ask":"none","messages":[]}"#;
        std::fs::write(dir.path().join("a.json"), text).unwrap();
        assert!(format!("{:#}", read(dir.path()).unwrap_err()).contains("called \"b\""));
    }
}
