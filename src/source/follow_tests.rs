#![allow(clippy::unwrap_used)]

use super::*;

const MAIL: &str =
    "From a@x.org Thu Jan  4 10:00:00 2024\nMessage-ID: <1@x.org>\nFrom: A <a@x.org>\n\nHello.\n\n";

fn begins_at(text: &str, offset: usize, format: Format) -> bool {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    fs::write(&path, text).unwrap();
    begins(&path, offset as u64, format, &AtomicU64::new(0)).unwrap()
}

#[test]
fn a_mail_that_was_whole_is_told_from_one_that_was_not() {
    let two = format!("{MAIL}{MAIL}");
    for (text, offset, whole) in [
        (two.as_str(), MAIL.len(), true),
        // The blank line between them came later.
        (&two, MAIL.len() - 1, true),
        (&two, MAIL.len() - 3, false),
        (&two, two.len(), true),
        (&format!("{MAIL}\n\n"), MAIL.len(), true),
        (&format!("{MAIL}More words.\n"), MAIL.len(), false),
        (&format!("{MAIL}From here on it is slow.\n"), MAIL.len(), false),
    ] {
        assert_eq!(begins_at(text, offset, Format::Mbox), whole, "{offset}: {text}");
    }
}

#[test]
fn a_line_that_was_whole_ended() {
    let lines = "{\"text\": \"a\"}\n{\"text\": \"b\"}\n";
    assert!(begins_at(lines, 14, Format::Jsonl) && begins_at(lines, lines.len(), Format::Jsonl));
    assert!(!begins_at(lines, 13, Format::Jsonl) && !begins_at(lines, 20, Format::Jsonl));
}

#[test]
fn a_print_is_of_both_ends_and_of_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    let print = |text: &str, length: usize| {
        fs::write(&path, text).unwrap();
        Print::of(&path, length as u64, &AtomicU64::new(0))
    };
    let text = "x".repeat(10_000);
    let before = print(&text, text.len()).unwrap();
    assert_eq!(before, print(&(text.clone() + "more"), text.len()).unwrap());
    for at in [0, 9_999] {
        let mut other = text.clone();
        other.replace_range(at..=at, "y");
        assert_ne!(before, print(&other, text.len()).unwrap());
    }
    assert!(print("short", 9).is_err());
}

#[test]
fn a_mail_keeps_its_name_when_it_is_read() {
    let of = |path: &str| mail_identity(Path::new(path));
    assert_eq!(of("/m/new/1.x"), of("/m/cur/1.x:2,S"));
    assert_ne!(of("/m/new/1.x"), of("/m/.Sub/new/1.x"));
}
