//! What is written, and what is said on standard error.

use std::{
    fmt::Write,
    io::{self, Write as _},
};

use anyhow::Result;
use indicatif::HumanCount;
use undue::{
    report::Summary,
    watch::{Counts, Delivery, Pending, State},
};

use super::{super::notices, ExitStatus, print};

/// Writes a report and notes that it was written.
pub(super) fn write(state: &State, report: &Pending) -> Result<()> {
    if report.path.is_none() {
        print(&report.text)?;
    } else if report.add_to_file()? == Delivery::Unclear {
        unclear(report);
        return Ok(());
    }
    Ok(state.written(report)?)
}

/// Ends what earlier runs could not: they were killed, or the disk was full.
pub(super) fn complete(state: &State) -> Result<()> {
    for report in state.unwritten()? {
        let added = if report.path.is_some() { report.add_to_file() } else { Ok(Delivery::Unclear) };
        match added {
            Ok(Delivery::Written) => {
                state.written(&report)?;
                notices::say(&format!("the report of {} had been cut short; it is whole now", report.at));
            }
            Ok(Delivery::Unclear) => unclear(&report),
            // The file's trouble must not keep this run from reading.
            Err(err) => {
                notices::say(&err.to_string());
                unclear(&report);
            }
        }
    }
    Ok(())
}

fn unclear(report: &Pending) {
    notices::say(&format!(
        "the report of {} may not have been written, or not whole; --repeat writes it again",
        report.at
    ));
}

/// Writes reports again.
pub(super) fn again(state: &State) -> Result<ExitStatus> {
    let mut reports = state.unwritten()?;
    if reports.is_empty() {
        reports.extend(state.last_report()?);
    }
    if reports.is_empty() {
        notices::say("nothing was reported yet");
    }
    for report in reports {
        print(&report.text)?;
        state.written(&report)?;
    }
    Ok(ExitStatus::Complete)
}

/// Counts of a run.
pub(super) fn summary(state: &State, counts: &Counts, summary: &Summary) -> Result<()> {
    let mut text = String::new();
    let n = |count: u64| HumanCount(count).to_string();
    let Counts { messages, new, bytes, checked, archives, opened, .. } = counts;
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "{} messages read ({} bytes), {} of them new; {} known",
        n(*messages),
        n(*bytes),
        n(*new),
        n(state.messages()?)
    );
    let checked =
        if *checked > 0 { format!("; {} bytes to recognise files", n(*checked)) } else { String::new() };
    let _ = writeln!(text, "{} of {} archives had something to read{checked}", n(*opened), n(*archives));
    if *new > 0 {
        let levels: Vec<_> =
            summary.levels.iter().enumerate().map(|(i, n)| format!("level {i}: {n}")).collect();
        let _ = writeln!(text, "new messages: {}", levels.join(", "));
    }
    if !summary.problems.is_empty() {
        let problems: Vec<_> = summary.problems.iter().map(|(problem, n)| format!("{problem} {n}")).collect();
        let _ = writeln!(text, "problems: {}", problems.join(", "));
    }
    if summary.damaged > 0 {
        let _ = writeln!(text, "{} damaged places passed over", n(summary.damaged));
    }
    if summary.unreadable > 0 {
        let _ = writeln!(
            text,
            "{} inputs could not be read, or not to the end: the next run tries again",
            summary.unreadable
        );
    }
    let left_behind = state.left_behind()?;
    if left_behind > 0 {
        let _ = writeln!(
            text,
            "known with another model, not in these archives and not counted: {} messages",
            n(left_behind)
        );
    }
    // If that fails, there is nowhere left to say so.
    let _ = io::stderr().write_all(text.as_bytes());
    Ok(())
}
