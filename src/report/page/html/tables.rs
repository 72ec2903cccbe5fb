//! Tables of authors and threads.

use std::sync::Arc;

use maud::{Markup, html};

use super::{
    super::{Report, counted, name},
    Foreign, account, columns, left_out, number, scrolling,
};
use crate::{
    context::{AuthorSummary, ThreadSummary, Who},
    report::listing::{day, in_days},
};

/// Columns of both tables; the list is named where there is more than one.
fn named_columns(report: &Report<'_>, names: &[&str]) -> Markup {
    let list = if report.months.len() > 1 { Some("List") } else { None };
    columns(&names.iter().copied().chain(list).collect::<Vec<_>>())
}

fn list(report: &Report<'_>, project: &str) -> Markup {
    html! { @if report.months.len() > 1 { td.list { (Foreign(report.places.list(project), 60)) } } }
}

pub(super) fn actors(report: &Report<'_>) -> Markup {
    let actors = &report.actors;
    let others = counted(report.people - actors.count, "other author", "other authors");
    html! {
        p {
            "By how strongly all their messages press, added up. Who writes much presses more often: read the row to its "
            "end. Of " (others) " no message reaches the threshold."
        }
        @if !actors.items.is_empty() {
            (scrolling("Authors who press", html! { table {
                caption {
                    "Authors in each list; work is patches, code, long answers and reports, and speaks against"
                }
                (named_columns(report, &[
                    "Author", "#Pressing", "#Messages", "#Work", "#Threads", "#Days", "Holds control", "First and last",
                    "Campaign",
                ]))
                tbody { @for actor in &actors.items { (actor_row(report, actor)) } }
            } }))
        }
        (left_out(actors.left_out(), "--top-actors"))
    }
}

fn actor_row(report: &Report<'_>, actor: &AuthorSummary) -> Markup {
    let standing = &actor.standing;
    let counts =
        [standing.pressing, standing.messages, standing.work_total(), standing.threads, standing.days];
    html! { tr {
        (account(&actor.who, &actor.aliases))
        @for count in counts { (number(count)) }
        td { @if standing.controls { "yes" } @else { "no" } }
        (days(standing.first_seen, actor.last))
        td { @for number in campaigns_of(report, actor) { a href={ "#c" (number) } { (number) } " " } }
        (list(report, &actor.project))
    } }
}

fn days(first: i64, last: i64) -> Markup {
    let (first, last) = (day(first), day(last));
    html! { td.day { (first) @if first != last { br; (last) } } }
}

/// Numbers of the campaigns on the page in which the author is an actor.
fn campaigns_of(report: &Report<'_>, author: &AuthorSummary) -> Vec<usize> {
    let all = report.campaigns.items.iter().enumerate();
    let is_in = all.filter(|(_, campaign)| {
        let is_author = |who: &Arc<Who>| *who == author.who || author.aliases.contains(who);
        campaign.project == author.project && campaign.actors.iter().any(|actor| is_author(&actor.who))
    });
    is_in.map(|(at, _)| at + 1).collect()
}

pub(super) fn threads(report: &Report<'_>) -> Markup {
    let threads = &report.threads;
    html! {
        p {
            "By how strongly all their messages press, added up. “Asked again” counts times that somebody asked for what "
            "they had asked for in the thread before. Days are until somebody who holds control first answered."
        }
        @if threads.items.is_empty() { p { "There is none." } } @else {
            (scrolling("Threads with pressure", html! { table {
                caption { "Threads with messages that press" }
                (named_columns(report, &[
                    "Thread", "#Pressing", "#Messages", "#Authors", "#Asked again", "#Answered after", "#Usually after",
                    "Said by those in control", "First and last",
                ]))
                tbody { @for thread in &threads.items { (thread_row(report, thread)) } }
            } }))
        }
        (left_out(threads.left_out(), "--top-threads"))
    }
}

fn thread_row(report: &Report<'_>, thread: &ThreadSummary) -> Markup {
    let after = |seconds: Option<i64>| seconds.map_or("–".to_owned(), |it| format!("{} d", in_days(it)));
    let title = if thread.subject.is_empty() { report.places.id(&thread.id) } else { &thread.subject };
    let counts = [thread.pressing_messages, thread.messages, thread.authors, thread.asked_again];
    let mut said: Vec<_> = thread.statements.iter().map(|it| it.saying.name()).collect();
    said.sort_unstable();
    said.dedup();
    html! { tr {
        th scope="row" {
            (Foreign(title, 120)) br; span.soft { "begun by " bdi { (name(&thread.starter)) } }
        }
        @for count in counts { (number(count)) }
        (number(after(thread.answered_after))) (number(after(thread.usually_after)))
        td { (said.join(", ")) }
        (days(thread.first, thread.last))
        (list(report, &thread.project))
    } }
}
