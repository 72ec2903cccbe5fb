//! Letters written apart: `p l e a s e`, `m-e-r-g-e`.

use super::{lexicon, unmask::Edit};

/// Letters of a run that are looked at together.
const MAX_LETTERS: usize = 256;
/// Separators between two letters.
const MAX_GAP: usize = 4;
/// What a word, a short word, and a letter that belongs to none cost when a run is cut into words.
const WORD: u32 = 2;
const SHORT_WORD: u32 = 3;
const LETTER: u32 = 5;

/// Looks for a run that begins at `at`, and gives where it ends; if it reads as words, adds them to `edits`.
pub(super) fn find(bytes: &[u8], at: usize, edits: &mut Vec<Edit>) -> Option<usize> {
    let separator = *bytes.get(at + 1)?;
    let letters = letters(bytes, at, separator)?;
    let words = cut(bytes, &letters);
    let end = letters.last().map(|last| last + 1);
    let covered: usize = words.iter().map(|&(from, to)| to - from).filter(|&len| len > 1).sum();
    let longest = words.iter().map(|&(from, to)| to - from).max()?;
    // Between spaces, three letters in a row are too often three names.
    let least = if separator == b' ' { 4 } else { 3 };
    if longest < least || covered * 5 < letters.len() * 4 {
        return end;
    }
    edits.extend(words.into_iter().filter(|(from, to)| to - from > 1).map(|(from, to)| Edit {
        range: letters[from]..letters[to - 1] + 1,
        word: lower(bytes, &letters[from..to]),
    }));
    end
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

/// Cuts a run into words, at the least cost: ranges of letters. A gap wider than others lies between two words.
fn cut(bytes: &[u8], letters: &[usize]) -> Vec<(usize, usize)> {
    let gap = |i: usize| letters[i] - letters[i - 1];
    let narrow = (1..letters.len()).map(gap).min().unwrap_or_default();
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
            if start > 0 && gap(start) > narrow {
                break;
            }
        }
        best.push(choice);
    }
    let mut words = Vec::new();
    let mut end = letters.len();
    while end > 0 {
        words.push((best[end].1, end));
        end = best[end].1;
    }
    words.reverse();
    words
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
    }

    #[test]
    fn other_single_letters_stay() {
        for text in ["a b c d e f", "x y", "n o w", "i, j, k", "A-B-C", "h e llo", "x'y'z"] {
            assert_eq!(words(text), [""; 0], "{text}");
        }
    }
}
