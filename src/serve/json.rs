//! One JSON object a line, both ways. Answers come in the order of the requests.
//!
//! Request: `{"id": …, "message": "a whole mail"}`, `{"id": …, "text": "words alone"}` or `{"health": true}`. The id is
//! a string, a number or left out; the answer bears the same.

use serde::{Deserialize, Serialize};

use super::pool::Work;
use crate::filter::Status;

/// Longer ids are refused: an answer repeats them.
const MAX_ID: usize = 256;

/// What a client calls its request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Id {
    /// A number.
    Number(serde_json::Number),
    /// A string.
    Text(String),
    /// Left out, or null.
    #[default]
    None,
}

/// A request.
#[derive(Debug)]
pub struct Request {
    /// Its id.
    pub id: Id,
    /// What is asked.
    pub ask: Ask,
}

/// What is asked.
#[derive(Debug)]
pub enum Ask {
    /// To judge this.
    Judge(Work),
    /// Whether all is well.
    Health,
}

/// The wire form of a request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(default)]
    id: Id,
    message: Option<String>,
    text: Option<String>,
    health: Option<bool>,
}

/// Why a request has no other answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Refusal {
    /// It is not JSON, or not a request.
    Malformed,
    /// The line is longer than lines may be.
    Oversized,
    /// There are too many connections.
    Busy,
}

/// An answer.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// What was judged.
    Judged {
        /// Id of the request.
        id: Id,
        /// `Yes`, `No` or `Unsure`.
        status: &'static str,
        /// 0 to 3; null where nothing was judged, as with the next three.
        level: Option<u8>,
        /// Probability of level 2 or more, four decimals.
        pressure: Option<f64>,
        /// Probability of level 3, four decimals.
        takeover: Option<f64>,
        /// Names of the labels whose threshold is reached.
        tests: Option<Vec<&'static str>>,
        /// Why it was not judged, or not in full.
        reason: Option<&'static str>,
        /// Which model judged.
        model: String,
        /// The value of the header field that says the same.
        header: String,
    },
    /// All is well.
    Health {
        /// Always `ok`.
        health: &'static str,
        /// Version of the program.
        version: &'static str,
        /// Which model judges.
        model: String,
        /// Connections that there are, this one included.
        connections: usize,
        /// Messages that were judged since the start.
        judged: u64,
        /// Of these, how many were not judged in full.
        unjudged: u64,
    },
    /// There is no answer.
    Refused {
        /// Id of the request, where it could be read.
        id: Id,
        /// Why.
        error: Refusal,
        /// What is wrong, for people.
        detail: String,
    },
}

/// Reads one line; of a message or text, `limit` bytes are judged.
///
/// # Errors
/// The answer that says what is wrong with the line.
pub fn parse(line: &[u8], limit: usize) -> Result<Request, Box<Answer>> {
    let wire: Wire = serde_json::from_slice(line).map_err(|err| malformed(Id::None, &err.to_string()))?;
    if matches!(&wire.id, Id::Text(id) if id.len() > MAX_ID) {
        return Err(malformed(Id::None, &format!("an id has at most {MAX_ID} bytes")));
    }
    let ask = match (wire.message, wire.text, wire.health) {
        (Some(message), None, None) => {
            let (text, truncated) = cut(message, limit);
            Ask::Judge(Work::Mail { bytes: text.into_bytes(), truncated })
        }
        (None, Some(text), None) => {
            let (text, truncated) = cut(text, limit);
            Ask::Judge(Work::Text { text, truncated })
        }
        (None, None, Some(true)) => Ask::Health,
        _ => return Err(malformed(wire.id, "one of \"message\", \"text\" and \"health\": true is wanted")),
    };
    Ok(Request { id: wire.id, ask })
}

fn cut(mut text: String, limit: usize) -> (String, bool) {
    let truncated = text.len() > limit;
    text.truncate(text.floor_char_boundary(limit));
    (text, truncated)
}

fn malformed(id: Id, detail: &str) -> Box<Answer> {
    Box::new(Answer::Refused { id, error: Refusal::Malformed, detail: detail.to_owned() })
}

impl Answer {
    /// The answer that says `status`.
    pub fn judged(id: Id, status: &Status) -> Self {
        let numbers = status.numbers.as_ref();
        let four = |x: f64| (x * 1e4).round() / 1e4;
        Self::Judged {
            id,
            status: status.verdict.name(),
            level: numbers.map(|numbers| numbers.level.into()),
            pressure: numbers.map(|numbers| four(numbers.pressure)),
            takeover: numbers.map(|numbers| four(numbers.takeover)),
            tests: numbers.map(|numbers| numbers.labels.iter().map(|label| label.name()).collect()),
            reason: status.reason.map(crate::filter::Reason::name),
            model: status.model.as_str().to_owned(),
            header: status.to_string(),
        }
    }

    /// One line of JSON, with its line end.
    pub fn to_line(&self) -> Vec<u8> {
        // Strings, finite numbers and lists of them can always be written.
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(line: &[u8]) -> String {
        String::from_utf8(parse(line, 100).unwrap_err().to_line()).unwrap()
    }

    #[test]
    fn requests() {
        let request = parse(br#"{"id": 7, "message": "Subject: a\n\nb"}"#, 100).unwrap();
        assert_eq!(request.id, Id::Number(7.into()));
        let Ask::Judge(Work::Mail { bytes, truncated: false }) = request.ask else { panic!() };
        assert_eq!(bytes, b"Subject: a\n\nb");
        let request = parse(br#"{"text": "gr\u00fcn", "id": null}"#, 3).unwrap();
        let Ask::Judge(Work::Text { text, truncated: true }) = request.ask else { panic!() };
        assert_eq!((text.as_str(), request.id), ("gr", Id::None));
        assert!(matches!(parse(br#"{"health": true}"#, 1).unwrap().ask, Ask::Health));
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for line in [
            &b""[..],
            b"GET / HTTP/1.1",
            b"\xff\xfe",
            b"[]",
            b"{}",
            br#"{"text": "a", "message": "b"}"#,
            br#"{"health": false}"#,
            br#"{"text": 1}"#,
            br#"{"text": "a", "txet": "b"}"#,
            br#"{"id": {"a": 1}, "text": "a"}"#,
            br#"{"id": [[[[[]]]]], "text": "a"}"#,
        ] {
            assert!(refusal(line).contains(r#""error":"malformed""#), "{}", refusal(line));
        }
        let deep = "[".repeat(100_000);
        assert!(refusal(deep.as_bytes()).contains("malformed"));
        let long = format!(r#"{{"id": "{}", "text": "a"}}"#, "x".repeat(MAX_ID + 1));
        assert!(refusal(long.as_bytes()).contains("at most 256"));
        assert!(refusal(br#"{"id": "a"}"#).starts_with(r#"{"id":"a","error":"#));
    }

    #[test]
    fn an_answer_is_one_line_whatever_the_id_is() {
        let request = parse(br#"{"id": "a\nb\u2028\"", "text": "x"}"#, 100).unwrap();
        let line = Answer::Refused { id: request.id, error: Refusal::Busy, detail: "a\nb".into() }.to_line();
        assert_eq!(line.iter().filter(|&&b| b == b'\n').count(), 1);
        assert!(line.ends_with(b"}\n"));
    }
}
