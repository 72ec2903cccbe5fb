//! From own words to numbers: folding, tokens, sentences.
//!
//! Pure text functions, shared by inference and training so that both always see the same features.

mod confusable;
mod entity;
mod fold;
mod lexicon;
mod scan;
mod segment;
mod sentence;
mod spaced;
mod token;
mod unmask;

pub use fold::{Folded, fold};
pub(crate) use lexicon::is_word as is_known_word;
pub use sentence::{Part, Sentence, judged_body, judged_subject, sentences};
pub use token::{AT, URL, for_each_token};
