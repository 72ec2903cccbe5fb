//! From what a model says of a message to a row that a person can accept.

use crate::{
    Label, Level, Message, Score,
    features::Part,
    labels::{Judgement, LabelRow, Mark, contradiction, scalars},
    model::{Model, Output},
};

/// Name and hash of a model, as rows bear it.
pub fn name_of(model: &Model) -> String {
    format!("{}@{}", model.metadata().name, model.hash())
}

/// What the model proposes for a message.
///
/// Levels and labels have thresholds of their own; where they contradict each other by the codebook the level gives
/// way, and the note says so. Evidence in the subject has no offsets in a label file; the note names its labels.
pub fn propose(message: &Message, score: &Score, proposed_by: &str) -> LabelRow {
    let level = consistent(score.level, &score.labels);
    let mut notes = Vec::new();
    if level != score.level {
        notes.push(format!("the model says level {}", score.level));
    }
    let mut row = LabelRow {
        source: message.source().into_owned(),
        id: message.id.clone(),
        judgement: Judgement { level, labels: score.labels.clone() },
        proposed_by: proposed_by.to_owned(),
        ..LabelRow::default()
    };
    let mut in_subject = Vec::new();
    for evidence in &score.evidence {
        match (evidence.output, evidence.part) {
            (Output::Label(label), Part::Body) => {
                row.add_mark(Mark { label, range: scalars(&message.body, &evidence.range) });
            }
            (Output::Label(label), Part::Subject) => in_subject.push(label.name()),
            (Output::AtLeast(_), _) => {}
        }
    }
    if !in_subject.is_empty() {
        in_subject.dedup();
        notes.push(format!("evidence in the subject: {}", in_subject.join(" ")));
    }
    row.note = notes.join("; ");
    row
}

/// The highest level up to `level` that these labels allow; labels without a level are a request.
fn consistent(level: Level, labels: &[Label]) -> Level {
    let allowed = |it: &Level| *it <= level && contradiction(*it, labels).is_none();
    Level::ALL.into_iter().rev().find(allowed).unwrap_or(Level::Request)
}

/// How far a message is from being judged otherwise: the distance from the nearest threshold of any output, in
/// logits. The smaller, the more a person's judgement teaches (uncertainty sampling, Lewis & Gale 1994).
pub fn margin(model: &Model, score: &Score) -> f64 {
    let distance =
        |output: Output| (logit(score.probability(output)) - logit(model.facts(output).threshold)).abs();
    Output::all().map(distance).fold(f64::INFINITY, f64::min)
}

/// Thresholds of 0 and 1 are allowed; they are far, not infinitely far.
fn logit(probability: f64) -> f64 {
    let p = probability.clamp(1e-9, 1.0 - 1e-9);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_data::{evidence, scored};

    #[test]
    fn evidence_counts_characters() {
        let scored = scored();
        let row = propose(&scored.message, &scored.score, "m@0");
        let shown: Vec<_> = row.evidence.iter().map(ToString::to_string).collect();
        // "> any news?\n" are 12 characters; "Äh" is one byte longer than it has characters.
        assert_eq!(shown, ["guilt:12-36", "takeover:37-56"]);
        assert_eq!((row.source.as_str(), row.id.as_str()), ("tarn", "2@tarn.example"));
        assert_eq!((row.judgement.level, row.note.as_str()), (Level::TakeoverPressure, ""));
        assert_eq!((row.proposed_by.as_str(), row.reviewed), ("m@0", None));
    }

    #[test]
    fn a_level_gives_way_to_the_labels() {
        for (level, labels, wanted) in [
            (3, &[Label::Takeover, Label::Guilt][..], 3),
            (3, &[Label::Guilt], 2),
            (3, &[Label::Takeover], 1),
            (2, &[], 1),
            (0, &[Label::Urgency], 1),
            (0, &[], 0),
        ] {
            let level = Level::ALL[level];
            assert_eq!(u8::from(consistent(level, labels)), wanted, "{level} {labels:?}");
        }
    }

    #[test]
    fn what_a_row_cannot_hold_is_noted() {
        let mut scored = scored();
        scored.score.labels = vec![Label::Guilt];
        let mut in_subject = evidence(&scored.message, Label::Guilt, "any", 1.0);
        in_subject.part = Part::Subject;
        scored.score.evidence = vec![in_subject];
        let row = propose(&scored.message, &scored.score, "m@0");
        assert_eq!(row.note, "the model says level 3; evidence in the subject: guilt");
        assert!(row.evidence.is_empty());
    }
}
