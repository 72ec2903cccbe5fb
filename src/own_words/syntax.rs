//! What code and markup look like on a line of their own.

use super::{prefixes::Prefixes, shape::Shape};

/// Code by its own looks.
pub(super) fn is_strong(text: &str, shape: &Shape) -> bool {
    let bytes = text.as_bytes();
    let last = bytes[bytes.len() - 1];
    let prose = shape.is_prose();
    // Whole paragraphs on one line, tags or a snippet among them: too many words to lose.
    if shape.plain >= 12 && shape.plain * 3 >= shape.words || has_tags(text) && says_something(text) {
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

/// A line that begins with a tag, or ends with one and says more before it.
pub(super) fn has_tags(text: &str) -> bool {
    text.starts_with('<') || text.ends_with('>') && (text.contains("</") || text.contains("<br"))
}

/// Words between the tags of a line: one is enough between tags that only set type, two between others.
pub(super) fn says_something(text: &str) -> bool {
    const TYPE: &[&str] = &[
        "b", "i", "u", "p", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "big", "font", "center",
        "mark", "li", "div", "span", "br", "kbd", "sup", "sub", "small", "html", "body", "td", "blink",
    ];
    let mut pieces = text.split('<');
    let before = Shape::of(pieces.next().unwrap_or_default()).plain;
    let name =
        pieces.clone().next().and_then(|piece| piece.split(|c: char| !c.is_ascii_alphanumeric()).next());
    let enough = if name.is_some_and(|name| TYPE.contains(&name)) { 1 } else { 2 };
    let between = |piece: &str| piece.split_once('>').map_or(0, |(_, said)| Shape::of(said).plain);
    before + pieces.map(between).sum::<usize>() >= enough
}

/// Requests of troff: `.TP`, `.SH NAME`, `.\" comment`.
fn is_roff(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b".") else { return false };
    let name = rest.iter().take_while(|b| b.is_ascii_uppercase()).count();
    rest.starts_with(b"\\\"") || (1..=3).contains(&name) && matches!(rest.get(name), None | Some(b' '))
}

/// `import a.b as c`, `from a import b`, `print "text"`, `sudo make install`: words, and yet code.
pub(super) fn is_import(text: &str) -> bool {
    if !matches!(text.as_bytes()[0], b'i' | b'f' | b'p' | b's') {
        return false;
    }
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
pub(super) fn starts_code(text: &str) -> bool {
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
