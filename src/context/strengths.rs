//! How strongly a message presses, whatever the base rate that the text model was calibrated to.

use crate::{
    Label,
    model::{Model, OUTPUTS, Output},
};

/// How strongly each output speaks, relative to its threshold: the probability re-based so that the threshold is at
/// one half (`sigmoid(logit p − logit threshold)`), `0..=1`. So it does not depend on how rare pressure is where the
/// model was calibrated.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Strengths([f32; OUTPUTS]);

impl Strengths {
    /// The strengths of calibrated probabilities under the thresholds of `model`.
    pub fn new(probabilities: &[f64; OUTPUTS], model: &Model) -> Self {
        let mut all = [0.0; OUTPUTS];
        for output in Output::all() {
            let (p, threshold) = (probabilities[output.index()], model.facts(output).threshold);
            let (odds, against) = (p * (1.0 - threshold), threshold * (1.0 - p));
            all[output.index()] = if odds > 0.0 { (odds / (odds + against)) as f32 } else { 0.0 };
        }
        Self(all)
    }

    /// Strength of an output, `0..=1`, one half at its threshold.
    pub fn of(&self, output: Output) -> f64 {
        f64::from(self.0[output.index()])
    }

    /// The bits of all strengths, for storing them exactly.
    pub(super) fn to_bits(self) -> [u32; OUTPUTS] {
        self.0.map(f32::to_bits)
    }

    pub(super) fn from_bits(bits: [u32; OUTPUTS]) -> Self {
        Self(bits.map(f32::from_bits))
    }

    #[cfg(test)]
    pub(super) fn set(&mut self, output: Output, strength: f32) {
        self.0[output.index()] = strength;
    }

    /// Strength of a label.
    pub fn label(&self, label: Label) -> f64 {
        self.of(Output::Label(label))
    }

    /// How strongly the message presses: the stronger of levels 2 and 3.
    pub fn pressing(&self) -> f64 {
        self.of(Output::PRESSURE).max(self.of(Output::TAKEOVER_PRESSURE))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn strength_is_one_half_at_the_threshold() {
        let model = Model::embedded().unwrap();
        let mut probabilities = [0.0; OUTPUTS];
        let threshold = model.facts(Output::PRESSURE).threshold;
        probabilities[Output::PRESSURE.index()] = threshold;
        let strengths = Strengths::new(&probabilities, &model);
        assert!((strengths.pressing() - 0.5).abs() < 1e-6);
        assert_eq!(strengths.label(Label::Guilt), 0.0);
        let strengths = Strengths::new(&[1.0; OUTPUTS], &model);
        assert_eq!(strengths.pressing(), 1.0);
    }
}
