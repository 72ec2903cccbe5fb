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
    if indent < INDENT && !shape::is_marked(text) && !is_suspect(text) {
        return Look::Prose;
    }
    if text.as_bytes()[0] == b'<' && says_something(text) {
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
    } else if shape.signs > 0 || shape.digits * 3 > shape.solid || is_keyword(text) {
        Look::Weak
    } else if indent >= INDENT && !shape.is_words() {
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
        || log::is_stamped(text)
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

/// `# like this`, `// like this`: the mark of a remark in many languages (and of headings and issue numbers).
fn is_remark(text: &str) -> bool {
    match text.as_bytes() {
        [b'#', b'#', b'#', ..] => false,
        [b'#', next, ..] => !next.is_ascii_digit(),
        [b'/', b'/' | b'*', ..] => true,
        _ => false,
    }
}

/// Code by its own looks.
pub(super) fn is_strong(text: &str, shape: &Shape) -> bool {
    let bytes = text.as_bytes();
    let last = bytes[bytes.len() - 1];
    let prose = shape.is_prose();
    // Whole paragraphs on one line, tags or a snippet among them: too many words to lose.
    if shape.plain >= 12 && shape.plain * 3 >= shape.words || bytes[0] == b'<' && says_something(text) {
        return false;
    }
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
    // A semicolon in front winks.
    bytes[0] != b';' && bytes.iter().all(|b| b"{}()[];,".contains(b))
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

/// A whole line of tags or an image.
fn is_markup(text: &str, shape: &Shape) -> bool {
    if text.starts_with("![") && text.ends_with(')') {
        return shape.plain < 4;
    }
    let Some(inner) = text.strip_prefix('<') else { return false };
    let tag = inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
    let link = inner.contains("://") && !inner.contains('=') || inner.contains('@');
    tag && !link && (text.ends_with('>') || !inner.contains('>') && inner.contains('='))
}

/// Words between the tags of a line: one is enough between tags that only set type, two between others.
fn says_something(text: &str) -> bool {
    const TYPE: &[&str] = &[
        "b", "i", "u", "p", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "big", "font", "center",
        "mark", "li", "div", "span", "br", "kbd", "sup", "sub", "small", "html", "body", "td", "blink",
    ];
    let name = text[1..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let enough = if TYPE.contains(&name) { 1 } else { 2 };
    let between = |piece: &str| piece.split_once('>').map_or(0, |(_, said)| Shape::of(said).plain);
    text.split('<').map(between).sum::<usize>() >= enough
}

/// Requests of troff: `.TP`, `.SH NAME`, `.\" comment`.
fn is_roff(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b".") else { return false };
    let name = rest.iter().take_while(|b| b.is_ascii_uppercase()).count();
    rest.starts_with(b"\\\"") || (1..=3).contains(&name) && matches!(rest.get(name), None | Some(b' '))
}

/// `import a.b as c`, `from a import b`, `print "text"`, `sudo make install`: words, and yet code.
fn is_import(text: &str) -> bool {
    let words = || text.split_ascii_whitespace();
    match words().next() {
        Some("import") => words().count() == 2 || words().nth(2) == Some("as"),
        Some("sudo") => words().count() <= 8 && !text.ends_with(['.', '!', '?']),
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
