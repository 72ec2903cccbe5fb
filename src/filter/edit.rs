//! Editing the header block of a message as it streams by.
//!
//! The header block is all up to the first empty line; lines end with LF, and a CR before it belongs to the line end
//! (RFC 5322, and what mail programs do with mail at rest). A lone CR is a character like any other.

use super::status::FIELD;

/// Where white space between name and colon is longer than this, no program takes the line for a field.
const MAX_NAME: usize = 64 << 10;

/// Removes the fields named [`FIELD`], in any case and with their folded lines, from a header block that comes in
/// chunks of any size. All other bytes pass.
#[derive(Debug, Default)]
pub struct Editor {
    state: State,
    /// The beginning of a line of which it is not known yet what it is.
    pending: Vec<u8>,
    /// The field that a folded line would belong to was removed.
    removed_last: bool,
    removed: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the beginning of a line; what is there of it stands in `pending`.
    #[default]
    LineStart,
    /// In a line that stays.
    Keep,
    /// In a line that goes.
    Remove,
    /// Behind the header block.
    Body,
}

/// What the beginning of a line turns out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// More bytes are needed to tell.
    Undecided,
    /// The empty line that ends the header block.
    Empty,
    /// Begins with white space: it belongs to the line before.
    Folded,
    /// A field of our name.
    Ours,
    /// Anything else.
    Other,
}

impl Editor {
    /// An editor at the beginning of a message.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends to `out` what stays of `chunk`.
    pub fn push(&mut self, mut chunk: &[u8], out: &mut Vec<u8>) {
        while !chunk.is_empty() {
            chunk = match self.state {
                State::Body => {
                    out.extend_from_slice(chunk);
                    return;
                }
                State::LineStart => self.line_start(chunk, out),
                State::Keep | State::Remove => self.rest_of_line(chunk, out),
            };
        }
    }

    /// Appends what was held back. No more chunks may follow.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.pending);
        self.state = State::Body;
    }

    /// True behind the header block: what follows passes as it is.
    pub fn is_in_body(&self) -> bool {
        self.state == State::Body
    }

    /// Fields that were removed.
    pub fn removed(&self) -> u64 {
        self.removed
    }

    fn line_start<'c>(&mut self, chunk: &'c [u8], out: &mut Vec<u8>) -> &'c [u8] {
        self.pending.push(chunk[0]);
        let rest = &chunk[1..];
        self.state = match classify(&self.pending) {
            Line::Undecided => return rest,
            Line::Empty => State::Body,
            Line::Folded if self.removed_last => State::Remove,
            Line::Folded => State::Keep,
            Line::Ours => {
                self.removed += 1;
                self.removed_last = true;
                State::Remove
            }
            Line::Other => {
                self.removed_last = false;
                State::Keep
            }
        };
        if self.state == State::Remove {
            self.pending.clear();
        } else if self.pending.ends_with(b"\n") && self.state == State::Keep {
            self.state = State::LineStart;
        }
        out.append(&mut self.pending);
        rest
    }

    fn rest_of_line<'c>(&mut self, chunk: &'c [u8], out: &mut Vec<u8>) -> &'c [u8] {
        let end = memchr::memchr(b'\n', chunk);
        let (line, rest) = chunk.split_at(end.map_or(chunk.len(), |at| at + 1));
        if self.state == State::Keep {
            out.extend_from_slice(line);
        }
        if end.is_some() {
            self.state = State::LineStart;
        }
        rest
    }
}

/// `start` is not empty, and all shorter beginnings of it were undecided.
fn classify(start: &[u8]) -> Line {
    match start {
        b"\n" | b"\r\n" => return Line::Empty,
        b"\r" => return Line::Undecided,
        [b' ' | b'\t', ..] => return Line::Folded,
        _ => {}
    }
    let (name, behind) = start.split_at(start.len().min(FIELD.len()));
    if !FIELD.as_bytes()[..name.len()].eq_ignore_ascii_case(name) {
        return Line::Other;
    }
    match behind.last() {
        Some(b':') => Line::Ours,
        // Some programs drop white space before the colon, and a CR with it.
        Some(b' ' | b'\t' | b'\r' | 0x0b | 0x0c) if start.len() < MAX_NAME => Line::Undecided,
        None => Line::Undecided,
        Some(_) => Line::Other,
    }
}

/// Where our field goes, and how its line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Offset in the edited bytes.
    pub offset: usize,
    /// `"\n"` or `"\r\n"`, as the lines around it.
    pub line_end: &'static str,
}

/// The place of our field in `edited`, the beginning of an edited message or (`complete`) all of it: in front, but
/// behind an mbox envelope, and never before a line that would be taken for the rest of ours. `None` where there is
/// no such place.
pub fn place(edited: &[u8], complete: bool) -> Option<Place> {
    let mut offset = 0;
    if edited.starts_with(b"From ") {
        offset = line_end(edited, 0)?;
    }
    while matches!(edited.get(offset), Some(b' ' | b'\t')) {
        offset = line_end(edited, offset)?;
    }
    // Behind the last line that is known might come a folded one.
    if offset == edited.len() && !complete {
        return None;
    }
    let behind = line_end(edited, offset).map(|end| &edited[offset..end]);
    let model = behind.unwrap_or(&edited[..offset]);
    let line_end = if model.ends_with(b"\r\n") { "\r\n" } else { "\n" };
    Some(Place { offset, line_end })
}

fn line_end(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr(b'\n', &bytes[from..]).map(|at| from + at + 1)
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
