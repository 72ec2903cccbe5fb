//! Retraining on incidents, from the command line to the store.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "retrain/crashes.rs"]
mod crashes;
#[path = "retrain/incident.rs"]
mod incident;
#[path = "retrain/labels.rs"]
mod labels;
#[path = "retrain/store.rs"]
mod store;
#[path = "retrain/util.rs"]
mod util;
