//! What there is to see of a session.

use std::ops::Range;

use super::{Entry, Mode, Session, Text};
use crate::{
    labels::{Agreement, LabelRow, Mark, bytes},
    review::remarks,
};

impl Session {
    /// All rows, in the order of the file.
    pub fn rows(&self) -> &[LabelRow] {
        &self.rows
    }

    /// Place of the current row.
    pub fn current(&self) -> usize {
        self.current
    }

    /// The current row; none in an empty file.
    pub fn row(&self) -> Option<&LabelRow> {
        self.rows.get(self.current)
    }

    /// Its text.
    pub fn text(&self) -> Option<&Text> {
        self.texts.get(self.current).and_then(Option::as_ref)
    }

    /// The messages of its thread, as they came in the archive.
    pub fn thread(&self) -> &[Entry] {
        self.text().and_then(|text| self.threads.get(text.thread)).map_or(&[], Vec::as_slice)
    }

    /// The row of a message of that thread, if the file has one.
    pub fn row_of(&self, id: &str) -> Option<&LabelRow> {
        let thread = self.text()?.thread;
        let is_it = |(row, text): &(&LabelRow, &Option<Text>)| {
            row.id == id && text.as_ref().is_some_and(|text| text.thread == thread)
        };
        self.rows.iter().zip(&self.texts).find(is_it).map(|(row, _)| row)
    }

    /// Evidence of the current row with its bytes in the body, in order; what reaches beyond the text is left out.
    pub fn marks(&self) -> Vec<(Mark, Range<usize>)> {
        let (Some(row), Some(text)) = (self.row(), self.text()) else { return Vec::new() };
        let place = |mark: &Mark| Some((mark.clone(), bytes(&text.message.body, &mark.range)?));
        row.evidence.iter().filter_map(place).collect()
    }

    /// What the reviewer is doing.
    pub fn mode(&self) -> &Mode {
        &self.mode
    }

    /// True if the most uncertain message comes next, false if the next one of the file does.
    pub fn is_by_uncertainty(&self) -> bool {
        self.by_uncertainty
    }

    /// Pages that the body is scrolled down.
    pub fn scroll(&self) -> usize {
        self.scroll
    }

    /// What there is to say about the last key; empty if nothing.
    pub fn notice(&self) -> &str {
        &self.notice
    }

    /// Says something about the last key.
    pub fn set_notice(&mut self, notice: String) {
        self.notice = notice;
    }

    /// Why the current row cannot be accepted as it stands.
    pub fn obstacle(&self) -> Option<String> {
        remarks::obstacle(self.row()?, &self.text()?.message.body)
    }

    /// What else of it departs from the codebook.
    pub fn remarks(&self) -> Vec<String> {
        let (Some(row), Some(text)) = (self.row(), self.text()) else { return Vec::new() };
        remarks::remarks(row, &text.message.body)
    }

    /// Rows that were reviewed, by anybody.
    pub fn reviewed(&self) -> usize {
        self.rows.iter().filter(|row| row.reviewed.is_some()).count()
    }

    /// Rows that were skipped in this session.
    pub fn skipped(&self) -> usize {
        self.skipped.iter().filter(|it| **it).count()
    }

    /// Rows whose text is not in the archive.
    pub fn missing(&self) -> usize {
        self.texts.iter().filter(|text| text.is_none()).count()
    }

    /// Agreement of the model (first) with the reviewed rows (second).
    pub fn agreement(&self) -> Agreement {
        let rows = self.rows.iter().zip(&self.texts);
        Agreement::between(rows.filter(|(row, _)| row.reviewed.is_some()).filter_map(|(row, text)| {
            let text = text.as_ref()?;
            Some((&text.proposal.judgement, &row.judgement))
        }))
    }
}
