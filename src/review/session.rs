//! The state of a review and what keys do to it.

use std::ops::Range;

use jiff::Timestamp;

use super::{Effect, Key, Marking, key::label_of};
use crate::{
    Label, Level, Message,
    labels::{LabelRow, Mark, Review, scalars},
};

/// Changes that can be undone.
const MAX_UNDO: usize = 10_000;

/// What a row is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The message.
    pub message: Message,
    /// Bytes of the body that its author wrote.
    pub own: Vec<Range<usize>>,
    /// What the model proposes for it.
    pub proposal: LabelRow,
    /// Distance from the nearest threshold, in logits.
    pub margin: f64,
    /// Its thread, by its place in the list of threads.
    pub thread: usize,
}

/// A message in the list of its thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Who wrote it and on what day, in a few words.
    pub title: String,
}

/// What the reviewer is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Judging a message.
    Judging,
    /// Marking evidence in it.
    Marking(Marking),
    /// Nothing is left to do, or only what was skipped.
    Finished,
}

/// A review.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    reviewer: String,
    rows: Vec<LabelRow>,
    texts: Vec<Option<Text>>,
    threads: Vec<Vec<Entry>>,
    current: usize,
    mode: Mode,
    by_uncertainty: bool,
    skipped: Vec<bool>,
    undo: Vec<(usize, LabelRow)>,
    /// Pages that the body is scrolled down.
    scroll: usize,
    notice: String,
}

impl Session {
    /// A review of `rows`, each with its text as far as that was found, from the first row that nobody reviewed.
    pub fn new(
        reviewer: String,
        rows: Vec<LabelRow>,
        mut texts: Vec<Option<Text>>,
        threads: Vec<Vec<Entry>>,
    ) -> Self {
        texts.resize(rows.len(), None);
        let mut session = Self {
            reviewer,
            skipped: vec![false; rows.len()],
            rows,
            texts,
            threads,
            current: 0,
            mode: Mode::Finished,
            by_uncertainty: false,
            undo: Vec::new(),
            scroll: 0,
            notice: String::new(),
        };
        session.current = session.rows.len().saturating_sub(1);
        session.advance();
        session
    }

    /// Does what a key says.
    pub fn press(&mut self, key: Key, now: Timestamp) -> Effect {
        self.notice.clear();
        if key == Key::Interrupt {
            return Effect::Quit;
        }
        match &self.mode {
            Mode::Judging => self.judge(key, now),
            Mode::Marking(_) => self.mark(key),
            Mode::Finished => self.finished(key),
        }
    }

    fn judge(&mut self, key: Key, now: Timestamp) -> Effect {
        match key {
            Key::Enter | Key::Char('a') => return self.accept(now),
            Key::Char('s' | ' ') => {
                self.skipped[self.current] = true;
                self.advance();
            }
            Key::Char('m') => self.begin_marking(),
            Key::Char('z') | Key::Backspace => return self.undo(),
            Key::Char('n') => self.seek(true),
            Key::Char('o') => self.seek(false),
            Key::Char('q') => return Effect::Quit,
            Key::Char(c) => return self.change_judgement(c),
            Key::Up => self.step(|at| at.checked_sub(1)),
            Key::Down => self.step(|at| Some(at + 1)),
            Key::PageUp => self.scroll = self.scroll.saturating_sub(1),
            Key::PageDown => self.scroll = self.scroll.saturating_add(1),
            Key::Left | Key::Right | Key::Escape | Key::Interrupt => {}
        }
        Effect::None
    }

    fn finished(&mut self, key: Key) -> Effect {
        match key {
            Key::Char('q') | Key::Enter => return Effect::Quit,
            Key::Char('z') | Key::Backspace => return self.undo(),
            Key::Char('r') => {
                self.skipped.fill(false);
                self.advance();
            }
            Key::Up if self.text().is_some() => self.go(self.current),
            _ => {}
        }
        Effect::None
    }

    fn accept(&mut self, now: Timestamp) -> Effect {
        if let Some(obstacle) = self.obstacle() {
            self.notice = format!("not accepted: {obstacle}");
            return Effect::None;
        }
        let when = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let review = Review { who: self.reviewer.clone(), when: Some(when) };
        self.change(|row| row.reviewed = Some(review));
        self.advance();
        Effect::Save
    }

    /// A level or a label. What is changed is to be accepted again.
    fn change_judgement(&mut self, key: char) -> Effect {
        if let Some(level) = key.to_digit(10).and_then(|n| Level::ALL.get(n as usize)) {
            return self.change(|row| {
                row.judgement.level = *level;
                row.reviewed = None;
            });
        }
        match label_of(key) {
            Some(label) => self.toggle(label),
            None => Effect::None,
        }
    }

    /// A label that comes back brings the words that the model found for it.
    fn toggle(&mut self, label: Label) -> Effect {
        let proposal = self.text().map(|text| text.proposal.evidence.clone()).unwrap_or_default();
        self.change(|row| {
            if row.judgement.labels.contains(&label) {
                row.remove_label(label);
            } else {
                row.add_label(label);
                proposal.into_iter().filter(|mark| mark.label == label).for_each(|mark| row.add_mark(mark));
            }
            row.reviewed = None;
        })
    }

    fn begin_marking(&mut self) {
        let marking = self.text().and_then(|text| {
            let first = self.marks().first().map_or(0, |(_, bytes)| bytes.start);
            Marking::new(&text.message.body, &text.own, first)
        });
        match marking {
            Some(marking) => self.mode = Mode::Marking(marking),
            None => self.notice = "no words of the author's own to mark".into(),
        }
    }

    fn mark(&mut self, key: Key) -> Effect {
        let Mode::Marking(marking) = &mut self.mode else { return Effect::None };
        match key {
            Key::Escape | Key::Enter | Key::Char('m') => self.mode = Mode::Judging,
            Key::Char('z') | Key::Backspace => return self.undo(),
            Key::Char('x') => {
                let cursor = marking.cursor();
                return self.unmark(&cursor);
            }
            Key::Char(c) => {
                if let Some(label) = label_of(c) {
                    let selection = marking.selection();
                    marking.deselect();
                    return self.mark_as(label, &selection);
                }
                marking.press(key);
            }
            _ => marking.press(key),
        }
        Effect::None
    }

    fn mark_as(&mut self, label: Label, selection: &Range<usize>) -> Effect {
        let Some(range) = self.text().map(|text| scalars(&text.message.body, selection)) else {
            return Effect::None;
        };
        self.change(|row| {
            row.add_label(label);
            row.add_mark(Mark { label, range });
            row.reviewed = None;
        })
    }

    fn unmark(&mut self, cursor: &Range<usize>) -> Effect {
        let touched =
            |(_, bytes): &&(Mark, Range<usize>)| bytes.start < cursor.end && cursor.start < bytes.end;
        let touched: Vec<Mark> = self.marks().iter().filter(touched).map(|(mark, _)| mark.clone()).collect();
        self.change(|row| {
            row.evidence.retain(|mark| !touched.contains(mark));
            row.reviewed = if touched.is_empty() { row.reviewed.take() } else { None };
        })
    }

    fn change(&mut self, change: impl FnOnce(&mut LabelRow)) -> Effect {
        let Some(row) = self.rows.get_mut(self.current) else { return Effect::None };
        let before = row.clone();
        change(row);
        if *row == before {
            return Effect::None;
        }
        if self.undo.len() == MAX_UNDO {
            self.undo.remove(0);
        }
        self.undo.push((self.current, before));
        Effect::Save
    }

    fn undo(&mut self) -> Effect {
        let Some((at, row)) = self.undo.pop() else {
            self.notice = "nothing to undo".into();
            return Effect::None;
        };
        self.rows[at] = row;
        self.go(at);
        Effect::Save
    }

    fn go(&mut self, at: usize) {
        self.current = at;
        self.scroll = 0;
        self.skipped[at] = false;
        self.mode = Mode::Judging;
    }

    /// The nearest row in a direction whose text is there.
    fn step(&mut self, next: impl Fn(usize) -> Option<usize>) {
        let mut way = std::iter::successors(next(self.current), |at| next(*at));
        let there = way.by_ref().take_while(|at| *at < self.rows.len()).find(|at| self.texts[*at].is_some());
        match there {
            Some(at) => self.go(at),
            None => self.notice = "no message there".into(),
        }
    }

    /// To the next open row in the order that is wanted, the current one left aside.
    fn seek(&mut self, by_uncertainty: bool) {
        self.by_uncertainty = by_uncertainty;
        match self.next_open() {
            Some(at) => self.go(at),
            None => self.notice = "no other message is open".into(),
        }
    }

    fn advance(&mut self) {
        match self.next_open() {
            Some(at) => self.go(at),
            None if self.is_open(self.current) => self.go(self.current),
            None => self.mode = Mode::Finished,
        }
    }

    fn next_open(&self) -> Option<usize> {
        let open = |at: &usize| *at != self.current && self.is_open(*at);
        if self.by_uncertainty {
            let margin = |at: &usize| self.texts[*at].as_ref().map_or(f64::INFINITY, |text| text.margin);
            return (0..self.rows.len()).filter(open).min_by(|a, b| margin(a).total_cmp(&margin(b)));
        }
        (self.current + 1..self.rows.len()).chain(0..self.current).find(open)
    }

    fn is_open(&self, at: usize) -> bool {
        let row = self.rows.get(at).is_some_and(|row| row.reviewed.is_none());
        row && self.texts[at].is_some() && !self.skipped[at]
    }
}

mod view;

#[cfg(test)]
mod tests;
