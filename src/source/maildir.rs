//! Maildir and Maildir++: one message per file in `cur/` and `new/`, folders in `.Name`.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Record,
    eml::{open_regular, read_record},
};
use crate::error::{Error, ErrorKind, Result};

/// Source of the messages of a Maildir: `cur`, `new`, then the folders, each in the order of the file names.
///
/// `tmp` holds what is not yet delivered and is left alone. Links and special files are reported, not read.
pub struct MaildirSource {
    files: MailFiles,
    limit: usize,
}

impl MaildirSource {
    /// Reads the Maildir at `path`; of each message at most `limit` bytes are kept.
    pub fn new(path: impl Into<PathBuf>, limit: usize) -> Self {
        Self { files: MailFiles::new(path), limit }
    }
}

/// The files of a Maildir, in the same order.
pub(super) struct MailFiles {
    /// Folders whose files have not been listed yet.
    folders: VecDeque<PathBuf>,
    items: VecDeque<Result<PathBuf>>,
}

impl MailFiles {
    pub(super) fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let mut files = Self { folders: VecDeque::new(), items: VecDeque::new() };
        let (folders, errors) = subfolders(&path);
        for folder in std::iter::once(path).chain(folders) {
            files.folders.extend([folder.join("cur"), folder.join("new")]);
        }
        files.items.extend(errors.into_iter().map(Err));
        files
    }
}

/// True where `path` has the folders that make a Maildir.
pub(crate) fn is_maildir(path: &Path) -> bool {
    ["cur", "new"].iter().all(|name| path.join(name).is_dir())
}

/// The folders of a Maildir++ in `path`, and what looks like one and cannot be read.
fn subfolders(path: &Path) -> (Vec<PathBuf>, Vec<Error>) {
    let (mut folders, mut errors) = (Vec::new(), Vec::new());
    for entry in list(path) {
        match entry {
            Ok(entry) if is_folder(&entry) => match open_directory(&entry) {
                Ok(()) => folders.push(entry),
                Err(err) => errors.push(err),
            },
            Ok(_) => {}
            Err(err) => errors.push(err),
        }
    }
    (folders, errors)
}

fn is_folder(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    hidden && is_maildir(path)
}

fn open_directory(path: &Path) -> Result<()> {
    if path.symlink_metadata().map_err(|err| Error::io(err, path))?.is_dir() {
        Ok(())
    } else {
        Err(Error::new(ErrorKind::Damaged("not a directory of its own, not read".into())).with_path(path))
    }
}

/// The entries of a directory, sorted by name so that every run reads them alike; errors come last.
fn list(path: &Path) -> Vec<Result<PathBuf>> {
    let entries = match path.read_dir() {
        Ok(entries) => entries,
        Err(err) => return vec![Err(Error::io(err, path))],
    };
    let mut items: Vec<Result<PathBuf>> =
        entries.map(|entry| entry.map(|e| e.path()).map_err(|err| Error::io(err, path))).collect();
    items.sort_by(|a, b| match (a, b) {
        (Ok(a), Ok(b)) => a.cmp(b),
        _ => a.is_err().cmp(&b.is_err()),
    });
    items
}

impl Iterator for MailFiles {
    type Item = Result<PathBuf>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Some(item);
            }
            let folder = self.folders.pop_front()?;
            match open_directory(&folder) {
                Ok(()) => self.items.extend(list(&folder)),
                Err(err) => return Some(Err(err)),
            }
        }
    }
}

impl Iterator for MaildirSource {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.files.next()?.and_then(|path| read_file(path, self.limit)))
    }
}

pub(super) fn read_file(path: PathBuf, limit: usize) -> Result<Record> {
    let file = open_regular(&path)?;
    read_record(file, &Arc::from(path), limit)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    fn maildir(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for folder in ["cur", "new", "tmp", ".Sub/cur", ".Sub/new", ".Sub/tmp"] {
            fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        for (name, subject) in files {
            fs::write(
                root.path().join(name),
                format!("Subject: {subject}\nMessage-ID: <{subject}@x>\n\nx\n"),
            )
            .unwrap();
        }
        root
    }

    /// Subjects, or the errors without the path of the temporary directory.
    fn read(root: &Path) -> Vec<String> {
        MaildirSource::new(root, 1000)
            .map(|item| match item {
                Ok(record) => record.decode().remove(0).unwrap().subject,
                Err(err) => err.to_string().replace(&root.display().to_string(), ""),
            })
            .collect()
    }

    #[test]
    fn order_is_that_of_names() {
        let files = [
            ("new/5.x", "fifth"),
            ("cur/2.x:2,S", "second"),
            ("cur/10.x:2,", "first"),
            ("tmp/1.x", "undelivered"),
            (".Sub/cur/1.x", "sub"),
            ("dovecot-uidlist", "no mail"),
        ];
        assert_eq!(read(maildir(&files).path()), ["first", "second", "fifth", "sub"]);
    }

    #[test]
    fn an_empty_maildir_has_no_messages() {
        assert_eq!(read(maildir(&[]).path()), Vec::<String>::new());
    }

    #[test]
    fn a_missing_folder_is_reported() {
        let root = maildir(&[("cur/1", "a")]);
        fs::remove_dir(root.path().join("new")).unwrap();
        let read = read(root.path());
        assert_eq!(read.len(), 2);
        assert!(read[1].starts_with("/new: "), "{read:?}");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_special_files_are_reported() {
        use std::os::unix::{fs::symlink, net::UnixListener};
        let root = maildir(&[("cur/1", "a"), ("cur/5", "b")]);
        symlink(root.path().join("cur"), root.path().join("cur/2")).unwrap();
        symlink(root.path().join("cur/3"), root.path().join("cur/3")).unwrap();
        let _socket = UnixListener::bind(root.path().join("cur/4")).unwrap();
        symlink(root.path(), root.path().join(".Loop")).unwrap();
        fs::write(root.path().join("new/6"), "").unwrap();
        assert_eq!(
            read(root.path()),
            [
                "/.Loop: not a directory of its own, not read",
                "a",
                "/cur/2: symbolic link, not read",
                "/cur/3: symbolic link, not read",
                "/cur/4: not a regular file, not read",
                "b",
                "/new/6: message 1, byte 0: empty file",
            ]
        );
    }
}
