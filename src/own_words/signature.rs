//! Signatures: what stands behind `-- `, and what telephones add.
//!
//! Sign-offs ("Regards, Jane") stay: a name is no evidence, and a rule that guessed where a farewell begins
//! would hide the postscript below it.

use super::{
    line::{Kind, Page},
    prefixes::Prefixes,
};

/// Most lines with text that a signature behind a proper delimiter may have. What is longer is a message.
const MAX_LINES: usize = 12;
/// The same where the delimiter lacks its space, as after a client that trims lines.
const MAX_LINES_BARE: usize = 8;

/// Marks signatures and telephones' advertisements.
pub(super) fn mark(page: &mut Page<'_>) {
    let mut i = 0;
    while i < page.len() {
        if !page.is_text(i) {
            i += 1;
            continue;
        }
        let text = page.text(i);
        if is_delimiter(text) {
            let end = signature_end(page, i);
            page.mark(i..end, Kind::Signature);
            i = end;
            continue;
        }
        let last = || page.skip_blank(i + 1) == page.len();
        if is_advertisement(text) || is_name_line(text) && last() {
            page.mark(i..i + 1, Kind::Signature);
        }
        i += 1;
    }
}

/// `-- `, `--`, and the dash-escaped `- -- ` of signed mail.
fn is_delimiter(text: &str) -> bool {
    matches!(text, "--" | "- --")
}

/// Where the signature that begins at `i` ends: before a quote, another delimiter or the limit, else at the end.
fn signature_end(page: &Page<'_>, i: usize) -> usize {
    let proper = page.body[page.lines[i].end..].starts_with(' ');
    let limit = if proper { MAX_LINES } else { MAX_LINES_BARE };
    let (mut end, mut lines) = (i + 1, 0);
    while end < page.len() && lines <= limit {
        match page.kind(end) {
            Kind::Text if is_delimiter(page.text(end)) => break,
            Kind::Text => lines += 1,
            Kind::Quote | Kind::Attribution | Kind::Forwarded => break,
            _ => {}
        }
        end += 1;
    }
    if lines <= limit {
        return end;
    }
    // Too long: its first paragraph at most, and only if that is short and the delimiter is proper.
    let first = page.paragraph_end(i + 1, limit + 1);
    if proper && first - i <= limit { first } else { i + 1 }
}

/// `-- Jane` or `--Jane` as the last line.
fn is_name_line(text: &str) -> bool {
    let Some(name) = text.strip_prefix("--") else { return false };
    !name.starts_with('-') && !name.is_empty() && name.split_ascii_whitespace().count() <= 3
}

/// One line that a mail program adds: "Sent from my iPhone".
fn is_advertisement(text: &str) -> bool {
    static STARTS: Prefixes = Prefixes::ignoring_case(&[
        "Sent from my ",
        "Sent from Mail",
        "Sent from Yahoo",
        "Sent from Outlook",
        "Sent from Proton",
        "Sent from Samsung",
        "Sent from Gmail",
        "Sent from a mobile",
        "Sent from phone",
        "Sent via ",
        "Sent with ",
        "Sent using ",
        "Get Outlook for ",
        "Von meinem ",
        "Gesendet von ",
        "Gesendet mit ",
        "Diese Nachricht wurde von meinem ",
        "Envoyé de mon ",
        "Envoyé depuis ",
        "Enviado desde ",
        "Enviado do meu ",
        "Enviado de ",
        "Enviado via ",
        "Inviato da ",
        "Verzonden vanaf ",
        "Verstuurd vanaf ",
        "Отправлено с ",
        "Отправлено из ",
        "发自我的",
        "从我的",
        "來自我的",
        "iPhoneから送信",
        "Yahoo! Mail",
    ]);
    STARTS.matches(text) && text.split_ascii_whitespace().count() <= 12
}
