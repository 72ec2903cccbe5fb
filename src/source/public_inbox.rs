//! Git repositories of public-inbox, oldest commit first, one mail for each commit that adds one.
//!
//! Layout v2 (epochs): the tree of a commit holds the mail as `m`, or `d` for a deletion, which gives nothing.
//! Layout v1: mails are files `xx/yyyy…` named by a hash, and a commit adds one to the tree of its parent.

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
};

use gix::{ObjectId, Repository, bstr::BString};

use super::{Record, mime::decode_mail};
use crate::{
    error::{Error, ErrorKind, Result},
    message::{Date, Position},
};

/// Bytes of decompressed objects that are kept for those stored as differences to them.
const CACHE_BYTES: usize = 8 << 20;
/// Git gives objects as a whole only, so that the limit of a record cannot be kept before this one.
const MAX_OBJECT: u64 = 256 << 20;
/// A folder of the old layout; one of a large list holds some thousand mails of 60 bytes each.
const MAX_TREE: u64 = 16 << 20;

/// Reads the default branch of one repository. It holds the ids of all its commits: 20 bytes each.
pub struct PublicInboxSource {
    repository: Repository,
    path: PathBuf,
    limit: usize,
    newest: ObjectId,
    /// The commit behind which reading began.
    known: Option<ObjectId>,
    /// Commits, the next one last.
    commits: Vec<ObjectId>,
    /// Mails of the current commit that were not given out yet, the next one last.
    mails: Vec<ObjectId>,
    commit: Option<ObjectId>,
    ordinal: u64,
    /// Why not all commits could be found.
    failed: Option<Error>,
}

impl PublicInboxSource {
    /// Opens the repository at `path`, without regard to any configuration of the user or the system.
    pub fn new(path: &Path, limit: usize) -> Result<Self> {
        Self::since(path, limit, None)
    }

    /// The same, but only the commits that came behind `known` (in hexadecimal). If that is no ancestor of the newest
    /// commit any more, history was rewritten, and all commits are read.
    pub(super) fn since(path: &Path, limit: usize, known: Option<&str>) -> Result<Self> {
        if !path.is_dir() {
            let what = "an inbox is a git repository; an archive of one must be unpacked first";
            return Err(Error::new(ErrorKind::Format(what.into())).with_path(path));
        }
        let failed = |err: &dyn std::fmt::Display| git_error(path, err);
        // The objects that another one is stored as a difference to may be larger than itself.
        let options = gix::open::Options::isolated()
            .config_overrides([format!("gitoxide.objects.allocLimit={MAX_OBJECT}")]);
        let mut repository = gix::open_opts(path, options).map_err(|err| failed(&err))?;
        repository.object_cache_size(CACHE_BYTES);
        let newest = newest(&repository).map_err(|err| failed(&err))?;
        let known = known.and_then(|known| ObjectId::from_hex(known.as_bytes()).ok());
        let known = known.filter(|known| is_ancestor(&repository, *known, newest));
        let (commits, broken) = commits(&repository, newest, known).map_err(|err| failed(&err))?;
        let broken = broken.map(|err| failed(&err));
        let source = Self {
            repository,
            path: path.into(),
            limit,
            newest,
            known,
            commits,
            mails: Vec::new(),
            commit: None,
            ordinal: 0,
            failed: broken,
        };
        source.check_layout()?;
        Ok(source)
    }

    /// The newest commit, in hexadecimal.
    pub(super) fn newest(&self) -> String {
        self.newest.to_hex().to_string()
    }

    /// True if only what came behind a known commit is read.
    pub(super) fn continues(&self) -> bool {
        self.known.is_some()
    }

    /// An error if the newest commit looks like anything but an inbox.
    fn check_layout(&self) -> Result<()> {
        let tree = self.tree_of(self.newest).map_err(|err| git_error(&self.path, &err))?;
        if tree.iter().all(|entry| is_v2(&entry.name) || is_v1_folder(entry)) {
            return Ok(());
        }
        let what =
            "a git repository, but not one of public-inbox: its newest commit holds other files than mails";
        Err(Error::new(ErrorKind::Format(what.into())).with_path(&*self.path))
    }

    /// Finds the mails that `commit` adds.
    fn start_commit(&mut self, commit: ObjectId) -> Result<(), gix::Error> {
        self.commit = Some(commit);
        let tree = self.tree_of(commit)?;
        if let Some(entry) = tree.iter().find(|entry| entry.name == "m") {
            self.mails.push(entry.id);
            return Ok(());
        }
        let folders: Vec<_> = tree.into_iter().filter(is_v1_folder).collect();
        if folders.is_empty() {
            return Ok(());
        }
        let parent = self.repository.find_commit(commit)?.parent_ids().next().map(|id| id.detach());
        let before = parent.map_or(Ok(Vec::new()), |parent| self.tree_of(parent))?;
        for folder in folders.into_iter().rev() {
            let old = before.iter().find(|entry| entry.name == folder.name).map(|entry| entry.id);
            self.mails.extend(self.added(folder.id, old)?);
        }
        Ok(())
    }

    /// Files of the folder `new` that the folder `old` does not have.
    fn added(&self, new: ObjectId, old: Option<ObjectId>) -> Result<Vec<ObjectId>, gix::Error> {
        if old == Some(new) {
            return Ok(Vec::new());
        }
        let old = old.map_or(Ok(Vec::new()), |old| entries(&self.repository, old))?;
        let old: HashSet<ObjectId> = old.into_iter().map(|entry| entry.id).collect();
        let mut added = entries(&self.repository, new)?;
        added.retain(|entry| !entry.is_tree && !old.contains(&entry.id));
        Ok(added.into_iter().rev().map(|entry| entry.id).collect())
    }

    fn tree_of(&self, commit: ObjectId) -> Result<Vec<Entry>, gix::Error> {
        let tree = self.repository.find_commit(commit)?.tree_id()?.detach();
        entries(&self.repository, tree)
    }

    /// The mail with this id, which the current commit adds.
    fn read_mail(&mut self, mail: ObjectId) -> Result<Record> {
        self.ordinal += 1;
        let position = self.place();
        let failed = |kind| Error::new(kind).with_position(position.clone());
        let git = |err: gix::Error| failed(ErrorKind::Damaged(one_line(&err)));
        let size = self.repository.find_header(mail).map_err(git)?.size();
        if size > MAX_OBJECT {
            return Err(failed(ErrorKind::Damaged(format!("a mail of {size} bytes is not read"))));
        }
        let mut bytes = self.repository.find_blob(mail).map_err(git)?.take_data();
        let truncated = bytes.len() > self.limit;
        bytes.truncate(self.limit);
        bytes.shrink_to_fit();
        let record = Record::new(bytes, position.clone(), decode_mail);
        Ok(Record { truncated, envelope_date: self.commit_date(), ..record })
    }

    /// When the mail came in.
    fn commit_date(&self) -> Option<Date> {
        let time = self.repository.find_commit(self.commit?).ok()?.time().ok()?;
        let offset = jiff::tz::Offset::from_seconds(time.offset).ok()?;
        Some(Date { timestamp: jiff::Timestamp::from_second(time.seconds).ok()?, offset })
    }

    fn place(&self) -> Position {
        let commit = self.commit.map(|id| id.to_hex_with_len(10).to_string()).unwrap_or_default();
        let mut path = self.path.clone().into_os_string();
        path.push(format!("@{commit}"));
        Position { path: PathBuf::from(path).into(), ordinal: self.ordinal, offset: 0 }
    }
}

impl Iterator for PublicInboxSource {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(err) = self.failed.take() {
            return Some(Err(err));
        }
        loop {
            if let Some(mail) = self.mails.pop() {
                return Some(self.read_mail(mail));
            }
            let commit = self.commits.pop()?;
            if let Err(err) = self.start_commit(commit) {
                let kind = ErrorKind::Damaged(one_line(&err));
                return Some(Err(Error::new(kind).with_position(self.place())));
            }
        }
    }
}

/// An entry of a tree.
struct Entry {
    name: BString,
    id: ObjectId,
    is_tree: bool,
}

fn entries(repository: &Repository, tree: ObjectId) -> Result<Vec<Entry>, gix::Error> {
    let size = repository.find_header(tree)?.size();
    if size > MAX_TREE {
        return Err(gix::Error::from_error(io::Error::other(format!(
            "a folder of {size} bytes is not read"
        ))));
    }
    let tree = repository.find_tree(tree)?;
    let owned = |entry: &gix::objs::tree::EntryRef<'_>| Entry {
        name: entry.filename.to_owned(),
        id: entry.oid.to_owned(),
        is_tree: entry.mode.is_tree(),
    };
    let entries = tree.decode()?.entries.iter().map(owned).collect();
    Ok(entries)
}

/// The newest commit of the default branch.
fn newest(repository: &Repository) -> Result<ObjectId, gix::Error> {
    let branch = |name: &str| Some(repository.find_reference(name).ok()?.id().detach());
    Ok(match repository.head_id() {
        Ok(head) => head.detach(),
        // The branch that HEAD names is not there: a mirror of a repository with another default.
        Err(err) => branch("refs/heads/master").or_else(|| branch("refs/heads/main")).ok_or(err)?,
    })
}

/// True if no commit leads to `known` that does not lead to `newest`.
fn is_ancestor(repository: &Repository, known: ObjectId, newest: ObjectId) -> bool {
    let beyond = repository.rev_walk([known]).with_hidden([newest]).all();
    repository.find_commit(known).is_ok() && beyond.is_ok_and(|mut beyond| beyond.next().is_none())
}

/// The commits that lead to `newest` and not to `known`, newest first, and the error that ended the search for them,
/// if one did.
fn commits(
    repository: &Repository,
    newest: ObjectId,
    known: Option<ObjectId>,
) -> Result<(Vec<ObjectId>, Option<gix::Error>), gix::Error> {
    let mut commits = Vec::new();
    for info in repository.rev_walk([newest]).with_hidden(known).all()? {
        match info {
            Ok(info) => commits.push(info.id),
            Err(err) => return Ok((commits, Some(err))),
        }
    }
    Ok((commits, None))
}

/// Files of a v2 repository: a mail or a deletion.
fn is_v2(name: &BString) -> bool {
    name == "m" || name == "d"
}

fn is_v1_folder(entry: &Entry) -> bool {
    entry.is_tree && entry.name.len() == 2 && entry.name.iter().all(u8::is_ascii_hexdigit)
}

fn git_error(path: &Path, err: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorKind::Git(one_line(err))).with_path(path)
}

fn one_line(err: &dyn std::fmt::Display) -> String {
    err.to_string().lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
