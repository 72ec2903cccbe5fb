//! The sums of one message: integers per sentence and message, then one score for each output.

use crate::{
    Label, Message,
    features::{Sentence, fold, for_each_token, sentences},
    model::{FeatureId, Model, OUTPUTS, Output, Pooled, norm, pool},
};

/// Sums and scores of one message.
#[derive(Debug)]
pub(super) struct Analysis {
    /// The judged sentences.
    pub(super) sentences: Vec<Sentence>,
    /// Number of distinct features in each sentence.
    pub(super) counts: Vec<usize>,
    /// Number of distinct features in the message.
    pub(super) count: usize,
    /// Which sentences carry each output.
    pub(super) pooled: [Pooled; OUTPUTS],
    /// Score of each output, before its head.
    pub(super) margins: [f64; OUTPUTS],
}

impl Analysis {
    /// What speaks for each label: the positive part of its score.
    pub(super) fn positives(&self) -> [f64; Label::COUNT] {
        std::array::from_fn(|i| self.margins[i].max(0.0))
    }

    /// The logit of each output.
    pub(super) fn logits(&self, model: &Model) -> [f64; OUTPUTS] {
        let positives = self.positives();
        let outputs = &model.metadata().outputs;
        std::array::from_fn(|k| outputs[k].calibration.head.logit(self.margins[k], &positives))
    }
}

/// Buffers for analysing message after message without allocating for each token.
#[derive(Debug)]
pub(super) struct Analyser {
    scratch: String,
    features: Vec<FeatureId>,
    /// For each feature, the number of the last message it was seen in.
    seen: Vec<u32>,
    messages: u32,
    sums: Vec<[i32; OUTPUTS]>,
}

impl Analyser {
    pub(super) fn new(model: &Model) -> Self {
        let seen = vec![0; model.vocabulary().len()];
        Self { scratch: String::new(), features: Vec::new(), seen, messages: 0, sums: Vec::new() }
    }

    pub(super) fn analyse(&mut self, model: &Model, message: &Message) -> Analysis {
        self.next_message();
        let sentences = sentences(message);
        let mut counts = Vec::with_capacity(sentences.len());
        let mut total = [0i64; OUTPUTS];
        let mut count = 0;
        for sentence in &sentences {
            self.collect(model, sentence.text(message));
            counts.push(self.features.len());
            let mut sum = [0i32; OUTPUTS];
            for &feature in &self.features {
                let weights = model.weights(feature);
                sum.iter_mut().zip(weights.sentence).for_each(|(sum, weight)| *sum += i32::from(weight));
                let seen = &mut self.seen[feature.index()];
                if *seen != self.messages {
                    *seen = self.messages;
                    count += 1;
                    total.iter_mut().zip(weights.message).for_each(|(sum, weight)| *sum += i64::from(weight));
                }
            }
            self.sums.push(sum);
        }
        let pooled = self.pool(&counts);
        let margins = margins(model, &pooled, &total, count);
        Analysis { sentences, counts, count, pooled, margins }
    }

    fn next_message(&mut self) {
        self.sums.clear();
        self.messages = self.messages.wrapping_add(1);
        if self.messages == 0 {
            self.seen.fill(0);
            self.messages = 1;
        }
    }

    /// The distinct features of a sentence, sorted.
    fn collect(&mut self, model: &Model, text: &str) {
        let Self { scratch, features, .. } = self;
        features.clear();
        let mut before = None;
        for_each_token(fold(text).text(), scratch, |token, _| {
            let word = model.vocabulary().word(token);
            features.extend(word);
            if let (Some(first), Some(second)) = (before, word) {
                features.extend(model.vocabulary().pair(first, second));
            }
            before = word;
        });
        features.sort_unstable();
        features.dedup();
    }

    fn pool(&self, counts: &[usize]) -> [Pooled; OUTPUTS] {
        let norms: Vec<f64> = counts.iter().map(|&count| norm(count)).collect();
        std::array::from_fn(|k| {
            pool(self.sums.iter().zip(&norms).map(|(sum, norm)| f64::from(sum[k]) * norm))
        })
    }
}

fn margins(
    model: &Model,
    pooled: &[Pooled; OUTPUTS],
    total: &[i64; OUTPUTS],
    count: usize,
) -> [f64; OUTPUTS] {
    let mut margins = [0.0; OUTPUTS];
    for output in Output::all() {
        let k = output.index();
        let calibration = &model.facts(output).calibration;
        let sum = pooled[k].sum + total[k] as f64 * norm(count);
        margins[k] = calibration.bias + calibration.scale * sum;
    }
    margins
}
