//! Everything that a stranger may choose is hostile, and stays text.

use super::*;

/// Strings that do something wherever they are not taken for text.
const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></style></textarea><svg onload=alert(1)>",
    "javascript:alert(1)",
    "a\u{202e}cod.exe\u{2066}\u{200b}\u{7f}",
    "| `code` ``` | @maintainers #1 [x](https://x.example) ![y](https://y.example/z.png)",
    "&lt;b&gt; &#x3c;i&#x3e; <!-- --> ]]> <![CDATA[",
];

/// An archive in which everything that a stranger may choose is hostile.
fn hostile() -> String {
    let mut lines = String::new();
    for (i, evil) in HOSTILE.iter().cycle().take(24).enumerate() {
        let (month, day) = (1 + i / 12, 1 + 2 * (i % 12));
        // A third has neither id nor list: the file takes their place.
        let of = |text: String| if i % 3 == 0 { serde_json::Value::Null } else { text.into() };
        let line = serde_json::json!({
            "id": of(format!("{evil}{i}")), "thread": format!("{evil}{}", i % 2), "author_name": format!("Nim {evil} {}", i % 3),
            "author_address": format!("n{}@{evil}", i % 3), "author_role": evil, "list": of(format!("{evil} list")),
            "date": format!("2024-{month:02}-{day:02}T10:00:00Z"), "subject": format!("Re: {evil} hand over"),
            "body": format!(
                "This is the third time that I ask and still there is no answer {evil}. You have ignored us for months, which \
                 is not fair to your users.\nPlease give Nim commit access now. {evil}\nHow long must everybody wait?\n"),
        });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    lines
}

#[test]
fn hostile_text_is_text() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("<img src=x onerror=alert(1)> '\"`.jsonl");
    std::fs::write(&path, hostile()).unwrap();
    let (page, markdown) = with_report(&path, Limits::default(), |report| {
        assert!(report.pressing() > 0, "nothing presses: the page would show none of it");
        (report.html(), report.markdown())
    });
    let html = check(&page);
    let shown = text(html.root_element());
    assert!(shown.contains("<img src=x onerror=alert(1)> '\"`.jsonl#"), "the name of the file is not shown");
    assert!(
        !page.contains(&*dir.path().to_string_lossy()) && !markdown.contains(&*dir.path().to_string_lossy())
    );
    for evil in ["<script>alert(1)</script>", "onerror=alert(1)>", "a\\u{202e}cod.exe", "&lt;b&gt; &#x3c;i"] {
        assert!(shown.contains(evil), "{evil}");
    }
    check_markdown(&markdown);
}

/// Nothing of strangers stands outside code.
pub(super) fn check_markdown(markdown: &str) {
    assert!(markdown.len() <= 60_000);
    let mut outside = String::new();
    for line in markdown.lines() {
        outside.push_str(&without_code(line));
        outside.push('\n');
    }
    for c in ['@', '#', '<', '[', '!', '&', '\\'] {
        let heading = |line: &str| {
            line.trim_start_matches('#').starts_with(' ') && !line.trim_start_matches('#').contains('#')
        };
        let bad = outside.lines().filter(|line| !heading(line) || c != '#').find(|line| line.contains(c));
        assert_eq!(bad.filter(|line| !line.contains("<0.001")), None, "{c}");
    }
    for line in outside.lines().filter(|line| line.starts_with('|')) {
        let cells = line.matches('|').count();
        assert!((4..=8).contains(&cells), "{line}");
    }
}

/// A line without its code spans, by the rule of CommonMark: a run of backticks closes at the next run as long.
fn without_code(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(start) = rest.find('`') {
        let run = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        out.push_str(&rest[..start]);
        let behind = &rest[start + run..];
        let mut at = 0;
        loop {
            let Some(next) = behind[at..].find('`').map(|it| at + it) else {
                panic!("code does not end: {line}")
            };
            let length = behind[next..].len() - behind[next..].trim_start_matches('`').len();
            at = next + length;
            if length == run {
                break;
            }
        }
        rest = &behind[at..];
    }
    out + rest
}
