//! From an archive in any format that `undue` reads to a corpus: JSON Lines, one message per line.
//!
//! This is how somebody rebuilds the corpora of `datasets/sources.toml` from their upstream repositories.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::Args;
use flate2::{Compression, write::GzEncoder};
use indicatif::ProgressBar;
use undue::{
    Error, ErrorKind, Message, Problem, Threader,
    source::{Columns, Format, Input, Options, open},
};

mod line;
#[cfg(test)]
mod tests;

use line::{IdPattern, Line};

/// Problems with the input that are shown; the others are counted.
const SHOWN: usize = 20;
/// The bar is touched every so many messages.
const EVERY: u64 = 256;

/// Arguments of `convert`.
#[derive(Debug, Args)]
pub struct ConvertArgs {
    /// Files, directories (read with all below), or "-" for standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Name of the corpus that is made
    #[arg(long, value_name = "NAME")]
    pub source: String,
    /// Where it is written; compressed if the name ends in ".gz"
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// Take the inputs for this format instead of detecting it
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<Format>,
    /// Which column of a table holds a field, as in "text=body"; may be repeated
    #[arg(long = "column", value_name = "FIELD=COLUMN")]
    pub columns: Vec<String>,
    /// List or repository of messages that state none
    #[arg(long, value_name = "NAME")]
    pub list: Option<String>,
    /// Leave out what was sent before this day (2019-01-31; by the sender's clock)
    #[arg(long, value_name = "DAY", value_parser = line::day)]
    pub since: Option<String>,
    /// Leave out what was sent after this day
    #[arg(long, value_name = "DAY", value_parser = line::day)]
    pub until: Option<String>,
    /// Drop line breaks before the first character of a text
    #[arg(long)]
    pub trim_start: bool,
    /// Make ids from this pattern of {id}, {row} (from 1) and {row0} (from 0)
    #[arg(long = "id", value_name = "PATTERN")]
    pub id: Option<IdPattern>,
}

/// What became of the input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Messages written.
    pub written: u64,
    /// Messages left out because an earlier one has their id.
    pub duplicates: u64,
    /// Messages left out because of their date.
    pub other_days: u64,
    /// Inputs and parts of inputs that could not be read, as shown; the first ones.
    pub unread: Vec<String>,
    /// How many there were.
    pub unread_count: u64,
    /// True if a file could not be read that should have been.
    pub failed: bool,
}

/// Converts and says on `out` what became of the input; false if a part of it could not be read.
///
/// # Errors
/// If an argument is wrong, the output cannot be written, or there is no message.
pub fn run(args: &ConvertArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let summary = convert(args)?;
    for what in &summary.unread {
        writeln!(out, "not read: {what}")?;
    }
    let hidden = summary.unread_count - summary.unread.len() as u64;
    if hidden > 0 {
        writeln!(out, "not read: {hidden} more")?;
    }
    let Summary { written, duplicates, other_days, .. } = summary;
    writeln!(
        out,
        "{}: {written} messages; left out: {duplicates} with the id of an earlier one, {other_days} of other days",
        args.output.display()
    )?;
    Ok(!summary.failed)
}

/// Converts the inputs. The output appears at its place when it is whole.
///
/// # Errors
/// If an argument is wrong, the output cannot be written, or there is no message.
pub fn convert(args: &ConvertArgs) -> anyhow::Result<Summary> {
    let mut part = args.output.clone().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    let result = write_to(&part, args).and_then(|summary| {
        fs::rename(&part, &args.output).with_context(|| args.output.display().to_string())?;
        Ok(summary)
    });
    if result.is_err() {
        // Best effort: the reason of the failure is what matters.
        let _ = fs::remove_file(&part);
    }
    result
}

fn write_to(part: &Path, args: &ConvertArgs) -> anyhow::Result<Summary> {
    let place = || part.display().to_string();
    let file = BufWriter::new(File::create(part).with_context(place)?);
    let summary = if args.output.extension().is_some_and(|ending| ending == "gz") {
        // No name and no time go into the header: the same messages give the same bytes.
        let mut gz = GzEncoder::new(file, Compression::default());
        let summary = write_lines(args, &mut gz)?;
        gz.finish().and_then(|mut file| file.flush()).with_context(place)?;
        summary
    } else {
        let mut file = file;
        let summary = write_lines(args, &mut file)?;
        file.flush().with_context(place)?;
        summary
    };
    if summary.written == 0 {
        bail!(
            "no message was found{}",
            summary.unread.first().map(|what| format!(": {what}")).unwrap_or_default()
        );
    }
    Ok(summary)
}

fn write_lines(args: &ConvertArgs, to: &mut dyn Write) -> anyhow::Result<Summary> {
    let mut columns = Columns::default();
    args.columns.iter().try_for_each(|assignment| columns.add(assignment))?;
    let format = args.input_format;
    let inputs: Vec<Input> = args.paths.iter().map(|path| Input { path: path.clone(), format }).collect();
    let records = open(&inputs, &Options { columns, ..Options::default() });
    let consumed = records.consumed();
    let bar = undue::source::total_bytes(&inputs).map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    let mut converter = Converter { args, threader: Threader::new(), summary: Summary::default(), row: 0 };
    for record in records {
        let messages = record.map_or_else(|err| vec![Err(err)], |record| record.decode());
        for message in messages {
            converter.take(message, to)?;
            if converter.row.is_multiple_of(EVERY) {
                bar.set_position(consumed.load(std::sync::atomic::Ordering::Relaxed));
            }
        }
    }
    bar.finish_and_clear();
    Ok(converter.summary)
}

struct Converter<'a> {
    args: &'a ConvertArgs,
    threader: Threader,
    summary: Summary,
    row: u64,
}

impl Converter<'_> {
    fn take(&mut self, message: Result<Message, Error>, to: &mut dyn Write) -> anyhow::Result<()> {
        let mut message = match message {
            Ok(message) => message,
            Err(err) => {
                self.note(&err);
                return Ok(());
            }
        };
        self.row += 1;
        if let Some(pattern) = &self.args.id {
            message.id = pattern.id(&message.id, self.row);
        } else if message.problems.contains(&Problem::NoId) {
            // The made-up id is the place in the input, which says nothing among other corpora.
            message.id = format!("{}:{}", self.args.source, message.id);
        }
        if self.args.trim_start {
            let start = message.body.len() - message.body.trim_start_matches(['\r', '\n']).len();
            message.body.drain(..start);
        }
        self.threader.assign(&mut message);
        if message.problems.contains(&Problem::DuplicateId) {
            self.summary.duplicates += 1;
        } else if !line::is_within(&message, self.args.since.as_deref(), self.args.until.as_deref()) {
            self.summary.other_days += 1;
        } else {
            serde_json::to_writer(
                &mut *to,
                &Line::of(&message, &self.args.source, self.args.list.as_deref()),
            )?;
            to.write_all(b"\n")?;
            self.summary.written += 1;
        }
        Ok(())
    }

    /// A README beside archives is shown, but is no failure.
    fn note(&mut self, err: &Error) {
        self.summary.failed |= err.is_fatal() && !matches!(err.kind(), ErrorKind::Format(_));
        self.summary.unread_count += 1;
        if self.summary.unread.len() < SHOWN {
            self.summary.unread.push(err.to_string());
        }
    }
}
