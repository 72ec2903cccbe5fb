//! The part of a message that a report shows: its own words with the evidence marked, little of what it quotes.

use std::ops::Range;

use crate::{Message, Score, features::Part, own_words, report::explain::overlapping};

/// Bytes of a message that are shown; evidence is shown beyond that as well.
const MAX_TEXT: usize = 6_000;
/// Bytes of one line, or of what stands between two pieces of evidence in it.
const MAX_LINE: usize = 1_500;
/// Longer stretches of quoted lines are left out.
const MAX_QUOTED: u32 = 3;

/// A stretch of text of one kind. None is cleaned: whoever shows it makes it harmless.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// The author's own words.
    Own(String),
    /// Quotes, signatures, code: not judged.
    Quoted(String),
    /// Evidence, with the names of what it speaks for.
    Marked(String, Vec<&'static str>),
    /// So many lines that are not shown.
    Left(u32),
}

/// Evidence of a part: where, and for what. In order; overlaps are joined.
fn marks(score: &Score, part: Part) -> Vec<(Range<usize>, Vec<&'static str>)> {
    let of_part = score.evidence.iter().filter(|it| it.part == part);
    let mut all: Vec<_> = of_part.map(|it| (it.range.clone(), it.output.name())).collect();
    all.sort_by_key(|(range, name)| (range.start, range.end, *name));
    let mut joined: Vec<(Range<usize>, Vec<&'static str>)> = Vec::new();
    for (range, name) in all {
        match joined.last_mut() {
            Some((last, names)) if range.start < last.end => {
                last.end = last.end.max(range.end);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            _ => joined.push((range, vec![name])),
        }
    }
    joined
}

/// The subject in full.
pub(super) fn subject(message: &Message, score: &Score) -> Vec<Piece> {
    let mut cutter =
        Cutter { text: &message.subject, marks: marks(score, Part::Subject), ..Cutter::default() };
    cutter.line(0..message.subject.len(), true);
    cutter.pieces
}

/// What is shown of the body.
pub(super) fn body(message: &Message, score: &Score) -> Vec<Piece> {
    let own = own_words(&message.body);
    let mut cutter = Cutter { text: &message.body, marks: marks(score, Part::Body), ..Cutter::default() };
    let mut quoted: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for line in message.body.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        let is_own = overlapping(&own, &range).next().is_some();
        let is_blank = line.trim().is_empty();
        if !(is_own || is_blank && quoted.is_empty()) {
            quoted.push(range);
            continue;
        }
        cutter.quoted(&mut quoted);
        cutter.line(range, true);
    }
    cutter.quoted(&mut quoted);
    cutter.end()
}

#[derive(Default)]
struct Cutter<'t> {
    text: &'t str,
    marks: Vec<(Range<usize>, Vec<&'static str>)>,
    pieces: Vec<Piece>,
    shown: usize,
    left: u32,
}

impl Cutter<'_> {
    /// A stretch of lines that are not the author's own.
    fn quoted(&mut self, lines: &mut Vec<Range<usize>>) {
        let blank = |range: &Range<usize>| self.text[range.clone()].trim().is_empty();
        let count = lines.iter().filter(|range| !blank(range)).count() as u32;
        if count > MAX_QUOTED {
            self.left += count;
            lines.clear();
        }
        lines.drain(..).for_each(|range| self.line(range, false));
    }

    fn line(&mut self, range: Range<usize>, is_own: bool) {
        let first = self.marks.partition_point(|(mark, _)| mark.end <= range.start);
        let behind = self.marks.partition_point(|(mark, _)| mark.start < range.end);
        let inside: Vec<_> = self.marks.get(first..behind).unwrap_or_default().to_vec();
        if self.shown > MAX_TEXT && inside.is_empty() {
            self.left += 1;
            return;
        }
        self.tell_left();
        let mut at = range.start;
        for (mark, names) in inside {
            let mark = mark.start.max(range.start)..mark.end.min(range.end);
            self.plain(at..mark.start, is_own);
            at = mark.end;
            self.marked(mark, names);
        }
        self.plain(at..range.end, is_own);
    }

    fn plain(&mut self, range: Range<usize>, is_own: bool) {
        let text = self.cut(range);
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Own(last)) if is_own => last.push_str(&text),
            Some(Piece::Quoted(last)) if !is_own => last.push_str(&text),
            _ if is_own => self.pieces.push(Piece::Own(text)),
            _ => self.pieces.push(Piece::Quoted(text)),
        }
    }

    fn marked(&mut self, range: Range<usize>, names: Vec<&'static str>) {
        let text = self.cut(range);
        match self.pieces.last_mut() {
            // The same evidence, on the next line.
            Some(Piece::Marked(last, labels)) if *labels == names => last.push_str(&text),
            _ => self.pieces.push(Piece::Marked(text, names)),
        }
    }

    fn cut(&mut self, range: Range<usize>) -> String {
        let text = self.text.get(range).unwrap_or_default();
        let end = text.floor_char_boundary(MAX_LINE);
        self.shown += end;
        if end == text.len() {
            return text.to_owned();
        }
        format!("{} […]{}", &text[..end], if text.ends_with('\n') { "\n" } else { "" })
    }

    fn tell_left(&mut self) {
        if self.left > 0 {
            self.pieces.push(Piece::Left(std::mem::take(&mut self.left)));
        }
    }

    fn end(mut self) -> Vec<Piece> {
        self.tell_left();
        self.pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_data::scored;

    #[test]
    fn evidence_is_marked_in_its_place() {
        let scored = scored();
        let pieces = body(&scored.message, &scored.score);
        let wanted = [
            Piece::Quoted("> any news?\n".into()),
            Piece::Marked("Äh, you let us all down.".into(), vec!["guilt"]),
            Piece::Own("\n".into()),
            Piece::Marked("Hand over the keys.".into(), vec!["takeover"]),
            Piece::Own("\n".into()),
        ];
        assert_eq!(pieces, wanted);
        assert_eq!(subject(&scored.message, &scored.score), [Piece::Own("Re: Release".into())]);
    }

    #[test]
    fn long_quotes_are_left_out_and_counted() {
        let mut scored = scored();
        scored.score.evidence.clear();
        scored.message.body = format!("{}\nNo, thanks.\n", "> old words\n".repeat(40));
        let pieces = body(&scored.message, &scored.score);
        assert_eq!(pieces[0], Piece::Left(40));
        assert!(matches!(&pieces[1], Piece::Own(text) if text.trim() == "No, thanks."), "{pieces:?}");
    }

    #[test]
    fn a_long_message_is_cut_but_its_evidence_is_shown() {
        let mut scored = scored();
        let filler = "We talked about the weather for a while.\n".repeat(500);
        scored.message.body = format!("{filler}Hand over the keys.\n");
        let start = filler.len();
        scored.score.evidence.truncate(1);
        scored.score.evidence[0].range = start..start + "Hand over the keys.".len();
        let pieces = body(&scored.message, &scored.score);
        let bytes: usize = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Own(text) | Piece::Quoted(text) | Piece::Marked(text, _) => text.len(),
                Piece::Left(_) => 0,
            })
            .sum();
        assert!(bytes < 2 * MAX_TEXT, "{bytes}");
        assert!(pieces.iter().any(|it| matches!(it, Piece::Left(lines) if *lines > 100)), "{pieces:?}");
        assert!(pieces.contains(&Piece::Marked("Hand over the keys.".into(), vec!["takeover"])));
    }

    #[test]
    fn one_endless_line_is_cut() {
        let mut scored = scored();
        scored.score.evidence.clear();
        scored.message.body = "ä".repeat(1 << 20);
        let pieces = body(&scored.message, &scored.score);
        assert!(matches!(&pieces[..], [Piece::Own(text)] if text.len() < 2_000 && text.ends_with("[…]")));
    }
}
