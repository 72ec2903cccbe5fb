//! Choosing words of a message as evidence.

use std::ops::Range;

use super::Key;

/// A cursor over the words that a message's author wrote, and where a selection began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marking {
    words: Vec<Word>,
    cursor: usize,
    anchor: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    bytes: Range<usize>,
    line: usize,
    /// Bytes from the start of the line.
    column: usize,
}

impl Marking {
    /// A cursor on the first word behind byte `at` of `body` that stands in `own`; none if there is no word there.
    pub(super) fn new(body: &str, own: &[Range<usize>], at: usize) -> Option<Self> {
        let words = words(body, own);
        let cursor = words.iter().position(|word| word.bytes.end > at).unwrap_or_default();
        (!words.is_empty()).then_some(Self { words, cursor, anchor: None })
    }

    /// Moves the cursor, or begins and ends a selection with the space bar.
    pub(super) fn press(&mut self, key: Key) {
        match key {
            Key::Left => self.cursor = self.cursor.saturating_sub(1),
            Key::Right => self.cursor = (self.cursor + 1).min(self.words.len() - 1),
            Key::Up => self.cursor = self.in_line(self.words[..self.cursor].iter().rev()),
            Key::Down => self.cursor = self.in_line(self.words[self.cursor..].iter()),
            Key::Char(' ') => self.anchor = if self.anchor.is_some() { None } else { Some(self.cursor) },
            _ => {}
        }
    }

    /// The word in the next other line on the way that is nearest below or above the cursor.
    fn in_line<'w>(&'w self, mut way: impl Iterator<Item = &'w Word>) -> usize {
        let here = &self.words[self.cursor];
        let Some(line) = way.find(|word| word.line != here.line).map(|word| word.line) else {
            return self.cursor;
        };
        let candidates = self.words.iter().enumerate().filter(|(_, word)| word.line == line);
        let nearest = candidates.min_by_key(|(_, word)| word.column.abs_diff(here.column));
        nearest.map_or(self.cursor, |(at, _)| at)
    }

    /// Bytes of the word under the cursor.
    pub fn cursor(&self) -> Range<usize> {
        self.words[self.cursor].bytes.clone()
    }

    /// Bytes of the words that are selected: from the anchor to the cursor, or the word under the cursor.
    pub fn selection(&self) -> Range<usize> {
        let anchor = self.anchor.unwrap_or(self.cursor);
        let (first, last) = (anchor.min(self.cursor), anchor.max(self.cursor));
        self.words[first].bytes.start..self.words[last].bytes.end
    }

    /// Forgets where the selection began.
    pub(super) fn deselect(&mut self) {
        self.anchor = None;
    }
}

fn words(body: &str, own: &[Range<usize>]) -> Vec<Word> {
    let mut all = Vec::new();
    let (mut line, mut line_start) = (0, 0);
    for text in body.split_inclusive('\n') {
        let mut at = line_start;
        for piece in text.split_inclusive(char::is_whitespace) {
            let bytes = at..at + piece.trim_end().len();
            at += piece.len();
            // Spans are in order and do not overlap.
            let behind = own.partition_point(|span| span.end <= bytes.start);
            let is_own = own.get(behind).is_some_and(|span| span.start < bytes.end);
            if !bytes.is_empty() && is_own {
                all.push(Word { column: bytes.start - line_start, bytes, line });
            }
        }
        line_start += text.len();
        line += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const BODY: &str = "> quoted words\nÄh, hand  over\n\nthe keys now";

    fn marking() -> Marking {
        let own = 15..BODY.len();
        Marking::new(BODY, std::slice::from_ref(&own), 0).unwrap()
    }

    fn after(keys: &[Key]) -> (&'static str, &'static str) {
        let mut marking = marking();
        keys.iter().for_each(|key| marking.press(*key));
        (&BODY[marking.cursor()], &BODY[marking.selection()])
    }

    #[test]
    fn the_cursor_walks_over_own_words() {
        assert_eq!(after(&[]), ("Äh,", "Äh,"));
        assert_eq!(after(&[Key::Left]), ("Äh,", "Äh,"));
        assert_eq!(after(&[Key::Right, Key::Right]).0, "over");
        assert_eq!(after(&[Key::Right; 9]).0, "now");
        assert_eq!(after(&[Key::Right, Key::Down]).0, "keys");
        assert_eq!(after(&[Key::Down, Key::Right, Key::Right, Key::Up]).0, "over");
        assert_eq!(after(&[Key::Up]).0, "Äh,");
    }

    #[test]
    fn a_selection_goes_either_way() {
        let space = Key::Char(' ');
        assert_eq!(after(&[Key::Right, space, Key::Right, Key::Right]).1, "hand  over\n\nthe");
        assert_eq!(after(&[Key::Right, space, Key::Left]).1, "Äh, hand");
        assert_eq!(after(&[space, Key::Right, space]).1, "hand");
    }

    #[test]
    fn there_may_be_nothing_to_mark() {
        assert_eq!(Marking::new("> quoted", &[], 0), None);
        assert_eq!(Marking::new("", &[], 0), None);
    }
}
