#![allow(clippy::unwrap_used)]

use std::io::BufReader;

use proptest::prelude::*;

use super::*;

const LIMIT: usize = 1 << 20;

fn source(bytes: &[u8], capacity: usize, limit: usize) -> MboxSource<BufReader<&[u8]>> {
    MboxSource::new(BufReader::with_capacity(capacity, bytes), Path::new("a.mbox").into(), limit)
}

/// Every item as text, the same at any buffer size.
fn items(bytes: &[u8]) -> Vec<String> {
    let read = |capacity| -> Vec<String> {
        source(bytes, capacity, LIMIT)
            .map(|item| match item {
                Ok(record) => String::from_utf8_lossy(&record.bytes).into_owned(),
                Err(err) => format!("error: {err}"),
            })
            .collect()
    };
    let whole = read(LIMIT);
    for capacity in [1, 2, 3, 7, 64] {
        assert_eq!(read(capacity), whole, "capacity {capacity}");
    }
    whole
}

fn records(bytes: &[u8]) -> Vec<Record> {
    source(bytes, LIMIT, LIMIT).map(Result::unwrap).collect()
}

const ENVELOPE: &str = "From mara@example.org Mon Jan  2 15:04:05 2006\n";
const HEADER: &str = "From: mara@example.org\nSubject: a\n\n";

/// An mbox of messages with these bodies, unescaped.
fn mbox(bodies: &[&str]) -> String {
    bodies.iter().map(|body| format!("{ENVELOPE}{HEADER}{body}\n")).collect()
}

fn bodies(bytes: &str) -> Vec<String> {
    items(bytes.as_bytes())
        .into_iter()
        .map(|item| item.strip_prefix(HEADER).unwrap_or(&item).to_owned())
        .collect()
}

#[test]
fn plain() {
    assert_eq!(bodies(&mbox(&["one\n", "two\n\n\n", "", "three"])), ["one\n", "two\n\n\n", "", "three\n"]);
    assert_eq!(items(b""), Vec::<String>::new());
}

#[test]
fn prose_that_begins_with_from_does_not_split() {
    for prose in [
        "From the docs: call it twice.\n",
        "Well.\n\nFrom the docs:\nNote: call it twice.\nSee: below\n",
        "Well.\n\nFrom Monday Jan 2 on, at 15:04, we freeze\n\nReally.\n",
        "Log:\n\nFrom mara@example.org Mon Jan  2 15:04:05 2006\nis what the daemon wrote.\n\nRight?\n",
        "Log:\nFrom mara@example.org Mon Jan  2 15:04:05 2006\nNote: is what it wrote\nand no more.\n",
    ] {
        assert_eq!(bodies(&mbox(&[prose, "two\n"])), [prose, "two\n"]);
    }
}

#[test]
fn a_missing_blank_line_before_an_envelope() {
    let text = format!("{ENVELOPE}{HEADER}one\n{ENVELOPE}{HEADER}two\n");
    assert_eq!(bodies(&text), ["one\n", "two\n"]);
}

#[test]
fn broken_lines_behind_an_envelope() {
    let text = format!("{}{ENVELOPE}>From b Mon Jan  2 15:04:05 2006\n{HEADER}two\n", mbox(&["one\n"]));
    let read = items(text.as_bytes());
    assert_eq!(read.len(), 2);
    assert!(read[1].contains("Subject: a"));
}

#[test]
fn quoted_lines_are_restored() {
    let text = mbox(&[">From here on\n>>From there\n> From x\n>Fromage\n"]);
    assert_eq!(bodies(&text), ["From here on\n>From there\n> From x\n>Fromage\n"]);
}

#[test]
fn a_git_patch_within_a_mail_is_no_message() {
    let patch = format!("Patch:\n\nFrom {} Mon Sep 17 00:00:00 2001\n{HEADER}---\n", "0a".repeat(20));
    assert_eq!(bodies(&mbox(&[&patch, "two\n"])), [&patch, "two\n"]);
    // In a file of patches it is one.
    let series = patch.strip_prefix("Patch:\n\n").unwrap().repeat(3);
    assert_eq!(items(series.as_bytes()).len(), 3);
}

#[test]
fn carriage_returns() {
    let text = mbox(&["one\n\nFrom here\n", "two\n"]).replace('\n', "\r\n");
    let header = HEADER.replace('\n', "\r\n");
    assert_eq!(
        items(text.as_bytes()),
        [format!("{header}one\r\n\r\nFrom here\r\n"), format!("{header}two\r\n")]
    );
}

fn counted(body: &str, length: usize) -> String {
    format!("{ENVELOPE}Subject: a\nContent-Length: {length}\n\n{body}")
}

#[test]
fn content_length_is_honoured_where_it_fits() {
    // mboxcl2: a whole mbox as a body, unquoted.
    let inner = mbox(&["inner\n>From here\n"]);
    let text = counted(&inner, inner.len()) + "\n" + &counted("two\n", 4);
    let read = items(text.as_bytes());
    assert_eq!(read.len(), 2);
    assert!(read[0].ends_with(&inner), "{read:?}");
    assert!(read[1].ends_with("\n\ntwo\n"));
    // mboxcl: quoted all the same.
    let read = items(counted(">From here\n", 11).as_bytes());
    assert!(read[0].ends_with("\n\nFrom here\n"), "{read:?}");
}

#[test]
fn content_length_that_does_not_fit_is_ignored() {
    for length in [0, 3, 5, 100, usize::MAX] {
        let text = counted("one\n\n", length) + &counted("two\n", length);
        assert_eq!(items(text.as_bytes()).len(), 2, "{length}");
    }
    let text = counted("one\n\n", 4).replace("Content-Length: 4", "Content-Length: -4 x") + &mbox(&["two\n"]);
    assert_eq!(items(text.as_bytes()).len(), 2);
}

#[test]
fn announcing_long_bodies_does_not_make_reading_slow() {
    let text = counted("x\n\n", LIMIT - 9).repeat(50_000);
    let start = std::time::Instant::now();
    assert_eq!(source(text.as_bytes(), 8192, LIMIT).count(), 50_000);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

#[test]
fn a_file_that_does_not_begin_with_an_envelope() {
    let read = items(format!("\n\n{}", mbox(&["one\n"])).as_bytes());
    assert_eq!(read, [format!("{HEADER}one\n")]);

    let read = items(format!("{HEADER}zero\n\n{}", mbox(&["one\n"])).as_bytes());
    let report =
        "error: a.mbox: message 1, byte 0: no `From ` line at the start; 41 bytes of mail read as a message";
    assert_eq!(read, [report.to_owned(), format!("{HEADER}zero\n"), format!("{HEADER}one\n")]);

    let read = items(format!("some notes\n\n{}", mbox(&["one\n"])).as_bytes());
    let report = "error: a.mbox: message 1, byte 0: no `From ` line at the start; 12 bytes are no mail";
    assert_eq!(read, [report.to_owned(), format!("{HEADER}one\n")]);

    let read = items(b"From what I know, this is no mail.\n");
    assert_eq!(read.len(), 1);
    assert!(read[0].ends_with("35 bytes are no mail"), "{read:?}");
}

#[test]
fn envelopes_without_date_are_reported() {
    let text = mbox(&["one\n", "two\n"]).replace(" Mon Jan  2 15:04:05 2006", "");
    let read = items(text.as_bytes());
    assert_eq!(read.len(), 2);
    let report = "error: a.mbox: message 1, byte 0: 2 `From ` lines before mail headers have no date and split nothing";
    assert_eq!(read[1], report);
}

#[test]
fn positions_and_envelope_dates() {
    let text = mbox(&["one\n", "two\n"]);
    let records = records(text.as_bytes());
    let offset = u64::try_from(text.len() / 2).unwrap();
    let places: Vec<_> = records.iter().map(|r| (r.position.ordinal, r.position.offset)).collect();
    assert_eq!(places, [(1, 0), (2, offset)]);
    let message = records[0].decode().remove(0).unwrap();
    assert_eq!(message.date.unwrap().to_string(), "2006-01-02T15:04:05+00:00");
    assert_eq!(message.problems, [crate::Problem::NoId, crate::Problem::NoDate]);
}

#[test]
fn long_messages_are_cut_and_reading_goes_on() {
    let long = "x".repeat(300_000) + "\n" + &"line\n".repeat(1000);
    let text = mbox(&[&long, "two\n"]);
    let read: Vec<Record> = source(text.as_bytes(), 999, 1000).map(Result::unwrap).collect();
    assert_eq!(read.len(), 2);
    assert_eq!((read[0].bytes.len(), read[0].truncated), (1000, true));
    assert!(read[1].bytes.ends_with(b"\ntwo\n") && !read[1].truncated);
    assert_eq!(records(text.as_bytes())[0].bytes.len(), HEADER.len() + long.len());
}

/// Fails after the bytes that it has.
struct Broken<'a>(&'a [u8]);

impl std::io::Read for Broken<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        if self.0.is_empty() {
            return Err(std::io::Error::other("the cable was pulled"));
        }
        self.0.read(buf)
    }
}

#[test]
fn a_stream_that_breaks_off() {
    let text = mbox(&["one\n", "two\n"]);
    let source = MboxSource::new(BufReader::new(Broken(text.as_bytes())), Path::new("a").into(), LIMIT);
    let items: Vec<_> = source.collect();
    assert_eq!(items.len(), 3);
    assert!(!items[0].as_ref().unwrap().truncated);
    assert!(items[1].as_ref().unwrap().truncated);
    assert!(items[2].as_ref().unwrap_err().is_fatal());
}

/// The bytes of the record that lies in `raw`, told another way: line by line, without the source's state.
fn expected(raw: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = raw.split_inclusive(|&b| b == b'\n').collect();
    if lines.first().is_some_and(|line| line.starts_with(b"From ")) {
        lines.remove(0);
    }
    let header_end = lines.iter().position(|line| is_blank(line));
    if header_end.is_some_and(|end| end + 1 < lines.len()) && lines.last().is_some_and(|line| is_blank(line))
    {
        lines.pop();
    }
    lines.iter().flat_map(|line| restored(line, Quoting::Any)).copied().collect()
}

/// Lines of mboxes, sane and not, so that random sequences of them meet every branch.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        Just(ENVELOPE.as_bytes().to_vec()),
        Just(b"From mara Mon Jan  2 15:04:05 2006\r\n".to_vec()),
        Just(b"From the docs\n".to_vec()),
        Just(b"From: a\nTo: b\n".to_vec()),
        Just(b"Subject: a\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b">From x\n".to_vec()),
        Just(b"> \xff\x00\n".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..20),
    ];
    proptest::collection::vec(line, 0..40).prop_map(|lines| lines.concat())
}

proptest! {
    #[test]
    fn records_and_reports_account_for_all_bytes(bytes in lines()) {
        let mut starts = Vec::new();
        for item in source(&bytes, 13, LIMIT) {
            match item {
                Ok(record) => {
                    starts.retain(|&(at, _)| at != record.position.offset);
                    starts.push((record.position.offset, Some(record.bytes)));
                }
                Err(err) => if err.to_string().contains("at the start") {
                    starts.push((err.position().unwrap().offset, None));
                },
            }
        }
        let bounds: Vec<usize> = starts.iter().map(|(at, _)| usize::try_from(*at).unwrap()).collect();
        let first = bounds.first().copied().unwrap_or(bytes.len());
        prop_assert!(bytes[..first].iter().all(|b| matches!(b, b'\n' | b'\r')), "skipped silently");
        for (i, (_, kept)) in starts.iter().enumerate() {
            let end = bounds.get(i + 1).copied().unwrap_or(bytes.len());
            if let Some(kept) = kept {
                prop_assert_eq!(kept, &expected(&bytes[bounds[i]..end]));
            }
        }
    }

    #[test]
    fn the_buffer_size_changes_nothing(bytes in lines(), capacity in 1usize..40) {
        let read = |capacity| -> Vec<String> {
            source(&bytes, capacity, 200).map(|item| format!("{item:?}")).collect()
        };
        prop_assert_eq!(read(capacity), read(4096));
    }

    #[test]
    fn a_written_mboxrd_is_read_back(bodies in proptest::collection::vec("(>{0,2}From [a-z ]{0,9}\n|[a-z>]{0,9}\n){0,8}", 1..6)) {
        let quote = |body: &str| -> String {
            body.split_inclusive('\n')
                .map(|l| if l.trim_start_matches('>').starts_with("From ") { format!(">{l}") } else { l.to_owned() })
                .collect()
        };
        let text = mbox(&bodies.iter().map(|b| quote(b)).collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>());
        let read: Vec<String> = records(text.as_bytes())
            .into_iter()
            .map(|r| String::from_utf8(r.bytes).unwrap().strip_prefix(HEADER).unwrap().to_owned())
            .collect();
        prop_assert_eq!(read, bodies);
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for record in source(&bytes, 16, 100).flatten() {
            record.decode();
        }
    }
}
