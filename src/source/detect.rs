//! Telling formats apart by their first bytes, or by what a directory holds; names of files say nothing.

use std::path::Path;

use super::{
    Columns, Format,
    envelope::{Envelope, evidence},
    gharchive, github,
    header::{field_name_len, is_well_known},
    json,
    maildir::is_maildir,
    table,
};

/// How many bytes are looked at.
pub(super) const HEAD: usize = 64 << 10;

/// Why a stream that begins like Parquet is not read: its index stands at the end.
pub(super) const UNREADABLE_PARQUET: &str = if cfg!(feature = "parquet") {
    "Parquet in a pipe or compressed once more: save it as a plain file first"
} else {
    "Parquet, which this build does not read (feature \"parquet\")"
};

/// Formats that are known and not read, by their first bytes.
const FOREIGN: [(&[u8], &str); 12] = [
    (b"PK\x03\x04", "a zip archive: unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (b"\x1f\x9d", "compressed with compress (.Z), which is not supported"),
    (b"!BDN", "an Outlook data file, which is not supported"),
    (b"# v2 git bundle", "a git bundle: clone it first"),
    (b"# v3 git bundle", "a git bundle: clone it first"),
    // Where it can be read, it is seen before this.
    (b"PAR1", UNREADABLE_PARQUET),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image"),
    (b"SQLite format 3", "a database"),
    (b"\xff\xfe", "text in UTF-16, which is not supported"),
    (b"\xfe\xff", "text in UTF-16, which is not supported"),
];

/// The format of an input that begins with `head`, or why it has none.
///
/// [`Format::Text`] is what remains of readable text: for an input that was named, it is one message.
pub(super) fn detect(head: &[u8], columns: &Columns) -> Result<Format, String> {
    if head.is_empty() {
        return Err("empty: there is nothing to read".into());
    }
    if let Some(what) = foreign(head) {
        return Err(what.into());
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if text.trim_ascii().is_empty() {
        return Err("nothing but white space".into());
    }
    if looks_like_json(text) { detect_json(text) } else { detect_text(text, columns) }
}

/// True for the beginning of an object or of a list of objects, as opposed to "[a note] in prose".
fn looks_like_json(text: &[u8]) -> bool {
    let mut bytes = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
    matches!(
        (bytes.next(), bytes.next()),
        (Some(b'{'), None | Some(b'"' | b'}')) | (Some(b'['), None | Some(b'{' | b'[' | b']'))
    )
}

fn foreign(head: &[u8]) -> Option<&'static str> {
    let known = FOREIGN.into_iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, what)| what);
    let tar = || (head.get(257..262) == Some(b"ustar")).then_some("a tar archive: unpack it first");
    // Mails of old hold stray NUL bytes; what holds many is no text.
    let binary = || {
        (memchr::memchr_iter(0, head).count() > head.len() / 64).then_some("binary data of no known format")
    };
    known.or_else(tar).or_else(binary)
}

fn detect_json(text: &[u8]) -> Result<Format, String> {
    let keys = json::first_keys(text);
    let has = |key: &str| keys.contains(&key.as_bytes());
    let empty_list = || text.trim_ascii_start().starts_with(b"[") && keys.is_empty();
    if gharchive::has_keys(&keys) {
        Ok(Format::GhArchive)
    } else if (has("text") || has("body")) && !github::has_keys(&keys) {
        Ok(Format::Jsonl)
    } else if github::has_keys(&keys) || has("title") || empty_list() {
        Ok(Format::Github)
    } else {
        Err("JSON of no known kind: neither text nor body, and no keys of GitHub's".into())
    }
}

fn detect_text(text: &[u8], columns: &Columns) -> Result<Format, String> {
    if let Some(format) = first_envelope(text, false) {
        return Ok(format);
    }
    if is_mail(text) {
        return Ok(Format::Eml);
    }
    let delimiter = table::delimiter(text);
    if columns.is_header(text, delimiter) {
        return Ok(if delimiter == b'\t' { Format::Tsv } else { Format::Csv });
    }
    // Something stands before the first mail: the reader of mailboxes reports it.
    Ok(first_envelope(text, true).unwrap_or(Format::Text))
}

/// The kind of mailbox whose first envelope, with header lines behind it, stands in `text`; if not `anywhere`, only
/// blank lines may stand before it.
fn first_envelope(text: &[u8], anywhere: bool) -> Option<Format> {
    let mut rest = text;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let (line, behind) = rest.split_at(end);
        rest = behind;
        let line = line.trim_ascii();
        if Envelope::parse(line).is_some() && (behind.is_empty() || evidence(behind).headers > 0) {
            // Mailman writes addresses out, either way, in the envelope as well.
            let written_out = [&b" at "[..], b"@end|ng |rom "];
            let pipermail = written_out.iter().any(|mark| memchr::memmem::find(line, mark).is_some());
            return Some(if pipermail { Format::Pipermail } else { Format::Mbox });
        }
        if !anywhere && !line.is_empty() {
            return None;
        }
    }
    None
}

/// True if `text` begins with at least two header lines, one of them of a name that mails bear.
fn is_mail(text: &[u8]) -> bool {
    let (mut headers, mut known) = (0, false);
    for line in text.split(|byte| *byte == b'\n') {
        match field_name_len(line) {
            Some(length) => {
                headers += 1;
                known |= is_well_known(&line[..length]);
            }
            // A continuation.
            None if headers > 0 && matches!(line, [b' ' | b'\t', ..]) => {}
            None => break,
        }
    }
    known && headers > 1
}

/// The format of a directory that is itself an archive: a Maildir or a bare git repository.
pub(super) fn detect_directory(path: &Path) -> Option<Format> {
    let has = |names: &[&str]| names.iter().all(|name| path.join(name).is_dir());
    if is_maildir(path) {
        return Some(Format::Maildir);
    }
    (has(&["objects", "refs"]) && path.join("HEAD").is_file()).then_some(Format::PublicInbox)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use proptest::prelude::*;

    use super::*;

    fn seen(head: &str) -> Result<Format, String> {
        detect(head.as_bytes(), &Columns::default())
    }

    #[test]
    fn each_format_is_known_by_its_beginning() {
        for (head, format) in [
            ("From ann@x.org Thu Jan  2 15:55:39 2025\nFrom: Ann <ann@x.org>\n\nhi\n", Format::Mbox),
            ("\nFrom - Thu Jan  2 15:55:39 2025\nX-Mozilla-Status: 0001\n", Format::Mbox),
            ("From ann at x.org  Thu Jan  2 15:55:39 2025\nFrom: ann at x.org (Ann)\n", Format::Pipermail),
            ("From @nn @end|ng |rom x@org  Thu Jan  2 15:55:39 2025\nFrom: a\n", Format::Pipermail),
            ("junk before\n\nFrom ann@x.org Thu Jan  2 15:55:39 2025\nFrom: Ann\n", Format::Mbox),
            ("Return-Path: <ann@x.org>\r\nReceived: from a\r\n\tby b\r\n\r\nhi", Format::Eml),
            ("Subject: =?utf-8?q?x?=\nX-Other: y\n\nFrom ann@x.org Thu Jan  2 15:55:39 2025\n", Format::Eml),
            (
                r#"{"id": "1", "type": "PushEvent", "actor": {"login": "a"}, "repo": {}, "payload": {"#,
                Format::GhArchive,
            ),
            (r#"[{"url": "u", "html_url": "h", "title": "t", "body": "b"}]"#, Format::Github),
            (r#"{"author": {"login": "a"}, "body": "b", "comments": [], "title": "t"}"#, Format::Github),
            (r#"{"title": "t", "comments": []}"#, Format::Github),
            ("[]\n", Format::Github),
            ("\u{feff}{\"id\": \"1\", \"text\": \"From ", Format::Jsonl),
            ("{\n \"body\": \"b\"\n}", Format::Jsonl),
            ("id,author,text\n1,a,b\n", Format::Csv),
            ("id\tauthor\tbody\n", Format::Tsv),
            ("Dear all,\n\nplease note: this is a text.\n", Format::Text),
            ("From here on, Thu is a day\n", Format::Text),
            ("[dev] a note\n", Format::Text),
            ("{ x }\n", Format::Text),
            ("Note: nothing\nElse: here\n", Format::Text),
        ] {
            assert_eq!(seen(head), Ok(format), "{head}");
        }
    }

    #[test]
    fn what_is_not_read_is_named() {
        let mut tar = vec![b'a'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        for (head, what) in [
            (&b""[..], "empty"),
            (b" \n", "white space"),
            (b"PK\x03\x04xyz", "zip archive"),
            (b"\x89PNG\r\n", "image"),
            (b"{\"name\": \"x\", \"version\": 1}", "JSON of no known kind"),
            (b"ab\0\0\0\x01\0", "binary"),
            (&tar, "tar archive: unpack"),
        ] {
            let err = detect(head, &Columns::default()).unwrap_err();
            assert!(err.contains(what), "{what}: {err}");
        }
    }

    #[test]
    fn a_named_column_makes_a_header() {
        let columns = "text=remark".parse().unwrap();
        assert_eq!(detect(b"no,remark\n1,a\n", &Columns::default()), Ok(Format::Text));
        assert_eq!(detect(b"id,remark\n1,a\n", &columns), Ok(Format::Csv));
    }

    #[test]
    fn directories_are_known_by_what_they_hold() {
        let dir = tempfile::tempdir().unwrap();
        let make = |name: &str| fs::create_dir_all(dir.path().join(name)).unwrap();
        ["mail/cur", "mail/new", "a.git/objects", "a.git/refs"].iter().copied().for_each(make);
        fs::write(dir.path().join("a.git/HEAD"), "ref: refs/heads/master\n").unwrap();
        assert_eq!(detect_directory(&dir.path().join("mail")), Some(Format::Maildir));
        assert_eq!(detect_directory(&dir.path().join("a.git")), Some(Format::PublicInbox));
        assert_eq!(detect_directory(dir.path()), None);
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_format_or_a_reason(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in "(From |a,text\n|\\{\"|[a-z]+: )[ -~\n\t]{0,200}") {
            let _ = detect(&bytes, &Columns::default());
            let _ = detect(text.as_bytes(), &Columns::default());
        }
    }
}
