//! Writing what was found: one trait, one file per format. Pure formatting; where it goes is the caller's affair.
//!
//! | format | order | memory |
//! |---|---|---|
//! | [`Table`] | strongest first | the rows that are shown |
//! | [`Jsonl`], [`Csv`], [`Sarif`] | input order | none, or the lines that are kept of the strongest |
//! | [`GithubAnnotations`], [`GithubSummary`] | strongest first | the lines that are shown |
//! | `Parquet` (feature `parquet`) | input order | one row group; the messages that are kept of the strongest |

use std::io;

use crate::pipeline::Scored;

#[cfg(feature = "arrow")]
mod columns;
mod csv;
mod escape;
mod explain;
mod github;
mod jsonl;
mod listing;
#[cfg(feature = "watch")]
mod news;
mod page;
#[cfg(feature = "parquet")]
mod parquet;
mod rank;
mod sarif;
mod selection;
mod style;
mod summary;
mod table;
mod wire;

#[cfg(feature = "arrow")]
pub use self::columns::{MessageColumns, ScoreColumns};
pub use self::csv::Csv;
#[cfg(feature = "parquet")]
pub use self::parquet::Parquet;
pub(crate) use escape::is_hidden;
pub use escape::{multi_line, one_line};
pub use explain::explain;
pub use github::{GithubAnnotations, GithubSummary, MAX_ANNOTATIONS};
pub use jsonl::Jsonl;
pub use listing::{ListFormat, Listing, Row};
#[cfg(feature = "watch")]
pub use news::{News, write_news};
pub use page::{Collector, Limits, Report};
pub(crate) use rank::decisive;
pub use sarif::Sarif;
pub use selection::Selection;
pub use style::Style;
pub use summary::Summary;
pub use table::Table;

/// The one trait of the writing side: takes messages one by one, then the summary of the run.
pub trait Sink {
    /// Takes a message.
    ///
    /// # Errors
    /// Those of the output.
    fn message(&mut self, scored: &Scored) -> io::Result<()>;

    /// Writes what is still to be written. Called once, behind the last message.
    ///
    /// # Errors
    /// Those of the output.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

#[cfg(test)]
pub(crate) mod test_data;
