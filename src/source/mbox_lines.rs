//! The lines of an mbox message: what is kept of them, and how quoting is undone.

/// Which quoted `>From ` lines are restored in bodies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Quoting {
    /// One `>` is taken from any number (mboxrd; mboxo, which cannot be told apart, quoted with one).
    Any,
    /// Only `>From ` is restored.
    Once,
}

/// The bytes of a message up to the limit.
pub(super) struct Kept {
    pub(super) bytes: Vec<u8>,
    pub(super) limit: usize,
    pub(super) truncated: bool,
}

impl Kept {
    /// Adds what fits.
    pub(super) fn push(&mut self, line: &[u8]) {
        let room = self.limit - self.bytes.len();
        self.truncated |= line.len() > room;
        self.bytes.extend_from_slice(&line[..line.len().min(room)]);
    }

    /// Drops the blank line that separates messages.
    pub(super) fn drop_separator(&mut self) {
        if !self.truncated {
            let end = if self.bytes.ends_with(b"\r\n") { 2 } else { 1 };
            self.bytes.truncate(self.bytes.len().saturating_sub(end));
        }
    }
}

/// True for an empty line.
pub(super) fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n")
}

/// `line` without the `>` that an archiver put before `From `.
pub(super) fn restored(line: &[u8], quoting: Quoting) -> &[u8] {
    if line.first() != Some(&b'>') {
        return line;
    }
    let marks = line.iter().take_while(|&&b| b == b'>').count();
    let quoted = line[marks..].starts_with(b"From ") && (marks == 1 || quoting == Quoting::Any);
    if quoted { &line[1..] } else { line }
}

/// The number in a header line that is `Content-Length`.
pub(super) fn content_length(line: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    // Nearly all lines begin otherwise.
    if !matches!(line.first(), Some(b'c' | b'C')) {
        return None;
    }
    let (name, value) = line.split_at_checked(NAME.len())?;
    name.eq_ignore_ascii_case(NAME).then(|| std::str::from_utf8(value).ok()?.trim().parse().ok()).flatten()
}
