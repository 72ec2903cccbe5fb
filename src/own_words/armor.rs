//! Armoured blocks: PGP signatures and keys, certificates, uuencoded and base64 text.

use super::line::{Kind, Page};

/// Marks armour lines, the headers below them and the encoded lines; prose between them is left alone.
pub(super) fn mark(page: &mut Page<'_>) {
    let mut i = 0;
    while i < page.len() {
        let text = page.text(i);
        if !page.is_text(i) {
            i += 1;
        } else if is_delimiter(text) {
            i = armour(page, i);
        } else {
            if is_encoded(text) {
                page.mark(i..i + 1, Kind::Block);
            }
            i += 1;
        }
    }
}

/// `-----BEGIN …-----` or `-----END …-----`, possibly dash-escaped.
fn is_delimiter(text: &str) -> bool {
    let text = text.strip_prefix("- ").unwrap_or(text);
    let Some(inner) = text.strip_prefix("-----") else { return false };
    inner.ends_with("-----") && (inner.starts_with("BEGIN ") || inner.starts_with("END "))
}

/// Marks from the delimiter `i` on; gives the line behind. Signed text is not armoured: only its headers go.
fn armour(page: &mut Page<'_>, i: usize) -> usize {
    let signed = page.text(i).ends_with("SIGNED MESSAGE-----");
    let mut end = i + 1;
    while end < page.len() && is_header(page.text(end)) {
        end += 1;
    }
    let opens = page.text(i).contains("-BEGIN ");
    while !signed && opens && end < page.len() && is_body(page.text(end)) {
        end += 1;
    }
    page.mark(i..end, Kind::Block);
    end
}

fn is_header(text: &str) -> bool {
    ["Hash: ", "Version: ", "Comment: ", "Charset: ", "MessageID: "].iter().any(|key| text.starts_with(key))
}

fn is_body(text: &str) -> bool {
    text.is_empty() || !text.contains(' ') && text.len() >= 4 && text.bytes().all(is_base64)
}

/// A long line of base64 with no word in it.
fn is_encoded(text: &str) -> bool {
    text.len() >= 56
        && text.bytes().all(is_base64)
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().any(|b| b.is_ascii_uppercase())
}

fn is_base64(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_ends_armour() {
        let mut page =
            Page::new("-----BEGIN PGP SIGNATURE-----\nVersion: X\n\niQEzBAEB\n=abcd\nMerge it now.\n");
        mark(&mut page);
        let kinds: Vec<_> = (0..page.len()).filter(|&i| page.is_text(i)).collect();
        assert_eq!(kinds, [5]);
    }
}
