//! Counts of a run.

use std::{collections::BTreeMap, fmt, path::Path, sync::Arc};

use crate::{Error, Level, Message, Problem, pipeline::Scored};

/// What was read, and what was wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Messages read.
    pub messages: u64,
    /// Messages that met the conditions of the report.
    pub selected: u64,
    /// Messages by level.
    pub levels: [u64; Level::ALL.len()],
    /// Messages by problem.
    pub problems: BTreeMap<Problem, u64>,
    /// Files (repositories, for git) with messages in them.
    pub files: u64,
    /// Threads.
    pub threads: u64,
    /// Messages that a rule of the settings leaves out.
    pub ignored: u64,
    /// Messages that a dispute leaves out.
    pub disputed: u64,
    /// Messages that an earlier run had seen.
    pub seen: u64,
    /// Messages left out because dates mattered and they have none.
    pub undated: u64,
    /// Inputs that could not be read, or not to their end.
    pub unreadable: u64,
    /// Places in inputs that were passed over.
    pub damaged: u64,
    /// The file of the last message.
    pub(super) file: Option<Arc<Path>>,
}

impl Summary {
    /// Counts a message that was read.
    pub fn count(&mut self, scored: &Scored) {
        self.messages += 1;
        self.levels[usize::from(u8::from(scored.score.level))] += 1;
        for problem in &scored.message.problems {
            *self.problems.entry(*problem).or_default() += 1;
        }
        self.count_file(&scored.message);
    }

    /// Files are read one after the other, so that it is enough to remember the last one.
    fn count_file(&mut self, message: &Message) {
        let path = &message.position.path;
        if self.file.as_ref().is_none_or(|last| file_of(last) != file_of(path)) {
            self.files += 1;
        }
        self.file = Some(path.clone());
    }

    /// Counts a failure of an input.
    pub fn count_error(&mut self, err: &Error) {
        let counter = if err.is_fatal() { &mut self.unreadable } else { &mut self.damaged };
        *counter += 1;
    }
}

/// The repository, where `path` is one with a commit appended; else the file itself.
fn file_of(path: &Path) -> &[u8] {
    let bytes = path.as_os_str().as_encoded_bytes();
    match bytes.iter().rposition(|&byte| byte == b'@') {
        Some(at) if bytes.len() - at > 40 && bytes[at + 1..].iter().all(u8::is_ascii_hexdigit) => {
            &bytes[..at]
        }
        _ => bytes,
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let read = plural(self.messages, "message", "messages");
        let threads = plural(self.threads, "thread", "threads");
        writeln!(f, "{read} read, {threads}, {}", plural(self.files, "file", "files"))?;
        if self.selected < self.messages {
            write!(f, "{} selected", self.selected)?;
            let undated = plural(self.undated, "message has", "messages have");
            let undated = if self.undated > 0 { format!("; {undated} no date") } else { String::new() };
            writeln!(f, "{undated}")?;
        }
        let left_out =
            [(self.seen, "seen before"), (self.ignored, "ignored by a rule"), (self.disputed, "disputed")];
        for (count, why) in left_out.iter().filter(|(count, _)| *count > 0) {
            writeln!(f, "{} {why}", plural(*count, "message", "messages"))?;
        }
        let levels: Vec<_> = self.levels.iter().enumerate().map(|(i, n)| format!("level {i}: {n}")).collect();
        writeln!(f, "{}", levels.join(", "))?;
        if !self.problems.is_empty() {
            let problems: Vec<_> =
                self.problems.iter().map(|(problem, n)| format!("{problem} {n}")).collect();
            writeln!(f, "problems: {}", problems.join(", "))?;
        }
        if self.damaged > 0 {
            writeln!(f, "{} passed over", plural(self.damaged, "damaged place", "damaged places"))?;
        }
        if self.unreadable > 0 {
            let inputs = plural(self.unreadable, "input", "inputs");
            writeln!(f, "{inputs} could not be read, or not to the end: this is not the whole picture")?;
        }
        writeln!(f, "Scores are indicators of where to look, not verdicts about anybody.")
    }
}

fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, report::test_data::scored};

    #[test]
    fn everything_is_counted_and_said() {
        let mut summary = Summary { threads: 1, selected: 2, ..Summary::default() };
        let mut scored = scored();
        let git = format!("r.git@{}", "0a".repeat(20));
        for path in ["a", "a", &git, &git.replace("0a", "0b"), "b@c"] {
            scored.message.position.path = Path::new(path).into();
            summary.count(&scored);
        }
        summary.count_error(&ErrorKind::Damaged("x".into()).into());
        summary.count_error(&ErrorKind::Format("x".into()).into());
        assert_eq!(
            summary.to_string(),
            "5 messages read, 1 thread, 3 files\n\
             2 selected\n\
             level 0: 0, level 1: 0, level 2: 0, level 3: 5\n\
             problems: html-only 5\n\
             1 damaged place passed over\n\
             1 input could not be read, or not to the end: this is not the whole picture\n\
             Scores are indicators of where to look, not verdicts about anybody.\n"
        );
    }
}
