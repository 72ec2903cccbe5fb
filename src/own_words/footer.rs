//! What list software, trackers, mail services and legal departments add.

use std::ops::Range;

use memchr::memmem;

use super::line::{Kind, Page, contains_any, starts_with_ignore_case};

/// Beginnings of footer lines (in any case). The whole paragraph from there on goes if the flag is set.
const STARTS: &[(&str, bool)] = &[
    ("To unsubscribe", true),
    ("Unsubscribe:", true),
    ("Unsubscribe from this", true),
    ("More majordomo info at", false),
    ("the body of a message to majordomo@", false),
    ("You received this message because you are subscribed", true),
    ("You received this message because you are a member", true),
    ("For more options, visit", false),
    ("To post to this group, send", false),
    ("To view this discussion", true),
    ("Visit this group at", false),
    ("You are receiving this because", true),
    ("You are receiving this mail because", true),
    ("You received this bug notification because", true),
    ("Reply to this email directly", true),
    ("Reply to this mail directly", true),
    ("You may reply to this email to add a comment", false),
    ("Message ID: <", false),
    ("Configure bugmail:", false),
    ("Triage notifications on the go", true),
    ("The sender domain has a DMARC", true),
    ("To mitigate this problem, the original message has been wrapped", true),
    ("[[alternative HTML version deleted]]", false),
    ("[alternative HTML version deleted]", false),
    ("[attachment:", false),
    ("[Attachment:", false),
    ("[cid:", false),
    ("[image:", false),
    ("[Non-text portions of this message have been removed]", false),
    ("-------------- next part --------------", false),
    ("An HTML attachment was scrubbed", true),
    ("A non-text attachment was scrubbed", true),
    ("An embedded and charset-unspecified text was scrubbed", true),
    ("An embedded message was scrubbed", true),
    ("A PGP signed part was scrubbed", true),
    ("This SF.net email is sponsored by", true),
    ("Do You Yahoo!?", true),
    ("Please consider the environment before printing", false),
    ("Scanned by ", false),
    ("This email has been checked for viruses", true),
    ("This email has been scanned", true),
    ("Virus-free. www.", false),
    ("No virus found in this", true),
    ("Checked by AVG", false),
];

/// Phrases of disclaimers. Two of them in one paragraph make it one; a single one may be somebody's own words.
const LEGAL: &[&str] = &[
    "ntended recipient",
    "ntended solely",
    "ntended only for",
    "onfidential",
    "CONFIDENTIAL",
    "INTENDED",
    "rivileged",
    "PRIVILEGED",
    "strictly prohibited",
    "STRICTLY PROHIBITED",
    "otify the sender",
    "naddressed",
    "to whom they are addressed",
    "to whom it is addressed",
    "received this e-mail in error",
    "received this email in error",
    "received this message in error",
    "received this communication in error",
    "received it in error",
    "ertrauliche",
    "ichtige Adressat",
    "ésente communication",
    "idential",
    "estinataire",
    "estinatario",
    "estinatário",
    "onfidencial",
    "iservat",
];

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
    bytes.len() >= 3
        && matches!(bytes[0], b'_' | b'-' | b'=' | b'*' | b'~' | b'#' | b'+')
        && bytes.iter().all(|b| b"_-=*~#+ |:".contains(b))
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
    let named = (from..end).any(|i| contains_any(page.text(i), HINTS));
    let short = (from..end).all(|i| page.text(i).len() <= 100);
    if named && short { end } else { from }
}

/// Lines that begin as footers do.
fn mark_starts(page: &mut Page<'_>) {
    for i in 0..page.len() {
        if !page.is_text(i) {
            continue;
        }
        let text = page.text(i).trim_start_matches(['—', '-', '*', '>', ' ', '(']);
        // Most lines begin with another letter.
        if !matches!(
            text.as_bytes().first(),
            Some(
                b'T' | b'U'
                    | b'M'
                    | b't'
                    | b'Y'
                    | b'F'
                    | b'V'
                    | b'R'
                    | b'C'
                    | b'['
                    | b'A'
                    | b'D'
                    | b'P'
                    | b'S'
                    | b'N'
                    | b'n'
            )
        ) {
            continue;
        }
        let Some(&(_, whole)) = STARTS.iter().find(|(start, _)| starts_with_ignore_case(text, start)) else {
            if page.text(i).starts_with("-------------- next part") {
                page.mark(i..i + 1, Kind::Footer);
            }
            continue;
        };
        let end = if whole { footer_end(page, i) } else { i + 1 };
        page.mark(i..end, Kind::Footer);
        mark_dash_above(page, i);
    }
}

/// The end of the paragraph, but no more lines than software writes.
fn footer_end(page: &Page<'_>, i: usize) -> usize {
    page.paragraph_end(i).min(i + 8)
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
    let mut hits: Vec<(usize, usize)> = Vec::new();
    for (n, phrase) in LEGAL.iter().enumerate() {
        hits.extend(memmem::find_iter(page.body.as_bytes(), phrase).map(|at| (at, n)));
    }
    if hits.len() < 2 {
        return;
    }
    hits.sort_unstable();
    let mut rest = hits.as_slice();
    while let Some(&(at, first)) = rest.first() {
        let paragraph = text_around(page, page.line_at(at));
        let end = page.lines.get(paragraph.end).map_or(page.body.len(), |line| line.start).max(at + 1);
        let inside = rest.partition_point(|&(at, _)| at < end);
        if rest[..inside].iter().any(|&(_, n)| n != first) {
            page.mark(paragraph, Kind::Footer);
        }
        rest = &rest[inside..];
    }
}

/// The run of text lines around line `i`, empty if that is none.
fn text_around(page: &Page<'_>, i: usize) -> Range<usize> {
    let end = (i..page.len()).find(|&j| !page.is_text(j)).unwrap_or(page.len());
    let start = (0..i).rev().find(|&j| !page.is_text(j)).map_or(0, |j| j + 1);
    if end == i { i..i } else { start..end }
}
