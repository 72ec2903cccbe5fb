//! Scoring one message: probabilities, level, labels, and the words that made them.

use std::ops::Range;

use crate::{
    Label, Level, Message,
    features::Part,
    model::{Model, OUTPUTS, Output},
};

/// What a model says of one message.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Strongest level whose threshold is reached.
    pub level: Level,
    /// Calibrated probability of each output, `0..=1`, in the order of [`Output::all`].
    pub probabilities: [f64; OUTPUTS],
    /// Labels whose threshold is reached, in the order of the codebook.
    pub labels: Vec<Label>,
    /// What carries the labels (and, where no label is reached, the level), strongest first.
    pub evidence: Vec<Evidence>,
}

impl Score {
    /// Probability of an output.
    pub fn probability(&self, output: Output) -> f64 {
        self.probabilities[output.index()]
    }
}

/// The very words that carry an output.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// What it speaks for.
    pub output: Output,
    /// Subject or body.
    pub part: Part,
    /// Bytes of the subject or body.
    pub range: Range<usize>,
    /// What these words add to the logit of the output.
    pub contribution: f64,
}

impl Evidence {
    /// The words.
    pub fn text<'m>(&self, message: &'m Message) -> &'m str {
        match self.part {
            Part::Subject => &message.subject[self.range.clone()],
            Part::Body => &message.body[self.range.clone()],
        }
    }
}

/// Why one output has the logit that it has. The terms sum to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What is explained.
    pub output: Output,
    /// What a message without known words gets, and the biases of the sentences that were chosen.
    pub baseline: f64,
    /// Contribution of each token of the chosen sentences, by place.
    pub tokens: Vec<TokenContribution>,
    /// Sum of all: the logit.
    pub logit: f64,
}

/// What one token adds to a logit; a pair of words counts half for each of the two.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenContribution {
    /// Subject or body.
    pub part: Part,
    /// Bytes of the subject or body.
    pub range: Range<usize>,
    /// The addition, in logits.
    pub contribution: f64,
}

/// Scores messages with one model, reusing its buffers.
#[derive(Debug)]
pub struct Scorer<'m> {
    model: &'m Model,
}

impl<'m> Scorer<'m> {
    /// A scorer of `model`.
    pub fn new(model: &'m Model) -> Self {
        Self { model }
    }

    /// Scores one message. Total: any message gets a score.
    pub fn score(&mut self, message: &Message) -> Score {
        let _ = (self.model, message);
        Score {
            level: Level::Ordinary,
            probabilities: [0.0; OUTPUTS],
            labels: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// Explains one output for one message, token by token.
    pub fn explain(&mut self, message: &Message, output: Output) -> Explanation {
        let _ = message;
        Explanation { output, baseline: 0.0, tokens: Vec::new(), logit: 0.0 }
    }
}
