//! Which messages earlier runs have seen, so that a run reports only what is new.
//!
//! The file is text: a first line `undue-seen 1`, then for each message 24 hexadecimal digits, in the order in which
//! they were last seen. They are the beginning of a SHA-256 over source, id, author, date, subject and body, so that
//! an edited comment is new, and nobody can hide a message behind the id of another.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use crate::{ErrorKind, Message, Result};

const HEAD: &str = "undue-seen 1";
const DIGITS: usize = 24;
/// Messages that are remembered; the oldest are forgotten first.
pub const MAX_SEEN: usize = 1 << 20;
/// Bytes of the largest file that is read.
pub const MAX_SEEN_BYTES: u64 = (HEAD.len() + 1 + MAX_SEEN * (DIGITS + 2)) as u64;

type Mark = [u8; DIGITS / 2];

/// Messages of earlier runs, and those of this one.
#[derive(Debug, Default)]
pub struct Seen {
    before: HashSet<Mark>,
    /// Those of earlier runs, in order.
    old: Vec<Mark>,
    new: Vec<Mark>,
    now: HashSet<Mark>,
}

impl Seen {
    /// Reads what [`Seen::to_text`] wrote.
    ///
    /// # Errors
    /// [`ErrorKind::Format`], with the line, where `text` is nothing of the kind.
    pub fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        if lines.next() != Some(HEAD) {
            let what = format!("line 1: no list of messages that were seen; expected \"{HEAD}\"");
            return Err(ErrorKind::Format(what).into());
        }
        let mut seen = Self::default();
        for (at, line) in lines.enumerate() {
            let Some(mark) = parse_mark(line) else {
                let what = format!("line {}: expected {DIGITS} hexadecimal digits", at + 2);
                return Err(ErrorKind::Format(what).into());
            };
            if seen.before.insert(mark) {
                seen.old.push(mark);
            }
        }
        Ok(seen)
    }

    /// Notes a message of this run. False if an earlier run has seen it.
    pub fn is_new(&mut self, message: &Message) -> bool {
        let mark = mark(message);
        if self.now.insert(mark) {
            self.new.push(mark);
        }
        !self.before.contains(&mark)
    }

    /// What the next run is to know.
    pub fn to_text(&self) -> String {
        let old = self.old.iter().filter(|mark| !self.now.contains(*mark));
        let all: Vec<&Mark> = old.chain(&self.new).collect();
        let kept = &all[all.len().saturating_sub(MAX_SEEN)..];
        let mut text = String::with_capacity(HEAD.len() + 1 + kept.len() * (DIGITS + 1));
        text.push_str(HEAD);
        text.push('\n');
        for mark in kept {
            mark.iter().for_each(|byte| text.push_str(&format!("{byte:02x}")));
            text.push('\n');
        }
        text
    }
}

fn parse_mark(line: &str) -> Option<Mark> {
    if line.len() != DIGITS || !line.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut mark = Mark::default();
    for (at, byte) in mark.iter_mut().enumerate() {
        *byte = u8::from_str_radix(line.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(mark)
}

fn mark(message: &Message) -> Mark {
    let mut hash = Sha256::new();
    let date = message.date.map(|date| date.to_string()).unwrap_or_default();
    let (author, source) = (&message.author, message.source());
    for field in
        [&source, &*message.id, &author.name, &author.address, &date, &message.subject, &message.body]
    {
        // With their lengths, no two messages give the same bytes.
        hash.update((field.len() as u64).to_le_bytes());
        hash.update(field.as_bytes());
    }
    let mut mark = Mark::default();
    mark.copy_from_slice(&hash.finalize()[..DIGITS / 2]);
    mark
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn message(id: &str, body: &str) -> Message {
        Message { id: id.into(), body: body.into(), ..Message::default() }
    }

    #[test]
    fn what_an_earlier_run_saw_is_not_new() {
        let mut first = Seen::default();
        assert!(first.is_new(&message("a", "x")) && first.is_new(&message("b", "x")));
        assert!(first.is_new(&message("a", "x")), "twice in one run");
        let mut second = Seen::parse(&first.to_text()).unwrap();
        assert!(!second.is_new(&message("a", "x")));
        assert!(second.is_new(&message("a", "edited")) && second.is_new(&message("c", "x")));
        let third = Seen::parse(&second.to_text()).unwrap();
        assert_eq!(third.before.len(), 4);
        assert_eq!(third.to_text(), second.to_text());
        // The one that was not there this time is the oldest now.
        assert_eq!(third.old[0], mark(&message("b", "x")));
    }

    #[test]
    fn fields_do_not_run_into_each_other() {
        assert_ne!(mark(&message("ab", "c")), mark(&message("a", "bc")));
    }

    #[test]
    fn anything_else_is_refused_with_its_line() {
        for (text, wanted) in [
            ("", "line 1: "),
            ("undue-seen 2\n", "line 1: "),
            ("undue-seen 1\n0123\n", "line 2: "),
            ("undue-seen 1\n0123456789abcdef01234567\n0123456789abcdef0123456é\n", "line 3: "),
        ] {
            let err = Seen::parse(text).unwrap_err().to_string();
            assert!(err.starts_with(wanted), "{text}: {err}");
        }
    }
}
