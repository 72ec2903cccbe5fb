//! One message with its evidence marked; the strongest messages outside campaigns.

use maud::{Markup, html};

use super::{
    super::{Report, counted, excerpt::Piece, kept::Kept, name, named, probability},
    Foreign, left_out,
};
use crate::{
    context::CampaignMessage,
    model::Output,
    report::{listing::day, multi_line},
};

pub(super) fn section(report: &Report<'_>) -> Markup {
    html! {
        @if report.strongest.is_empty() { p { "No other message presses." } }
        @else { p { "Messages of level 2 or 3 that are in none of the campaigns above, the strongest first." } }
        @for message in &report.strongest {
            (article(report, report.number(&message.project, &message.id).unwrap_or_default(), message))
        }
        (left_out(report.messages_left_out, "--top-messages"))
    }
}

/// A message whose text was kept.
pub(super) fn article(report: &Report<'_>, number: usize, message: &Kept) -> Markup {
    let author = if message.name.is_empty() { &message.address } else { &message.name };
    html! {
        // A label of its own: browsers do not look for that of another element in what they have not laid out yet.
        article id={ "m" (number) } aria-label={ "Message " (number) " by " (named(author)) } {
            h4 {
                (number) ". " bdi { (named(author)) } @if let Some(day) = message.date.get(..10) { ", " (day) }
            }
            p.note {
                "Level " (message.level)
                @for label in &message.labels { ", " (label.name()) }
                "; probability of level 2 or more " (probability(message.pressure)) " ("
                (report.measured(Output::PRESSURE)) "), of level 3 " (probability(message.takeover_pressure)) " ("
                (report.measured(Output::TAKEOVER_PRESSURE)) ")."
                br; "Subject: " bdi { (pieces(&message.subject)) }
                br;
                @if !message.name.is_empty() && !message.address.is_empty() {
                    code { (Foreign(&message.address, 120)) } " "
                }
                @if !message.role.is_empty() { "(" (Foreign(&message.role, 40)) ") " }
                "in " (Foreign(report.places.list(&message.project), 120)) ", id "
                code { (Foreign(report.places.id(&message.id), 200)) }
                ", at " code { (Foreign(&message.place, 200)) }
            }
            div.text dir="auto" { (pieces(&message.body)) }
        }
    }
}

/// A message of a campaign of which only the strongest words were kept.
pub(super) fn remnant(report: &Report<'_>, number: usize, message: &CampaignMessage) -> Markup {
    html! {
        article id={ "m" (number) } aria-label={ "Message " (number) " by " (name(&message.author)) } {
            h4 { (number) ". " bdi { (name(&message.author)) } ", " (day(message.at)) }
            p.note {
                "Subject: " (Foreign(&message.subject, 200)) br;
                "id " code { (Foreign(report.places.id(&message.id), 200)) }
                ". There were too many messages to keep the text of this one; these are its strongest words."
            }
            @if let Some(quote) = &message.quote { div.text dir="auto" { mark { (multi_line(&quote.text)) } } }
        }
    }
}

fn pieces(pieces: &[Piece]) -> Markup {
    let spoken = |names: &[&str]| names.join(", ").replace('_', " ");
    html! { @for piece in pieces { @match piece {
        Piece::Own(text) => (multi_line(text)),
        Piece::Quoted(text) => span.quoted { (multi_line(text)) },
        Piece::Marked(text, names) => { mark { (multi_line(text)) } span.tag { (spoken(names)) } }
        Piece::Left(lines) => span.left { "[" (counted(u64::from(*lines), "line", "lines")) " left out]\n" },
    } } }
}
