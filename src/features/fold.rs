//! Folding: cheap disguises and typographic variants become plain letters before tokenisation.
//!
//! Compatibility decomposition (Unicode NFKD, UAX #15) turns full-width, ligature and mathematical letters into
//! plain ones; combining marks, zero-width characters and soft hyphens go; typographic apostrophes become `'`.

use std::{borrow::Cow, ops::Range};

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Folded text that remembers where each byte came from.
#[derive(Debug)]
pub struct Folded<'t> {
    text: Cow<'t, str>,
    /// For each byte of `text`, the start of its character in the original; empty where nothing changed.
    origins: Vec<u32>,
    original_len: usize,
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
}

/// Folds `text`. ASCII is returned as it is, without a copy.
///
/// The original is at most 4 GiB long; what lies behind that is ignored.
pub fn fold(text: &str) -> Folded<'_> {
    let original_len = text.len();
    if text.is_ascii() {
        return Folded { text: Cow::Borrowed(text), origins: Vec::new(), original_len };
    }
    let mut folded = String::with_capacity(text.len());
    let mut origins = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let Ok(origin) = u32::try_from(at) else { break };
        fold_char(c, &mut folded);
        origins.resize(folded.len(), origin);
    }
    Folded { text: Cow::Owned(folded), origins, original_len }
}

fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c);
    } else if is_invisible(c) {
        // Dropped: zero-width characters split a word only for a machine.
    } else if matches!(c, '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{00B4}' | '\u{2032}') {
        out.push('\'');
    } else {
        decompose_compatible(c, |part| {
            if !is_combining_mark(part) && !is_invisible(part) {
                out.push(part);
            }
        });
    }
}

/// Characters that leave no mark on paper: soft hyphen, zero-width and bidirectional controls, BOM, tags.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
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
            ("naïve", "naive"),
            ("𝐮𝐫𝐠𝐞𝐧𝐭", "urgent"),
            ("ﬁx", "fix"),
        ] {
            assert_eq!(fold(disguised).text(), plain);
        }
    }

    #[test]
    fn ranges_lead_back_to_the_original() {
        let text = "so ｕｒ\u{200B}gent!";
        let folded = fold(text);
        let at = folded.text().find("urgent").unwrap();
        assert_eq!(&text[folded.original(at..at + 6)], "ｕｒ\u{200B}gent");
        let end = folded.text().len();
        assert_eq!(folded.original(end..end), text.len()..text.len());
    }

    proptest::proptest! {
        #[test]
        fn ranges_are_always_sliceable(text in ".{0,40}", a in 0usize..60, b in 0usize..60) {
            let folded = fold(&text);
            let (a, b) = (a.min(b), a.max(b));
            let on_boundary = |i: &usize| folded.text().is_char_boundary(*i);
            if on_boundary(&a) && on_boundary(&b) {
                proptest::prop_assert!(text.get(folded.original(a..b)).is_some());
            }
        }
    }
}
