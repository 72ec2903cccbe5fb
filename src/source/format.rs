//! The formats that can be read, by name.

use std::{fmt, str::FromStr};

use crate::error::{Error, ErrorKind};

/// A format of archives, as detected or as asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Mails in one file, each behind a `From ` line.
    Mbox,
    /// Monthly text files of Mailman.
    Pipermail,
    /// A directory of mails with `cur` and `new`.
    Maildir,
    /// One mail in one file.
    Eml,
    /// Git repositories of public-inbox.
    PublicInbox,
    /// JSON of GitHub's REST interface, of backups of it, and of the `gh` command.
    Github,
    /// Event lines of GH Archive.
    GhArchive,
    /// Comma-separated table with a header.
    Csv,
    /// Tab-separated table with a header.
    Tsv,
    /// Parquet table; read by builds with the feature `parquet`.
    Parquet,
    /// One JSON object per line with `text` and what else is known.
    Jsonl,
    /// Plain text, one message.
    Text,
}

impl Format {
    /// All formats, in the order in which they are listed to users.
    pub const ALL: [Self; 12] = [
        Self::Mbox,
        Self::Pipermail,
        Self::Maildir,
        Self::Eml,
        Self::PublicInbox,
        Self::Github,
        Self::GhArchive,
        Self::Csv,
        Self::Tsv,
        Self::Parquet,
        Self::Jsonl,
        Self::Text,
    ];

    /// The name by which the format is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mbox => "mbox",
            Self::Pipermail => "pipermail",
            Self::Maildir => "maildir",
            Self::Eml => "eml",
            Self::PublicInbox => "public-inbox",
            Self::Github => "github",
            Self::GhArchive => "gharchive",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Parquet => "parquet",
            Self::Jsonl => "jsonl",
            Self::Text => "text",
        }
    }

    /// One line that says what the format is.
    pub fn description(self) -> &'static str {
        match self {
            Self::Mbox => "mails in one file, each behind a \"From \" line (mboxo, mboxrd, mboxcl, mboxcl2)",
            Self::Pipermail => "monthly text files of Mailman (\"user at example.org\")",
            Self::Maildir => "a directory of mails with cur/ and new/",
            Self::Eml => "one mail per file (RFC 5322)",
            Self::PublicInbox => "bare git repositories of public-inbox, layouts v1 and v2",
            Self::Github => "GitHub issues, pull requests, comments, reviews: REST JSON, backups, gh --json",
            Self::GhArchive => "GH Archive event lines, from 2015 on",
            Self::Csv => "comma-separated table with a header line",
            Self::Tsv => "tab-separated table with a header line",
            Self::Parquet => "Parquet table, a plain file (not a pipe)",
            Self::Jsonl => "JSON Lines: id, thread, reply_to, author, date, subject, text",
            Self::Text => "plain text: one message",
        }
    }

    /// True where a directory, not a file, is the archive.
    pub fn is_directory(self) -> bool {
        matches!(self, Self::Maildir | Self::PublicInbox)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            ErrorKind::Format(format!("no format is called \"{name}\"; there are {names}")).into()
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_name_parses_back() {
        for format in Format::ALL {
            assert_eq!(format.to_string().to_uppercase().parse::<Format>().unwrap(), format);
            assert!(!format.description().is_empty() && !format.description().contains('\n'));
        }
    }

    #[test]
    fn an_unknown_name_is_told_the_known_ones() {
        let err = "mbx".parse::<Format>().unwrap_err().to_string();
        assert!(err.contains("\"mbx\"") && err.contains("public-inbox"), "{err}");
    }
}
