//! A campaign in time: every message a mark on the line of who wrote it, every mark a link to the message.

use maud::{Markup, html};

use super::{
    super::{Report, name, start},
    scrolling,
};
use crate::{
    context::{Campaign, CampaignMessage, Who},
    model::Output,
    report::listing::day,
};

/// Sizes in units of the picture.
const WIDTH: f64 = 760.0;
const LEFT: f64 = 172.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 26.0;
const ROW: f64 = 30.0;
/// Characters of a name beside a line, and of words in a hint.
const NAME: usize = 24;
const WORDS: usize = 90;
/// Lines that are drawn.
const MAX_ROWS: usize = 40;

/// From dates to places, or from ordinals in an archive without dates.
struct Axis {
    first: i64,
    last: i64,
    is_dated: bool,
}

impl Axis {
    fn of(campaign: &Campaign) -> Self {
        let dates = || {
            let said = campaign.statements.iter().map(|it| it.at);
            campaign.messages.iter().map(|it| it.at).chain(said)
        };
        let is_dated = dates().all(|at| !day(at).is_empty());
        let (first, last) = match is_dated {
            true => (dates().min().unwrap_or_default(), dates().max().unwrap_or_default()),
            false => (0, campaign.messages.len() as i64 - 1),
        };
        Self { first, last, is_dated }
    }

    fn x(&self, at: i64) -> f64 {
        let share = (at - self.first) as f64 / (self.last - self.first).max(1) as f64;
        LEFT + 10.0 + share * (WIDTH - LEFT - RIGHT - 20.0)
    }
}

pub(super) fn timeline(report: &Report<'_>, number: usize, campaign: &Campaign) -> Markup {
    let axis = Axis::of(campaign);
    let actors = &campaign.actors[..campaign.actors.len().min(MAX_ROWS)];
    let has_said = axis.is_dated && !campaign.statements.is_empty();
    let rows = actors.len() + usize::from(has_said);
    let bottom = TOP + rows as f64 * ROW;
    html! {
        figure {
            (scrolling(&format!("Timeline of campaign {number}"), html! {
                // A picture with links in it is a group: as an image its links would be hidden from screen readers.
                svg viewBox=(format!("0 0 {WIDTH} {:.0}", bottom + 30.0)) role="group"
                    aria-labelledby={ "line" (number) "-title line" (number) "-text" } {
                    title id={ "line" (number) "-title" } { "Timeline of campaign " (number) }
                    desc id={ "line" (number) "-text" } { (described(campaign)) }
                    (dates(&axis, bottom)) (alarm(campaign, &axis, bottom))
                    @for (row, actor) in actors.iter().enumerate() {
                        (line(row, &name(&actor.who)))
                        (marks(report, campaign, &axis, row, &actor.who))
                    }
                    @if has_said { (line(actors.len(), "people in control")) (said(campaign, &axis, actors.len())) }
                }
            }))
            figcaption {
                "Circles are pressing messages, larger where they press more strongly; each leads to the message. "
                "At strength 0.50 a message is at the threshold of the text model: " (report.measured(Output::PRESSURE)) ". "
                @if has_said { "Squares are what people who hold control said. " }
                @if campaign.alarm.is_some() { "The dashed line is where the campaign model first raised an alarm. " }
                @if !axis.is_dated { "There are no dates: messages stand in the order in which they were read. " }
                @if campaign.actors.len() > MAX_ROWS {
                    (campaign.actors.len() - MAX_ROWS) " more accounts are not drawn."
                }
            }
        }
    }
}

fn described(campaign: &Campaign) -> String {
    let lines = campaign.actors.iter().take(MAX_ROWS).map(|it| format!("{} {}", name(&it.who), it.messages));
    format!("Messages by account: {}.", lines.collect::<Vec<_>>().join(", "))
}

/// The middle of a row.
fn y(row: usize) -> f64 {
    TOP + (row as f64 + 0.5) * ROW
}

fn line(row: usize, name: &str) -> Markup {
    html! {
        path.axis d=(format!("M{LEFT} {:.1}H{:.1}", y(row), WIDTH - RIGHT)) {}
        text.name x=(LEFT - 10.0) y=(format!("{:.1}", y(row) + 4.0)) text-anchor="end" { (start(name, NAME)) }
    }
}

fn marks(report: &Report<'_>, campaign: &Campaign, axis: &Axis, row: usize, actor: &Who) -> Markup {
    let theirs = campaign.messages.iter().enumerate().filter(|(_, it)| is_by(it, campaign, row, actor));
    let mut last = f64::MIN;
    let mut shift = 0;
    html! { @for (ordinal, message) in theirs {
        @let x = axis.x(if axis.is_dated { message.at } else { ordinal as i64 });
        @let strength = message.pressure.max(message.takeover_pressure);
        // Messages of one day stand above each other, not on each other.
        @let lift = { shift = if x - last < 5.0 { (shift + 1) % 3 } else { 0 }; last = x; [0.0, -7.0, 7.0][shift] };
        @let (hint, radius) = (hint(message, strength), 4.0 + 4.0 * strength);
        a href={ "#m" (report.number(&campaign.project, &message.id).unwrap_or_default()) } aria-label=(hint) {
            circle.dot cx=(format!("{x:.1}")) cy=(format!("{:.1}", y(row) + lift)) r=(format!("{radius:.1}")) {
                title { (hint) }
            }
        }
    } }
}

/// An actor may have written under several names; whatever no other line takes is on the line whose address it has.
fn is_by(message: &CampaignMessage, campaign: &Campaign, row: usize, actor: &Who) -> bool {
    let exact = campaign.actors.iter().position(|it| *it.who == *message.author);
    let near = || {
        campaign
            .actors
            .iter()
            .position(|it| !it.who.address.is_empty() && it.who.address == message.author.address)
    };
    let named = || campaign.actors.iter().position(|it| it.who.name == message.author.name);
    match exact.or_else(near).or_else(named) {
        Some(at) => at == row,
        None => *message.author == *actor,
    }
}

fn hint(message: &CampaignMessage, strength: f64) -> String {
    let words = message.quote.as_ref().map_or(&*message.subject, |quote| &quote.text);
    format!("{} {}, strength {strength:.2}: {}", day(message.at), name(&message.author), start(words, WORDS))
}

fn said(campaign: &Campaign, axis: &Axis, row: usize) -> Markup {
    html! { @for statement in &campaign.statements {
        @let x = axis.x(statement.at);
        rect.said x=(format!("{:.1}", x - 4.5)) y=(format!("{:.1}", y(row) - 4.5)) width="9" height="9" {
            title {
                (day(statement.at)) " " (name(&statement.author)) ", " (statement.saying.name()) ": "
                (start(&statement.quote.text, WORDS))
            }
        }
    } }
}

fn dates(axis: &Axis, bottom: f64) -> Markup {
    let at = |part: i64| axis.first + (axis.last - axis.first) / 4 * part;
    let mut shown: Vec<(i64, String)> = (0..=4).map(|part| (at(part), day(at(part)))).collect();
    shown.dedup_by(|a, b| a.1 == b.1);
    html! { @if axis.is_dated { @for (at, day) in shown {
        @let x = axis.x(at);
        path.axis d=(format!("M{x:.1} {:.1}V{bottom:.1}", TOP - 4.0)) {}
        text x=(format!("{x:.1}")) y=(format!("{:.1}", bottom + 18.0)) text-anchor="middle" { (day) }
    } } }
}

fn alarm(campaign: &Campaign, axis: &Axis, bottom: f64) -> Markup {
    let alarm =
        campaign.alarm.as_ref().filter(|it| axis.is_dated && (axis.first..=axis.last).contains(&it.at));
    html! { @if let Some(alarm) = alarm {
        @let x = axis.x(alarm.at);
        path.alarm d=(format!("M{x:.1} {:.1}V{bottom:.1}", TOP - 8.0)) {}
        text x=(format!("{x:.1}")) y=(format!("{:.1}", TOP - 12.0)) text-anchor="middle" { "alarm " (day(alarm.at)) }
    } }
}
