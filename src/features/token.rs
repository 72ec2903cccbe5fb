//! Tokens: exactly those of the shipped `tokenizer.json` under the `tokenizers` crate, at the speed of a scan.
//!
//! The definition, on folded text: lower case; a chunk between white space that holds `://` becomes [`URL`], one
//! that holds `@` becomes [`AT`] (no name, address or link is ever a token); a run of ASCII digits becomes `0`;
//! then a token is a run of word characters, with apostrophes inside, or any other single character.

use std::ops::Range;

/// The token of every link.
pub const URL: &str = "__url__";
/// The token of every address and mention.
pub const AT: &str = "__at__";

/// Calls `f` with each token of `text` and the byte range of `text` it came from, in order.
///
/// `scratch` is cleared and reused, so that a caller can avoid an allocation per call.
#[inline]
pub fn for_each_token(text: &str, scratch: &mut String, mut f: impl FnMut(&str, Range<usize>)) {
    let bytes = text.as_bytes();
    let mut start = 0;
    while let Some(&b) = bytes.get(start) {
        if CLASS[usize::from(b)] == SPACE {
            start += 1;
            continue;
        }
        let (mut end, mut classes) = (start, 0);
        while let Some(class) = bytes.get(end).map(|&b| CLASS[usize::from(b)]).filter(|&class| class != SPACE)
        {
            classes |= class;
            end += 1;
        }
        let chunk = &text[start..end];
        if classes == LOWER {
            f(chunk, start..end);
        } else if classes & HIGH != 0 {
            // Other white space may be among it.
            any_tokens(chunk, start, scratch, &mut f);
        } else if classes & COLON != 0 && chunk.contains("://") {
            f(URL, start..end);
        } else if classes & AT_SIGN != 0 {
            f(AT, start..end);
        } else {
            ascii_tokens(chunk, start, scratch, &mut f);
        }
        start = end;
    }
}

/// What ends a chunk.
const SPACE: u8 = 1;
/// Letters that need no change.
const LOWER: u8 = 2;
/// Letters and digits that do.
const CHANGED: u8 = 4;
const APOSTROPHE: u8 = 8;
const COLON: u8 = 16;
const AT_SIGN: u8 = 32;
const HIGH: u8 = 64;
const OTHER: u8 = 128;

/// The class of every byte, for text in which nearly all is ASCII.
const CLASS: [u8; 256] = {
    let mut table = [OTHER; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            b'\t'..=b'\r' | b' ' => SPACE,
            b'a'..=b'z' | b'_' => LOWER,
            b'A'..=b'Z' | b'0'..=b'9' => CHANGED,
            b'\'' => APOSTROPHE,
            b':' => COLON,
            b'@' => AT_SIGN,
            0x80..=0xff => HIGH,
            _ => OTHER,
        };
        b += 1;
    }
    table
};

/// The tokens of a chunk of ASCII that is neither link nor address.
fn ascii_tokens(chunk: &str, base: usize, scratch: &mut String, f: &mut impl FnMut(&str, Range<usize>)) {
    let bytes = chunk.as_bytes();
    let class = |at: usize| bytes.get(at).map_or(SPACE, |&b| CLASS[usize::from(b)]);
    let is_word = |class: u8| class & (LOWER | CHANGED) != 0;
    let mut start = 0;
    while start < bytes.len() {
        let (mut end, mut classes) = (start, 0);
        while is_word(class(end)) || class(end) == APOSTROPHE && end > start && is_word(class(end + 1)) {
            classes |= class(end);
            end += 1;
        }
        end = end.max(start + 1);
        let token = &chunk[start..end];
        if classes & CHANGED == 0 {
            f(token, base + start..base + end);
        } else {
            scratch.clear();
            token.chars().for_each(|c| push_lower(c, scratch));
            f(scratch, base + start..base + end);
        }
        start = end;
    }
}

/// The same for any text.
fn any_tokens(text: &str, base: usize, scratch: &mut String, f: &mut impl FnMut(&str, Range<usize>)) {
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        let chunk_len = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let chunk = &rest[..chunk_len];
        if chunk.is_empty() {
            start += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let place = base + start..base + start + chunk_len;
        if chunk.contains("://") {
            f(URL, place);
        } else if chunk.contains('@') {
            f(AT, place);
        } else {
            chunk_tokens(chunk, place.start, scratch, f);
        }
        start += chunk_len;
    }
}

fn chunk_tokens(chunk: &str, base: usize, scratch: &mut String, f: &mut impl FnMut(&str, Range<usize>)) {
    let mut chars = chunk.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        scratch.clear();
        if !is_word(c) {
            scratch.extend(c.to_lowercase());
            f(scratch, base + start..base + start + c.len_utf8());
            continue;
        }
        push_lower(c, scratch);
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            let joined = next == '\'' && chunk[at + 1..].starts_with(is_word);
            if !joined && !is_word(next) {
                break;
            }
            push_lower(next, scratch);
            end = at + next.len_utf8();
            chars.next();
        }
        f(scratch, base + start..base + end);
    }
}

/// Lower case; a digit after a digit is dropped, so that every number reads `0`.
fn push_lower(c: char, out: &mut String) {
    if c.is_ascii_digit() {
        if !out.ends_with('0') {
            out.push('0');
        }
    } else if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
    } else {
        out.extend(c.to_lowercase());
    }
}

/// Word characters by explicit ranges, the same in `tokenizer.json`: no table that changes with Unicode versions.
fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    !matches!(c, '\u{80}'..='\u{BF}' | '\u{D7}' | '\u{F7}' | '\u{2000}'..='\u{2BFF}' | '\u{3000}'..='\u{303F}'
        | '\u{FE30}'..='\u{FE6F}' | '\u{FF00}'..='\u{FF0F}' | '\u{1F000}'..='\u{1FAFF}')
        && !c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        for_each_token(text, &mut String::new(), |token, _| all.push(token.to_owned()));
        all
    }

    #[test]
    fn words_numbers_and_marks() {
        assert_eq!(
            tokens("It's 2 months, isn't it?!"),
            ["it's", "0", "months", ",", "isn't", "it", "?", "!"]
        );
        assert_eq!(
            tokens("v5.2.4 'quoted' x''y"),
            ["v0", ".", "0", ".", "0", "'", "quoted", "'", "x", "'", "'", "y"]
        );
    }

    #[test]
    fn links_and_addresses_are_one_token() {
        assert_eq!(tokens("see https://a.example/b?c, or (me@b.example)"), ["see", URL, "or", AT]);
        assert_eq!(tokens("@somebody ping"), [AT, "ping"]);
    }

    proptest::proptest! {
        #[test]
        fn the_way_for_ascii_gives_what_the_way_for_any_text_gives(
            text in "([a-cA-C0-2'_:/@.!\\t\\r\\n \\x0b\\x1c\\x00]|://|é|\u{a0}|\u{85}|\u{2019}|İ){0,40}",
        ) {
            let mut fast = Vec::new();
            for_each_token(&text, &mut String::new(), |token, range| fast.push((token.to_owned(), range)));
            let mut slow = Vec::new();
            any_tokens(&text, 0, &mut String::new(), &mut |token: &str, range| slow.push((token.to_owned(), range)));
            proptest::prop_assert_eq!(fast, slow);
        }
    }

    #[test]
    fn ranges_cut_the_token_out_of_the_text() {
        let text = "Über 100% – don't";
        let mut cut = Vec::new();
        for_each_token(text, &mut String::new(), |_, range| cut.push(&text[range]));
        assert_eq!(cut, ["Über", "100", "%", "–", "don't"]);
    }
}
