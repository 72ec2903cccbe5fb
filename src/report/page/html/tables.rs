//! Tables of authors and threads.

use std::sync::Arc;

use maud::{Markup, html};

use super::{
    super::{Report, counted, name},
    Foreign, left_out,
};
use crate::{
    context::{AuthorSummary, ThreadSummary, Who},
    report::listing::{day, in_days},
};

pub(super) fn actors(report: &Report<'_>) -> Markup {
    let actors = &report.actors;
    html! {
        p {
            "By how strongly all their messages press, added up. Who writes much presses more often: read the row to its end. "
            (counted(report.people - actors.count, "other author presses", "other authors press")) " nobody."
        }
        @if !actors.items.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Authors who press" { table {
                caption { "Authors in each list; work is patches, code, long answers and reports, and speaks against" }
                thead { tr {
                    th scope="col" { "Author" } th.n scope="col" { "Pressing" } th.n scope="col" { "Messages" } th.n scope="col" { "Work" }
                    th.n scope="col" { "Threads" } th.n scope="col" { "Days" } th scope="col" { "Control" } th scope="col" { "First" }
                    th scope="col" { "Last" } th scope="col" { "Campaign" } th scope="col" { "List" }
                } }
                tbody { @for actor in &actors.items { (actor_row(report, actor)) } }
            } }
        }
        (left_out(actors.left_out(), "--top-actors"))
    }
}

fn actor_row(report: &Report<'_>, actor: &AuthorSummary) -> Markup {
    let standing = &actor.standing;
    html! { tr {
        th scope="row" {
            bdi { (name(&actor.who)) }
            @if !actor.who.name.is_empty() && !actor.who.address.is_empty() { br; code.soft { (Foreign(&actor.who.address, 80)) } }
            @for also in &actor.aliases { br; span.soft { "also " (Foreign(&format!("{} <{}>", also.name, also.address), 100)) } }
        }
        td.n { (standing.pressing) } td.n { (standing.messages) }
        td.n { (standing.work_total()) }
        td.n { (standing.threads) } td.n { (standing.days) }
        td { @if standing.controls { "yes" } @else { "no" } }
        td.day { (day(standing.first_seen)) } td.day { (day(actor.last)) }
        td { @for number in campaigns_of(report, actor) { a href={ "#c" (number) } { (number) } " " } }
        td { (Foreign(&actor.project, 60)) }
    } }
}

/// Numbers of the campaigns on the page in which the author is an actor.
fn campaigns_of(report: &Report<'_>, author: &AuthorSummary) -> Vec<usize> {
    let all = report.campaigns.items.iter().enumerate();
    let is_in = all.filter(|(_, campaign)| {
        let who = |who: &Arc<Who>| *who == author.who || author.aliases.contains(who);
        campaign.project == author.project && campaign.actors.iter().any(|actor| who(&actor.who))
    });
    is_in.map(|(at, _)| at + 1).collect()
}

pub(super) fn threads(report: &Report<'_>) -> Markup {
    let threads = &report.threads;
    html! {
        p { "By how strongly all their messages press, added up. “Asked again” counts times that somebody asked for what "
            "they had asked for in the thread before. Days are until somebody who holds control first answered." }
        @if threads.items.is_empty() { p { "There is none." } } @else {
            div.scroll tabindex="0" role="region" aria-label="Threads with pressure" { table {
                caption { "Threads with messages that press" }
                thead { tr {
                    th scope="col" { "Thread" } th.n scope="col" { "Pressing" } th.n scope="col" { "Messages" } th.n scope="col" { "Authors" }
                    th.n scope="col" { "Asked again" } th.n scope="col" { "Answered after" } th.n scope="col" { "Usually after" }
                    th scope="col" { "Said by those in control" } th scope="col" { "First" } th scope="col" { "Last" } th scope="col" { "List" }
                } }
                tbody { @for thread in &threads.items { (thread_row(thread)) } }
            } }
        }
        (left_out(threads.left_out(), "--top-threads"))
    }
}

fn thread_row(thread: &ThreadSummary) -> Markup {
    let days = |seconds: Option<i64>| seconds.map_or("–".to_owned(), |it| format!("{} d", in_days(it)));
    let title = if thread.subject.is_empty() { &thread.id } else { &thread.subject };
    let mut said: Vec<_> = thread.statements.iter().map(|it| it.saying.name()).collect();
    said.sort_unstable();
    said.dedup();
    html! { tr {
        th scope="row" { (Foreign(title, 120)) br; span.soft { "begun by " bdi { (name(&thread.starter)) } } }
        td.n { (thread.pressing_messages) } td.n { (thread.messages) } td.n { (thread.authors) } td.n { (thread.asked_again) }
        td.n { (days(thread.answered_after)) } td.n { (days(thread.usually_after)) }
        td { (said.join(", ")) }
        td.day { (day(thread.first)) } td.day { (day(thread.last)) }
        td { (Foreign(&thread.project, 60)) }
    } }
}
