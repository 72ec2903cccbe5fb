//! Campaigns: facts, signals, timeline, accounts with what speaks for and against, statements, messages.

use maud::{Markup, html};

use super::{
    super::{Report, counted, finding::between, name, probability},
    Foreign, account, adds, columns, left_out, link, message, number, scrolling,
    timeline::timeline,
};
use crate::{
    context::{Actor, Campaign},
    report::listing::day,
};

/// Features that are listed with what they add.
const FEATURES: usize = 10;

pub(super) fn section(report: &Report<'_>) -> Markup {
    html! {
        p {
            "A campaign is a set of messages by one or more people that press the same people for the same within a "
            "time. Shown is what reaches a probability of " (probability(report.least)) "."
            @if report.campaign_model.as_ref().is_some_and(|model| model.provisional) {
                " The weights of the campaign model are provisional: its probability is an order of urgency, not a "
                "measured rate."
            }
        }
        @if report.campaigns.items.is_empty() { p { "None was found." } }
        @for (at, campaign) in report.campaigns.items.iter().enumerate() { (one(report, at + 1, campaign)) }
        (left_out(report.campaigns.left_out(), "--top-campaigns"))
    }
}

fn one(report: &Report<'_>, number: usize, campaign: &Campaign) -> Markup {
    html! {
        section id={ "c" (number) } aria-labelledby={ "c" (number) "-title" } {
            h3 id={ "c" (number) "-title" } {
                "Campaign " (number) ": " (Foreign(report.places.list(&campaign.project), 100)) (between(campaign))
            }
            (facts(report, campaign)) (signals(report, campaign))
            @if campaign.messages.is_empty() { (nothing_kept(campaign)) }
            @else { (timeline(report, number, campaign)) (accounts(campaign)) }
            (statements(report, campaign)) (features(report, campaign))
            @if !campaign.messages.is_empty() { h4 { "Its messages" } }
            @for it in &campaign.messages {
                @let at = report.number(&campaign.project, &it.id).unwrap_or_default();
                @match report.text(&campaign.project, &it.id) {
                    Some(kept) => (message::article(report, at, kept)),
                    None => (message::remnant(report, at, it)),
                }
            }
        }
    }
}

/// Instead of an empty picture.
fn nothing_kept(campaign: &Campaign) -> Markup {
    html! { p.warn {
        "None of its " (counted(u64::from(campaign.dropped), "message", "messages"))
        " was kept: later ones of the same people took their room. There is no timeline, no account and no message to "
        "show; read the list" (between(campaign)) "."
    } }
}

fn facts(report: &Report<'_>, campaign: &Campaign) -> Markup {
    html! {
        dl.facts {
            dt { "Probability" }
            dd { (probability(campaign.probability)) " (" (report.measured_campaigns()) ")" }
            dt { "Messages" }
            dd {
                (campaign.messages.len())
                @if campaign.dropped > 0 { ", and " (campaign.dropped) " that were not kept" }
            }
            @if let Some(alarm) = &campaign.alarm {
                dt { "First alarm" }
                dd {
                    (day(alarm.at)) " behind " (link(report, &campaign.project, &alarm.message))
                    ", number " (alarm.messages) " of its pressing messages"
                }
            }
            @if !campaign.pressed.is_empty() {
                dt { "Who is pressed" }
                dd { @for (i, who) in campaign.pressed.iter().enumerate() {
                    @if i > 0 { ", " } bdi { (name(who)) }
                } }
            }
            @if let Some((who, reasons)) = &campaign.beneficiary {
                dt { "Apparently for" }
                dd { bdi { (name(who)) } @for reason in reasons { "; " (Foreign(reason, 300)) } }
            }
            dt { "Name" } dd { code { (campaign.id) } }
        }
    }
}

fn signals(report: &Report<'_>, campaign: &Campaign) -> Markup {
    html! { @if !campaign.signals.is_empty() {
        h4 { "What to look at" }
        ul { @for signal in &campaign.signals { li {
            (Foreign(&signal.sentence, 600))
            span.note { " (" (signal.kind.name()) @for pointer in &signal.evidence {
                ", " (link(report, &campaign.project, &pointer.message))
            } ")" }
        } } }
    } }
}

fn accounts(campaign: &Campaign) -> Markup {
    let names = ["Account", "#Messages", "First seen", "Speaks for looking closer", "Speaks against"];
    html! {
        h4 { "Accounts" }
        (scrolling("Accounts", html! { table {
            caption { "Who wrote the messages, as known when each of them first pressed here" }
            (columns(&names))
            tbody { @for actor in &campaign.actors { (row(actor)) } }
        } }))
    }
}

fn row(actor: &Actor) -> Markup {
    let against = actor.speaks_against.join("; ");
    let against = if against.is_empty() { "nothing that was seen" } else { &against };
    html! { tr {
        (account(&actor.who, &[])) (number(actor.messages))
        td.day { (day(actor.standing.first_seen)) }
        td.for { (Foreign(&actor.speaks_for.join("; "), 400)) }
        td.against { (Foreign(against, 400)) }
    } }
}

fn statements(report: &Report<'_>, campaign: &Campaign) -> Markup {
    html! { @if !campaign.statements.is_empty() {
        h4 { "What people who hold control said" }
        ul { @for statement in &campaign.statements { li {
            (day(statement.at)) " " bdi { (name(&statement.author)) } ", " (statement.saying.name()) ": "
            q { (Foreign(&statement.quote.text, 240)) } " " code.soft { (Foreign(report.places.id(&statement.message), 120)) }
        } } }
    } }
}

fn features(report: &Report<'_>, campaign: &Campaign) -> Markup {
    let Some(model) = &report.campaign_model else { return html! {} };
    let mut all = model.contributions(&campaign.features);
    all.retain(|(_, value)| value.abs() >= 0.005);
    let rest: f64 = all.iter().skip(FEATURES).map(|(_, value)| value).sum();
    html! { details {
        summary { "How the probability came about" }
        table {
            caption { "What adds to the logit at its highest; " a href="#campaign-model" { "the model" } }
            (columns(&["Feature", "#Adds"]))
            tbody {
                (adds("nothing known", model.intercept))
                @for (name, value) in all.iter().take(FEATURES) { (adds(name.replace('_', " "), *value)) }
                @if all.len() > FEATURES { (adds("the others", rest)) }
            }
        }
    } }
}
