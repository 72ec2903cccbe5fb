//! Letters written apart: `p l e a s e`, `m-e-r-g-e`.

use super::{lexicon, unmask::Edit};

/// Letters of a run that are looked at together.
const MAX_LETTERS: usize = 256;
/// Separators between two letters.
const MAX_GAP: usize = 4;
/// Separators that people write between the letters of any word. (Lists of letters have others.)
const JOINING: &[u8] = b"-._*~+";
/// What a word, a short word, and a letter that belongs to none cost when a run is cut into words.
const WORD: u32 = 2;
const SHORT_WORD: u32 = 3;
const LETTER: u32 = 5;

/// Letters of a run that are one word, by their places in it.
#[derive(Debug)]
struct Word {
    from: usize,
    to: usize,
    is_known: bool,
}

impl Word {
    fn len(&self) -> usize {
        self.to - self.from
    }
}

/// Looks for a run that begins at `at`, and gives where it ends; if it reads as words, adds them to `edits`.
///
/// Between other separators than spaces a run is written to be read as words, so that what is unknown in it is a word
/// as well; between spaces it is only if known words fill most of it.
pub(super) fn find(bytes: &[u8], at: usize, edits: &mut Vec<Edit>) -> Option<usize> {
    let separator = *bytes.get(at + 1)?;
    let letters = letters(bytes, at, separator)?;
    let end = letters.last().map(|last| last + 1);
    let words = cut(bytes, &letters);
    let longest = words.iter().filter(|word| word.is_known).map(Word::len).max().unwrap_or_default();
    let reads = if separator == b' ' {
        let covered: usize = words.iter().filter(|word| word.is_known && word.len() > 2).map(Word::len).sum();
        // Three letters in a row are too often three names.
        longest >= 4 && covered * 2 >= letters.len()
    } else {
        longest >= 3 && words.iter().all(|word| word.is_known)
    };
    if reads {
        push(bytes, &letters, words, edits);
    } else if is_word_written_apart(bytes, &letters, separator) {
        push(bytes, &letters, whole(&letters), edits);
    }
    end
}

/// True for what was some word before its letters were put apart, though a word that is not known: more letters than
/// people list, and between spaces neither in the order of the alphabet nor with capitals inside.
fn is_word_written_apart(bytes: &[u8], letters: &[usize], separator: u8) -> bool {
    if separator == b' ' {
        let is_lower = letters[1..].iter().all(|&at| bytes[at].is_ascii_lowercase());
        letters.len() >= 5 && is_lower && !lower(bytes, letters).as_bytes().is_sorted()
    } else {
        letters.len() >= 4 && JOINING.contains(&separator)
    }
}

fn push(bytes: &[u8], letters: &[usize], words: Vec<Word>, edits: &mut Vec<Edit>) {
    edits.extend(words.into_iter().filter(|word| word.len() > 1).map(|Word { from, to, .. }| Edit {
        range: letters[from]..letters[to - 1] + 1,
        word: lower(bytes, &letters[from..to]),
    }));
}

/// A run as words that are known to nobody: one, or more where some gaps are wider.
fn whole(letters: &[usize]) -> Vec<Word> {
    let narrow = narrow(letters);
    let mut words = Vec::new();
    let mut from = 0;
    for to in 1..=letters.len() {
        if to == letters.len() || letters[to] - letters[to - 1] > narrow {
            words.push(Word { from, to, is_known: false });
            from = to;
        }
    }
    words
}

fn narrow(letters: &[usize]) -> usize {
    letters.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or_default()
}

/// The offsets of at least three single letters from `at` on, with nothing but `separator` between.
fn letters(bytes: &[u8], at: usize, separator: u8) -> Option<Vec<usize>> {
    if separator.is_ascii_alphanumeric()
        || matches!(separator, b'\n' | b'\r' | b'\'')
        || !separator.is_ascii()
    {
        return None;
    }
    let is_single = |at: usize| {
        bytes.get(at).is_some_and(u8::is_ascii_alphabetic)
            && bytes.get(at + 1).is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'\'' && b.is_ascii())
    };
    let mut letters = Vec::new();
    let mut next = at;
    while is_single(next) && letters.len() < MAX_LETTERS {
        letters.push(next);
        let gap = bytes[next + 1..].iter().take(MAX_GAP).take_while(|&&b| b == separator).count();
        if gap == 0 {
            break;
        }
        next += 1 + gap;
    }
    (letters.len() >= 3).then_some(letters)
}

/// Cuts a run into words, at the least cost. A gap wider than others lies between two words.
fn cut(bytes: &[u8], letters: &[usize]) -> Vec<Word> {
    let narrow = narrow(letters);
    let is_wide = |i: usize| letters[i] - letters[i - 1] > narrow;
    let text = lower(bytes, letters);
    // best[i]: the cost of the letters before i, and where the last word begins.
    let mut best = vec![(0, 0)];
    for end in 1..=letters.len() {
        let mut choice = (best[end - 1].0 + LETTER, end - 1);
        for start in (end.saturating_sub(lexicon::LONGEST)..end).rev() {
            let word = &text[start..end];
            let cost = if word.len() < 3 { SHORT_WORD } else { WORD };
            if best[start].0 + cost < choice.0 && lexicon::is_any_word(word) {
                choice = (best[start].0 + cost, start);
            }
            if start > 0 && is_wide(start) {
                break;
            }
        }
        best.push(choice);
    }
    let mut words = Vec::new();
    let mut to = letters.len();
    while to > 0 {
        let from = best[to].1;
        let is_known = lexicon::is_any_word(&text[from..to]);
        words.push(Word { from, to, is_known });
        to = from;
    }
    words.reverse();
    joined(&text, words, is_wide)
}

/// Makes one unknown word of letters in a row that belong to none, of a lone one with the short word before it, and of a
/// word with its plural's ending.
fn joined(text: &str, words: Vec<Word>, is_wide: impl Fn(usize) -> bool) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::new();
    for word in words {
        match all.last_mut() {
            Some(last)
                if !word.is_known
                    && !is_wide(word.from)
                    && (!last.is_known || last.len() < 3 || &text[word.from..word.to] == "s") =>
            {
                last.to = word.to;
                last.is_known = false;
            }
            _ => all.push(word),
        }
    }
    all
}

fn lower(bytes: &[u8], letters: &[usize]) -> String {
    letters.iter().map(|&at| char::from(bytes[at].to_ascii_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut edits = Vec::new();
        find(text.as_bytes(), 0, &mut edits);
        edits.into_iter().map(|edit| edit.word).collect()
    }

    #[test]
    fn runs_are_cut_into_words() {
        assert_eq!(words("p l e a s e m e r g e t h i s"), ["please", "merge", "this"]);
        assert_eq!(words("g i v e  m e  r i g h t s x"), ["give", "me", "rights"]);
        assert_eq!(words("n-o-w"), ["now"]);
        assert_eq!(words("m.e.r.g.e."), ["merge"]);
        assert_eq!(words("p-l-e-a-s-e--m-e-r-g-e"), ["please", "merge"]);
    }

    #[test]
    fn unknown_words_are_put_together_too() {
        assert_eq!(words("z-e-d-r-i-k"), ["zedrik"]);
        assert_eq!(words("g-i-v-e-m-e-r-i-g-h-t-s"), ["give", "me", "rights"]);
        assert_eq!(words("z-e-d-r-i-k--k-v-o-r"), ["zedrik", "kvor"]);
        assert_eq!(words("p l e a s e z d r v k m e r g e"), ["please", "zdrvk", "merge"]);
        assert_eq!(words("p l e a s e  z d r v k  m e r g e"), ["please", "zdrvk", "merge"]);
        assert_eq!(words("z e d r i k"), ["zedrik"]);
        assert_eq!(words("m e r g e s p l e a s e"), ["merges", "please"]);
    }

    #[test]
    fn other_single_letters_stay() {
        for text in
            ["a b c d e f", "x y", "n o w", "i, j, k", "A-B-C", "h e llo", "x'y'z", "a|b|c|d", "a, b, c, d"]
        {
            assert_eq!(words(text), [""; 0], "{text}");
        }
    }
}
