//! What `docs/limits.md` says of the command: beyond a limit a message is judged on what was read, marked and counted;
//! nothing that lies among the inputs makes it wait; an output that cannot be written leaves the old one whole.

#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod util;

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use undue::source::{self, Input, Options};
use util::{Dir, LIST, Ran, mail};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Runs a line of shell in `dir`, with the command as `$0` and this model.
#[cfg(unix)]
fn shell(dir: &Dir, line: &str) -> (Option<i32>, Ran) {
    let mut command = Command::new("sh");
    command.args(["-c", line, env!("CARGO_BIN_EXE_undue")]).current_dir(dir.path());
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), Ran { stdout: text(output.stdout), stderr: text(output.stderr) })
}

#[cfg(unix)]
fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn long_archive() -> String {
    let body = format!("It is time for a handover.\n{}", "And so on and on.\n".repeat(400));
    LIST.to_owned()
        + &mail("long", "Subject: x\nDate: x", &body)
        + &mail("last", "Subject: x\nDate: x", "Hello.")
}

#[test]
fn a_long_message_is_judged_on_what_was_read_and_counted() {
    let dir = Dir::new();
    dir.write("long.mbox", long_archive());
    let ran = dir.score(&["--format", "jsonl", "--input-limit", "record-size=2K", "long.mbox"]).exits(0);
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 6, "{}", ran.stdout);
    assert!(lines[4].contains("\"level\":3") && lines[4].contains("\"truncated\""), "{}", lines[4]);
    assert!(!lines[5].contains("truncated"), "{}", lines[5]);
    assert!(ran.stderr.contains("truncated 1"), "{}", ran.stderr);
    let ran = dir.score(&["--format", "jsonl", "long.mbox"]).exits(0);
    assert!(!ran.stderr.contains("truncated"), "{}", ran.stderr);
}

#[test]
fn a_bomb_is_told_and_what_came_before_is_scored() {
    let dir = Dir::new();
    let bomb = LIST.to_owned() + &mail("bomb", "Subject: x", &"0".repeat(40 << 20));
    dir.write("bomb.mbox.gz", gzip(bomb.as_bytes()));
    for (limit, told) in [
        ("decompressed-size=64K", "decompresses to more than 65536 bytes"),
        ("ratio=20", "decompresses to more than 20 times its size"),
    ] {
        let ran =
            dir.score(&["--format", "jsonl", "--input-limit", limit, "bomb.mbox.gz", "list.mbox"]).exits(2);
        assert_eq!(ran.stdout.lines().count(), 9, "{}", ran.stderr);
        assert!(ran.stderr.contains(told) && ran.stderr.contains("truncated 1"), "{}", ran.stderr);
    }
}

#[test]
fn wrong_limits_are_refused() {
    let dir = Dir::new();
    for limit in ["record-size", "record-size=0", "ratio=much", "size=1M"] {
        let ran = dir.score(&["--input-limit", limit, "list.mbox"]).exits(2);
        assert!(ran.stdout.is_empty() && ran.stderr.contains("limit"), "{}", ran.stderr);
    }
}

#[test]
#[cfg(unix)]
fn pipes_devices_and_loops_are_told_and_not_waited_for() {
    let dir = Dir::new();
    dir.write("tree/list.mbox", LIST);
    dir.write("mail/cur/1", "Subject: in a Maildir\n\nHello.\n");
    dir.write("mail/new/2", "Subject: in a Maildir\n\nHello again.\n");
    let at = |name: &str| dir.path().join(name);
    for name in ["pipe", "tree/pipe", "mail/cur/pipe"] {
        pipe(&at(name));
    }
    std::os::unix::fs::symlink(at("tree"), at("tree/loop")).unwrap();
    std::os::unix::fs::symlink(at("tree/b"), at("tree/a")).unwrap();
    std::os::unix::fs::symlink(at("tree/a"), at("tree/b")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", at("tree/zero")).unwrap();
    std::os::unix::fs::symlink(at("pipe"), at("tree/pipe2")).unwrap();
    let inputs = ["pipe", "/dev/zero", "tree", "mail"];
    let ran = dir.score(&[&["--format", "jsonl"][..], &inputs].concat()).exits(2);
    assert_eq!(ran.stdout.lines().count(), 6, "{ran:?}");
    for told in [
        "undue: pipe: ",
        "/dev/zero: ",
        "tree/pipe: ",
        "tree/pipe2: ",
        "tree/zero: ",
        "mail/cur/pipe: ",
        "tree/loop: ",
    ] {
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
    assert!(ran.stderr.contains("tree/a: ") && ran.stderr.contains("tree/b: "), "{}", ran.stderr);
}

#[test]
#[cfg(unix)]
fn what_a_shell_holds_open_is_read() {
    let dir = Dir::new();
    let ran = dir.score(&["--format", "jsonl", "/dev/stdin"]).stdin(LIST).exits(0);
    assert_eq!(ran.stdout.lines().count(), 4);
}

#[test]
fn files_without_end_are_no_model_and_no_list() {
    let dir = Dir::new();
    let endless = File::create(dir.path().join("endless")).unwrap();
    endless.set_len(1 << 40).unwrap();
    for args in [
        &["score", "--model", "endless", "list.mbox"][..],
        &["campaigns", "--model", "model.undue", "--maintainers", "endless", "list.mbox"],
        &["campaigns", "--model", "model.undue", "--identities", "endless", "list.mbox"],
        &["campaigns", "--model", "model.undue", "--campaign-model", "endless", "list.mbox"],
    ] {
        let ran = dir.undue(args).exits(2);
        assert!(ran.stderr.contains("endless: more than"), "{args:?}: {}", ran.stderr);
    }
}

/// A full disk is imitated by a limit on the size of files: writing beyond it fails.
#[test]
#[cfg(unix)]
fn a_full_disk_leaves_the_old_output_whole() {
    let dir = Dir::new();
    dir.write("big.mbox", many(2000));
    for (command, name) in [
        ("score --format jsonl", "out.jsonl"),
        ("score --format csv", "out.csv"),
        ("score --top 0", "out.txt"),
        ("report --format html", "out.html"),
        ("label", "labels.csv"),
    ] {
        dir.write(name, "old");
        let line = format!(
            "trap '' XFSZ; ulimit -f 4; exec \"$0\" {command} --model model.undue --output {name} big.mbox"
        );
        let (status, ran) = shell(&dir, &line);
        assert_eq!(status, Some(2), "{command}: {ran:?}");
        assert!(ran.stderr.contains("undue: "), "{command}: {ran:?}");
        assert_eq!(dir.read(name), "old", "{command}");
    }
    let left =
        fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left: Vec<_> = left.filter(|name| name.starts_with('.')).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_device_that_is_full_is_told() {
    let dir = Dir::new();
    for line in [
        "\"$0\" score --model model.undue --format jsonl --output /dev/full list.mbox",
        "\"$0\" score --model model.undue --format jsonl list.mbox > /dev/full",
        "\"$0\" score --model model.undue list.mbox > /dev/full",
        "\"$0\" threads --model model.undue list.mbox > /dev/full",
        "\"$0\" report --model model.undue --output /dev/full list.mbox",
        "\"$0\" formats > /dev/full",
    ] {
        let (status, ran) = shell(&dir, line);
        assert_eq!(status, Some(2), "{line}: {ran:?}");
        assert!(ran.stderr.contains("No space left"), "{line}: {ran:?}");
    }
}

fn many(n: usize) -> String {
    (0..n)
        .map(|i| mail(&i.to_string(), "Subject: x\nDate: x", &"It is time for a handover.\n".repeat(9)))
        .collect()
}

fn read(records: source::Records) -> (Vec<String>, usize) {
    let (mut ids, mut errors) = (Vec::new(), 0);
    for item in records.flat_map(|it| it.map_or_else(|err| vec![Err(err)], |record| record.decode())) {
        match item {
            Ok(message) => ids.push(message.id),
            Err(_) => errors += 1,
        }
    }
    (ids, errors)
}

#[test]
fn a_file_that_shrinks_or_grows_while_it_is_read_gives_what_is_there() {
    let dir = Dir::new();
    dir.write("changing.mbox", many(2000));
    let path = dir.path().join("changing.mbox");
    let whole = fs::metadata(&path).unwrap().len();
    let mut records = source::open(&[Input::from(path.as_path())], &Options::default());
    assert!(records.next().unwrap().is_ok());
    OpenOptions::new().write(true).open(&path).unwrap().set_len(whole / 2 + 100).unwrap();
    let (ids, errors) = read(records);
    assert!((900..1100).contains(&ids.len()) && errors == 0, "{} {errors}", ids.len());
    assert_eq!(ids[0], "1@tarn.example");

    let mut records = source::open(&[Input::from(path.as_path())], &Options::default());
    assert!(records.next().unwrap().is_ok());
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(format!("\n\n{}", mail("new", "Subject: x", "Hello.")).as_bytes()).unwrap();
    assert_eq!(read(records).0.last().unwrap(), "new@tarn.example");

    let mut records = source::open(&[Input::from(path.as_path())], &Options::default());
    assert!(records.next().unwrap().is_ok());
    OpenOptions::new().write(true).open(&path).unwrap().set_len(0).unwrap();
    let (ids, _) = read(records);
    assert!(ids.len() < 1000, "what was read ahead is all there is: {}", ids.len());
}

#[test]
fn mail_that_is_moved_while_a_maildir_is_read_is_told() {
    let dir = Dir::new();
    for i in 0..20 {
        dir.write(&format!("mail/cur/{i:02}"), format!("Message-ID: <{i}@tarn.example>\n\nHello.\n"));
    }
    dir.write("mail/new/x", "Message-ID: <x@tarn.example>\n\nHello.\n");
    let mut records = source::open(&[Input::from(dir.path().join("mail"))], &Options::default());
    assert!(records.next().unwrap().is_ok());
    for i in 5..10 {
        fs::remove_file(dir.path().join(format!("mail/cur/{i:02}"))).unwrap();
    }
    let (ids, errors) = read(records);
    assert_eq!((ids.len(), errors), (15, 5));
    assert_eq!(ids.last().unwrap(), "x@tarn.example");
}

/// Names of functions in a directory of sources, at any depth.
fn functions(dir: &Path, names: &mut std::collections::BTreeSet<String>) {
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            functions(&entry.path(), names);
        } else if entry.path().extension().is_some_and(|it| it == "rs") {
            let source = fs::read_to_string(entry.path()).unwrap();
            let lines = source.lines().filter_map(|line| line.trim().strip_prefix("fn "));
            names.extend(lines.filter_map(|line| line.split('(').next()).map(str::to_owned));
        }
    }
}

/// The names of tests in the last cells of a document's tables, and elsewhere behind "Test:".
fn named_tests(document: &str) -> Vec<&str> {
    let code = |text| str::split(text, '`').skip(1).step_by(2);
    let is_test = |name: &&str| {
        name.contains('_') && name.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'0'..=b'9'))
    };
    document.lines().flat_map(code).filter(is_test).collect()
}

#[test]
fn every_test_that_the_documentation_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = std::collections::BTreeSet::new();
    for dir in ["src", "tests", "training/src", "training/tests"] {
        functions(&root.join(dir), &mut known);
    }
    for (name, least) in [("docs/limits.md", 50), ("docs/threat-model.md", 15)] {
        let document = fs::read_to_string(root.join(name)).unwrap();
        let named = named_tests(&document);
        assert!(named.len() >= least, "{name}: {}", named.len());
        for test in named {
            assert!(known.contains(test), "{name} names {test}");
        }
    }
}
