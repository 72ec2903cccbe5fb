//! `undue watch` from end to end: what is new is read, what changed is told, once, whatever happens in between.

#![cfg(feature = "watch")]
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "../util/mod.rs"]
mod util;

mod archives;
mod equality;
mod inbox;
mod killed;
mod reports;
mod states;
mod watched;
