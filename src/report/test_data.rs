//! A score and a message for the tests of this folder.

use std::path::Path;

use jiff::{Timestamp, tz::Offset};

use crate::{
    Author, Date, Evidence, Label, Level, Message, Problem, Score,
    features::Part,
    message::Position,
    model::{OUTPUTS, Output},
    pipeline::Scored,
};

pub(crate) fn score(level: u8, pressure: f64, takeover_pressure: f64) -> Score {
    let mut probabilities = [0.125; OUTPUTS];
    probabilities[Output::PRESSURE.index()] = pressure;
    probabilities[Output::TAKEOVER_PRESSURE.index()] = takeover_pressure;
    Score {
        level: Level::try_from(level).unwrap_or_default(),
        probabilities,
        labels: Vec::new(),
        evidence: Vec::new(),
        is_judged: true,
    }
}

pub(crate) fn evidence(message: &Message, label: Label, words: &str, contribution: f64) -> Evidence {
    let start = message.body.find(words).unwrap_or_default();
    let range = start..start + words.len();
    Evidence { output: Output::Label(label), part: Part::Body, range, contribution }
}

pub(crate) fn scored() -> Scored {
    let message = Message {
        id: "2@tarn.example".into(),
        thread: Some("1@tarn.example".into()),
        parent: Some("1@tarn.example".into()),
        author: Author { name: "Ada Löv".into(), address: "ada@tarn.example".into(), role: String::new() },
        date: Some(Date { timestamp: Timestamp::UNIX_EPOCH, offset: Offset::constant(2) }),
        subject: "Re: Release".into(),
        owns_subject: true,
        body: "> any news?\nÄh, you let us all down.\nHand over the keys.\n".into(),
        list: Some("tarn".into()),
        position: Position { path: Path::new("tarn.mbox").into(), ordinal: 2, offset: 300 },
        problems: vec![Problem::HtmlOnly],
        ..Message::default()
    };
    let mut score = score(3, 0.987_654_321, 0.75);
    score.labels = vec![Label::Takeover, Label::Guilt];
    score.evidence = vec![
        evidence(&message, Label::Takeover, "Hand over the keys.", 2.5),
        evidence(&message, Label::Guilt, "Äh, you let us all down.", 1.234_567_89),
    ];
    Scored { message, score, insight: None }
}
