//! mbox envelope lines (`From sender date`) and the evidence that one really starts a message.
//!
//! Prose may begin a line with `From `, and pasted mail may even look like an envelope; what it lacks is a date in
//! the form of RFC 4155, or the header lines behind it.

use super::{
    header::{field_name_len, is_well_known},
    mail_date::{is_month, is_weekday, parse_mail_date},
};
use crate::message::Date;

/// A longer line is prose or damage.
const MAX_ENVELOPE: usize = 1024;

/// The constant date of the envelopes that `git format-patch` writes.
const GIT_DATE: &str = "Mon Sep 17 00:00:00 2001";

/// An envelope line with a date.
#[derive(Debug, PartialEq)]
pub(super) struct Envelope {
    /// Its date, if the calendar knows it.
    pub(super) date: Option<Date>,
    /// True for the envelope of a git patch. Patches are quoted whole in mail, so that such a line is an envelope
    /// only in files that consist of patches.
    pub(super) git: bool,
}

impl Envelope {
    /// Reads `line` (`From ` and what follows); `None` where no date stands in it.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        if line.len() > MAX_ENVELOPE {
            return None;
        }
        let line = String::from_utf8_lossy(line.strip_prefix(b"From ")?);
        let tokens: Vec<&str> = line.split_whitespace().collect();
        let start = (0..tokens.len()).find(|&i| starts_date(&tokens[i..]))?;
        // "remote from host", as uucp wrote it, stands behind the date.
        let end = tokens.iter().position(|&t| t == "remote").filter(|&e| e > start).unwrap_or(tokens.len());
        let date = tokens[start..end].join(" ");
        let git = date == GIT_DATE && start == 1 && is_object_id(tokens[0]);
        Some(Self { date: if git { None } else { parse_mail_date(&date) }, git })
    }
}

fn is_object_id(token: &str) -> bool {
    matches!(token.len(), 40 | 64) && token.bytes().all(|b| b.is_ascii_hexdigit())
}

/// True where `tokens` begins with weekday, month, day, time and has a year near: asctime with zones in any place,
/// the order of RFC 5322, or an ISO date.
fn starts_date(tokens: &[&str]) -> bool {
    match tokens {
        [weekday, a, b, time, rest @ ..] if is_weekday(weekday) => {
            ((is_month(a) && is_day(b) && is_time(time) && rest.iter().take(3).any(|t| is_year(t)))
                || (is_day(a) && is_month(b) && is_year(time) && rest.first().is_some_and(|t| is_time(t))))
                && rest.len() < 12
        }
        [date, rest @ ..] => is_iso(date) && (date.contains('T') || rest.first().is_some_and(|t| is_time(t))),
        [] => false,
    }
}

fn is_day(token: &str) -> bool {
    token.len() <= 2 && token.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
}

fn is_year(token: &str) -> bool {
    matches!(token.len(), 2 | 4) && token.bytes().all(|b| b.is_ascii_digit())
}

fn is_time(token: &str) -> bool {
    let mut parts = token.split(':');
    let digits = |p: Option<&str>| p.is_some_and(|p| matches!(p.len(), 1 | 2) && p.parse::<u8>().is_ok());
    digits(parts.next()) && digits(parts.next()) && parts.next().is_none_or(|p| digits(Some(p)))
}

fn is_iso(token: &str) -> bool {
    let bytes = token.as_bytes();
    bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[..4].iter().all(u8::is_ascii_digit)
}

/// What stands behind a supposed envelope line.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Evidence {
    /// The very next line is a header line.
    pub(super) first: bool,
    /// Header lines before the blank line or the end of what was looked at (two are enough to know).
    pub(super) headers: usize,
    /// One of them has a name that every mail bears.
    pub(super) known: bool,
}

/// Looks at the lines behind a supposed envelope; up to three may be broken (`>From ` of a second envelope,
/// unfolded continuations).
pub(super) fn evidence(behind: &[u8]) -> Evidence {
    let mut seen = Evidence::default();
    let mut broken = 0;
    for (i, line) in behind.split(|&b| b == b'\n').enumerate() {
        match line {
            [] | [b'\r'] => break,
            [b' ' | b'\t', ..] if seen.headers > 0 => {}
            _ => match field_name_len(line) {
                Some(len) => {
                    seen.headers += 1;
                    seen.first |= i == 0;
                    seen.known |= is_well_known(&line[..len]);
                }
                None => broken += 1,
            },
        }
        if broken > 3 || seen.headers >= 4 {
            break;
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn envelopes() {
        for line in [
            "From mara@example.org Mon Jan  2 15:04:05 2006",
            "From mara@example.org  Mon Jan  2 15:04 2006\r\n",
            "From mara at example.org  Mon Jan  2 15:04:05 2006\n",
            "From  Mon Jan  2 15:04:05 2006",
            "From - Mon Jan  2 15:04:05 2006",
            "From MAILER-DAEMON Mon Jan  2 15:04:05 CET 2006",
            "From mara Mon Jan  2 15:04:05 2006 +0100",
            "From mara Mon Jan  2 15:04:05 +0000 2006",
            "From mara!host Mon Jan  2 15:04:05 2006 remote from elsewhere",
            "From 1600000000000@xxx Mon Jan 02 15:04:05 +0000 2006",
            "From mara@example.org Mon, 2 Jan 2006 15:04:05 +0000",
            "From mara@example.org 2006-01-02T15:04:05Z",
        ] {
            let envelope = Envelope::parse(line.as_bytes());
            assert!(envelope.is_some_and(|e| e.date.is_some() && !e.git), "{line:?}");
        }
    }

    #[test]
    fn prose() {
        for line in [
            "From the docs: call close() twice",
            "From Monday on we freeze",
            "From Mon Jan 2 we freeze",
            "From what I saw on Mon Jan 2 at noon",
            "from mara Mon Jan  2 15:04:05 2006",
            ">From mara Mon Jan  2 15:04:05 2006",
            "From mara Mon Jan 42 15:04:05 2006",
        ] {
            assert_eq!(Envelope::parse(line.as_bytes()), None, "{line:?}");
        }
    }

    #[test]
    fn a_date_of_no_calendar_is_still_an_envelope() {
        let envelope = Envelope::parse(b"From mara Tue Feb 30 15:04:05 2006").unwrap();
        assert_eq!(envelope, Envelope { date: None, git: false });
    }

    #[test]
    fn git_patches_are_told_apart() {
        let line = format!("From {} {GIT_DATE}\n", "0123456789".repeat(4));
        assert!(Envelope::parse(line.as_bytes()).unwrap().git);
    }

    #[test]
    fn evidence_counts_header_lines() {
        let seen = evidence(b"From: a\n\tfolded\nSubject: b\n\nbody: no\n");
        assert_eq!(seen, Evidence { first: true, headers: 2, known: true });
        let seen = evidence(b">From b Mon Jan  2 15:04:05 2006\nFrom: a\n");
        assert_eq!(seen, Evidence { first: false, headers: 1, known: true });
        assert_eq!(evidence(b"so they said\nand left\nfor good\nthat day\nNote: x"), Evidence::default());
        assert_eq!(evidence(b"\nFrom: a\n"), Evidence::default());
        assert_eq!(evidence(b"http://example.org\n\n").headers, 0);
    }
}
