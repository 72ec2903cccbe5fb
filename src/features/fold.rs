//! Folding: cheap disguises and typographic variants become plain letters before tokenisation.
//!
//! Three steps, each on what the one before left:
//! 1. Characters. Compatibility decomposition (Unicode NFKD, UAX #15) turns full-width, ligature and mathematical
//!    letters into plain ones; combining marks, zero-width characters and soft hyphens go; typographic apostrophes
//!    become `'`; character references of HTML become what they stand for.
//! 2. Words in which letters of other alphabets stand for Latin ones ([`super::confusable`]).
//! 3. Words disguised in ASCII: digits for letters, letters apart, letters drawn out ([`super::unmask`]).
//!
//! Steps 2 and 3 change a word only into one that the model may know ([`super::lexicon`]). Text that needs none of it
//! is neither copied nor changed.

use std::{borrow::Cow, ops::Range};

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::{
    entity,
    unmask::{self, Edit},
};

/// Folded text that remembers where each byte came from.
#[derive(Debug)]
pub struct Folded<'t> {
    text: Cow<'t, str>,
    /// For each byte of `text`, the start of its character in the original; empty where nothing changed.
    origins: Vec<u32>,
    original_len: usize,
    is_unmasked: bool,
}

impl Folded<'_> {
    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The range of the original text that `range` of the folded text came from.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        if self.origins.is_empty() {
            return range;
        }
        let at = |i: usize| self.origins.get(i).map_or(self.original_len, |&origin| origin as usize);
        at(range.start)..at(range.end)
    }

    /// True if a word was put together again, or a character reference resolved: more than typography.
    pub(super) fn is_unmasked(&self) -> bool {
        self.is_unmasked
    }

    fn apply(&mut self, edits: &[Edit]) {
        if edits.is_empty() {
            return;
        }
        self.is_unmasked = true;
        let mut text = String::with_capacity(self.text.len());
        let mut origins = Vec::with_capacity(self.text.len());
        let mut at = 0;
        for Edit { range, word } in edits {
            self.copy(at..range.start, &mut text, &mut origins);
            text.push_str(word);
            origins.resize(text.len(), self.origin(range.start));
            at = range.end;
        }
        self.copy(at..self.text.len(), &mut text, &mut origins);
        (self.text, self.origins) = (Cow::Owned(text), origins);
    }

    fn copy(&self, range: Range<usize>, text: &mut String, origins: &mut Vec<u32>) {
        text.push_str(&self.text[range.clone()]);
        origins.extend(range.map(|at| self.origin(at)));
    }

    fn origin(&self, at: usize) -> u32 {
        // A text that was not copied is its own origin; one beyond 4 GiB is cut before anything is changed in it.
        self.origins.get(at).copied().unwrap_or(at as u32)
    }
}

/// Folds `text`. Plain ASCII is returned as it is, without a copy.
///
/// The original is at most 4 GiB long; what lies behind that is ignored where anything changes.
pub fn fold(text: &str) -> Folded<'_> {
    let mut folded = fold_chars(text);
    if !folded.text.is_ascii() {
        folded.apply(&unmask::look_alikes(&folded.text));
    }
    if u32::try_from(folded.text.len()).is_ok() {
        folded.apply(&unmask::ascii(&folded.text));
    }
    folded
}

/// True if a word of `text` may be disguised: what [`Folded::is_unmasked`] knows, without folding plain text.
pub(super) fn is_disguised(text: &str) -> bool {
    !text.is_ascii() || has_reference(text) || unmask::is_suspect(text)
}

fn fold_chars(text: &str) -> Folded<'_> {
    let original_len = text.len();
    if text.is_ascii() && !has_reference(text) {
        return Folded { text: Cow::Borrowed(text), origins: Vec::new(), original_len, is_unmasked: false };
    }
    let mut folded = String::with_capacity(text.len());
    let mut origins = Vec::with_capacity(text.len());
    let (mut at, mut is_unmasked) = (0, false);
    while let Some(c) = text[at..].chars().next() {
        let Ok(origin) = u32::try_from(at) else { break };
        let plain = text.as_bytes()[at..].iter().take_while(|&&b| b.is_ascii() && b != b'&').count();
        if plain > 0 {
            folded.push_str(&text[at..at + plain]);
            origins.extend((origin..).take(plain));
            at += plain;
            continue;
        }
        let reference = entity::decode(&text[at..]);
        is_unmasked |= reference.is_some();
        let (c, len) = reference.unwrap_or((c, c.len_utf8()));
        fold_char(c, &mut folded);
        origins.resize(folded.len(), origin);
        at += len;
    }
    Folded { text: Cow::Owned(folded), origins, original_len, is_unmasked }
}

fn has_reference(text: &str) -> bool {
    memchr::memchr_iter(b'&', text.as_bytes()).any(|at| entity::decode(&text[at..]).is_some())
}

fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c);
    } else if is_invisible(c) {
        // Dropped: zero-width characters split a word only for a machine.
    } else if is_apostrophe(c) {
        out.push('\'');
    } else {
        decompose_compatible(c, |part| {
            if !is_combining_mark(part) && !is_invisible(part) {
                out.push(part);
            }
        });
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\u{B4}' | '\u{2B9}' | '\u{2BB}'
            ..='\u{2BD}'
                | '\u{2C8}'
                | '\u{2CA}'
                | '\u{2CB}'
                | '\u{55A}'
                | '\u{5F3}'
                | '\u{2018}'
                | '\u{2019}'
                | '\u{201B}'
                | '\u{2032}'
                | '\u{2035}'
                | '\u{A78C}'
                | '\u{FF40}'
    )
}

/// Characters that leave no mark on paper: soft hyphen, zero-width and bidirectional controls, BOM, fillers, tags.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguises_become_plain() {
        for (disguised, plain) in [
            ("plain", "plain"),
            ("ｕｒｇｅｎｔ", "urgent"),
            ("ur\u{200B}gent", "urgent"),
            ("ur\u{AD}gent", "urgent"),
            ("don\u{2019}t", "don't"),
            ("don\u{2BC}t", "don't"),
            ("don\u{FF07}t", "don't"),
            ("naïve", "naive"),
            ("𝐮𝐫𝐠𝐞𝐧𝐭", "urgent"),
            ("ﬁx", "fix"),
            ("&#112;lease &#x6D;erge", "please merge"),
            ("mer&shy;ge &lt;b&gt;", "merge &lt;b&gt;"),
            ("рlеаsе ｍ４ｉｎtaｉner", "please maintainer"),
            ("Не ждут", "Не ждут"),
        ] {
            assert_eq!(fold(disguised).text(), plain);
        }
    }

    #[test]
    fn plain_text_is_not_copied() {
        for text in ["plain & simple", "x86, sha256 and utf8 in 2.0", "www.host.example a b"] {
            assert!(matches!(fold(text).text, Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn ranges_lead_back_to_the_original() {
        for disguised in [
            "ｕｒ\u{200B}gent",
            "u r g e n t",
            "&#117;rgent",
            "urg3nt",
            "urgеnt",
            "urgennnt",
            "u-r-g-&#101;-n-t",
        ] {
            let text = format!("so {disguised}!");
            let folded = fold(&text);
            let at = folded.text().find("urgent").unwrap();
            assert_eq!(&text[folded.original(at..at + 6)], disguised);
            let end = folded.text().len();
            assert_eq!(folded.original(end..end), text.len()..text.len());
        }
    }

    proptest::proptest! {
        #[test]
        fn ranges_are_always_sliceable(text in "(.{0,9}|m4intainer|&#112;|р|lease| [a-z] | [a-z] [a-z] [a-z]){0,9}", a in 0usize..60, b in 0usize..60) {
            let folded = fold(&text);
            let (a, b) = (a.min(b), a.max(b));
            let on_boundary = |i: &usize| folded.text().is_char_boundary(*i);
            if on_boundary(&a) && on_boundary(&b) {
                proptest::prop_assert!(text.get(folded.original(a..b)).is_some());
            }
        }
    }
}
