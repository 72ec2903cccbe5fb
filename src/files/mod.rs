//! Files that a change touches: the list itself, and how it is read from a patch in the text of a message.

mod patch;

pub use patch::in_patch;

/// Files of one change that are kept; further ones are counted.
pub const MAX_FILES: usize = 256;
/// Bytes of a path that are kept: its end, where the name of the file is.
const MAX_PATH: usize = 256;

/// A file that a change adds, changes or removes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// The path in the repository, with `/`, as far as the source states it; the last 256 bytes of it.
    pub path: Box<str>,
    /// True where the source says, or a count of no lines shows, that it is not text.
    pub is_binary: bool,
}

/// Files of one change, each once, in the order of the source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileList {
    files: Vec<ChangedFile>,
    left_out: u32,
}

impl FileList {
    /// The files that are kept, at most [`MAX_FILES`].
    pub fn files(&self) -> &[ChangedFile] {
        &self.files
    }

    /// Further files, some of which may be counted more than once.
    pub fn left_out(&self) -> u32 {
        self.left_out
    }

    /// True where nothing is known of files.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Adds a file; one that is in the list already is binary if it ever was.
    pub fn push(&mut self, path: &str, is_binary: bool) {
        let path = &path[path.ceil_char_boundary(path.len().saturating_sub(MAX_PATH))..];
        if path.is_empty() {
            return;
        }
        if let Some(known) = self.files.iter_mut().find(|file| *file.path == *path) {
            known.is_binary |= is_binary;
        } else if self.files.len() < MAX_FILES {
            self.files.push(ChangedFile { path: path.into(), is_binary });
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stand_once_and_are_binary_if_they_ever_were() {
        let mut list = FileList::default();
        for (path, is_binary) in [("src/a.c", false), ("tests/b.xz", true), ("tests/b.xz", false), ("", true)]
        {
            list.push(path, is_binary);
        }
        let all: Vec<_> = list.files().iter().map(|file| (&*file.path, file.is_binary)).collect();
        assert_eq!(all, [("src/a.c", false), ("tests/b.xz", true)]);
    }

    #[test]
    fn neither_many_files_nor_long_paths_take_much() {
        let mut list = FileList::default();
        (0..1000).for_each(|i| list.push(&format!("{i}/{}ö.c", "long/".repeat(200)), false));
        assert_eq!((list.files().len(), list.left_out()), (1, 0), "the ends are the same");
        (0..1000).for_each(|i| list.push(&format!("{i}.c"), false));
        assert_eq!((list.files().len(), list.left_out()), (MAX_FILES, 745));
        assert!(list.files().iter().all(|file| file.path.len() <= MAX_PATH));
    }
}
