//! Copied and forwarded messages that nothing marks line by line: delimiters and header blocks.

use super::{
    line::{Kind, Page},
    quote,
};

/// The headers that mail programs copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Header {
    From = 1,
    Date = 2,
    To = 4,
    Cc = 8,
    Subject = 16,
    Other = 32,
}

/// Labels in the languages of common mail programs, without colon.
const LABELS: &[(&str, Header)] = &[
    ("from", Header::From),
    ("von", Header::From),
    ("de", Header::From),
    ("da", Header::From),
    ("van", Header::From),
    ("от", Header::From),
    ("发件人", Header::From),
    ("寄件者", Header::From),
    ("差出人", Header::From),
    ("보낸 사람", Header::From),
    ("od", Header::From),
    ("från", Header::From),
    ("fra", Header::From),
    ("lähettäjä", Header::From),
    ("kimden", Header::From),
    ("feladó", Header::From),
    ("sent", Header::Date),
    ("date", Header::Date),
    ("gesendet", Header::Date),
    ("gesendet am", Header::Date),
    ("datum", Header::Date),
    ("envoyé", Header::Date),
    ("date d'envoi", Header::Date),
    ("enviado", Header::Date),
    ("enviado el", Header::Date),
    ("enviado em", Header::Date),
    ("enviada em", Header::Date),
    ("enviada", Header::Date),
    ("fecha", Header::Date),
    ("data", Header::Date),
    ("inviato", Header::Date),
    ("verzonden", Header::Date),
    ("отправлено", Header::Date),
    ("дата", Header::Date),
    ("发送时间", Header::Date),
    ("日期", Header::Date),
    ("寄件日期", Header::Date),
    ("送信日時", Header::Date),
    ("日付", Header::Date),
    ("wysłano", Header::Date),
    ("skickat", Header::Date),
    ("sendt", Header::Date),
    ("to", Header::To),
    ("an", Header::To),
    ("à", Header::To),
    ("para", Header::To),
    ("a", Header::To),
    ("aan", Header::To),
    ("кому", Header::To),
    ("收件人", Header::To),
    ("宛先", Header::To),
    ("do", Header::To),
    ("till", Header::To),
    ("til", Header::To),
    ("cc", Header::Cc),
    ("kopie", Header::Cc),
    ("копия", Header::Cc),
    ("抄送", Header::Cc),
    ("subject", Header::Subject),
    ("betreff", Header::Subject),
    ("objet", Header::Subject),
    ("asunto", Header::Subject),
    ("oggetto", Header::Subject),
    ("assunto", Header::Subject),
    ("onderwerp", Header::Subject),
    ("тема", Header::Subject),
    ("主题", Header::Subject),
    ("主旨", Header::Subject),
    ("件名", Header::Subject),
    ("ämne", Header::Subject),
    ("emne", Header::Subject),
    ("temat", Header::Subject),
    ("konu", Header::Subject),
    ("reply-to", Header::Other),
    ("resent-from", Header::Other),
    ("message-id", Header::Other),
    ("organization", Header::Other),
    ("attachments", Header::Other),
    ("importance", Header::Other),
    ("priority", Header::Other),
];

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
        let (end, seen) = header_block(page, first);
        if !(is_block(seen) || delimiter && seen & Header::From as u32 != 0) {
            // A delimiter over marked quotes goes alone.
            if delimiter && quote::follows(page, i + 1) {
                page.mark(i..i + 1, Kind::Forwarded);
            }
            own = true;
            // No part of a run of headers that is no block can be one.
            i = if delimiter { i + 1 } else { end.max(i + 1) };
            continue;
        }
        // Headers that open a message are a patch's or a bug report's own unless a delimiter says otherwise.
        let copied = (own || delimiter) && !quote::follows(page, end);
        let end = if copied { end_of_copy(page, end) } else { end };
        page.mark(i..end, Kind::Forwarded);
        i = end;
    }
}

/// Sender, and a date or subject, and one more.
fn is_block(seen: u32) -> bool {
    seen & Header::From as u32 != 0
        && seen & (Header::Date as u32 | Header::Subject as u32) != 0
        && (seen & !(Header::Other as u32)).count_ones() >= 3
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
    let text = text.trim_matches('*');
    if text.len() > 120 {
        return false;
    }
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

/// The run of header lines from `first` on, folded lines and single blank lines between them included, and the
/// set of headers seen.
fn header_block(page: &Page<'_>, first: usize) -> (usize, u32) {
    let (mut seen, mut end, mut i) = (0, first, first);
    let mut folded = 0;
    while i < page.len() {
        if let Some(header) = header(page.text(i)).filter(|_| page.is_text(i)) {
            // A second sender begins another block.
            if header == Header::From && seen & Header::From as u32 != 0 {
                break;
            }
            seen |= header as u32;
            folded = 0;
            end = i + 1;
        } else if seen == 0 {
            break;
        } else if page.is_text(i) && folded < 6 && end == i {
            // A folded list of recipients.
            if page.lines[i].indent == 0 && !page.text(i).contains(['@', ';']) {
                break;
            }
            folded += 1;
            end = i + 1;
        } else if page.kind(i) != Kind::Blank || end < i {
            break;
        }
        i += 1;
    }
    (end, seen)
}

/// The header whose label opens `text`: `From: x`, `*From:* x`, `**Von:** x`, `De : x`.
fn header(text: &str) -> Option<Header> {
    // Cheap refusal first: a label is short.
    let text = text.trim_start_matches(['*', '_']);
    let head = text.as_bytes();
    let colon = memchr::memchr(b':', &head[..head.len().min(32)])
        .or_else(|| text.find('：').filter(|&at| at < 32))?;
    let label = text[..colon].trim_end_matches(['*', '_', ' ', '\u{a0}']);
    LABELS.iter().find(|(name, _)| is_label(label, name)).map(|&(_, header)| header)
}

/// Equal but for the case of the letters; written with a capital, as all clients do.
fn is_label(label: &str, name: &str) -> bool {
    let mut written = label.chars();
    let Some(first) = written.next() else { return false };
    if first.is_lowercase() {
        return false;
    }
    let rest = written.as_str();
    first.to_lowercase().chain(rest.chars().flat_map(char::to_lowercase)).eq(name.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_many_languages() {
        assert_eq!(header("From: Jane"), Some(Header::From));
        assert_eq!(header("**Von:** Jane"), Some(Header::From));
        assert_eq!(header("*Envoyé :* lundi"), Some(Header::Date));
        assert_eq!(header("OBJET\u{a0}: x"), Some(Header::Subject));
        assert_eq!(header("主题：补丁"), Some(Header::Subject));
        assert_eq!(header("from: jane"), None);
        assert_eq!(header("Note: x"), None);
    }

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
