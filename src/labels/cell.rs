//! Text in a cell of a label file: harmless in a terminal and in a spreadsheet, and nothing is lost on the way.
//!
//! Characters that are not seen become `\u{1b}` and the like; a text that already has `\u{` gets its backslash written
//! so too. A text that a spreadsheet would take for a formula, or that begins with an apostrophe, gets an apostrophe
//! in front.

use std::fmt::Write;

use crate::report::is_hidden;

const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The cell that holds `text`.
pub(super) fn encode(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    if text.starts_with(FORMULA) || text.starts_with('\'') {
        cell.push('\'');
    }
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let looks_escaped = c == '\\' && rest.as_str().starts_with("u{");
        if is_hidden(c) || looks_escaped {
            // Writing to a string does not fail.
            let _ = write!(cell, "\\u{{{:x}}}", u32::from(c));
        } else {
            cell.push(c);
        }
    }
    cell
}

/// The text that a cell holds.
pub fn decode(cell: &str) -> String {
    let mut rest = cell.strip_prefix('\'').unwrap_or(cell);
    let mut text = String::with_capacity(rest.len());
    while let Some(at) = rest.find("\\u{") {
        let (before, escape) = rest.split_at(at);
        text.push_str(before);
        let code =
            escape.find('}').and_then(|end| Some((end, u32::from_str_radix(&escape[3..end], 16).ok()?)));
        let (taken, c) =
            code.and_then(|(end, code)| Some((end + 1, char::from_u32(code)?))).unwrap_or((1, '\\'));
        text.push(c);
        rest = &escape[taken..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_harmless() {
        assert_eq!(encode("=1+1"), "'=1+1");
        assert_eq!(encode("a\x1b[2Jb\nc"), "a\\u{1b}[2Jb\\u{a}c");
        assert_eq!(encode("C:\\users\\u{1b}"), "C:\\users\\u{5c}u{1b}");
        assert_eq!(encode("Grüße@tarn.example"), "Grüße@tarn.example");
    }

    #[test]
    fn cells_that_people_wrote_are_read() {
        assert_eq!(decode("C:\\users\\u{zz} \\u{110000} \\u{41"), "C:\\users\\u{zz} \\u{110000} \\u{41");
        assert_eq!(decode("\\u{41}"), "A");
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(text in "\\PC*|[\\x00-\\x1f\\x7f-\\u{9f}'=@\\\\u{}0-9a]*|(\\\\u\\{|'|5c\\}|\\x1b)*") {
            let cell = encode(&text);
            proptest::prop_assert!(!cell.contains(is_hidden));
            proptest::prop_assert!(!cell.starts_with(FORMULA));
            proptest::prop_assert_eq!(decode(&cell), text);
        }
    }
}
