//! Workflow commands of GitHub Actions (annotations), and a job summary.
//!
//! What a workflow prints is public where the repository is. So nobody is named and nothing is quoted: a message is
//! its address and what the model says of it. No text of strangers begins a line, where it could be a command.

use std::io::{self, Write};

use super::{
    Sink, Summary, one_line,
    rank::{Top, decisive},
};
use crate::{Level, model::Model, model::Output, pipeline::Scored};

/// Annotations of one type that GitHub shows of one step.
pub const MAX_ANNOTATIONS: usize = 10;
/// Rows of a summary. GitHub takes a MiB; nobody reads more than this.
const MAX_ROWS: usize = 50;
/// Characters of an id.
const MAX_ID: usize = 200;

const NOT: &str = "Scores are indicators of where to look, not verdicts about anybody.";

/// Writes annotations: `warning` for level 3, `notice` for all else, the strongest ten of each.
#[derive(Debug)]
pub struct GithubAnnotations<W> {
    out: W,
    thresholds: [f64; 2],
    warnings: Top<String>,
    notices: Top<String>,
    /// Warnings and notices, with those that are not shown.
    counts: [u64; 2],
}

impl<W: Write> GithubAnnotations<W> {
    /// To be written to `out` at the end; at most `top` of each type. `model` must be the one that scores.
    pub fn new(out: W, model: &Model, top: Option<usize>) -> Self {
        let limit = Some(top.unwrap_or(MAX_ANNOTATIONS).min(MAX_ANNOTATIONS));
        let (warnings, notices) = (Top::new(limit), Top::new(limit));
        Self { out, thresholds: thresholds(model), warnings, notices, counts: [0, 0] }
    }
}

impl<W: Write> Sink for GithubAnnotations<W> {
    fn message(&mut self, scored: &Scored) -> io::Result<()> {
        let (command, top, count) = match scored.score.level {
            Level::TakeoverPressure => ("warning", &mut self.warnings, &mut self.counts[0]),
            _ => ("notice", &mut self.notices, &mut self.counts[1]),
        };
        *count += 1;
        let thresholds = self.thresholds;
        top.push(&scored.score, || {
            let title = format!("undue: level {}", scored.score.level);
            let text = format!("{}: {}. {NOT}", shown_id(scored), told(scored, thresholds));
            format!("::{command} title={}::{}", property(&title), data(&text))
        });
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        let tops = [("warnings", &mut self.warnings), ("notices", &mut self.notices)];
        for ((name, top), count) in tops.into_iter().zip(self.counts) {
            let lines = top.take_ranked();
            let left = count - lines.len() as u64;
            lines.iter().try_for_each(|line| writeln!(self.out, "{line}"))?;
            if left > 0 {
                writeln!(self.out, "undue: {left} more {name} are not annotated")?;
            }
        }
        self.out.flush()
    }
}

/// Writes Markdown for `$GITHUB_STEP_SUMMARY`.
#[derive(Debug)]
pub struct GithubSummary<W> {
    out: W,
    thresholds: [f64; 2],
    rates: [f64; 2],
    rows: Top<String>,
    count: u64,
}

impl<W: Write> GithubSummary<W> {
    /// To be written to `out` at the end, with the `top` strongest messages. `model` must be the one that scores.
    pub fn new(out: W, model: &Model, top: Option<usize>) -> Self {
        let rates = [Output::PRESSURE, Output::TAKEOVER_PRESSURE].map(|it| model.facts(it).false_alarm_rate);
        let rows = Top::new(Some(top.unwrap_or(MAX_ROWS)));
        Self { out, thresholds: thresholds(model), rates, rows, count: 0 }
    }
}

impl<W: Write> Sink for GithubSummary<W> {
    fn message(&mut self, scored: &Scored) -> io::Result<()> {
        self.count += 1;
        self.rows.push(&scored.score, || {
            let labels: Vec<_> = scored.score.labels.iter().map(|label| label.name()).collect();
            let p = scored.score.probability(decisive(&scored.score));
            let date = scored.message.date.map(|date| date.to_string()).unwrap_or_default();
            let (level, day) = (scored.score.level, date.get(..10).unwrap_or("–"));
            format!("| {level} | {p:.3} | {} | {day} | {} |", labels.join(", "), code(&shown_id(scored)))
        });
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let Self { out, thresholds, rates, rows, count } = self;
        let rows = rows.take_ranked();
        writeln!(out, "### undue: {count} of {} messages to look at\n", summary.messages)?;
        if !rows.is_empty() {
            writeln!(out, "| level | probability | labels | date | message |\n|---|---|---|---|---|")?;
            rows.iter().try_for_each(|row| writeln!(out, "{row}"))?;
            writeln!(out)?;
        }
        let left = *count - rows.len() as u64;
        if left > 0 {
            writeln!(out, "{left} more are not shown.\n")?;
        }
        if summary.unreadable > 0 {
            writeln!(out, "Not everything could be read: this is not the whole picture.\n")?;
        }
        let measured = |rate: f64| match rate.is_nan() {
            true => "how many ordinary messages reach it was not measured".to_owned(),
            false => format!("reached by {:.2} % of ordinary messages", rate * 100.0),
        };
        let [two, three] = rates.map(measured);
        let [from_two, from_three] = thresholds;
        writeln!(
            out,
            "Level 2 begins at a probability of {from_two:.3} ({two}), level 3 at {from_three:.3} ({three}). {NOT}"
        )?;
        out.flush()
    }
}

/// Those of levels 2 and 3.
fn thresholds(model: &Model) -> [f64; 2] {
    [Output::PRESSURE, Output::TAKEOVER_PRESSURE].map(|output| model.facts(output).threshold)
}

fn told(scored: &Scored, thresholds: [f64; 2]) -> String {
    let score = &scored.score;
    let labels: Vec<_> = score.labels.iter().map(|label| label.name()).collect();
    let labels = if labels.is_empty() { String::new() } else { format!(" ({})", labels.join(", ")) };
    let threshold = thresholds[usize::from(score.level == Level::TakeoverPressure)];
    let p = score.probability(decisive(score));
    format!("level {}{labels}, probability {p:.3} at a threshold of {threshold:.3}", score.level)
}

/// The id on one line; one that was made up is the file's name and an ordinal.
fn shown_id(scored: &Scored) -> String {
    let message = &scored.message;
    let path = message.position.path.to_string_lossy();
    let name = message.position.path.file_name().unwrap_or_default().to_string_lossy();
    let id = match message.id.strip_prefix(&*path) {
        Some(rest) if rest.starts_with('#') => format!("{name}{rest}"),
        _ => message.id.clone(),
    };
    one_line(&id.chars().take(MAX_ID).collect::<String>())
}

/// As the runner reads the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// As the runner reads a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Text of strangers in a cell of a table: code, in which nothing is linked, mentioned or run. What would end code or
/// cell is written as an escape.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "\\u{60}").replace('|', "\\u{7c}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::report::{
        is_hidden,
        test_data::{score, scored},
    };

    fn written(all: &[Scored], annotations: bool, top: Option<usize>) -> String {
        let model = Model::embedded().unwrap();
        let mut out = Vec::new();
        {
            let mut sink: Box<dyn Sink> = match annotations {
                true => Box::new(GithubAnnotations::new(&mut out, &model, top)),
                false => Box::new(GithubSummary::new(&mut out, &model, top)),
            };
            all.iter().try_for_each(|scored| sink.message(scored)).unwrap();
            sink.finish(&Summary { messages: 99, ..Summary::default() }).unwrap();
        }
        String::from_utf8(out).unwrap()
    }

    fn of_level(level: u8) -> Scored {
        Scored { score: score(level, 0.5, 0.25), ..scored() }
    }

    #[test]
    fn the_runner_shows_ten_of_each_type() {
        let all: Vec<_> = (0..25).map(|i| of_level(2 + u8::from(i % 2 == 0))).collect();
        let text = written(&all, true, None);
        let of = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        assert_eq!(
            (of("::warning title=undue%3A level 3::"), of("::notice title=undue%3A level 2::")),
            (10, 10)
        );
        assert!(text.contains("undue: 3 more warnings are not annotated"), "{text}");
        assert!(text.contains("undue: 2 more notices are not annotated"), "{text}");
        assert_eq!(text.lines().count(), 22);
    }

    #[test]
    fn nobody_is_named_and_nothing_is_a_command() {
        let mut evil = scored();
        evil.message.id = "%0A::error::x\n::set-output name=a::b\r\u{202e}".into();
        evil.message.subject = "::stop-commands::x".into();
        for annotations in [true, false] {
            let text = written(std::slice::from_ref(&evil), annotations, None);
            assert!(
                !text.contains("Ada") && !text.contains("Hand over") && !text.contains("stop-commands"),
                "{text}"
            );
            let commands = text.lines().filter(|line| line.trim_start().starts_with("::")).count();
            assert_eq!(commands, usize::from(annotations), "{text}");
            assert!(!text.contains(|c| is_hidden(c) && c != '\n'), "{text}");
        }
        assert!(written(&[evil], true, None).contains("::%250A::error::x ::set-output"));
    }

    #[test]
    fn a_summary_is_a_table_of_code() {
        let mut evil = scored();
        evil.message.id = "@ada `x` | <img src=x>".into();
        let text = written(&[evil, of_level(2)], false, None);
        assert!(text.starts_with("### undue: 2 of 99 messages to look at\n"), "{text}");
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| ")).collect();
        assert_eq!(rows.len(), 3);
        assert!(rows[1].ends_with("| `@ada \\u{60}x\\u{60} \\u{7c} <img src=x>` |"), "{}", rows[1]);
        assert!(rows.iter().all(|row| row.matches('|').count() == 6), "{rows:?}");
        assert!(text.contains("% of ordinary messages)"), "{text}");
        assert!(written(&[], false, None).starts_with("### undue: 0 of 99 messages to look at\n\nLevel 2"));
    }

    #[test]
    fn a_made_up_id_tells_no_directory() {
        let mut made_up = scored();
        made_up.message.position.path = std::path::Path::new("/home/ada/list.mbox").into();
        made_up.message.id = "/home/ada/list.mbox#3".into();
        assert_eq!(shown_id(&made_up), "list.mbox#3");
    }
}
