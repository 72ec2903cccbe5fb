//! Fields of structured records (JSON, table cells): lenient values, dates, made-up ids.

use std::{borrow::Cow, fmt};

use jiff::{
    Timestamp,
    civil::Time,
    fmt::temporal::{Pieces, PiecesOffset},
    tz::Offset,
};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::message::{Date, Message, Position, Problem};

/// Numbers from here on are milliseconds, below it seconds since 1970 (the year 5138, or 1973).
const MILLISECONDS: u64 = 100_000_000_000;

/// A value of whatever type the source put there.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Field<'a> {
    /// The field is not there.
    #[default]
    Absent,
    Null,
    Text(Cow<'a, str>),
    Flag(bool),
    /// A number, as it would be written.
    Number(String),
    /// A list or an object.
    Nested,
}

impl<'a> Field<'a> {
    pub(super) fn is_absent(&self) -> bool {
        *self == Field::Absent
    }

    /// The text or number, unless it is not there or empty.
    pub(super) fn into_text(self) -> Option<Cow<'a, str>> {
        let text = match self {
            Field::Text(text) => text,
            Field::Number(number) => number.into(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// The text as an owned string; anything that is neither text nor absent is noted on `message`.
    pub(super) fn take_text(self, message: &mut Message) -> Option<String> {
        if matches!(self, Field::Flag(_) | Field::Number(_) | Field::Nested) {
            message.note(Problem::BadField);
        }
        self.into_text().map(Cow::into_owned)
    }
}

/// Takes any value; of an object, the member that is asked for.
struct FieldVisitor {
    member: Option<&'static str>,
}

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Field::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Field::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Field::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Field::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Field::Number(number.to_string()))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Field::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Field::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Field::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Field::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut value = if self.member.is_some() { Field::Absent } else { Field::Nested };
        while let Some(key) = entries.next_key::<Cow<'de, str>>()? {
            if self.member == Some(key.as_ref()) {
                value = entries.next_value()?;
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        Ok(value)
    }
}

/// A value, or of an object its member `member` ([`Field::Absent`] where it has none).
pub(super) fn value_or_member<'de, D: Deserializer<'de>>(
    deserializer: D,
    member: &'static str,
) -> Result<Field<'de>, D::Error> {
    deserializer.deserialize_any(FieldVisitor { member: Some(member) })
}

impl<'de: 'a, 'a> Deserialize<'de> for Field<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor { member: None })
    }
}

/// Sets the date of `message` from `field` and notes what is wrong with it.
pub(super) fn set_date(field: Field<'_>, message: &mut Message) {
    let Some(text) = field.into_text() else { return message.note(Problem::NoDate) };
    message.date = parse_date(text.trim());
    if message.date.is_none() {
        message.note(Problem::BadDate);
    }
}

/// RFC 3339 and its looser relatives (no seconds, no zone, a day alone), RFC 2822, or a number of seconds or
/// milliseconds since 1970. What states no zone is taken as UTC.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    if let Ok(number) = text.parse::<i64>() {
        return from_number(number);
    }
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    parse_iso(text).or_else(|| {
        let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(Date { timestamp: zoned.timestamp(), offset: zoned.offset() })
    })
}

fn parse_iso(text: &str) -> Option<Date> {
    let pieces = Pieces::parse(text).ok()?;
    let offset = match pieces.offset() {
        Some(PiecesOffset::Numeric(numeric)) => numeric.offset(),
        _ => Offset::UTC,
    };
    let local = pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight()));
    Some(Date { timestamp: offset.to_timestamp(local).ok()?, offset })
}

fn from_number(number: i64) -> Option<Date> {
    let timestamp = match number.unsigned_abs() {
        // A bare year, or a day written without dashes, is no instant.
        0..100_000_000 => return None,
        MILLISECONDS.. => Timestamp::from_millisecond(number),
        _ => Timestamp::from_second(number),
    };
    Some(Date { timestamp: timestamp.ok()?, offset: Offset::UTC })
}

/// The id of a message whose source gives it none: the place of its record, and its number there if not the first.
pub(super) fn made_up_id(position: &Position, number: usize) -> String {
    let Position { path, ordinal, .. } = position;
    match number {
        0 => format!("{}#{ordinal}", path.display()),
        _ => format!("{}#{ordinal}.{number}", path.display()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn shown(text: &str) -> Option<String> {
        parse_date(text).map(|date| date.to_string())
    }

    #[test]
    fn dates_of_many_writers() {
        for (text, expected) in [
            ("2024-07-07T14:24:50-07:00", "2024-07-07T14:24:50-07:00"),
            ("2015-06-30T00:50:50Z", "2015-06-30T00:50:50+00:00"),
            ("2004-04-02T02:39:26", "2004-04-02T02:39:26+00:00"),
            ("2019-01-14", "2019-01-14T00:00:00+00:00"),
            ("2019-01-14 10:20:30.5 UTC", "2019-01-14T10:20:30.5+00:00"),
            ("2019-01-14 10:20:30+02:00", "2019-01-14T10:20:30+02:00"),
            ("Mon, 14 Jan 2019 10:20:30 -0500", "2019-01-14T10:20:30-05:00"),
            ("1547461230", "2019-01-14T10:20:30+00:00"),
            ("1547461230000", "2019-01-14T10:20:30+00:00"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_no_calendar_knows_is_no_date() {
        for text in ["", "yesterday", "2019-02-30", "2019-13-01T00:00:00Z", "01/02/2019", "2019", "-", "9e99"]
        {
            assert_eq!(shown(text), None, "{text}");
        }
        assert_eq!(shown(&i64::MAX.to_string()), None);
        assert_eq!(shown(&i64::MIN.to_string()), None);
    }

    #[test]
    fn fields_take_any_type() {
        let fields: Vec<Field<'_>> =
            serde_json::from_str(r#"[null, "a", "\n", true, -1, 2, 1.5, [1, [2]], {"a": {"b": 1}}]"#)
                .unwrap();
        let texts: Vec<_> = fields.iter().map(|field| field.clone().into_text()).collect();
        let texts: Vec<_> = texts.iter().map(Option::as_deref).collect();
        let expected = [None, Some("a"), Some("\n"), None, Some("-1"), Some("2"), Some("1.5"), None, None];
        assert_eq!(texts, expected);
    }
}
