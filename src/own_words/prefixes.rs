//! Tables of prefixes. A look at two bytes refuses nearly every line.

use super::line::starts_with_ignore_case;

/// A table of prefixes, each of two bytes at least, and which first two bytes they have.
pub(super) struct Prefixes {
    starts: &'static [&'static str],
    heads: [bool; 256],
    ignore_case: bool,
}

impl Prefixes {
    /// Prefixes that count as they are written.
    pub(super) const fn new(starts: &'static [&'static str]) -> Self {
        Self::build(starts, false)
    }

    /// Prefixes that count in any case of their ASCII letters.
    pub(super) const fn ignoring_case(starts: &'static [&'static str]) -> Self {
        Self::build(starts, true)
    }

    const fn build(starts: &'static [&'static str], ignore_case: bool) -> Self {
        let mut heads = [false; 256];
        let mut i = 0;
        while i < starts.len() {
            heads[head(starts[i].as_bytes()[0], starts[i].as_bytes()[1])] = true;
            i += 1;
        }
        Self { starts, heads, ignore_case }
    }

    /// The number of the prefix that `text` begins with.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        let &[first, second, ..] = text.as_bytes() else { return None };
        if !self.heads[head(first, second)] {
            return None;
        }
        let begins = |start: &&str| {
            let same = start.as_bytes()[1] == second && start.as_bytes()[0] == first;
            self.ignore_case && starts_with_ignore_case(text, start) || same && text.starts_with(start)
        };
        self.starts.iter().position(begins)
    }

    /// True where `text` begins with one of the prefixes.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// True where `word` is itself in the table.
    pub(super) fn has(&self, word: &str) -> bool {
        matches!(word.as_bytes(), [first, second, ..] if self.heads[head(*first, *second)])
            && self.starts.contains(&word)
    }
}

/// A number for two bytes, the same for both cases of a letter.
const fn head(first: u8, second: u8) -> usize {
    (first.to_ascii_lowercase().wrapping_mul(37) ^ second.to_ascii_lowercase()) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_counts_unless_told_otherwise() {
        const EXACT: Prefixes = Prefixes::new(&["To be", "Or not"]);
        const ANY: Prefixes = Prefixes::ignoring_case(&["To be", "Or not"]);
        assert_eq!((EXACT.find("Or not to be"), EXACT.find("or not")), (Some(1), None));
        assert_eq!((ANY.find("OR NOT"), ANY.find("to"), ANY.find("")), (Some(1), None, None));
    }
}
