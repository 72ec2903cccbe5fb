//! Scoring one message: probabilities, level, labels, and the words that made them.

use std::ops::Range;

use crate::{
    Label, Level, Message,
    features::{Part, Sentence, sentences},
    model::{Model, OUTPUTS, Output},
};

mod analysis;
mod evidence;
mod explain;

use analysis::Analyser;
pub use explain::{Explanation, TokenContribution};

/// What a model says of one message.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Level by the thresholds that are reached: see [`Model::level`].
    pub level: Level,
    /// Calibrated probability of each output, `0..=1`, in the order of [`Output::all`].
    pub probabilities: [f64; OUTPUTS],
    /// Labels whose threshold is reached, in the order of the codebook.
    pub labels: Vec<Label>,
    /// What carries the labels (and, where no label is reached, the level), strongest first.
    pub evidence: Vec<Evidence>,
    /// False where the text is in another language than the model's: then no level, label or evidence is stated, and
    /// the probabilities mean nothing.
    pub is_judged: bool,
}

impl Score {
    /// Of a message in another language.
    fn not_judged(probabilities: [f64; OUTPUTS]) -> Self {
        let level = Level::default();
        Self { level, probabilities, labels: Vec::new(), evidence: Vec::new(), is_judged: false }
    }

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
    /// What these words add to the logit of the output through their sentence.
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

/// Scores messages with one model, reusing its buffers.
#[derive(Debug)]
pub struct Scorer<'m> {
    model: &'m Model,
    analyser: Analyser,
}

impl<'m> Scorer<'m> {
    /// A scorer of `model`.
    pub fn new(model: &'m Model) -> Self {
        Self { model, analyser: Analyser::new(model) }
    }

    /// Scores one message. Total: any message gets a score.
    pub fn score(&mut self, message: &Message) -> Score {
        self.score_sentences(message, sentences(message))
    }

    /// Scores one message whose [`sentences`] are known already.
    pub fn score_sentences(&mut self, message: &Message, sentences: Vec<Sentence>) -> Score {
        let analysis = self.analyser.analyse(self.model, message, sentences);
        let logits = analysis.logits(self.model);
        let probabilities = logits.map(crate::model::sigmoid);
        if self.model.metadata().language == "en" && crate::is_foreign(message, &analysis.sentences) {
            return Score::not_judged(probabilities);
        }
        let reached = |output: Output| probabilities[output.index()] >= self.model.facts(output).threshold;
        let level = self.model.level(&probabilities);
        let labels: Vec<Label> =
            Label::ALL.into_iter().filter(|&label| reached(Output::Label(label))).collect();
        let evidence = evidence::find(self.model, message, &analysis, level, &labels);
        Score { level, probabilities, labels, evidence, is_judged: true }
    }

    /// The raw scores of a message before the heads, one for each output: for training heads.
    pub fn margins(&mut self, message: &Message) -> [f64; OUTPUTS] {
        self.analyser.analyse(self.model, message, sentences(message)).margins
    }

    /// Explains one output for one message, token by token.
    pub fn explain(&mut self, message: &Message, output: Output) -> Explanation {
        let analysis = self.analyser.analyse(self.model, message, sentences(message));
        explain::explain(self.model, message, &analysis, output)
    }
}

#[cfg(test)]
mod tests;
