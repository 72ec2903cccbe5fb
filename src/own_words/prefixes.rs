//! Tables of prefixes. A look at the first byte refuses nearly every line.

use super::line::starts_with_ignore_case;

/// A table of prefixes and the bytes that they begin with.
pub(super) struct Prefixes {
    starts: &'static [&'static str],
    first: [bool; 256],
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
        let mut first = [false; 256];
        let mut i = 0;
        while i < starts.len() {
            let byte = starts[i].as_bytes()[0];
            first[byte as usize] = true;
            if ignore_case {
                first[byte.to_ascii_lowercase() as usize] = true;
                first[byte.to_ascii_uppercase() as usize] = true;
            }
            i += 1;
        }
        Self { starts, first, ignore_case }
    }

    /// The number of the prefix that `text` begins with.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        let first = *bytes.first().filter(|&&b| self.first[usize::from(b)])?;
        // Most of those that share the first byte differ in the second.
        let second = bytes.get(1);
        self.starts.iter().position(|start| {
            let head = start.as_bytes();
            if self.ignore_case {
                head[0].eq_ignore_ascii_case(&first) && starts_with_ignore_case(text, start)
            } else {
                head[0] == first && (head.len() < 2 || second == Some(&head[1])) && text.starts_with(start)
            }
        })
    }

    /// True where `text` begins with one of the prefixes.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.find(text).is_some()
    }
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
