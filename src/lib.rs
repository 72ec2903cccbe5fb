//! Finds undue pressure on maintainers in mailing-list archives and issue threads.
//!
//! Features: `arrow` (columns from scores, messages from record batches), `parquet` (files of them; on by default, and
//! the only one that brings C along).

pub mod bench;
pub mod config;
pub mod context;
pub mod features;
pub mod files;
pub mod filter;
pub mod labels;
pub mod model;
pub mod pipeline;
pub mod report;
pub mod review;
pub mod seen;
pub mod serve;
pub mod source;
#[cfg(feature = "watch")]
pub mod watch;

mod error;
mod label;
mod language;
mod message;
mod own_words;
mod score;
mod thread;

pub use error::{Error, ErrorKind, Result, SharedPath};
pub use label::{Label, Level};
pub use language::is_foreign;
pub use message::{Author, Date, Message, Position, Problem, ThreadBasis};
pub use own_words::own_words;
pub use score::{Evidence, Explanation, Score, Scorer, TokenContribution};
pub use thread::{Placed, Threader, Ties};
