//! Golden cases, one table for each concern, in a notation that shows what is kept.
//!
//! A line of a case begins with `~ ` if it is kept, with `. ` if it is dropped, and with `? ` if parts of it are
//! kept: those stand between `⟦` and `⟧`. A line that is only `.` is blank.

use super::own_words;

mod blocks;
mod code;
mod evasion;
mod footers;
mod patches;
mod properties;
mod quotes;
mod spans;

/// The body of a case and, for each byte of it, whether it is to be kept.
fn parse(case: &str) -> (String, Vec<bool>) {
    let (mut body, mut keep) = (String::new(), Vec::new());
    for line in case.lines() {
        let mut inside = line.starts_with('~');
        for c in line.get(2..).unwrap_or_default().chars() {
            match c {
                '⟦' => inside = true,
                '⟧' => inside = false,
                _ => {
                    body.push(c);
                    keep.resize(body.len(), inside);
                }
            }
        }
        body.push('\n');
        keep.push(false);
    }
    (body, keep)
}

/// Runs every case of a table with line feeds and with carriage returns before them; shows all that fail.
fn check(cases: &[(&str, &str)]) {
    let failures: Vec<_> = cases
        .iter()
        .filter_map(|(name, case)| {
            let (body, keep) = parse(case);
            let keep_crlf: Vec<_> = body
                .bytes()
                .zip(&keep)
                .flat_map(|(b, &keep)| if b == b'\n' { vec![false; 2] } else { vec![keep] })
                .collect();
            let failure =
                compare(&body, &keep).or_else(|| compare(&body.replace('\n', "\r\n"), &keep_crlf))?;
            Some(format!("{name}: {failure}"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// What is wrong with the spans of `body`, if anything is.
fn compare(body: &str, keep: &[bool]) -> Option<String> {
    let spans = own_words(body);
    let kept = |at: usize| spans.iter().any(|span| span.contains(&at));
    let mut solid = body.char_indices().filter(|(_, c)| !c.is_whitespace());
    let (at, c) = solid.find(|&(at, _)| kept(at) != keep[at])?;
    let what = if keep[at] { "dropped" } else { "kept" };
    let texts: Vec<_> = spans.iter().map(|span| &body[span.clone()]).collect();
    Some(format!("{c:?} at byte {at} was {what} in\n{body}\nkept: {texts:#?}"))
}

#[test]
fn the_notation_is_read_as_told() {
    let (body, keep) = parse("~ a\n? b⟦c⟧\n.\n. d\n");
    assert_eq!(body, "a\nbc\n\nd\n");
    assert_eq!(keep, [true, false, false, true, false, false, false, false]);
}
