//! One RFC 5322 message to one [`Message`]: header fields, and the body as its author's client showed it.
//!
//! Fields, transfer encodings, charsets and HTML go through `mail-parser`; the tree of parts is walked here, over
//! slices and to a fixed depth. The library's own walk takes quadratic time where boundaries are announced and never
//! found, and overflows the stack on messages nested by the thousand: a mail could stop the reading of an archive.

use mail_parser::ContentType;
use memchr::memchr;

use super::{
    Record,
    header::{self, Header},
    mail_date::parse_mail_date,
    mail_html,
    mail_text::{decode_charset, undo_transfer},
};
use crate::{
    error::Result,
    message::{Author, Message, Problem},
};

/// Multiparts within multiparts beyond this are not opened.
const MAX_DEPTH: usize = 16;
/// Parts of one message, those of all its multiparts together; what follows is not looked at.
const MAX_PARTS: usize = 1000;

/// Reads the author from a From field.
type AuthorReader = fn(&[u8]) -> (Author, bool);

/// The decoder of mail.
pub(crate) fn decode_mail(record: &Record) -> Vec<Result<Message>> {
    vec![Ok(decode(record, header::author))]
}

/// Decodes `record`, whatever it holds; what could not be read is noted in the message.
pub(super) fn decode(record: &Record, read_author: AuthorReader) -> Message {
    let header = Header::split(&record.bytes);
    let mut message = Message { position: record.position.clone(), owns_subject: true, ..Message::default() };
    if header.broken {
        message.note(if header.is_empty() { Problem::BadMime } else { Problem::BadHeader });
    }
    if record.truncated || header.cut {
        message.note(Problem::Truncated);
    }
    read_ids(&header, &mut message);
    read_author_and_subject(&header, read_author, &mut message);
    read_date(&header, record, &mut message);
    message.list = header::list(&header);
    read_body(&header, &mut message);
    message
}

fn read_ids(header: &Header<'_>, message: &mut Message) {
    message.id = header.get("message-id").and_then(header::message_id).unwrap_or_else(|| {
        message.note(Problem::NoId);
        format!("{}#{}", message.position.path.display(), message.position.ordinal)
    });
    message.references = header.all("references").flat_map(header::ids).collect();
    if header.all("references").any(header::is_cut_list) {
        message.note(Problem::Truncated);
    }
    let replied = header.all("in-reply-to").flat_map(header::ids).last();
    message.parent = replied.or_else(|| message.references.last().cloned());
}

fn read_author_and_subject(header: &Header<'_>, read_author: AuthorReader, message: &mut Message) {
    if let Some(value) = header.get("from").or_else(|| header.get("sender")) {
        let (author, clean) = read_author(value);
        message.author = author;
        if !clean {
            message.note(Problem::BadHeader);
        }
    }
    if message.author.name.is_empty() && message.author.address.is_empty() {
        message.note(Problem::NoAuthor);
    }
    let (subject, clean) = header.get("subject").map_or((String::new(), true), header::text);
    message.subject = subject;
    if !clean {
        message.note(Problem::BadHeader);
    }
}

fn read_date(header: &Header<'_>, record: &Record, message: &mut Message) {
    match header.get("date") {
        Some(value) => {
            message.date = parse_mail_date(&String::from_utf8_lossy(value));
            if message.date.is_none() {
                message.note(Problem::BadDate);
            }
        }
        None => message.note(Problem::NoDate),
    }
    message.date = message.date.or(record.envelope_date);
}

/// A piece of text or HTML for the body.
struct Leaf {
    text: String,
    html: bool,
}

impl Leaf {
    fn is_plain_text(&self) -> bool {
        !self.html && !self.text.trim().is_empty()
    }
}

fn read_body(header: &Header<'_>, message: &mut Message) {
    let mut parts = Parts { message, leaves: Vec::new(), seen: 0 };
    parts.collect(header, 0);
    let leaves = parts.leaves;
    let mut plain = false;
    for leaf in leaves {
        plain |= leaf.is_plain_text();
        // HTML behind plain text is the same again or an attachment; before it, the text is a list's footer.
        if leaf.html && plain {
            continue;
        }
        if leaf.html {
            message.note(Problem::HtmlOnly);
        }
        // Turned to text only now, for most HTML is not needed.
        let text = if leaf.html { mail_html::to_text(&leaf.text) } else { leaf.text };
        if message.body.is_empty() {
            message.body = text;
            continue;
        }
        if !message.body.ends_with('\n') {
            message.body.push('\n');
        }
        message.body.push_str(&text);
    }
    if message.body.trim().is_empty() {
        message.note(Problem::EmptyBody);
    }
}

/// A walk over the parts of one message.
struct Parts<'m> {
    message: &'m mut Message,
    leaves: Vec<Leaf>,
    /// Parts of multiparts so far.
    seen: usize,
}

impl Parts<'_> {
    /// Takes the texts of one part, which for a multipart are those of its parts.
    fn collect(&mut self, part: &Header<'_>, depth: usize) {
        let content_type = part.content_type("content-type");
        let kind = content_type.as_ref().map_or("text", ContentType::ctype);
        let subtype = content_type.as_ref().and_then(ContentType::subtype).unwrap_or("plain");
        if kind == "multipart" {
            let boundary = content_type.as_ref().and_then(|ct| ct.attribute("boundary")).unwrap_or_default();
            return self.collect_multipart(part, boundary, subtype == "alternative", depth);
        }
        // A message that is one text part is its author's words however the part is labelled.
        let wanted =
            kind == "text" && (depth == 0 || matches!(subtype, "plain" | "html") && !is_attachment(part));
        if wanted {
            let charset = content_type.as_ref().and_then(|ct| ct.attribute("charset"));
            self.leaves.push(read_text(part, charset, subtype == "html", self.message));
        }
    }

    fn collect_multipart(&mut self, part: &Header<'_>, boundary: &str, alternative: bool, depth: usize) {
        let (parts, closed) = split_parts(part.body, boundary.trim_end().as_bytes());
        if !closed && !self.message.problems.contains(&Problem::Truncated) {
            self.message.note(Problem::BadMime);
        }
        if depth == MAX_DEPTH || parts.is_empty() {
            self.message.note(Problem::BadMime);
            self.leaves.push(read_text(part, None, false, self.message));
            return;
        }
        let first = self.leaves.len();
        for bytes in parts {
            if self.seen == MAX_PARTS {
                self.message.note(Problem::Truncated);
                break;
            }
            self.seen += 1;
            self.collect(&Header::split_part(bytes), depth + 1);
        }
        if alternative && self.leaves[first..].iter().any(Leaf::is_plain_text) {
            let mut at = 0;
            self.leaves.retain(|leaf| {
                at += 1;
                at <= first || !leaf.html
            });
        }
    }
}

fn is_attachment(part: &Header<'_>) -> bool {
    part.content_type("content-disposition").is_some_and(|disposition| disposition.is_attachment())
}

fn read_text(part: &Header<'_>, charset: Option<&str>, html: bool, message: &mut Message) -> Leaf {
    let encoding = part.get("content-transfer-encoding").map(String::from_utf8_lossy).unwrap_or_default();
    let (bytes, whole) = undo_transfer(part.body, &encoding);
    let (text, clean) = decode_charset(&bytes, charset);
    if !(clean && (whole || message.problems.contains(&Problem::Truncated))) {
        message.note(Problem::BadEncoding);
    }
    let text = if text.contains('\r') { text.replace("\r\n", "\n") } else { text };
    Leaf { text, html }
}

/// Cuts `body` at the lines that are `--boundary`, into one part more than are looked at; false where the closing one is
/// missing.
fn split_parts<'a>(body: &'a [u8], boundary: &[u8]) -> (Vec<&'a [u8]>, bool) {
    let mut parts = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = 0;
    while at < body.len() && !boundary.is_empty() {
        let end = memchr(b'\n', &body[at..]).map_or(body.len(), |n| at + n + 1);
        let behind = body[at..end].strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary));
        if let Some(behind) = behind.map(<[u8]>::trim_ascii).filter(|b| b.is_empty() || b.starts_with(b"--"))
        {
            parts.extend(open.map(|start| without_line_end(&body[start..at.max(start)])));
            open = Some(end);
            if !behind.is_empty() || parts.len() > MAX_PARTS {
                return (parts, true);
            }
        }
        at = end;
    }
    parts.extend(open.map(|start| &body[start..]));
    (parts, false)
}

/// The line end before a boundary belongs to the boundary.
fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

#[cfg(test)]
#[path = "mime_tests.rs"]
mod tests;
