//! The one domain type that every reader produces and everything after it consumes.

use std::{borrow::Cow, fmt, path::Path, sync::Arc};

use jiff::{Timestamp, tz::Offset};

use crate::files::FileList;

/// One message of a mailing list, issue tracker or table.
///
/// Text is as decoded, never cleaned: quotes, signatures and control characters are still in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// Message-ID without angle brackets, URL, or the source's own id. Never empty: a reader makes one up
    /// from the position (and notes [`Problem::NoId`]) where the source has none.
    pub id: String,
    /// Id of the thread as the source states it, if it does; else threading fills it.
    pub thread: Option<String>,
    /// How the thread was found.
    pub thread_basis: ThreadBasis,
    /// Id of the message that this one answers.
    pub parent: Option<String>,
    /// All ids of the References header, oldest first; empty for sources other than mail.
    pub references: Vec<String>,
    /// Who wrote it.
    pub author: Author,
    /// When it was sent, if a date could be read.
    pub date: Option<Date>,
    /// Subject or issue title.
    pub subject: String,
    /// True where `subject` was written by the author of this message (an issue's opening post), false where
    /// it is only the thread's title (comments). For mail it is true, and "Re:" tells the rest.
    pub owns_subject: bool,
    /// Body text, decoded to UTF-8.
    pub body: String,
    /// List or repository, where the source states it.
    pub list: Option<String>,
    /// Files of the change that the message proposes: of a pull request as far as the source lists them, else of the
    /// patch in the body.
    pub files: FileList,
    /// Where the message stands.
    pub position: Position,
    /// What was wrong with it.
    pub problems: Vec<Problem>,
}

/// Name, address and standing of an author.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// Display or login name; empty if unknown.
    pub name: String,
    /// Mail address; empty if unknown.
    pub address: String,
    /// Role as the source states it (`MEMBER`, `OWNER`, `maintainer`…); empty if unknown.
    pub role: String,
}

/// An instant with the offset that the sender's clock stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The instant.
    pub timestamp: Timestamp,
    /// The sender's offset from UTC.
    pub offset: Offset,
}

impl fmt::Display for Date {
    /// RFC 3339 with the sender's offset, to the second.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp.display_with_offset(self.offset).fmt(f)
    }
}

/// How the thread of a message was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThreadBasis {
    /// From In-Reply-To or References, from an issue number, or from the source's own field.
    #[default]
    Stated,
    /// From an equal subject alone.
    Subject,
}

/// File, ordinal and byte offset of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The file, or `-` for standard input; for git, the repository with the commit appended.
    pub path: Arc<Path>,
    /// Number of the message in its file, from 1.
    pub ordinal: u64,
    /// Offset of its first byte in the (decompressed) file.
    pub offset: u64,
}

impl Default for Position {
    fn default() -> Self {
        Self { path: Path::new("-").into(), ordinal: 1, offset: 0 }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: message {}, byte {}", self.path.display(), self.ordinal, self.offset)
    }
}

/// Something about a message that a reader had to guess, mend or cut; none of these loses the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Problem {
    /// No id in the source; one was made up from the position.
    NoId,
    /// The same id was seen before in this run.
    DuplicateId,
    /// No date in the source.
    NoDate,
    /// A date that no calendar knows, or that could not be parsed.
    BadDate,
    /// No author in the source.
    NoAuthor,
    /// A header that could not be decoded; its raw bytes are shown instead.
    BadHeader,
    /// A body or part that did not decode cleanly (transfer encoding or charset).
    BadEncoding,
    /// The MIME structure was broken; the body is a best effort.
    BadMime,
    /// Only HTML was there; it was turned to text.
    HtmlOnly,
    /// No text at all (an attachment alone, or an empty body).
    EmptyBody,
    /// The message, its header or one of its fields is beyond a limit and was cut.
    Truncated,
    /// The source says that the text had been cut before.
    TruncatedUpstream,
    /// The thread is known by its subject alone.
    ThreadBySubject,
    /// A field of the record had an unexpected type or value.
    BadField,
    /// The text does not seem to be in a language that the model judges.
    Language,
}

impl Problem {
    /// The stable name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoId => "no-id",
            Self::DuplicateId => "duplicate-id",
            Self::NoDate => "no-date",
            Self::BadDate => "bad-date",
            Self::NoAuthor => "no-author",
            Self::BadHeader => "bad-header",
            Self::BadEncoding => "bad-encoding",
            Self::BadMime => "bad-mime",
            Self::HtmlOnly => "html-only",
            Self::EmptyBody => "empty-body",
            Self::Truncated => "truncated",
            Self::TruncatedUpstream => "truncated-upstream",
            Self::ThreadBySubject => "thread-by-subject",
            Self::BadField => "bad-field",
            Self::Language => "language",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Message {
    /// List or repository; where none is known the name of the file, or of the Maildir that it lies in, without the
    /// directories above: an archive that was moved is still the same. With the id it names a message in reports and
    /// label files.
    pub fn source(&self) -> Cow<'_, str> {
        self.list.as_deref().map_or_else(|| archive_name(&self.position.path), Cow::Borrowed)
    }

    /// Notes a problem once.
    pub fn note(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

fn archive_name(path: &Path) -> Cow<'_, str> {
    let mut names = path.iter().rev();
    let file = names.next().unwrap_or_default();
    let maildir = match names.next() {
        Some(folder) if folder == "cur" || folder == "new" => names.next(),
        _ => None,
    };
    maildir.unwrap_or(file).to_string_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_no_directories() {
        let source = |path: &str| {
            let position = Position { path: Path::new(path).into(), ..Position::default() };
            Message { position, ..Message::default() }.source().into_owned()
        };
        assert_eq!(source("/home/ada/old/list.mbox"), "list.mbox");
        assert_eq!(source("mail/announce/cur/17.a:2,S"), "announce");
        assert_eq!(source("new/17.a"), "17.a");
        assert_eq!(source(""), "");
    }

    #[test]
    fn a_list_is_its_own_name() {
        let message = Message { list: Some("devel@tarn.example".into()), ..Message::default() };
        assert_eq!(message.source(), "devel@tarn.example");
    }
}
