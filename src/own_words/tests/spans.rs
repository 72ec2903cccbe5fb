//! The shape of spans.

use super::own_words;

fn texts(body: &str) -> Vec<&str> {
    own_words(body).into_iter().map(|span| &body[span]).collect()
}

#[test]
fn a_paragraph_is_one_span() {
    assert_eq!(texts("  One\n  two  \n\n\n three\r\n four\r\n"), ["One\n  two", "three\r\n four"]);
}

#[test]
fn a_dropped_line_parts_a_paragraph() {
    assert_eq!(texts("One\n> two\nthree"), ["One", "three"]);
}

#[test]
fn nothing_comes_of_nothing() {
    for body in ["", "\n", " \t\r\n\u{a0}\n", ">", "> \n> \n", "```\n", "<!--", "-- \n"] {
        assert_eq!(texts(body), [""; 0], "{body:?}");
    }
}

#[test]
fn spans_stand_on_characters() {
    assert_eq!(texts("\u{a0}Ünïcödé 🎉\u{2003}\n— ja —"), ["Ünïcödé 🎉\u{2003}\n— ja —"]);
    assert_eq!(texts("è<!--é-->ê"), ["è", "ê"]);
}
