//! `undue formats`: what can be read.

use std::io::Write;

use anyhow::Result;
use undue::source::Format;

use super::{ExitStatus, output::Output};

pub(super) const EXAMPLES: &str = "\
EXAMPLES:
  undue formats
  undue score --input-format mbox strange-name.dat";

/// Runs `undue formats`.
pub(crate) fn run() -> Result<ExitStatus> {
    let mut out = Output::new(None)?;
    for format in Format::ALL {
        writeln!(out, "{:<13} {}", format.name(), format.description())?;
    }
    writeln!(out)?;
    writeln!(out, "Formats are told by content, not by name; --input-format overrides.")?;
    writeln!(out, "gzip, bzip2, xz and zstd are opened; directories are read with all below them.")?;
    out.commit()?;
    Ok(ExitStatus::Complete)
}
