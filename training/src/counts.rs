//! How many messages of each level and label there are, and tables of that.

use undue::{Label, Level};

/// Counts of one file or theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All messages.
    pub messages: usize,
    /// Messages of each level, weakest first.
    pub levels: [usize; Level::ALL.len()],
    /// Messages with each label, in the order of the codebook.
    pub labels: [usize; Label::COUNT],
}

impl Counts {
    /// Counts one message.
    pub fn add(&mut self, level: Level, labels: &[Label]) {
        self.messages += 1;
        self.levels[usize::from(u8::from(level))] += 1;
        for label in labels {
            self.labels[label.index()] += 1;
        }
    }

    /// Counts all that `other` counted.
    pub fn merge(&mut self, other: &Self) {
        self.messages += other.messages;
        self.levels.iter_mut().zip(other.levels).for_each(|(sum, count)| *sum += count);
        self.labels.iter_mut().zip(other.labels).for_each(|(sum, count)| *sum += count);
    }

    fn cells(&self) -> impl Iterator<Item = usize> {
        [self.messages].into_iter().chain(self.levels).chain(self.labels)
    }
}

/// A Markdown table of named counts under a header that begins with `first`.
pub fn markdown<'r>(first: &str, rows: impl IntoIterator<Item = (&'r str, Counts)>) -> String {
    let levels = Level::ALL.map(|level| format!("level {level}"));
    let labels = Label::ALL.map(|label| label.name().to_owned());
    let header = [first.to_owned(), "messages".to_owned()].into_iter().chain(levels).chain(labels);
    let header: Vec<String> = header.collect();
    let mut table = format!("| {} |\n|{}\n", header.join(" | "), rule(header.len()));
    for (name, counts) in rows {
        let cells: Vec<String> = counts.cells().map(grouped).collect();
        table.push_str(&format!("| {name} | {} |\n", cells.join(" | ")));
    }
    table
}

/// The line under a header: the first column is text, the others are numbers.
fn rule(columns: usize) -> String {
    format!(" --- |{}", " ---: |".repeat(columns - 1))
}

/// A number with commas between groups of three digits.
pub fn grouped(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let first = digits.len() % 3;
    let groups = digits.as_bytes()[first..].chunks(3).map(String::from_utf8_lossy);
    let head = (first > 0).then(|| digits[..first].into());
    head.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        let shown = [0u64, 7, 999, 1000, 12_345, 123_456, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "7", "999", "1,000", "12,345", "123,456", "1,234,567"]);
    }

    #[test]
    fn a_table_has_a_row_for_each_name() {
        let mut counts = Counts::default();
        counts.add(Level::Pressure, &[Label::Guilt, Label::Urgency]);
        counts.add(Level::Ordinary, &[]);
        let mut twice = counts;
        twice.merge(&counts);
        let table = markdown("file", [("one", counts), ("two", twice)]);
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[0].starts_with("| file | messages | level 0 | level 1 |"), "{table}");
        assert_eq!(lines[1].matches("---:").count(), 13);
        assert_eq!(lines[2], "| one | 2 | 1 | 0 | 1 | 0 | 0 | 0 | 0 | 1 | 0 | 1 | 0 | 0 |");
        assert_eq!(lines[3], "| two | 4 | 2 | 0 | 2 | 0 | 0 | 0 | 0 | 2 | 0 | 2 | 0 | 0 |");
    }
}
