//! Reviewing a label file: a state machine of keys, apart from any terminal and any file.
//!
//! [`Session::press`] takes a key and the time and changes the state; what is to happen outside comes back as an
//! [`Effect`]. Drawing reads the state and changes nothing.

mod key;
mod marking;
mod remarks;
mod session;

pub use key::{Effect, Key, key_of, label_of};
pub use marking::Marking;
pub use session::{Entry, Mode, Session, Text};
