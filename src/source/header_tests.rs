#![allow(clippy::unwrap_used)]
use super::*;

#[test]
fn fields_and_body() {
    let header = Header::split(b"From: a\r\nSubject: one\r\n\ttwo\r\n\r\nbody\r\n");
    assert_eq!(header.get("subject"), Some(&b" one\r\n\ttwo\r\n"[..]));
    assert_eq!(header.body, b"body\r\n");
    assert!(!header.broken);
}

#[test]
fn broken_lines_cost_only_themselves() {
    let header = Header::split(b"From a Mon Jan  2 15:04:05 2006\nFrom: a\nno header\nSubject: b\n\nbody");
    assert_eq!(header.get("subject"), Some(&b" b\n"[..]));
    assert!(header.broken);
    let header = Header::split(b"Subject: a\nThe blank line is missing.\nYes.\n");
    assert_eq!(header.body, b"The blank line is missing.\nYes.\n");
}

#[test]
fn text_without_header_is_all_body() {
    for bytes in [&b"Hello\nNote: x\n\nmore"[..], b"Note: x\n\nmore", b"\xff\xfe\n", b"   \nx"] {
        let header = Header::split(bytes);
        assert!(header.is_empty() && header.broken, "{bytes:?}");
        assert_eq!(header.body, bytes);
    }
    assert_eq!(Header::split(b"\nbody").body, b"body");
    assert_eq!(Header::split(b"").body, b"");
}

#[test]
fn texts() {
    for (value, expected, clean) in [
        (&b" plain\r\n\twords "[..], "plain words", true),
        (b"=?utf-8?q?J=C3=B6rn?= at work", "J\u{f6}rn at work", true),
        (b"=?iso-8859-1?B?SvZybg==?=", "J\u{f6}rn", true),
        (b"=?utf-8?Q?J=C3?=\n =?utf-8?q?=B6rn?=", "J\u{f6}rn", true),
        (b"=?utf-8?b?SsO2?= =?utf-8?b?cm4=?=", "J\u{f6}rn", true),
        (b"caf\xe9", "caf\u{e9}", false),
        (b"=?utf-8?b?!!!?= x", "=?utf-8?b?!!!?= x", false),
        (b"=?utf-8?q?=FF?=", "\u{fffd}", false),
        (b"a=?utf-8?q?=0Ab?=", "a  b", true),
        (b"", "", true),
    ] {
        assert_eq!(text(value), (expected.to_owned(), clean), "{value:?}");
    }
}

#[test]
fn authors() {
    for (value, name, address) in [
        (&b"Mara Lind <mara@example.org>"[..], "Mara Lind", "mara@example.org"),
        (b"mara@example.org (Mara Lind)", "Mara Lind", "mara@example.org"),
        (b"\"Lind, Mara\" <mara@example.org>, b@example.org", "Lind, Mara", "mara@example.org"),
        (b"=?utf-8?q?M=C3=A4ra?= <mara@example.org>", "M\u{e4}ra", "mara@example.org"),
        (b"mara@example.org", "", "mara@example.org"),
    ] {
        let (author, clean) = author(value);
        assert_eq!(
            (author.name.as_str(), author.address.as_str(), clean),
            (name, address, true),
            "{value:?}"
        );
    }
}

#[test]
fn ids_with_stray_text() {
    assert_eq!(ids(b" <a@x>\n\t<b@\n y> (note)"), ["a@x", "b@y"]);
    assert_eq!(ids(b"Your message of \"Mon\" <a@x>"), ["a@x"]);
    assert_eq!(ids(b"a@x"), ["a@x"]);
    assert_eq!(ids(b"Mara's message of today"), Vec::<String>::new());
    assert_eq!(ids(b"<broken"), Vec::<String>::new());
    assert_eq!(message_id(b" <> "), None);
    assert_eq!(message_id(b" <no-at-sign>"), Some("no-at-sign".into()));
    assert_eq!(message_id(b" bare-id \n"), Some("bare-id".into()));
}

#[test]
fn lists() {
    for (field, expected) in [
        (&b"List-Id: Devs of it <dev.example.org>\nTo: x\n\n"[..], Some("dev.example.org")),
        (b"X-Mailing-List: dev@example.org\nTo: x\n\n", Some("dev@example.org")),
        (b"List-Post: <mailto:dev@example.org?subject=x>\nTo: x\n\n", Some("dev@example.org")),
        (b"List-Post: NO\nTo: x\n\n", None),
        (b"To: x\n\n", None),
    ] {
        assert_eq!(list(&Header::split(field)).as_deref(), expected);
    }
}

proptest::proptest! {
    #[test]
    fn plain_values_are_read_as_the_parser_reads_them(value in "[a-c:=<> \\t\\r\\x0b\\x0cé\u{a0}]{0,24}") {
        let (prepared, _) = prepare(value.as_bytes());
        proptest::prop_assert_eq!(text(value.as_bytes()).0, one_line(&unstructured(&prepared)));
    }
}
