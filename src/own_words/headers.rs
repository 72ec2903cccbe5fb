//! Labels of mail headers, as mail programs in many languages copy them into a body.

/// The headers that mail programs copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
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

/// The header whose label opens `text`: `From: x`, `*From:* x`, `**Von:** x`, `De : x`.
pub(super) fn header(text: &str) -> Option<Header> {
    let text = text.trim_start_matches(['*', '_']);
    // Cheap refusals first: a label has a capital and is short.
    let first = text.chars().next().filter(|c| !c.is_lowercase())?;
    let head = &text.as_bytes()[..text.len().min(32)];
    let colon =
        memchr::memchr(b':', head).or_else(|| (!first.is_ascii()).then(|| text.find('：')).flatten())?;
    let label = text[..colon].trim_end_matches(['*', '_', ' ', '\u{a0}']);
    let lead = first.to_lowercase().next()?.encode_utf8(&mut [0; 4]).as_bytes()[0];
    let found = LABELS.iter().find(|(name, _)| name.as_bytes()[0] == lead && is_label(label, name));
    found.map(|&(_, header)| header)
}

/// Equal but for the case of the letters.
fn is_label(label: &str, name: &str) -> bool {
    label.len() <= 32 && label.chars().flat_map(char::to_lowercase).eq(name.chars())
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
}
