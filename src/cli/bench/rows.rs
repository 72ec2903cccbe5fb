//! The rows of `undue bench`, for people and for programs.

use std::{
    io::{self, Write},
    num::NonZeroUsize,
    time::Duration,
};

use serde::Serialize;
use undue::bench::{Spent, Stage, Timings, median};

/// One line of the result.
#[derive(Debug)]
pub(super) struct Row {
    name: String,
    spent: Spent,
    /// Part of the total, where it is one.
    share: Option<f64>,
    /// Messages and bytes go by the wall where threads share the work.
    by_wall: bool,
}

impl Row {
    /// The medians of each stage and of their total.
    pub(super) fn of_stages(all: &[Timings]) -> Vec<Self> {
        let total = median(all.iter().map(Timings::total));
        let share = |cpu: Duration| cpu.as_secs_f64() / total.cpu.as_secs_f64().max(f64::MIN_POSITIVE);
        let row = |stage: Stage| {
            let spent = median(all.iter().map(|timings| timings.stage(stage)));
            let share = (stage != Stage::Context).then(|| share(spent.cpu));
            Self { name: stage.name().to_owned(), spent, share, by_wall: false }
        };
        let mut rows: Vec<_> = Stage::ALL.into_iter().map(row).collect();
        let at = rows.iter().position(|row| row.share.is_none()).unwrap_or(rows.len());
        rows.insert(at, Self { name: "total".to_owned(), spent: total, share: Some(1.0), by_wall: false });
        rows
    }

    /// The whole pipeline on so many threads.
    pub(super) fn of_pipeline(threads: NonZeroUsize, spent: Spent) -> Self {
        Self { name: format!("pipeline-{threads}"), spent, share: None, by_wall: true }
    }

    /// How many of `count` in a second; none where no time passed.
    fn rate(&self, count: u64) -> Option<f64> {
        let time = if self.by_wall { self.spent.wall } else { self.spent.cpu };
        (!time.is_zero()).then(|| count as f64 / time.as_secs_f64())
    }
}

/// A table, and under it what was measured.
pub(super) fn write_table(out: &mut impl Write, rows: &[Row], of: &Timings, runs: usize) -> io::Result<()> {
    writeln!(
        out,
        "{:<12} {:>9} {:>9} {:>7} {:>9} {:>11}",
        "STAGE", "CPU s", "WALL s", "SHARE", "MB/s", "MESSAGES/s"
    )?;
    for row in rows {
        let share = row.share.map_or(String::new(), |share| format!("{:.1} %", share * 100.0));
        let (cpu, wall) = (row.spent.cpu.as_secs_f64(), row.spent.wall.as_secs_f64());
        let rate = |count: u64, unit: f64| {
            row.rate(count).map_or("-".to_owned(), |rate| format!("{:.0}", rate / unit))
        };
        writeln!(
            out,
            "{:<12} {cpu:>9.4} {wall:>9.4} {share:>7} {:>9} {:>11}",
            row.name,
            rate(of.bytes, 1e6),
            rate(of.messages, 1.0),
        )?;
    }
    writeln!(out)?;
    let mb = |bytes: u64| bytes as f64 / 1e6;
    writeln!(
        out,
        "{} messages, {:.2} MB; {:.2} MB of own words, {:.2} MB written; median of {runs}",
        of.messages,
        mb(of.bytes),
        mb(of.own_bytes),
        mb(of.written_bytes)
    )?;
    if let Some(rate) = score_rate(rows, of) {
        writeln!(out, "score: {:.0} MB of own words a second", rate / 1e6)?;
    }
    writeln!(out, "total is `undue score --format jsonl` on one thread; context is what --context adds")?;
    writeln!(
        out,
        "rates go by processor time, those of pipelines by the wall; MB are of (decompressed) input"
    )
}

/// Bytes of own words that are scored in a second.
fn score_rate(rows: &[Row], of: &Timings) -> Option<f64> {
    rows.iter().find(|row| row.name == Stage::Score.name())?.rate(of.own_bytes)
}

#[derive(Debug, Serialize)]
struct WireRow<'r> {
    stage: &'r str,
    cpu_s: f64,
    wall_s: f64,
    share: Option<f64>,
    mb_per_s: Option<f64>,
    messages_per_s: Option<f64>,
    messages: u64,
    bytes: u64,
    own_bytes: u64,
    written_bytes: u64,
    errors: u64,
    runs: usize,
}

/// One object per row.
pub(super) fn write_jsonl(out: &mut impl Write, rows: &[Row], of: &Timings, runs: usize) -> io::Result<()> {
    for row in rows {
        let line = WireRow {
            stage: &row.name,
            cpu_s: row.spent.cpu.as_secs_f64(),
            wall_s: row.spent.wall.as_secs_f64(),
            share: row.share,
            mb_per_s: row.rate(of.bytes).map(|rate| rate / 1e6),
            messages_per_s: row.rate(of.messages),
            messages: of.messages,
            bytes: of.bytes,
            own_bytes: of.own_bytes,
            written_bytes: of.written_bytes,
            errors: of.errors,
            runs,
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn timings(ms: u64) -> Timings {
        let spent = Spent { cpu: Duration::from_millis(ms), wall: Duration::from_millis(2 * ms) };
        Timings {
            stages: [spent; Stage::ALL.len()],
            messages: 300,
            bytes: 6_000_000,
            own_bytes: 1_000_000,
            written_bytes: 500_000,
            errors: 0,
        }
    }

    fn rows() -> Vec<Row> {
        let mut rows = Row::of_stages(&[timings(10), timings(40), timings(20)]);
        let spent = Spent { cpu: Duration::from_millis(500), wall: Duration::from_millis(100) };
        rows.push(Row::of_pipeline(NonZeroUsize::MIN, spent));
        rows
    }

    #[test]
    fn a_table_holds_medians_shares_and_rates() {
        let mut out = Vec::new();
        write_table(&mut out, &rows(), &timings(20), 3).unwrap();
        let text = String::from_utf8(out).unwrap();
        let line = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(line("parse"), "parse 0.0200 0.0400 16.7 % 300 15000");
        assert_eq!(line("total"), "total 0.1200 0.2400 100.0 % 50 2500");
        assert_eq!(line("context"), "context 0.0200 0.0400 300 15000");
        assert_eq!(line("pipeline-1"), "pipeline-1 0.5000 0.1000 60 3000");
        assert!(text.contains("score: 50 MB of own words a second"), "{text}");
    }

    #[test]
    fn every_row_is_a_json_object_with_all_fields() {
        let mut out = Vec::new();
        write_jsonl(&mut out, &rows(), &timings(20), 3).unwrap();
        let rows: Vec<serde_json::Value> =
            String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), Stage::ALL.len() + 2);
        assert!(rows.iter().all(|row| row.as_object().unwrap().len() == 12));
        assert_eq!(rows[1]["stage"], "parse");
        assert_eq!(rows[1]["mb_per_s"].as_f64(), Some(300.0));
        assert!(rows.last().unwrap()["share"].is_null());
    }

    #[test]
    fn no_time_has_no_rate() {
        let rows = Row::of_stages(&[Timings::default()]);
        let mut out = Vec::new();
        write_table(&mut out, &rows, &Timings::default(), 1).unwrap();
        assert!(String::from_utf8(out).unwrap().contains(" - "));
    }
}
