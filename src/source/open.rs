//! From paths to records: detection, decompression and the readers of all formats behind one iterator.

use std::{
    fs::{self, File},
    io::{self, BufRead, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    vec,
};

use walkdir::{DirEntry, WalkDir};

use super::{
    Columns, EmlSource, Format, Limits, MaildirSource, MboxSource, PipermailSource, Record, Source,
    TextSource,
    decompress::decompress,
    detect::{HEAD, UNREADABLE_PARQUET, detect},
    gharchive, github, json, jsonl,
    lines::LineSource,
    peek::Peeked,
    public_inbox::PublicInboxSource,
    table::{self, TableSource},
    walk::{Found, Walk},
};
use crate::error::{Error, ErrorKind, Result, SharedPath};

/// A file, a directory or `-` for standard input, and its format if that is not to be detected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// What it is taken for.
    pub format: Option<Format>,
}

impl<P: Into<PathBuf>> From<P> for Input {
    fn from(path: P) -> Self {
        Self { path: path.into(), format: None }
    }
}

/// How inputs are to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// What one input may cost.
    pub limits: Limits,
    /// Which column of a table holds what.
    pub columns: Columns,
}

/// The records of all inputs, one input after the other, of which one is open at a time.
///
/// What cannot be opened or read is an `Err` item, and the next input follows.
pub fn open(inputs: &[Input], options: &Options) -> Records {
    Records {
        inputs: Vec::from(inputs).into_iter(),
        options: options.clone(),
        consumed: Arc::default(),
        walk: None,
        source: None,
        failed: None,
        goal: 0,
        grows: false,
        format: None,
    }
}

/// The records of one stream that is open already, which messages will call `name`.
///
/// What cannot be read is an `Err` item.
pub fn read(
    stream: impl Read + Send + 'static,
    name: impl Into<PathBuf>,
    format: Option<Format>,
    options: &Options,
) -> Records {
    let mut records = open(&[], options);
    records.failed = records.open_stream(stream, name.into(), format, false).err();
    records
}

/// Bytes of all inputs as they are on disk; `None` if standard input is one of them.
pub fn total_bytes(inputs: &[Input]) -> Option<u64> {
    inputs.iter().map(|input| if is_stdin(&input.path) { None } else { Some(size_of(&input.path)) }).sum()
}

fn size_of(path: &Path) -> u64 {
    if !path.is_dir() {
        return fs::metadata(path).map_or(0, |data| data.len());
    }
    let found = Walk::new(path).flatten().map(|found| match found {
        Found::File(path) => fs::metadata(path).map_or(0, |data| data.len()),
        Found::Directory(path, format) => directory_size(&path, format),
    });
    found.sum()
}

/// Bytes of the files that make up an archive that is a directory.
fn directory_size(path: &Path, format: Format) -> u64 {
    let parts: &[&str] = if format == Format::Maildir { &["cur", "new"] } else { &["objects"] };
    // Folders of a Maildir have names that begin with a dot.
    let is_part = |name: &str| parts.contains(&name) || (format == Format::Maildir && name.starts_with('.'));
    let of_archive = |it: &DirEntry| it.depth() != 1 || it.file_name().to_str().is_some_and(is_part);
    let files = WalkDir::new(path).into_iter().filter_entry(of_archive).flatten();
    files
        .filter(|it| it.file_type().is_file())
        .filter_map(|it| it.metadata().ok())
        .map(|data| data.len())
        .sum()
}

pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Iterator over the records of several inputs, made by [`open`].
pub struct Records {
    inputs: vec::IntoIter<Input>,
    options: Options,
    pub(super) consumed: Arc<AtomicU64>,
    /// The directory that is being walked, and the format that its files are taken for.
    walk: Option<(Walk, Option<Format>)>,
    pub(super) source: Option<Box<dyn Source>>,
    /// Why the stream that was given could not be read.
    failed: Option<Error>,
    /// What will have been consumed once the open input is done with. Bytes of directories are not counted one
    /// by one, and the rest of what is given up is not read.
    goal: u64,
    /// Format of the input that is open.
    pub(super) format: Option<Format>,
    /// Whether the format is one of those in which new messages follow the old ones.
    pub(super) grows: bool,
}

impl Records {
    /// Bytes read so far, as they are on disk. The counter may be read while the records are.
    pub fn consumed(&self) -> Arc<AtomicU64> {
        self.consumed.clone()
    }

    /// Opens whatever comes next; `None` at the end of all inputs.
    fn open_next(&mut self) -> Option<Result<()>> {
        if let Some((walk, format)) = &mut self.walk {
            let format = *format;
            match walk.next() {
                Some(Ok(Found::File(path))) => return Some(self.open_file(path, format, true)),
                Some(Ok(Found::Directory(path, format))) => return Some(self.open_directory(path, format)),
                Some(Err(err)) => return Some(Err(err)),
                None => self.walk = None,
            }
        }
        let Input { path, format } = self.inputs.next()?;
        Some(self.open_input(path, format))
    }

    fn open_input(&mut self, path: PathBuf, format: Option<Format>) -> Result<()> {
        if is_stdin(&path) {
            return self.open_stream(io::stdin(), path, format, false);
        }
        let kind = fs::metadata(&path).map_err(|err| Error::io(err, &*path))?.file_type();
        if kind.is_dir() {
            return self.open_tree(path, format);
        }
        let is_opened = kind.is_file() || is_pipe(kind) && is_descriptor(&path);
        if !is_opened {
            let what = "a device, socket or named pipe: not opened; \"-\" reads standard input";
            return Err(Error::new(ErrorKind::Format(what.into())).with_path(path));
        }
        self.open_file(path, format, false)
    }

    /// Opens a directory that was named: as the archive it was said to be, or for what is in it.
    fn open_tree(&mut self, path: PathBuf, format: Option<Format>) -> Result<()> {
        let is_checkout = || path.join(".git").exists();
        match format {
            Some(Format::Maildir) => return self.open_directory(path, Format::Maildir),
            Some(Format::PublicInbox) if is_checkout() => {
                return self.open_directory(path, Format::PublicInbox);
            }
            _ => {}
        }
        let of_files = format.filter(|format| !format.is_directory());
        self.walk = Some((Walk::new(&path), of_files));
        Ok(())
    }

    pub(super) fn open_file(
        &mut self,
        path: PathBuf,
        format: Option<Format>,
        in_directory: bool,
    ) -> Result<()> {
        self.set_goal(fs::metadata(&path).map_or(0, |data| data.len()));
        let file = File::open(&path).map_err(|err| Error::io(err, &*path))?;
        #[cfg(feature = "parquet")]
        if super::parquet::is_parquet(&file, format) {
            let Options { limits, columns } = &self.options;
            let consumed = self.consumed.clone();
            let source = super::parquet::ParquetSource::new(file, columns, path.into(), limits, consumed)?;
            self.source = Some(Box::new(source));
            return Ok(());
        }
        self.open_stream(file, path, format, in_directory)
    }

    fn open_directory(&mut self, path: PathBuf, format: Format) -> Result<()> {
        let limit = self.options.limits.record_bytes;
        self.set_goal(directory_size(&path, format));
        self.source = Some(match format {
            Format::Maildir => Box::new(MaildirSource::new(&path, limit)),
            _ => Box::new(PublicInboxSource::new(&path, limit)?),
        });
        Ok(())
    }

    pub(super) fn open_stream(
        &mut self,
        reader: impl Read + Send + 'static,
        path: PathBuf,
        format: Option<Format>,
        in_directory: bool,
    ) -> Result<()> {
        let stream = decompress(reader, &path, &self.options.limits, self.consumed.clone());
        let mut stream = Peeked::new(stream, HEAD);
        let format = match format {
            Some(format) => format,
            None => self.detect(&mut stream, &path, in_directory)?,
        };
        self.format = Some(format);
        self.grows = match format {
            Format::Mbox | Format::Pipermail | Format::GhArchive => true,
            Format::Jsonl => !json::is_spread(stream.head()),
            // A title that stands in another file may be another one by then.
            Format::Github => {
                !json::is_spread(stream.head()) && github::title_beside(&path, &self.options.limits).is_none()
            }
            _ => false,
        };
        self.source = Some(self.source_of(stream, format, path.into())?);
        Ok(())
    }

    fn detect(&self, stream: &mut Peeked<impl Read>, path: &Path, in_directory: bool) -> Result<Format> {
        let what = match detect(stream.head(), &self.options.columns) {
            // A README beside archives is no message.
            Ok(Format::Text) if in_directory => "text, but no archive of messages".into(),
            Ok(format) => return Ok(format),
            Err(what) => what,
        };
        // What little could be read of a broken stream does not tell.
        let failed = stream.take_failure().map(|err| Error::io(err, path));
        Err(failed.unwrap_or_else(|| Error::new(ErrorKind::Format(what)).with_path(path)))
    }

    fn source_of(
        &self,
        stream: Peeked<Box<dyn BufRead + Send>>,
        format: Format,
        path: SharedPath,
    ) -> Result<Box<dyn Source>> {
        let Options { limits, columns } = &self.options;
        let limit = limits.record_bytes;
        let head = stream.head().to_vec();
        Ok(match format {
            Format::Mbox => Box::new(MboxSource::new(stream, path, limit)),
            Format::Pipermail => Box::new(PipermailSource::new(stream, path, limit)),
            Format::Eml => Box::new(EmlSource::new(stream, path, limit)),
            Format::Text => Box::new(TextSource::new(stream, path, limit)),
            Format::Jsonl => jsonl::source(stream, &head, path, limit),
            Format::GhArchive => Box::new(LineSource::new(stream, path, limit, gharchive::decode)),
            Format::Github => {
                let title = github::title_beside(&path, limits);
                github::source(stream, &head, path, limit, title)
            }
            Format::Csv => Box::new(TableSource::new(stream, table::delimiter(&head), columns, path, limit)?),
            Format::Tsv => Box::new(TableSource::new(stream, b'\t', columns, path, limit)?),
            Format::Parquet => {
                return Err(Error::new(ErrorKind::Format(UNREADABLE_PARQUET.into())).with_path(&*path));
            }
            Format::Maildir | Format::PublicInbox => {
                let what = format!("{format} is a directory, and this is not");
                return Err(Error::new(ErrorKind::Format(what)).with_path(&*path));
            }
        })
    }

    fn set_goal(&mut self, size: u64) {
        self.goal = self.consumed.load(Ordering::Relaxed) + size;
    }

    fn close(&mut self) {
        self.source = None;
        self.consumed.fetch_max(self.goal, Ordering::Relaxed);
    }
}

impl Iterator for Records {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(source) = &mut self.source {
                match source.next() {
                    Some(item) => return Some(item.map_err(Error::unwrapped)),
                    None => self.close(),
                }
            }
            if let Some(err) = self.failed.take() {
                return Some(Err(err.unwrapped()));
            }
            if let Err(err) = self.open_next()? {
                self.close();
                return Some(Err(err.unwrapped()));
            }
        }
    }
}

/// True for a pipe that a shell holds open (`<(…)`). Opening one that has a name waits until somebody writes to it, and
/// that may be for ever.
fn is_descriptor(path: &Path) -> bool {
    path == Path::new("/dev/stdin")
        || ["/dev/fd", "/proc/self/fd"].iter().any(|parent| path.parent() == Some(Path::new(parent)))
}

#[cfg(unix)]
pub(super) fn is_pipe(kind: fs::FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&kind)
}

#[cfg(not(unix))]
fn is_pipe(_: fs::FileType) -> bool {
    false
}

#[cfg(test)]
mod tests;
