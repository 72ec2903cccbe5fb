//! Lines that are marked as somebody else's words.

use std::ops::Range;

use super::{
    attribution,
    line::{Kind, Page},
    shape::Shape,
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

/// Longest message of nothing but quotes that is kept, and longest quote that is kept in a message that answers none.
const MAX_RESCUED: usize = 6;

/// Keeps a message that is nothing but a few "quoted" sentences which nobody is said to have written.
///
/// Such lines hide their text from every reader of quotes while the recipient still reads them. (Answers of a quote and
/// nothing else are rarer than one in 5,000 messages, and name its author nearly always.)
pub(super) fn rescue(page: &mut Page<'_>) {
    let lines = page.lines.iter().filter(|line| line.kind != Kind::Blank);
    let is_short = lines.clone().take(MAX_RESCUED + 1).count() <= MAX_RESCUED;
    if is_short && lines.clone().all(|line| line.kind == Kind::Quote) {
        keep(page, 0..page.len());
    }
}

/// Keeps short quotes where nobody is said to have written them: in a message that is known to answer none.
pub(super) fn rescue_of_opener(page: &mut Page<'_>) {
    if page.lines.iter().any(|line| matches!(line.kind, Kind::Attribution | Kind::Forwarded)) {
        return;
    }
    let mut at = 0;
    while let Some(start) = (at..page.len()).find(|&i| page.kind(i) == Kind::Quote) {
        let end = (start..page.len()).find(|&i| page.kind(i) != Kind::Quote).unwrap_or(page.len());
        if end - start <= MAX_RESCUED && !is_led_in(page, start) {
            keep(page, start..end);
        }
        at = end;
    }
}

/// True where the line before a quote says that something follows.
fn is_led_in(page: &Page<'_>, quote: usize) -> bool {
    let before = (quote.saturating_sub(4)..quote).rev().find(|&i| page.kind(i) != Kind::Blank);
    before.is_some_and(|i| page.text(i).ends_with([':', '\u{FF1A}']))
}

/// Makes text of the quoted lines of `range` if all are sentences behind one mark, and none says who wrote them.
fn keep(page: &mut Page<'_>, range: Range<usize>) {
    let quoted = |i: &usize| page.kind(*i) == Kind::Quote;
    let inner: Option<Vec<usize>> = range.clone().filter(quoted).map(|i| inner(page.text(i))).collect();
    let Some(inner) = inner else { return };
    for (line, len) in page.lines[range].iter_mut().filter(|line| line.kind == Kind::Quote).zip(inner) {
        line.start = line.end - len;
        line.kind = if len == 0 { Kind::Blank } else { Kind::Text };
    }
}

/// The length of what stands behind the mark of a quoted line, if it is a sentence or nothing.
fn inner(text: &str) -> Option<usize> {
    let inner = text.strip_prefix(['>', '|'])?.trim_start();
    let is_nested = inner.starts_with(['>', '|']);
    let is_sentence = Shape::of(inner).is_prose() && !attribution::is_unmistakable(inner);
    (inner.is_empty() || is_sentence && !is_nested).then_some(inner.len())
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
