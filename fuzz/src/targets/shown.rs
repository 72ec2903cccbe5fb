//! What may be shown to a terminal, a spreadsheet, a browser and an issue tracker; written down here again, so that a slip
//! in the project's own list is found.

/// Characters that act instead of being seen.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{feff}' | '\u{3164}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Nothing acts on a terminal. Tabs and line ends are the writer's own.
pub fn check_text(text: &str) {
    assert!(!text.contains(|c| is_hidden(c) && c != '\n' && c != '\t'), "{text:?}");
}

/// It is a table of equal rows, and no cell is a formula.
pub fn check_csv(text: &str) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    for row in reader.records() {
        for cell in &row.expect("a CSV") {
            let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            assert!(!formula || cell.parse::<f64>().is_ok(), "{cell:?}");
        }
    }
}

/// Every line is an object.
pub fn check_jsonl(text: &str) {
    for line in text.lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(value.is_object(), "{line}");
    }
}

/// A tag that no writer of this project writes. It stands in every text of strangers.
pub const CANARY: &str = "\"'><x-y onload=1 href=javascript:1>@canary";

/// No text became markup.
pub fn check_html(page: &str) {
    assert!(!page.contains("<x-y") && !page.contains("href=\"http") && !page.contains("<script"), "{page}");
}

/// Texts of strangers stand in code.
pub fn check_markdown(text: &str) {
    for line in text.lines() {
        let open = without_code(line);
        assert!(!open.contains("<x-y") && !open.contains("@canary"), "{open:?} of {line:?}");
    }
}

/// A line without its code spans: a run of backticks is closed by the next run of the same length.
fn without_code(line: &str) -> String {
    let (mut open, mut rest) = (String::new(), line);
    while let Some(at) = rest.find('`') {
        open.push_str(&rest[..at]);
        let run = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let behind = &rest[at + run..];
        match closing(behind, run) {
            Some(end) => rest = &behind[end..],
            None => {
                open.push_str(&rest[at..at + run]);
                rest = behind;
            }
        }
    }
    open + rest
}

/// Where the code ends, behind a run of exactly `run` backticks.
fn closing(text: &str, run: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        let length = text[start..].len() - text[start..].trim_start_matches('`').len();
        at = start + length;
        if length == run {
            return Some(at);
        }
    }
    None
}
