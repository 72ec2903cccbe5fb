//! From scores to probabilities, through one stage or two.

use super::{Model, OUTPUTS, Output, SecondStage, sigmoid};
use crate::{Label, encoder::Logits};

/// What a model makes of the scores of one message.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Logit of each output, in the order of [`Output::all`].
    pub logits: [f64; OUTPUTS],
    /// The encoder's logits, where it has read the message.
    pub encoder: Option<Logits>,
}

impl Judgement {
    /// Calibrated probability of each output, `0..=1`.
    pub fn probabilities(&self) -> [f64; OUTPUTS] {
        self.logits.map(sigmoid)
    }
}

impl Model {
    /// The first stage alone: many times faster, and less exact. It keeps its hash.
    pub fn into_fast(mut self) -> Self {
        if let Some(second) = self.metadata.second_stage.take() {
            for (facts, second) in self.metadata.outputs.iter_mut().zip(second.outputs) {
                facts.threshold = second.fast_threshold;
                facts.false_alarm_rate = second.fast_false_alarm_rate;
                facts.recall = second.fast_recall;
            }
        }
        self.encoder = None;
        self
    }

    /// Judges a message by the additive model's scores for it (`margins`, before any head) and, where these let it
    /// through, by what `encoder` then says of it; it says nothing where only the first stage is wanted.
    pub fn judge(&self, margins: &[f64; OUTPUTS], encoder: impl FnOnce() -> Option<Logits>) -> Judgement {
        let positives = positives(margins);
        let outputs = &self.metadata.outputs;
        let first = std::array::from_fn(|k| outputs[k].calibration.head.logit(margins[k], &positives));
        let second = self.metadata.second_stage.as_ref().filter(|second| second.passes(&first));
        let Some((second, said)) = second.and_then(|second| Some((second, encoder()?))) else {
            return Judgement { logits: first, encoder: None };
        };
        let logits = std::array::from_fn(|k| {
            let facts = &second.outputs[k];
            facts.head.logit(margins[k], &positives) + facts.encoder * said[k]
        });
        Judgement { logits, encoder: Some(said) }
    }
}

impl SecondStage {
    /// True if, by the first stage's logits, any output but `request` has the gate's share of its fast threshold.
    pub fn passes(&self, logits: &[f64; OUTPUTS]) -> bool {
        let reaches = |output: Output| {
            let k = output.index();
            sigmoid(logits[k]) >= self.gate * self.outputs[k].fast_threshold
        };
        Output::all().filter(|&output| output != Output::REQUEST).any(reaches)
    }
}

/// What speaks for each label: the positive part of its score.
pub(crate) fn positives(margins: &[f64; OUTPUTS]) -> [f64; Label::COUNT] {
    std::array::from_fn(|i| margins[i].max(0.0))
}
