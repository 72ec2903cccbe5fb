//! What the output can show.

/// Width and colours of the place where a report is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns of a line.
    pub width: usize,
    /// Whether colours are wanted.
    pub color: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: 120, color: false }
    }
}

/// A rendition of text on terminals.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ink {
    Alarm,
    Warning,
    Dim,
    Bold,
    Marked,
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Self::Alarm => "1;31",
            Self::Warning => "33",
            Self::Dim => "2",
            Self::Bold => "1",
            Self::Marked => "1;30;43",
        }
    }
}

impl Style {
    /// `text` in `ink`, where colours are wanted.
    pub(super) fn paint(self, ink: Ink, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("\x1b[{}m{text}\x1b[0m", ink.code())
        } else {
            text.to_owned()
        }
    }
}
