//! The sums of one message: integers per sentence and message, then one score for each output.

use crate::{
    Label, Message,
    features::{Sentence, fold, for_each_token},
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
    /// For each feature, the number of the last sentence it was seen in. Sentences are numbered from 1 on, over all
    /// messages, so that one look tells whether a feature is new to the sentence and whether it is to the message.
    seen: Vec<u32>,
    sentences: u32,
    sums: Vec<[i32; OUTPUTS]>,
}

/// What a sentence adds up to.
struct Sums {
    /// Weights of its distinct features where they stand in a sentence. A sentence is a few kilobytes at most, so that
    /// 32 bits hold any sum.
    sentence: [i32; OUTPUTS],
    /// Weights in the message of those that are new to it.
    message: [i32; OUTPUTS],
    /// Number of distinct features.
    count: usize,
    /// Number of those that are new to the message.
    fresh: usize,
}

impl Analyser {
    pub(super) fn new(model: &Model) -> Self {
        let seen = vec![0; model.vocabulary().len()];
        Self { scratch: String::new(), seen, sentences: 0, sums: Vec::new() }
    }

    pub(super) fn analyse(&mut self, model: &Model, message: &Message, sentences: Vec<Sentence>) -> Analysis {
        let first = self.next_message(sentences.len());
        let mut counts = Vec::with_capacity(sentences.len());
        let mut total = [0i64; OUTPUTS];
        let mut count = 0;
        for sentence in &sentences {
            let sums = self.sum(model, sentence.text(message), first);
            counts.push(sums.count);
            count += sums.fresh;
            total.iter_mut().zip(sums.message).for_each(|(total, sum)| *total += i64::from(sum));
            self.sums.push(sums.sentence);
        }
        let pooled = self.pool(&counts);
        let margins = margins(model, &pooled, &total, count);
        Analysis { sentences, counts, count, pooled, margins }
    }

    /// The number of the first of the so many sentences to come.
    fn next_message(&mut self, sentences: usize) -> u32 {
        self.sums.clear();
        if u32::try_from(sentences).is_ok_and(|n| self.sentences.checked_add(n).is_none()) {
            self.seen.fill(0);
            self.sentences = 0;
        }
        self.sentences + 1
    }

    /// Adds up one sentence of the message whose first sentence is number `first`.
    fn sum(&mut self, model: &Model, text: &str, first: u32) -> Sums {
        let Self { scratch, seen, sentences, .. } = self;
        *sentences += 1;
        let mut sums = Sums { sentence: [0; OUTPUTS], message: [0; OUTPUTS], count: 0, fresh: 0 };
        let vocabulary = model.vocabulary();
        let mut add = |feature: FeatureId| {
            let last = std::mem::replace(&mut seen[feature.index()], *sentences);
            if last == *sentences {
                return;
            }
            let row = model.row(feature);
            sums.count += 1;
            row.add_sentence(&mut sums.sentence);
            if last < first {
                sums.fresh += 1;
                row.add_message(&mut sums.message);
            }
        };
        let mut before = None;
        for_each_token(fold(text).text(), scratch, |token, _| {
            let word = vocabulary.word(token);
            if let Some(second) = word {
                add(second);
                if let Some(pair) = before.and_then(|first| vocabulary.pair(first, second)) {
                    add(pair);
                }
            }
            before = word;
        });
        sums
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
