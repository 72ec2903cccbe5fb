//! The header block of a mail or MIME part: fields, and the readings of those that matter here.
//!
//! Splitting is ours, since a broken line must cost no more than itself; RFC 2047 words, addresses and content
//! types are read by `mail-parser`.

use mail_parser::{ContentType, HeaderValue, parsers::MessageStream};
use memchr::{memchr, memmem};

use super::mail_text::decode_unlabelled;
use crate::message::Author;

/// Longer values are cut before they are parsed: encoded words that never end make the parser start over.
const MAX_VALUE: usize = 8 * 1024;
/// Fields of one header; what follows is passed over. Long ways through the world leave some two hundred.
const MAX_FIELDS: usize = 1000;
/// Of longer lists of ids the beginning and the end are looked at, where the oldest and the latest stand.
const MAX_IDS: usize = 128 * 1024;

/// Names that say "this is a mail" or "this is a MIME part" (lower case).
const WELL_KNOWN: [&[u8]; 10] = [
    b"from",
    b"date",
    b"subject",
    b"message-id",
    b"received",
    b"return-path",
    b"to",
    b"mime-version",
    b"in-reply-to",
    b"delivered-to",
];

/// Fields in order, and the body behind them.
#[derive(Debug, Default)]
pub(super) struct Header<'a> {
    fields: Vec<(&'a [u8], &'a [u8])>,
    /// What follows the blank line.
    pub(super) body: &'a [u8],
    /// A line among the fields was none; it was left out, or begins the body.
    pub(super) broken: bool,
    /// There were more fields than are kept.
    pub(super) cut: bool,
}

/// Length of the field name that `line` begins with, if it is a header line.
pub(super) fn field_name_len(line: &[u8]) -> Option<usize> {
    let len = line.iter().position(|&b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')))?;
    let behind = line[len..].trim_ascii_start();
    (len > 0 && behind.starts_with(b":") && !behind.starts_with(b"://")).then_some(len)
}

/// True for the names that nearly every mail bears, and for those of MIME parts.
pub(super) fn is_well_known(name: &[u8]) -> bool {
    WELL_KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name))
        || name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-"))
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at + 1)
}

fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n" | b"\r" | b"")
}

impl<'a> Header<'a> {
    /// Splits `bytes` into fields and body. Where no field of a mail is found, all is body.
    pub(super) fn split(bytes: &'a [u8]) -> Self {
        let header = Self::split_part(bytes);
        if header.fields.iter().any(|(name, _)| is_well_known(name)) || is_blank(&bytes[..line_end(bytes, 0)])
        {
            return header;
        }
        Self { fields: Vec::new(), body: bytes, broken: true, cut: false }
    }

    /// The same for a MIME part, which may have any fields or none.
    pub(super) fn split_part(bytes: &'a [u8]) -> Self {
        let mut header = Self::default();
        let mut at = 0;
        let mut field: Option<(&[u8], usize)> = None; // name of the open field, start of its value
        while at < bytes.len() {
            let end = line_end(bytes, at);
            let line = &bytes[at..end];
            let folded = matches!(line[0], b' ' | b'\t') && field.is_some() && !is_blank(line);
            if !folded {
                if let Some((name, start)) = field.take() {
                    header.push(name, &bytes[start..at]);
                }
                if is_blank(line) {
                    at = end;
                    break;
                }
                if let Some(len) = field_name_len(line) {
                    let colon = memchr(b':', line).unwrap_or(len);
                    field = Some((&line[..len], at + colon + 1));
                } else if !is_framing(line) {
                    header.broken = true;
                    if !header.resumes(&bytes[end..]) {
                        break;
                    }
                }
            }
            at = end;
        }
        if let Some((name, start)) = field {
            header.push(name, &bytes[start..at]);
        }
        header.body = &bytes[at..];
        header
    }

    fn push(&mut self, name: &'a [u8], value: &'a [u8]) {
        if self.fields.len() < MAX_FIELDS {
            self.fields.push((name, value));
        } else {
            self.cut = true;
        }
    }

    /// True where the header goes on behind a broken line; else the body begins with that line.
    fn resumes(&self, behind: &[u8]) -> bool {
        let next = &behind[..line_end(behind, 0)];
        let name = field_name_len(next).map(|len| &next[..len]);
        name.is_some_and(|name| !self.fields.is_empty() || is_well_known(name))
    }

    /// True where there are no fields at all.
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Raw value of the first field `name` (lower case).
    pub(super) fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// Raw values of all fields `name`.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.fields
            .iter()
            .filter(move |(n, _)| n.eq_ignore_ascii_case(name.as_bytes()))
            .map(|&(_, value)| value)
    }

    /// Content-Type or Content-Disposition.
    pub(super) fn content_type(&self, name: &str) -> Option<ContentType<'static>> {
        let (value, _) = prepare(self.get(name)?);
        match MessageStream::new(value.as_bytes()).parse_content_type().into_owned() {
            HeaderValue::ContentType(parsed) => Some(parsed),
            _ => None,
        }
    }
}

/// Envelope lines that some archivers leave on top of the header or within it.
fn is_framing(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

/// `value` as text with the line end that the field parsers need, and whether that was lossless.
fn prepare(value: &[u8]) -> (String, bool) {
    let cut = &value[..value.len().min(MAX_VALUE)];
    let (text, clean) = decode_unlabelled(cut.trim_ascii());
    (text + "\n", clean && cut.len() == value.len())
}

/// An unstructured value on one line, RFC 2047 words decoded, and whether all of it could be.
pub(super) fn text(value: &[u8]) -> (String, bool) {
    let (prepared, clean) = prepare(value);
    let plain = prepared.trim_end_matches('\n');
    // Most values are one line without encoded words.
    let decoded = if !plain.contains('\n') && memmem::find(plain.as_bytes(), b"=?").is_none() {
        one_line(plain)
    } else {
        one_line(&unstructured(&prepared))
    };
    let clean = clean && is_decoded(&decoded);
    (decoded, clean)
}

fn unstructured(prepared: &str) -> String {
    match MessageStream::new(join_words(prepared).as_bytes()).parse_unstructured() {
        HeaderValue::Text(text) => text.into_owned(),
        _ => String::new(),
    }
}

/// False where an encoded word was left as it was, or lost characters.
fn is_decoded(text: &str) -> bool {
    let left = text.find("=?").is_some_and(|at| text[at..].contains("?="));
    !left && !text.contains(char::REPLACEMENT_CHARACTER)
}

fn one_line(text: &str) -> String {
    let single = |c: char| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
    text.trim().chars().map(single).collect()
}

/// Joins neighbouring base64 or quoted-printable words of one charset: mailers cut characters in two between words,
/// against RFC 2047, and word by word neither half can be decoded.
fn join_words(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    let mut last: Option<(String, bool)> = None; // prefix of the word before, and whether it may be prolonged
    while let Some((before, word, prefix, behind)) = next_word(rest) {
        let adjacent = !before.is_empty() && before.bytes().all(|b| b.is_ascii_whitespace());
        match &last {
            Some((open, true)) if adjacent && open.eq_ignore_ascii_case(prefix) => {
                joined.truncate(joined.len() - 2);
                joined.push_str(&word[prefix.len()..]);
            }
            _ => {
                joined.push_str(before);
                joined.push_str(word);
            }
        }
        let data = &word[prefix.len()..word.len() - 2];
        let base64 = prefix.ends_with("?b?") || prefix.ends_with("?B?");
        last = Some((prefix.to_owned(), !base64 || (!data.ends_with('=') && data.len().is_multiple_of(4))));
        rest = behind;
    }
    joined + rest
}

/// The next `=?charset?x?data?=` of `text`: what stands before it, the word, its prefix up to the data, the rest.
fn next_word(text: &str) -> Option<(&str, &str, &str, &str)> {
    let start = text.find("=?")?;
    let charset = start + 2 + text[start + 2..].find('?')?;
    let encoding = charset + 1 + text[charset + 1..].find('?')?;
    let data = encoding + 1;
    let end = data + text[data..].find("?=")? + 2;
    let sane = encoding == charset + 2 && !text[start..end].contains(char::is_whitespace);
    sane.then(|| (&text[..start], &text[start..end], &text[start..data], &text[end..]))
}

/// The first author of an address list, and whether it could be read.
pub(super) fn author(value: &[u8]) -> (Author, bool) {
    let (prepared, clean) = prepare(value);
    let parsed = MessageStream::new(prepared.as_bytes()).parse_address();
    let first = match &parsed {
        HeaderValue::Address(list) => list.first(),
        _ => None,
    };
    let Some(first) = first else {
        return (Author { name: one_line(&prepared), ..Author::default() }, false);
    };
    let name = one_line(first.name.as_deref().unwrap_or_default());
    let address = one_line(first.address.as_deref().unwrap_or_default());
    let clean = clean && is_decoded(&name);
    (Author { name, address, role: String::new() }, clean)
}

/// All ids in `value`, in order: what stands in angle brackets, else the words that have an `@`.
pub(super) fn ids(value: &[u8]) -> Vec<String> {
    if value.len() <= MAX_IDS {
        return ids_of(value);
    }
    let mut ids = ids_of(&value[..MAX_VALUE]);
    ids.extend(ids_of(&value[value.len() - MAX_IDS..]));
    ids
}

/// True where [`ids`] leaves out what stands between the beginning and the end.
pub(super) fn is_cut_list(value: &[u8]) -> bool {
    value.len() > MAX_IDS
}

fn ids_of(value: &[u8]) -> Vec<String> {
    let (text, _) = decode_unlabelled(value);
    let mut ids = Vec::new();
    let mut rest = text.as_str();
    while let Some((_, opened)) = rest.split_once('<') {
        let Some((id, behind)) = opened.split_once('>') else { break };
        // A second "<" means that the first one was stray.
        let id: String = id.rsplit('<').next().unwrap_or(id).split_whitespace().collect();
        if !id.is_empty() {
            ids.push(id);
        }
        rest = behind;
    }
    if ids.is_empty() && !text.contains('<') {
        ids.extend(text.split_whitespace().filter(|word| word.contains('@')).map(str::to_owned));
    }
    ids
}

/// The id that a Message-ID field states, however it is written.
pub(super) fn message_id(value: &[u8]) -> Option<String> {
    if let Some(id) = ids(value).into_iter().next() {
        return Some(id);
    }
    let (text, _) = decode_unlabelled(value);
    let bare: String = text.split_whitespace().collect();
    Some(bare.trim_matches(['<', '>']).to_owned()).filter(|id| !id.is_empty())
}

/// The list that List-Id, X-Mailing-List or List-Post name.
pub(super) fn list(header: &Header<'_>) -> Option<String> {
    let stated = ["list-id", "x-mailing-list", "list-post"].iter().find_map(|name| header.get(name))?;
    let (decoded, _) = text(stated);
    let inner = decoded.rsplit_once('<').map_or(decoded.as_str(), |(_, inner)| inner);
    let inner = inner.split(['>', ';', '?']).next().unwrap_or_default().trim();
    let name = inner.strip_prefix("mailto:").unwrap_or(inner);
    (!name.is_empty() && !name.eq_ignore_ascii_case("no")).then(|| name.to_owned())
}

#[cfg(test)]
#[path = "header_tests.rs"]
mod tests;
