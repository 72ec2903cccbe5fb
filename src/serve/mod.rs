//! Answering many programs about many messages: protocols and the pool that judges, apart from sockets.
//!
//! [`json`] is one line of JSON for each request and each answer; [`milter`] is what Postfix and Sendmail speak.
//! Both are machines that take bytes and give values, so that they are tested without a network.

pub mod json;
pub mod milter;

mod gate;
mod lines;
mod pool;

pub use gate::{Gate, Ticket};
pub use lines::{Line, Lines};
pub use pool::{Pool, Work};
