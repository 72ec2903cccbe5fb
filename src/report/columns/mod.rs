//! Scores as columns in Arrow's memory format: what a line of JSON holds, typed. `docs/output.md` describes them.
//!
//! All integers are signed, because Spark's Arrow has no others; numbers are rounded as in JSON, so that both say the
//! same. Pure: rows in, record batches out.

mod context;
mod evidence;
mod lists;
mod message;
mod score;

pub use message::MessageColumns;
pub use score::ScoreColumns;

use std::sync::Arc;

use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field};

/// A named column; its type is that of its values.
type Named = (Field, ArrayRef);

/// A column in which no value is missing.
fn full(name: &str, values: impl Array + 'static) -> Named {
    (Field::new(name, values.data_type().clone(), false), Arc::new(values))
}

/// A column in which values may be missing.
fn sparse(name: &str, values: impl Array + 'static) -> Named {
    (Field::new(name, values.data_type().clone(), true), Arc::new(values))
}

/// An instant, to the microsecond.
fn instant() -> DataType {
    DataType::Timestamp(arrow_schema::TimeUnit::Microsecond, Some("UTC".into()))
}

#[cfg(test)]
mod tests;
