//! A body as lines, each with the kind that the passes over it gave it.

use std::ops::Range;

/// What a line is. Only [`Kind::Text`] is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing but white space.
    Blank,
    /// The author's own words, until a pass says otherwise.
    Text,
    /// Marked as somebody else's words: `> …`, `| …`.
    Quote,
    /// Says whose words follow: "On … Jane wrote:".
    Attribution,
    /// Part of a copied or forwarded message: its header block and its unmarked text.
    Forwarded,
    /// Part of a signature.
    Signature,
    /// Inside a fence, comment, tag or macro, or part of an armoured block.
    Block,
    /// Part of a patch, or a trailer of a commit message.
    Patch,
    /// Log, compiler output, stack trace, shell session.
    Log,
    /// Source code or markup.
    Code,
    /// Added by list software, a mail service or a legal department.
    Footer,
    /// Text of an issue form.
    Template,
    /// A line drawn of dashes and the like.
    Rule,
}

/// One line: its text without indent, trailing white space and line break.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Byte offset where the text begins.
    pub(super) start: usize,
    /// Byte offset where it ends.
    pub(super) end: usize,
    /// Width of the indent in columns.
    pub(super) indent: u32,
    /// What the line is.
    pub(super) kind: Kind,
}

/// A body and its lines.
pub(super) struct Page<'a> {
    /// The body.
    pub(super) body: &'a str,
    /// Its lines, blank ones included.
    pub(super) lines: Vec<Line>,
    /// Ranges inside lines that are not the author's (a comment in the middle of a line), in order.
    pub(super) holes: Vec<Range<usize>>,
}

impl<'a> Page<'a> {
    /// Cuts `body` into lines; every line that is not blank is [`Kind::Text`].
    pub(super) fn new(body: &'a str) -> Self {
        let mut lines = Vec::with_capacity(body.len() / 32 + 4);
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', body.as_bytes()) {
            lines.push(Line::new(body, start, end));
            start = end + 1;
        }
        if start < body.len() {
            lines.push(Line::new(body, start, body.len()));
        }
        Self { body, lines, holes: Vec::new() }
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The text of line `i` without indent and trailing white space.
    pub(super) fn text(&self, i: usize) -> &'a str {
        let line = &self.lines[i];
        &self.body[line.start..line.end]
    }

    /// The kind of line `i`; behind the last line all is blank.
    pub(super) fn kind(&self, i: usize) -> Kind {
        self.lines.get(i).map_or(Kind::Blank, |line| line.kind)
    }

    /// True while no pass has claimed line `i`.
    pub(super) fn is_text(&self, i: usize) -> bool {
        self.kind(i) == Kind::Text
    }

    /// Gives all lines of `range` that are not blank a kind.
    pub(super) fn mark(&mut self, range: Range<usize>, kind: Kind) {
        for line in &mut self.lines[range] {
            if line.kind != Kind::Blank {
                line.kind = kind;
            }
        }
    }

    /// The first line at or behind `i` that is not blank, or the number of lines.
    pub(super) fn skip_blank(&self, i: usize) -> usize {
        (i..self.len()).find(|&j| self.kind(j) != Kind::Blank).unwrap_or(self.len())
    }

    /// The end of the run of lines from `i` on that are not blank, looking at no more than `most` of them.
    pub(super) fn paragraph_end(&self, i: usize, most: usize) -> usize {
        let end = self.len().min(i.saturating_add(most));
        (i..end).find(|&j| self.kind(j) == Kind::Blank).unwrap_or(end)
    }

    /// The next run of [`Kind::Text`] lines at or behind `from`.
    pub(super) fn next_run(&self, from: usize) -> Option<Range<usize>> {
        let start = (from..self.len()).find(|&j| self.is_text(j))?;
        let end = (start..self.len()).find(|&j| !self.is_text(j)).unwrap_or(self.len());
        Some(start..end)
    }

    /// The line that holds byte `offset`.
    pub(super) fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.start <= offset).saturating_sub(1)
    }
}

impl Line {
    #[inline]
    fn new(body: &str, start: usize, end: usize) -> Self {
        let raw = &body[start..end];
        let is_plain = |b: Option<&u8>| b.is_some_and(u8::is_ascii_graphic);
        let text = if is_plain(raw.as_bytes().first()) { raw } else { raw.trim_start() };
        let start = end - text.len();
        let indent = indent(&raw[..raw.len() - text.len()]);
        let text = if is_plain(text.as_bytes().last()) { text } else { text.trim_end() };
        let end = start + text.len();
        let kind = if start == end { Kind::Blank } else { Kind::Text };
        Self { start, end, indent, kind }
    }
}

/// Columns of a run of white space, tabs counted to the next multiple of eight.
fn indent(space: &str) -> u32 {
    space.chars().fold(0, |column: u32, c| match c {
        '\t' => (column / 8).saturating_add(1).saturating_mul(8),
        _ => column.saturating_add(1),
    })
}

/// True where `text` begins with `prefix` in any case of ASCII letters.
pub(super) fn starts_with_ignore_case(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_indent_and_text() {
        let page = Page::new("a b \r\n\tcode\n  \n\u{a0}x");
        let lines: Vec<_> = (0..page.len()).map(|i| (page.text(i), page.lines[i].indent)).collect();
        assert_eq!(lines, [("a b", 0), ("code", 8), ("", 2), ("x", 1)]);
        assert_eq!(page.kind(2), Kind::Blank);
        assert_eq!(page.kind(9), Kind::Blank);
        assert_eq!(page.line_at(8), 1);
    }

    #[test]
    fn runs_end_at_any_other_kind() {
        let mut page = Page::new("a\nb\n\nc\nd");
        page.mark(4..5, Kind::Quote);
        assert_eq!(page.next_run(0), Some(0..2));
        assert_eq!(page.next_run(2), Some(3..4));
        assert_eq!(page.next_run(4), None);
        assert_eq!(page.paragraph_end(3, 9), 5);
        assert_eq!(page.skip_blank(2), 3);
    }
}
