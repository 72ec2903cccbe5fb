//! HTML bodies as plain text: block elements become lines, and quoted blocks get the `>` that plain mail has.

use mail_parser::decoders::html::html_to_text;

/// Tags that begin or end a line in every mail client; `br` and `p` the library knows itself.
const BLOCKS: [&str; 14] =
    ["div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "ul", "ol", "hr"];

/// Deeper quotes are shown as this deep: a thousand nested blocks must not make every line a thousand longer.
const MAX_DEPTH: usize = 5;

/// The text of `html`, quotes marked by `> `.
pub(super) fn to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    let mut depth = 0usize;
    let mut segment = 0;
    for (at, name, closing) in tags(html) {
        // A tag inside an unfinished one has been passed already.
        if at < segment || !name.eq_ignore_ascii_case("blockquote") {
            continue;
        }
        push_quoted(&mut text, &html[segment..at], depth);
        depth = if closing { depth.saturating_sub(1) } else { depth + 1 };
        segment = at + html[at..].find('>').map_or(html.len() - at, |end| end + 1);
    }
    push_quoted(&mut text, html.get(segment..).unwrap_or_default(), depth);
    text
}

/// All tags: offset of the `<`, name, and whether it closes.
fn tags(html: &str) -> impl Iterator<Item = (usize, &str, bool)> {
    html.match_indices('<').map(|(at, _)| {
        let behind = &html[at + 1..];
        let name = behind.strip_prefix('/').unwrap_or(behind);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        (at, &name[..end], behind.starts_with('/'))
    })
}

fn push_quoted(text: &mut String, html: &str, depth: usize) {
    let plain = html_to_text(&with_breaks(html));
    let mark = "> ".repeat(depth.min(MAX_DEPTH));
    let mut blank = true; // of several blank lines one stays
    for line in plain.trim_matches('\n').lines().map(str::trim_end) {
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        text.push_str(if blank { mark.trim_end() } else { &mark });
        text.push_str(line);
        text.push('\n');
    }
}

/// `html` with a `<br>` before each tag of a block element.
fn with_breaks(html: &str) -> String {
    let mut broken = String::with_capacity(html.len() + html.len() / 8);
    let mut from = 0;
    for (at, name, _) in tags(html) {
        if BLOCKS.iter().any(|block| block.eq_ignore_ascii_case(name)) {
            broken.push_str(&html[from..at]);
            broken.push_str("<br>");
            from = at;
        }
    }
    broken + &html[from..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_lines() {
        let html = "<html><head><style>p {}</style></head><body><div>One &amp; two</div><div>three<br>four</div>\
                    <p>five</p><ul><li>six</li></ul></body></html>";
        assert_eq!(to_text(html), "One & two\n\nthree\nfour\nfive\n\nsix\n");
    }

    #[test]
    fn quotes_are_marked() {
        let html =
            "<p>Mine</p><BLOCKQUOTE type=cite>his<blockquote>hers</blockquote></BLOCKQUOTE><p>mine</p>";
        assert_eq!(to_text(html), "Mine\n> his\n> > hers\nmine\n");
    }

    #[test]
    fn broken_html() {
        assert_eq!(to_text(""), "");
        assert_eq!(to_text("a <blockquote <blockquote"), "a\n");
        assert_eq!(to_text("</blockquote></blockquote>x"), "x\n");
    }
}
