//! The tables of the dataset card (`datasets/README.md`), made from the files that they speak of.

use std::{fs, io::Write, path::PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::{
    authored,
    counts::{self, Counts},
    incidents,
    sources::{self, Manifest, label_files},
};

/// What can be done with the dataset card.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the tables of the dataset card anew
    Table(TableArgs),
}

/// Arguments of `datasets table`.
#[derive(Debug, Args)]
pub struct TableArgs {
    /// The project's datasets
    #[arg(long, value_name = "DIR", default_value = "datasets")]
    pub datasets: PathBuf,
    /// Only say whether the tables are up to date
    #[arg(long)]
    pub check: bool,
}

/// Runs a command; false if a table was out of date and has not been written anew.
///
/// # Errors
/// If a file cannot be read, breaks its schema, or cannot be written.
pub fn run(command: &Command, out: &mut dyn Write) -> anyhow::Result<bool> {
    let Command::Table(args) = command;
    let card = args.datasets.join("README.md");
    let text = fs::read_to_string(&card).with_context(|| card.display().to_string())?;
    let mut new = text.clone();
    for (name, table) in tables(args)? {
        let replaced = replace(&new, name, &table).with_context(|| card.display().to_string())?;
        let state = match (replaced == new, args.check) {
            (true, _) => "up to date",
            (false, true) => "out of date",
            (false, false) => "written anew",
        };
        writeln!(out, "table of {name}: {state}")?;
        new = replaced;
    }
    if new != text && !args.check {
        fs::write(&card, &new).with_context(|| card.display().to_string())?;
    }
    Ok(new == text || !args.check)
}

/// All tables by name.
fn tables(args: &TableArgs) -> anyhow::Result<[(&'static str, String); 4]> {
    let inside = |name| args.datasets.join(name);
    Ok([
        ("labels", label_table(&inside("labels"))?),
        ("authored", authored_table(&inside("authored"))?),
        ("sources", sources::table(&Manifest::read(&inside("sources.toml"))?)),
        ("incidents", incidents::table(&incidents::read(&inside("incidents"))?)),
    ])
}

/// Counts of each label file.
fn label_table(dir: &std::path::Path) -> anyhow::Result<String> {
    let files = label_files(dir)?;
    let rows = files.iter().map(|(name, rows)| {
        let mut counts = Counts::default();
        rows.iter().for_each(|row| counts.add(row.level, &row.labels));
        (name.as_str(), counts)
    });
    Ok(counts::markdown("file", rows))
}

/// Counts of each theme, with a sum.
fn authored_table(dir: &std::path::Path) -> anyhow::Result<String> {
    let report = authored::check(dir)?;
    if let Some(fault) = report.faults.first() {
        bail!("{fault}");
    }
    Ok(counts::markdown("theme", report.rows()))
}

/// `card` with `table` between the marks of `name`.
fn replace(card: &str, name: &str, table: &str) -> anyhow::Result<String> {
    let (begin, end) = (format!("<!-- begin {name} -->\n"), format!("<!-- end {name} -->"));
    let split = card.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) =
        split.with_context(|| format!("there are no marks {} … {end}", begin.trim_end()))?;
    Ok(format!("{before}{begin}{table}{end}{after}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_table_goes_between_its_marks() {
        let card = "# Card\n<!-- begin labels -->\nold\n<!-- end labels -->\nrest\n";
        let new = replace(card, "labels", "| new |\n").unwrap();
        assert_eq!(new, "# Card\n<!-- begin labels -->\n| new |\n<!-- end labels -->\nrest\n");
        assert_eq!(replace(&new, "labels", "| new |\n").unwrap(), new);
        let err = replace(card, "sources", "").unwrap_err().to_string();
        assert_eq!(err, "there are no marks <!-- begin sources --> … <!-- end sources -->");
    }
}
