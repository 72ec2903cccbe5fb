//! A ranked table for people: one message a line, the strongest first, then the summary.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{
    Sink, Style, Summary, one_line,
    rank::{Top, decisive},
    style::Ink,
};
use crate::{Evidence, Level, Message, Score, context::Insight, pipeline::Scored};

/// Longer cells are cut when the row is made: no column is ever wider.
const MAX_CELL: usize = 400;
const MIN_WIDTH: usize = 60;
const GAP: &str = "  ";
const COLUMNS: usize = 7;
const HEADERS: [&str; COLUMNS] = ["LEVEL", "SCORE", "LABELS", "DATE", "AUTHOR", "SUBJECT", "EVIDENCE"];

/// Writes the table.
#[derive(Debug)]
pub struct Table<W> {
    out: W,
    style: Style,
    rows: Top<Row>,
}

#[derive(Debug)]
struct Row {
    level: Level,
    cells: [String; COLUMNS],
    /// The id, if it can be pasted into a shell as it is.
    plain_id: Option<String>,
}

impl<W: Write> Table<W> {
    /// Writes the `top` strongest messages, or all of them, to `out`.
    pub fn new(out: W, top: Option<usize>, style: Style) -> Self {
        Self { out, style, rows: Top::new(top) }
    }

    fn write_rows(&mut self, rows: &[Row]) -> io::Result<()> {
        let widths = widths(rows, self.style.width.max(MIN_WIDTH));
        let header = line(&HEADERS.map(str::to_owned), &widths);
        writeln!(self.out, "{}", self.style.paint(Ink::Bold, &header))?;
        for row in rows {
            let text = line(&row.cells, &widths);
            let painted = match row.level {
                Level::TakeoverPressure => self.style.paint(Ink::Alarm, &text),
                Level::Pressure => self.style.paint(Ink::Warning, &text),
                Level::Request => text,
                Level::Ordinary => self.style.paint(Ink::Dim, &text),
            };
            writeln!(self.out, "{painted}")?;
        }
        writeln!(self.out)
    }
}

impl<W: Write> Sink for Table<W> {
    fn message(&mut self, scored: &Scored) -> io::Result<()> {
        self.rows.push(&scored.score, || Row::new(scored));
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let rows = self.rows.take_ranked();
        if !rows.is_empty() {
            self.write_rows(&rows)?;
        }
        let shown = rows.len() as u64;
        if shown < summary.selected {
            writeln!(self.out, "the {shown} strongest of {} are shown (--top)", summary.selected)?;
        }
        write!(self.out, "{summary}")?;
        if let Some(id) = rows.first().and_then(|row| row.plain_id.as_ref()) {
            writeln!(self.out, "Why the first one? undue explain PATH --id {id}")?;
        }
        self.out.flush()
    }
}

impl Row {
    fn new(scored: &Scored) -> Self {
        Self { level: scored.score.level, cells: cells_of(scored), plain_id: plain_id(&scored.message.id) }
    }
}

/// The cells of a message, free of control characters.
#[cfg(feature = "watch")]
pub(super) fn cells(scored: &Scored) -> Vec<String> {
    cells_of(scored).into()
}

fn cells_of(Scored { message, score, insight }: &Scored) -> [String; COLUMNS] {
    let labels: Vec<_> = score.labels.iter().map(|label| label.name()).collect();
    let date = message.date.map(|date| date.to_string()).unwrap_or_default();
    [
        score.level.to_string(),
        format!("{:.2}", score.probability(decisive(score))),
        labels.join(","),
        date.get(..10).unwrap_or(&date).to_owned(),
        cell(author(message)) + standing(insight.as_deref()),
        cell(&message.subject),
        cell(evidence(message, score)),
    ]
}

fn author(message: &Message) -> &str {
    let author = &message.author;
    if author.name.trim().is_empty() { &author.address } else { &author.name }
}

/// What the context knows of the author, behind their name.
fn standing(insight: Option<&Insight>) -> &'static str {
    match insight.and_then(|insight| insight.author.as_ref()) {
        Some(author) if author.controls => " (control)",
        Some(author) if author.is_newcomer() => " (new)",
        _ => "",
    }
}

/// The words that carry the first label, else the strongest of all.
fn evidence<'m>(message: &'m Message, score: &Score) -> &'m str {
    score.evidence.first().map(|evidence: &Evidence| evidence.text(message)).unwrap_or_default()
}

pub(super) fn cell(text: &str) -> String {
    let start: String = text.chars().take(MAX_CELL).collect();
    one_line(&start)
}

fn plain_id(id: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@._+=%/:,#-".contains(c);
    (id.chars().all(plain) && !id.starts_with(['-', '#']) && id.len() < 200).then(|| id.to_owned())
}

/// Widths that fit the line. Level, score and date are fixed; labels and authors get what they need up to a part of
/// the line; subject and evidence share the rest.
fn widths(rows: &[Row], line: usize) -> [usize; COLUMNS] {
    let needed = |column: usize| {
        let cells = rows.iter().map(|row| row.cells[column].width());
        cells.chain([HEADERS[column].width()]).max().unwrap_or_default()
    };
    let labels = needed(2).min(line / 5);
    let author = needed(4).min(line / 7);
    let fixed = 5 + 5 + labels + 10 + author + GAP.len() * (COLUMNS - 1);
    let rest = line.saturating_sub(fixed).max(HEADERS[5].len() + HEADERS[6].len());
    let subject = needed(5).min((rest * 2 / 5).max(rest.saturating_sub(needed(6)))).max(HEADERS[5].len());
    [5, 5, labels, 10, author, subject, rest - subject]
}

fn line(cells: &[String; COLUMNS], widths: &[usize; COLUMNS]) -> String {
    let fitted: Vec<String> = cells.iter().zip(widths).map(|(cell, &width)| fit(cell, width)).collect();
    fitted.join(GAP).trim_end().to_owned()
}

/// `text` cut or padded to `width` columns.
pub(super) fn fit(text: &str, width: usize) -> String {
    let columns = text.width();
    if columns <= width {
        return format!("{text}{}", " ".repeat(width - columns));
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let next = c.width().unwrap_or_default();
        if used + next + 1 > width {
            break;
        }
        used += next;
        out.push(c);
    }
    format!("{out}\u{2026}{}", " ".repeat(width.saturating_sub(used + 1)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::report::test_data::{score, scored};

    fn table(all: &[Scored], top: Option<usize>, style: Style) -> String {
        let mut out = Vec::new();
        let mut sink = Table::new(&mut out, top, style);
        let mut summary = Summary { selected: all.len() as u64, ..Summary::default() };
        for scored in all {
            summary.count(scored);
            sink.message(scored).unwrap();
        }
        sink.finish(&summary).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_message_a_line_then_the_summary() {
        let weak = Scored { score: score(0, 0.01, 0.0), ..scored() };
        let text = table(&[weak.clone(), scored(), weak], Some(2), Style::default());
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[0].starts_with("LEVEL  SCORE  LABELS"), "{text}");
        assert!(
            lines[1].starts_with("3      0.75   takeover,guilt  1970-01-01  Ada Löv  Re: Release"),
            "{text}"
        );
        assert!(lines[1].ends_with("Hand over the keys."), "{text}");
        assert!(lines[2].starts_with("0      0.01"), "{text}");
        assert_eq!(lines[4], "the 2 strongest of 3 are shown (--top)");
        assert_eq!(lines[5], "3 messages read, 0 threads, 1 file");
        assert!(text.ends_with("undue explain PATH --id 2@tarn.example\n"), "{text}");
    }

    #[test]
    fn lines_fit_any_width() {
        let mut scored = scored();
        scored.message.subject = "漢字かな".repeat(40);
        scored.message.author.name = "a very long name of an author ".repeat(9);
        scored.message.body = "Hand over the keys. ".repeat(60);
        scored.score.evidence[0].range = 0..1100;
        for width in [0, 60, 80, 120, 200] {
            let text = table(&[scored.clone()], None, Style { width, color: false });
            let widest = text.lines().take(2).map(UnicodeWidthStr::width).max().unwrap();
            assert!(widest <= width.max(MIN_WIDTH + 12), "{width}: {widest}\n{text}");
        }
    }

    #[test]
    fn hostile_text_cannot_reach_the_terminal() {
        let mut scored = scored();
        scored.message.subject = "a\x1b[2J\nb\u{202e}c".into();
        scored.message.author.name = "\x07\u{9b}31m".into();
        scored.message.id = "$(reboot)".into();
        let text = table(&[scored], None, Style::default());
        assert!(text.contains("a\\u{1b}[2J b\\u{202e}c"), "{text}");
        assert!(!text.contains(['\x1b', '\x07', '\u{9b}', '\u{202e}']), "{text}");
        assert!(!text.contains("reboot"), "{text}");
    }

    #[test]
    fn colors_only_where_wanted() {
        let style = Style { width: 120, color: true };
        assert!(table(&[scored()], None, style).contains("\x1b[1;31m3  "));
        assert!(!table(&[scored()], None, Style::default()).contains('\x1b'));
    }

    #[test]
    fn cells_are_cut_by_columns() {
        assert_eq!(fit("abc", 5), "abc  ");
        assert_eq!(fit("abcdef", 5), "abcd…");
        assert_eq!(fit("漢字漢字", 6), "漢字… ");
        assert_eq!(fit("e\u{301}e\u{301}", 2), "e\u{301}e\u{301}");
    }
}
