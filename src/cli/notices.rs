//! What goes wrong while reading, on standard error: each failure once, and no flood.

use std::io::{self, Write};

use undue::{
    Error,
    report::{Summary, one_line},
};

/// Damaged places that are told one by one.
const MAX_DAMAGES: u64 = 20;
/// Unreadable inputs that are told one by one.
const MAX_FAILURES: u64 = 200;

/// A line on standard error. If that fails, there is nowhere left to say so.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr(), "undue: {}", one_line(text));
}

/// The counts of a run on standard error, where the report itself is for machines.
pub(super) fn summary(summary: &Summary) {
    let _ = write!(io::stderr(), "{summary}");
}

/// Failures of inputs.
#[derive(Debug, Default)]
pub(super) struct Notices {
    quiet: bool,
    damages: u64,
    failures: u64,
}

impl Notices {
    /// With `quiet`, damage that reading survives is not told.
    pub(super) fn new(quiet: bool) -> Self {
        Self { quiet, ..Self::default() }
    }

    /// The line that tells `err`, if it is to be told.
    pub(super) fn line(&mut self, err: &Error) -> Option<String> {
        let (counter, limit, quiet) = if err.is_fatal() {
            (&mut self.failures, MAX_FAILURES, false)
        } else {
            (&mut self.damages, MAX_DAMAGES, self.quiet)
        };
        *counter += 1;
        match *counter {
            _ if quiet => None,
            n if n <= limit => Some(err.to_string()),
            n if n == limit + 1 => Some("more of these are counted but not told".to_owned()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use undue::ErrorKind;

    use super::*;

    #[test]
    fn a_flood_is_stopped_but_failures_are_told_even_when_quiet() {
        let damage = Error::new(ErrorKind::Damaged("x".into()));
        let failure = Error::new(ErrorKind::Format("y".into()));
        let mut notices = Notices::new(false);
        let told = (0..100).filter_map(|_| notices.line(&damage)).count();
        assert_eq!(told, 21);
        assert_eq!(notices.line(&failure).as_deref(), Some("y"));
        let mut quiet = Notices::new(true);
        assert_eq!(quiet.line(&damage), None);
        assert_eq!(quiet.line(&failure).as_deref(), Some("y"));
    }
}
