//! Pressing messages whose text is kept until it is known which of them a report shows.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{
    excerpt::{self, Piece},
    places::file_name,
};
use crate::{
    Label, Level, Position, context::Digest, model::Output, pipeline::Scored, report::rank::decisive,
};

/// Messages that are kept, the strongest; some 8 KiB each at most.
const CAPACITY: usize = 4_096;
/// Bytes of names and places that are kept.
const MAX_NAME: usize = 512;

/// A message as a report shows it.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) id: Box<str>,
    /// List or repository.
    pub(super) project: Arc<str>,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) role: String,
    /// RFC 3339 with the sender's offset; empty if unknown.
    pub(super) date: String,
    pub(super) subject: Vec<Piece>,
    pub(super) body: Vec<Piece>,
    pub(super) level: Level,
    pub(super) labels: Vec<Label>,
    /// Probability of level 2 or more.
    pub(super) pressure: f64,
    /// Probability of level 3.
    pub(super) takeover_pressure: f64,
    /// The output by whose probability it is ranked within its level.
    pub(super) output: Output,
    /// That probability.
    pub(super) decisive: f64,
    /// Name of the file, ordinal, offset.
    pub(super) place: String,
    strength: f64,
    pub(super) ordinal: u64,
}

/// The strongest pressing messages.
#[derive(Debug, Default)]
pub(super) struct Store {
    kept: Vec<Kept>,
    ordinal: u64,
}

impl Store {
    pub(super) fn push(&mut self, scored: &Scored, digest: &Digest) {
        self.ordinal += 1;
        if !digest.presses() {
            return;
        }
        self.kept.push(kept(scored, digest, self.ordinal));
        if self.kept.len() >= 2 * CAPACITY {
            self.trim();
        }
    }

    fn trim(&mut self) {
        self.kept.sort_by(|a, b| b.strength.total_cmp(&a.strength).then(a.ordinal.cmp(&b.ordinal)));
        self.kept.truncate(CAPACITY);
    }

    /// By list and id.
    pub(super) fn finish(mut self) -> FxHashMap<(Arc<str>, Box<str>), Kept> {
        self.trim();
        let key = |it: &Kept| (it.project.clone(), it.id.clone());
        self.kept.into_iter().map(|it| (key(&it), it)).collect()
    }
}

/// The place without the directory.
fn place(position: &Position) -> String {
    let path = position.path.to_string_lossy();
    format!("{}: message {}, byte {}", file_name(&path), position.ordinal, position.offset)
}

fn kept(Scored { message, score, .. }: &Scored, digest: &Digest, ordinal: u64) -> Kept {
    let cut = |text: &str| text[..text.floor_char_boundary(MAX_NAME)].to_owned();
    Kept {
        id: digest.id().into(),
        project: digest.project().clone(),
        name: cut(&message.author.name),
        address: cut(&message.author.address),
        role: cut(&message.author.role),
        date: message.date.map(|date| date.to_string()).unwrap_or_default(),
        subject: excerpt::subject(message, score),
        body: excerpt::body(message, score),
        level: score.level,
        labels: score.labels.clone(),
        pressure: score.probability(Output::PRESSURE),
        takeover_pressure: score.probability(Output::TAKEOVER_PRESSURE),
        output: decisive(score),
        decisive: score.probability(decisive(score)),
        place: cut(&place(&message.position)),
        strength: digest.strengths().pressing(),
        ordinal,
    }
}
