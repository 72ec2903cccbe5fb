//! The state file of `--since-last`.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use undue::seen::{MAX_SEEN_BYTES, Seen};

use super::output::Output;

/// What earlier runs saw, and where it is written again.
pub(super) struct SeenFile {
    path: PathBuf,
    pub(super) seen: Seen,
}

impl SeenFile {
    /// A file that is not there yet is a first run; one that is no state file is refused and left alone.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let mut text = String::new();
        match File::open(path) {
            Ok(file) => {
                let read = file.take(MAX_SEEN_BYTES + 1).read_to_string(&mut text);
                read.with_context(|| format!("cannot read {}", path.display()))?;
            }
            Err(err) if err.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { path: path.to_owned(), seen: Seen::default() });
            }
            Err(err) => return Err(err).with_context(|| format!("cannot read {}", path.display())),
        }
        if text.len() as u64 > MAX_SEEN_BYTES {
            bail!("{}: too large for a state file", path.display());
        }
        let seen = Seen::parse(&text).map_err(|err| err.with_path(path))?;
        Ok(Self { path: path.to_owned(), seen })
    }

    /// Replaces the file; until that is done the old one stays whole.
    pub(super) fn save(&self) -> Result<()> {
        let mut output = Output::new(Some(&self.path))?;
        output.write_all(self.seen.to_text().as_bytes())?;
        output.commit()
    }
}
