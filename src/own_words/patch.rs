//! Patches, diffs, diffstats and the trailers of commit messages.

use super::{
    line::{Kind, Page, starts_with_ignore_case},
    prefixes::Prefixes,
    shape::Shape,
};

/// Marks patches by their headers and hunks, then loose runs of added and removed lines, then trailers.
pub(super) fn mark(page: &mut Page<'_>) {
    let (mut i, mut tried) = (0, 0);
    while i < page.len() {
        if !page.is_text(i) {
            i += 1;
            continue;
        }
        let mut end = patch_lines(page, i);
        if end == i && i >= tried {
            // A run that is no patch has no part that is one, so that it need not be read again.
            let (run, is_patch) = loose_run(page, i);
            end = if is_patch { run } else { i };
            tried = run;
        }
        page.mark(i..end, Kind::Patch);
        if end == i && is_trailer(page.text(i)) {
            page.mark(i..i + 1, Kind::Patch);
        }
        i = end.max(i + 1);
    }
}

/// How far the patch lines from line `i` on reach; `i` itself where there are none.
fn patch_lines(page: &Page<'_>, i: usize) -> usize {
    let text = page.text(i);
    match text.as_bytes()[0] {
        b'@' => hunk(page, i),
        b'-' | b'+' | b'*' => file_header(page, i),
        b'd' | b'I' | b'i' | b'n' | b'o' | b's' | b'r' | b'B' | b'G' | b'F' | b'c' if is_git_header(text) => {
            i + 1
        }
        b'\\' if text == "\\ No newline at end of file" => i + 1,
        b'=' if text.len() > 60 && follows_index(page, i) => i + 1,
        b'0'..=b'9' if is_summary(text) => i + 1,
        _ if is_diffstat(text) => i + 1,
        _ => i,
    }
}

fn is_git_header(text: &str) -> bool {
    static HEADERS: Prefixes = Prefixes::new(&[
        "diff --git ",
        "new file mode 1",
        "new mode 1",
        "old mode 1",
        "create mode 1",
        "delete mode 1",
        "deleted file mode 1",
        "similarity index ",
        "dissimilarity index ",
        "GIT binary patch",
        "Binary files ",
    ]);
    // The same, where words may follow that are no header.
    static DOUBTFUL: Prefixes =
        Prefixes::new(&["diff -", "diff a/", "Index: ", "index ", "rename from ", "rename to ", "rename "]);
    HEADERS.matches(text) || DOUBTFUL.matches(text) && !Shape::of(text).is_prose() || is_patch_start(text)
}

/// The first line of what `git format-patch` writes.
pub(super) fn is_patch_start(text: &str) -> bool {
    text.starts_with("From ") && text.ends_with(" Mon Sep 17 00:00:00 2001")
}

/// `--- a/file` over `+++ b/file`, `*** a` over `--- b`, and the lone `---` of format-patch.
fn file_header(page: &Page<'_>, i: usize) -> usize {
    let (text, next) = (page.text(i), if i + 1 < page.len() { page.text(i + 1) } else { "" });
    if text.starts_with("--- ") && next.starts_with("+++ ")
        || text.starts_with("*** ") && next.starts_with("--- ")
    {
        return i + 2;
    }
    if text == "***************" || text == "---" { i + 1 } else { i }
}

fn follows_index(page: &Page<'_>, i: usize) -> bool {
    i > 0 && page.text(i - 1).starts_with("Index: ")
}

/// A hunk: as many lines as its header announces, as long as they look the part.
fn hunk(page: &Page<'_>, i: usize) -> usize {
    let Some((mut old, mut new)) = hunk_counts(page.text(i)) else { return i };
    let mut end = i + 1;
    let mut odd = 0;
    while end < page.len() && (old > 0 || new > 0) {
        let (is_old, is_new) = match first_byte(page, end) {
            Some(b'-') => (true, false),
            Some(b'+') => (false, true),
            Some(b' ' | b'\t') | None => (true, true),
            Some(b'\\') => (false, false),
            // One odd line is the tail of a line that the mailer wrapped; two are somebody's words.
            Some(_) if odd == 0 && starts_like_patch(page, end + 1) => {
                odd = 2;
                (false, false)
            }
            Some(_) => break,
        };
        odd = usize::saturating_sub(odd, 1);
        old -= usize::from(is_old && old > 0);
        new -= usize::from(is_new && new > 0);
        end += 1;
    }
    end
}

fn starts_like_patch(page: &Page<'_>, i: usize) -> bool {
    i < page.len() && matches!(first_byte(page, i), Some(b'-' | b'+' | b' ' | b'\t'))
}

/// The first byte of line `i`, indent included; none if it is blank.
fn first_byte(page: &Page<'_>, i: usize) -> Option<u8> {
    let line = &page.lines[i];
    match line.kind {
        Kind::Blank => None,
        _ if line.indent > 0 => Some(b' '),
        _ => Some(page.body.as_bytes()[line.start]),
    }
}

/// The line counts of `@@ -a,b +c,d @@`.
fn hunk_counts(text: &str) -> Option<(usize, usize)> {
    let (ranges, _) = text.strip_prefix("@@ -")?.split_once(" @@")?;
    let (old, new) = ranges.split_once(" +")?;
    let count = |range: &str| match range.split_once(',') {
        Some((_, count)) => count.parse().ok(),
        None => range.parse::<usize>().ok().map(|_| 1),
    };
    Some((count(old)?, count(new)?))
}

/// Three and more added or removed lines in a row without a header (`+` or `-` with code right behind it): where
/// such a run ends, and whether it is one.
fn loose_run(page: &Page<'_>, i: usize) -> (usize, bool) {
    let mut end = i;
    let mut added = 0;
    while end < page.len() && page.is_text(end) && page.lines[end].indent == 0 {
        let text = page.text(end).as_bytes();
        let is_change = matches!(text[0], b'+' | b'-') && !matches!(text, [b'-', b'-', ..]);
        // "- item" and "+ item" are lists; a patch has the indent of its code there, or none.
        let is_item = matches!(text, [_, b' ', next, ..] if *next != b' ');
        if !is_change || is_item {
            break;
        }
        added += usize::from(text[0] == b'+');
        end += 1;
    }
    (end, end - i >= 3 && added > 0)
}

/// ` 3 files changed, 4 insertions(+), 1 deletion(-)`
fn is_summary(text: &str) -> bool {
    text.contains(" changed, ") && (text.ends_with("(+)") || text.ends_with("(-)"))
}

/// ` src/file.c | 12 ++++---`
fn is_diffstat(text: &str) -> bool {
    let Some(bar) = memchr::memrchr(b'|', text.as_bytes()) else { return false };
    let path = text[..bar].trim_end();
    let mut words = text[bar + 1..].split_ascii_whitespace();
    let count = words.next().is_some_and(|n| n == "Bin" || n.bytes().all(|b| b.is_ascii_digit()));
    let graph = words.all(|word| word.bytes().all(|b| b"+->0123456789".contains(&b)) || word == "bytes");
    count && graph && !path.is_empty() && (!path.contains(' ') || path.contains(" => "))
}

/// `Signed-off-by: Jane <jane@example.org>` and its kin.
pub(super) fn is_trailer(text: &str) -> bool {
    let Some(colon) = memchr::memchr(b':', &text.as_bytes()[..text.len().min(32)]) else { return false };
    let (key, value) = (&text[..colon], text[colon + 1..].trim_start());
    let is_key = key.len() > 1 && key.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    if !is_key || value.is_empty() {
        return false;
    }
    let by = key.len() > 3 && starts_with_ignore_case(&key[key.len() - 3..], "-by");
    by && (value.contains(['<', '@']) || value.split_ascii_whitespace().count() <= 5)
        || key.eq_ignore_ascii_case("cc") && value.contains('@')
        || key == "Fixes" && value.len() > 12 && value.bytes().take(12).all(|b| b.is_ascii_hexdigit())
        || matches!(key, "Link" | "Closes" | "Bug" | "Bug-Url" | "BugLink") && value.starts_with("http")
        || key == "Change-Id" && value.starts_with('I')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_hunks() {
        assert_eq!(hunk_counts("@@ -1,7 +1,9 @@ fn main()"), Some((7, 9)));
        assert_eq!(hunk_counts("@@ -1 +1 @@"), Some((1, 1)));
        assert_eq!(hunk_counts("@@ -1,99999999999999999999 +1 @@"), None);
        assert_eq!(hunk_counts("@@jane look"), None);
    }

    #[test]
    fn trailers_need_a_name_or_an_address() {
        for yes in
            ["Signed-off-by: J <j@x.org>", "Acked-By: Jane Doe", "Cc: j@x.org", "Fixes: 0123456789ab (\"x\")"]
        {
            assert!(is_trailer(yes), "{yes}");
        }
        for no in
            ["Cc: me when it is done", "Stand-by: this has to be merged before next week or else", "Note: x"]
        {
            assert!(!is_trailer(no), "{no}");
        }
    }

    #[test]
    fn diffstats() {
        assert!(is_diffstat("src/a.c | 12 ++++--"));
        assert!(is_diffstat("{a => b}/c.h | 0"));
        assert!(is_diffstat("a.png | Bin 0 -> 120 bytes"));
        assert!(!is_diffstat("yes | no"));
        assert!(!is_diffstat("a longer text | 12"));
        assert!(is_summary("1 file changed, 1 insertion(+)"));
    }
}
