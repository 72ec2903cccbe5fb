//! Lines that were left as text, joined into spans.

use std::ops::Range;

use super::line::Page;

/// One span for each run of text lines, less the holes.
pub(super) fn collect(page: &Page<'_>) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut holes = page.holes.as_slice();
    let mut from = 0;
    while let Some(run) = page.next_run(from) {
        from = run.end;
        let (mut start, end) = (page.lines[run.start].start, page.lines[run.end - 1].end);
        while let Some((hole, rest)) = holes.split_first().filter(|(hole, _)| hole.start < end) {
            push(page.body, start..hole.start.max(start), &mut spans);
            start = start.max(hole.end);
            holes = rest;
        }
        push(page.body, start..end.max(start), &mut spans);
    }
    spans
}

/// Adds `range` without white space at its ends, if anything is left of it.
fn push(body: &str, range: Range<usize>, spans: &mut Vec<Range<usize>>) {
    let text = &body[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    let text = text.trim();
    if !text.is_empty() {
        spans.push(start..start + text.len());
    }
}
