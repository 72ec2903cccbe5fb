//! Subjects that are equal but for what answering and lists add to them.

/// Marks of an answer. Those of a forward are not among them: a forward begins a conversation of its own.
const ANSWERS: [&str; 10] = ["re", "aw", "antw", "antwort", "sv", "vs", "rv", "res", "r", "\u{56DE}\u{590D}"];

/// A subject without marks of answers and lists.
pub(super) struct Normalized {
    /// What is left, in lower case, with single spaces.
    pub(super) base: String,
    /// True if there was a mark of an answer.
    pub(super) is_reply: bool,
}

/// Strips `Re:`, `AW[2]:`, `[list]` and the like from the front, in any order and number.
pub(super) fn normalized(subject: &str) -> Normalized {
    let mut rest = subject.trim_start();
    let mut is_reply = false;
    loop {
        if let Some(stripped) = strip_answer(rest) {
            is_reply = true;
            rest = stripped.trim_start();
        } else if let Some(stripped) = strip_tag(rest) {
            rest = stripped.trim_start();
        } else {
            break;
        }
    }
    let words: Vec<_> = rest.split_whitespace().map(str::to_lowercase).collect();
    Normalized { base: words.join(" "), is_reply }
}

fn strip_answer(subject: &str) -> Option<&str> {
    let (mark, rest) = subject.split_once([':', '\u{FF1A}'])?;
    let word = mark.split(['[', '(', '^']).next().unwrap_or_default().trim_end();
    ANSWERS.iter().any(|known| word.eq_ignore_ascii_case(known)).then_some(rest)
}

/// A tag in brackets is stripped if something follows it.
fn strip_tag(subject: &str) -> Option<&str> {
    let (_, rest) = subject.strip_prefix('[')?.split_once(']')?;
    (!rest.trim().is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_tags_are_stripped() {
        for (subject, base, is_reply) in [
            ("A  plain\tQuestion", "a plain question", false),
            ("Re: a plain question", "a plain question", true),
            ("[tarn] AW: RE[2]: Re^3: a plain question", "a plain question", true),
            ("Re: [tarn] [PATCH 0/2] a fix", "a fix", true),
            ("SV\u{FF1A}x", "x", true),
            ("regression: x", "regression: x", false),
            ("Fwd: x", "fwd: x", false),
            ("[only a tag]", "[only a tag]", false),
            ("Re:", "", true),
            ("", "", false),
        ] {
            let normalized = normalized(subject);
            assert_eq!((normalized.base.as_str(), normalized.is_reply), (base, is_reply), "{subject}");
        }
    }
}
