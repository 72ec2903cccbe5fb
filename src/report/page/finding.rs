//! What was found, in three sentences, and what a report is not.

use super::{Report, counted, name, percent, probability};
use crate::{
    context::{Ask, Campaign},
    model::Output,
    report::listing::day,
};

/// What must be said with every report.
pub(super) const NOT: [&str; 6] = [
    "It is no verdict about anybody. A score says that the words of a message are like words that press; it says \
     nothing about why they were written. Honest people who are fed up write the same words.",
    "It does not know who is behind an account, whether two accounts are one person, or what was said in private.",
    "It reads words. It does not read the code that was sent along, and a harmful change can come without any pressure.",
    "It misses much: see the recall of each threshold below. That nothing was found does not mean that nothing was there.",
    "It judges English only, by a model that learnt from public archives and has their habits.",
    "It is no ground to refuse a patch, a request or a person. Read the messages; talk to the people, in private and \
     kindly; bring a second maintainer in. Whoever is named here may see it, answer it and have it corrected.",
];

/// How a name stands in a sentence.
type Show<'s> = &'s dyn Fn(&str) -> String;

/// Three sentences: how much presses, what belongs together, where to look first. Text of strangers passes `show`.
pub(super) fn sentences(report: &Report<'_>, show: Show<'_>) -> [String; 3] {
    [pressing(report), campaigns(report, show), first(report, show)]
}

fn pressing(report: &Report<'_>) -> String {
    let (all, pressing) = (report.summary.messages, report.pressing());
    let of = format!(
        "Of {} in {} of {}",
        counted(all, "message", "messages"),
        counted(report.summary.threads, "thread", "threads"),
        counted(report.months.len() as u64, "list or repository", "lists or repositories"),
    );
    let dated = match report.months.span() {
        Some((first, last)) if first == last => format!(", dated {first}"),
        Some((first, last)) => format!(", dated {first} to {last}"),
        None => String::new(),
    };
    let rate = report.model.facts(Output::PRESSURE).false_alarm_rate;
    let press = if pressing == 1 { "1 presses".to_owned() } else { format!("{pressing} press") };
    format!(
        "{of}{dated}, {press} (level 2 or 3); at the false-alarm rate that was measured for this threshold ({}) \
         about {} would be flagged even if nobody pressed anybody.",
        percent(rate, 2),
        about(rate * all as f64)
    )
}

fn about(n: f64) -> String {
    if n < 9.95 { format!("{n:.1}") } else { format!("{n:.0}") }
}

fn campaigns(report: &Report<'_>, show: Show<'_>) -> String {
    let Some(campaign) = report.campaigns.items.first() else {
        return format!(
            "No messages were found that belong together as a campaign with a probability of {} or more ({}).",
            probability(report.least),
            report.measured_campaigns()
        );
    };
    let what = match report.campaigns.count {
        1 => "One campaign, a set of messages that belong together, was found:".to_owned(),
        n => {
            format!("{n} campaigns, sets of messages that belong together, were found; the most probable has")
        }
    };
    let messages = campaign.messages.len() as u64 + u64::from(campaign.dropped);
    let by = match campaign.actors.len() as u64 {
        0 => ", none of which was kept,".to_owned(),
        accounts => format!(" by {}", counted(accounts, "account", "accounts")),
    };
    format!(
        "{what} {}{by} in {}{}, with a probability of {} ({}).",
        counted(messages, "message", "messages"),
        show(&super::named(report.places.list(&campaign.project))),
        between(campaign),
        probability(campaign.probability),
        report.measured_campaigns()
    )
}

/// " from 2022-04-01 to 2022-06-21", or nothing in an archive without dates.
pub(super) fn between(campaign: &Campaign) -> String {
    match (day(campaign.first), day(campaign.last)) {
        (_, last) if last.is_empty() => String::new(),
        // Nothing is known of its first message.
        (_, last) if campaign.messages.is_empty() => format!(" around {last}"),
        (first, _) if first.is_empty() => String::new(),
        (first, last) if first == last => format!(" on {first}"),
        (first, last) => format!(" from {first} to {last}"),
    }
}

fn first(report: &Report<'_>, show: Show<'_>) -> String {
    if let Some(campaign) = report.campaigns.items.first() {
        if campaign.messages.is_empty() {
            return format!("Look there first, in the list itself{}.", between(campaign));
        }
        return format!(
            "Look there first: {}{}{}.",
            asks(campaign),
            whom(campaign, show),
            favour(campaign, show)
        );
    }
    match report.strongest.first() {
        Some(message) => format!(
            "Look here first: the strongest message is by {}{}, at level {}.",
            show(&super::named(if message.name.is_empty() { &message.address } else { &message.name })),
            message.date.get(..10).map(|day| format!(" of {day}")).unwrap_or_default(),
            message.level
        ),
        None => "There is no message that this report would point at first.".to_owned(),
    }
}

/// What is asked for beyond attention.
fn asks(campaign: &Campaign) -> String {
    let count = |ask: Ask| campaign.messages.iter().filter(|it| it.ask == ask).count();
    let all = match (campaign.messages.len(), campaign.dropped) {
        (kept, 0) => format!("its {kept} messages"),
        (kept, _) => format!("the {kept} messages that were kept of it"),
    };
    match (count(Ask::Control), count(Ask::Bypass)) {
        (0, 0) => "its messages ask for attention, a merge or a release".to_owned(),
        (control, bypass) if control >= bypass => {
            format!("{control} of {all} ask that control pass to somebody or be shared")
        }
        (_, bypass) => {
            format!("{bypass} of {all} ask that something get in with less scrutiny than usual")
        }
    }
}

fn whom(campaign: &Campaign, show: Show<'_>) -> String {
    match campaign.pressed.split_last() {
        None => String::new(),
        Some((last, [])) => format!(", pressing {}", show(&name(last))),
        Some((last, rest)) => {
            let rest: Vec<_> = rest.iter().map(|who| show(&name(who))).collect();
            format!(", pressing {} and {}", rest.join(", "), show(&name(last)))
        }
    }
}

fn favour(campaign: &Campaign, show: Show<'_>) -> String {
    campaign
        .beneficiary
        .as_ref()
        .map(|(who, _)| format!(", apparently for {}", show(&name(who))))
        .unwrap_or_default()
}
