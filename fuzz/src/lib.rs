//! What must hold of any bytes, one function for each target. They assert more than that nothing panics: what comes out
//! is bounded, ordered, safe to show, and the same again.
//!
//! `cargo fuzz` runs them without end; `tests/fuzz_seeds/` of the project runs each over its seeds. So this file depends
//! on nothing but the library and what its tests have.

#[path = "targets/readers.rs"]
mod readers;
#[path = "targets/shown.rs"]
mod shown;
#[path = "targets/stored.rs"]
mod stored;
#[path = "targets/texts.rs"]
mod texts;
#[path = "targets/writers.rs"]
mod writers;

use std::sync::OnceLock;

use undue::model::Model;

pub use readers::{decompression, json, mail, table};
pub use stored::{context_files, labels, model};
pub use texts::{own_words, scorer};
pub use writers::report;

/// A target.
pub type Target = fn(&[u8]);

/// All targets by name.
pub const TARGETS: [(&str, Target); 10] = [
    ("mail", mail),
    ("json", json),
    ("table", table),
    ("decompression", decompression),
    ("own_words", own_words),
    ("scorer", scorer),
    ("model", model),
    ("labels", labels),
    ("context_files", context_files),
    ("report", report),
];

/// The model that is compiled in.
fn shipped() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| Model::embedded().expect("the model that is compiled in"))
}

/// The first byte, by which a target chooses what it does with the rest.
fn choice(data: &[u8]) -> (u8, &[u8]) {
    data.split_first().map_or((0, data), |(first, rest)| (*first, rest))
}
