//! Quoted-printable, a line at a time: the same as `mail-parser` decodes byte by byte, which is asked wherever an
//! escape is unusual.

use mail_parser::decoders::quoted_printable::{quoted_printable_decode, quoted_printable_decode_char};
use memchr::memchr3;

/// Undoes quoted-printable (RFC 2045, 6.7); `None` where an escape is malformed.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut line_end: &[u8] = b"\n";
    // White space at the end of a line goes, but not what an escape stands for, nor what a soft break joins.
    let mut fixed = 0;
    let mut rest = bytes;
    while let Some(at) = memchr3(b'=', b'\n', b'\r', rest) {
        out.extend_from_slice(&rest[..at]);
        let behind = &rest[at + 1..];
        let taken = match (rest[at], behind) {
            (b'\r', _) => {
                line_end = b"\r\n";
                0
            }
            (b'\n', _) => {
                let kept = out[fixed..].trim_ascii_end().len();
                out.truncate(fixed + kept);
                out.extend_from_slice(line_end);
                fixed = out.len();
                0
            }
            (_, [b'\n', ..]) => {
                fixed = out.len();
                1
            }
            (_, [b'\r', b'\n', ..]) => {
                line_end = b"\r\n";
                fixed = out.len();
                2
            }
            (_, &[high, low, ..]) if let Some(byte) = quoted_printable_decode_char(high, low) => {
                out.push(byte);
                fixed = out.len();
                2
            }
            _ => return quoted_printable_decode(bytes),
        };
        rest = &behind[taken..];
    }
    out.extend_from_slice(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn escapes_soft_breaks_and_white_space() {
        assert_eq!(decode(b"a=3Db =20 \nc=\nd \r\n e=\r\nf").unwrap(), b"a=b  \ncd\r\n ef");
        assert_eq!(decode(b"=ZZ"), None);
        assert_eq!(decode(b"").unwrap(), b"");
    }

    proptest::proptest! {
        #[test]
        fn all_is_decoded_as_the_library_does(bytes in "(=[0-9A-Fa-g \\r\\n]{0,2}|=\\r?\\n|[ \\t\\x0c\\x0b]|\\r?\\n|[a-d=]){0,30}") {
            proptest::prop_assert_eq!(decode(bytes.as_bytes()), quoted_printable_decode(bytes.as_bytes()));
        }
    }
}
