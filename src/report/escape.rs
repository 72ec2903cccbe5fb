//! Text of strangers made safe to show: control characters, terminal sequences, reordering and invisible characters
//! become visible escapes.

use std::fmt::Write;

/// `text` on one line: white space is collapsed, what must not be shown is escaped.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        push(c, &mut out);
    }
    out
}

/// `text` with its line ends and tabs; all else that must not be shown is escaped.
pub fn multi_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' if chars.peek() == Some(&'\n') => {}
            _ => push(c, &mut out),
        }
    }
    out
}

fn push(c: char, out: &mut String) {
    if is_hidden(c) {
        // Writing to a string does not fail.
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    } else {
        out.push(c);
    }
}

/// True for characters that do something to a terminal or to their neighbours instead of being seen.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Soft hyphen, combining joiner, Arabic and Mongolian marks, Hangul fillers.
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180B}'..='\u{180F}' | '\u{3164}'
            | '\u{FFA0}'
            // Zero width, direction marks, line separators, embeddings, joiners, isolates.
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            // Byte order mark, interlinear annotation, tags.
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_become_visible() {
        assert_eq!(one_line("a\x1b[31mb\u{9b}0m\x07"), "a\\u{1b}[31mb\\u{9b}0m\\u{7}");
        assert_eq!(one_line("x\u{202e}gpj.exe\u{200b}\u{2066}"), "x\\u{202e}gpj.exe\\u{200b}\\u{2066}");
        assert_eq!(one_line("\u{feff}\u{e0041}\u{ad}"), "\\u{feff}\\u{e0041}\\u{ad}");
    }

    #[test]
    fn lines_are_joined_or_kept() {
        assert_eq!(one_line("  a\r\n\t b\u{2028}c\u{a0} "), "a b c");
        assert_eq!(multi_line("a\r\n\tb\rc\n"), "a\n\tb\\u{d}c\n");
    }

    #[test]
    fn ordinary_text_of_any_script_stays() {
        let text = "Grüße, 你好, привет, שלום, e\u{301}, 👍🏽";
        assert_eq!(one_line(text), text);
        assert_eq!(multi_line(text), text);
    }

    proptest::proptest! {
        #[test]
        fn nothing_hidden_gets_through(text in "\\PC*|[\\x00-\\x1f\\x7f-\\u{9f}\\u{2000}-\\u{206f}a ]*") {
            proptest::prop_assert!(!one_line(&text).contains(is_hidden));
            proptest::prop_assert!(!multi_line(&text).contains(|c| is_hidden(c) && c != '\n' && c != '\t'));
        }
    }
}
