//! Own words: the byte ranges of a body that its author wrote in this message.
//!
//! Quotes, signatures, patches, code, logs, footers and boilerplate are context, never evidence. Pure and total:
//! any string gives spans, and no string makes it slow (linear in the length of the body).
//!
//! The body is cut into lines, all of them text at first; each pass claims the lines that it knows, and what no
//! pass claims is the author's. Passes run from the surest mark to the vaguest likeness.
//!
//! Somebody may try to hide a sentence from this module that a maintainer still reads. So an opener that nothing
//! closes covers its own paragraph at most, a fence around plain prose does not count, a hunk is as long as its
//! header says and looks, and a signature, a footer or a form has a bounded size. What stays hidden is what readers
//! skip as well: text behind `>` in an answer (unless there is nothing else in it), a closed HTML comment, which
//! trackers do not show, whatever it says, a sentence among the code of one fence, a few lines under `-- `, and whatever
//! follows the header block of a forwarded message.

use std::ops::Range;

mod armor;
mod attribution;
mod block;
mod code;
mod footer;
mod forward;
mod headers;
mod line;
mod log;
mod patch;
mod prefixes;
mod quote;
mod shape;
mod signature;
mod spans;
mod syntax;
mod template;
#[cfg(test)]
mod tests;

use line::Page;

/// Byte ranges of `body` that are the author's own words, in order, disjoint, not empty, on character boundaries.
///
/// A span covers whole lines or parts of lines; two neighbouring own lines of one paragraph lie in one span.
pub fn own_words(body: &str) -> Vec<Range<usize>> {
    spans::collect(&classify(body))
}

/// The same of a message that answers none: what it "quotes" there without saying whom, nobody has said, so that short
/// quotes are its own words as well.
pub(crate) fn own_words_of_opener(body: &str) -> Vec<Range<usize>> {
    let mut page = classify(body);
    quote::rescue_of_opener(&mut page);
    spans::collect(&page)
}

/// The lines of `body`, each with its kind.
fn classify(body: &str) -> Page<'_> {
    let mut page = Page::new(body);
    quote::mark(&mut page);
    armor::mark(&mut page);
    block::mark(&mut page);
    patch::mark(&mut page);
    attribution::mark(&mut page);
    forward::mark(&mut page);
    footer::mark(&mut page);
    signature::mark(&mut page);
    template::mark(&mut page);
    code::mark(&mut page);
    quote::rescue(&mut page);
    page
}
