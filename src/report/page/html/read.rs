//! What was read, and what was wrong with it.

use maud::{Markup, html};

use super::super::{Report, counted};

pub(super) fn section(report: &Report<'_>) -> Markup {
    let summary = &report.summary;
    html! {
        dl.facts {
            dt { "Messages" }
            dd {
                (summary.messages) " in " (counted(summary.threads, "thread", "threads")) ", "
                (counted(summary.files, "file", "files"))
            }
            dt { "Lists or repositories" } dd { (report.months.len()) }
            dt { "Authors" }
            dd { (report.people) " (one who writes to two lists counts twice)" @if report.merges > 0 {
                "; " (counted(report.merges, "address was", "addresses were"))
                " taken for one person with another, by name, domain and thread"
            } }
            @if let Some((first, last)) = report.months.span() { dt { "Months" } dd { (first) " to " (last) } }
            dt { "By level" }
            dd { @for (level, count) in summary.levels.iter().enumerate() {
                @if level > 0 { ", " } (LEVELS[level]) ": " (count)
            } }
            @if !summary.problems.is_empty() {
                dt { "Problems in messages" }
                dd { @for (i, (problem, count)) in summary.problems.iter().enumerate() {
                    @if i > 0 { ", " } (problem.name()) " " (count)
                } }
            }
        }
        (troubles(report))
    }
}

const LEVELS: [&str; 4] = ["0 ordinary", "1 request", "2 pressure", "3 pressure for control or past review"];

fn troubles(report: &Report<'_>) -> Markup {
    let summary = &report.summary;
    let uncounted = report.months.uncounted.messages;
    let all = [
        (
            summary.unreadable,
            counted(summary.unreadable, "input", "inputs") + " could not be read, or not to the end",
        ),
        (summary.damaged, counted(summary.damaged, "damaged place", "damaged places") + " passed over"),
        (
            report.late,
            counted(report.late, "message", "messages") + " came too late to be put in order by date",
        ),
        (
            report.anonymous,
            counted(report.anonymous, "pressing message", "pressing messages")
                + " without an author, in no campaign",
        ),
        (uncounted, counted(uncounted, "message", "messages") + " of further lists, in no chart"),
    ];
    html! { @if all.iter().any(|(count, _)| *count > 0) {
        ul.warn { @for (_, text) in all.iter().filter(|(count, _)| *count > 0) { li { (text) } } }
    } }
}
