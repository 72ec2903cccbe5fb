//! Words that somebody wrote so that only people read them, put together again.

use std::ops::Range;

use super::{
    confusable, lexicon,
    scan::{self, BLOCK},
    spaced,
};

/// Longer runs of letters, digits and signs are no words.
const LONGEST: usize = 64;
/// What may stand for a letter in two ways is tried in both, so often at most.
const MAX_CHOICES: usize = 4;

/// A range of the text and the word that it stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// Bytes.
    pub(super) range: Range<usize>,
    /// In lower case.
    pub(super) word: String,
}

/// Words with letters of other alphabets among Latin ones; and words of nothing else, where most of the text is Latin.
pub(super) fn look_alikes(text: &str) -> Vec<Edit> {
    let is_latin = is_mostly_latin(text);
    let mut edits = Vec::new();
    for word in words(text).filter(|word| !word.is_ascii() && word.len() <= LONGEST) {
        let start = word.as_ptr().addr() - text.as_ptr().addr();
        let is_mixed = has_latin(word);
        let is_disguise = is_mixed && word.chars().all(|c| c.is_ascii() || confusable::is_other_script(c));
        let plain = confusable::latin(word)
            .filter(|plain| is_disguise || (is_mixed || is_latin) && lexicon::is_any_word(plain));
        edits.extend(plain.map(|plain| Edit { range: start..start + word.len(), word: plain }));
    }
    edits
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic() && c != '\'').filter(|word| !word.is_empty())
}

fn has_latin(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_alphabetic())
}

/// True if most letters stand in words that have Latin ones.
fn is_mostly_latin(text: &str) -> bool {
    let (mut latin, mut foreign) = (0, 0);
    for word in words(text) {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        *if has_latin(word) { &mut latin } else { &mut foreign } += letters;
    }
    latin > foreign
}

/// True if [`ascii`] would look closer.
pub(super) fn is_suspect(text: &str) -> bool {
    scan::next_suspect(text.as_bytes(), 0).is_some()
}

/// Words disguised with what ASCII has.
pub(super) fn ascii(text: &str) -> Vec<Edit> {
    let bytes = text.as_bytes();
    let mut edits = Vec::new();
    let mut done = 0;
    while let Some(block) = scan::next_suspect(bytes, done) {
        let start = chunk_start(bytes, block, done);
        let end = chunk_end(bytes, (block + BLOCK).min(bytes.len()));
        done = region(text, start..end, &mut edits).max(end);
    }
    edits
}

/// Where the chunk between white space that holds `at` begins, not before `floor`.
fn chunk_start(bytes: &[u8], at: usize, floor: usize) -> usize {
    let before = bytes[floor..at].iter().rposition(u8::is_ascii_whitespace);
    before.map_or(floor, |space| floor + space + 1)
}

fn chunk_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(u8::is_ascii_whitespace).map_or(bytes.len(), |space| at + space)
}

/// Looks at every word of a region; gives where it stopped, which may lie behind the region.
fn region(text: &str, region: Range<usize>, edits: &mut Vec<Edit>) -> usize {
    let bytes = text.as_bytes();
    let mut at = region.start;
    let mut link_end = 0;
    while at < region.end {
        let is_start = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        if is_start && let Some(end) = spaced::find(bytes, at, edits) {
            at = end;
        } else if is_part(bytes[at]) {
            let len = bytes[at..].iter().take_while(|&&b| is_part(b)).count();
            if at >= link_end {
                link_end = link(bytes, at, len);
            }
            if at >= link_end {
                edits.extend(word(text, at..at + len));
            }
            at += len;
        } else {
            at += 1;
        }
    }
    at
}

/// The end of the link whose scheme stands at `at`, or `at`.
fn link(bytes: &[u8], at: usize, scheme: usize) -> usize {
    if bytes[at + scheme..].starts_with(b"://") { chunk_end(bytes, at + scheme) } else { at }
}

fn is_part(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'@' | b'$' | b'!' | b'|' | b'`' | b'\'')
}

/// What the word in `range`, less signs around it, stands for.
fn word(text: &str, range: Range<usize>) -> Option<Edit> {
    let raw = &text[range.clone()];
    let trimmed = raw.trim_start_matches(['!', '|', '`', '\'']);
    let start = range.end - trimmed.len();
    let word = trimmed.trim_end_matches(['@', '!', '|', '`', '\'']);
    if word.len() > LONGEST || word.len() < 3 {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let plain = if lower.bytes().all(|b| b.is_ascii_lowercase() || b == b'`') && lower.contains('`') {
        // Code among backticks may have an ending: `name`s.
        let is_code = raw.bytes().filter(|&b| b == b'`').count() > 1;
        (!is_code).then(|| lower.replace('`', "'"))
    } else if lower.len() < 4 {
        None
    } else if lower.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'') {
        drawn_out(&lower)
    } else {
        leet(&lower)
    };
    plain.map(|plain| Edit { range: start..start + word.len(), word: plain })
}

/// `pleeease`: runs of three letters or more become two, or one, whichever is a word.
fn drawn_out(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let runs: Vec<&[u8]> = bytes.chunk_by(|a, b| a == b).collect();
    let long = runs.iter().filter(|run| run.len() >= 3).count();
    if long == 0 || long > MAX_CHOICES || lexicon::is_any_word(word) {
        return None;
    }
    // Bits say which runs become one letter; none first, so that "goood" is good.
    (0..1u32 << long).map(|single| shortened(&runs, single)).find(|word| lexicon::is_any_word(word))
}

fn shortened(runs: &[&[u8]], mut single: u32) -> String {
    let mut word = String::new();
    for run in runs {
        let mut keep = run.len();
        if keep >= 3 {
            keep = 2 - (single & 1) as usize;
            single >>= 1;
        }
        word.extend(run[..keep].iter().map(|&b| char::from(b)));
    }
    word
}

/// `m4intainer`: digits and signs for letters, if enough of the word is letters; at
/// an edge only where the rest is no word (`tests`, not `test5`).
fn leet(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let letters = bytes.iter().filter(|b| b.is_ascii_lowercase()).count();
    let choices = bytes.iter().filter(|&&b| matches!(b, b'1' | b'|' | b'!')).count();
    let enough = letters * 2 > bytes.len() || letters * 2 == bytes.len() && letters >= 3;
    if !enough || choices > MAX_CHOICES {
        return None;
    }
    let core = word.trim_matches(|c: char| !c.is_ascii_lowercase());
    if core.len() < bytes.len() && lexicon::is_any_word(core) {
        return None;
    }
    (0..1u32 << choices).find_map(|ells| spelt(word, ells)).filter(|word| !word.is_empty())
}

/// The word with letters for its digits, bits telling which ambiguous ones are an l; only if it is a known one.
fn spelt(word: &str, mut ells: u32) -> Option<String> {
    let mut ambiguous = |usual: char, other: char| {
        let is_other = ells & 1 == 1;
        ells >>= 1;
        if is_other { other } else { usual }
    };
    let letter = |c: char| {
        Some(match c {
            'a'..='z' | '\'' => c,
            '0' => 'o',
            '1' | '|' | '!' => ambiguous('i', 'l'),
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            '8' => 'b',
            '9' => 'g',
            '`' => '\'',
            _ => return None,
        })
    };
    let spelt: Option<String> = word.chars().map(letter).collect();
    spelt.filter(|word| lexicon::is_word(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        let mut out = text.to_owned();
        for Edit { range, word } in ascii(text).into_iter().rev() {
            out.replace_range(range, &word);
        }
        out
    }

    #[test]
    fn disguised_words_are_put_together() {
        for (disguised, expected) in [
            ("the m4intainer, acc3ss!", "the maintainer, access!"),
            ("pl3as3 m@intain acce$$", "please maintain access"),
            ("pleeease merrrge this, it is soooo goood", "please merge this, it is so good"),
            ("give p l e a s e   m e r g e now", "give please   merge now"),
            ("p l e a s e m e r g e i t now", "please merge it now"),
            ("(m-e-r-g-e)", "(merge)"),
            ("don`t, it`s Gary`s", "don't, it's gary's"),
            ("po11ing st1ll", "polling still"),
        ] {
            assert_eq!(plain(disguised), expected);
        }
    }

    #[test]
    fn names_versions_and_code_stay() {
        for text in [
            "2.0 x86 sha256 utf8 i18n l10n test5 file1 mp3 ipv6 web3 base64 win32 log4j s3 int8 f00d 0xdead",
            "www.host.example hmmm aaa a b c d -x -y -z I a m U.S.A. f(a, b, c) a|b|c `code` x!=y $a $b",
            "https://host.example/acc3ss/pleeease me@host.example printf(\"%d\") `name`s the `a` b`",
        ] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn look_alikes_change_words_alone() {
        let words = |text| look_alikes(text).into_iter().map(|edit| edit.word).collect::<Vec<_>>();
        assert_eq!(words("Plеаsе mеrgе, it wоn't take long"), ["please", "merge", "won't"]);
        assert_eq!(words("the sоmе шум μs αx"), ["some"]);
        assert_eq!(
            words("I аm Zеdrіk, аn аuthоr оf іt, ѕее а lоg; Jørgen"),
            ["am", "zedrik", "an", "author", "of", "it", "see", "a", "log"]
        );
        assert_eq!(words("Не было"), [""; 0]);
    }

    #[test]
    fn long_hostile_text_takes_linear_time() {
        for unit in ["a1", "a b ", "a-b-", "aaa", "1!|", "a1 "] {
            ascii(&unit.repeat(300_000 / unit.len()));
        }
    }
}
