//! Walking directories: in a fixed order, each archive once, and nothing passed over without a word but hidden
//! files and what belongs to a Maildir or a git repository.

use std::{
    cmp::Ordering,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use walkdir::{DirEntry, IntoIter, WalkDir};

use super::{Format, detect::detect_directory};
use crate::error::{Error, ErrorKind, Result};

/// An archive found in a directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    File(PathBuf),
    /// A directory that is itself an archive, in this format.
    Directory(PathBuf, Format),
}

/// The archives in a directory and below it.
pub(super) struct Walk(IntoIter);

impl Walk {
    pub(super) fn new(root: &Path) -> Self {
        let by_name = |a: &DirEntry, b: &DirEntry| natural_order(a.file_name(), b.file_name());
        Self(WalkDir::new(root).follow_links(true).sort_by(by_name).into_iter())
    }

    fn directory(&mut self, entry: &DirEntry) -> Option<Found> {
        // The reader of a Maildir reads its folders too, which are hidden directories in it.
        if is_hidden(entry) || (is_maildir_part(entry) && in_maildir(entry)) {
            self.0.skip_current_dir();
            return None;
        }
        let format = detect_directory(entry.path());
        if format == Some(Format::PublicInbox) {
            self.0.skip_current_dir();
            // `all.git` of an inbox only refers to the repositories beside it.
            if has_no_refs(entry.path()) {
                return None;
            }
        }
        format.map(|format| Found::Directory(entry.path().into(), format))
    }
}

impl Iterator for Walk {
    type Item = Result<Found>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let entry = match self.0.next()? {
                Ok(entry) => entry,
                Err(err) => return Some(Err(walk_error(err))),
            };
            let kind = entry.file_type();
            if kind.is_dir() {
                if let Some(found) = self.directory(&entry) {
                    return Some(Ok(found));
                }
            } else if is_hidden(&entry) || in_maildir(&entry) {
                // Index files of mail servers.
            } else if kind.is_file() {
                return Some(Ok(Found::File(entry.into_path())));
            } else {
                let what = ErrorKind::Format("neither file nor directory: not opened".into());
                return Some(Err(Error::new(what).with_path(entry.path())));
            }
        }
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_maildir_part(entry: &DirEntry) -> bool {
    ["cur", "new", "tmp"].iter().any(|name| entry.file_name() == *name)
}

fn in_maildir(entry: &DirEntry) -> bool {
    let parent = entry.path().parent();
    entry.depth() > 0 && parent.and_then(detect_directory) == Some(Format::Maildir)
}

fn has_no_refs(repository: &Path) -> bool {
    let refers_elsewhere = repository.join("objects/info/alternates").is_file();
    let mut refs = WalkDir::new(repository.join("refs")).into_iter().flatten();
    refers_elsewhere && !repository.join("packed-refs").is_file() && !refs.any(|it| it.file_type().is_file())
}

fn walk_error(err: walkdir::Error) -> Error {
    let path = err.path().map(Path::to_owned).unwrap_or_default();
    if let Some(ancestor) = err.loop_ancestor() {
        let what = format!("a symbolic link back to {}: not followed", ancestor.display());
        return Error::new(ErrorKind::Format(what)).with_path(path);
    }
    Error::io(err.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into()), path)
}

/// Names in the order in which people count: `2.git` before `10.git`.
fn natural_order(a: &OsStr, b: &OsStr) -> Ordering {
    let (a, b) = (a.as_encoded_bytes(), b.as_encoded_bytes());
    let (mut rest_a, mut rest_b) = (a, b);
    while let (Some(&first_a), Some(&first_b)) = (rest_a.first(), rest_b.first()) {
        let order = if first_a.is_ascii_digit() && first_b.is_ascii_digit() {
            let (number_a, number_b) = (take_number(&mut rest_a), take_number(&mut rest_b));
            number_a.len().cmp(&number_b.len()).then_with(|| number_a.cmp(number_b))
        } else {
            (rest_a, rest_b) = (&rest_a[1..], &rest_b[1..]);
            first_a.cmp(&first_b)
        };
        if order.is_ne() {
            return order;
        }
    }
    // Equal but for leading zeros: the bytes decide.
    rest_a.len().cmp(&rest_b.len()).then_with(|| a.cmp(b))
}

/// Takes the digits at the start of `bytes` and returns them without leading zeros.
fn take_number<'b>(bytes: &mut &'b [u8]) -> &'b [u8] {
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    let (number, rest) = bytes.split_at(end);
    *bytes = rest;
    let zeros = number.iter().take_while(|digit| **digit == b'0').count();
    &number[zeros..]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    /// Makes a tree of empty files and returns what a walk finds, relative to its root.
    fn walked(files: &[&str]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            if !file.ends_with('/') {
                fs::write(path, "").unwrap();
            } else {
                fs::create_dir_all(path).unwrap();
            }
        }
        let name = |path: &Path| path.strip_prefix(dir.path()).unwrap().display().to_string();
        let shown = |found| match found {
            Ok(Found::File(path)) => name(&path),
            Ok(Found::Directory(path, format)) => format!("{} ({format})", name(&path)),
            Err(err) => panic!("{err}"),
        };
        Walk::new(dir.path()).map(shown).collect()
    }

    #[test]
    fn files_come_in_natural_order_and_hidden_ones_not() {
        let found =
            walked(&["b/10.txt", "b/9.txt", "b/.x", ".git/config", "a.txt", "b.txt", "c/", "b/09.txt"]);
        assert_eq!(found, ["a.txt", "b/09.txt", "b/9.txt", "b/10.txt", "b.txt"]);
    }

    #[test]
    fn a_maildir_is_one_archive() {
        let found = walked(&[
            "m/cur/1",
            "m/new/",
            "m/tmp/2",
            "m/dovecot.index",
            "m/.Sent/cur/",
            "m/.Sent/new/3",
            "m/sub/1",
            "z",
        ]);
        assert_eq!(found, ["m (maildir)", "m/sub/1", "z"]);
    }

    #[test]
    fn epochs_of_an_inbox_are_found_in_order() {
        let repository =
            |name: &str| ["objects/", "refs/heads/master", "HEAD"].map(|it| format!("{name}/{it}"));
        let mut files = ["git/10.git", "git/2.git"].map(repository).concat();
        files.extend(["all.git/objects/info/alternates", "all.git/refs/", "all.git/HEAD"].map(Into::into));
        let found = walked(&files.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(found, ["git/2.git (public-inbox)", "git/10.git (public-inbox)"]);
    }

    #[test]
    #[cfg(unix)]
    fn loops_and_what_is_no_file_are_reported() {
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).unwrap();
        std::os::unix::fs::symlink(dir.path().join("nothing"), dir.path().join("broken")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
        let told: Vec<_> = Walk::new(dir.path()).map(|found| found.unwrap_err().to_string()).collect();
        assert_eq!(told.len(), 3);
        assert!(told[0].contains("broken") && told[1].contains("symbolic link back to"), "{told:?}");
        assert!(told[2].ends_with("socket: neither file nor directory: not opened"));
    }
}
