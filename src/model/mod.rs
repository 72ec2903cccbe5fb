//! The additive model: one small integer weight per token and output, summed per sentence.
//!
//! A text's features are its distinct words and pairs of neighbouring words; its score is the sum of their weights
//! over the root of their number ([`norm`]). The score of a message is a bias, plus the score of all its own words
//! (its tone), plus the scores of its strongest sentences (at most [`TOP_SENTENCES`] that speak for the output, or
//! the single best one if none does), as in multiple-instance learning (Andrews, Tsochantaridis & Hofmann 2003). A
//! logistic head makes it a probability. All of this is linear in the features, so the explanation is the score.

use std::sync::OnceLock;

mod artifact;
mod head;
mod metadata;
mod output;
mod pool;
mod vocabulary;

pub use head::Head;
pub(crate) use head::sigmoid;
pub use metadata::{Calibration, Metadata, OutputFacts, TrainingFacts};
pub use output::{OUTPUTS, Output};
pub use pool::{Pooled, TOP_SENTENCES, pool};
pub use vocabulary::{FeatureId, Vocabulary};
pub(crate) use vocabulary::{Found, WordKey};

use artifact::{Artifact, Row};

use crate::{
    error::Result,
    label::{Label, Level},
};

/// The weights of one feature, for each [`Output`], in units of [`Calibration::scale`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    /// Weights where the feature stands in a sentence.
    pub sentence: [i16; OUTPUTS],
    /// Weights where it stands anywhere in the message.
    pub message: [i16; OUTPUTS],
}

/// What a sum over `features` distinct features is multiplied with: 4 over the root of their number, so that long
/// texts do not score high by length alone. (The 4 only sets the unit of the weights.)
pub fn norm(features: usize) -> f64 {
    4.0 / (features.max(1) as f64).sqrt()
}

/// A trained model, complete: vocabulary, weights, heads, thresholds, and facts about its training.
#[derive(Debug)]
pub struct Model {
    pub(crate) metadata: Metadata,
    pub(crate) vocabulary: Vocabulary,
    /// The weights, one row for each feature of the vocabulary: words first, then pairs.
    artifact: Artifact,
    hash: OnceLock<String>,
}

/// The artifact that is compiled into the library.
static EMBEDDED: &[u8] = include_bytes!("../../models/undue-en/model.undue");

impl Model {
    /// The model that is compiled in.
    ///
    /// # Errors
    /// Only if the program file itself is damaged.
    pub fn embedded() -> Result<Self> {
        artifact::read_trusted(EMBEDDED)
    }

    /// Reads an artifact. Any corruption, another format version or a wrong size is refused.
    ///
    /// # Errors
    /// [`ErrorKind::Model`](crate::ErrorKind::Model), saying what is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        artifact::read(bytes.to_vec())
    }

    /// A model from its parts.
    ///
    /// # Errors
    /// If the parts do not fit each other.
    pub fn new(metadata: Metadata, vocabulary: Vocabulary, weights: Vec<Weights>) -> Result<Self> {
        artifact::read(artifact::write(&metadata, &vocabulary, &weights)?)
    }

    /// The artifact's bytes; [`Model::from_bytes`] gives back an equal model.
    ///
    /// # Errors
    /// None at present.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        Ok(self.artifact.bytes().to_vec())
    }

    /// Facts about the model and its training.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Name, calibration and threshold of an output.
    pub fn facts(&self, output: Output) -> &OutputFacts {
        &self.metadata.outputs[output.index()]
    }

    /// Sets another threshold than that of the artifact. What was measured is not true of it: false-alarm rate and
    /// recall become NaN. The hash stays that of the artifact.
    pub fn set_threshold(&mut self, output: Output, threshold: f64) {
        let facts = &mut self.metadata.outputs[output.index()];
        (facts.threshold, facts.false_alarm_rate, facts.recall) = (threshold, f64::NAN, f64::NAN);
    }

    /// The level of a message with these probabilities, in the order of [`Output::all`].
    ///
    /// The highest level is what the codebook says it is: pressure, for control or past review. So it needs the
    /// thresholds of pressure and of one of these two labels besides its own, which is low, for it has few examples,
    /// and would alone call polite offers pressing.
    pub fn level(&self, probabilities: &[f64; OUTPUTS]) -> Level {
        let reached = |output: Output| probabilities[output.index()] >= self.facts(output).threshold;
        let is_asked =
            || [Label::Takeover, Label::Bypass].into_iter().any(|label| reached(Output::Label(label)));
        match reached(Output::PRESSURE) {
            true if reached(Output::TAKEOVER_PRESSURE) && is_asked() => Level::TakeoverPressure,
            true => Level::Pressure,
            false if reached(Output::REQUEST) => Level::Request,
            false => Level::Ordinary,
        }
    }

    /// Its words and pairs.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The weights of a feature.
    pub fn weights(&self, feature: FeatureId) -> Weights {
        self.row(feature).weights()
    }

    /// The weights of a feature, to be added up.
    #[inline]
    pub(crate) fn row(&self, feature: FeatureId) -> Row<'_> {
        self.artifact.row(feature.index())
    }

    /// SHA-256 of the artifact, in hexadecimal: the model's identity.
    pub fn hash(&self) -> &str {
        self.hash.get_or_init(|| self.artifact.hash())
    }
}
