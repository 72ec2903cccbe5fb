//! Own words (stand-in until the real module is merged).

use std::ops::Range;

/// Byte ranges of `body` that are the author's own words, in order, disjoint, not empty, on character boundaries.
pub fn own_words(body: &str) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let t = line.trim();
        if t == "--" {
            break;
        }
        let drop = t.is_empty() || t.starts_with('>') || t.starts_with('|') || t.ends_with("wrote:");
        if !drop {
            let end = at + line.trim_end().len();
            match spans.last_mut() {
                Some(last)
                    if body[last.end..at].bytes().filter(|b| *b == b'\n').count() <= 1
                        && !body[last.end..at].contains('>') =>
                {
                    last.end = end
                }
                _ => spans.push(at..end),
            }
        }
        at += line.len();
    }
    spans
}
