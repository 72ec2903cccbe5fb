//! The milter protocol, version 6, as far as adding one header field needs it: what libmilter's `mfdef.h` defines and
//! Postfix speaks.
//!
//! Here since no crate would do: `indymilter` is under the GPL, and `miltr` brings an asynchronous runtime.

mod packet;
mod session;

pub use packet::{MAX_PACKET, Packets, ProtocolError, packet};
pub use session::{Session, Step, flags};
