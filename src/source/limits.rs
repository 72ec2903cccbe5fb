//! What an input may cost, and how a command line says otherwise.

use crate::error::{ErrorKind, Result};

/// The names that [`Limits::set`] knows, each with the least that makes sense.
const NAMES: [(&str, u64); 3] = [("record-size", 1 << 10), ("decompressed-size", 1 << 10), ("ratio", 1)];

/// What one input may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one record (a mail, a line, a row); what is longer is cut and marked.
    pub record_bytes: usize,
    /// Bytes that one compressed input may give.
    pub decompressed_bytes: u64,
    /// How many times larger than its compressed form an input may be, beyond the first 16 MiB.
    pub ratio: u64,
}

impl Default for Limits {
    /// 32 MiB a record, 64 GiB an input, a thousand times its compressed size.
    fn default() -> Self {
        Self { record_bytes: 32 << 20, decompressed_bytes: 64 << 30, ratio: 1000 }
    }
}

impl Limits {
    /// Changes one limit by an assignment of the form `NAME=NUMBER`: `record-size` and `decompressed-size` in bytes
    /// (`K`, `M` and `G` behind the number multiply by powers of 1024), or `ratio`.
    ///
    /// # Errors
    /// If no limit has that name, or the number is none or too small to be meant.
    pub fn set(&mut self, assignment: &str) -> Result<()> {
        let (name, value) = assignment.split_once('=').unwrap_or((assignment, ""));
        let Some((name, least)) = NAMES.into_iter().find(|(known, _)| *known == name) else {
            let names = NAMES.map(|(name, _)| name).join(", ");
            return Err(ErrorKind::Format(format!("no limit is called \"{name}\"; there are {names}")).into());
        };
        let Some(number) = number(value).filter(|number| *number >= least) else {
            let what = format!("\"{assignment}\" is no limit: wanted is {name}=NUMBER, at least {least}");
            return Err(ErrorKind::Format(what).into());
        };
        match name {
            "record-size" => self.record_bytes = usize::try_from(number).unwrap_or(usize::MAX),
            "decompressed-size" => self.decompressed_bytes = number,
            _ => self.ratio = number,
        }
        Ok(())
    }
}

/// `64`, `64K`, `64M` or `64G`.
fn number(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(['K', 'M', 'G']);
    let unit = match &text[digits.len()..] {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn limits_are_set_by_name() {
        let mut limits = Limits::default();
        for assignment in ["record-size=64K", "decompressed-size=2G", "ratio=50"] {
            limits.set(assignment).unwrap();
        }
        assert_eq!(limits, Limits { record_bytes: 64 << 10, decompressed_bytes: 2 << 30, ratio: 50 });
        limits.set("record-size=4096").unwrap();
        assert_eq!(limits.record_bytes, 4096);
    }

    #[test]
    fn what_is_no_limit_is_refused_and_changes_nothing() {
        let mut limits = Limits::default();
        for assignment in [
            "",
            "ratio",
            "ratio=",
            "ratio=0",
            "ratio=-1",
            "ratio=1KK",
            "record-size=12",
            "record-size=1T",
            "record-size=99999999999G",
            "patience=3",
        ] {
            assert!(limits.set(assignment).is_err(), "{assignment}");
        }
        assert_eq!(limits, Limits::default());
        assert!(limits.set("patience=3").unwrap_err().to_string().contains("decompressed-size"));
    }
}
