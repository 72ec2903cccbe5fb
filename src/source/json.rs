//! JSON as others write it: parsing with a second try, and looking into an object that is not all there.

use serde::Deserialize;

use super::Record;
use crate::error::{Error, ErrorKind};

/// Parses `bytes`, and if that fails, a mended copy of them that is kept in `mended`. True: it was mended.
pub(super) fn parse<'a, T: Deserialize<'a>>(
    bytes: &'a [u8],
    mended: &'a mut Option<String>,
) -> Result<(T, bool), serde_json::Error> {
    // A struct may also be read from a list of its fields, which is not what such a list would mean here.
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err(serde::de::Error::custom("not a JSON object"));
    }
    let err = match serde_json::from_slice(bytes) {
        Ok(value) => return Ok((value, false)),
        Err(err) => err,
    };
    let mended = mended.insert(mend(bytes));
    serde_json::from_str(mended).map(|value| (value, true)).map_err(|_| err)
}

/// The error to give for a record that is no JSON object of the expected kind.
pub(super) fn damaged(record: &Record, what: impl std::fmt::Display) -> Error {
    let cut = if record.truncated { " (it was cut: too long, or the stream broke off)" } else { "" };
    Error::new(ErrorKind::Damaged(format!("{what}{cut}"))).with_position(record.position.clone())
}

/// What strict JSON forbids and careless writers leave in: bytes that are no UTF-8, raw control characters and
/// halves of surrogate pairs in strings, `NaN` and `Infinity` outside of them.
fn mend(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = &*text;
    let mut in_string = false;
    while let Some(next) = rest.chars().next() {
        let mut taken = next.len_utf8();
        match next {
            '\\' if in_string => {
                let (escape, length) = mend_escape(rest);
                out.push_str(escape);
                taken = length;
            }
            '"' => {
                in_string = !in_string;
                out.push(next);
            }
            '\0'..='\x1f' if in_string => out.push_str(&format!("\\u{:04x}", next as u32)),
            'N' | 'I' | '-' if !in_string => {
                let name = ["NaN", "Infinity", "-Infinity"].into_iter().find(|name| rest.starts_with(name));
                taken = name.map_or(taken, str::len);
                out.push_str(if name.is_some() { "null" } else { &rest[..taken] });
            }
            _ => out.push(next),
        }
        rest = &rest[taken..];
    }
    out
}

/// The escape at the start of `rest`, or what stands for it, and how long it is.
fn mend_escape(rest: &str) -> (&str, usize) {
    let unit = |at: usize| {
        let digits = rest.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    match unit(0) {
        Some(0xd800..=0xdbff) => match unit(6) {
            Some(0xdc00..=0xdfff) => (&rest[..12], 12),
            _ => ("\u{fffd}", 6),
        },
        Some(0xdc00..=0xdfff) => ("\u{fffd}", 6),
        Some(_) => (&rest[..6], 6),
        None => match rest.chars().nth(1) {
            Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => (&rest[..2], 2),
            // A backslash that begins no escape stands for itself.
            _ => ("\\\\", 1),
        },
    }
}

/// The keys of the first object in `head`, as far as it goes; any brackets before it are passed over.
pub(super) fn first_keys(head: &[u8]) -> Vec<&[u8]> {
    let mut keys = Vec::new();
    let mut depth = 0;
    let mut key_next = true;
    let mut at = 0;
    while let Some(&byte) = head.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let Some(length) = string_length(&head[at..]) else { break };
                if depth == 1 && key_next {
                    keys.push(&head[at..at + length]);
                }
                key_next = false;
                at += length + 1;
            }
            b'[' if depth == 0 => {}
            b'{' | b'[' => {
                depth += 1;
                key_next = true;
            }
            b'}' | b']' => {
                depth -= 1;
                if depth <= 0 {
                    break;
                }
            }
            b',' => key_next = true,
            _ => {}
        }
    }
    keys
}

/// Length of the string whose opening quote was passed, without its closing quote, if that is there.
fn string_length(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', bytes.get(from..)?)?;
        if bytes[at] == b'"' {
            return Some(at);
        }
        from = at + 2;
    }
}

/// True for a list, and for an object over several lines; else each line is taken as an object of its own, which
/// loses one line and not the rest where a line is damaged.
pub(super) fn is_spread(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let end = memchr::memchr(b'\n', head).unwrap_or(0);
    head.starts_with(b"[")
        || matches!(head[..end].trim_ascii_end(), [b'{', .., b'{' | b'[' | b',' | b':'] | b"{")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[derive(Deserialize)]
    struct Line {
        text: String,
    }

    fn parse_line(bytes: &[u8]) -> Option<(String, bool)> {
        let mut mended = None;
        parse::<Line>(bytes, &mut mended).ok().map(|(line, mended)| (line.text, mended))
    }

    #[test]
    fn good_json_is_not_mended() {
        assert_eq!(parse_line(br#"{"text": "a\u00e9\ud83d\ude00"}"#), Some(("aé😀".into(), false)));
    }

    #[test]
    fn careless_json_is_mended() {
        for (json, expected) in [
            (&br#"{"text": "a\udc80b"}"#[..], "a\u{fffd}b"),
            (br#"{"text": "a\ud83d b \ud83d\ude00"}"#, "a\u{fffd} b 😀"),
            (b"{\"text\": \"gr\xfc\xdfe\"}", "gr\u{fffd}\u{fffd}e"),
            (b"{\"text\": \"a\tb\nc\"}", "a\tb\nc"),
            (
                br#"{"text": "C:\windows \q\"", "score": NaN, "x": -Infinity, "y": [Infinity, -1]}"#,
                r#"C:\windows \q""#,
            ),
        ] {
            assert_eq!(parse_line(json), Some((expected.into(), true)), "{}", json.escape_ascii());
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for json in ["", "[\"a\"]", "\"text\"", "{", "{\"text\": \"a\"", "{\"text\": \"a\"} x"] {
            assert_eq!(parse_line(json.as_bytes()), None, "{json}");
        }
    }

    #[test]
    fn keys_of_an_object_that_is_cut() {
        let head = br#"[ {"a": 1, "b\"c": "x, y", "d": {"no": ["n", "o"]}, "e": [{"no": 1}], "f": "cut"#;
        let keys: Vec<_> =
            first_keys(head).into_iter().map(|key| std::str::from_utf8(key).unwrap()).collect();
        assert_eq!(keys, ["a", "b\\\"c", "d", "e", "f"]);
        assert!(first_keys(b"[]").is_empty());
    }

    #[test]
    fn lines_and_lists_are_told_apart() {
        for spread in [
            &b"\xef\xbb\xbf{\r\n  \"a\": 1\n}\n"[..],
            b" [{\"a\": 1},\n",
            b"[",
            b"{\"a\": {\n",
            b"{ \"a\": 1,\n",
        ] {
            assert!(is_spread(spread), "{}", spread.escape_ascii());
        }
        for lines in
            [&b"{\"a\": 1}\r\n{\"b\""[..], b"{\"a\": 1", b"{\"a\": 1\n{\"b\": 2}\n", b"no json\n{}\n"]
        {
            assert!(!is_spread(lines), "{}", lines.escape_ascii());
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in r#"[\[\]{}",:\\ua-fd8\p{L}-]{0,80}"#) {
            for input in [&bytes[..], text.as_bytes()] {
                let _ = (parse_line(input), first_keys(input), is_spread(input));
                let object = [b"{\"text\": \"", input, b"\"}"].concat();
                let _ = (parse_line(&object), first_keys(&object));
            }
        }
    }
}
