#![allow(clippy::unwrap_used)]

use std::{io::Write, path::Path};

use super::*;
use crate::message::Message;

/// A directory with these files.
fn tree(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    dir
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn read(inputs: &[Input]) -> Vec<Result<Message>> {
    let records = open(inputs, &Options::default());
    records.flat_map(|record| record.map_or_else(|err| vec![Err(err)], |record| record.decode())).collect()
}

/// The body of each message, or its error without the directory.
fn shown(dir: &Path, inputs: &[Input]) -> Vec<String> {
    let prefix = format!("{}/", dir.display());
    let one =
        |item: Result<Message>| item.map_or_else(|err| err.to_string().replace(&prefix, ""), |it| it.body);
    read(inputs).into_iter().map(one).collect()
}

const LINES: &[u8] = b"{\"text\": \"a\"}\n{\"text\": \"b\"}\n";

#[test]
fn a_directory_is_read_in_order_and_every_stranger_in_it_is_told() {
    let dir = tree(&[
        ("1.jsonl", LINES),
        ("2.csv", b"id,text\n1,c\n"),
        ("3/old.gz", &gzip(LINES)),
        ("README.md", b"# An archive\n\nof messages\n"),
        ("logo.png", b"\x89PNG\r\n\x1a\n\0\0"),
        (".hidden", b"x"),
        ("empty", b""),
    ]);
    assert_eq!(
        shown(dir.path(), &[dir.path().into()]),
        [
            "a",
            "b",
            "c",
            "a",
            "b",
            "README.md: text, but no archive of messages",
            "empty: empty: there is nothing to read",
            "logo.png: an image",
        ]
    );
}

#[test]
fn a_file_that_cannot_be_read_does_not_stop_the_next() {
    let dir = tree(&[("b.jsonl", LINES)]);
    let inputs = [dir.path().join("a.jsonl").into(), dir.path().join("b.jsonl").into()];
    let items = read(&inputs);
    assert!(items[0].as_ref().is_err_and(Error::is_fatal));
    assert_eq!(items.len(), 3);
}

#[test]
fn a_text_that_was_named_is_a_message() {
    let dir = tree(&[("note.txt", b"Dear all\n")]);
    assert_eq!(shown(dir.path(), &[dir.path().join("note.txt").into()]), ["Dear all\n"]);
}

#[test]
fn a_format_that_is_asked_for_is_taken() {
    let dir = tree(&[("a.txt", LINES), ("b.txt", b"Dear all\n")]);
    let text = Input { path: dir.path().into(), format: Some(Format::Text) };
    assert_eq!(shown(dir.path(), &[text]), [std::str::from_utf8(LINES).unwrap(), "Dear all\n"]);
    let maildir = Input { path: dir.path().join("a.txt"), format: Some(Format::Maildir) };
    assert_eq!(shown(dir.path(), &[maildir]), ["a.txt: maildir is a directory, and this is not"]);
}

#[test]
fn a_truncated_file_gives_its_messages_and_then_an_error() {
    let lines: String =
        (0..20_000).map(|n: u64| format!("{{\"text\": \"{}\"}}\n", n.wrapping_mul(0x9e37_79b9))).collect();
    let mut packed = gzip(lines.as_bytes());
    packed.truncate(packed.len() / 2);
    let dir = tree(&[("a.jsonl.gz", &packed), ("b.jsonl", LINES)]);
    let items = read(&[dir.path().into()]);
    let failed: Vec<_> = items.iter().filter_map(|item| item.as_ref().err()).map(Error::kind).collect();
    let [first, second] = failed[..] else { panic!("{failed:?}") };
    assert!(matches!(first, ErrorKind::Damaged(_)), "the line that was cut");
    assert!(matches!(second, ErrorKind::Decompression(_)));
    assert!(items.len() > 5000);
    assert!(items[items.len() - 1].is_ok());
}

#[test]
fn a_stream_that_breaks_at_once_is_told_as_broken() {
    let dir = tree(&[("a.gz", &gzip(LINES)[..12])]);
    let items = read(&[dir.path().join("a.gz").into()]);
    assert_eq!(items.len(), 1);
    assert!(matches!(items[0].as_ref().unwrap_err().kind(), ErrorKind::Decompression(_)), "{items:?}");
}

#[test]
fn bytes_read_add_up_to_all_bytes() {
    let dir = tree(&[
        ("1.jsonl", LINES),
        ("m/cur/1", b"Subject: a\n\nhi"),
        ("m/new/2", b"x"),
        ("z.gz", &gzip(LINES)),
    ]);
    let inputs = [dir.path().into()];
    let total = total_bytes(&inputs).unwrap();
    let records = open(&inputs, &Options::default());
    let consumed = records.consumed();
    assert_eq!(consumed.load(Ordering::Relaxed), 0);
    assert_eq!(records.flatten().count(), 6);
    assert_eq!(consumed.load(Ordering::Relaxed), total);
    assert_eq!(total_bytes(&["-".into()]), None);
}

#[test]
fn comments_of_a_backup_have_the_title_beside_them() {
    let main = br#"{"html_url": "https://github.com/o/r/issues/7", "title": "It fails", "body": "Why?"}"#;
    let comments = br#"[{"html_url": "https://github.com/o/r/issues/7#issuecomment-1", "body": "So."}]"#;
    let dir = tree(&[("7-comments.json", comments), ("7-main.json", main), ("8-comments.json", b"[]")]);
    let subjects: Vec<_> = read(&[dir.path().into()]).into_iter().map(|item| item.unwrap().subject).collect();
    assert_eq!(subjects, ["It fails", "It fails"]);
}

#[test]
#[cfg(unix)]
fn a_device_is_not_opened() {
    let items = read(&["/dev/null".into()]);
    assert_eq!(
        items[0].as_ref().unwrap_err().to_string(),
        "/dev/null: a device, socket or named pipe: not opened; \"-\" reads standard input"
    );
}

#[test]
fn records_may_cross_threads() {
    fn is_send<T: Send>(_: &T) {}
    is_send(&open(&[], &Options::default()));
}
