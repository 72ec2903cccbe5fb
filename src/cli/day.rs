//! Dates as arguments: a day, or an instant.

use jiff::{Timestamp, ToSpan, civil::Date, tz::Offset};

/// From when on: a day counts from its first second (UTC).
pub(super) fn since(text: &str) -> Result<Timestamp, String> {
    match text.parse::<Date>() {
        Ok(day) if is_day(text) => start(day),
        _ => instant(text),
    }
}

/// Up to when, exclusive: a day counts to its last second (UTC).
pub(super) fn until(text: &str) -> Result<Timestamp, String> {
    match text.parse::<Date>() {
        Ok(day) if is_day(text) => start(day.checked_add(1.day()).map_err(|err| err.to_string())?),
        _ => instant(text),
    }
}

/// The parser of days would take an instant too, and forget its time.
fn is_day(text: &str) -> bool {
    !text.contains([':', 'T', 't', ' '])
}

fn start(day: Date) -> Result<Timestamp, String> {
    Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).map_err(|err| err.to_string())
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "wanted is a day (2024-03-29) or an instant (2024-03-29T12:00:00Z)".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_instants_exact() {
        let shown = |time: Result<Timestamp, String>| time.map(|time| time.to_string());
        assert_eq!(shown(since("2024-02-29")), Ok("2024-02-29T00:00:00Z".into()));
        assert_eq!(shown(until("2024-02-29")), Ok("2024-03-01T00:00:00Z".into()));
        assert_eq!(shown(until("2024-02-29T12:00:00+02:00")), Ok("2024-02-29T10:00:00Z".into()));
        for wrong in ["2024-02-30", "yesterday", "2024", "2024-02-29T12:00:00", ""] {
            assert!(since(wrong).is_err() && until(wrong).is_err(), "{wrong}");
        }
    }
}
