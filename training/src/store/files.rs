//! Files that are either whole or not there.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// Ending of files that are not whole yet; whatever bears it after a crash is swept away.
pub(super) const UNFINISHED: &str = "unfinished";

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A name beside `path` for writing it; no two processes have the same.
pub(super) fn unfinished(path: &Path) -> PathBuf {
    path.with_added_extension(format!("{}.{UNFINISHED}", std::process::id()))
}

/// Writes a file so that a crash at any moment leaves the old one or the new one: beside it, flushed to the disk,
/// then renamed over it.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = unfinished(path);
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    rename(&beside, path)
}

/// Renames a finished file over `path`, and makes the new name last.
pub(super) fn rename(finished: &Path, path: &Path) -> io::Result<()> {
    fs::rename(finished, path)?;
    // Only Unix needs (and allows) flushing the folder that holds the name.
    #[cfg(unix)]
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}

/// Removes what a crash left half written in a folder.
pub(super) fn sweep(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == UNFINISHED) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_whole_and_leftovers_swept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.undue");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        fs::write(unfinished(&path), b"thr").unwrap();
        sweep(dir.path()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn hashes_are_hexadecimal() {
        assert!(sha256(b"abc").starts_with("ba7816bf8f01cfea"));
    }
}
