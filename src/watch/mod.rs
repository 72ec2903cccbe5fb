//! Watching archives: what was read is remembered between runs, so that only what is new is read and told.
//!
//! The state is one SQLite file. It holds, of every message, its digest and what ties it to its thread, some hundred
//! bytes; not its text. The context of a run is made of these, in the order in which a full run would read them, so
//! that it is the same as that of a full run by construction.
//!
//! A run has four steps, and each ends with a transaction, so that being killed at any moment loses nothing and tells
//! nothing twice: (1) what is new is read, in batches, and what is worth telling waits in the state; (2) the context
//! is made and its campaigns are compared with what was told of them; (3) the report is put into the state; (4) it is
//! written, and noted as written. A report whose writing was cut short is not written again of itself, unless what
//! is there of it can be read (a file).
//!
//! | file | what it holds |
//! |---|---|
//! | `state`, `schema` | the database, who may use it, and with which model |
//! | `unit`, `plan` | archives as they were left, and what is new in them |
//! | `read` | the records of all that is new, one after the other |
//! | `intake`, `identity` | which message is new, which is known, which has moved |
//! | `judge`, `told` | the context, and what has changed since it was last told |
//! | `delivery` | reports that are on their way |

mod delivery;
mod identity;
mod intake;
mod judge;
mod plan;
mod read;
mod schema;
mod state;
mod told;
mod unit;

pub use delivery::{Delivery, Pending};
pub use intake::{Counts, Observer, read};
pub use judge::judge;
pub use state::{Opening, State};
pub use told::Change;

use crate::{Error, ErrorKind};

impl From<rusqlite::Error> for Error {
    fn from(err: rusqlite::Error) -> Self {
        ErrorKind::State(err.to_string()).into()
    }
}

fn broken(what: impl std::fmt::Display) -> Error {
    ErrorKind::State(what.to_string()).into()
}
