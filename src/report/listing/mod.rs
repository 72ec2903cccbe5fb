//! Lists of campaigns, authors and threads: one trait for what a row holds, one writer for all formats.

use std::{
    fmt,
    io::{self, Write},
};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::{Style, jsonl::write_json, style::Ink, table::fit, wire::instant};

mod author;
mod campaign;
mod thread;

pub(super) use campaign::WireSignal;

/// Between columns of a table.
const GAP: &str = "  ";

/// What a row of a list looks like in each format.
pub trait Row {
    /// Columns of the table, each with the most it takes of a line.
    const HEADERS: &'static [(&'static str, usize)];
    /// Columns of the CSV.
    const COLUMNS: &'static [&'static str];
    /// What is listed, in the plural.
    const NOUN: &'static str;

    /// By which rows of a table are ordered, the highest first.
    fn rank(&self) -> f64;

    /// Cells of the table, free of control characters.
    fn line(&self) -> Vec<String>;

    /// Lines beneath the row, free of control characters.
    fn details(&self) -> Vec<String> {
        Vec::new()
    }

    /// Cells of the CSV, safe for spreadsheets.
    fn record(&self) -> Vec<String>;

    /// The object of the JSON Lines.
    fn json(&self) -> impl Serialize;
}

/// Formats of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    /// Ranked, for people.
    Table,
    /// One JSON object per row.
    Jsonl,
    /// One row per row, with a header line.
    Csv,
}

/// Writes a list. A table, and any list that is cut to the top, is written at the end; all else row by row.
pub struct Listing<W: Write, T> {
    writer: Writer<W>,
    style: Style,
    top: Option<usize>,
    rows: Vec<(u64, T)>,
    count: u64,
}

enum Writer<W: Write> {
    Table(W),
    Jsonl(W),
    Csv(Box<::csv::Writer<W>>),
}

impl<W: Write, T> fmt::Debug for Listing<W, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing").field("top", &self.top).field("count", &self.count).finish_non_exhaustive()
    }
}

impl<W: Write, T: Row> Listing<W, T> {
    /// A list of all rows, or of the `top` highest, on `out`.
    ///
    /// # Errors
    /// Those of the output.
    pub fn new(out: W, format: ListFormat, top: Option<usize>, style: Style) -> io::Result<Self> {
        let writer = match format {
            ListFormat::Table => Writer::Table(out),
            ListFormat::Jsonl => Writer::Jsonl(out),
            ListFormat::Csv => {
                let mut out = ::csv::Writer::from_writer(out);
                out.write_record(T::COLUMNS)?;
                Writer::Csv(Box::new(out))
            }
        };
        Ok(Self { writer, style, top, rows: Vec::new(), count: 0 })
    }

    /// Rows so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Takes a row.
    ///
    /// # Errors
    /// Those of the output.
    pub fn push(&mut self, row: T) -> io::Result<()> {
        self.count += 1;
        if self.top.is_none() && !matches!(self.writer, Writer::Table(_)) {
            return self.writer.write(&row);
        }
        self.rows.push((self.count, row));
        if let Some(top) = self.top
            && self.rows.len() >= top.saturating_mul(2).max(1024)
        {
            self.cut(top);
        }
        Ok(())
    }

    /// Keeps the highest; equal ones in the order in which they came.
    fn cut(&mut self, top: usize) {
        self.rows.sort_by(|(i, a), (j, b)| b.rank().total_cmp(&a.rank()).then(i.cmp(j)));
        self.rows.truncate(top);
    }

    /// Writes what is still to be written.
    ///
    /// # Errors
    /// Those of the output.
    pub fn finish(mut self) -> io::Result<()> {
        self.cut(self.top.unwrap_or(usize::MAX));
        let rows: Vec<T> = self.rows.drain(..).map(|(_, row)| row).collect();
        match &mut self.writer {
            Writer::Table(out) => {
                write_table(out, &rows, self.style)?;
                if (rows.len() as u64) < self.count {
                    writeln!(
                        out,
                        "the first {} of {} {} are shown (--top)",
                        rows.len(),
                        self.count,
                        T::NOUN
                    )?;
                }
                out.flush()
            }
            writer => {
                rows.iter().try_for_each(|row| writer.write(row))?;
                writer.flush()
            }
        }
    }
}

impl<W: Write> Writer<W> {
    fn write<T: Row>(&mut self, row: &T) -> io::Result<()> {
        match self {
            Self::Table(_) => Ok(()),
            Self::Jsonl(out) => write_json(out, &row.json()),
            Self::Csv(out) => Ok(out.write_record(row.record())?),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Table(out) | Self::Jsonl(out) => out.flush(),
            Self::Csv(out) => out.flush(),
        }
    }
}

fn write_table<T: Row>(out: &mut impl Write, rows: &[T], style: Style) -> io::Result<()> {
    if rows.is_empty() {
        return writeln!(out, "no {}\n", T::NOUN);
    }
    let lines: Vec<Vec<String>> = rows.iter().map(Row::line).collect();
    let widths = widths(T::HEADERS, &lines, style.width);
    let header: Vec<String> = T::HEADERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    writeln!(out, "{}", style.paint(Ink::Bold, &joined(&header, &widths)))?;
    for (row, line) in rows.iter().zip(&lines) {
        let details = row.details();
        let ink = if details.is_empty() { None } else { Some(Ink::Bold) };
        let line = joined(line, &widths);
        writeln!(out, "{}", ink.map_or_else(|| line.clone(), |ink| style.paint(ink, &line)))?;
        for detail in &details {
            writeln!(out, "{detail}")?;
        }
        if !details.is_empty() {
            writeln!(out)?;
        }
    }
    writeln!(out)
}

/// What each column needs, up to its limit; the last one takes what is left of the line.
fn widths(headers: &[(&str, usize)], lines: &[Vec<String>], line: usize) -> Vec<usize> {
    let needed = |column: usize| lines.iter().map(|cells| cells[column].width()).max().unwrap_or_default();
    let mut all: Vec<usize> =
        headers.iter().enumerate().map(|(i, (name, most))| needed(i).min(*most).max(name.width())).collect();
    if let Some((last, rest)) = all.split_last_mut() {
        let used = rest.iter().map(|width| width + GAP.len()).sum::<usize>();
        *last = (*last).min(line.saturating_sub(used).max(12));
    }
    all
}

fn joined(cells: &[String], widths: &[usize]) -> String {
    let fitted: Vec<String> = cells.iter().zip(widths).map(|(cell, &width)| fit(cell, width)).collect();
    fitted.join(GAP).trim_end().to_owned()
}

/// The day, in UTC; empty for an instant that no calendar knows.
pub(super) fn day(at: i64) -> String {
    instant(at).get(..10).unwrap_or_default().to_owned()
}

/// Seconds as days, to a tenth.
pub(super) fn in_days(seconds: i64) -> f64 {
    (seconds as f64 / 8_640.0).round() / 10.0
}

#[cfg(test)]
mod tests;
