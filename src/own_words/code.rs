//! Code, markup and logs that stand outside fences, judged line by line and then by their neighbours.

use std::ops::Range;

use super::{
    line::{Kind, Page},
    log,
    shape::{self, Shape},
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
    settle_stamps(page, run.clone(), looks);
    spread(looks.iter_mut());
    spread(looks.iter_mut().rev());
    for (i, look) in run.zip(looks.iter()) {
        if let Look::Strong(kind) = look {
            page.mark(i..i + 1, *kind);
        }
    }
}

/// A paragraph indented as a whole is code unless most of its lines are prose.
fn is_code_paragraph(looks: &[Look]) -> bool {
    let prose = looks.iter().filter(|look| matches!(look, Look::Prose)).count();
    prose * 2 <= looks.len()
}

/// Lines with a time or level in front are a log where two stand together; one alone is one unless it reads as
/// a sentence.
fn settle_stamps(page: &Page<'_>, run: Range<usize>, looks: &mut [Look]) {
    let mut before = false;
    for n in 0..looks.len() {
        let text = page.text(run.start + n);
        let stamped = log::is_stamped(text);
        if stamped && before {
            looks[n - 1] = Look::Strong(Kind::Log);
        }
        if stamped && (before || looks[n] != Look::Prose) {
            looks[n] = Look::Strong(Kind::Log);
        }
        before = stamped;
    }
}

/// Makes doubtful lines what the line before them is.
fn spread<'a>(looks: impl Iterator<Item = &'a mut Look>) {
    let mut before = Look::Prose;
    for look in looks {
        if *look == Look::Weak && matches!(before, Look::Strong(_)) {
            *look = before;
        }
        before = *look;
    }
}

fn look(text: &str, indent: u32) -> Look {
    if indent < INDENT && !shape::has_signs(text) && !is_suspect(text) {
        return Look::Prose;
    }
    let item = text.trim_start_matches(['*', '-', '+', ' ']);
    let shape = Shape::of(item);
    if log::is_log(text) {
        return Look::Strong(Kind::Log);
    }
    if is_strong(text, &shape) {
        return Look::Strong(Kind::Code);
    }
    if shape.is_prose() || shape.is_words() && (indent < INDENT || text.ends_with(['.', '!', '?', ','])) {
        Look::Prose
    } else if shape.signs > 0 || shape.digits * 3 > shape.solid || indent >= INDENT || is_keyword(text) {
        Look::Weak
    } else {
        Look::Neutral
    }
}

/// Lines without any sign that may be code or a log all the same.
fn is_suspect(text: &str) -> bool {
    matches!(text.as_bytes()[0], b'.' | b'/' | b'"' | b'\'')
        || text.ends_with([':', '"'])
        || is_keyword(text)
        || log::is_log(text)
}

fn is_keyword(text: &str) -> bool {
    matches!(
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

/// Code by its own looks.
pub(super) fn is_strong(text: &str, shape: &Shape) -> bool {
    let bytes = text.as_bytes();
    let last = bytes[bytes.len() - 1];
    let prose = shape.is_prose();
    is_brackets(bytes)
        || is_comment(bytes)
        || shape.is_dense()
        || is_markup(text, shape)
        || is_roff(bytes)
        || last == b'{' && (!prose || bytes.len() < 60)
        || last == b';' && (!prose || text.contains(" = "))
        || !prose && (starts_code(text) || is_assignment(text) || is_call(bytes) || is_json(text))
}

/// Closing brackets, and what may stand between them.
fn is_brackets(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| b"{}()[];,".contains(b))
}

/// `//`, `/*`, `*/`, `#include`, `#!/bin/sh`, `<?php`.
fn is_comment(bytes: &[u8]) -> bool {
    match bytes {
        [b'/', b'/' | b'*', ..]
        | [b'*', b'/', ..]
        | [b'#', b'!', b'/', ..]
        | [b'<', b'?', ..]
        | [b'?', b'>'] => true,
        [b'#', rest @ ..] => {
            ["include", "define", "ifdef", "ifndef", "endif", "pragma", "if ", "else", "undef"]
                .iter()
                .any(|word| rest.starts_with(word.as_bytes()))
        }
        _ => false,
    }
}

/// A whole line of tags: begins and ends with one and has few words between.
fn is_markup(text: &str, shape: &Shape) -> bool {
    let Some(inner) = text.strip_prefix('<') else { return false };
    let tag = inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
    let link = inner.contains("://") && !inner.contains('=') || inner.contains('@');
    tag && !link && shape.plain < 4 && (text.ends_with('>') || !inner.contains('>') && inner.contains('='))
}

/// Requests of troff: `.TP`, `.SH NAME`, `.\" comment`.
fn is_roff(bytes: &[u8]) -> bool {
    matches!(bytes, [b'.', b'\\', b'"', ..])
        || matches!(bytes, [b'.', b'A'..=b'Z', rest @ ..] if rest.iter().take(2).all(|b| b.is_ascii_uppercase() || *b == b' '))
}

/// Begins with a keyword or command.
fn starts_code(text: &str) -> bool {
    const STARTS: &[&str] = &[
        "import ",
        "from ",
        "def ",
        "class ",
        "function ",
        "function(",
        "var ",
        "let ",
        "const ",
        "return ",
        "if (",
        "if(",
        "for (",
        "for(",
        "while (",
        "while(",
        "} else",
        "else if",
        "elif ",
        "except ",
        "raise ",
        "print ",
        "print(",
        "echo ",
        "sudo ",
        "public ",
        "private ",
        "protected ",
        "static ",
        "void ",
        "int ",
        "char ",
        "fn ",
        "pub ",
        "use ",
        "using ",
        "namespace ",
        "package ",
        "struct ",
        "enum ",
        "unsigned ",
        "library(",
        "require(",
        "@Override",
        "switch (",
        "case ",
        "self.",
        "this.",
        "export ",
        "cd ",
        "git ",
        "apt-get ",
        "pip ",
        "npm ",
    ];
    STARTS.iter().any(|start| text.starts_with(start))
        && text.bytes().any(|b| b"(){}[]=;:/_-<>\"".contains(&b))
        && !text.ends_with(['.', '!', '?'])
}

/// `name = value`, `name <- value`, `NAME=value`.
fn is_assignment(text: &str) -> bool {
    let bytes = text.as_bytes();
    let name = bytes.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_.$[]->*'\"".contains(b)).count();
    if name == 0 || bytes[0].is_ascii_digit() {
        return false;
    }
    let rest = &text[name..];
    ["= ", " = ", " <- ", " := ", " += ", " -= ", " == ", " => "].iter().any(|op| rest.starts_with(op))
        || rest.starts_with('=') && rest.len() > 1
}

/// `name(…)` as the whole line.
fn is_call(bytes: &[u8]) -> bool {
    let name = bytes.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_.:$->@".contains(b)).count();
    let number = matches!(&bytes[name.min(bytes.len())..], [b'(', b'0'..=b'9', b')', ..]);
    name > 0
        && bytes.get(name) == Some(&b'(')
        && matches!(bytes[bytes.len() - 1], b')' | b',' | b'(')
        && !number
}

/// `"key": value`
fn is_json(text: &str) -> bool {
    text.starts_with('"') && text.contains("\":")
}
