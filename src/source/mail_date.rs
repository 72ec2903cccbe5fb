//! Dates as mail writes them: RFC 5322 with its obsolete forms, asctime (mbox envelopes), RFC 3339.
//!
//! The library's own date parser accepts days that no month has and wraps what does not fit; here the calendar
//! has the last word, and a reading that it refuses is none.

use jiff::{
    civil,
    fmt::temporal::{Pieces, PiecesOffset},
    tz::Offset,
};

use crate::message::Date;

/// No header date is longer; what stands behind it is not looked at.
const MAX_LEN: usize = 256;

/// Years outside this range come from broken clocks (mail is no older, and 2106 is where 32 bits end).
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2099;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Zone names of RFC 5322 and those that old mailers write; a name that means several zones is not here.
const ZONES: [(&str, i32); 30] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("est", -500),
    ("edt", -400),
    ("cst", -600),
    ("cdt", -500),
    ("mst", -700),
    ("mdt", -600),
    ("pst", -800),
    ("pdt", -700),
    ("akst", -900),
    ("akdt", -800),
    ("hst", -1000),
    ("bst", 100),
    ("west", 100),
    ("cet", 100),
    ("met", 100),
    ("cest", 200),
    ("mest", 200),
    ("eet", 200),
    ("eest", 300),
    ("msk", 300),
    ("jst", 900),
    ("kst", 900),
    ("aest", 1000),
    ("aedt", 1100),
    ("nzst", 1200),
];

/// The date in `text`, or `None` where there is none that the calendar knows. A missing or unknown zone is UTC.
pub(super) fn parse_mail_date(text: &str) -> Option<Date> {
    let text = without_comments(text);
    let text = text.trim();
    if text.get(..5).is_some_and(|t| t.ends_with('-') && t.bytes().take(4).all(|b| b.is_ascii_digit())) {
        return iso_date(text);
    }
    let mut fields = Fields::default();
    for token in text.split(|c: char| c.is_whitespace() || c == ',').filter(|t| !t.is_empty()) {
        fields.take(token)?;
    }
    fields.date()
}

/// True for `Mon`, `Mon,` and `Monday`.
pub(super) fn is_weekday(token: &str) -> bool {
    position(&WEEKDAYS, token.trim_end_matches(',')).is_some()
}

/// True for `Jan` and `January`.
pub(super) fn is_month(token: &str) -> bool {
    position(&MONTHS, token).is_some()
}

fn position(names: &[&str], token: &str) -> Option<usize> {
    if !token.bytes().all(|b| b.is_ascii_alphabetic()) || token.len() > 9 {
        return None;
    }
    let start = token.get(..3)?;
    names.iter().position(|name| name.eq_ignore_ascii_case(start))
}

/// RFC 3339 and its like with a space between date and time.
fn iso_date(text: &str) -> Option<Date> {
    // A space before the offset (`2024-01-02 03:04:05 +0100`) is how git and many exporters write it.
    let joined = match text.rsplit_once(' ') {
        Some((rest, zone)) if zone.starts_with(['+', '-']) => format!("{rest}{zone}"),
        Some((rest, "UTC" | "GMT" | "Z")) => format!("{rest}Z"),
        _ => text.to_owned(),
    };
    let pieces = Pieces::parse(joined.as_str()).ok()?;
    let offset = match pieces.offset() {
        Some(PiecesOffset::Numeric(numeric)) => numeric.offset(),
        _ => Offset::UTC,
    };
    dated(pieces.date().to_datetime(pieces.time()?), offset)
}

fn dated(civil: civil::DateTime, offset: Offset) -> Option<Date> {
    let timestamp = offset.to_timestamp(civil).ok()?;
    YEARS.contains(&civil.year()).then_some(Date { timestamp, offset })
}

/// `text` up to the length limit without its parenthesised comments.
fn without_comments(text: &str) -> String {
    let mut depth = 0usize;
    let mut kept = String::with_capacity(text.len().min(MAX_LEN));
    for c in text.chars().take(MAX_LEN) {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

#[derive(Default)]
struct Fields {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<civil::Time>,
    afternoon: Option<bool>,
    offset: Option<Offset>,
}

impl Fields {
    /// Takes in one token; `None` where it makes the date impossible.
    fn take(&mut self, token: &str) -> Option<()> {
        let first = token.chars().next()?;
        if first.is_ascii_digit() && token.contains(':') {
            self.take_time(token)
        } else if first.is_ascii_digit() && token.contains('-') {
            // 2-Jan-2006
            token.split('-').filter(|t| !t.is_empty()).try_for_each(|t| self.take(t))
        } else if first.is_ascii_digit() {
            self.take_number(token)
        } else if matches!(first, '+' | '-') && self.time.is_some() {
            self.take_offset(token)
        } else {
            self.take_word(token)
        }
    }

    fn take_time(&mut self, token: &str) -> Option<()> {
        let end = token.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(token.len());
        let mut parts = token[..end].split(':').map(|p| p.split('.').next().unwrap_or(p));
        let (hour, minute) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let second: i8 = parts.next().map_or(Some(0), |s| s.parse().ok())?;
        // A leap second is the second before it to every calendar that follows.
        let second = if second == 60 { 59 } else { second };
        self.time = Some(civil::Time::new(hour, minute, second, 0).ok()?);
        if end < token.len() { self.take(&token[end..]) } else { Some(()) }
    }

    fn take_number(&mut self, token: &str) -> Option<()> {
        let number: i16 = token.parse().ok()?;
        match (token.len(), self.day, self.year) {
            (1 | 2, None, _) => self.day = Some(i8::try_from(number).ok()?),
            // RFC 5322, 4.3: two digits below 50 are of this century, three count from 1900.
            (2, _, None) => self.year = Some(if number < 50 { 2000 + number } else { 1900 + number }),
            (3, _, None) => self.year = Some(1900 + number),
            (4, _, None) => self.year = Some(number),
            _ => return None,
        }
        Some(())
    }

    fn take_offset(&mut self, token: &str) -> Option<()> {
        if self.offset.is_some() {
            return Some(());
        }
        let digits: String = token[1..].chars().filter(|&c| c != ':').collect();
        let number: i32 = digits.parse().ok()?;
        let (hours, minutes) = if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
        if hours > 15 || minutes > 59 {
            return None;
        }
        let seconds = (hours * 60 + minutes) * 60;
        self.offset =
            Some(Offset::from_seconds(if token.starts_with('-') { -seconds } else { seconds }).ok()?);
        Some(())
    }

    fn take_word(&mut self, token: &str) -> Option<()> {
        if let Some(month) = position(&MONTHS, token).filter(|_| self.month.is_none()) {
            self.month = i8::try_from(month + 1).ok();
        } else if token.eq_ignore_ascii_case("am") || token.eq_ignore_ascii_case("pm") {
            self.afternoon = Some(token.eq_ignore_ascii_case("pm"));
        } else if let Some(at) = token.find(['+', '-']).filter(|_| self.time.is_some()) {
            // GMT+0200; other words with a dash are ignored as any unknown word is.
            return if token[at + 1..].starts_with(|c: char| c.is_ascii_digit()) {
                self.take_offset(&token[at..])
            } else {
                Some(())
            };
        } else if let Some((_, zone)) = ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(token)) {
            self.offset = self.offset.or(Offset::from_hours(i8::try_from(zone / 100).ok()?).ok());
        }
        Some(())
    }

    fn date(self) -> Option<Date> {
        let date = civil::Date::new(self.year?, self.month?, self.day?).ok()?;
        let mut time = self.time?;
        match (self.afternoon, time.hour()) {
            (Some(true), hour @ 0..=11) => {
                time = civil::Time::new(hour + 12, time.minute(), time.second(), 0).ok()?
            }
            (Some(false), 12) => time = civil::Time::new(0, time.minute(), time.second(), 0).ok()?,
            _ => {}
        }
        dated(date.to_datetime(time), self.offset.unwrap_or(Offset::UTC))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        parse_mail_date(text).map_or_else(|| "none".into(), |date| date.to_string())
    }

    #[test]
    fn known_forms() {
        for (text, expected) in [
            ("Mon, 2 Jan 2006 15:04:05 -0700", "2006-01-02T15:04:05-07:00"),
            (" 2 Jan 2006 15:04 +0530 (IST)\n", "2006-01-02T15:04:00+05:30"),
            ("Mon Jan  2 15:04:05 2006", "2006-01-02T15:04:05+00:00"),
            ("Mon Jan  2 15:04:05 EST 2006", "2006-01-02T15:04:05-05:00"),
            ("Mon Jan  2 15:04:05 +0100 2006", "2006-01-02T15:04:05+01:00"),
            ("Monday, 02-Jan-06 15:04:05 GMT", "2006-01-02T15:04:05+00:00"),
            ("Mon, 2 Jan 2006 15:04:05 GMT+0200", "2006-01-02T15:04:05+02:00"),
            ("Mon, 2 Jan 2006 15:04:05", "2006-01-02T15:04:05+00:00"),
            ("Mon, 2 Jan 99 15:04:05 +0000", "1999-01-02T15:04:05+00:00"),
            ("Mon, 2 Jan 102 15:04:05 +0000", "2002-01-02T15:04:05+00:00"),
            ("Mon, 2 Jan 2006 03:04:05 PM -0800", "2006-01-02T15:04:05-08:00"),
            ("Sat, 31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59:59+00:00"),
            ("2006-01-02T15:04:05+01:00", "2006-01-02T15:04:05+01:00"),
            ("2006-01-02 15:04:05 +0100", "2006-01-02T15:04:05+01:00"),
            ("Wrongday, 2 Jan 2006 15:04:05 Pacific Daylight Time", "2006-01-02T15:04:05+00:00"),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }

    #[test]
    fn impossible_dates() {
        for text in [
            "",
            "yesterday",
            "Mon, 30 Feb 2006 15:04:05 +0000",
            "Mon, 2 Jan 2006 27:04:05 +0000",
            "Mon, 2 Jan 2006 15:61:05 +0000",
            "Mon, 2 Jan 2106 15:04:05 +0000",
            "Mon, 2 Jan 1904 15:04:05 +0000",
            "Mon, 2 Jan 2006 15:04:05 +9900",
            "Mon, 2 Jan 2006",
            "2006-02-30T15:04:05Z",
            "Mon, 99999999999999 Jan 2006 15:04:05",
        ] {
            assert_eq!(shown(text), "none", "{text:?}");
        }
    }
}
