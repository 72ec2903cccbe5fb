//! Code, markup and logs that stand outside fences, judged line by line and then by their neighbours.

use std::ops::Range;

use super::{
    line::{Kind, Page},
    log,
    prefixes::Prefixes,
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
    if looks.len() >= 2 && looks.iter().all(|look| matches!(look, Look::Weak | Look::Strong(_))) {
        // Doubtful line by line, and not one word of prose among them.
        looks
            .iter_mut()
            .filter(|look| **look == Look::Weak)
            .for_each(|look| *look = Look::Strong(Kind::Code));
    }
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
    let strong = looks.iter().any(|look| matches!(look, Look::Strong(_)));
    prose * 2 < looks.len() || prose * 2 == looks.len() && strong
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
    if indent < INDENT && !shape::is_marked(text) && !is_suspect(text) {
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
    if is_path(text) || text.starts_with('#') && !text.starts_with("##") && indent < INDENT && is_remark(text)
    {
        return Look::Weak;
    }
    if shape.is_prose() || shape.is_words() && (indent < INDENT || text.ends_with(['.', '!', '?', ','])) {
        Look::Prose
    } else if shape.signs > 0 || shape.digits * 3 > shape.solid || indent >= INDENT || is_keyword(text) {
        Look::Weak
    } else {
        Look::Neutral
    }
}

/// Lines with hardly a sign that may be code or a log all the same.
fn is_suspect(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(
        bytes[0],
        b'.' | b'/' | b'"' | b'\'' | b'<' | b'{' | b'}' | b'[' | b'(' | b'#' | b'!' | b'@' | b'*'
    ) || matches!(
        bytes[bytes.len() - 1],
        b':' | b'"' | b';' | b'{' | b'}' | b'>' | b')' | b']' | b',' | b'\\'
    ) || is_keyword(text)
        || text.contains(" = ")
        || starts_code(text)
        || is_import(text)
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

/// A path or file alone on its line.
fn is_path(text: &str) -> bool {
    text.contains('/') && !text.contains(' ') && !text.contains("://")
}

/// `# like this`, a remark in many languages: code beside code, else a heading or an issue's number.
fn is_remark(text: &str) -> bool {
    !text[1..].starts_with(|c: char| c.is_ascii_digit())
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
        || is_import(text)
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

/// A whole line of tags or an image: begins and ends with one and has few words between.
fn is_markup(text: &str, shape: &Shape) -> bool {
    if text.starts_with("![") && text.ends_with(')') {
        return shape.plain < 4;
    }
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

/// `import a.b as c`, `from a import b`, `print "text"`: words, and yet code.
fn is_import(text: &str) -> bool {
    let words = || text.split_ascii_whitespace();
    match words().next() {
        Some("import") => words().count() == 2 || words().nth(2) == Some("as"),
        Some("from") => words().nth(2) == Some("import"),
        Some("print") => text[5..].starts_with([' ']) && text[6..].starts_with(['"', '\'', '(']),
        _ => false,
    }
}

/// Begins with a keyword or command.
fn starts_code(text: &str) -> bool {
    static STARTS: Prefixes = Prefixes::new(&[
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
    ]);
    STARTS.matches(text)
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
    [" = ", " <- ", " := ", " += ", " -= ", " == ", " => "].iter().any(|op| rest.starts_with(op))
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
