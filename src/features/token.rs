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
pub fn for_each_token(text: &str, scratch: &mut String, mut f: impl FnMut(&str, Range<usize>)) {
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        let chunk_len = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let chunk = &rest[..chunk_len];
        if chunk.is_empty() {
            start += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        if chunk.contains("://") {
            f(URL, start..start + chunk_len);
        } else if chunk.contains('@') {
            f(AT, start..start + chunk_len);
        } else {
            chunk_tokens(chunk, start, scratch, &mut f);
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

    #[test]
    fn ranges_cut_the_token_out_of_the_text() {
        let text = "Über 100% – don't";
        let mut cut = Vec::new();
        for_each_token(text, &mut String::new(), |_, range| cut.push(&text[range]));
        assert_eq!(cut, ["Über", "100", "%", "–", "don't"]);
    }
}
