//! The library's one error type: what kind of failure, and where in which archive.

use std::{fmt, io, path::PathBuf, sync::Arc};

use crate::message::Position;

/// Result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure with its kind and, where known, its place (file, message ordinal, Message-ID, byte offset).
///
/// Failures inside one message are not errors but [`Problem`](crate::Problem)s of that message.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    path: Option<PathBuf>,
    position: Option<Position>,
    message_id: Option<String>,
}

/// What failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused or a stream broke off.
    Io(io::Error),
    /// The input is of no known format, or not of the one that was asked for.
    Format(String),
    /// Part of an archive could not be understood; reading goes on behind it.
    Damaged(String),
    /// A compressed stream is corrupt or of a kind that is not supported.
    Decompression(String),
    /// A git repository or an object in it could not be read.
    Git(String),
    /// A model file was refused.
    Model(String),
    /// A limit was reached (record size, decompressed size, nesting).
    Limit(String),
    /// What was kept of earlier runs cannot be used.
    State(String),
}

impl Error {
    /// An error of `kind` without a place.
    pub fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner { kind, path: None, position: None, message_id: None }))
    }

    /// An I/O error on `path`.
    pub fn io(err: io::Error, path: impl Into<PathBuf>) -> Self {
        Self::new(ErrorKind::Io(err)).with_path(path)
    }

    /// An I/O error that carries an error of this crate (a reader that decompresses can pass its own errors on in
    /// no other way) becomes that error again, at the same place.
    #[must_use]
    pub(crate) fn unwrapped(mut self) -> Self {
        let ErrorKind::Io(err) = self.0.kind else { return self };
        match err.downcast::<Self>() {
            Ok(own) => self.0.kind = own.into_kind(),
            Err(err) => self.0.kind = ErrorKind::Io(err),
        }
        self
    }

    /// The same error, said of the file `path`.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.path = Some(path.into());
        self
    }

    /// The same error, said of the message or record at `position`.
    #[must_use]
    pub fn with_position(mut self, position: Position) -> Self {
        self.0.position = Some(position);
        self
    }

    /// The same error, said of the message with this id.
    #[must_use]
    pub fn with_message_id(mut self, id: impl Into<String>) -> Self {
        self.0.message_id = Some(id.into());
        self
    }

    /// What failed.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Gives up the place and returns the kind.
    pub fn into_kind(self) -> ErrorKind {
        self.0.kind
    }

    /// The place of the message or record, where known.
    pub fn position(&self) -> Option<&Position> {
        self.0.position.as_ref()
    }

    /// True where the input could not be opened or broke off, as opposed to damage that reading survives.
    pub fn is_fatal(&self) -> bool {
        !matches!(self.0.kind, ErrorKind::Damaged(_))
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(err) => write!(f, "{err}"),
            Self::Format(what)
            | Self::Damaged(what)
            | Self::Decompression(what)
            | Self::Git(what)
            | Self::Model(what)
            | Self::Limit(what)
            | Self::State(what) => f.write_str(what),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        match (&inner.position, &inner.path) {
            (Some(position), _) => write!(f, "{position}: ")?,
            (None, Some(path)) => write!(f, "{}: ", path.display())?,
            (None, None) => {}
        }
        if let Some(id) = &inner.message_id {
            write!(f, "<{id}>: ")?;
        }
        write!(f, "{}", inner.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Io(err) => Some(err),
            _ => None,
        }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

/// A path shared by all messages of one input.
pub type SharedPath = Arc<std::path::Path>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_this_crate_comes_back_out_of_an_io_error() {
        let err = io::Error::other(Error::new(ErrorKind::Limit("too much".into())));
        let err = Error::io(err, "a.gz").unwrapped();
        assert!(matches!(err.kind(), ErrorKind::Limit(_)));
        assert_eq!(err.to_string(), "a.gz: too much");
    }

    #[test]
    fn display_names_the_place() {
        let position = Position { path: std::path::Path::new("a.mbox").into(), ordinal: 3, offset: 120 };
        let err =
            Error::new(ErrorKind::Damaged("no header".into())).with_position(position).with_message_id("x@y");
        assert_eq!(err.to_string(), "a.mbox: message 3, byte 120: <x@y>: no header");
        assert!(!err.is_fatal());
    }
}
