//! Pressure over time: for each list messages and pressing messages by month, as two rows of bars on one axis.

use std::fmt::Write;

use maud::{Markup, html};

use super::{
    super::{
        Report, counted,
        months::{Bars, Count, List, Unit},
    },
    Foreign, columns, left_out, number, scrolling,
};

/// Sizes in units of the picture.
const WIDTH: f64 = 760.0;
const LEFT: f64 = 44.0;
const PLOT: f64 = WIDTH - LEFT - 8.0;
const MESSAGES: (f64, f64) = (18.0, 78.0);
const PRESSING: (f64, f64) = (98.0, 148.0);
const HEIGHT: f64 = 172.0;
/// Bars and the gap behind them are no wider than this.
const MAX_STEP: f64 = 60.0;
/// What the name of a month takes on the axis.
const LABEL: f64 = 54.0;
/// Months that are listed beneath a chart.
const LISTED: usize = 36;

pub(super) fn section(report: &Report<'_>) -> Markup {
    let lists = report.months.ranked(report.limits.lists);
    let left = report.months.len().saturating_sub(lists.len()) as u64;
    html! {
        p {
            "Grey: messages. Coloured: pressing messages (level 2 or 3), on a scale of their own. Months are those of UTC."
        }
        @for (at, (name, list)) in lists.iter().enumerate() { (figure(at + 1, report.places.list(name), list)) }
        (left_out(left, "--top-lists"))
    }
}

fn figure(number: usize, name: &str, list: &List) -> Markup {
    let Count { messages, pressing } = list.all;
    let bars = list.bars();
    let outside = bars.as_ref().map_or(0, |bars| bars.outside);
    html! {
        h3 { (Foreign(name, 120)) }
        p.note {
            (counted(messages, "message", "messages")) ", " (pressing) " of them pressing"
            @if list.unplaced > 0 { "; " (list.unplaced) " without a date, not drawn" }
            @if outside > 0 { "; " (outside) " dated far from all others, not drawn" }
            "."
        }
        @if let Some(bars) = &bars {
            figure { (scrolling(&format!("Chart {number}"), picture(number, bars))) }
            (listed(bars))
        }
    }
}

fn picture(number: usize, bars: &Bars) -> Markup {
    let most = |of: fn(&Count) -> u64| bars.counts.iter().map(of).max().unwrap_or_default();
    let (messages, pressing) = (most(|it| it.messages), most(|it| it.pressing));
    let unit = bars.unit.name();
    let step = (PLOT / bars.counts.len() as f64).min(MAX_STEP);
    let last = bars.label(bars.counts.len() - 1);
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img"
            aria-labelledby={ "chart" (number) "-title chart" (number) "-text" } {
            title id={ "chart" (number) "-title" } { "Messages and pressing messages per " (unit) }
            desc id={ "chart" (number) "-text" } {
                "From " (bars.label(0)) " to " (last) "; at most " (messages) " messages and "
                (pressing) " pressing messages in one " (unit) "."
            }
            (scale(MESSAGES, messages, "messages")) (scale(PRESSING, pressing, "pressing"))
            path.bar d=(outline(bars, step, MESSAGES, messages, |it| it.messages)) {}
            @for (i, count) in bars.counts.iter().enumerate().filter(|(_, it)| it.pressing > 0) {
                @let [x, y, width, height] = bar(i, step, PRESSING, count.pressing, pressing).map(unit_of);
                rect.press x=(x) y=(y) width=(width) height=(height) {
                    title { (bars.label(i)) ": " (count.pressing) " of " (count.messages) " press" }
                }
            }
            (ticks(bars, step))
        }
    }
}

fn unit_of(x: f64) -> String {
    format!("{x:.1}")
}

/// Place and size of a bar: x, y, width, height.
fn bar(at: usize, step: f64, (top, bottom): (f64, f64), count: u64, most: u64) -> [f64; 4] {
    let height = ((bottom - top) * count as f64 / most.max(1) as f64).max(1.0);
    [LEFT + at as f64 * step, bottom - height, (step * 0.8).max(0.8), height]
}

/// All bars as one path: hundreds of elements less.
fn outline(bars: &Bars, step: f64, row: (f64, f64), most: u64, of: fn(&Count) -> u64) -> String {
    let mut path = String::new();
    for (i, count) in bars.counts.iter().enumerate().filter(|(_, count)| of(count) > 0) {
        let [x, y, width, height] = bar(i, step, row, of(count), most);
        // Writing to a string does not fail.
        let _ = write!(path, "M{x:.1} {y:.1}h{width:.1}v{height:.1}h-{width:.1}z");
    }
    path
}

fn scale((top, bottom): (f64, f64), most: u64, what: &str) -> Markup {
    html! {
        text x=(LEFT) y=(unit_of(top - 6.0)) { (what) }
        text x=(LEFT - 6.0) y=(unit_of(top + 8.0)) text-anchor="end" { (most) }
        text x=(LEFT - 6.0) y=(unit_of(bottom)) text-anchor="end" { "0" }
        path.axis d=(format!("M{LEFT} {bottom:.1}h{PLOT}")) {}
    }
}

fn ticks(bars: &Bars, step: f64) -> Markup {
    let every = every(bars.unit, step);
    let marks = (0..bars.counts.len()).filter(|i| (bars.first + *i as i32).rem_euclid(every) == 0);
    html! { @for i in marks {
        @let x = LEFT + i as f64 * step;
        path.axis d=(format!("M{x:.1} {:.1}v5", PRESSING.1)) {}
        text x=(unit_of(x)) y=(unit_of(HEIGHT - 8.0)) { (bars.label(i)) }
    } }
}

/// Months or years between two marks of the axis: a round number, so that marks stand at the same place of each year.
fn every(unit: Unit, step: f64) -> i32 {
    let steps: &[i32] = match unit {
        Unit::Month => &[1, 2, 3, 6, 12, 24, 60, 120],
        Unit::Year => &[1, 2, 5, 10, 20, 50, 100, 500],
    };
    let fits = |every: &&i32| f64::from(**every) * step >= LABEL;
    steps.iter().find(fits).copied().unwrap_or(1_000)
}

/// The same in numbers, for those who cannot see bars: the months with pressing messages.
fn listed(bars: &Bars) -> Markup {
    let all = || bars.counts.iter().enumerate().filter(|(_, count)| count.pressing > 0);
    let left = all().count().saturating_sub(LISTED);
    html! { @if all().next().is_some() {
        details {
            summary { "The numbers" }
            table {
                caption {
                    "Each " (bars.unit.name()) " with pressing messages" @if left > 0 { ", the latest " (LISTED) }
                }
                (columns(&[bars.unit.name(), "#Messages", "#Pressing"]))
                tbody { @for (i, count) in all().skip(left) {
                    tr { th scope="row" { (bars.label(i)) } (number(count.messages)) (number(count.pressing)) }
                } }
            }
        }
    } }
}
