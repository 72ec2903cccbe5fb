//! Word pieces: greedy longest match (WordPiece, Wu et al. 2016), uncased.

use rustc_hash::FxHashMap;
use undue::features::fold;

use super::WINDOW;

/// Words of more bytes than this are no words.
const MAX_WORD: usize = 64;

/// What stands before a piece that continues a word.
const CONTINUED: &str = "##";

/// The pieces that an encoder knows, by number.
#[derive(Debug)]
pub struct Pieces {
    beginning: FxHashMap<Box<str>, u32>,
    continued: FxHashMap<Box<str>, u32>,
}

impl Pieces {
    /// Mark at the start of a window.
    pub const START: u32 = 0;
    /// Mark at its end.
    pub const END: u32 = 1;
    /// A word that cannot be put together.
    pub const UNKNOWN: u32 = 2;

    /// Pieces from a list, one a line; the first three are the marks above, whatever they are called.
    pub fn new(list: &str) -> Self {
        let (mut beginning, mut continued) = (FxHashMap::default(), FxHashMap::default());
        for (number, piece) in (0u32..).zip(list.lines()).skip(3) {
            match piece.strip_prefix(CONTINUED) {
                Some(rest) if !rest.is_empty() => continued.insert(rest.into(), number),
                _ => beginning.insert(piece.into(), number),
            };
        }
        Self { beginning, continued }
    }

    /// The pieces of a sentence, at most [`WINDOW`].
    pub fn split(&self, sentence: &str) -> Vec<u32> {
        let lower = fold(sentence).text().to_lowercase();
        let mut pieces = Vec::new();
        for word in lower.split(char::is_whitespace) {
            for_each_part(word, |part| self.split_word(part, &mut pieces));
            if pieces.len() >= WINDOW {
                pieces.truncate(WINDOW);
                break;
            }
        }
        pieces
    }

    fn split_word(&self, word: &str, pieces: &mut Vec<u32>) {
        let begun = pieces.len();
        let mut rest = word;
        let mut table = &self.beginning;
        while !rest.is_empty() {
            let Some((number, len)) = longest(table, rest).filter(|_| word.len() <= MAX_WORD) else {
                pieces.truncate(begun);
                pieces.push(Self::UNKNOWN);
                return;
            };
            pieces.push(number);
            rest = &rest[len..];
            table = &self.continued;
        }
    }
}

/// The longest piece that `text` begins with, and its length.
fn longest(table: &FxHashMap<Box<str>, u32>, text: &str) -> Option<(u32, usize)> {
    let limit = text.len().min(MAX_WORD);
    (1..=limit)
        .rev()
        .filter(|&len| text.is_char_boundary(len))
        .find_map(|len| table.get(&text[..len]).map(|&number| (number, len)))
}

/// Calls `f` with runs of letters and digits, and with every other visible character by itself.
fn for_each_part(word: &str, mut f: impl FnMut(&str)) {
    let mut start = 0;
    for (at, c) in word.char_indices() {
        if c.is_alphanumeric() && !is_ideograph(c) {
            continue;
        }
        if start < at {
            f(&word[start..at]);
        }
        start = at + c.len_utf8();
        if !c.is_control() {
            f(&word[at..start]);
        }
    }
    if start < word.len() {
        f(&word[start..]);
    }
}

/// Chinese characters are words by themselves.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "[START]\n[END]\n[UNKNOWN]\nmerge\n##d\n##s\nme\n##rg\n,\n\u{4f60}\n#\n##";

    fn split(text: &str) -> Vec<u32> {
        Pieces::new(LIST).split(text)
    }

    #[test]
    fn the_longest_piece_is_taken() {
        assert_eq!(split("Merged, MERGES"), [3, 4, 8, 3, 5]);
        assert_eq!(split("merg"), [6, 7]);
        assert_eq!(split("#"), [10]);
        assert_eq!(split(""), [0u32; 0]);
    }

    #[test]
    fn what_cannot_be_put_together_is_unknown() {
        assert_eq!(split("mergexyz me"), [Pieces::UNKNOWN, 6]);
        assert_eq!(split("\u{4f60}\u{4f60}"), [9, 9]);
        assert_eq!(split(&"me".repeat(50)), [Pieces::UNKNOWN]);
    }

    #[test]
    fn disguises_are_folded() {
        assert_eq!(split("\u{ff4d}\u{ff45}rg\u{200b}e"), [3]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_split_within_bounds(text in "\\PC{0,300}") {
            let pieces = split(&text);
            proptest::prop_assert!(pieces.len() <= WINDOW);
            proptest::prop_assert!(pieces.iter().all(|&piece| piece < 12));
        }
    }
}
