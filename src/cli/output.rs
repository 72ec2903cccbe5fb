//! Where a report goes: standard output, or a file that appears whole or not at all.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process,
};

use anyhow::{Context, Result};

/// Temporary files of killed runs that are passed over.
const MAX_LEFTOVERS: u32 = 1000;

/// A report's destination. What was written to a file is lost unless [`Output::commit`] is called.
pub(super) enum Output {
    Stdout(BufWriter<io::Stdout>),
    /// A device or pipe, which cannot be replaced.
    Special(BufWriter<File>),
    File(AtomicFile),
}

impl Output {
    pub(super) fn new(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Self::Stdout(BufWriter::new(io::stdout())));
        };
        let opened = match fs::metadata(path) {
            Ok(data) if !data.is_file() => {
                OpenOptions::new().write(true).open(path).map(|file| Self::Special(BufWriter::new(file)))
            }
            _ => AtomicFile::new(path).map(Self::File),
        };
        opened.with_context(|| format!("cannot write {}", path.display()))
    }

    /// Makes what was written last.
    pub(super) fn commit(self) -> Result<()> {
        match self {
            Self::Stdout(mut out) => Ok(out.flush()?),
            Self::Special(mut out) => Ok(out.flush()?),
            Self::File(file) => {
                let path = file.target.clone();
                file.commit().with_context(|| format!("cannot write {}", path.display()))
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::Special(out) => out.write(bytes),
            Self::File(file) => file.out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::Special(out) => out.flush(),
            Self::File(file) => file.out.flush(),
        }
    }
}

/// A file that is written beside its target and then renamed onto it.
pub(super) struct AtomicFile {
    out: BufWriter<File>,
    temporary: Temporary,
    target: PathBuf,
}

/// A path that is removed unless it was renamed.
struct Temporary(Option<PathBuf>);

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // It is in nobody's way, and there is nobody to tell.
            let _ = fs::remove_file(path);
        }
    }
}

impl AtomicFile {
    fn new(path: &Path) -> io::Result<Self> {
        // Through a link, so that the link stays.
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let (path, file) = create_beside(&target, name)?;
        let temporary = Temporary(Some(path));
        if let Ok(data) = fs::metadata(&target) {
            file.set_permissions(data.permissions())?;
        }
        Ok(Self { out: BufWriter::new(file), temporary, target })
    }

    fn commit(mut self) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        if let Some(path) = &self.temporary.0 {
            fs::rename(path, &self.target)?;
        }
        self.temporary.0 = None;
        sync_directory(&self.target)
    }
}

/// A new file beside `target`. One that a killed run left behind does not stand in the way: in a container the next run
/// may well have the same process id.
fn create_beside(target: &Path, name: &OsStr) -> io::Result<(PathBuf, File)> {
    let mut n = 0;
    loop {
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.{n}.tmp", process::id()));
        let path = target.with_file_name(hidden);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(err) if err.kind() == io::ErrorKind::AlreadyExists && n < MAX_LEFTOVERS => n += 1,
            opened => return opened.map(|file| (path, file)),
        }
    }
}

/// Without this the name may be lost in a crash, though not the content.
#[cfg(unix)]
fn sync_directory(target: &Path) -> io::Result<()> {
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report");
        fs::write(&path, "old").unwrap();
        let write = |text: &str| {
            let mut output = Output::new(Some(&path)).unwrap();
            output.write_all(text.as_bytes()).unwrap();
            output
        };
        drop(write("half"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        write("new").commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_run_left_behind_does_not_stand_in_the_way() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report");
        let killed = Output::new(Some(&path)).unwrap();
        let mut output = Output::new(Some(&path)).unwrap();
        output.write_all(b"new").unwrap();
        output.commit().unwrap();
        std::mem::forget(killed);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_stay_what_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let mut output = Output::new(Some(&link)).unwrap();
        output.write_all(b"new").unwrap();
        output.commit().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(matches!(Output::new(Some(Path::new("/dev/null"))).unwrap(), Output::Special(_)));
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let err = Output::new(Some(Path::new("/nowhere/at/all"))).err().unwrap();
        assert!(format!("{err:#}").starts_with("cannot write /nowhere/at/all: "));
    }
}
