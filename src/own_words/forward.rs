//! Copied and forwarded messages that nothing marks line by line: delimiters and header blocks.

use super::{
    headers::{Header, header},
    line::{Kind, Page},
    patch, quote,
};

/// Words of the lines that clients draw over a copied message.
const DELIMITER_WORDS: &[&str] = &[
    "original",
    "forward",
    "nachricht",
    "message d'origine",
    "message transf",
    "mensaje",
    "messaggio",
    "mensagem",
    "bericht",
    "сообщени",
    "原始",
    "原邮件",
    "转发",
    "元のメッセージ",
    "転送",
];

/// Marks copied messages: their headers, and the text behind them where no quote marks show where it ends.
pub(super) fn mark(page: &mut Page<'_>) {
    let mut own = false;
    let mut i = 0;
    while i < page.len() {
        if !page.is_text(i) {
            i += 1;
            continue;
        }
        let delimiter = is_delimiter(page.text(i));
        let first = if delimiter { page.skip_blank(i + 1) } else { i };
        let block = header_block(page, first);
        if !(block.is_copy() || delimiter && block.has(Header::From) || !own && block.is_in_body(page)) {
            // A delimiter over marked quotes goes alone.
            if delimiter && quote::follows(page, i + 1) {
                page.mark(i..i + 1, Kind::Forwarded);
            }
            own = true;
            // No part of a run of headers that is no block can be one.
            i = if delimiter { i + 1 } else { block.end.max(i + 1) };
            continue;
        }
        // Headers that open a message are a patch's or a bug report's own unless a delimiter says otherwise.
        let copied = delimiter || own && !is_patch(page, &block);
        let marked = quote::follows(page, block.end);
        let end = if copied && !marked { end_of_copy(page, block.end) } else { block.end };
        let start = if is_envelope(page, i) { i - 1 } else { i };
        page.mark(start..end, Kind::Forwarded);
        i = end;
    }
}

/// A run of header lines.
struct Block {
    first: usize,
    end: usize,
    /// The set of headers seen.
    seen: u32,
    /// The line with the subject.
    subject: usize,
}

impl Block {
    fn has(&self, header: Header) -> bool {
        self.seen & header as u32 != 0
    }

    /// Sender, and a date or subject, and one more.
    fn is_copy(&self) -> bool {
        self.has(Header::From)
            && (self.has(Header::Date) || self.has(Header::Subject))
            && (self.seen & !(Header::Other as u32)).count_ones() >= 3
    }

    /// The one line with which git names another author at the top of a mail.
    fn is_in_body(&self, page: &Page<'_>) -> bool {
        self.has(Header::From) && page.text(self.first).contains('@')
    }
}

/// True for the headers of a patch, which is the author's own: below format-patch's first line, or a tagged subject
/// addressed to nobody.
fn is_patch(page: &Page<'_>, block: &Block) -> bool {
    let below = block.first > 0 && patch::is_patch_start(page.text(block.first - 1));
    below
        || !block.has(Header::To) && block.has(Header::Subject) && page.text(block.subject).contains("[PATCH")
}

/// True where an mbox's `From ` line stands above line `i`.
fn is_envelope(page: &Page<'_>, i: usize) -> bool {
    let Some(above) = i.checked_sub(1).filter(|&above| page.is_text(above)) else { return false };
    let text = page.text(above);
    text.starts_with("From ") && text.as_bytes().iter().rev().take(4).all(u8::is_ascii_digit)
}

/// Up to mutt's closing line, else to the end of the body.
fn end_of_copy(page: &Page<'_>, from: usize) -> usize {
    let closing = (from..page.len()).find(|&i| is_closing(page.text(i)));
    closing.map_or(page.len(), |i| i + 1)
}

fn is_closing(text: &str) -> bool {
    text.starts_with("--") && text.contains("End forwarded message") && text.ends_with("--")
}

/// `-----Original Message-----`, `---------- Forwarded message ---------`, `Begin forwarded message:`.
fn is_delimiter(text: &str) -> bool {
    // Nearly all lines begin otherwise.
    if text.len() > 120 || !matches!(text.as_bytes()[0], b'-' | b'_' | b'*' | b'B' | b'A' | b'D') {
        return false;
    }
    let text = text.trim_matches('*');
    if matches!(
        text,
        "Begin forwarded message:"
            | "Anfang der weitergeleiteten Nachricht:"
            | "Début du message réexpédié :"
    ) {
        return true;
    }
    // Outlook draws a bare line of 32 underscores over its header block.
    if text.len() >= 20 && text.bytes().all(|b| b == b'_') {
        return true;
    }
    let inner = text.trim_matches('-');
    let is_drawn = text.starts_with("---") && text.ends_with("--") && !inner.is_empty();
    is_drawn && !is_closing(text) && {
        let lower = inner.to_lowercase();
        DELIMITER_WORDS.iter().any(|word| lower.contains(word))
    }
}

/// The run of header lines from `first` on, folded lines and single blank lines between them included.
fn header_block(page: &Page<'_>, first: usize) -> Block {
    let mut block = Block { first, end: first, seen: 0, subject: first };
    let mut folded = 0;
    for i in first..page.len() {
        let header = if page.is_text(i) { header(page.text(i)) } else { None };
        if let Some(header) = header {
            // A second sender begins another block.
            if header == Header::From && block.has(Header::From) {
                break;
            }
            if header == Header::Subject {
                block.subject = i;
            }
            block.seen |= header as u32;
            folded = 0;
        } else if block.seen == 0 || block.end < i {
            break;
        } else if page.kind(i) == Kind::Blank {
            continue;
        } else if folded < 6 && page.is_text(i) && is_folded(page, i) {
            folded += 1;
        } else {
            break;
        }
        block.end = i + 1;
    }
    block
}

/// The tail of a list of recipients or of a subject.
fn is_folded(page: &Page<'_>, i: usize) -> bool {
    page.lines[i].indent > 0 || page.text(i).contains(['@', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_in_many_languages() {
        for line in [
            "-----Original Message-----",
            "-----Ursprüngliche Nachricht-----",
            "---------- Forwarded message ---------",
            "-------- Message d'origine --------",
            "Begin forwarded message:",
            "________________________________",
        ] {
            assert!(is_delimiter(line), "{line}");
        }
        for line in ["--- original ---x", "the original message", "--", "----- End forwarded message -----"] {
            assert!(!is_delimiter(line), "{line}");
        }
    }
}
