//! Tables of text and of Markdown.

use std::fmt::Write;

/// A table with a title; the first column holds names, the others figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// Headings of the columns.
    pub header: Vec<String>,
    /// Cells.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new<'h>(title: impl Into<String>, header: impl IntoIterator<Item = &'h str>) -> Self {
        Self {
            title: title.into(),
            header: header.into_iter().map(str::to_owned).collect(),
            rows: Vec::new(),
        }
    }

    /// In columns, for a terminal.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n", self.title);
        let widths = self.widths();
        for row in std::iter::once(&self.header).chain(&self.rows) {
            let cells = row.iter().zip(&widths).enumerate().map(|(i, (cell, &width))| {
                if i == 0 { format!("  {cell:<width$}") } else { format!("  {cell:>width$}") }
            });
            let _ = writeln!(out, "{}", cells.collect::<String>().trim_end());
        }
        out
    }

    /// As a Markdown table under a heading of the given depth.
    pub fn markdown(&self, depth: usize) -> String {
        let mut out = format!("{} {}\n\n", "#".repeat(depth), self.title);
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        out += &line(&self.header);
        let rules: Vec<&str> = (0..self.header.len()).map(|i| if i == 0 { "---" } else { "--:" }).collect();
        out += &format!("| {} |\n", rules.join(" | "));
        out.extend(self.rows.iter().map(|row| line(row)));
        out
    }

    fn widths(&self) -> Vec<usize> {
        let width = |i| {
            let cells = std::iter::once(&self.header).chain(&self.rows).filter_map(|row| row.get(i));
            cells.map(|cell: &String| cell.chars().count()).max().unwrap_or_default()
        };
        (0..self.header.len()).map(width).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let rows = vec![vec!["a|b".into(), "1".into()], vec!["c".into(), "0.25".into()]];
        Table { rows, ..Table::new("Some", ["name", "x"]) }
    }

    #[test]
    fn columns_are_aligned() {
        assert_eq!(table().text(), "Some\n  name     x\n  a|b      1\n  c     0.25\n");
    }

    #[test]
    fn markdown_escapes_bars() {
        let text = "## Some\n\n| name | x |\n| --- | --: |\n| a\\|b | 1 |\n| c | 0.25 |\n";
        assert_eq!(table().markdown(2), text);
    }
}
