//! What holds for any string, and that hostile ones are done with.

use proptest::prelude::*;

use super::own_words;

/// Lines that some pass reacts to.
const SOUP: &[&str] = &[
    "",
    " ",
    "> a",
    ">> b",
    "| c",
    "JD> d",
    ": e",
    "On 1 Jan 2019, Jane <j@x.org> wrote:",
    "Jane wrote:",
    "-- ",
    "--",
    "---",
    "```",
    "```rust",
    "~~~",
    "````",
    "a ```",
    "<!--",
    "-->",
    "x <!-- y",
    "z --> w",
    "<pre>",
    "</pre>",
    "<blockquote>",
    "</blockquote>",
    "a {code} b",
    "{code}",
    "{quote}",
    "{noformat}",
    "[quote]",
    "[/quote]",
    "<code>",
    "</code>",
    "-----BEGIN PGP SIGNATURE-----",
    "-----END PGP SIGNATURE-----",
    "iQEzBAEB",
    "diff --git a/a b/a",
    "--- a/a",
    "+++ b/a",
    "@@ -1,3 +1,3 @@",
    "+a",
    "-b",
    " c",
    "@@ -1,99999999 +1,99999999 @@",
    "Index: a",
    "Signed-off-by: J <j@x.org>",
    "Cc: j@x.org",
    "    int a = b;",
    "\tcall();",
    "x = 1;",
    "}",
    "$ make",
    "[   1.234567] a",
    "2020-01-01 12:00:00 a",
    "Traceback (most recent call last):",
    "_______________________",
    "devel mailing list",
    "To unsubscribe from this list: x",
    "-----Original Message-----",
    "From: J <j@x.org>",
    "Sent: 1 Jan 2019",
    "To: a",
    "Subject: b",
    "From 1234 Mon Sep 17 00:00:00 2001",
    "### Steps to reproduce",
    "- [x] I have searched",
    "Please merge this patch now.",
    "You have ignored it for years",
    "@jane ping",
    "é ü 🎉",
    "\u{a0}",
    "confidential for the intended recipient",
    "Sent from my iPhone",
    "—",
    "Reply to this email directly",
    "----- End forwarded message -----",
    "<b>x</b>",
    "bq. a",
    "a:",
    "：",
    "`",
    "~",
    "<",
    "{",
    "[",
];

fn soup() -> impl Strategy<Value = String> {
    let line = prop_oneof![9 => prop::sample::select(SOUP).prop_map(str::to_owned), 1 => "\\PC{0,12}"];
    let end = prop::sample::select(&["\n", "\n", "\n", "\r\n", "\r", ""][..]);
    prop::collection::vec((line, end), 0..40)
        .prop_map(|lines| lines.into_iter().map(|(line, end)| line + end).collect())
}

/// Spans are in order, disjoint, not empty, inside the body, on character boundaries, without white space around.
fn assert_spans(body: &str) {
    let mut last = 0;
    for span in own_words(body) {
        assert!(
            span.start >= last && span.end > span.start && span.end <= body.len(),
            "{span:?} behind {last}"
        );
        let text = body.get(span.clone()).expect("on character boundaries");
        assert_eq!(text.trim(), text);
        last = span.end;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_string_gives_spans(body in any::<String>()) {
        assert_spans(&body);
    }

    #[test]
    fn line_soup_gives_spans(body in soup()) {
        assert_spans(&body);
    }

    #[test]
    fn a_quote_below_changes_nothing_above(body in "[A-Z][A-Za-z ,.]{1,60}(\n[A-Za-z ,.]{1,60}){0,4}") {
        let quoted = format!("{body}\n\n> Is it alive?\n");
        prop_assert_eq!(own_words(&body), own_words(&quoted));
    }
}

/// Bodies that make a careless reader look ahead again and again. Quadratic time would take hours for these.
#[test]
fn hostile_bodies_are_done_with() {
    const SIZE: usize = 1 << 17;
    let repeated = |piece: &str| piece.repeat(SIZE / piece.len());
    for line in SOUP.iter().filter(|line| !line.is_empty()) {
        assert_spans(&repeated(&format!("{line}\n")));
        assert_spans(&repeated(line));
        assert_spans(&repeated(&format!("{line}\n\n")));
    }
    for pair in SOUP.windows(2) {
        assert_spans(&repeated(&format!("{}\n{}\n", pair[0], pair[1])));
    }
    // Fences that get shorter, so that no earlier search answers for a later one.
    assert_spans(&(3..1000).rev().map(|n| "`".repeat(n) + "a\n").collect::<String>());
    assert_spans(&repeated("<pre <code <!-"));
    assert_spans(&repeated("From: a\n\n"));
    assert_spans(&(repeated("a:\n") + &repeated("> b\n")));
}
