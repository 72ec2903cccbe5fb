//! SARIF 2.1.0 (OASIS), for dashboards that take the findings of tools.
//!
//! Each message is a result. Its text is made of numbers and names of labels alone: viewers look for links and
//! placeholders in it, so that words of strangers stand in snippets and properties, which are shown as they are.
//! Nobody is named.

use std::{
    io::{self, Write},
    path::{Component, Path},
};

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    Sink, Summary,
    jsonl::write_json,
    rank::{Top, decisive},
    wire::rounded,
};
use crate::{
    Label, Level, Message,
    model::{Model, Output},
    pipeline::Scored,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const NOT: &str = "An indicator of where to look, not a verdict about anybody.";

/// Writes one SARIF log with one run.
#[derive(Debug)]
pub struct Sarif<W> {
    out: W,
    top: Option<Top<Vec<u8>>>,
    is_first: bool,
    /// Thresholds of all outputs, which results state beside their probabilities.
    thresholds: Vec<f64>,
}

impl<W: Write> Sarif<W> {
    /// Begins the log on `out` and then writes every message, or the `top` strongest. `model` must be the one that
    /// scores the messages.
    ///
    /// # Errors
    /// Those of the output.
    pub fn new(mut out: W, model: &Model, top: Option<usize>) -> io::Result<Self> {
        write!(out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":")?;
        write_json(&mut out, &tool(model))?;
        out.write_all(b",\"columnKind\":\"unicodeCodePoints\",\"results\":[\n")?;
        let thresholds = Output::all().map(|output| model.facts(output).threshold).collect();
        Ok(Self { out, top: top.map(|limit| Top::new(Some(limit))), is_first: true, thresholds })
    }

    fn result(&mut self, result: &[u8]) -> io::Result<()> {
        if !std::mem::take(&mut self.is_first) {
            self.out.write_all(b",")?;
        }
        self.out.write_all(result)
    }
}

impl<W: Write> Sink for Sarif<W> {
    fn message(&mut self, scored: &Scored) -> io::Result<()> {
        let thresholds = &self.thresholds;
        let result = || {
            let mut bytes = Vec::new();
            // Writing to memory does not fail.
            let _ = write_json(&mut bytes, &result(scored, thresholds));
            bytes
        };
        match &mut self.top {
            Some(top) => top.push(&scored.score, result),
            None => {
                let bytes = result();
                self.result(&bytes)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        for bytes in self.top.as_mut().map(Top::take_in_order).unwrap_or_default() {
            self.result(&bytes)?;
        }
        self.out.write_all(b"],\"invocations\":[")?;
        write_json(&mut self.out, &json!({ "executionSuccessful": summary.unreadable == 0 }))?;
        self.out.write_all(b"],\"properties\":")?;
        let properties = json!({
            "messages": summary.messages, "selected": summary.selected, "levels": summary.levels,
            "unreadable": summary.unreadable, "damaged": summary.damaged,
        });
        write_json(&mut self.out, &properties)?;
        self.out.write_all(b"}]}\n")?;
        self.out.flush()
    }
}

fn tool(model: &Model) -> impl Serialize {
    let rules: Vec<Value> = Output::all().map(|output| rule(model, output)).collect();
    let metadata = model.metadata();
    json!({ "driver": {
        "name": "undue", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules,
        "shortDescription": { "text": "Finds undue pressure on maintainers." },
        "properties": { "model": metadata.name, "modelVersion": metadata.version, "modelSha256": model.hash() },
    } })
}

fn rule(model: &Model, output: Output) -> Value {
    let facts = model.facts(output);
    json!({
        "id": output.name(),
        "shortDescription": { "text": meaning(output) },
        "help": { "text": NOT },
        "properties": {
            "threshold": facts.threshold, "falseAlarmRate": facts.false_alarm_rate, "recall": facts.recall,
        },
    })
}

fn meaning(output: Output) -> &'static str {
    match output {
        Output::Label(Label::Takeover) => {
            "Control of a project, package, list or release should move or be shared."
        }
        Output::Label(Label::Bypass) => "Something should get in with less scrutiny than usual.",
        Output::Label(Label::Persistence) => "Asks again, nudges, or complains that nothing happened yet.",
        Output::Label(Label::Urgency) => "Speed is demanded, or a clock is put on the maintainer.",
        Output::Label(Label::Flattery) => "Praise that comes with or prepares a request.",
        Output::Label(Label::Guilt) => "The maintainer is made to feel at fault, obliged, unfit or selfish.",
        Output::Label(Label::Endorsement) => "Backs somebody else's request or candidacy.",
        Output::Label(Label::Ultimatum) => "A consequence is held over the maintainer if they do not comply.",
        Output::AtLeast(Level::Ordinary | Level::Request) => "A request, question or offer.",
        Output::AtLeast(Level::Pressure) => "Pressure on a maintainer.",
        Output::AtLeast(Level::TakeoverPressure) => "Pressure for control or past review.",
    }
}

fn result(scored: &Scored, thresholds: &[f64]) -> Value {
    let Scored { message, score, .. } = scored;
    let output = score.evidence.first().map_or(decisive(score), |evidence| evidence.output);
    // Never "error": that would be a verdict, and would stop builds.
    let (kind, level) = match score.level {
        Level::TakeoverPressure => ("fail", "warning"),
        Level::Pressure => ("fail", "note"),
        Level::Request | Level::Ordinary => ("informational", "none"),
    };
    let labels: Vec<_> = score.labels.iter().map(|label| label.name()).collect();
    let p = score.probability(decisive(score));
    let evidence: Vec<_> = score
        .evidence
        .iter()
        .map(|it| json!({ "label": it.output.name(), "text": it.text(message), "contribution": rounded(it.contribution) }))
        .collect();
    json!({
        "ruleId": output.name(),
        "ruleIndex": output.index(),
        "kind": kind,
        "level": level,
        "rank": rounded(100.0 * p),
        "message": { "text": told(scored, &labels, p, thresholds[decisive(score).index()]) },
        "locations": [location(message)],
        "partialFingerprints": { "undueMessage/v1": fingerprint(message) },
        "properties": {
            "messageId": message.id, "source": message.source(), "thread": message.thread,
            "level": u8::from(score.level), "labels": labels, "pressure": rounded(score.probability(Output::PRESSURE)),
            "takeoverPressure": rounded(score.probability(Output::TAKEOVER_PRESSURE)), "evidence": evidence,
        },
    })
}

fn told(scored: &Scored, labels: &[&str], p: f64, threshold: f64) -> String {
    let labels = if labels.is_empty() { String::new() } else { format!(" ({})", labels.join(", ")) };
    format!(
        "Level {}{labels}, probability {p:.3} at a threshold of {threshold:.3}. {NOT}",
        scored.score.level
    )
}

/// The file as a relative reference, and the message by its ordinal, which is all that a line number could say of a
/// compressed archive.
fn location(message: &Message) -> Value {
    let position = &message.position;
    let mut physical = json!({ "artifactLocation": { "uri": reference(&position.path) } });
    if let Ok(offset) = i64::try_from(position.offset) {
        physical["region"] = json!({ "byteOffset": offset });
    }
    json!({
        "physicalLocation": physical,
        "logicalLocations": [{ "name": format!("message {}", position.ordinal), "kind": "message" }],
    })
}

/// A path as a URI reference: what is absolute or leads upwards is reduced to its name, for it tells of the machine.
fn reference(path: &Path) -> String {
    let is_below = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let whole = path.to_string_lossy();
    let shown = if is_below { whole } else { path.file_name().unwrap_or_default().to_string_lossy() };
    let mut out = String::new();
    for byte in shown.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte))
            }
            b'\\' if cfg!(windows) => out.push('/'),
            // Writing to a string does not fail.
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The same for the same message in every run, wherever it lies.
fn fingerprint(message: &Message) -> String {
    let mut hash = Sha256::new();
    hash.update(message.source().as_bytes());
    hash.update([0]);
    hash.update(message.id.as_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::report::{is_hidden, test_data::scored};

    fn log(all: &[Scored], top: Option<usize>) -> (String, Value) {
        let mut out = Vec::new();
        let mut sink = Sarif::new(&mut out, &Model::embedded().unwrap(), top).unwrap();
        all.iter().try_for_each(|scored| sink.message(scored)).unwrap();
        sink.finish(&Summary { messages: 9, unreadable: 1, ..Summary::default() }).unwrap();
        drop(sink);
        let text = String::from_utf8(out).unwrap();
        let value = serde_json::from_str(&text).unwrap();
        (text, value)
    }

    #[test]
    fn a_message_is_a_result_of_a_rule_that_exists() {
        let (_, log) = log(&[scored(), scored()], None);
        let run = &log["runs"][0];
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(run["results"].as_array().unwrap().len(), 2);
        let result = &run["results"][0];
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!((&rule["id"], &result["ruleId"]), (&json!("takeover"), &json!("takeover")));
        assert_eq!((&result["kind"], &result["level"]), (&json!("fail"), &json!("warning")));
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "tarn.mbox");
        assert_eq!(result["properties"]["evidence"][1]["text"], "Äh, you let us all down.");
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        assert_eq!(run["properties"]["messages"], 9);
        assert_ne!(result["partialFingerprints"]["undueMessage/v1"].as_str().unwrap().len(), 0);
    }

    #[test]
    fn a_log_without_results_is_whole() {
        let (_, log) = log(&[], Some(3));
        assert_eq!(log["runs"][0]["results"], json!([]));
        assert_eq!(
            log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len(),
            crate::model::OUTPUTS
        );
    }

    #[test]
    fn words_of_strangers_are_no_part_of_the_text_and_nobody_is_named() {
        let mut evil = scored();
        let text = "[x](javascript:alert(1)) {0} \u{202e}\u{1b}[2J <b>";
        evil.message.subject = text.into();
        evil.message.id = text.into();
        evil.message.author.name = "Ada Secret".into();
        evil.message.position.path = Path::new("a b/[x](y)%?#\u{202e}.mbox").into();
        let (text, log) = log(&[evil], None);
        let result = &log["runs"][0]["results"][0];
        let told = result["message"]["text"].as_str().unwrap();
        assert!(
            !told.contains(['[', '{', '<'])
                && told.starts_with("Level 3 (takeover, guilt), probability 0.750"),
            "{told}"
        );
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert_eq!(uri, "a%20b/%5Bx%5D%28y%29%25%3F%23%E2%80%AE.mbox");
        assert!(!text.contains(|c| is_hidden(c) && c != '\n') && !text.contains("Ada Secret"), "{text}");
    }

    #[test]
    fn paths_do_not_tell_of_the_machine() {
        assert_eq!(reference(Path::new("/home/ada/list.mbox")), "list.mbox");
        assert_eq!(reference(Path::new("../ada/list.mbox")), "list.mbox");
        assert_eq!(reference(Path::new("archives/list.mbox")), "archives/list.mbox");
    }
}
