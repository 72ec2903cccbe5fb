//! Evaluation: scores of labelled messages that the model was not fitted on, measured and reported.

pub mod evasions;
mod evidence;
pub mod gate;
mod groups;
pub mod json;
mod measured;
pub mod plots;
mod report;
mod set;
pub mod split;
pub mod table;
mod texts;

pub use evidence::evidence;
pub use measured::{BaselineScores, measure_baseline, measure_set};
pub use report::{Evidence, Figure, ModelFacts, Offers, Report, Row, SplitReport, rounded};
pub use set::{EvaluationSet, Origin};
pub use split::Split;
pub use texts::tables_of;
pub(crate) use texts::{cell, notes_of, split_tables};
