//! Label files: what each message of a backlog is said to show, by a model first and then by people.
//!
//! A file holds no text, only ids and offsets, so that it can be handed on where the archive cannot. `backlog.rs`
//! makes proposals and puts them in order, `file.rs` is the wire format, `named.rs` finds the texts again,
//! `agreement.rs` and `merge.rs` compare two judgements. The schema is in `docs/labels.md`.

mod agreement;
mod backlog;
mod cell;
mod file;
mod merge;
mod named;
mod proposal;
mod row;

pub use agreement::{Agreement, Judgement, Kappa};
pub use backlog::{Backlog, Order};
pub use cell::decode as decode_cell;
pub use file::{FileFormat, LabelFile, RowError, read, write};
pub use merge::{Disagreement, Merged, merge};
pub use named::Named;
pub use proposal::{margin, name_of, propose};
pub use row::{LabelRow, Mark, Review, bytes, contradiction, scalars};
