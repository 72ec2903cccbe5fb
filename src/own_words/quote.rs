//! Lines that are marked as somebody else's words.

use super::{
    attribution,
    line::{Kind, Page},
};

/// Marks quoted lines of every style that needs no context, and runs of the styles that do.
pub(super) fn mark(page: &mut Page<'_>) {
    let mut run = 0;
    for i in 0..page.len() {
        let text = page.text(i);
        if !page.is_text(i) {
            run = 0;
            continue;
        }
        if is_quote(text) {
            page.lines[i].kind = Kind::Quote;
            run = 0;
            continue;
        }
        run = if is_weak(text) { run + 1 } else { 0 };
        if run >= 2 {
            page.mark(i - 1..i + 1, Kind::Quote);
        }
    }
}

/// `> `, `| `, `&gt;`, `JD> ` and Jira's `bq. `.
fn is_quote(text: &str) -> bool {
    match text.as_bytes() {
        [b'>', ..] => true,
        [b'|'] | [b'|', b' ' | b'|' | b'>' | b'\t', ..] => true,
        [b'&', ..] => text.starts_with("&gt;"),
        [b'b', b'q', b'.', b' ', ..] => true,
        [first, ..] if first.is_ascii_alphanumeric() => has_initials(text.as_bytes()),
        _ => false,
    }
}

/// `JD> text` and `Jane>> text`: a short word right before the mark.
fn has_initials(text: &[u8]) -> bool {
    let word = text.iter().take(11).position(|b| !b.is_ascii_alphanumeric()).unwrap_or(text.len());
    let marks = text[word..].iter().take_while(|&&b| b == b'>').count();
    word <= 10 && marks > 0 && matches!(text.get(word + marks), None | Some(b' ' | b'\t'))
}

/// Marks that are a quote only where two lines in a row have them: `: text`, `» text`, `<nick> text`.
fn is_weak(text: &str) -> bool {
    text.starts_with(": ")
        || text.starts_with("» ")
        || text.starts_with("› ")
        || text.strip_prefix('<').is_some_and(is_nick)
}

/// The rest of `<nick> text`: one word, and something said.
fn is_nick(rest: &str) -> bool {
    let word = rest.bytes().take(24).take_while(|b| b.is_ascii_alphanumeric() || b"_-|`^[]@+".contains(b));
    let len = word.count();
    len > 0 && rest[len..].starts_with("> ")
}

/// True where the first line at or behind `i` that is not blank is a quote or says whose quote follows.
pub(super) fn follows(page: &Page<'_>, i: usize) -> bool {
    // A few blank lines stand between an attribution and its quote, never a page of them.
    let next = (i..page.len().min(i + 4)).find(|&j| page.kind(j) != Kind::Blank);
    next.is_some_and(|j| matches!(page.kind(j), Kind::Quote | Kind::Attribution))
}

/// Keeps a message that is nothing but one "quoted" sentence which nobody is said to have written.
///
/// Such a line hides its text from every reader of quotes while the recipient still reads it. Two lines are left
/// alone: people do answer with a quote and nothing else.
pub(super) fn rescue(page: &mut Page<'_>) {
    let mut others = page.lines.iter_mut().filter(|line| line.kind != Kind::Blank);
    let (Some(line), None) = (others.next(), others.next()) else { return };
    let text = &page.body[line.start..line.end];
    let inner = text.trim_start_matches(['>', ' ', '|']);
    let is_sentence = super::shape::Shape::of(inner).is_prose() && !attribution::is_unmistakable(inner);
    if line.kind == Kind::Quote && is_sentence {
        line.start = line.end - inner.len();
        line.kind = Kind::Text;
    }
}

/// EXPERIMENT
pub(super) fn unquote(page: &mut Page<'_>, most: usize) {
    if page.lines.iter().any(|line| matches!(line.kind, Kind::Attribution | Kind::Forwarded)) {
        return;
    }
    let mut at = 0;
    while at < page.len() {
        if page.kind(at) != Kind::Quote {
            at += 1;
            continue;
        }
        let end = (at..page.len()).find(|&j| page.kind(j) != Kind::Quote).unwrap_or(page.len());
        if end - at <= most {
            for line in &mut page.lines[at..end] {
                let text = &page.body[line.start..line.end];
                let inner = text.trim_start_matches(['>', ' ', '|']);
                if super::shape::Shape::of(inner).is_prose() && !attribution::is_unmistakable(inner) {
                    line.start = line.end - inner.len();
                    line.kind = Kind::Text;
                }
            }
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_known() {
        for quote in ["> a", ">a", "| a", "|", "JD> a", "Jane>> a", "R>", "&gt; a", "bq. a"] {
            assert!(is_quote(quote), "{quote}");
        }
        for own in ["a > b", "a>b", "-> a", "x->y", "|x|", "Longlonglong> a", "&amp; a", "bq", "=> so"] {
            assert!(!is_quote(own), "{own}");
        }
        assert!(is_weak("<jane> hello") && is_weak(": a") && !is_weak("<b>bold</b>"));
    }
}
