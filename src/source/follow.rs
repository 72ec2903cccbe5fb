//! Archives that are read again and again: what there is, whether it is what was read before, and reading on from
//! there. What was read before is the caller's to remember.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use sha2::{Digest, Sha256};

use super::{
    Format, Input, MboxSource, Options, PipermailSource, PublicInboxSource, Source,
    decompress::{is_compressed, plain},
    gharchive, github, jsonl,
    lines::LineSource,
    maildir::{MailFiles, read_file},
    mbox::begins_message,
    open::{is_pipe, is_stdin, open},
    walk::{Found, Walk},
};
use crate::error::{Error, ErrorKind, Result, SharedPath};

/// Bytes at either end of what was read by which it is recognised.
const PRINT: u64 = 4096;
/// Bytes that are looked at to tell whether a message begins.
const LOOK_AHEAD: u64 = 16 << 10;

/// What kind of archive is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FollowedKind {
    /// A file with any number of messages, which may grow, change or be renamed.
    File,
    /// A file of a Maildir: one message, which never changes, though its name does.
    Mail,
    /// A repository of public-inbox.
    Repository,
    /// Standard input or a pipe: all of it is new.
    Stream,
}

/// An archive, or one of the files that make it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: FollowedKind,
    /// A name that it keeps: its absolute path, for a mail without what tells its flags and whether it is new.
    pub identity: PathBuf,
    format: Option<Format>,
    in_directory: bool,
}

/// Where reading begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// At the first byte.
    Beginning,
    /// Behind so many bytes and records of a file of this format.
    At {
        /// Bytes.
        offset: u64,
        /// Records.
        records: u64,
        /// Format, as it was told when the file was first read.
        format: Format,
    },
    /// Behind this commit.
    Behind(String),
}

/// An archive that is open for reading.
pub struct Opened {
    /// Its records.
    pub source: Box<dyn Source>,
    /// Format of a file.
    pub format: Option<Format>,
    /// True for a file that may be read on from where it ended.
    pub grows: bool,
    /// Newest commit of a repository.
    pub newest: Option<String>,
    /// False if it is read from the beginning, whatever was asked for.
    pub continues: bool,
}

/// All archives in the inputs, in the order in which [`open`](super::open()) reads them, and what cannot be looked into.
pub fn list(inputs: &[Input]) -> Vec<Result<Followed>> {
    let mut all = Vec::new();
    for input in inputs {
        if let Err(err) = list_input(input, &mut all) {
            all.push(Err(err));
        }
    }
    all
}

fn list_input(Input { path, format }: &Input, all: &mut Vec<Result<Followed>>) -> Result<()> {
    let format = *format;
    let mut add = |kind, in_directory| {
        all.push(Followed::new(path.clone(), kind, format, in_directory));
        Ok(())
    };
    if is_stdin(path) {
        return add(FollowedKind::Stream, false);
    }
    let kind = fs::metadata(path).map_err(|err| Error::io(err, path))?.file_type();
    match format {
        _ if is_pipe(kind) => return add(FollowedKind::Stream, false),
        _ if kind.is_file() => return add(FollowedKind::File, false),
        _ if !kind.is_dir() => {
            let what = ErrorKind::Format("a device or socket: not opened".into());
            return Err(Error::new(what).with_path(path));
        }
        Some(Format::Maildir) => all.extend(mails(path)),
        Some(Format::PublicInbox) if path.join(".git").exists() => {
            return add(FollowedKind::Repository, false);
        }
        _ => list_tree(path, format.filter(|format| !format.is_directory()), all),
    }
    Ok(())
}

fn list_tree(path: &Path, format: Option<Format>, all: &mut Vec<Result<Followed>>) {
    for found in Walk::new(path) {
        match found {
            Ok(Found::File(path)) => all.push(Followed::new(path, FollowedKind::File, format, true)),
            Ok(Found::Directory(path, Format::Maildir)) => all.extend(mails(&path)),
            Ok(Found::Directory(path, _)) => {
                all.push(Followed::new(path, FollowedKind::Repository, None, true));
            }
            Err(err) => all.push(Err(err)),
        }
    }
}

fn mails(path: &Path) -> impl Iterator<Item = Result<Followed>> {
    MailFiles::new(path).map(|file| Followed::new(file?, FollowedKind::Mail, None, true))
}

/// The name of a mail without its flags, in its folder, whether it is in `cur` or in `new`.
fn mail_identity(path: &Path) -> Option<PathBuf> {
    let folder = path.parent()?.parent()?;
    let name = path.file_name()?.to_string_lossy();
    Some(folder.join(name.split(':').next().unwrap_or_default()))
}

impl Followed {
    fn new(path: PathBuf, kind: FollowedKind, format: Option<Format>, in_directory: bool) -> Result<Self> {
        let absolute = match kind {
            FollowedKind::Stream => path.clone(),
            _ => std::path::absolute(&path).map_err(|err| Error::io(err, &path))?,
        };
        let mail = if kind == FollowedKind::Mail { mail_identity(&absolute) } else { None };
        Ok(Self { path, kind, identity: mail.unwrap_or(absolute), format, in_directory })
    }

    /// Opens it. Bytes that are read are added to `consumed`.
    ///
    /// # Errors
    /// If it cannot be opened or is of no known format.
    pub fn open(&self, start: &Start, options: &Options, consumed: &Arc<AtomicU64>) -> Result<Opened> {
        let whole = |source| Opened { source, format: None, grows: false, newest: None, continues: false };
        match (self.kind, start) {
            (FollowedKind::Mail, _) => {
                Ok(whole(self.open_mail(options.limits.record_bytes, consumed.clone())))
            }
            (FollowedKind::Repository, start) => self.open_repository(start, options, consumed.clone()),
            (_, Start::At { offset, records, format }) => {
                let file = File::open(&self.path).map_err(|err| Error::io(err, &self.path))?;
                let source = self.source_at(file, *offset, *records, *format, options, consumed)?;
                Ok(Opened { format: Some(*format), grows: true, continues: true, ..whole(source) })
            }
            _ => self.open_file(options, consumed),
        }
    }

    fn open_file(&self, options: &Options, consumed: &Arc<AtomicU64>) -> Result<Opened> {
        let mut records = open(&[], options);
        records.consumed = consumed.clone();
        let mut compressed = false;
        if is_stdin(&self.path) {
            records.open_stream(io::stdin(), self.path.clone(), self.format, false)?;
        } else {
            if self.kind == FollowedKind::File {
                let mut head = Vec::new();
                let file = File::open(&self.path).map_err(|err| Error::io(err, &self.path))?;
                file.take(10).read_to_end(&mut head).map_err(|err| Error::io(err, &self.path))?;
                compressed = is_compressed(&head);
            }
            records.open_file(self.path.clone(), self.format, self.in_directory)?;
        }
        let none = || Error::new(ErrorKind::Format("nothing to read".into())).with_path(&self.path);
        let source = records.source.take().ok_or_else(none)?;
        let grows = records.grows && !compressed && self.kind == FollowedKind::File;
        Ok(Opened { source, format: records.format, grows, newest: None, continues: false })
    }

    fn open_mail(&self, limit: usize, consumed: Arc<AtomicU64>) -> Box<dyn Source> {
        let path = self.path.clone();
        Box::new(std::iter::once_with(move || {
            let record = read_file(path.clone(), limit)?;
            consumed.fetch_add(record.bytes.len() as u64, Ordering::Relaxed);
            Ok(record)
        }))
    }

    fn open_repository(&self, start: &Start, options: &Options, consumed: Arc<AtomicU64>) -> Result<Opened> {
        let known = if let Start::Behind(commit) = start { Some(commit.as_str()) } else { None };
        let source = PublicInboxSource::since(&self.path, options.limits.record_bytes, known)?;
        let (newest, continues) = (Some(source.newest()), source.continues());
        let source = Box::new(source.inspect(move |record| {
            let length = record.as_ref().map_or(0, |record| record.bytes.len());
            consumed.fetch_add(length as u64, Ordering::Relaxed);
        }));
        Ok(Opened { source, format: None, grows: false, newest, continues })
    }

    fn source_at(
        &self,
        mut file: File,
        offset: u64,
        records: u64,
        format: Format,
        options: &Options,
        consumed: &Arc<AtomicU64>,
    ) -> Result<Box<dyn Source>> {
        file.seek(SeekFrom::Start(offset)).map_err(|err| Error::io(err, &self.path))?;
        let reader = plain(file, consumed.clone());
        let path: SharedPath = self.path.as_path().into();
        let limit = options.limits.record_bytes;
        Ok(match format {
            Format::Mbox => Box::new(MboxSource::new(reader, path, limit).at(offset, records)),
            Format::Pipermail => Box::new(PipermailSource::new(reader, path, limit).at(offset, records)),
            Format::Jsonl => {
                Box::new(LineSource::new(reader, path, limit, jsonl::decode).at(offset, records))
            }
            Format::GhArchive => {
                Box::new(LineSource::new(reader, path, limit, gharchive::decode).at(offset, records))
            }
            Format::Github => {
                Box::new(LineSource::new(reader, path, limit, github::decode).at(offset, records))
            }
            other => {
                let what = ErrorKind::Format(format!("{other} is not read on from where it ended"));
                return Err(Error::new(what).with_path(&self.path));
            }
        })
    }
}

/// By what the first bytes of a file are recognised: hashes of both ends of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Print {
    /// Hash of the first 4 KiB.
    pub head: Vec<u8>,
    /// Hash of the last 4 KiB.
    pub tail: Vec<u8>,
}

impl Print {
    /// That of the first `length` bytes of a file. Bytes that are read are added to `checked`.
    ///
    /// # Errors
    /// If the file cannot be read or is shorter.
    pub fn of(path: &Path, length: u64, checked: &AtomicU64) -> io::Result<Self> {
        let size = length.min(PRINT);
        let mut file = File::open(path)?;
        let mut bytes = vec![0; usize::try_from(size).unwrap_or_default()];
        let mut hash = |from| -> io::Result<Vec<u8>> {
            file.seek(SeekFrom::Start(from))?;
            file.read_exact(&mut bytes)?;
            checked.fetch_add(size, Ordering::Relaxed);
            Ok(Sha256::digest(&bytes)[..16].to_vec())
        };
        Ok(Self { head: hash(0)?, tail: hash(length - size)? })
    }
}

/// True if what stands at `offset` of a file that grows is the beginning of a record, or nothing yet: if what was read
/// before was whole.
///
/// # Errors
/// If the file cannot be read.
pub fn begins(path: &Path, offset: u64, format: Format, checked: &AtomicU64) -> io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset.saturating_sub(1)))?;
    let mut bytes = Vec::new();
    file.take(LOOK_AHEAD).read_to_end(&mut bytes)?;
    checked.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    Ok(match (bytes.split_first(), format) {
        (None, _) => true,
        (Some((b'\n', text)), Format::Mbox | Format::Pipermail) => begins_message(text),
        (Some((last, text)), _) => *last == b'\n' || text.is_empty(),
    })
}

#[cfg(test)]
#[path = "follow_tests.rs"]
mod tests;
