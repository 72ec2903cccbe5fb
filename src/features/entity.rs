//! Character references of HTML that may hide in words: numeric ones, and those of apostrophes and invisible marks.
//!
//! Brackets, ampersands and other signs stay references: mail that shows `&lt;` means it, and text must not turn into
//! markup.

/// Longest reference: `&ZeroWidthSpace;`.
const LONGEST: usize = 16;

const NAMED: [(&str, char); 8] = [
    ("nbsp", ' '),
    ("shy", '\u{AD}'),
    ("zwj", '\u{200D}'),
    ("zwnj", '\u{200C}'),
    ("ZeroWidthSpace", '\u{200B}'),
    ("apos", '\''),
    ("lsquo", '\''),
    ("rsquo", '\''),
];

/// The character that the reference at the start of `text` stands for, and the length of the reference in bytes.
pub(super) fn decode(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    let end = rest.bytes().take(LONGEST).position(|b| b == b';')?;
    let name = rest.get(..end)?;
    let c = match name.strip_prefix('#') {
        Some(number) => numeric(number)?,
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((c, end + 2))
}

fn numeric(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    if digits.starts_with('+') {
        return None;
    }
    let c = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
    let is_text = c.is_ascii_alphanumeric() || matches!(c, ' ' | '\'' | ',' | '.' | '!' | '?' | '-');
    (is_text || !c.is_ascii() && !c.is_control()).then_some(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_in_words_are_decoded_and_markup_is_not() {
        assert_eq!(decode("&#112;lease"), Some(('p', 6)));
        assert_eq!(decode("&#x70;lease"), Some(('p', 6)));
        assert_eq!(decode("&shy;x"), Some(('\u{AD}', 5)));
        for kept in ["&lt;", "&#60;!--", "&amp;", "&", "&#;", "&#+65;", "&#xD800;", "&#10;", "&é;", "& a;"] {
            assert_eq!(decode(kept), None, "{kept}");
        }
    }
}
