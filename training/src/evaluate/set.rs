//! Labelled messages with the probabilities that a model gave them.

use undue::model::{Model, OUTPUTS, Output};

use crate::{
    example::{Example, RANDOM},
    heads::{self, Margins},
    metrics::{Ranking, Scored, bootstrap::Clusters},
};

/// Labelled messages, their probabilities, and what each stands for.
#[derive(Debug)]
pub struct EvaluationSet {
    /// Name of the split.
    pub name: String,
    /// The messages.
    pub examples: Vec<Example>,
    /// Indices of the messages that the main figures are of.
    pub main: Vec<usize>,
    /// Probability of each output for each message.
    pub probabilities: Vec<Margins>,
    /// Messages of the wild that each stands for.
    pub weights: Vec<f64>,
    /// How the scores relate to what the artifact was fitted on.
    pub origin: Origin,
}

/// Probabilities of a message in another language than the model's: no alarm, whatever the threshold.
pub(super) const NOT_JUDGED: Margins = [0.0; OUTPUTS];

/// How scores relate to what an artifact was fitted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Scores of models refitted without the source of each message.
    Refitted,
    /// Scores of the artifact, on a file that is not among its inputs.
    Unseen,
    /// Scores of the artifact, on a file that it was fitted on: they flatter it.
    FittedOn,
}

impl EvaluationSet {
    /// A set of messages that all count alike.
    pub fn alike(name: &str, examples: Vec<Example>, probabilities: Vec<Margins>) -> Self {
        let main = (0..examples.len()).collect();
        let weights = vec![1.0; examples.len()];
        Self { name: name.into(), examples, main, probabilities, weights, origin: Origin::Unseen }
    }

    /// Probability of `output` for message `i`.
    pub fn probability(&self, output: Output, i: usize) -> f64 {
        self.probabilities[i][output.index()]
    }

    /// True if false alarms are counted on the random stratum; else on all messages.
    pub fn has_random_stratum(&self) -> bool {
        self.main.iter().any(|&i| self.examples[i].stratum == RANDOM)
    }

    /// The messages `part`, ranked by `score`.
    pub fn ranking(&self, output: Output, part: &[usize], score: impl Fn(usize) -> f64) -> Ranking {
        let all_random = !self.has_random_stratum();
        let scored = part.iter().map(|&i| Scored {
            score: score(i),
            positive: self.examples[i].is(output),
            weight: self.weights[i],
            random: all_random || self.examples[i].stratum == RANDOM,
        });
        Ranking::new(scored.collect())
    }

    /// The threads of the messages `part`.
    pub fn clusters(&self, part: &[usize]) -> Clusters {
        Clusters::new(part.iter().map(|&i| self.examples[i].thread()))
    }
}

/// Probabilities by the heads of `model`.
pub(super) fn probabilities(model: &Model, margins: &Margins) -> Margins {
    let mut probabilities = [0.0; OUTPUTS];
    for output in Output::all() {
        let head = &model.facts(output).calibration.head;
        probabilities[output.index()] = heads::sigmoid(heads::logit(output, head, margins));
    }
    probabilities
}
