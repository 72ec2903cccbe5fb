//! What list software, trackers, mail services and legal departments add.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{
    line::{Kind, Page},
    prefixes::Prefixes,
};

/// Beginnings of footer lines (in any case), by the number of lines that software writes from there on.
static STARTS: [(usize, Prefixes); 4] = [
    (
        1,
        Prefixes::ignoring_case(&[
            "More majordomo info at",
            "The body of a message to majordomo@",
            "For more options, visit",
            "To post to this group, send",
            "Visit this group at",
            "You may reply to this email to add a comment",
            "Message ID: <",
            "Configure bugmail:",
            "[[alternative HTML version deleted]]",
            "[alternative HTML version deleted]",
            "[Attachment:",
            "[cid:",
            "[image:",
            "[Non-text portions of this message have been removed]",
            "Skipped content of type ",
            "Please consider the environment before printing",
            "Scanned by ",
            "Virus-free. www.",
            "Checked by AVG",
        ]),
    ),
    (
        2,
        Prefixes::ignoring_case(&[
            "The sender domain has a DMARC",
            "To mitigate this problem, the original message has been wrapped",
        ]),
    ),
    (
        3,
        Prefixes::ignoring_case(&[
            "To unsubscribe",
            "Unsubscribe:",
            "Unsubscribe from this",
            "You received this message because you are subscribed",
            "You received this message because you are a member",
            "To view this discussion",
            "You are receiving this because",
            "You are receiving this mail because",
            "You received this bug notification because",
            "Reply to this email directly",
            "Reply to this mail directly",
            "Triage notifications on the go",
            "This SF.net email is sponsored by",
            "Do You Yahoo!?",
            "This email has been checked for viruses",
            "This email has been scanned",
            "No virus found in this",
        ]),
    ),
    (
        8,
        Prefixes::ignoring_case(&[
            "An HTML attachment was scrubbed",
            "A non-text attachment was scrubbed",
            "An embedded and charset-unspecified text was scrubbed",
            "An embedded message was scrubbed",
            "A PGP signed part was scrubbed",
        ]),
    ),
];

/// Phrases of disclaimers, in lower case. Two of them in one paragraph make it one; a single one may be somebody's
/// own words.
const LEGAL: &[&str] = &[
    "intended recipient",
    "intended solely",
    "intended only for",
    "confidential",
    "privileged",
    "strictly prohibited",
    "notify the sender",
    "to whom they are addressed",
    "to whom it is addressed",
    "received this e-mail in error",
    "received this email in error",
    "received this message in error",
    "received this communication in error",
    "this e-mail and any attach",
    "this email and any attach",
    "views expressed",
    "vertrauliche",
    "nicht der richtige adressat",
    "confidentiel",
    "destinataire",
    "confidencial",
    "destinatario",
    "destinatário",
    "riservat",
];

/// Pieces of which every disclaimer has one; searched first, for they are all but absent elsewhere.
static GATE: LazyLock<[Finder<'static>; 5]> =
    LazyLock::new(|| ["onfiden", "ecipient", "ONFIDEN", "ertraulich", "estinatario"].map(Finder::new));

/// Marks footers of all kinds.
pub(super) fn mark(page: &mut Page<'_>) {
    mark_drawn(page);
    mark_starts(page);
    mark_legal(page);
}

/// A drawn line, and the list's name and address below it.
fn mark_drawn(page: &mut Page<'_>) {
    for i in 0..page.len() {
        if page.is_text(i) && is_drawn(page.text(i)) {
            let end = list_block(page, i + 1);
            let kind = if end > i + 1 { Kind::Footer } else { Kind::Rule };
            page.mark(i..end, kind);
        }
    }
}

/// Three and more characters that draw a line, and nothing else.
fn is_drawn(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !matches!(bytes[0], b'_' | b'-' | b'=' | b'*' | b'~' | b'#' | b'+' | 0xe2) {
        return false;
    }
    bytes.len() >= 3
        && text.chars().all(|c| "_-=*~#+ |:—–─━═".contains(c))
        && !matches!(text, "—" | "–" | "- --")
}

/// The end of the lines from `from` on that name a list or its page.
fn list_block(page: &Page<'_>, from: usize) -> usize {
    const HINTS: &[&str] =
        &["mailing list", "listinfo", "nsubscribe", "@lists.", "lists.sourceforge", "sponsored by"];
    let mut end = from;
    // List software writes a handful of lines; whatever follows is not its work.
    while end < page.len().min(from + 8) && page.is_text(end) {
        end += 1;
    }
    let named = (from..end).any(|i| HINTS.iter().any(|hint| page.text(i).contains(hint)));
    let short = (from..end).all(|i| page.text(i).len() <= 100);
    if named && short { end } else { from }
}

/// What may stand before the words of a footer.
const MARKS: &[char] = &['—', '-', '*', ' ', '('];

/// Lines that begin as footers do.
fn mark_starts(page: &mut Page<'_>) {
    for i in 0..page.len() {
        if !page.is_text(i) {
            continue;
        }
        let text = page.text(i);
        let text =
            if text.as_bytes()[0].is_ascii_alphabetic() { text } else { text.trim_start_matches(MARKS) };
        if is_scrubbed(page.text(i)) {
            mark_scrubbed(page, i);
        }
        let Some(lines) = footer_start(text) else { continue };
        let end = page.paragraph_end(i, lines);
        page.mark(i..end, Kind::Footer);
        mark_dash_above(page, i);
    }
}

/// Pipermail's line between parts, and the last lines of its notes on attachments.
fn is_scrubbed(text: &str) -> bool {
    text.starts_with("-------------- next part")
        || text.starts_with("Desc: ")
        || text.starts_with("URL: <http")
}

/// Marks line `i` and the fields of the note above it.
fn mark_scrubbed(page: &mut Page<'_>, i: usize) {
    static FIELDS: Prefixes = Prefixes::new(&["Name: ", "Type: ", "Size: ", "Desc: "]);
    let is_field = |j: &usize| page.is_text(*j) && FIELDS.matches(page.text(*j));
    let first = (i.saturating_sub(4)..i).rev().take_while(is_field).last().unwrap_or(i);
    page.mark(first..i + 1, Kind::Footer);
}

/// How many lines go, if `text` begins as a footer does.
fn footer_start(text: &str) -> Option<usize> {
    STARTS.iter().find(|(_, starts)| starts.matches(text)).map(|&(lines, _)| lines)
}

/// GitHub puts a lone dash over its footer.
fn mark_dash_above(page: &mut Page<'_>, i: usize) {
    let above = (i.saturating_sub(2)..i).rev().find(|&j| page.kind(j) != Kind::Blank);
    if let Some(j) = above.filter(|&j| page.is_text(j) && matches!(page.text(j), "—" | "---" | "--" | "–"))
    {
        page.mark(j..j + 1, Kind::Footer);
    }
}

/// Paragraphs with two phrases of a disclaimer.
fn mark_legal(page: &mut Page<'_>) {
    let mut from = 0;
    while let Some(run) = page.next_run(from) {
        from = run.end;
        let text = &page.body[page.lines[run.start].start..page.lines[run.end - 1].end];
        if text.len() >= 80 && is_legal(text) {
            page.mark(run, Kind::Footer);
        }
    }
}

fn is_legal(text: &str) -> bool {
    // All phrases have one of these letters in a place where a single search can find a rare pair.
    if !GATE.iter().any(|finder| finder.find(text.as_bytes()).is_some()) {
        return false;
    }
    let lower = text.to_lowercase();
    LEGAL.iter().filter(|phrase| lower.contains(**phrase)).nth(1).is_some()
}
