//! mbox archives in all four dialects: mboxo, mboxrd, mboxcl, mboxcl2.
//!
//! A `From ` line starts a message only where it is an envelope with a date and header lines follow; see
//! [`envelope`](super::envelope). Memory is bounded by the longest message, or by the limit for one.

use std::{collections::VecDeque, io::BufRead, path::Path, sync::Arc};

use memchr::memmem;

use super::{
    Decoder, Record,
    envelope::{Envelope, Evidence, evidence},
    mbox_lines::{Kept, Quoting, content_length, is_blank, restored},
    mime::decode_mail,
    window::Window,
};
use crate::{
    error::{Error, ErrorKind, Result},
    message::{Date, Position},
};

/// How far behind an envelope line header lines are looked for.
const LOOK_AHEAD: usize = 8 * 1024;

/// Source of the messages of an mbox.
pub struct MboxSource<R> {
    window: Window<R>,
    path: Arc<Path>,
    limit: usize,
    decoder: Decoder,
    quoting: Quoting,
    ordinal: u64,
    started: bool,
    /// The envelope that ended the last record.
    next: Option<Envelope>,
    /// The archive consists of git patches, whose constant date makes an envelope nowhere else.
    git: bool,
    /// Lines that would be envelopes if they had a date, and where the first stands.
    undated: u64,
    undated_at: u64,
    ready: VecDeque<Result<Record>>,
}

impl<R: BufRead + Send> MboxSource<R> {
    /// Reads the archive from `reader`; of each message at most `limit` bytes are kept.
    pub fn new(reader: R, path: Arc<Path>, limit: usize) -> Self {
        Self::with_decoder(reader, path, limit, decode_mail, Quoting::Any)
    }

    pub(super) fn with_decoder(
        reader: R,
        path: Arc<Path>,
        limit: usize,
        decoder: Decoder,
        quoting: Quoting,
    ) -> Self {
        Self {
            window: Window::new(reader),
            path,
            limit,
            decoder,
            quoting,
            ordinal: 0,
            started: false,
            next: None,
            git: false,
            undated: 0,
            undated_at: 0,
            ready: VecDeque::new(),
        }
    }

    /// The same, of a reader that stands at `offset`, behind `records` records.
    pub(super) fn at(mut self, offset: u64, records: u64) -> Self {
        self.window.set_offset(offset);
        self.ordinal = records;
        self
    }

    fn damaged(&self, what: String, offset: u64) -> Error {
        let position = Position { path: self.path.clone(), ordinal: self.ordinal.max(1), offset };
        Error::new(ErrorKind::Damaged(what)).with_position(position)
    }

    /// Passes over what may stand before the first message, and reports it if it is more than blank lines.
    fn start(&mut self) {
        self.started = true;
        self.window.ensure(LOOK_AHEAD);
        if self.window.offset() == 0 && self.window.data().starts_with(b"\xef\xbb\xbf") {
            self.window.consume(3);
        }
        let mut len = self.window.line_len();
        while len > 0 && is_blank(&self.window.data()[..len]) {
            self.window.consume(len);
            len = self.window.line_len();
        }
        if len == 0 || self.starts_with_envelope(len) {
            return;
        }
        let offset = self.window.offset();
        if evidence(clip(self.window.data())).first {
            self.ordinal += 1;
            let record = self.read_record(offset, None);
            let length = self.window.offset() - offset;
            let what = format!("no `From ` line at the start; {length} bytes of mail read as a message");
            self.ready.extend([Err(self.damaged(what, offset)), Ok(record)]);
        } else {
            let limit = std::mem::replace(&mut self.limit, 0);
            self.read_record(offset, None);
            self.limit = limit;
            let length = self.window.offset() - offset;
            let what = format!("no `From ` line at the start; {length} bytes are no mail");
            self.ready.push_back(Err(self.damaged(what, offset)));
        }
    }

    /// The first line may be an envelope without the usual evidence, there being nothing that it could split.
    fn starts_with_envelope(&mut self, len: usize) -> bool {
        self.window.ensure(len + LOOK_AHEAD);
        let (line, behind) = self.window.data().split_at(len);
        if !line.starts_with(b"From ") {
            return false;
        }
        match Envelope::parse(line) {
            Some(envelope) => {
                self.git = envelope.git;
                true
            }
            None if evidence(clip(behind)).first => {
                self.undated = 1;
                self.undated_at = self.window.offset();
                true
            }
            None => false,
        }
    }

    /// True where the next line, `len` long, begins a new message.
    fn splits(&mut self, len: usize, after_blank: bool) -> bool {
        self.window.ensure(len + LOOK_AHEAD);
        let (line, behind) = self.window.data().split_at(len);
        if !line.starts_with(b"From ") {
            return false;
        }
        let seen = evidence(clip(behind));
        match Envelope::parse(line) {
            Some(envelope) => {
                let splits = (self.git || !envelope.git) && is_enough(&seen, after_blank);
                self.next = splits.then_some(envelope);
                splits
            }
            None => {
                if after_blank && seen.first && seen.known && seen.headers > 1 {
                    self.undated_at = if self.undated == 0 { self.window.offset() } else { self.undated_at };
                    self.undated += 1;
                }
                false
            }
        }
    }

    /// Reads up to the next envelope or the end.
    fn read_record(&mut self, offset: u64, envelope_date: Option<Date>) -> Record {
        let mut body = Kept { bytes: Vec::new(), limit: self.limit, truncated: false };
        let (mut line_start, mut in_header) = (true, true);
        // The last line was blank, and it was one of the body.
        let (mut after_blank, mut separated) = (false, false);
        let mut length = None;
        loop {
            let len = self.window.line_len();
            if len == 0 {
                body.truncated |= self.window.failed();
                break;
            }
            if line_start && self.window.data()[0] == b'F' && self.splits(len, after_blank) {
                break;
            }
            let line = &self.window.data()[..len];
            if in_header && line_start && length.is_none() {
                length = content_length(line);
            }
            body.push(if line_start { restored(line, self.quoting) } else { line });
            after_blank = line_start && is_blank(line);
            line_start = line.ends_with(b"\n");
            separated = after_blank && !in_header;
            self.window.consume(len);
            if in_header && after_blank {
                in_header = false;
                if length.is_some_and(|length| self.read_counted(length, &mut body)) {
                    return self.record(body, offset, envelope_date);
                }
            }
        }
        if separated {
            body.drop_separator();
        }
        self.record(body, offset, envelope_date)
    }

    fn record(&self, body: Kept, offset: u64, envelope_date: Option<Date>) -> Record {
        let position = Position { path: self.path.clone(), ordinal: self.ordinal, offset };
        let Kept { bytes, truncated, .. } = body;
        Record { bytes, position, decoder: self.decoder, truncated, envelope_date }
    }

    /// Reads a body by its Content-Length (mboxcl, mboxcl2), if that ends exactly where a message may end.
    fn read_counted(&mut self, length: usize, record: &mut Kept) -> bool {
        if length > self.limit {
            return false;
        }
        self.window.ensure(length.saturating_add(3 * LOOK_AHEAD));
        let Some(end) = self.counted_end(length) else { return false };
        let body = &self.window.data()[..length];
        // mboxcl quotes as mboxo does, mboxcl2 does not; a bare `From ` line shows which it is.
        let bare = body.starts_with(b"From ") || memmem::find(body, b"\nFrom ").is_some();
        for line in body.split_inclusive(|&b| b == b'\n') {
            record.push(if bare { line } else { restored(line, self.quoting) });
        }
        self.window.consume(end);
        true
    }

    /// Where the next envelope stands if the body is `length` long, or `None` if none stands there.
    fn counted_end(&self, length: usize) -> Option<usize> {
        let (body, behind) = self.window.data().split_at_checked(length)?;
        let blank = if behind.starts_with(b"\r\n") { 2 } else { usize::from(behind.starts_with(b"\n")) };
        let next = &behind[blank..];
        if next.is_empty() {
            return Some(length + blank);
        }
        let len = memchr::memchr(b'\n', clip(next))? + 1;
        let (line, rest) = next.split_at(len);
        let at_line_start = blank > 0 || body.is_empty() || body.ends_with(b"\n");
        (at_line_start && Envelope::parse(line).is_some() && is_enough(&evidence(clip(rest)), true))
            .then_some(length + blank)
    }

    /// What remains to be said at the end of the stream.
    fn finish(&mut self) -> Option<Error> {
        if let Some(err) = self.window.take_error() {
            let position = Position {
                path: self.path.clone(),
                ordinal: self.ordinal.max(1),
                offset: self.window.offset(),
            };
            return Some(Error::new(ErrorKind::Io(err)).with_position(position));
        }
        let count = std::mem::take(&mut self.undated);
        let what = format!("{count} `From ` lines before mail headers have no date and split nothing");
        (count > 0).then(|| self.damaged(what, self.undated_at))
    }
}

impl<R: BufRead + Send> Iterator for MboxSource<R> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.started {
            self.start();
        }
        if let Some(item) = self.ready.pop_front() {
            return Some(item);
        }
        let offset = self.window.offset();
        let len = self.window.line_len();
        if len == 0 {
            return self.finish().map(Err);
        }
        // Here stands an envelope, for reading stops nowhere else.
        let envelope = self.next.take().or_else(|| Envelope::parse(&self.window.data()[..len]));
        let date = envelope.and_then(|envelope| envelope.date);
        self.window.consume(len);
        self.ordinal += 1;
        Some(Ok(self.read_record(offset, date)))
    }
}

/// True where `text`, which stands at the start of a line in an archive, begins with a message, or is blank.
pub(super) fn begins_message(text: &[u8]) -> bool {
    let blank =
        text.split_inclusive(|&b| b == b'\n').take_while(|line| is_blank(line)).map(<[u8]>::len).sum();
    let text = &text[blank..];
    let Some(end) = memchr::memchr(b'\n', text) else { return text.is_empty() };
    let (line, behind) = text.split_at(end + 1);
    line.starts_with(b"From ") && Envelope::parse(line).is_some() && is_enough(&evidence(clip(behind)), true)
}

/// Whether the lines behind an envelope are evidence enough; where the blank line before it is missing, they have
/// to be a header beyond doubt.
fn is_enough(seen: &Evidence, after_blank: bool) -> bool {
    if after_blank { seen.headers > 0 && (seen.first || seen.known) } else { seen.first && seen.headers > 1 }
}

/// What of `bytes` is looked at; more may be at hand, but that depends on the reader.
fn clip(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(LOOK_AHEAD)]
}

#[cfg(test)]
#[path = "mbox_tests.rs"]
mod tests;
