//! Placeholder for opening inputs; replaced when the readers of structured sources are merged.
#![allow(missing_docs)]

use std::{
    fmt,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::PathBuf,
    str::FromStr,
    sync::{Arc, atomic::AtomicU64},
    vec,
};

use super::{EmlSource, MaildirSource, MboxSource, PipermailSource, Record, Source};
use crate::error::{Error, ErrorKind, Result};

const LIMIT: usize = 32 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Mbox,
    Pipermail,
    Maildir,
    Eml,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Mbox, Self::Pipermail, Self::Maildir, Self::Eml];

    pub fn name(self) -> &'static str {
        match self {
            Self::Mbox => "mbox",
            Self::Pipermail => "pipermail",
            Self::Maildir => "maildir",
            Self::Eml => "eml",
        }
    }

    pub fn description(self) -> &'static str {
        self.name()
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| ErrorKind::Format(format!("no format is called \"{name}\"")).into())
    }
}

#[derive(Debug, Clone, Default)]
pub struct Columns(Vec<String>);

impl Columns {
    pub fn add(&mut self, assignment: &str) -> Result<()> {
        if assignment.contains('=') {
            self.0.push(assignment.into());
            return Ok(());
        }
        Err(ErrorKind::Format(format!("\"{assignment}\" is not of the form FIELD=COLUMN")).into())
    }
}

#[derive(Debug, Clone)]
pub struct Input {
    pub path: PathBuf,
    pub format: Option<Format>,
}

#[derive(Debug, Clone, Default)]
pub struct Options {
    pub limits: (),
    pub columns: Columns,
}

pub fn total_bytes(inputs: &[Input]) -> Option<u64> {
    inputs.iter().map(|input| fs::metadata(&input.path).ok().map(|data| data.len())).sum()
}

pub fn open(inputs: &[Input], _: &Options) -> Records {
    Records { inputs: Vec::from(inputs).into_iter(), source: None }
}

pub struct Records {
    inputs: vec::IntoIter<Input>,
    source: Option<Box<dyn Source>>,
}

impl Records {
    pub fn consumed(&self) -> Arc<AtomicU64> {
        Arc::default()
    }
}

fn source(input: &Input) -> Result<Box<dyn Source>> {
    let path = &input.path;
    if path.is_dir() {
        return Ok(Box::new(MaildirSource::new(path, LIMIT)));
    }
    let reader: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(|err| Error::io(err, path))?)
    };
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let head = reader.fill_buf().map_err(|err| Error::io(err, path))?;
    let first = head.split(|&b| b == b'\n').next().unwrap_or_default();
    let format = match first.strip_prefix(b"From ") {
        _ if head.is_empty() => {
            return Err(
                Error::new(ErrorKind::Format("empty: there is nothing to read".into())).with_path(path)
            );
        }
        Some(rest) if rest.windows(4).any(|w| w == b" at ") => Format::Pipermail,
        Some(_) => Format::Mbox,
        None => Format::Eml,
    };
    let shared = Arc::from(path.as_path());
    Ok(match input.format.unwrap_or(format) {
        Format::Mbox => Box::new(MboxSource::new(reader, shared, LIMIT)),
        Format::Pipermail => Box::new(PipermailSource::new(reader, shared, LIMIT)),
        _ => Box::new(EmlSource::new(reader, shared, LIMIT)),
    })
}

impl Iterator for Records {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.source.as_mut().and_then(Iterator::next) {
                return Some(item);
            }
            match source(&self.inputs.next()?) {
                Ok(source) => self.source = Some(source),
                Err(err) => return Some(Err(err)),
            }
        }
    }
}
