//! Tables of prefixes. A look at two bytes refuses nearly every line.

use super::line::starts_with_ignore_case;

/// A table of prefixes, each of two bytes at least, and lists of those that begin with the same two.
pub(super) struct Prefixes {
    starts: &'static [&'static str],
    /// For each number of two bytes, the first prefix that begins with such, or [`NONE`].
    first: [u8; 256],
    /// For each prefix, the next one of the same list, or [`NONE`].
    next: [u8; NONE as usize],
    ignore_case: bool,
}

/// Ends a list; so many prefixes a table may have.
const NONE: u8 = 255;

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
        assert!(starts.len() <= NONE as usize);
        let mut first = [NONE; 256];
        let mut next = [NONE; NONE as usize];
        // From the last to the first, so that each list is in order.
        let mut i = starts.len();
        while i > 0 {
            i -= 1;
            let head = head(starts[i].as_bytes()[0], starts[i].as_bytes()[1]);
            next[i] = first[head];
            first[head] = i as u8;
        }
        Self { starts, first, next, ignore_case }
    }

    /// The number of the prefix that `text` begins with.
    #[inline]
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        let begins = |start: &str| {
            if self.ignore_case { starts_with_ignore_case(text, start) } else { text.starts_with(start) }
        };
        self.candidates(text).find(|&i| begins(self.starts[i]))
    }

    /// The numbers of the prefixes that begin, in some case, as `text` does.
    #[inline]
    fn candidates(&self, text: &str) -> impl Iterator<Item = usize> {
        let first = match text.as_bytes() {
            &[first, second, ..] => self.first[head(first, second)],
            _ => NONE,
        };
        let listed = |i: u8| (i != NONE).then_some(i);
        std::iter::successors(listed(first), move |&i| listed(self.next[usize::from(i)])).map(usize::from)
    }

    /// True where `text` begins with one of the prefixes.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// True where `word` is itself in the table.
    pub(super) fn has(&self, word: &str) -> bool {
        self.candidates(word).any(|i| self.starts[i] == word)
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
