#![allow(clippy::unwrap_used)]

use std::io::Write;

use gix::objs::{
    Tree,
    tree::{Entry as TreeEntry, EntryKind},
};

use super::*;

/// A bare repository in the making, with one branch.
struct Inbox {
    dir: tempfile::TempDir,
    repository: Repository,
    last: Option<ObjectId>,
}

impl Inbox {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let repository = gix::init_bare(dir.path()).unwrap();
        Self { dir, repository, last: None }
    }

    fn tree(&self, entries: &[(&str, EntryKind, ObjectId)]) -> ObjectId {
        let entry = |(name, kind, oid): &(&str, EntryKind, ObjectId)| TreeEntry {
            mode: (*kind).into(),
            filename: (*name).into(),
            oid: *oid,
        };
        let tree = Tree { entries: entries.iter().map(entry).collect() };
        self.repository.write_object(&tree).unwrap().detach()
    }

    fn blob(&self, text: &str) -> ObjectId {
        self.repository.write_blob(text).unwrap().detach()
    }

    fn commit(&mut self, entries: &[(&str, EntryKind, ObjectId)]) {
        let tree = self.tree(entries);
        let who =
            gix::actor::SignatureRef { name: "a".into(), email: "a@x.org".into(), time: "1500000000 +0200" };
        let commit = self.repository.commit_as(who, who, "refs/heads/main", "mail", tree, self.last).unwrap();
        self.last = Some(commit.detach());
    }

    /// A commit of layout v2.
    fn add(&mut self, name: &str, text: &str) {
        let blob = self.blob(text);
        self.commit(&[(name, EntryKind::Blob, blob)]);
    }

    /// Puts other bytes where an object lies.
    fn overwrite(&self, id: ObjectId, bytes: &[u8]) {
        let hash = id.to_string();
        let path = self.dir.path().join("objects").join(&hash[..2]).join(&hash[2..]);
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        std::fs::remove_file(&path).unwrap();
        std::fs::write(path, encoder.finish().unwrap()).unwrap();
    }

    fn read(&self, limit: usize) -> Result<Vec<Result<Record>>> {
        PublicInboxSource::new(self.dir.path(), limit).map(Iterator::collect)
    }

    fn texts(&self) -> Vec<String> {
        let records = self.read(1000).unwrap().into_iter().map(Result::unwrap);
        records.map(|record| String::from_utf8(record.bytes).unwrap()).collect()
    }
}

#[test]
fn each_commit_that_adds_a_mail_is_one_record() {
    let mut inbox = Inbox::new();
    inbox.add("m", "one");
    inbox.add("m", "two");
    inbox.add("d", "one");
    inbox.add("m", "two");
    assert_eq!(inbox.texts(), ["one", "two", "two"]);
}

#[test]
fn a_record_says_where_and_when() {
    let mut inbox = Inbox::new();
    inbox.add("m", "one");
    let records = inbox.read(1000).unwrap();
    let record = records[0].as_ref().unwrap();
    let commit = inbox.last.unwrap().to_hex_with_len(10).to_string();
    assert!(record.position.path.to_str().unwrap().ends_with(&format!("@{commit}")));
    assert_eq!(record.position.ordinal, 1);
    assert_eq!(record.envelope_date.unwrap().to_string(), "2017-07-14T04:40:00+02:00");
}

#[test]
fn the_old_layout_adds_files_to_folders() {
    let mut inbox = Inbox::new();
    let (one, two, three) = (inbox.blob("one"), inbox.blob("two"), inbox.blob("three"));
    let ab = inbox.tree(&[("1", EntryKind::Blob, one)]);
    inbox.commit(&[("ab", EntryKind::Tree, ab)]);
    let cd = inbox.tree(&[("2", EntryKind::Blob, two)]);
    inbox.commit(&[("ab", EntryKind::Tree, ab), ("cd", EntryKind::Tree, cd)]);
    let more = inbox.tree(&[("1", EntryKind::Blob, one), ("3", EntryKind::Blob, three)]);
    inbox.commit(&[("ab", EntryKind::Tree, more), ("cd", EntryKind::Tree, cd)]);
    inbox.commit(&[("cd", EntryKind::Tree, cd)]);
    assert_eq!(inbox.texts(), ["one", "two", "three"]);
}

#[test]
fn other_repositories_are_refused() {
    let mut inbox = Inbox::new();
    inbox.add("main.c", "int main;");
    let err = inbox.read(1000).unwrap_err();
    assert!(
        matches!(err.kind(), ErrorKind::Format(_)) && err.to_string().contains("not one of public-inbox")
    );
    assert!(matches!(Inbox::new().read(1000).unwrap_err().kind(), ErrorKind::Git(_)));
    let dir = tempfile::tempdir().unwrap();
    assert!(PublicInboxSource::new(dir.path(), 1000).is_err());
    let err = PublicInboxSource::new(&dir.path().join("x.tar.gz"), 1000).err().unwrap();
    assert!(err.to_string().contains("must be unpacked first"));
}

#[test]
fn a_mail_over_the_limit_is_cut_and_the_next_one_read() {
    let mut inbox = Inbox::new();
    inbox.add("m", &"x".repeat(50));
    inbox.add("m", "two");
    let records: Vec<Record> = inbox.read(40).unwrap().into_iter().map(Result::unwrap).collect();
    assert_eq!((records[0].bytes.len(), records[0].truncated), (40, true));
    assert_eq!((records[1].bytes.as_slice(), records[1].truncated), (&b"two"[..], false));
}

#[test]
fn a_lost_object_is_told_and_the_rest_read() {
    let mut inbox = Inbox::new();
    inbox.add("m", "one");
    inbox.add("m", "two");
    let hash = inbox.blob("one").to_string();
    std::fs::remove_file(inbox.dir.path().join("objects").join(&hash[..2]).join(&hash[2..])).unwrap();
    let records = inbox.read(1000).unwrap();
    assert!(!records[0].as_ref().unwrap_err().is_fatal());
    assert_eq!(records[1].as_ref().unwrap().bytes, b"two");
}

#[test]
fn lost_history_is_told_and_what_is_there_is_read() {
    let mut inbox = Inbox::new();
    inbox.add("m", "one");
    let first = inbox.last.unwrap().to_string();
    inbox.add("m", "two");
    std::fs::remove_file(inbox.dir.path().join("objects").join(&first[..2]).join(&first[2..])).unwrap();
    let records = inbox.read(1000).unwrap();
    assert!(matches!(records[0].as_ref().unwrap_err().kind(), ErrorKind::Git(_)));
    assert!(records.iter().flatten().any(|record| record.bytes == b"two"));
}

#[test]
fn an_object_that_claims_to_be_huge_is_told_and_not_allocated() {
    let mut inbox = Inbox::new();
    inbox.add("m", "one");
    inbox.add("m", "two");
    for claimed in [u64::from(u32::MAX), 1 << 40, u64::MAX] {
        inbox.overwrite(inbox.blob("one"), format!("blob {claimed}\0one").as_bytes());
        let records = inbox.read(1000).unwrap();
        assert!(!records[0].as_ref().unwrap_err().is_fatal());
        assert_eq!(records[1].as_ref().unwrap().bytes, b"two");
    }
}

#[test]
fn damaged_objects_are_told_and_the_rest_read() {
    for damage in [&b""[..], b"blob 3", b"tree 3\0one", b"blob 9\0one", b"blob -1\0one", b"\0\0\0"] {
        let mut inbox = Inbox::new();
        inbox.add("m", "one");
        inbox.add("m", "two");
        inbox.overwrite(inbox.blob("one"), damage);
        let records = inbox.read(1000).unwrap();
        let what = damage.escape_ascii();
        assert!(records[0].as_ref().is_err_and(|err| !err.is_fatal()), "{what}: {records:?}");
        assert_eq!(records[1].as_ref().unwrap().bytes, b"two", "{what}");
    }
}

#[test]
fn names_in_trees_lead_nowhere() {
    let mut inbox = Inbox::new();
    let (one, two) = (inbox.blob("one"), inbox.blob("two"));
    let folder = inbox.tree(&[
        ("../../../etc/passwd", EntryKind::Blob, one),
        ("/etc/passwd", EntryKind::Link, two),
        ("x", EntryKind::Tree, one),
    ]);
    inbox.commit(&[("ab", EntryKind::Tree, folder)]);
    assert_eq!(inbox.texts(), ["one", "two"], "mails are what the ids say");
}

#[test]
fn a_mail_that_is_no_file_is_told() {
    let mut inbox = Inbox::new();
    let blob = inbox.blob("one");
    let folder = inbox.tree(&[("x", EntryKind::Blob, blob)]);
    inbox.commit(&[("m", EntryKind::Tree, folder)]);
    inbox.commit(&[("m", EntryKind::Commit, blob)]);
    inbox.commit(&[("m", EntryKind::Blob, ObjectId::null(gix::hash::Kind::Sha1))]);
    inbox.add("m", "two");
    let records = inbox.read(1000).unwrap();
    assert!(records[0].as_ref().is_err_and(|err| !err.is_fatal()), "{records:?}");
    assert!(records[2].as_ref().is_err_and(|err| !err.is_fatal()), "{records:?}");
    assert_eq!(records.last().unwrap().as_ref().unwrap().bytes, b"two");
}

#[test]
fn hostile_references_are_refused() {
    for (head, branch) in [
        ("ref: refs/heads/loop\n", "ref: refs/heads/loop\n"),
        ("ref: ../../../../etc/passwd\n", ""),
        ("ref: /etc/passwd\n", ""),
        ("ref: refs/heads/main\0x\n", ""),
        ("", ""),
        ("\u{feff}not a reference", "zzzz"),
    ] {
        let mut inbox = Inbox::new();
        inbox.add("m", "one");
        std::fs::remove_file(inbox.dir.path().join("refs/heads/main")).unwrap();
        std::fs::write(inbox.dir.path().join("HEAD"), head).unwrap();
        std::fs::write(inbox.dir.path().join("refs/heads/loop"), branch).unwrap();
        let read = inbox.read(1000);
        assert!(read.as_ref().is_err_and(Error::is_fatal), "{head:?}: {read:?}");
    }
}

#[test]
fn settings_of_the_repository_run_nothing_and_lift_no_limit() {
    let mut inbox = Inbox::new();
    inbox.add("m", "one");
    let touched = inbox.dir.path().join("touched");
    let command = format!("touch {}", touched.display());
    let config = format!(
        "[core]\n\tbare = true\n\tfsmonitor = {command}\n\tpager = {command}\n\tsshCommand = {command}\n\
         [include]\n\tpath = nowhere\n[gitoxide \"objects\"]\n\tallocLimit = 0\n"
    );
    std::fs::write(inbox.dir.path().join("config"), config).unwrap();
    assert_eq!(inbox.texts(), ["one"]);
    assert!(!touched.exists());
}

#[test]
fn a_folder_beyond_the_limit_is_told_and_the_rest_read() {
    let mut inbox = Inbox::new();
    let (one, two) = (inbox.blob("one"), inbox.blob("two"));
    let folder = inbox.tree(&[("x", EntryKind::Blob, one)]);
    inbox.commit(&[("ab", EntryKind::Tree, folder)]);
    let other = inbox.tree(&[("y", EntryKind::Blob, two)]);
    inbox.commit(&[("cd", EntryKind::Tree, other)]);
    inbox.overwrite(folder, format!("tree {}\0", MAX_TREE + 1).as_bytes());
    let records = inbox.read(1000).unwrap();
    assert!(records[0].as_ref().unwrap_err().to_string().contains("a folder of 16777217 bytes is not read"));
    assert_eq!(records[1].as_ref().unwrap().bytes, b"two");
}
