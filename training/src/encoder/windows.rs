//! Cutting a message into what the encoder reads at once.

use std::ops::Range;

/// Most pieces in one window, less the marks at its ends.
pub const WINDOW: usize = 126;

/// Groups neighbouring sentences of `lengths` pieces into windows of at most [`WINDOW`] pieces. Every sentence is in
/// exactly one window; one that is longer than a window has its own.
pub fn windows(lengths: &[usize]) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut pieces = 0;
    for (i, &length) in lengths.iter().enumerate() {
        if i > start && pieces + length > WINDOW {
            all.push(start..i);
            start = i;
            pieces = 0;
        }
        pieces += length;
    }
    if start < lengths.len() {
        all.push(start..lengths.len());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_hold_whole_sentences() {
        assert!(windows(&[]).is_empty());
        assert_eq!(windows(&[3, 4]), vec![0..2]);
        assert_eq!(windows(&[60, 66, 1, 200, 5]), [0..2, 2..3, 3..4, 4..5]);
        assert_eq!(windows(&[0, 0]), vec![0..2]);
    }

    proptest::proptest! {
        #[test]
        fn every_sentence_is_read_once(lengths in proptest::collection::vec(0usize..200, 0..40)) {
            let windows = windows(&lengths);
            let covered: Vec<usize> = windows.iter().flat_map(Clone::clone).collect();
            proptest::prop_assert_eq!(covered, (0..lengths.len()).collect::<Vec<_>>());
            for window in windows {
                let pieces: usize = lengths[window.clone()].iter().sum();
                proptest::prop_assert!(pieces <= WINDOW || window.len() == 1);
            }
        }
    }
}
