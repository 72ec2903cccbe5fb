//! What a line looks like at a glance: words of a language, or signs of code.

/// Counts over one line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Tokens between white space.
    pub(super) words: usize,
    /// Tokens that are plain words: letters alone, with punctuation around.
    pub(super) plain: usize,
    /// Characters that code needs and prose does not.
    pub(super) signs: usize,
    /// Digits.
    pub(super) digits: usize,
    /// Bytes outside white space.
    pub(super) solid: usize,
    /// Letters outside ASCII (scripts without spaces have few tokens and many of these).
    pub(super) foreign: usize,
}

const SIGN: u8 = 1;
const SPACE: u8 = 2;
const LETTER: u8 = 4;
const DIGIT: u8 = 8;
const EDGE: u8 = 16;
const HIGH: u8 = 32;

const CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c => SPACE,
            b'{' | b'}' | b'<' | b'>' | b'=' | b'\\' | b'|' | b'&' | b'$' | b'+' | b'^' | b'%' | b'@' => SIGN,
            b'[' | b']' | b'_' | b';' | b'(' | b')' | b'~' | b'#' | b'*' => SIGN | EDGE,
            b'.' | b',' | b':' | b'!' | b'?' | b'"' | b'\'' | b'-' | b'`' => EDGE,
            0x80..=0xff => HIGH,
            _ => 0,
        };
        b += 1;
    }
    table
}

/// True where a byte that code needs (or an opening bracket of any kind) occurs.
pub(super) fn has_signs(text: &str) -> bool {
    text.bytes().any(|b| CLASS[usize::from(b)] & (SIGN | DIGIT) != 0)
}

impl Shape {
    /// Counts over `text`.
    pub(super) fn of(text: &str) -> Self {
        let mut shape = Self::default();
        for token in text.as_bytes().split(|&b| CLASS[usize::from(b)] & SPACE != 0) {
            if !token.is_empty() {
                shape.add(token);
            }
        }
        shape
    }

    fn add(&mut self, token: &[u8]) {
        self.words += 1;
        self.solid += token.len();
        self.plain += usize::from(is_plain(token));
        for &b in token {
            let class = CLASS[usize::from(b)];
            self.signs += usize::from(class & SIGN != 0);
            self.digits += usize::from(class & DIGIT != 0);
            // Lead bytes alone: one for each character.
            self.foreign += usize::from(b >= 0xc3);
        }
    }

    /// Mostly words of a language, at least three of them.
    pub(super) fn is_prose(&self) -> bool {
        let words = self.plain >= 3 && self.plain * 10 >= self.words * 6 && self.signs * 6 <= self.solid;
        words || (self.foreign >= 6 && self.signs * 6 <= self.solid)
    }

    /// Words alone, however few, with not one sign among them.
    pub(super) fn is_words(&self) -> bool {
        self.plain == self.words || self.foreign >= 2 && self.signs == 0
    }

    /// So many signs or numbers that no reader takes it for a sentence.
    pub(super) fn is_dense(&self) -> bool {
        let signs = self.signs >= 4 && self.signs * 5 >= self.solid;
        let numbers = self.digits * 2 >= self.solid && self.words >= 3;
        (signs || numbers) && self.plain * 2 < self.words.max(2)
    }
}

/// Letters with an apostrophe, hyphen or slash inside and punctuation around; no `camelCase`, no single letter
/// that is no word.
fn is_plain(token: &[u8]) -> bool {
    let is_edge = |b: &u8| CLASS[usize::from(*b)] & EDGE != 0;
    let Some(first) = token.iter().position(|b| !is_edge(b)) else { return false };
    let last = token.iter().rposition(|b| !is_edge(b)).unwrap_or(first);
    let word = &token[first..=last];
    if token.len() - word.len() > 5 || token[last + 1..].contains(&b'(') || token[..first].contains(&b')') {
        return false;
    }
    if let [single] = word {
        return matches!(single, b'a' | b'A' | b'i' | b'I' | b'o' | b'e' | b'y' | b'u');
    }
    let mut lower = false;
    word.iter().all(|&b| {
        let hump = lower && b.is_ascii_uppercase();
        lower = b.is_ascii_lowercase();
        !hump && (CLASS[usize::from(b)] & (LETTER | HIGH) != 0 || matches!(b, b'\'' | b'-' | b'/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_and_code_look_different() {
        for prose in [
            "Could you please have a look at the patch (it is short)?",
            "I *really* need this, don't I?",
            "Wann wird das endlich veröffentlicht?",
            "请尽快合并这个补丁",
        ] {
            assert!(Shape::of(prose).is_prose(), "{prose}");
        }
        for code in ["int main(int argc, char **argv)", "x = foo(bar[i], &y);", "ls -la /usr/lib", "a.b.c"] {
            assert!(!Shape::of(code).is_prose(), "{code}");
        }
        assert!(Shape::of("if ((a[0] == b) && (c | d))").is_dense());
        assert!(Shape::of("0000 12 34 56 78").is_dense());
        assert!(!Shape::of("See issues 12, 13 and 14").is_dense());
    }

    #[test]
    fn plain_words_may_have_punctuation_around() {
        for word in ["don't", "(see", "well-known,", "\"yes\"", "and/or", "ÜBER", "*now*"] {
            assert!(is_plain(word.as_bytes()), "{word}");
        }
        for token in ["createWindow", "foo()", "a.b", "x", "--", "C:\\", "9th"] {
            assert!(!is_plain(token.as_bytes()), "{token}");
        }
    }
}
