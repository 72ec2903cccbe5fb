//! The texts of rows that only name them, from the corpora or from an archive of one's own.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
};

use anyhow::Context;
use undue::{
    Message,
    features::sentences,
    labels::Named,
    source::{Input, Options, open},
};

use super::rows::Row;
use crate::corpus::{self, REPLAY};

/// A text and where it was found.
#[derive(Debug, Clone)]
pub struct Text {
    /// The message.
    pub message: Message,
    /// `corpus` or `archive`.
    pub origin: &'static str,
}

/// Texts by the source and id that rows state.
pub type Texts = HashMap<(String, String), Text>;

/// Finds the texts of rows: in `archive` first, then in the corpora. What is for reports alone is not looked into.
///
/// # Errors
/// If the corpora, or a path of the archive, cannot be read.
pub fn find(
    rows: &[Row],
    corpora: Option<&Path>,
    archive: &[PathBuf],
    say: &dyn Fn(&str),
) -> anyhow::Result<Texts> {
    let named = rows.iter().filter(|row| row.text("text").is_none());
    let mut wanted: BTreeSet<(&str, &str)> =
        named.filter_map(|row| Some((row.text("source")?, row.text("id")?))).collect();
    wanted.retain(|(source, _)| !REPLAY.contains(source));
    let mut texts = in_archive(&wanted, archive, say)?;
    wanted.retain(|(source, id)| !texts.contains_key(&((*source).to_owned(), (*id).to_owned())));
    texts.extend(in_corpora(&wanted, corpora)?);
    Ok(texts)
}

fn in_archive(
    wanted: &BTreeSet<(&str, &str)>,
    archive: &[PathBuf],
    say: &dyn Fn(&str),
) -> anyhow::Result<Texts> {
    let mut found = Named::wanting(wanted.iter().map(|(_, id)| *id));
    let inputs: Vec<Input> = archive.iter().map(|path| Input { path: path.clone(), format: None }).collect();
    for record in open(&inputs, &Options::default()) {
        let items = match record {
            Ok(record) => record.decode(),
            Err(err) => vec![Err(err)],
        };
        for item in items {
            match item {
                Ok(message) if is_replay(&message) => {}
                Ok(message) => found.offer(&message, || owned(&message)),
                Err(err) if err.is_fatal() => return Err(err).context("the archive; nothing was learned"),
                Err(err) => say(&err.to_string()),
            }
        }
    }
    let text = |(source, id): &(&str, &str)| {
        let message = found.find(source, id)?.clone();
        Some((((*source).to_owned(), (*id).to_owned()), Text { message, origin: "archive" }))
    };
    Ok(wanted.iter().filter_map(text).collect())
}

fn is_replay(message: &Message) -> bool {
    let file = message.position.path.file_name().unwrap_or_default().to_string_lossy();
    let stem = file.split('.').next().unwrap_or_default();
    REPLAY.iter().any(|name| *name == stem || *name == message.source())
}

/// The message with no subject but its author's: under every comment stands the title that somebody else chose.
fn owned(message: &Message) -> Message {
    let subject = if message.owns_subject { message.subject.clone() } else { String::new() };
    Message { subject, ..message.clone() }
}

fn in_corpora(wanted: &BTreeSet<(&str, &str)>, corpora: Option<&Path>) -> anyhow::Result<Texts> {
    let (false, Some(dir)) = (wanted.is_empty(), corpora) else { return Ok(Texts::new()) };
    let sources: BTreeSet<&str> = wanted.iter().map(|(source, _)| *source).collect();
    let found = corpus::read_where(dir, |name| sources.contains(name))?;
    let texts = found.into_iter().flat_map(|(source, messages)| {
        let text = move |message: Message| {
            ((source.clone(), message.id.clone()), Text { message, origin: "corpus" })
        };
        messages.into_iter().map(text)
    });
    Ok(texts.filter(|((source, id), _)| wanted.contains(&(source.as_str(), id.as_str()))).collect())
}

/// Takes away the rows of label files that nobody reviewed, and says how many.
pub fn only_reviewed(rows: &mut Vec<Row>, say: &dyn Fn(&str)) {
    let before = rows.len();
    rows.retain(|row| !row.is_unreviewed());
    if rows.len() < before {
        let left_out = before - rows.len();
        say(&format!("{left_out} rows that nobody reviewed are left out (--unreviewed takes them)"));
    }
}

/// Takes away rows of label files that say "nothing here" of messages in which their author says nothing (all of it is
/// quoted, code or automatic): true, and nothing to learn. Says how many.
pub fn only_telling(rows: &mut Vec<Row>, texts: &Texts, say: &dyn Fn(&str)) {
    let is_silent = |row: &Row| {
        let (true, Some(source), Some(id)) = (row.is_label(), row.text("source"), row.text("id")) else {
            return false;
        };
        let text = texts.get(&(source.to_owned(), id.to_owned()));
        super::validate::says_nothing(row) && text.is_some_and(|text| sentences(&text.message).is_empty())
    };
    let before = rows.len();
    rows.retain(|row| !is_silent(row));
    if rows.len() < before {
        let left_out = before - rows.len();
        say(&format!("{left_out} rows of level 0 have no words of their author's own and are left out"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::retrain::rows::Place;

    const ARCHIVE: &str = "\
{\"id\": \"1\", \"list_or_repo\": \"tarn\", \"text\": \"Shame on you.\"}
{\"id\": \"2\", \"list_or_repo\": \"tarn\", \"text\": \"> Shame on you.\"}
";

    fn row(fields: serde_json::Value) -> Row {
        let place = Place { file: "labels.csv".into(), row: Some(1) };
        Row { place, fields: fields.as_object().unwrap().clone() }
    }

    fn find_in(name: &str, source: &str, id: &str) -> Option<Text> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, ARCHIVE).unwrap();
        let rows = [row(json!({"source": source, "id": id}))];
        find(&rows, None, &[path], &|_| {}).unwrap().into_values().next()
    }

    #[test]
    fn texts_come_from_an_archive() {
        let text = find_in("a.jsonl", "tarn", "1").unwrap();
        assert_eq!((text.message.body.as_str(), text.origin), ("Shame on you.", "archive"));
        assert!(find_in("a.jsonl", "elsewhere", "1").is_some(), "the id is enough where it is alone");
        assert!(find_in("a.jsonl", "tarn", "3").is_none());
    }

    #[test]
    fn what_is_for_reports_alone_is_not_found() {
        assert!(find_in("xz-devel.jsonl", "tarn", "1").is_none());
        assert!(find_in("a.jsonl", "xz-devel", "1").is_none());
        assert!(find(&[], None, &["/nowhere.mbox".into()], &|_| {}).is_err());
    }

    #[test]
    fn rows_that_teach_nothing_are_left_out() {
        let labelled = |id: &str, reviewed: &str, level: &str| {
            row(json!({"source": "tarn", "id": id, "reviewed": reviewed, "level": level, "labels": ""}))
        };
        let mut rows = vec![labelled("1", "Ada", "0"), labelled("2", "Ada", "0"), labelled("3", "", "0")];
        only_reviewed(&mut rows, &|_| {});
        assert_eq!(rows.len(), 2);
        let message = Message { body: "> quoted".into(), ..Message::default() };
        let key = ("tarn".to_owned(), "2".to_owned());
        only_telling(&mut rows, &Texts::from([(key, Text { message, origin: "archive" })]), &|_| {});
        assert_eq!((rows.len(), rows[0].text("id")), (1, Some("1")));
        let mut plain = vec![row(json!({"text": "Hello.", "level": 0, "labels": ""}))];
        only_reviewed(&mut plain, &|_| {});
        assert_eq!(plain.len(), 1, "incident files are not reviewed row by row");
    }
}
