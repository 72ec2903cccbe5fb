//! Messages and pressing messages of each list by month, with bounded memory.

use std::{collections::BTreeMap, sync::Arc};

use jiff::tz::Offset;

use crate::{Level, pipeline::Scored};

/// Lists that are told apart, and months of all of them together. What is beyond is counted.
const MAX_LISTS: usize = 20_000;
const MAX_MONTHS: usize = 200_000;
/// Months of nothing that set stray dates apart, and the share of messages below which a part is stray.
const GAP: i32 = 24;
const STRAY: f64 = 0.02;
/// More months than this are drawn as years.
const MAX_BARS: i32 = 480;

/// Months since the year 0.
type Month = i32;

/// Messages, and those of level 2 or 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Count {
    pub(super) messages: u64,
    pub(super) pressing: u64,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.messages += other.messages;
        self.pressing += other.pressing;
    }
}

/// One list or repository.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) all: Count,
    /// Messages without a date, or of a month that was one too many.
    pub(super) unplaced: u64,
    months: BTreeMap<Month, Count>,
}

/// All lists.
#[derive(Debug, Default)]
pub(super) struct Months {
    lists: BTreeMap<Arc<str>, List>,
    months: usize,
    /// Messages of lists beyond those that are told apart.
    pub(super) uncounted: Count,
}

impl Months {
    pub(super) fn count(&mut self, project: &Arc<str>, scored: &Scored) {
        let one = Count { messages: 1, pressing: u64::from(scored.score.level >= Level::Pressure) };
        if self.lists.len() >= MAX_LISTS && !self.lists.contains_key(project) {
            return self.uncounted.add(one);
        }
        let list = self.lists.entry(project.clone()).or_default();
        list.all.add(one);
        let date = scored.message.date.map(|date| Offset::UTC.to_datetime(date.timestamp));
        let month = date.map(|date| i32::from(date.year()) * 12 + i32::from(date.month()) - 1);
        match month.filter(|month| self.months < MAX_MONTHS || list.months.contains_key(month)) {
            Some(month) => {
                let count = list.months.entry(month).or_insert_with(|| {
                    self.months += 1;
                    Count::default()
                });
                count.add(one);
            }
            None => list.unplaced += 1,
        }
    }

    /// The lists, in order of their names.
    pub(super) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.lists.keys()
    }

    /// How many lists were told apart.
    pub(super) fn len(&self) -> usize {
        self.lists.len()
    }

    /// The lists with the most pressing messages, then the most messages, then by name.
    pub(super) fn ranked(&self, limit: usize) -> Vec<(&str, &List)> {
        let mut all: Vec<_> = self.lists.iter().map(|(name, list)| (&**name, list)).collect();
        all.sort_by_key(|(name, list)| {
            (std::cmp::Reverse((list.all.pressing, list.all.messages)), name.to_owned())
        });
        all.truncate(limit);
        all
    }

    /// The first and the last month that are drawn of any list, as text.
    pub(super) fn span(&self) -> Option<(String, String)> {
        let ranges = || self.lists.values().filter_map(List::range);
        let (first, last) = (ranges().map(|it| it.0).min()?, ranges().map(|it| it.1).max()?);
        Some((Unit::Month.label(first), Unit::Month.label(last)))
    }
}

/// What a bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Month,
    Year,
}

impl Unit {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    fn of(self, month: Month) -> i32 {
        match self {
            Self::Month => month,
            Self::Year => month.div_euclid(12),
        }
    }

    fn label(self, at: i32) -> String {
        match self {
            Self::Month => format!("{:04}-{:02}", at.div_euclid(12), at.rem_euclid(12) + 1),
            Self::Year => format!("{at:04}"),
        }
    }
}

/// Bars of a chart, without gaps.
#[derive(Debug)]
pub(super) struct Bars {
    pub(super) unit: Unit,
    /// Month or year of the first bar, counted from the year 0.
    pub(super) first: i32,
    pub(super) counts: Vec<Count>,
    /// Messages whose date lies far from all others.
    pub(super) outside: u64,
}

impl Bars {
    /// The month or year of a bar.
    pub(super) fn label(&self, at: usize) -> String {
        self.unit.label(self.first + at as i32)
    }
}

impl List {
    /// Bars over the time in which the list was alive; none without dates.
    pub(super) fn bars(&self) -> Option<Bars> {
        let (first, last) = self.range()?;
        let unit = if last - first < MAX_BARS { Unit::Month } else { Unit::Year };
        let (start, end) = (unit.of(first), unit.of(last));
        let mut counts = vec![Count::default(); (end - start + 1) as usize];
        let mut outside = 0;
        for (month, count) in &self.months {
            if (first..=last).contains(month) {
                counts[(unit.of(*month) - start) as usize].add(*count);
            } else {
                outside += count.messages;
            }
        }
        Some(Bars { unit, first: start, counts, outside })
    }

    /// First and last month, without what lies far from the rest: clocks that were wrong.
    fn range(&self) -> Option<(Month, Month)> {
        let mut parts: Vec<(Month, Month, u64)> = Vec::new();
        for (&month, count) in &self.months {
            match parts.last_mut() {
                Some((_, last, messages)) if month - *last <= GAP => {
                    *last = month;
                    *messages += count.messages;
                }
                _ => parts.push((month, month, count.messages)),
            }
        }
        let all: u64 = parts.iter().map(|part| part.2).sum();
        let is_main = |part: &&(Month, Month, u64)| part.2 as f64 >= STRAY * all as f64;
        let first = parts.iter().find(is_main).or(parts.first())?.0;
        let last = parts.iter().rfind(is_main).or(parts.last())?.1;
        Some((first, last))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::{Timestamp, tz::Offset};

    use super::*;
    use crate::{Date, report::test_data::scored};

    fn months(dates: &[&str]) -> Months {
        let mut months = Months::default();
        for date in dates {
            let timestamp = format!("{date}T12:00:00Z").parse::<Timestamp>().ok();
            let mut scored = scored();
            scored.message.date = timestamp.map(|timestamp| Date { timestamp, offset: Offset::UTC });
            months.count(&"tarn".into(), &scored);
        }
        months
    }

    #[test]
    fn lists_and_months_beyond_the_limits_are_counted_together() {
        let mut months = Months::default();
        let mut scored = scored();
        for i in 0..MAX_LISTS + 5 {
            months.count(&format!("list {i}").into(), &scored);
        }
        assert_eq!((months.lists.len(), months.uncounted.messages), (MAX_LISTS, 5));
        months.months = MAX_MONTHS;
        let timestamp = "1999-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
        scored.message.date = Some(Date { timestamp, offset: Offset::UTC });
        months.count(&"list 1".into(), &scored);
        let list = &months.lists["list 1"];
        assert_eq!((list.all.messages, list.unplaced, list.months.len()), (2, 1, 1));
    }

    #[test]
    fn bars_have_no_gaps() {
        let months = months(&["2021-11-30", "2022-02-01", "2022-02-02", "some day"]);
        let (name, list) = months.ranked(9)[0];
        let bars = list.bars().unwrap();
        let counts: Vec<_> = bars.counts.iter().map(|count| count.pressing).collect();
        assert_eq!((name, counts.as_slice(), list.unplaced), ("tarn", &[1, 0, 0, 2][..], 1));
        assert_eq!(bars.label(0), "2021-11");
        assert_eq!(months.span(), Some(("2021-11".into(), "2022-02".into())));
    }

    #[test]
    fn wrong_clocks_do_not_stretch_the_chart() {
        let mut dates = vec!["1970-01-01", "2038-01-19"];
        dates.extend(["2022-05-01"; 150]);
        let months = months(&dates);
        let bars = months.ranked(1)[0].1.bars().unwrap();
        assert_eq!((bars.counts.len(), bars.outside), (1, 2));
    }

    #[test]
    fn what_lasts_very_long_is_drawn_by_years() {
        let dates: Vec<String> = (0..45).map(|i| format!("{}-06-01", 1980 + i)).collect();
        let months = months(&dates.iter().map(String::as_str).collect::<Vec<_>>());
        let bars = months.ranked(1)[0].1.bars().unwrap();
        assert_eq!((bars.unit, bars.counts.len(), bars.label(0)), (Unit::Year, 45, "1980".into()));
    }

    #[test]
    fn an_archive_without_dates_has_no_bars() {
        assert!(months(&["never"]).ranked(1)[0].1.bars().is_none());
        assert_eq!(months(&[]).span(), None);
    }
}
