//! Which messages are reported.

use jiff::Timestamp;

use crate::{Label, Level, pipeline::Scored};

/// Conditions that a message must meet to be reported; the default lets all pass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// At least this level.
    pub min_level: Level,
    /// At least one of these labels, if there are any.
    pub labels: Vec<Label>,
    /// Not before this instant; a message without a date fails.
    pub since: Option<Timestamp>,
    /// Before this instant; a message without a date fails.
    pub until: Option<Timestamp>,
}

impl Selection {
    /// True if `scored` meets all conditions.
    pub fn admits(&self, scored: &Scored) -> bool {
        let score = &scored.score;
        let labelled = self.labels.is_empty() || self.labels.iter().any(|label| score.labels.contains(label));
        score.level >= self.min_level && labelled && self.admits_date(scored)
    }

    fn admits_date(&self, scored: &Scored) -> bool {
        match scored.message.date.map(|date| date.timestamp) {
            Some(date) => {
                self.since.is_none_or(|since| date >= since) && self.until.is_none_or(|until| date < until)
            }
            None => !self.is_dated(),
        }
    }

    /// True if messages without a date cannot pass.
    pub fn is_dated(&self) -> bool {
        self.since.is_some() || self.until.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_data::scored;

    #[test]
    fn every_condition_must_hold() {
        let scored = scored();
        let date = scored.message.date.map(|date| date.timestamp);
        let admits = |selection: Selection| selection.admits(&scored);
        assert!(admits(Selection::default()));
        assert!(admits(Selection { min_level: Level::TakeoverPressure, ..Selection::default() }));
        assert!(admits(Selection { labels: vec![Label::Flattery, Label::Guilt], ..Selection::default() }));
        assert!(!admits(Selection { labels: vec![Label::Flattery], ..Selection::default() }));
        assert!(admits(Selection { since: date, ..Selection::default() }));
        assert!(!admits(Selection { until: date, ..Selection::default() }));
    }

    #[test]
    fn undated_messages_pass_only_where_dates_do_not_matter() {
        let mut scored = scored();
        scored.message.date = None;
        assert!(Selection::default().admits(&scored));
        let since = Some(Timestamp::MIN);
        assert!(!Selection { since, ..Selection::default() }.admits(&scored));
    }
}
