//! The mail stream: one header field is put in front of a message, and nothing else of it changes.
//!
//! Values in, values out: the command reads and writes. [`Editor`] removes fields of our name that came in, [`place`]
//! says where ours goes, [`Judge`] makes the [`Status`] that it states.

mod edit;
mod judge;
mod status;

pub use edit::{Editor, Place, place};
pub use judge::Judge;
pub use status::{FIELD, ModelTag, Numbers, Reason, Status, UNSURE_SHARE, Verdict};
