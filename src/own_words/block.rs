//! Bracketed blocks: fences, HTML comments and tags, Jira macros, BBCode.
//!
//! An opener without a closer covers its own paragraph at most, and a block of code or a comment that holds plain prose
//! is kept: neither hides a sentence from us that a reader sees, be it in the raw mail alone. What forms say in
//! comments is not kept.

use std::ops::Range;

use memchr::memmem;

use super::{
    line::{Kind, Page, starts_with_ignore_case},
    log,
    shape::Shape,
    syntax, template,
};

/// What a block holds, and what ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opener {
    /// A fence of so many backticks or tildes.
    Fence(u8, usize),
    /// Closed by the text with this number in [`PAIRS`].
    Pair(usize),
}

/// What opens a block, the bytes that may follow it, what closes it, and whether it holds code.
struct Pair {
    open: &'static str,
    then: &'static [u8],
    close: &'static str,
    is_code: bool,
}

const PAIRS: [Pair; 10] = [
    Pair { open: "<!--", then: b"", close: "-->", is_code: false },
    Pair { open: "<blockquote", then: b"> \n", close: "</blockquote>", is_code: false },
    Pair { open: "<pre", then: b"> \n", close: "</pre>", is_code: true },
    Pair { open: "<code", then: b"> \n", close: "</code>", is_code: true },
    Pair { open: "{code", then: b"}:", close: "{code}", is_code: true },
    Pair { open: "{noformat", then: b"}:", close: "{noformat}", is_code: true },
    Pair { open: "{quote", then: b"}:", close: "{quote}", is_code: false },
    Pair { open: "[quote", then: b"]= ", close: "[/quote]", is_code: false },
    Pair { open: "[code", then: b"]=", close: "[/code]", is_code: true },
    Pair { open: "[log", then: b"]=", close: "[/log]", is_code: true },
];

const COMMENT: usize = 0;
const INLINE: usize = 3;

/// Marks all blocks, and leaves the text before an opener and behind a closer on their lines.
pub(super) fn mark(page: &mut Page<'_>) {
    let mut closers = Closers::default();
    let mut openers = Openers::default();
    let (mut i, mut from) = (0, 0);
    while let Some(at) = openers.next(page.body, from) {
        while i + 1 < page.len() && page.lines[i + 1].start <= at {
            i += 1;
        }
        let line = page.lines[i];
        from = if line.kind != Kind::Text || at < line.start || at >= line.end {
            line.end.max(at + 1)
        } else {
            match opener_at(page, i, at) {
                (Some(opener), end) => block(page, &mut closers, i, opener, at..end),
                (None, end) => end,
            }
        };
    }
}

/// Where the bytes stand that may open a block. Each is looked for once, however often it leads nowhere.
#[derive(Default)]
struct Openers {
    tick: Option<usize>,
    bracket: Option<usize>,
}

impl Openers {
    fn next(&mut self, body: &str, from: usize) -> Option<usize> {
        let rest = body.as_bytes().get(from..)?;
        let stale = |next: Option<usize>| next.is_none_or(|at| at < from);
        if stale(self.tick) {
            self.tick = Some(memchr::memchr2(b'`', b'~', rest).map_or(usize::MAX, |at| from + at));
        }
        if stale(self.bracket) {
            self.bracket = Some(memchr::memchr3(b'<', b'{', b'[', rest).map_or(usize::MAX, |at| from + at));
        }
        self.tick.min(self.bracket).filter(|&at| at < body.len())
    }
}

/// Takes the block that begins at `at.start` of line `i`; gives the offset to look on from.
fn block(page: &mut Page<'_>, closers: &mut Closers, i: usize, opener: Opener, at: Range<usize>) -> usize {
    let line_end = page.lines[i].end;
    let close = closers.find(page, i, opener, at.end);
    let is_inline =
        opener == Opener::Pair(INLINE) && close.as_ref().is_none_or(|close| close.end <= line_end);
    let is_underline = matches!(opener, Opener::Fence(b'~', _)) && close.is_none();
    if is_inline || is_underline {
        return close.map_or(at.end, |close| close.end);
    }
    let close = close.unwrap_or_else(|| {
        let end = page.lines[page.paragraph_end(i, usize::MAX) - 1].end;
        end..end
    });
    let is_code = match opener {
        Opener::Fence(..) => true,
        Opener::Pair(n) => PAIRS[n].is_code,
    };
    // What stands behind a fence on its line belongs to neither; `at` says whether it goes with the opener.
    let content = if matches!(opener, Opener::Fence(..)) { line_end } else { at.end }.min(close.start);
    let is_comment = opener == Opener::Pair(COMMENT);
    let kept = (is_code || is_comment && !template::is_form_text(&page.body[content..close.start]))
        && is_prose(page, content..close.start);
    cut(page, i, at);
    if kept {
        let last = page.line_at(close.start);
        cut(page, last, close.clone());
    } else {
        cut(page, i, content..close.end);
    }
    close.end
}

/// Takes `range`, which begins on line `first` or behind it, out of the page.
fn cut(page: &mut Page<'_>, first: usize, range: Range<usize>) {
    let mut partly = false;
    for line in &mut page.lines[first..] {
        if line.start >= range.end {
            break;
        }
        if line.kind == Kind::Blank || line.end <= range.start {
            continue;
        }
        let (head, tail) = (line.start < range.start, range.end < line.end);
        partly |= head || tail;
        match (head, tail) {
            (false, false) => line.kind = Kind::Block,
            // What stands behind a closer is text even where the line looked quoted.
            (false, true) => {
                let rest = page.body[range.end..line.end].trim_start();
                line.start = line.end - rest.len();
                line.kind = Kind::Text;
            }
            (true, false) => line.end = line.start + page.body[line.start..range.start].trim_end().len(),
            (true, true) => {}
        }
    }
    if partly {
        page.holes.push(range);
    }
}

/// True where the text in `range` is plainly sentences: no code, no log, most lines of words.
fn is_prose(page: &Page<'_>, range: Range<usize>) -> bool {
    let (mut lines, mut prose) = (0, 0);
    for line in page.body[range].lines().map(str::trim).filter(|line| !line.is_empty()) {
        let shape = Shape::of(line);
        if syntax::is_strong(line, &shape) || log::is_log(line) || log::is_stamped(line) {
            return false;
        }
        lines += 1;
        prose += usize::from(shape.is_prose());
    }
    lines > 0 && prose * 3 >= lines * 2
}

/// The opener at byte `at` of line `i`, and where it (or the byte that only looked like one) ends.
fn opener_at(page: &Page<'_>, i: usize, at: usize) -> (Option<Opener>, usize) {
    let (opener, end) = match page.body.as_bytes()[at] {
        b'`' | b'~' => fence_at(page, i, at),
        _ => (pair_at(page, page.lines[i].end, at), at + 1),
    };
    match opener {
        Some(opener) => (Some(opener), end_of_opener(page, opener, at, page.lines[i].end)),
        None => (None, end),
    }
}

fn pair_at(page: &Page<'_>, end: usize, at: usize) -> Option<Opener> {
    let text = &page.body[at..end];
    let n = PAIRS.iter().position(|pair| {
        let next = text.as_bytes().get(pair.open.len()).unwrap_or(&b'\n');
        starts_with_ignore_case(text, pair.open) && (pair.then.is_empty() || pair.then.contains(next))
    })?;
    Some(Opener::Pair(n))
}

/// A fence at `at`, and where its run of marks (or the inline code that it opens) ends.
fn fence_at(page: &Page<'_>, i: usize, at: usize) -> (Option<Opener>, usize) {
    let line = &page.lines[i];
    let text = &page.body.as_bytes()[at..line.end];
    let mark = text[0];
    let run = run_of(text, mark);
    let rest = &text[run..];
    if run < 3 {
        return (None, at + run);
    }
    if mark == b'~' {
        // A row of tildes right under a line of text is a heading's, or a compiler's finger.
        let opens = at == line.start && i.checked_sub(1).is_none_or(|above| !page.is_text(above));
        return (opens.then_some(Opener::Fence(mark, run)), line.end);
    }
    if let Some(again) = memmem::find(rest, b"```") {
        return (None, at + run + again + run_of(&rest[again..], mark));
    }
    let opens = at == line.start || rest.is_empty();
    (opens.then_some(Opener::Fence(mark, run)), line.end)
}

/// Where an opener ends: a fence with its info string (if that is no sentence), a tag or macro with its attributes.
fn end_of_opener(page: &Page<'_>, opener: Opener, at: usize, line_end: usize) -> usize {
    let text = &page.body[at..line_end];
    match opener {
        Opener::Fence(_, run) if Shape::of(&text[run..]).is_prose() => at + run,
        Opener::Fence(..) => line_end,
        Opener::Pair(COMMENT) => at + PAIRS[COMMENT].open.len(),
        Opener::Pair(n) => {
            let last = match text.as_bytes()[0] {
                b'<' => b'>',
                b'{' => b'}',
                _ => b']',
            };
            // Attributes are short; a search to the end of a hostile line for each opener would be quadratic.
            let end = memchr::memchr(last, &text.as_bytes()[..text.len().min(400)]);
            at + end.map_or(PAIRS[n].open.len(), |end| end + 1)
        }
    }
}

fn run_of(text: &[u8], mark: u8) -> usize {
    text.iter().take_while(|&&b| b == mark).count()
}

/// Finds closers, and remembers which cannot be found any more, so that a body full of openers stays linear.
#[derive(Default)]
struct Closers {
    no_pair: [bool; PAIRS.len()],
    /// The shortest run of backticks, and of tildes, that nothing closes from here on.
    no_fence: [Option<usize>; 2],
}

impl Closers {
    /// The range of what closes `opener` of line `i`, looked for from byte `from` on.
    fn find(&mut self, page: &Page<'_>, i: usize, opener: Opener, from: usize) -> Option<Range<usize>> {
        match opener {
            Opener::Fence(mark, run) => self.fence(page, i, mark, run),
            Opener::Pair(n) if self.no_pair[n] => None,
            Opener::Pair(n) => {
                let found = find_ignore_case(page.body, from, PAIRS[n].close);
                self.no_pair[n] = found.is_none();
                found
            }
        }
    }

    /// A line that ends with a run at least as long: alone, or behind the last words of sloppy code.
    fn fence(&mut self, page: &Page<'_>, i: usize, mark: u8, run: usize) -> Option<Range<usize>> {
        let none = &mut self.no_fence[usize::from(mark == b'~')];
        if none.is_some_and(|shortest| run >= shortest) {
            return None;
        }
        let found = (i + 1..page.len()).find_map(|j| {
            let text = page.text(j).as_bytes();
            let tail = text.iter().rev().take_while(|&&b| b == mark).count();
            let closes = tail >= run && (mark == b'`' || tail == text.len());
            closes.then(|| page.lines[j].end - tail..page.lines[j].end)
        });
        if found.is_none() {
            *none = Some(run);
        }
        found
    }
}

/// The first `needle` (ASCII, in any case) at or behind `from`.
fn find_ignore_case(body: &str, from: usize, needle: &str) -> Option<Range<usize>> {
    let bytes = body.as_bytes();
    // The first two bytes of every closer have no case, or are a letter behind a bracket.
    let head = needle.as_bytes()[0];
    memchr::memchr_iter(head, bytes.get(from..)?)
        .map(|at| from + at)
        .find(|&at| starts_with_ignore_case(&body[at..], needle))
        .map(|at| at..at + needle.len())
}
