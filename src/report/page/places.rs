//! Files by their names alone: a report is handed on, and directories tell of the machine that it was made on.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, is_separator},
    sync::Arc,
};

use rustc_hash::FxHashSet;

/// Files that are told apart; where there are more, whatever looks like a path is cut like one.
const MAX_FILES: usize = 1 << 20;

/// The files that were read, and what is shown instead of their paths.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Hashes of paths, as they are written.
    files: FxHashSet<u64>,
    is_full: bool,
    last: Option<Arc<Path>>,
    /// Files of one name in several directories, by path: they are numbered.
    numbered: HashMap<Arc<str>, String>,
}

fn hash(text: &str) -> u64 {
    // SipHash: strangers may have chosen the names.
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl Places {
    /// A message of this file was read; `project` is the file where no list is known, cut if it is very long.
    pub(super) fn seen(&mut self, path: &Arc<Path>, project: Option<&str>) {
        if self.last.as_ref().is_some_and(|last| Arc::ptr_eq(last, path)) {
            return;
        }
        self.last = Some(path.clone());
        if self.files.len() >= MAX_FILES {
            self.is_full = true;
            return;
        }
        self.files.insert(hash(&path.to_string_lossy()));
        self.files.extend(project.map(hash));
    }

    /// Numbers those of `lists` that are files of the same name.
    pub(super) fn number<'l>(&mut self, lists: impl Iterator<Item = &'l Arc<str>>) {
        let mut counts: HashMap<&str, u32> = HashMap::new();
        let mut numbered = BTreeMap::new();
        for list in lists {
            let name = self.list(list);
            match counts.entry(name) {
                Entry::Vacant(entry) => drop(entry.insert(1)),
                Entry::Occupied(mut entry) => {
                    *entry.get_mut() += 1;
                    numbered.insert(list.clone(), format!("{name} ({})", entry.get()));
                }
            }
        }
        self.numbered = numbered.into_iter().collect();
    }

    /// A list or repository, or the name of the file that stands for one.
    pub(super) fn list<'s>(&'s self, project: &'s str) -> &'s str {
        match self.numbered.get(project) {
            Some(name) => name,
            None if self.is_file(project) => file_name(project),
            None => project,
        }
    }

    /// The id of a message or thread. One that a reader made up names the file.
    pub(super) fn id<'s>(&self, id: &'s str) -> &'s str {
        let is_ordinal = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        match id.rsplit_once('#') {
            Some((path, ordinal)) if is_ordinal(ordinal) && self.is_file(path) => {
                &id[path.len() - file_name(path).len()..]
            }
            _ => id,
        }
    }

    fn is_file(&self, text: &str) -> bool {
        self.files.contains(&hash(text)) || self.is_full && !text.contains("://")
    }
}

/// What follows the last separator.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit(is_separator).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(paths: &[&str]) -> Places {
        let mut places = Places::default();
        for path in paths {
            places.seen(&Path::new(path).into(), Some(path));
        }
        places
    }

    #[test]
    fn of_files_that_were_read_only_the_name_is_shown() {
        let places = places(&["/home/ada/mail/list.mbox", "-"]);
        assert_eq!(places.list("/home/ada/mail/list.mbox"), "list.mbox");
        assert_eq!(places.id("/home/ada/mail/list.mbox#3"), "list.mbox#3");
        assert_eq!(places.id("/home/ada/mail/list.mbox#3.1"), "list.mbox#3.1");
        assert_eq!(places.list("-"), "-");
    }

    #[test]
    fn what_is_no_file_stays() {
        let places = places(&["ada/list.mbox"]);
        for text in ["ada/tool", "ada/tool#7", "a/b@tarn.example", "https://tarn.example/ada/tool/issues/7"] {
            assert_eq!((places.list(text), places.id(text)), (text, text));
        }
    }

    #[test]
    fn files_of_one_name_are_told_apart() {
        let mut places = places(&["a/list.mbox", "b/list.mbox", "c/other.mbox"]);
        let lists: Vec<Arc<str>> = ["a/list.mbox", "b/list.mbox", "c/other.mbox"].map(Arc::from).into();
        places.number(lists.iter());
        let shown: Vec<_> = lists.iter().map(|list| places.list(list)).collect();
        assert_eq!(shown, ["list.mbox", "list.mbox (2)", "other.mbox"]);
    }
}
