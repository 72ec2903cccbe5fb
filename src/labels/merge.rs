//! Two reviewers' files made one.

use std::collections::HashMap;

use super::{
    agreement::{Agreement, Judgement},
    row::{LabelRow, Review},
};

/// What becomes of two label files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// All rows: in the order of the first file, then what only the second has. Where both reviewed a message alike
    /// the row has both names; where they did not it is the first one's, no longer reviewed, and its note says what
    /// both said.
    pub rows: Vec<LabelRow>,
    /// Over the messages that both reviewed.
    pub agreement: Agreement,
    /// Messages that both reviewed, and not alike.
    pub disagreements: Vec<Disagreement>,
}

/// Two judgements of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// List, repository or file.
    pub source: String,
    /// Id there.
    pub id: String,
    /// The first reviewer's judgement.
    pub first: Judgement,
    /// The second one's.
    pub second: Judgement,
}

/// Merges two files; a row that nobody or one reviewer reviewed is taken as it is.
pub fn merge(first: &[LabelRow], second: &[LabelRow]) -> Merged {
    let mut others: HashMap<(&str, &str), &LabelRow> = second.iter().map(|row| (key(row), row)).collect();
    let (mut rows, mut pairs, mut disagreements) = (Vec::new(), Vec::new(), Vec::new());
    for one in first {
        let Some(other) = others.remove(&key(one)) else {
            rows.push(one.clone());
            continue;
        };
        if let (Some(a), Some(b)) = (&one.reviewed, &other.reviewed) {
            pairs.push((&one.judgement, &other.judgement));
            if one.judgement == other.judgement {
                rows.push(agreed(one, other, a, b));
            } else {
                rows.push(disputed(one, other, a, b));
                disagreements.push(disagreement(one, other));
            }
        } else {
            rows.push(if one.reviewed.is_some() { one } else { other }.clone());
        }
    }
    rows.extend(second.iter().filter(|row| others.contains_key(&key(row))).cloned());
    Merged { rows, agreement: Agreement::between(pairs), disagreements }
}

fn key(row: &LabelRow) -> (&str, &str) {
    (&row.source, &row.id)
}

/// Evidence of both counts: each found words that show what both saw.
fn agreed(one: &LabelRow, other: &LabelRow, a: &Review, b: &Review) -> LabelRow {
    let who = if a.who == b.who { a.who.clone() } else { format!("{}, {}", a.who, b.who) };
    let mut row = LabelRow { reviewed: Some(Review { who, when: a.when.max(b.when) }), ..one.clone() };
    other.evidence.iter().for_each(|mark| row.add_mark(mark.clone()));
    row
}

fn disputed(one: &LabelRow, other: &LabelRow, a: &Review, b: &Review) -> LabelRow {
    let mut note = format!("{}: {}; {}: {}", a.who, one.judgement, b.who, other.judgement);
    for remark in [&one.note, &other.note].into_iter().filter(|note| !note.is_empty()) {
        note = format!("{note}; {remark}");
    }
    LabelRow { reviewed: None, note, ..one.clone() }
}

fn disagreement(one: &LabelRow, other: &LabelRow) -> Disagreement {
    Disagreement {
        source: one.source.clone(),
        id: one.id.clone(),
        first: one.judgement.clone(),
        second: other.judgement.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{Label, Level, labels::Mark};

    fn row(id: &str, who: &str, level: Level, evidence: usize) -> LabelRow {
        let mut row = LabelRow { id: id.into(), reviewed: Review::parse(who), ..LabelRow::default() };
        row.judgement.level = level;
        if level > Level::Request {
            row.add_label(Label::Guilt);
            row.add_mark(Mark { label: Label::Guilt, range: evidence..evidence + 4 });
        }
        row
    }

    #[test]
    fn agreed_disputed_and_single_rows() {
        let first = [
            row("same", "2024-01-05T00:00:00Z Ada", Level::Pressure, 1),
            row("disputed", "Ada", Level::Pressure, 1),
            row("only Bo", "", Level::Pressure, 1),
            row("first", "Ada", Level::Ordinary, 0),
        ];
        let second = [
            row("second", "Bo", Level::Request, 0),
            row("only Bo", "Bo", Level::Request, 0),
            row("disputed", "Bo", Level::Ordinary, 0),
            row("same", "2024-01-04T00:00:00Z Bo", Level::Pressure, 9),
        ];
        let merged = merge(&first, &second);
        let ids: Vec<_> = merged.rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids, ["same", "disputed", "only Bo", "first", "second"]);
        let same = &merged.rows[0];
        assert_eq!(same.reviewed.as_ref().unwrap().to_string(), "2024-01-05T00:00:00Z Ada, Bo");
        assert_eq!(same.evidence.len(), 2);
        assert_eq!(merged.rows[1].reviewed, None);
        assert_eq!(merged.rows[1].note, "Ada: level 2 [guilt]; Bo: level 0 []");
        assert_eq!(merged.rows[2], second[1]);
        assert_eq!((merged.agreement.messages(), merged.agreement.equal()), (2, 1));
        assert_eq!((merged.disagreements.len(), merged.disagreements[0].id.as_str()), (1, "disputed"));
    }
}
