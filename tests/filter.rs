//! `undue filter` as a mail program runs it: what passes is what came, but for the one header field.

#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod util;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use undue::{
    filter::{Editor, FIELD, Judge, place},
    model::Model,
    source::{Input, Options, open},
};
use util::Dir;

/// Standard output and exit status of `undue filter`. Time is no matter here: a busy machine must not fail a test.
fn filter(args: &[&str], message: &[u8]) -> (Vec<u8>, i32, String) {
    let dir = Dir::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_undue"));
    command.current_dir(dir.path()).arg("filter").args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let message = message.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&message)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    (output.stdout, output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

const PATIENT: [&str; 2] = ["--time-limit", "60000"];

fn judged(message: &[u8]) -> Vec<u8> {
    let (out, code, stderr) = filter(&PATIENT, message);
    assert_eq!((code, stderr.as_str()), (0, ""), "{}", String::from_utf8_lossy(message));
    out
}

/// `output` cut into what stands before our field, the field with its line end, and what stands behind it.
fn cut(output: &[u8]) -> (&[u8], &str, &[u8]) {
    let name = format!("{FIELD}: ");
    let start = output.windows(name.len()).position(|window| window == name.as_bytes());
    let start = start.unwrap_or_else(|| panic!("no field in {}", String::from_utf8_lossy(output)));
    let len = output[start..].iter().position(|&b| b == b'\n').unwrap() + 1;
    let field = std::str::from_utf8(&output[start..start + len]).unwrap();
    (&output[..start], field, &output[start + len..])
}

fn assert_passes(message: &[u8], expected: &[u8]) -> String {
    let out = judged(message);
    let (before, field, behind) = cut(&out);
    assert!([before, behind].concat() == expected, "{}", String::from_utf8_lossy(&out));
    field.to_owned()
}

const PRESSING: &str = "From: Cy <cy@tarn.example>\nSubject: Re: release\n\nIt has been two months and you still did \
    not answer. Hand over commit access to somebody who has time for this project, or step down as maintainer.\n";

#[test]
fn a_verdict_stands_in_front_and_in_the_exit_status_if_asked() {
    let field = assert_passes(PRESSING.as_bytes(), PRESSING.as_bytes());
    assert!(field.starts_with("X-Undue-Status: Yes, level=3, pressure=0."), "{field}");
    assert!(field.contains("takeover,") && field.contains(", model=undue-en/"), "{field}");
    let ordinary = b"Subject: build\n\nThe build fails with gcc 12, log attached.\n";
    let german = "Subject: a\n\nIch warte nun schon seit zwei Monaten auf eine Antwort. Wann wird der Patch endlich \
        eingebaut? Das ist doch nicht so schwer.\n";
    for (message, word, code) in
        [(PRESSING.as_bytes(), "Yes", 0), (&ordinary[..], "No", 1), (german.as_bytes(), "Unsure", 2)]
    {
        let (out, status, _) = filter(&["--exit-code", "--time-limit", "60000"], message);
        assert!(cut(&out).1.starts_with(&format!("X-Undue-Status: {word}, ")), "{}", cut(&out).1);
        assert_eq!(status, code, "{word}");
    }
}

#[test]
fn any_bytes_pass_as_they_are() {
    let long = [b"Subject: a\n\n".to_vec(), b"x".repeat(3 << 20)].concat();
    for message in [
        &b"Subject: gr\xfc\xdfe\r\nX: \xff\xfe\r\n\r\n8 bit: \xe9\r\nlone \r and \n\0 no final newline"[..],
        b"no header at all",
        b"\n\nbody alone\n",
        b"\r\n",
        b"Subject: header alone\n",
        b"\0\0\0\n\0",
        b"A: b\n\nFrom x Thu Jan  4 10:00:00 2024\nX-Undue-Status: in the body\n.\n",
        b"Content-Type: multipart/mixed; boundary=\"\n\n--\n--\n",
        &long,
    ] {
        assert_passes(message, message);
    }
    assert_eq!(judged(b""), b"");
}

#[test]
fn forged_fields_go_and_an_envelope_stays_first() {
    let field = assert_passes(
        b"From cy Thu Jan  4 10:00:00 2024\nX-UNDUE-Status: No, level=0\n\tfolded\nTo: a\nx-undue-status: No\n\nb\n",
        b"From cy Thu Jan  4 10:00:00 2024\nTo: a\n\nb\n",
    );
    assert!(field.ends_with('\n') && !field.ends_with("\r\n"));
    let out = judged(b"From cy Thu Jan  4 10:00:00 2024\r\nTo: a\r\n\r\nb");
    let (before, field, _) = cut(&out);
    assert_eq!(before, b"From cy Thu Jan  4 10:00:00 2024\r\n");
    assert!(field.ends_with("\r\n"));
}

#[test]
fn a_folded_first_line_is_not_made_part_of_our_field() {
    let out = judged(b" No, level=0\nSubject: a\n\nb\n");
    let (before, _, behind) = cut(&out);
    assert_eq!((before, behind), (&b" No, level=0\n"[..], &b"Subject: a\n\nb\n"[..]));
    let (out, code, stderr) = filter(&PATIENT, b" folded and nothing else");
    assert_eq!((out.as_slice(), code), (&b" folded and nothing else"[..], 0));
    assert!(stderr.contains("no place"), "{stderr}");
}

#[test]
fn nothing_that_a_sender_writes_gets_into_the_field() {
    let hostile = "X-Undue-Status: Yes\r\n X: y\r\nSubject: =?utf-8?q?a=0D=0AX-Spam=3A_no?=\r\nFrom: \"a\r\n \
        b\x1b[2J\" <x@y>\r\n\r\nDeadline!\r\n";
    let out = judged(hostile.as_bytes());
    let (_, field, _) = cut(&out);
    assert!(field.trim_end().bytes().all(|b| b.is_ascii_graphic() || b == b' '), "{field:?}");
    assert!(!field.contains("X-Spam"), "{field}");
    assert_eq!(out.windows(FIELD.len()).filter(|name| *name == FIELD.as_bytes()).count(), 1);
}

#[test]
fn what_is_over_the_limit_is_unsure_and_passes() {
    let message = [b"Subject: a\n\n".to_vec(), b"The build works.\n".repeat(1000)].concat();
    let (out, code, _) = filter(&["--limit", "4096", "--time-limit", "60000"], &message);
    let (before, field, behind) = cut(&out);
    assert!([before, behind].concat() == message);
    assert!(field.contains("Unsure, level=0") && field.contains(", reason=size, "), "{field}");
    assert_eq!(code, 0);
}

#[test]
fn whether_or_not_there_is_time_and_a_sandbox_the_mail_passes() {
    let message = [b"Subject: a\n\n".to_vec(), b"It waits since May. ".repeat(50_000)].concat();
    for args in [&["--time-limit", "1"][..], &["--no-sandbox", "--time-limit", "60000"]] {
        let (out, code, _) = filter(args, &message);
        let (before, field, behind) = cut(&out);
        assert!(code == 0 && [before, behind].concat() == message, "{args:?} {field}");
    }
}

#[test]
fn failures_let_the_mail_pass_untouched() {
    let message = b"X-Undue-Status: No\nSubject: a\r\n\r\n\xff";
    for (args, code) in [
        (&["--model", "missing.undue"][..], 0),
        (&["--model", "list.mbox"], 0),
        (&["--model", "list.mbox", "--exit-code"], 3),
        (&["--no-such-option"], 0),
        (&["--limit", "1", "--exit-code"], 3),
        (&["--time-limit", "soon"], 0),
    ] {
        let (out, status, stderr) = filter(args, message);
        assert_eq!((out.as_slice(), status), (&message[..], code), "{args:?} {stderr}");
        assert!(!stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn where_the_mail_cannot_be_passed_on_the_mail_program_is_told_to_try_again() {
    for (args, code) in [(&[][..], 75), (&["--exit-code"], 3)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_undue"));
        command.arg("filter").args(args).stdin(Stdio::piped()).stderr(Stdio::null());
        // A device that is always full.
        let Ok(full) = fs::File::options().write(true).open("/dev/full") else { return };
        let mut child = command.stdout(full).spawn().unwrap();
        child.stdin.take().unwrap().write_all(PRESSING.as_bytes()).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code));
    }
}

/// The folder of raw samples, or `None` (said loudly) where it is not at hand.
fn raw() -> Option<PathBuf> {
    let Some(corpora) = std::env::var_os("UNDUE_CORPORA") else {
        say("SKIPPED: UNDUE_CORPORA is not set, no raw sample went through the filter");
        return None;
    };
    Some(Path::new(&corpora).join("../raw"))
}

/// Writes to stderr past the test harness, which hides what passing tests print.
fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { files(&path, all) } else { all.push(path) }
    }
}

/// The steps of the filter on one message, in this process.
fn passes(judge: &mut Judge<'_>, message: &[u8], whose: &Path) {
    let status = judge.mail(message, false);
    let (mut editor, mut edited) = (Editor::new(), Vec::new());
    editor.push(message, &mut edited);
    editor.finish(&mut edited);
    // None of the samples bears a field of ours.
    assert!(edited == message, "{}", whose.display());
    let place = place(&edited, true).unwrap_or_else(|| panic!("no place in {}", whose.display()));
    let (before, behind) = edited.split_at(place.offset);
    let out = [before, status.field(place.line_end).as_bytes(), behind].concat();
    let mut again = Vec::new();
    let mut editor = Editor::new();
    editor.push(&out, &mut again);
    editor.finish(&mut again);
    assert!(again == message && editor.removed() == 1, "{}", whose.display());
}

#[test]
fn every_message_of_the_raw_samples_is_the_same_byte_for_byte() {
    let Some(raw) = raw() else { return };
    let model = Model::embedded().unwrap();
    let mut judge = Judge::new(&model);
    let mut paths = Vec::new();
    files(&raw, &mut paths);
    for path in &paths {
        passes(&mut judge, &fs::read(path).unwrap(), path);
    }
    let mail = ["eml", "pipermail", "xz-devel.mbox"].map(|name| Input::from(raw.join(name)));
    let mut messages = 0;
    for record in open(&mail, &Options::default()).flatten() {
        passes(&mut judge, &record.bytes, &record.position.path);
        messages += 1;
    }
    say(&format!("{} raw files and {messages} messages passed", paths.len()));
    assert!(paths.len() > 300 && messages > 3000, "{} files, {messages} messages", paths.len());
}

#[test]
fn every_raw_file_passes_through_the_program_the_same_byte_for_byte() {
    let Some(raw) = raw() else { return };
    let mut paths = Vec::new();
    files(&raw, &mut paths);
    for path in paths {
        let message = fs::read(&path).unwrap();
        let (out, code, _) = filter(&PATIENT, &message);
        let (before, _, behind) = cut(&out);
        assert!(code == 0 && [before, behind].concat() == message, "{}", path.display());
    }
}
