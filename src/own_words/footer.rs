//! What list software, trackers, mail services and legal departments add.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{
    line::{Kind, Page},
    prefixes::Prefixes,
};

/// Beginnings of footer lines (in any case), and how many lines software writes from there on.
const ENTRIES: [(&str, usize); 43] = [
    ("More majordomo info at", 1),
    ("The body of a message to majordomo@", 1),
    ("For more options, visit", 1),
    ("To post to this group, send", 1),
    ("Visit this group at", 1),
    ("You may reply to this email to add a comment", 1),
    ("Message ID: <", 1),
    ("Configure bugmail:", 1),
    ("[[alternative HTML version deleted]]", 1),
    ("[alternative HTML version deleted]", 1),
    ("[Attachment:", 1),
    ("[cid:", 1),
    ("[image:", 1),
    ("[Non-text portions of this message have been removed]", 1),
    ("Skipped content of type ", 1),
    ("Please consider the environment before printing", 1),
    ("Scanned by ", 1),
    ("Virus-free. www.", 1),
    ("Checked by AVG", 1),
    ("The sender domain has a DMARC", 2),
    ("To mitigate this problem, the original message has been wrapped", 2),
    ("To unsubscribe", 3),
    ("Unsubscribe:", 3),
    ("Unsubscribe from this", 3),
    ("You received this message because you are subscribed", 3),
    ("You received this message because you are a member", 3),
    ("To view this discussion", 3),
    ("You are receiving this because", 3),
    ("You are receiving this mail because", 3),
    ("You received this bug notification because", 3),
    ("Reply to this email directly", 3),
    ("Reply to this mail directly", 3),
    ("Triage notifications on the go", 3),
    ("This SF.net email is sponsored by", 3),
    ("Do You Yahoo!?", 3),
    ("This email has been checked for viruses", 3),
    ("This email has been scanned", 3),
    ("No virus found in this", 3),
    ("An HTML attachment was scrubbed", 8),
    ("A non-text attachment was scrubbed", 8),
    ("An embedded and charset-unspecified text was scrubbed", 8),
    ("An embedded message was scrubbed", 8),
    ("A PGP signed part was scrubbed", 8),
];

const NAMES: [&str; ENTRIES.len()] = {
    let mut names = [""; ENTRIES.len()];
    let mut i = 0;
    while i < names.len() {
        names[i] = ENTRIES[i].0;
        i += 1;
    }
    names
};

static STARTS: Prefixes = Prefixes::ignoring_case(&NAMES);

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
static GATE: LazyLock<[Finder<'static>; 3]> =
    LazyLock::new(|| ["onfiden", "ecipient", "ertraulich"].map(Finder::new));

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
    STARTS.find(text).map(|n| ENTRIES[n].1)
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
