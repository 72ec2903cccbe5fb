//! Reports on their way: into the state first, then out, so that none is lost and none is written twice.

use std::{
    fs::OpenOptions,
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use rusqlite::{Row, params};

use super::{State, broken, told::Change};
use crate::{Error, Result, context::Campaign};

/// A report that was put into the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    number: i64,
    /// When it was made, RFC 3339.
    pub at: String,
    /// The file that it is added to; none for standard output.
    pub path: Option<PathBuf>,
    /// Length of the file before.
    start: u64,
    /// The report.
    pub text: Vec<u8>,
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It stands in the file, once.
    Written,
    /// The file was changed by somebody else, so that nobody can tell.
    Unclear,
}

impl Pending {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let path = row.get::<_, Option<String>>(2)?.map(PathBuf::from);
        let start = row.get::<_, i64>(3)?.cast_unsigned();
        Ok(Self { number: row.get(0)?, at: row.get(1)?, path, start, text: row.get(4)? })
    }

    /// Adds the report to its file: all of it, or what is missing of it there after a run was killed.
    ///
    /// # Errors
    /// Those of the file.
    pub fn add_to_file(&self) -> Result<Delivery> {
        let Some(path) = &self.path else { return Ok(Delivery::Unclear) };
        self.add_to(path).map_err(|err| Error::io(err, path))
    }

    fn add_to(&self, path: &Path) -> io::Result<Delivery> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        // It holds names and words of other people.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        if file.metadata()?.len() < self.start {
            return Ok(Delivery::Unclear);
        }
        file.seek(SeekFrom::Start(self.start))?;
        let mut there = Vec::new();
        (&file).take(self.text.len() as u64).read_to_end(&mut there)?;
        let Some(missing) = self.text.strip_prefix(there.as_slice()) else { return Ok(Delivery::Unclear) };
        if !missing.is_empty() {
            file.write_all(missing)?;
            file.sync_all()?;
        }
        Ok(Delivery::Written)
    }
}

impl State {
    /// What waits to be reported of messages, as they came; see [`Observer::news`](super::Observer::news).
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn news(&self) -> Result<Vec<String>> {
        let mut statement = self.db.prepare("SELECT news FROM news ORDER BY number")?;
        let news = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(news)
    }

    /// Ends a run: what was found counts as told, and `text` waits to be written, to the end of the file `path` or to
    /// standard output.
    ///
    /// # Errors
    /// If the database cannot be written, or `path` cannot be looked at or is no UTF-8.
    pub fn conclude(
        &self,
        changed: &[(Campaign, Change)],
        text: Vec<u8>,
        path: Option<&Path>,
    ) -> Result<Option<Pending>> {
        let absolute = path.map(std::path::absolute).transpose().map_err(broken)?;
        let name = match &absolute {
            Some(path) => Some(path.to_str().ok_or_else(|| broken("the name of the output is no UTF-8"))?),
            None => None,
        };
        let start = match absolute.as_deref().map(std::fs::metadata) {
            Some(Ok(data)) if data.is_file() => data.len(),
            Some(Ok(_)) => return Err(broken("reports can be added to a file only, not to this output")),
            Some(Err(err)) if err.kind() != io::ErrorKind::NotFound => return Err(broken(err)),
            _ => 0,
        };
        self.begin()?;
        self.tell(changed)?;
        self.db.execute("DELETE FROM news", [])?;
        self.set_fact("unjudged", "0")?;
        self.set_fact("complete", "1")?;
        let mut pending = None;
        if !text.is_empty() {
            let at = jiff::Timestamp::now().to_string();
            let insert = "INSERT INTO reports (at, written, path, start, text) VALUES (?1, 0, ?2, ?3, ?4)";
            self.db.execute(insert, params![at, name, start.cast_signed(), text])?;
            let number = self.db.last_insert_rowid();
            // The last one stays, for whoever wants to see it again.
            self.db.execute("DELETE FROM reports WHERE written AND number < ?1", [number])?;
            pending = Some(Pending { number, at, path: absolute.clone(), start, text });
        }
        self.commit()?;
        Ok(pending)
    }

    /// Notes that a report was written.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn written(&self, report: &Pending) -> Result<()> {
        self.db.execute("UPDATE reports SET written = 1 WHERE number = ?1", [report.number])?;
        Ok(())
    }

    /// Reports of runs that were ended while they wrote them.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn unwritten(&self) -> Result<Vec<Pending>> {
        self.reports("NOT written")
    }

    /// The last report.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn last_report(&self) -> Result<Option<Pending>> {
        Ok(self.reports("number = (SELECT max(number) FROM reports)")?.pop())
    }

    fn reports(&self, which: &str) -> Result<Vec<Pending>> {
        let query =
            format!("SELECT number, at, path, start, text FROM reports WHERE {which} ORDER BY number");
        let mut statement = self.db.prepare(&query)?;
        let reports = statement.query_map([], Pending::from_row)?.collect::<rusqlite::Result<_>>()?;
        Ok(reports)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    #[test]
    fn what_is_missing_of_a_report_is_added_wherever_it_was_cut() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        let report = Pending {
            number: 1,
            at: String::new(),
            path: Some(path.clone()),
            start: 4,
            text: b"new one\n".to_vec(),
        };
        for cut in 0..=report.text.len() {
            fs::write(&path, [b"old\n", &report.text[..cut]].concat()).unwrap();
            assert_eq!(report.add_to_file().unwrap(), Delivery::Written);
            assert_eq!(fs::read(&path).unwrap(), b"old\nnew one\n", "{cut}");
        }
        fs::write(&path, b"old\nnew one\nand later ones\n").unwrap();
        assert_eq!(report.add_to_file().unwrap(), Delivery::Written);
        for other in [&b"old"[..], b"old\nsomething else\n"] {
            fs::write(&path, other).unwrap();
            assert_eq!(report.add_to_file().unwrap(), Delivery::Unclear);
            assert_eq!(fs::read(&path).unwrap(), other);
        }
    }
}
