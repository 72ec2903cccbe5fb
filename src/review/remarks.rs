//! What the codebook says of a row as it stands.

use crate::{
    Label, Level,
    labels::{LabelRow, bytes, contradiction},
};

/// Words of one piece of evidence, at most.
const MAX_WORDS: usize = 12;

/// Why a row cannot be accepted, if so: learning would refuse it.
pub(super) fn obstacle(row: &LabelRow, body: &str) -> Option<String> {
    let beyond = row.evidence.iter().find(|mark| bytes(body, &mark.range).is_none());
    let beyond = beyond.map(|mark| format!("evidence {mark} reaches beyond the text"));
    contradiction(row.judgement.level, &row.judgement.labels).or(beyond)
}

/// What else departs from the codebook.
pub(super) fn remarks(row: &LabelRow, body: &str) -> Vec<String> {
    let labels = &row.judgement.labels;
    let shown = |label: &Label| row.evidence.iter().any(|mark| mark.label == *label);
    let bare: Vec<_> = labels.iter().filter(|label| !shown(label)).map(|label| label.name()).collect();
    let tactics = labels.iter().filter(|label| !label.is_request() && **label != Label::Endorsement).count();
    let is_long =
        |range| bytes(body, range).is_some_and(|it| body[it].split_whitespace().count() > MAX_WORDS);
    let mut all = Vec::new();
    if !bare.is_empty() {
        all.push(format!("no evidence for {}", bare.join(", ")));
    }
    if row.judgement.level == Level::Request && tactics > 1 {
        all.push("level 1 has at most one tactic besides endorsement".to_owned());
    }
    if row.evidence.iter().any(|mark| is_long(&mark.range)) {
        all.push(format!("evidence of more than {MAX_WORDS} words"));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::Mark;

    fn row(level: Level, labels: &[Label]) -> LabelRow {
        let mut row = LabelRow::default();
        row.judgement.level = level;
        labels.iter().for_each(|label| row.add_label(*label));
        row
    }

    #[test]
    fn obstacles_and_remarks() {
        let body = "Any news of this one?";
        assert_eq!(obstacle(&row(Level::Ordinary, &[]), body), None);
        assert!(obstacle(&row(Level::Pressure, &[Label::Takeover]), body).is_some());
        let mut two = row(Level::Request, &[Label::Persistence, Label::Guilt]);
        two.add_mark(Mark { label: Label::Guilt, range: 0..8 });
        assert_eq!(
            remarks(&two, body),
            ["no evidence for persistence", "level 1 has at most one tactic besides endorsement"]
        );
        two.add_mark(Mark { label: Label::Persistence, range: 4..99 });
        assert_eq!(
            obstacle(&two, body).as_deref(),
            Some("evidence persistence:4-99 reaches beyond the text")
        );
        let mut long = row(Level::Pressure, &[Label::Guilt]);
        long.add_mark(Mark { label: Label::Guilt, range: 0..26 });
        assert_eq!(remarks(&long, "a b c d e f g h i j k l m "), ["evidence of more than 12 words"]);
    }
}
