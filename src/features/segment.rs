//! Cutting a folded paragraph into sentences, by rule: fast, and the same everywhere.

use std::ops::Range;

/// Sentences longer than this many bytes are cut at white space: the length of a long English sentence.
const MAX_SENTENCE: usize = 400;

/// The full stop of scripts without spaces, which ends a sentence whatever follows. (Folding has turned the other
/// marks of those scripts into plain ones.)
const IDEOGRAPHIC_STOP: char = '\u{3002}';

/// Words whose full stop does not end a sentence.
const ABBREVIATIONS: [&str; 14] =
    ["e.g", "i.e", "eg", "ie", "etc", "cf", "vs", "approx", "mr", "mrs", "dr", "ca", "resp", "no"];

/// Byte ranges of the sentences of `text`, trimmed, in order, none empty, each at most [`MAX_SENTENCE`] long
/// (longer only where there is no white space to cut at, then at any character).
pub(super) fn segment(text: &str, mut f: impl FnMut(Range<usize>)) {
    let bytes = text.as_bytes();
    let mut start = 0;
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'.' | b'!' | b'?' => sentence_end(text, start, at),
            b'\n' if starts_item(&text[at + 1..]) => Some(at + 1),
            // The first byte of the stop and of many other characters.
            0xE3 if text[at..].starts_with(IDEOGRAPHIC_STOP) => Some(at + IDEOGRAPHIC_STOP.len_utf8()),
            _ => None,
        };
        match end {
            Some(end) => {
                emit(text, start..end, &mut f);
                start = end;
                at = end;
            }
            None => at += 1,
        }
    }
    emit(text, start..text.len(), &mut f);
}

/// The end of the sentence that the mark at `at` closes, if it does.
fn sentence_end(text: &str, start: usize, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let marks = rest.len() - rest.trim_start_matches(['.', '!', '?', ')', '"', '\'', '*', '\u{201D}']).len();
    let behind = &rest[marks..];
    let ends = behind.is_empty() || behind.starts_with(char::is_whitespace);
    (ends && !(marks == 1 && rest.starts_with('.') && is_abbreviation(&text[start..at])))
        .then_some(at + marks)
}

fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    ABBREVIATIONS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// True where a line begins a list item, a paragraph (an empty line) or a heading.
fn starts_item(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t']);
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    line.starts_with(['\n', '\r', '#'])
        || ["- ", "* ", "+ ", "\u{2022} "].iter().any(|mark| line.starts_with(mark))
        || ((1..=2).contains(&digits)
            && (line[digits..].starts_with(". ") || line[digits..].starts_with(") ")))
}

fn emit(text: &str, range: Range<usize>, f: &mut impl FnMut(Range<usize>)) {
    let slice = &text[range.clone()];
    let mut start = range.start + (slice.len() - slice.trim_start().len());
    let end = start + slice.trim().len();
    while end - start > MAX_SENTENCE {
        let cut = cut_point(&text[start..end]);
        f(start..start + text[start..start + cut].trim_end().len());
        start += cut;
        start += text[start..end].len() - text[start..end].trim_start().len();
    }
    if start < end {
        f(start..end);
    }
}

/// Where to cut an overlong sentence: behind the last white space within the limit, else at the limit.
fn cut_point(text: &str) -> usize {
    let limit = text.floor_char_boundary(MAX_SENTENCE);
    match text[..limit].rfind(char::is_whitespace) {
        Some(at) if at > 0 => at,
        _ => limit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        segment(text, |range| all.push(&text[range]));
        all
    }

    #[test]
    fn sentences_end_at_marks() {
        assert_eq!(
            cut("Hi. Any news? I (still) wait!! see foo.c here"),
            ["Hi.", "Any news?", "I (still) wait!!", "see foo.c here"]
        );
        assert_eq!(cut("Some tools, e.g. make. Done"), ["Some tools, e.g. make.", "Done"]);
        assert_eq!(cut("好。谢谢。 ok"), ["好。", "谢谢。", "ok"]);
    }

    #[test]
    fn wrapped_lines_stay_together_and_items_part() {
        assert_eq!(
            cut("one two\nthree four\n- item a\n- item b\n1. first"),
            ["one two\nthree four", "- item a", "- item b", "1.", "first"]
        );
    }

    #[test]
    fn endless_sentences_are_cut() {
        let text = "word ".repeat(300);
        assert!(cut(&text).iter().all(|s| s.len() <= MAX_SENTENCE && !s.is_empty()));
        let solid = "é".repeat(1000);
        assert_eq!(cut(&solid).concat(), solid);
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_white_space_is_lost(text in "[a-z.!?\\n \u{e9}\u{2003}-]{0,200}") {
            let kept: String = cut(&text).concat().split_whitespace().collect();
            let all: String = text.split_whitespace().collect();
            proptest::prop_assert_eq!(kept, all);
        }
    }
}
