//! Text of strangers laid out in lines of a screen: escaped, wrapped, inked. Pure.

use ratatui::text::{Line, Span};
use undue::report;
use unicode_width::UnicodeWidthStr;

/// A line of the screen, cell by cell.
#[derive(Debug, Default)]
struct Row {
    cells: Vec<Cell>,
    width: usize,
}

#[derive(Debug)]
struct Cell {
    /// Byte of the text.
    at: usize,
    shown: String,
    width: usize,
}

/// Lines of a text.
#[derive(Debug)]
pub(super) struct Page(Vec<Row>);

impl Page {
    /// Wraps `text` at `width` columns, behind white space where there is some.
    pub(super) fn new(text: &str, width: usize) -> Self {
        let mut rows = vec![Row::default()];
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, c)| *c);
            match c {
                '\n' => rows.push(Row::default()),
                '\r' if next == Some('\n') => {}
                _ => push(&mut rows, cell(at, c), width.max(8)),
            }
        }
        Self(rows)
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The line that shows byte `at`, or what comes before it.
    pub(super) fn line_of(&self, at: usize) -> usize {
        let starts_behind = |row: &Row| row.cells.first().is_some_and(|cell| cell.at > at);
        let behind = self.0.iter().position(starts_behind).unwrap_or(self.0.len());
        let before = self.0[..behind].iter().rposition(|row| !row.cells.is_empty());
        before.unwrap_or_default()
    }

    /// Some lines, each byte in its style.
    pub(super) fn lines<S: Copy + PartialEq + Into<ratatui::style::Style>>(
        &self,
        first: usize,
        count: usize,
        style: impl Fn(usize) -> S,
    ) -> Vec<Line<'static>> {
        self.0.iter().skip(first).take(count).map(|row| line(row, &style)).collect()
    }
}

fn cell(at: usize, c: char) -> Cell {
    let shown = match c {
        '\t' => "    ".to_owned(),
        c => report::multi_line(c.encode_utf8(&mut [0; 4])),
    };
    // The emoji selector has no width and makes what stands before it wider.
    let width = if c == '\u{fe0f}' { 1 } else { shown.width() };
    Cell { at, width, shown }
}

fn width_of(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| cell.width).sum()
}

fn push(rows: &mut Vec<Row>, cell: Cell, width: usize) {
    let Some(row) = rows.last_mut() else { return };
    if row.width + cell.width > width && !row.cells.is_empty() {
        let gap = row.cells.iter().rposition(|cell| cell.shown.trim().is_empty());
        let mut cut = gap.map_or(row.cells.len(), |gap| gap + 1);
        if width_of(&row.cells[cut..]) + cell.width > width {
            cut = row.cells.len();
        }
        let tail = row.cells.split_off(cut);
        row.width = width_of(&row.cells);
        rows.push(Row { width: width_of(&tail), cells: tail });
    }
    if let Some(row) = rows.last_mut() {
        row.width += cell.width;
        row.cells.push(cell);
    }
}

fn line<S: Copy + PartialEq + Into<ratatui::style::Style>>(
    row: &Row,
    style: impl Fn(usize) -> S,
) -> Line<'static> {
    let runs = row.cells.chunk_by(|a, b| style(a.at) == style(b.at));
    let span = |run: &[Cell]| {
        let text: String = run.iter().map(|cell| cell.shown.as_str()).collect();
        Span::styled(text, run.first().map(|cell| style(cell.at).into()).unwrap_or_default())
    };
    runs.map(span).collect::<Vec<_>>().into()
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    fn lines(text: &str, width: usize) -> Vec<String> {
        let page = Page::new(text, width);
        page.lines(0, page.len(), |_| Style::new()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn text_is_wrapped_and_escaped() {
        assert_eq!(lines("one two three\r\nfour", 9), ["one two ", "three", "four"]);
        assert_eq!(lines("abcdefghijkl", 8), ["abcdefgh", "ijkl"]);
        assert_eq!(lines("a\x1b[2J\u{202e}b\r", 80), ["a\\u{1b}[2J\\u{202e}b\\u{d}"]);
        assert_eq!(lines("你好你好你好", 8), ["你好你好", "你好"]);
        assert_eq!(lines("", 8), [""]);
    }

    #[test]
    fn bytes_are_found_again() {
        let page = Page::new("one two three\n\nfour", 8);
        let found: Vec<_> = [0, 7, 8, 13, 14, 15, 99].iter().map(|at| page.line_of(*at)).collect();
        assert_eq!(found, [0, 0, 1, 1, 1, 3, 3]);
    }

    proptest::proptest! {
        #[test]
        fn lines_fit_and_hide_nothing(text in "[\\PC\\x00-\\x1f\n \u{202e}]{0,200}", width in 8..40usize) {
            let page = Page::new(&text, width);
            let lines = page.lines(0, page.len(), |_| Style::new());
            // One character may be wider than any line: a hidden one is shown by its number.
            proptest::prop_assert!(lines.iter().all(|line| line.width() <= width.max(10)));
            let shown: String = lines.iter().map(ToString::to_string).collect();
            let whole = report::multi_line(&text).replace('\n', "").replace('\t', "    ");
            proptest::prop_assert_eq!(shown, whole);
        }
    }
}
