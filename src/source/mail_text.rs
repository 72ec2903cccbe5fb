//! From the bytes of a MIME part to text: transfer encoding, then charset.

use std::borrow::Cow;

use mail_parser::decoders::{
    base64::base64_decode,
    charsets::{DecoderFnc, map::charset_decoder},
};

use super::quoted_printable;

/// Text and whether nothing in it was guessed or lost.
pub(super) type Decoded = (String, bool);

/// Undoes the transfer encoding named `encoding`; what cannot be decoded stays as it stands.
pub(super) fn undo_transfer<'a>(bytes: &'a [u8], encoding: &str) -> (Cow<'a, [u8]>, bool) {
    let encoding = encoding.trim().trim_matches(['"', ';']);
    if encoding.eq_ignore_ascii_case("base64") {
        base64_decode(bytes).map_or_else(|| (base64_prefix(bytes).into(), false), |d| (d.into(), true))
    } else if encoding.eq_ignore_ascii_case("quoted-printable") {
        quoted_printable::decode(bytes)
            .map_or_else(|| (lenient_quoted_printable(bytes).into(), false), |d| (d.into(), true))
    } else {
        (bytes.into(), true)
    }
}

/// Decodes the leading lines that are base64 and keeps the rest, for list software appends its footer in plain text.
fn base64_prefix(bytes: &[u8]) -> Vec<u8> {
    let is_code = |line: &[u8]| {
        line.trim_ascii().iter().all(|&b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
    };
    let end: usize =
        bytes.split_inclusive(|&b| b == b'\n').take_while(|line| is_code(line)).map(<[u8]>::len).sum();
    let mut decoded = base64_decode(&bytes[..end]).unwrap_or_else(|| bytes[..end].to_vec());
    if !decoded.is_empty() && !decoded.ends_with(b"\n") {
        decoded.push(b'\n');
    }
    decoded.extend_from_slice(&bytes[end..]);
    decoded
}

/// Quoted-printable with malformed escapes left as they stand.
fn lenient_quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let hex = |b: Option<&u8>| b.and_then(|&b| char::from(b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let behind = &bytes[at + 1..];
        at += match (bytes[at], hex(behind.first()), hex(behind.get(1))) {
            (b'=', Some(high), Some(low)) => {
                decoded.push(high << 4 | low);
                3
            }
            (b'=', ..) if behind.starts_with(b"\n") => 2,
            (b'=', ..) if behind.starts_with(b"\r\n") => 3,
            (byte, ..) => {
                decoded.push(byte);
                1
            }
        };
    }
    decoded
}

/// Text in the charset `label`; without a usable label UTF-8 if valid, else Windows-1252.
pub(super) fn decode_charset(bytes: &[u8], label: Option<&str>) -> Decoded {
    let Some(label) = label.map(str::trim).filter(|l| !l.is_empty()) else {
        return decode_unlabelled(bytes);
    };
    if is_one_of(label, &["utf-8", "utf8"]) {
        return decode_utf8(bytes);
    }
    if is_one_of(label, &["us-ascii", "ascii"]) {
        return decode_unlabelled(bytes);
    }
    match charset_decoder(label.as_bytes()) {
        Some(decoder) => decode_with(decoder, bytes),
        // A charset without a name is guessed at and that is no fault; one that nobody knows is.
        None => (decode_unlabelled(bytes).0, bytes.is_ascii()),
    }
}

fn is_one_of(label: &str, names: &[&str]) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(label))
}

fn decode_utf8(bytes: &[u8]) -> Decoded {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), true),
        Err(_) => (String::from_utf8_lossy(bytes).into_owned(), false),
    }
}

fn decode_with(decoder: DecoderFnc, bytes: &[u8]) -> Decoded {
    let text = decoder(bytes);
    if text == "\u{fffd}" || text.is_empty() && !bytes.is_empty() {
        // The decoder gave up on the whole of it.
        return (String::from_utf8_lossy(bytes).into_owned(), false);
    }
    let clean = !text.contains(char::REPLACEMENT_CHARACTER);
    (text, clean)
}

/// Bytes of no stated charset: UTF-8 if valid, else Windows-1252, which shows every byte (and is a guess).
pub(super) fn decode_unlabelled(bytes: &[u8]) -> Decoded {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), true);
    }
    let text = charset_decoder(b"windows-1252").map(|decode| decode(bytes));
    (text.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned()), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undone(bytes: &[u8], encoding: &str) -> (String, bool) {
        let (bytes, clean) = undo_transfer(bytes, encoding);
        (String::from_utf8_lossy(&bytes).into_owned(), clean)
    }

    #[test]
    fn transfer_encodings() {
        assert_eq!(undone(b"SGVsbG8s\r\nIHdvcmxk\r\n", "base64"), ("Hello, world".into(), true));
        assert_eq!(undone(b"a=3Db=\nc =20\n", "Quoted-Printable"), ("a=bc  \n".into(), true));
        assert_eq!(undone(b"a=3Db", "7bit"), ("a=3Db".into(), true));
        assert_eq!(undone(b"", "base64"), (String::new(), true));
    }

    #[test]
    fn damaged_encodings_keep_their_bytes() {
        let footer = b"SGVsbG8=\n_______________\nlist mailing list\n";
        assert_eq!(undone(footer, "base64"), ("Hello\n_______________\nlist mailing list\n".into(), false));
        assert_eq!(undone(b"100%= =ZZ=41=", "quoted-printable"), ("100%= =ZZA=".into(), false));
    }

    #[test]
    fn charsets() {
        for (bytes, label, text, clean) in [
            (&b"caf\xc3\xa9"[..], Some("utf-8"), "caf\u{e9}", true),
            (b"caf\xe9", Some("ISO-8859-1"), "caf\u{e9}", true),
            (b"\xd0\xc2", Some("gb2312"), "\u{65b0}", true),
            (b"caf\xe9", Some("utf-8"), "caf\u{fffd}", false),
            (b"caf\xe9", None, "caf\u{e9}", false),
            (b"caf\xc3\xa9", None, "caf\u{e9}", true),
            (b"caf\xc3\xa9", Some("us-ascii"), "caf\u{e9}", true),
            (b"cafe", Some("no-such-charset"), "cafe", true),
            (b"caf\xc3\xa9", Some("no-such-charset"), "caf\u{e9}", false),
            (b"\x1b$)C", Some("iso-2022-kr"), "\u{1b}$)C", false),
        ] {
            assert_eq!(decode_charset(bytes, label), (text.to_owned(), clean), "{bytes:?} {label:?}");
        }
    }
}
