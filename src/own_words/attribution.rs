//! Lines that say whose words follow: "On Monday, Jane wrote:", in the forms of many languages.

use super::{
    line::{Kind, Page},
    prefixes::Prefixes,
    quote,
};

/// "wrote" in the languages of common mail programs, as whole words.
static VERBS: Prefixes = Prefixes::new(&[
    "wrote",
    "writes",
    "said",
    "says",
    "schrieb",
    "schreibt",
    "geschrieben",
    "écrit",
    "ecrit",
    "?crit",
    "escribió",
    "escribio",
    "escribi",
    "escribe",
    "scritto",
    "scrive",
    "escreveu",
    "schreef",
    "geschreven",
    "написал",
    "написала",
    "написал(а",
    "написав",
    "пишет",
    "писал",
    "пише",
    "skrev",
    "kirjoitti",
    "napsal",
    "napsal(a",
    "napisał",
    "napisał(a",
    "napisa",
    "napisao",
    "napisao/la",
    "pisze",
    "írta",
    "yazdı",
    "sent",
    "כתב",
    "sumulat",
]);

/// The same in scripts that put no spaces between words.
const VERBS_INSIDE: &[&str] = &["写道", "寫道", "写到", "書きました", "のメール", "のメッセージ", "작성"];

/// How clients begin such a line, where it does not begin with a date or a name.
const OPENERS: &[&str] = &[
    "On", "Am", "Le", "El", "Il", "Em", "Op", "In", "At", "W", "Dnia", "Dne", "Den", "Pe", "Ha", "V", "В",
    "On:", "在", "Quoting", "Citando", "Zitat", "Missatge", "Noong", "À", "Às", "?s", "?", "El:", "Em:", "*",
    "From", "L'", "L?",
];

/// Longest attribution, in lines.
const MAX_LINES: usize = 3;

/// What the lines of a possible attribution hold.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    date: bool,
    verb: bool,
    address: bool,
    words: usize,
}

impl Evidence {
    fn of(text: &str) -> Self {
        Self {
            date: has_date(text),
            verb: has_verb(text),
            address: has_address(text),
            words: text.split_ascii_whitespace().take(60).count(),
        }
    }

    fn with(self, other: Self) -> Self {
        Self {
            date: self.date | other.date,
            verb: self.verb | other.verb,
            address: self.address | other.address,
            words: self.words + other.words,
        }
    }
}

/// Marks attributions from the last to the first, so that one right above another is seen to lead to a quote.
pub(super) fn mark(page: &mut Page<'_>) {
    for i in (0..page.len()).rev() {
        if !page.is_text(i) {
            continue;
        }
        let text = page.text(i);
        let first = if ends_open(text) {
            first_line(page, i)
        } else {
            (is_bare(text) && quote::follows(page, i + 1)).then_some(i)
        };
        if let Some(first) = first {
            page.mark(first..i + 1, Kind::Attribution);
        }
    }
}

/// `2012/3/4 Jane Doe <jane@example.org>`, as an old Gmail wrote it: a date and a name, no colon.
fn is_bare(text: &str) -> bool {
    text.ends_with('>') && text.len() <= 200 && text.as_bytes()[0].is_ascii_digit() && {
        let e = Evidence::of(text);
        e.date && e.address && e.words <= 10
    }
}

/// True where `text` alone says who wrote what and when.
pub(super) fn is_unmistakable(text: &str) -> bool {
    ends_open(text) && unmistakable(Evidence::of(text), has_opener(text))
}

/// Ends as an attribution must, and is no longer than one.
fn ends_open(text: &str) -> bool {
    (text.ends_with(':') || text.ends_with('：')) && text.len() <= 400
}

fn unmistakable(e: Evidence, opener: bool) -> bool {
    e.words <= 40 && e.date && (e.verb && (opener || e.address) || opener && e.address)
}

/// The first line of the attribution that ends on line `last`, if there is one.
fn first_line(page: &Page<'_>, last: usize) -> Option<usize> {
    let quoted = quote::follows(page, last + 1);
    let mut all = Evidence::default();
    let mut found = None;
    for first in (last.saturating_sub(MAX_LINES - 1)..=last).rev() {
        // A paragraph's own sentence may stand right above; only a line that opens an attribution joins it.
        if !page.is_text(first) || first < last && ends_open(page.text(first)) {
            break;
        }
        let text = page.text(first);
        all = Evidence::of(text).with(all);
        if first == last && !quoted && !(all.verb || all.address || all.date) {
            break;
        }
        let opener = has_opener(text);
        let names = first + 1 == last && has_address(text) && has_date(text);
        let grows =
            names || first == last || opener && has_date(text) || opener && all.date && first + 1 == last;
        if grows && (unmistakable(all, opener) || quoted && is_likely(text, page.text(last), all, opener)) {
            found = Some(first);
        }
    }
    found
}

/// Enough right above a quote.
fn is_likely(first: &str, last: &str, e: Evidence, opener: bool) -> bool {
    let brief = (opener || last.ends_with("]:")) && e.words <= 12;
    let dated = e.date && e.words <= 30 && (e.verb || e.address || brief);
    let named = e.address && e.words <= 12 || e.verb && e.words <= 6;
    dated || named || is_star(first, e) || first.starts_with("Quoting ") && e.words <= 8
}

/// `* Jane Doe:` as some clients for Usenet and mail write it.
fn is_star(first: &str, e: Evidence) -> bool {
    let Some(name) = first.strip_prefix("* ") else { return false };
    e.words <= 7
        && name.split_ascii_whitespace().all(|word| !word.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// Begins with a word of [`OPENERS`], a digit or bracketed date, a weekday, or a list's mark before one of these.
fn has_opener(text: &str) -> bool {
    let text = text.trim_start_matches(['-', ' ', '[', '(', '"']);
    let word = text.split([' ', ',', '\u{a0}']).next().unwrap_or_default();
    text.starts_with(|c: char| c.is_ascii_digit())
        || OPENERS.contains(&word)
        || text.starts_with('在')
        || is_weekday(word)
}

fn is_weekday(word: &str) -> bool {
    const DAYS: &[&str] = &[
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "lun",
        "mar",
        "mer",
        "jeu",
        "ven",
        "sam",
        "dim",
        "пн",
        "вт",
        "ср",
        "чт",
        "пт",
        "сб",
        "вс",
        "segunda",
        "terça",
        "quarta",
        "quinta",
        "sexta",
        "sábado",
        "domingo",
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "lunedì",
        "martedì",
        "giovedì",
        "montag",
        "dienstag",
        "mittwoch",
    ];
    let lower = word.trim_end_matches(['.', ',']).to_lowercase();
    DAYS.iter().any(|day| lower == *day) || lower.ends_with("day") || lower.ends_with("-feira")
}

fn has_verb(text: &str) -> bool {
    let is_verb = |word: &str| {
        // Some clients write no space between the address and the verb.
        let word = word.rsplit('>').next().unwrap_or(word).trim_matches([':', ',', ')', '?', '：']);
        VERBS.has(word) || word.ends_with("comwrote")
    };
    text.split([' ', '\u{a0}']).any(is_verb)
        || !text.is_ascii() && VERBS_INSIDE.iter().any(|verb| text.contains(verb))
}

/// A time of day, a year of our age, or three numbers joined by slashes, dots or hyphens.
fn has_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).any(|i| match bytes[i] {
        b':' | b'.' => i > 0 && digit(i - 1) && digit(i + 1) && digit(i + 2) && !digit(i + 3),
        b'/' | b'-' => i > 0 && digit(i - 1) && digit(i + 1),
        b'1' | b'2' if i == 0 || !digit(i - 1) => {
            matches!(bytes.get(i..i + 2), Some(b"19" | b"20"))
                && digit(i + 2)
                && digit(i + 3)
                && !digit(i + 4)
        }
        _ => false,
    })
}

/// `jane@example.org`, or pipermail's `jane at example.org`.
fn has_address(text: &str) -> bool {
    let at_sign = memchr::memchr(b'@', text.as_bytes()).is_some_and(|at| {
        let after = &text[at + 1..];
        at > 0 && after.starts_with(|c: char| c.is_alphanumeric()) && after.contains('.')
    });
    at_sign
        || text.contains(" at ") && text.trim_end_matches(|c: char| c != '>').len() > 1 && text.contains('<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unmistakable_in_many_languages() {
        for line in [
            "On Tue, Jan 1, 2019 at 1:00 PM Jane Doe <jane@example.org> wrote:",
            "Am 01.01.2019 um 13:00 schrieb Jane Doe:",
            "Le mar. 1 janv. 2019 à 13:00, Jane Doe <jane@example.org> a écrit :",
            "El mar, 1 ene 2019 a las 13:00, Jane Doe (<jane@example.org>) escribió:",
            "Il giorno mar 1 gen 2019 alle ore 13:00 Jane Doe <jane@example.org> ha scritto:",
            "Em ter., 1 de jan. de 2019 às 13:00, Jane <jane@example.org> escreveu:",
            "Op di 1 jan. 2019 om 13:00 schreef Jane Doe <jane@example.org>:",
            "вт, 1 янв. 2019 г. в 13:00, Jane Doe <jane@example.org>:",
            "在 2019/1/1 13:00, Jane 写道:",
            "Jane <jane@example.org> 于2019年1月1日周二 下午1:00写道：",
            "2019年1月1日(火) 13:00 Jane <jane@example.org>:",
            "Jane <jane@example.org> wrote on Tue, 1 Jan 2019:",
        ] {
            assert!(is_unmistakable(line), "{line}");
        }
    }

    #[test]
    fn own_sentences_with_a_colon_are_not() {
        for line in [
            "As the manual says:",
            "We agreed on 3 May 2019 that this must be merged:",
            "I asked for three things:",
            "Please mail jane@example.org:",
        ] {
            assert!(!is_unmistakable(line), "{line}");
        }
    }
}
