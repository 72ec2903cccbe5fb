//! The sums of one message: integers per sentence and message, then one score for each output; and what the encoder
//! says where these let it through.

use std::ops::Range;

use crate::{
    Message,
    encoder::{Logits, MAX_WINDOWS, windows},
    features::{Sentence, fold, for_each_token, sentences},
    model::{FeatureId, Judgement, Model, OUTPUTS, Output, Pooled, norm, pool},
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
    /// What the model makes of them.
    pub(super) judgement: Judgement,
    /// What the encoder has read; empty where it did not.
    pub(super) windows: Vec<Window>,
}

/// A message with the number of features in each sentence and in all, and the sums of its whole.
struct Counted {
    sentences: Vec<Sentence>,
    counts: Vec<usize>,
    count: usize,
    total: [i64; OUTPUTS],
}

/// Neighbouring sentences that the encoder read together.
#[derive(Debug)]
pub(super) struct Window {
    /// Which sentences.
    pub(super) sentences: Range<usize>,
    /// The pieces of each.
    pub(super) pieces: Vec<Vec<u32>>,
    /// What it said.
    pub(super) logits: Logits,
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

    /// The encoder's word on any message.
    pub(super) fn encode(&mut self, model: &Model, message: &Message) -> Option<Logits> {
        let Counted { sentences, counts, .. } = self.count(model, message);
        strongest(&self.read(model, message, &sentences, &counts)?)
    }

    pub(super) fn analyse(&mut self, model: &Model, message: &Message) -> Analysis {
        let Counted { sentences, counts, count, total } = self.count(model, message);
        let pooled = self.pool(&counts);
        let margins = margins(model, &pooled, &total, count);
        let mut windows = Vec::new();
        let judgement = model.judge(&margins, || {
            windows = self.read(model, message, &sentences, &counts)?;
            strongest(&windows)
        });
        Analysis { sentences, counts, count, pooled, margins, judgement, windows }
    }

    /// Sums the weights of every sentence and of the whole message.
    fn count(&mut self, model: &Model, message: &Message) -> Counted {
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
        Counted { sentences, counts, count, total }
    }

    /// Lets the encoder read the message: its most promising windows, in order.
    fn read(
        &self,
        model: &Model,
        message: &Message,
        sentences: &[Sentence],
        counts: &[usize],
    ) -> Option<Vec<Window>> {
        let encoder = model.encoder()?;
        let pieces: Vec<Vec<u32>> =
            sentences.iter().map(|sentence| encoder.split(sentence.text(message))).collect();
        let lengths: Vec<usize> = pieces.iter().map(Vec::len).collect();
        let mut chosen = windows(&lengths);
        if chosen.len() > MAX_WINDOWS {
            chosen.sort_by(|a, b| self.promise(counts, b).total_cmp(&self.promise(counts, a)));
            chosen.truncate(MAX_WINDOWS);
            chosen.sort_by_key(|window| window.start);
        }
        let read = |sentences: Range<usize>| {
            let pieces = pieces[sentences.clone()].to_vec();
            let logits = encoder.read(&pieces);
            Window { sentences, pieces, logits }
        };
        Some(chosen.into_iter().map(read).collect())
    }

    /// How much the strongest sentence of a window speaks for pressure.
    fn promise(&self, counts: &[usize], window: &Range<usize>) -> f64 {
        let k = Output::PRESSURE.index();
        let score = |i: usize| f64::from(self.sums[i][k]) * norm(counts[i]);
        window.clone().map(score).fold(f64::NEG_INFINITY, f64::max)
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

/// The strongest word of any window for each output; none without a window.
fn strongest(windows: &[Window]) -> Option<Logits> {
    let logits = windows.iter().map(|window| window.logits);
    logits.reduce(|a, b| std::array::from_fn(|k| a[k].max(b[k])))
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
