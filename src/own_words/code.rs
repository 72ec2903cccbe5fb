//! Code, markup and logs that stand outside fences, judged line by line and then by their neighbours.

use std::ops::Range;

use super::{
    line::{Kind, Page},
    log,
    shape::{self, Shape},
    syntax::{has_tags, is_import, is_strong, says_something, starts_code},
};

/// Indent from which on Markdown shows code, and people paste it.
const INDENT: u32 = 4;

/// How much a line looks like code or a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Words.
    Prose,
    /// Nothing that tells.
    Neutral,
    /// A sentence behind a mark that code puts before remarks; code beside code, else somebody's words.
    Remark,
    /// A sentence behind a time or level: a log beside a log, else somebody's words.
    Stamped,
    /// Might be code; is, beside code.
    Weak,
    /// Code.
    Strong(Kind),
}

/// Marks code and logs, one run of text at a time.
pub(super) fn mark(page: &mut Page<'_>) {
    let mut looks = Vec::new();
    let mut from = 0;
    while let Some(run) = page.next_run(from) {
        from = run.end;
        looks.clear();
        looks.extend(run.clone().map(|i| look(page.text(i), page.lines[i].indent)));
        if looks.iter().any(|look| !matches!(look, Look::Prose)) {
            mark_run(page, run, &mut looks);
        }
    }
}

fn mark_run(page: &mut Page<'_>, run: Range<usize>, looks: &mut [Look]) {
    if run.clone().all(|i| page.lines[i].indent >= INDENT) && is_code_paragraph(looks) {
        page.mark(run, Kind::Code);
        return;
    }
    settle_stamps(looks);
    promote(looks);
    spread(looks.iter_mut());
    spread(looks.iter_mut().rev());
    for (i, look) in run.zip(looks.iter()) {
        if let Look::Strong(kind) = look {
            page.mark(i..i + 1, *kind);
        }
    }
}

/// Three doubtful lines in a row are code.
fn promote(looks: &mut [Look]) {
    for streak in looks.chunk_by_mut(|a, b| is_doubtful(*a) == is_doubtful(*b)) {
        if is_doubtful(streak[0]) && streak.len() >= 3 {
            streak
                .iter_mut()
                .filter(|look| **look == Look::Weak)
                .for_each(|look| *look = Look::Strong(Kind::Code));
        }
    }
}

fn is_doubtful(look: Look) -> bool {
    matches!(look, Look::Weak | Look::Strong(_))
}

/// A paragraph indented as a whole is code if most of its lines may be.
fn is_code_paragraph(looks: &[Look]) -> bool {
    let doubtful = looks.iter().filter(|look| is_doubtful(**look) || **look == Look::Remark).count();
    let strong = looks.iter().any(|look| matches!(look, Look::Strong(_)));
    doubtful * 2 > looks.len() || doubtful * 2 == looks.len() && strong
}

/// Two stamped lines in a row are a log, whatever they say.
fn settle_stamps(looks: &mut [Look]) {
    for streak in looks.chunk_by_mut(|a, b| a == b) {
        if streak[0] == Look::Stamped && streak.len() >= 2 {
            streak.fill(Look::Strong(Kind::Log));
        }
    }
}

/// Makes doubtful lines what the line before them is.
fn spread<'a>(looks: impl Iterator<Item = &'a mut Look>) {
    let mut before = Look::Prose;
    for look in looks {
        if matches!(look, Look::Weak | Look::Remark | Look::Stamped) && matches!(before, Look::Strong(_)) {
            *look = before;
        }
        before = *look;
    }
}

fn look(text: &str, indent: u32) -> Look {
    // Nearly all lines of prose end here.
    let marks = shape::marks(text);
    let few = marks == 0 || marks * 10 <= text.len() && text.len() >= 32;
    if indent < INDENT && few && !is_suspect(text, marks > 0) {
        return Look::Prose;
    }
    if has_tags(text) && says_something(text) {
        return Look::Prose;
    }
    let item = text.trim_start_matches(['*', '-', '+', ' ']);
    let shape = Shape::of(item);
    if log::is_log(text) {
        return Look::Strong(Kind::Log);
    }
    if log::is_stamped(text) {
        return if shape.is_prose() { Look::Stamped } else { Look::Strong(Kind::Log) };
    }
    if is_remark(text) && shape.is_prose() {
        return Look::Remark;
    }
    if is_strong(text, &shape) {
        return Look::Strong(Kind::Code);
    }
    if is_path(text) {
        return Look::Weak;
    }
    if shape.is_prose() || shape.is_words() && (indent < INDENT || text.ends_with(['.', '!', '?', ','])) {
        Look::Prose
    } else if shape.signs > 0
        || shape.digits * 3 > shape.solid
        || is_keyword(text)
        || indent >= INDENT && !shape.is_words()
    {
        Look::Weak
    } else {
        Look::Neutral
    }
}

/// Lines with hardly a sign that may be code or a log all the same.
fn is_suspect(text: &str, signed: bool) -> bool {
    let bytes = text.as_bytes();
    let (first, last) = (bytes[0], bytes[bytes.len() - 1]);
    matches!(first, b'.' | b'/' | b'"' | b'\'')
        || signed && matches!(first, b'<' | b'{' | b'}' | b'[' | b'(' | b'#' | b'@' | b'*')
        || signed && matches!(last, b'"' | b';' | b'{' | b'}' | b'>' | b')' | b']' | b',' | b'\\')
        || signed && has_equals(bytes)
        || is_keyword(text)
        || starts_code(text)
        || is_import(text)
        || log::is_log(text)
        || log::is_stamped(text)
}

/// An equals sign with a space on either side.
fn has_equals(bytes: &[u8]) -> bool {
    memchr::memchr(b'=', bytes)
        .is_some_and(|at| at > 0 && bytes[at - 1] == b' ' && bytes.get(at + 1) == Some(&b' '))
}

fn is_keyword(text: &str) -> bool {
    text.len() <= 5
        && matches!(
            text,
            "else"
                | "else:"
                | "try:"
                | "begin"
                | "end"
                | "do"
                | "done"
                | "fi"
                | "then"
                | "pass"
                | "break"
                | "..."
        )
}

/// A path or file alone on its line.
fn is_path(text: &str) -> bool {
    text.contains('/') && !text.contains(' ') && !text.contains("://")
}

/// `# like this`, `// like this`: the mark of a remark in many languages (and of headings and issue numbers).
fn is_remark(text: &str) -> bool {
    match text.as_bytes() {
        [b'#', b'#', b'#', ..] => false,
        [b'#', next, ..] => !next.is_ascii_digit(),
        [b'/', b'/' | b'*', ..] => true,
        _ => false,
    }
}
