//! Arguments that say what is read, shared by subcommands.

use std::{
    fs::File,
    io::{self, IsTerminal, Read},
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use undue::{
    Error,
    model::Model,
    source::{self, Format, Input, Options, Records},
};

/// What is read and how.
#[derive(Debug, clap::Args)]
pub(super) struct InputArgs {
    /// Files, directories (read with all below), or "-" for standard input [default: -]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Take the inputs for this format instead of detecting it; "undue formats" lists them
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<Format>,

    /// Which column of a table holds a field, as in "text=body"; may be repeated
    #[arg(long = "column", value_name = "FIELD=COLUMN")]
    columns: Vec<String>,

    /// Change what an input may cost: record-size, decompressed-size or ratio, as in "record-size=64M"
    #[arg(long = "input-limit", value_name = "NAME=NUMBER")]
    limits: Vec<String>,
}

impl InputArgs {
    /// True where standard input is among what is read.
    pub(super) fn reads_stdin(&self) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|path| path.as_os_str() == "-")
    }

    pub(super) fn open(&self) -> Result<Opened> {
        let (inputs, options) = self.inputs()?;
        Ok(Opened { records: source::open(&inputs, &options), inputs })
    }

    /// What is to be read and how, unopened.
    pub(super) fn inputs(&self) -> Result<(Vec<Input>, Options)> {
        let stdin = PathBuf::from("-");
        if self.paths.is_empty() && std::io::stdin().is_terminal() {
            bail!("no PATH was given, and standard input is a terminal; see \"undue score --help\"");
        }
        let paths = if self.paths.is_empty() { std::slice::from_ref(&stdin) } else { &self.paths };
        inputs(paths, self.input_format, &self.columns, &self.limits)
    }
}

/// What is read and how, where another file is the main thing.
#[derive(Debug, clap::Args)]
pub(super) struct SourceArgs {
    /// The archives that hold the messages: files or directories (read with all below)
    #[arg(long = "source", value_name = "PATH", num_args = 1.., required = true)]
    paths: Vec<PathBuf>,

    /// Take the archives for this format instead of detecting it; "undue formats" lists them
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<Format>,

    /// Which column of a table holds a field, as in "text=body"; may be repeated
    #[arg(long = "column", value_name = "FIELD=COLUMN")]
    columns: Vec<String>,

    /// Change what an archive may cost: record-size, decompressed-size or ratio, as in "record-size=64M"
    #[arg(long = "input-limit", value_name = "NAME=NUMBER")]
    limits: Vec<String>,
}

impl SourceArgs {
    pub(super) fn open(&self) -> Result<Opened> {
        open(&self.paths, self.input_format, &self.columns, &self.limits)
    }
}

fn open(paths: &[PathBuf], format: Option<Format>, columns: &[String], limits: &[String]) -> Result<Opened> {
    let (inputs, options) = inputs(paths, format, columns, limits)?;
    Ok(Opened { records: source::open(&inputs, &options), inputs })
}

fn inputs(
    paths: &[PathBuf],
    format: Option<Format>,
    columns: &[String],
    limits: &[String],
) -> Result<(Vec<Input>, Options)> {
    let inputs: Vec<_> = paths.iter().map(|path| Input { path: path.clone(), format }).collect();
    let mut options = Options::default();
    columns.iter().try_for_each(|assignment| options.columns.add(assignment))?;
    limits.iter().try_for_each(|assignment| options.limits.set(assignment))?;
    Ok((inputs, options))
}

/// A number of threads that is no slip of the keyboard.
pub(super) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    match text.parse::<NonZeroUsize>() {
        Ok(threads) if threads.get() <= 1024 => Ok(threads),
        _ => Err("wanted is a number from 1 to 1024".to_owned()),
    }
}

/// Bytes of a model file; the one that is built in has some four million.
const MAX_MODEL: u64 = 128 << 20;
/// Bytes of a label file or a list of people.
pub(super) const MAX_LIST: u64 = 64 << 20;

/// The whole of a file that is small if it is what it should be. A device without end is not read to its end.
pub(super) fn read_file(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let too_large = || io::Error::new(io::ErrorKind::FileTooLarge, format!("more than {limit} bytes"));
    let file = File::open(path)?;
    if file.metadata()?.len() > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_large()) } else { Ok(bytes) }
}

/// The same, as text.
pub(super) fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    String::from_utf8(read_file(path, limit)?).map_err(|err| io::Error::new(io::ErrorKind::InvalidData, err))
}

/// The inputs and their records.
pub(super) struct Opened {
    pub(super) inputs: Vec<Input>,
    pub(super) records: Records,
}

impl Opened {
    /// Bytes of all inputs; not known for standard input.
    pub(super) fn total_bytes(&self) -> Option<u64> {
        source::total_bytes(&self.inputs)
    }
}

/// Which model scores.
#[derive(Debug, clap::Args)]
pub(super) struct ModelArgs {
    /// Use the model in this file instead of the one that is built in
    #[arg(long = "model", value_name = "PATH")]
    path: Option<PathBuf>,
}

impl ModelArgs {
    /// True where no file is named.
    pub(super) fn is_embedded(&self) -> bool {
        self.path.is_none()
    }

    pub(super) fn load(&self) -> Result<Model> {
        self.read()?.parse()
    }

    /// Reads the file, if one is named: behind this no file is needed.
    pub(super) fn read(&self) -> Result<ModelBytes> {
        let Some(path) = &self.path else { return Ok(ModelBytes(None)) };
        let bytes = read_file(path, MAX_MODEL).map_err(|err| Error::io(err, path)).context("model")?;
        Ok(ModelBytes(Some((path.clone(), bytes))))
    }
}

/// A model's file and where it was; none for the one that is built in.
pub(super) struct ModelBytes(Option<(PathBuf, Vec<u8>)>);

impl ModelBytes {
    pub(super) fn parse(&self) -> Result<Model> {
        let Some((path, bytes)) = &self.0 else {
            return Model::embedded().context("the model that is built in");
        };
        Model::from_bytes(bytes).map_err(|err| err.with_path(path)).context("model")
    }
}
