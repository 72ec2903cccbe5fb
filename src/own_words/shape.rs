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

/// How many bytes are signs or digits. Ranges rather than the table, for these can be compared many at a time.
pub(super) fn marks(text: &str) -> usize {
    let is_mark = |b: u8| {
        let low = b.wrapping_sub(b'#') < 9 && b != b'\'' || b.wrapping_sub(b'0') < 10;
        low || b.wrapping_sub(b';') < 4 || b == b'@' || b.wrapping_sub(b'[') < 5 || b.wrapping_sub(b'{') < 4
    };
    let count = |chunk: &[u8]| usize::from(chunk.iter().map(|&b| u8::from(is_mark(b))).sum::<u8>());
    text.as_bytes().chunks(255).map(count).sum()
}

impl Shape {
    /// Counts over `text`.
    pub(super) fn of(text: &str) -> Self {
        let mut shape = Self::default();
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            at = shape.word(bytes, at).unwrap_or_else(|| shape.token(bytes, at));
        }
        shape
    }

    /// Takes a lower-case word and one punctuation mark behind it, if that is what stands at `at`: nearly every token
    /// of prose. Gives the offset behind the white space that ends it.
    fn word(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let class = |at: usize| bytes.get(at).map_or(SPACE, |&b| CLASS[usize::from(b)]);
        let letters = bytes[at..].iter().skip(1).take_while(|b| b.is_ascii_lowercase()).count() + 1;
        let end = at + letters + usize::from(class(at + letters) == EDGE);
        if letters < 2 || class(at) != LETTER || class(end) != SPACE {
            return None;
        }
        self.words += 1;
        self.plain += 1;
        self.solid += end - at;
        Some(end + 1)
    }

    /// Takes any token, or the lack of one between two spaces, at `at`.
    fn token(&mut self, bytes: &[u8], at: usize) -> usize {
        let mut token = Token::default();
        let mut end = at;
        while let Some(&b) = bytes.get(end).filter(|&&b| CLASS[usize::from(b)] != SPACE) {
            let class = CLASS[usize::from(b)];
            self.solid += 1;
            self.signs += usize::from(class & SIGN != 0);
            self.digits += usize::from(class & DIGIT != 0);
            // Lead bytes alone: one for each character.
            self.foreign += usize::from(b >= 0xc3);
            token.add(b, class);
            end += 1;
        }
        self.end(token);
        end + 1
    }

    fn end(&mut self, token: Token) {
        // The sign that a mention begins with was counted before anybody knew.
        self.signs -= usize::from(token.state == State::Mention && token.letters > 0);
        self.words += usize::from(token.state != State::Before || token.edges > 0);
        self.plain += usize::from(token.is_plain());
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

/// What was read of a token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// Nothing, or punctuation that may stand before a word.
    #[default]
    Before,
    /// Letters.
    Word,
    /// Punctuation behind letters, which may be inside the word.
    Behind,
    /// `@jane`, `#12` or `+1`: signs of talk, not of code.
    Mention,
    /// Something that no word has.
    Spoilt,
}

/// A token: a plain word is letters with an apostrophe, hyphen or slash inside and punctuation around; no
/// `camelCase`, no `--option`, and no single letter that is no word.
#[derive(Debug, Clone, Copy, Default)]
struct Token {
    state: State,
    /// Punctuation before and behind the word.
    edges: u32,
    letters: u32,
    slash: bool,
    first: u8,
    last: u8,
}

impl Token {
    fn add(&mut self, b: u8, class: u8) {
        match self.state {
            State::Spoilt => {}
            State::Before if matches!(b, b'@' | b'#' | b'+') && self.edges == 0 => {
                self.state = State::Mention
            }
            State::Mention if b.is_ascii_alphanumeric() => self.letters += 1,
            State::Mention if class & SIGN == 0 => {}
            State::Before if class & EDGE != 0 && b != b')' => (self.edges, self.last) = (self.edges + 1, b),
            _ if class & (LETTER | HIGH) != 0 => self.letter(b),
            State::Word if matches!(b, b'\'' | b'-') => self.last = b,
            // One slash is an alternative; two are a path.
            State::Word if b == b'/' && !self.slash => (self.slash, self.last) = (true, b),
            State::Word | State::Behind if class & EDGE != 0 && b != b'(' => {
                self.edges += 1;
                self.state = State::Behind;
            }
            _ => self.state = State::Spoilt,
        }
    }

    fn letter(&mut self, b: u8) {
        let hump = self.last.is_ascii_lowercase() && b.is_ascii_uppercase();
        let option = self.state == State::Before && self.last == b'-';
        if self.state == State::Behind || hump || option {
            self.state = State::Spoilt;
            return;
        }
        if self.letters == 0 {
            self.first = b;
        }
        self.state = State::Word;
        self.letters += 1;
        self.last = b;
    }

    fn is_plain(self) -> bool {
        const SINGLES: &[u8] = b"aAiIoeyu";
        let is_word = matches!(self.state, State::Word | State::Behind)
            && self.edges <= 5
            && (self.letters > 1 || SINGLES.contains(&self.first));
        is_word || self.state == State::Mention && self.letters > 0
    }
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
        for code in ["x = foo(bar[i], &y);", "ls -la /usr/lib", "a.b.c"] {
            assert!(!Shape::of(code).is_prose(), "{code}");
        }
        assert!(Shape::of("if ((a[0] == b) && (c | d))").is_dense());
        assert!(Shape::of("0000 12 34 56 78").is_dense());
        assert!(!Shape::of("See issues 12, 13 and 14").is_dense());
    }

    #[test]
    fn marks_are_the_signs_and_digits_of_the_table() {
        for b in 0..=127u8 {
            let mark = CLASS[usize::from(b)] & (SIGN | DIGIT) != 0;
            assert_eq!(
                marks(char::from(b).encode_utf8(&mut [0; 4])),
                usize::from(mark),
                "{:?}",
                char::from(b)
            );
        }
    }

    #[test]
    fn plain_words_may_have_punctuation_around() {
        for word in
            ["don't", "(see", "well-known,", "\"yes\"", "and/or", "ÜBER", "*now*", "@jane,", "#12", "+1"]
        {
            assert_eq!(Shape::of(word).plain, 1, "{word}");
        }
        for token in ["createWindow", "foo()", "a.b", "x", "--", "C:\\", "9th", "a/b/c", "+", "@", "--all"] {
            assert_eq!(Shape::of(token).plain, 0, "{token}");
        }
    }
}
