#![allow(clippy::unwrap_used)]

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::message::Position;

fn record(bytes: &[u8]) -> Record {
    let position = Position { path: Path::new("a.mbox").into(), ordinal: 7, offset: 99 };
    Record { bytes: bytes.to_vec(), position, decoder: decode_mail, truncated: false, envelope_date: None }
}

fn message(bytes: &[u8]) -> Message {
    let mut messages = record(bytes).decode();
    assert_eq!(messages.len(), 1);
    messages.remove(0).unwrap()
}

/// A message with all that is expected of a header, and these lines behind it.
fn with(rest: &str) -> Message {
    let head =
        "Message-ID: <a@x>\nFrom: Mara Lind <mara@example.org>\nDate: Mon, 2 Jan 2006 15:04:05 -0700\n";
    message(format!("{head}{rest}").as_bytes())
}

#[test]
fn every_field() {
    let message = with(
        "Subject: =?utf-8?q?R=C3=A9lease?=\r\n\tnow\nIn-Reply-To: <z@x> <p@x>\nReferences: <r1@x>\n <r2@x>\n\
         List-Id: Devs <dev.example.org>\n\nHello\r\nworld\r\n",
    );
    assert_eq!(message.id, "a@x");
    assert_eq!(message.parent.as_deref(), Some("p@x"));
    assert_eq!(message.references, ["r1@x", "r2@x"]);
    assert_eq!(
        (message.author.name.as_str(), message.author.address.as_str()),
        ("Mara Lind", "mara@example.org")
    );
    assert_eq!(message.date.unwrap().to_string(), "2006-01-02T15:04:05-07:00");
    assert_eq!(message.subject, "R\u{e9}lease now");
    assert!(message.owns_subject);
    assert_eq!(message.list.as_deref(), Some("dev.example.org"));
    assert_eq!(message.body, "Hello\nworld\n");
    assert_eq!(message.position.ordinal, 7);
    assert_eq!(message.problems, []);
}

#[test]
fn the_last_reference_is_the_parent_where_nothing_else_is() {
    assert_eq!(with("References: <r1@x> <r2@x>\n\nx").parent.as_deref(), Some("r2@x"));
    assert_eq!(with("In-Reply-To: Mara's message\n\nx").parent, None);
}

#[test]
fn a_bare_body_is_a_message() {
    let message = message(b"\xffno header at all\n");
    assert_eq!(message.id, "a.mbox#7");
    assert_eq!(message.body, "\u{ff}no header at all\n");
    let expected =
        [Problem::BadMime, Problem::NoId, Problem::NoAuthor, Problem::NoDate, Problem::BadEncoding];
    assert_eq!(message.problems, expected);
}

#[test]
fn an_empty_message_says_so() {
    let message = message(b"");
    assert_eq!(message.id, "a.mbox#7");
    assert!(message.problems.contains(&Problem::EmptyBody));
    assert_eq!(with("\n \n\n").problems, [Problem::EmptyBody]);
}

#[test]
fn a_header_without_body_or_line_end_keeps_its_fields() {
    let message =
        message(b"Message-ID: <a@x>\nFrom: m@x\nDate: Mon, 2 Jan 2006 15:04:05 +0000\nSubject: the end");
    assert_eq!((message.subject.as_str(), &message.problems[..]), ("the end", &[Problem::EmptyBody][..]));
}

#[test]
fn undecodable_headers_do_not_lose_the_message() {
    for (subject, shown) in [
        ("=?utf-8?b?!!!?=", "=?utf-8?b?!!!?="),
        ("=?utf-8?q?=FF=FE?=", "\u{fffd}\u{fffd}"),
        ("=?nonsense", "=?nonsense"),
    ] {
        let message = with(&format!("Subject: {subject}\n\nbody\n"));
        assert_eq!((message.subject.as_str(), message.body.as_str()), (shown, "body\n"));
        assert_eq!(message.problems.contains(&Problem::BadHeader), subject.ends_with("?="));
    }
    let message = message(b"Message-ID: <a@x>\nFrom: J\xf6rn <j@x>\nSubject: caf\xe9\n\nbody\n");
    assert_eq!((message.author.name.as_str(), message.subject.as_str()), ("J\u{f6}rn", "caf\u{e9}"));
    assert!(message.problems.contains(&Problem::BadHeader));
}

#[test]
fn impossible_dates_do_not_lose_the_message() {
    for date in
        ["30 Feb 2006 10:00:00 +0000", "2 Jan 2006 27:00:00 +0000", "7 Feb 2106 06:28:15 +0000", "soon"]
    {
        let mail = format!("Message-ID: <a@x>\nFrom: m@x\nDate: {date}\n\nbody\n");
        let mut record = record(mail.as_bytes());
        let read = record.decode().remove(0).unwrap();
        assert_eq!((read.date, &read.problems[..]), (None, &[Problem::BadDate][..]));
        // The archive's own date stands in, and the problem stays.
        record.envelope_date = parse_mail_date("Mon Jan  2 15:04:05 2006");
        let read = record.decode().remove(0).unwrap();
        assert_eq!((read.date, &read.problems[..]), (record.envelope_date, &[Problem::BadDate][..]));
    }
}

#[test]
fn transfer_encodings_and_charsets() {
    let kind = |charset: &str, encoding: &str, body: &str| {
        with(&format!(
            "Content-Type: text/plain; charset=\"{charset}\"\nContent-Transfer-Encoding: {encoding}\n\n{body}"
        ))
    };
    assert_eq!(kind("utf-8", "base64", "SsO2cm4NCg==\n").body, "J\u{f6}rn\n");
    assert_eq!(kind("ISO-8859-1", "Quoted-Printable", "J=F6rn=\n!\n").body, "J\u{f6}rn!\n");
    assert_eq!(kind("koi8-r", "base64", "0NLJ18XU\n").body, "\u{43f}\u{440}\u{438}\u{432}\u{435}\u{442}");
    let damaged = kind("utf-8", "quoted-printable", "J=F6rn 100%=zz\n");
    assert_eq!(
        (damaged.body.as_str(), &damaged.problems[..]),
        ("J\u{fffd}rn 100%=zz\n", &[Problem::BadEncoding][..])
    );
}

const ALTERNATIVE: &str = "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"b\"\n\npreamble\n\
    --b\nContent-Type: text/plain\n\nplain\n\n--b\nContent-Type: text/html\n\n<p>html</p>\n--b--\nepilogue\n";

#[test]
fn of_alternatives_the_text_is_taken() {
    let message = with(ALTERNATIVE);
    assert_eq!((message.body.as_str(), &message.problems[..]), ("plain\n", &[][..]));
    let message = with(&ALTERNATIVE.replace("\nplain\n", "\n\n"));
    assert_eq!((message.body.trim(), &message.problems[..]), ("html", &[Problem::HtmlOnly][..]));
}

#[test]
fn html_with_a_footer_in_plain_text() {
    let message = with(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<div>Mine</div>\n\
         --b\nContent-Type: text/plain\n\n___\nfooter\n--b--\n",
    );
    assert_eq!(
        (message.body.as_str(), &message.problems[..]),
        ("Mine\n___\nfooter", &[Problem::HtmlOnly][..])
    );
}

#[test]
fn attachments_and_forwarded_mails_are_left_out() {
    let message = with(
        "Content-Type: multipart/mixed; boundary=\"b b\"\n\n--b b\n\none\n--b b\nContent-Type: text/x-patch\n\n+x\n\
         --b b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nattached\n\
         --b b\nContent-Type: message/rfc822\n\nSubject: inner\n\ninner\n\
         --b b\nContent-Type: text/plain\nContent-Disposition: inline\n\ntwo\n--b b--\n",
    );
    assert_eq!((message.body.as_str(), &message.problems[..]), ("one\ntwo", &[][..]));
}

#[test]
fn nested_multiparts_whose_boundaries_begin_alike() {
    let message = with(
        "Content-Type: multipart/mixed; boundary=part\n\n--part\n\
         Content-Type: multipart/alternative; boundary=part1\n\n--part1\nContent-Type: text/plain\n\nfirst --part\n\
         --part1\nContent-Type: text/html\n\n<b>first</b>\n--part1--\n--part\n\nsecond\n--part--\n",
    );
    assert_eq!((message.body.as_str(), &message.problems[..]), ("first --part\nsecond", &[][..]));
}

#[test]
fn broken_mime_is_a_best_effort() {
    let unclosed = with("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n");
    assert_eq!((unclosed.body.as_str(), &unclosed.problems[..]), ("one\ntwo\n", &[Problem::BadMime][..]));
    for parameter in ["boundary=b", "boundary=\"\"", "x=y"] {
        let lost = with(&format!("Content-Type: multipart/mixed; {parameter}\n\njust text\n"));
        assert_eq!((lost.body.as_str(), &lost.problems[..]), ("just text\n", &[Problem::BadMime][..]));
    }
    let unknown = with("Content-Type: text\n\nwords\n");
    assert_eq!(unknown.body, "words\n");
}

#[test]
fn no_text_at_all() {
    assert_eq!(with("Content-Type: application/pdf\n\n%PDF\n").problems, [Problem::EmptyBody]);
}

/// Multiparts in multiparts, each with a boundary of its own or all with the same.
fn nested(levels: usize, boundary: impl Fn(usize) -> String) -> String {
    let open = |level| format!("Content-Type: multipart/mixed; boundary={0}\n\n--{0}\n", boundary(level));
    (0..levels).map(open).collect::<String>() + "Content-Type: message/rfc822\n\n" + &"x\n".repeat(10)
}

#[test]
fn hostile_nesting_takes_no_room_and_no_stack() {
    let forwarded = "Content-Type: message/rfc822\n\n".repeat(50_000);
    let unfound = "--b\nContent-Type: multipart/mixed; boundary=none\n\nx\n".repeat(20_000);
    let words = format!("Subject: {}\n\nx", "=?aa?q?".repeat(200_000));
    for hostile in [
        nested(20_000, |level| format!("b{level}")),
        nested(20_000, |_| "b".into()),
        forwarded,
        format!("Content-Type: multipart/mixed; boundary=b\n\n{unfound}"),
        format!("Content-Type: text/html\n\n{}", "<blockquote ".repeat(100_000)),
        format!("Content-Type: text/html\n\n{}x", "<blockquote>".repeat(100_000)),
        words,
    ] {
        let message = with(&hostile);
        assert!(!message.id.is_empty());
        // Quotes are marked to a small depth and no further; all else is there once.
        assert!(message.body.len() <= 2 * hostile.len(), "{:?}", &hostile[..40]);
    }
}

#[test]
fn of_endless_fields_the_first_are_read() {
    let endless = "X-Spam: 1\n".repeat(200_000);
    let message = with(&format!("Subject: first\n{endless}\nthe body\n"));
    assert_eq!((&*message.subject, &*message.body), ("first", "the body\n"));
    assert_eq!(message.problems, [Problem::Truncated]);
    let header = Header::split_part(endless.as_bytes());
    assert!(header.cut && header.all("x-spam").count() == 1000);
    let usual = with(&format!("{}Subject: last\n\nx\n", "Received: from a by b\n".repeat(300)));
    assert_eq!((&*usual.subject, &usual.problems[..]), ("last", &[][..]));
}

#[test]
fn of_endless_parts_the_first_are_read() {
    let parts = |n: usize| {
        let parts: String = (0..n).map(|i| format!("--b\n\n{i}\n")).collect();
        with(&format!("Content-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n"))
    };
    let message = parts(100_000);
    assert_eq!((message.body.lines().count(), &message.problems[..]), (1000, &[Problem::Truncated][..]));
    assert!(parts(1000).problems.is_empty());
    // Spread over many multiparts, they count together.
    let inner =
        format!("--b\nContent-Type: multipart/mixed; boundary=c\n\n{}--c--\n", "--c\n\nx\n".repeat(100));
    let message = with(&format!("Content-Type: multipart/mixed; boundary=b\n\n{}--b--\n", inner.repeat(500)));
    assert!(message.body.lines().count() < 1000 && message.problems == [Problem::Truncated]);
}

#[test]
fn of_endless_references_the_oldest_and_the_latest_count() {
    let references: String = (0..100_000).map(|i| format!(" <{i}@tarn.example>\n")).collect();
    let message = with(&format!("References:{references}\nx\n"));
    assert_eq!(message.references.first().unwrap(), "0@tarn.example");
    assert_eq!(message.parent.as_deref(), Some("99999@tarn.example"));
    assert!(message.problems.contains(&Problem::Truncated) && message.references.len() < 20_000);
}

/// Fragments of mails, so that random sequences of them have some structure.
fn fragments() -> impl Strategy<Value = Vec<u8>> {
    let fragment = prop_oneof![
        Just(b"Content-Type: multipart/alternative; boundary=b\n".to_vec()),
        Just(b"Content-Type: text/html; charset=utf-16\n".to_vec()),
        Just(b"Content-Type: text/plain; charset*0*=utf-7''x\n".to_vec()),
        Just(b"Content-Transfer-Encoding: base64\n".to_vec()),
        Just(b"Content-Transfer-Encoding: quoted-printable\n".to_vec()),
        Just(b"From: \"a\\\" (b <c\n".to_vec()),
        Just(b"Date: Mon, 2 Jan 2006 +\n".to_vec()),
        Just(b"Subject: =?utf-8?q?=?= =?x?b?AA?=\n".to_vec()),
        Just(b"References: <<a> b\n".to_vec()),
        Just(b"\n--b\n".to_vec()),
        Just(b"\n--b--\n".to_vec()),
        Just(b"<blockquote><!-- <style &amp".to_vec()),
        Just(b"\n".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..30),
    ];
    proptest::collection::vec(fragment, 0..20).prop_map(|f| f.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_one_message(bytes in fragments()) {
        let message = message(&bytes);
        prop_assert!(!message.id.is_empty());
        prop_assert!(!message.subject.contains('\n'));
    }

    #[test]
    fn any_charset_label_is_survived(label in "[a-z0-9_-]{0,12}", bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        for label in [label.as_str(), "utf-16", "utf-7", "iso-2022-jp", "gb18030", "big5", "utf-16le"] {
            decode_charset(&bytes, Some(label));
        }
    }
}
