//! From rows to messages that may be learned, or to every reason why not.

use std::str::FromStr;

use serde_json::Value;
use undue::{Label, Level, Message, labels::contradiction};

use super::{
    rows::{Place, Row, RowError},
    texts::Texts,
};
use crate::store::{Content, Learned, Span, sha256};

/// Judges all rows; `name` is the incident's, else it is called after its file.
pub fn validate(rows: &[Row], texts: &Texts, name: Option<&str>) -> Result<Vec<Learned>, Vec<RowError>> {
    let mut errors = Vec::new();
    let mut messages: Vec<(Learned, &Place)> = Vec::new();
    for row in rows {
        match learned(row, texts, name) {
            Ok(message) => match clash(&message.content, &messages) {
                Some(problem) => errors.push(RowError { place: row.place.clone(), problem }),
                None => messages.push((message, &row.place)),
            },
            Err(problem) => errors.push(RowError { place: row.place.clone(), problem }),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut messages: Vec<Learned> = messages.into_iter().map(|(message, _)| message).collect();
    messages.sort_by(|a, b| a.content.id.cmp(&b.content.id));
    messages.dedup_by(|a, b| a.content.id == b.content.id);
    Ok(messages)
}

/// What contradicts an earlier row: another content under one id, or another judgement of one text.
fn clash(content: &Content, earlier: &[(Learned, &Place)]) -> Option<String> {
    earlier.iter().find_map(|(other, place)| {
        let other = &other.content;
        if content.id == other.id && content != other {
            Some(format!("id {:?} is also in {place}, with other content", content.id))
        } else if content.text == other.text && !content.says_the_same(other) {
            Some(format!("the same text is also in {place}, judged differently"))
        } else {
            None
        }
    })
}

fn learned(row: &Row, texts: &Texts, name: Option<&str>) -> Result<Learned, String> {
    let file = row.place.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stem = row.place.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (message, provenance) = find_text(row, texts)?;
    let content = judged(row, message)?;
    if content.example().sentences.is_empty() {
        return Err("no words of the author's own: all of it is quoted, code or automatic".into());
    }
    Ok(Learned { content, incident: name.unwrap_or(&stem).to_owned(), file, provenance })
}

/// Id, subject and text.
fn find_text(row: &Row, texts: &Texts) -> Result<(Message, String), String> {
    let is_text =
        |field: &&&str| row.fields.get(**field).is_some_and(|value| !value.is_string() && !value.is_null());
    if let Some(field) = ["text", "id", "source", "subject"].iter().find(is_text) {
        return Err(format!("{field} is not a string"));
    }
    if let Some(text) = row.fields.get("text").and_then(Value::as_str) {
        if text.trim().is_empty() && (row.text("source").is_none() || !text.is_empty()) {
            return Err("the text is empty".into());
        }
        if !text.is_empty() {
            let made_up = || format!("sha256:{}", &sha256(text.as_bytes())[..16]);
            let message = Message {
                id: row.text("id").map_or_else(made_up, str::to_owned),
                subject: row.text("subject").unwrap_or_default().into(),
                body: text.into(),
                ..Message::default()
            };
            return Ok((message, "text".into()));
        }
    }
    let (Some(source), Some(id)) = (row.text("source"), row.text("id")) else {
        return Err("no text, and no source and id to find one by".into());
    };
    let found = texts.get(&(source.to_owned(), id.to_owned()));
    let found =
        found.ok_or_else(|| format!("no message {id:?} of {source:?} in the archive or the corpora"))?;
    let message = Message { id: format!("{source}/{id}"), ..found.message.clone() };
    Ok((message, format!("{} {source}", found.origin)))
}

fn judged(row: &Row, message: Message) -> Result<Content, String> {
    let level = level(row.fields.get("level"))?;
    let labels = labels(row.fields.get("labels"))?;
    contradiction(level, &labels).map_or(Ok(()), Err)?;
    let evidence = evidence(row.fields.get("evidence"), &message, &labels)?;
    let Message { id, subject, body: text, .. } = message;
    Ok(Content { id, subject, text, labels, level, evidence })
}

/// True for a row that is sound and states level 0, so that there is nothing but its words to learn from.
pub(super) fn says_nothing(row: &Row) -> bool {
    let (level, labels) = (level(row.fields.get("level")), labels(row.fields.get("labels")));
    level == Ok(Level::Ordinary) && labels.is_ok_and(|labels| labels.is_empty())
}

fn level(value: Option<&Value>) -> Result<Level, String> {
    match value {
        Some(Value::Number(number)) => Level::from_str(&number.to_string()),
        Some(Value::String(text)) => Level::from_str(text.trim()),
        Some(Value::Null) | None => Err("no level".into()),
        Some(other) => Err(format!("no level {other}; levels are 0 to 3")),
    }
}

/// A list, or names separated by white space; in the order of the codebook.
fn labels(value: Option<&Value>) -> Result<Vec<Label>, String> {
    let names: Vec<&str> = match value {
        Some(Value::String(names)) => names.split_whitespace().collect(),
        Some(Value::Array(names)) => names
            .iter()
            .map(|name| name.as_str().ok_or("a label is not a string"))
            .collect::<Result<_, _>>()?,
        Some(Value::Null) | None => return Err("no labels (an empty list is one)".into()),
        Some(_) => return Err("labels are neither a list nor names".into()),
    };
    let mut labels = names.into_iter().map(str::parse).collect::<Result<Vec<Label>, _>>()?;
    labels.sort_unstable();
    labels.dedup();
    Ok(labels)
}

/// An object of quotes by label, or `label:start-end;…` in Unicode scalar values of the text.
fn evidence(value: Option<&Value>, message: &Message, labels: &[Label]) -> Result<Vec<Span>, String> {
    let mut spans = match value {
        Some(Value::Null) | None => Vec::new(),
        Some(Value::Object(quotes)) => quoted(quotes, message)?,
        Some(Value::String(text)) if text.trim_start().starts_with('{') => {
            let quotes = serde_json::from_str(text).map_err(|err| format!("evidence: {err}"))?;
            quoted(&quotes, message)?
        }
        Some(Value::String(text)) => {
            let parts = text.split(';').filter(|part| !part.trim().is_empty());
            parts.map(|part| offsets(part.trim(), &message.body)).collect::<Result<_, _>>()?
        }
        Some(_) => return Err("evidence is neither an object nor label:start-end".into()),
    };
    if let Some(span) = spans.iter().find(|span| !labels.contains(&span.label)) {
        return Err(format!("evidence for {}, which is not among the labels", span.label));
    }
    spans.sort_unstable();
    spans.dedup();
    Ok(spans)
}

fn quoted(quotes: &serde_json::Map<String, Value>, message: &Message) -> Result<Vec<Span>, String> {
    let mut spans = Vec::new();
    for (label, quotes) in quotes {
        let label: Label = label.parse()?;
        for quote in quotes.as_array().ok_or("evidence is not a list of strings")? {
            let quote = quote.as_str().filter(|quote| !quote.is_empty()).ok_or("evidence is not a string")?;
            let body = message.body.find(quote).map(|at| (false, at));
            let found = body.or_else(|| message.subject.find(quote).map(|at| (true, at)));
            let (in_subject, start) =
                found.ok_or_else(|| format!("evidence {quote:?} is not in the text"))?;
            spans.push(Span { label, in_subject, start, end: start + quote.len() });
        }
    }
    Ok(spans)
}

fn offsets(part: &str, body: &str) -> Result<Span, String> {
    let wrong = || format!("evidence {part:?} is not label:start-end");
    let (label, range) = part.split_once(':').ok_or_else(wrong)?;
    let (start, end) = range.split_once('-').ok_or_else(wrong)?;
    let (start, end): (usize, usize) =
        (start.parse().map_err(|_| wrong())?, end.parse().map_err(|_| wrong())?);
    let length = body.chars().count();
    if start >= end || end > length {
        return Err(format!("evidence {part:?} is not in the text of {length} characters"));
    }
    let byte = |n| body.char_indices().nth(n).map_or(body.len(), |(at, _)| at);
    Ok(Span { label: label.parse()?, in_subject: false, start: byte(start), end: byte(end) })
}

#[cfg(test)]
mod tests;
