//! From own words to numbers: folding, tokens, sentences.
//!
//! Pure text functions, shared by inference and training so that both always see the same features.

mod fold;
mod segment;
mod sentence;
mod token;

pub use fold::{Folded, fold};
pub use sentence::{Part, Sentence, judged_subject, sentences};
pub use token::{AT, URL, for_each_token};
