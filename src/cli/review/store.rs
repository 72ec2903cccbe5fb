//! The label file under review: saved whole after every change.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use undue::labels::{self, FileFormat, LabelFile, LabelRow};

use crate::cli::{
    input::{MAX_LIST, read_file},
    notices,
    output::Output,
};

/// A label file and what stands in it.
pub(crate) struct Store {
    path: PathBuf,
    format: FileFormat,
    bytes: Vec<u8>,
}

impl Store {
    /// Reads a label file; everything that is wrong with it is told.
    pub(crate) fn open(path: &Path) -> Result<(Self, Vec<LabelRow>)> {
        let bytes = read_file(path, MAX_LIST).with_context(|| format!("cannot read {}", path.display()))?;
        let text = str::from_utf8(&bytes).with_context(|| path.display().to_string())?;
        match labels::read(text) {
            Ok(LabelFile { format, rows }) => Ok((Self { path: path.to_owned(), format, bytes }, rows)),
            Err(errors) => {
                errors.iter().for_each(|err| notices::say(&format!("{}: {err}", path.display())));
                bail!("{} is no sound label file", path.display())
            }
        }
    }

    /// Saves the rows: the file holds the old ones or the new ones, never half of either. What another program wrote
    /// there meanwhile is not overwritten.
    pub(crate) fn save(&mut self, rows: &[LabelRow]) -> Result<()> {
        let there = read_file(&self.path, MAX_LIST)
            .with_context(|| format!("cannot read {}", self.path.display()))?;
        ensure!(
            there == self.bytes,
            "another program changed {}; leave and begin again",
            self.path.display()
        );
        let mut bytes = Vec::new();
        labels::write(&mut bytes, self.format, rows)?;
        let mut output = Output::new(Some(&self.path))?;
        std::io::Write::write_all(&mut output, &bytes)?;
        output.commit()?;
        self.bytes = bytes;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_saved_unless_another_program_wrote_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("labels.csv");
        fs::write(&path, "source,id,labels,level,evidence\nl,a,,0,\n").unwrap();
        let (mut store, mut rows) = Store::open(&path).unwrap();
        rows[0].note = "seen".into();
        store.save(&rows).unwrap();
        assert!(fs::read_to_string(&path).unwrap().ends_with("l,a,,0,,,,seen\n"));
        fs::write(&path, "source,id,labels,level,evidence\nl,b,,0,\n").unwrap();
        assert!(store.save(&rows).unwrap_err().to_string().starts_with("another program"));
        assert!(fs::read_to_string(&path).unwrap().contains("l,b"));
        fs::write(&path, "source,id\n").unwrap();
        assert!(Store::open(&path).is_err());
    }
}
