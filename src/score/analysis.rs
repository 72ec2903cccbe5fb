//! The sums of one message: integers per sentence and message, then one score for each output.

use crate::{
    Label, Message,
    features::{Sentence, fold, for_each_token},
    model::{FeatureId, Found, Model, OUTPUTS, Output, Pooled, WordKey, norm, pool},
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
///
/// The tables of a model are larger than the near caches, and nearly every look-up waits for memory. So each step is
/// done for the whole message before the next one begins: then many look-ups wait together.
#[derive(Debug)]
pub(super) struct Analyser {
    scratch: String,
    /// The words of the message, known or not, and where those of each sentence end.
    keys: Vec<WordKey>,
    ends: Vec<usize>,
    found: Found,
    /// The features of each sentence, one sentence after the other, and where those of each end.
    features: Vec<FeatureId>,
    feature_ends: Vec<usize>,
    /// For each feature, the number of the last sentence it was seen in. Sentences are numbered from 1 on, over many
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

impl Sums {
    /// Adds up sentence number `sentence` of the message whose first one is number `first`.
    fn of(features: &[FeatureId], model: &Model, seen: &mut [u32], sentence: u32, first: u32) -> Self {
        let mut sums = Self { sentence: [0; OUTPUTS], message: [0; OUTPUTS], count: 0, fresh: 0 };
        for &feature in features {
            let last = std::mem::replace(&mut seen[feature.index()], sentence);
            if last == sentence {
                continue;
            }
            let row = model.row(feature);
            sums.count += 1;
            row.add_sentence(&mut sums.sentence);
            if last < first {
                sums.fresh += 1;
                row.add_message(&mut sums.message);
            }
        }
        sums
    }
}

impl Analyser {
    pub(super) fn new(model: &Model) -> Self {
        Self {
            scratch: String::new(),
            keys: Vec::new(),
            ends: Vec::new(),
            found: Found::default(),
            features: Vec::new(),
            feature_ends: Vec::new(),
            seen: vec![0; model.vocabulary().len()],
            sentences: 0,
            sums: Vec::new(),
        }
    }

    pub(super) fn analyse(&mut self, model: &Model, message: &Message, sentences: Vec<Sentence>) -> Analysis {
        self.collect_words(model, message, &sentences);
        self.collect_features(model);
        let mut counts = Vec::with_capacity(sentences.len());
        let (count, total) = self.add_up(model, &mut counts);
        let pooled = self.pool(&counts);
        let margins = margins(model, &pooled, &total, count);
        Analysis { sentences, counts, count, pooled, margins }
    }

    fn collect_words(&mut self, model: &Model, message: &Message, sentences: &[Sentence]) {
        let Self { scratch, keys, ends, .. } = self;
        keys.clear();
        ends.clear();
        for sentence in sentences {
            let folded = fold(sentence.text(message));
            for_each_token(folded.text(), scratch, |token, _| keys.push(model.vocabulary().key(token)));
            ends.push(keys.len());
        }
    }

    /// Known words and known pairs of neighbours, repeated ones as often as they are.
    fn collect_features(&mut self, model: &Model) {
        let Self { keys, ends, found, features, feature_ends, seen, .. } = self;
        features.clear();
        feature_ends.clear();
        let mut start = 0;
        for &end in ends.iter() {
            model.vocabulary().features_of(&keys[start..end], found, features);
            feature_ends.push(features.len());
            start = end;
        }
        // Asks for all rows at once, so that they are near when they are added up.
        let touched = features
            .iter()
            .fold(0, |touched, &feature| touched ^ model.row(feature).touch() ^ seen[feature.index()] as u8);
        std::hint::black_box(touched);
    }

    /// The sums of each sentence; gives how many distinct features the message has and what they add up to.
    fn add_up(&mut self, model: &Model, counts: &mut Vec<usize>) -> (usize, [i64; OUTPUTS]) {
        let first = self.next_message();
        let (mut count, mut total) = (0, [0i64; OUTPUTS]);
        let mut start = 0;
        for &end in &self.feature_ends {
            self.sentences += 1;
            let features = &self.features[start..end];
            let sums = Sums::of(features, model, &mut self.seen, self.sentences, first);
            counts.push(sums.count);
            count += sums.fresh;
            total.iter_mut().zip(sums.message).for_each(|(total, sum)| *total += i64::from(sum));
            self.sums.push(sums.sentence);
            start = end;
        }
        (count, total)
    }

    /// The number of the first sentence of the message.
    fn next_message(&mut self) -> u32 {
        self.sums.clear();
        let sentences = u32::try_from(self.feature_ends.len()).unwrap_or(u32::MAX);
        if self.sentences.checked_add(sentences).is_none() {
            self.seen.fill(0);
            self.sentences = 0;
        }
        self.sentences + 1
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
