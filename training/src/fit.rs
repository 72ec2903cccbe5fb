//! Fitting the additive model by multiple-instance learning.

use linfa::{DatasetBase, traits::Fit};
use ndarray::Array1;
use undue::model::{Output, TOP_SENTENCES, Vocabulary};

use crate::{
    example::Example,
    logistic::{FitError, Rows, SparseLogistic},
    matrix::SparseRows,
    vocabulary::tokens,
};

/// Settings of a fit.
#[derive(Debug, Clone)]
pub struct Settings {
    pub l2: f64,
    pub positive: f64,
    pub authored: f64,
    pub sentences: f64,
    pub rounds: usize,
    pub doc: f64,
    pub sent_norm: f64,
}

/// The features of each sentence of each example.
pub struct Prepared {
    pub sentences: Vec<Vec<Vec<u32>>>,
    pub documents: Vec<Vec<u32>>,
}

/// Looks the tokens of all examples up.
pub fn prepare(examples: &[&Example], vocabulary: &Vocabulary) -> Prepared {
    use rayon::prelude::*;
    let sentences: Vec<Vec<Vec<u32>>> = examples
        .par_iter()
        .map(|example| tokens(example).iter().map(|tokens| distinct(lookup(tokens, vocabulary))).collect())
        .collect();
    let documents = sentences.iter().map(|s| distinct(s.concat())).collect();
    Prepared { sentences, documents }
}

fn distinct(mut f: Vec<u32>) -> Vec<u32> {
    f.sort_unstable();
    f.dedup();
    f
}

fn lookup(tokens: &[String], vocabulary: &Vocabulary) -> Vec<u32> {
    let mut features = Vec::new();
    let mut before = None;
    for token in tokens {
        let word = vocabulary.word(token);
        features.extend(word.map(|id| id.index() as u32));
        if let (Some(a), Some(b)) = (before, word) {
            features.extend(vocabulary.pair(a, b).map(|id| id.index() as u32));
        }
        before = word;
    }
    features
}

/// weights: sentence part [0..v), document part [v..2v), bias last
pub struct Fitted {
    pub w: Array1<f64>,
    pub v: usize,
    pub doc: f64,
    pub sn: f64,
}
fn norm(n: usize, k: f64) -> f64 {
    4.0 / (n as f64 + k).max(1.0).sqrt()
}
impl Fitted {
    fn sentence(&self, f: &[u32]) -> f64 {
        f.iter().map(|&f| self.w[f as usize]).sum::<f64>() * norm(f.len(), self.sn)
    }
    fn document(&self, f: &[u32]) -> f64 {
        if self.doc == 0.0 {
            0.0
        } else {
            f.iter().map(|&f| self.w[self.v + f as usize]).sum::<f64>() * norm(f.len(), 0.0) * self.doc
        }
    }
    pub fn chosen(&self, sentences: &[Vec<u32>]) -> Vec<usize> {
        let mut order: Vec<(usize, f64)> = sentences.iter().map(|s| self.sentence(s)).enumerate().collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        let positive = order.iter().take(TOP_SENTENCES).filter(|entry| entry.1 > 0.0).count();
        order.truncate(positive.max(1));
        order.into_iter().map(|entry| entry.0).collect()
    }
    pub fn message(&self, sentences: &[Vec<u32>], document: &[u32]) -> f64 {
        let b = self.w[self.w.len() - 1];
        if sentences.is_empty() {
            return b;
        }
        b + self.document(document)
            + self.chosen(sentences).into_iter().map(|i| self.sentence(&sentences[i])).sum::<f64>()
    }
}

/// Fits one output on the examples of `part` (indices).
pub fn fit_output(
    output: Output,
    examples: &[&Example],
    prepared: &Prepared,
    part: &[usize],
    features: usize,
    settings: &Settings,
) -> Result<Fitted, FitError> {
    let mut fitted: Option<Fitted> = None;
    let (npos, nneg) = part
        .iter()
        .fold((0.0, 0.0), |(p, n), &i| if examples[i].is(output) { (p + 1.0, n) } else { (p, n + 1.0) });
    let positive_weight = settings.positive * (nneg / npos as f64).sqrt();
    for round in 0..=settings.rounds {
        let mut rows = RowSet::new(2 * features);
        for &i in part {
            let (example, sentences) = (examples[i], &prepared.sentences[i]);
            if sentences.is_empty() {
                continue;
            }
            let positive = example.is(output);
            let weight = if example.theme.is_empty() { 1.0 } else { settings.authored }
                * if positive { positive_weight } else { 1.0 };
            let shown: Vec<usize> =
                (0..sentences.len()).filter(|&s| positive && example.shows(output, s)).collect();
            let doc = (settings.doc, features as u32, &prepared.documents[i][..]);
            let none = (0.0, 0, &[][..]);
            match &fitted {
                None if positive => {
                    let carry: Vec<usize> = if shown.is_empty() {
                        (0..sentences.len().min(3)).collect()
                    } else {
                        shown.iter().copied().take(TOP_SENTENCES).collect()
                    };
                    rows.push(sentences, &carry, 1.0, weight, none, settings.sent_norm);
                }
                None => {
                    let share = (1.0 / sentences.len() as f64).min(1.0);
                    (0..sentences.len()).for_each(|s| {
                        rows.push(sentences, &[s], 0.0, weight * share, none, settings.sent_norm)
                    });
                }
                Some(fitted) => {
                    rows.push(
                        sentences,
                        &fitted.chosen(sentences),
                        f64::from(u8::from(positive)),
                        weight,
                        doc,
                        settings.sent_norm,
                    );
                    let share = settings.sentences * (1.0 / sentences.len() as f64).min(1.0);
                    if settings.sentences > 0.0 {
                        if positive {
                            shown.iter().for_each(|&s| {
                                rows.push(
                                    sentences,
                                    &[s],
                                    1.0,
                                    weight * settings.sentences,
                                    none,
                                    settings.sent_norm,
                                )
                            });
                        } else {
                            (0..sentences.len()).for_each(|s| {
                                rows.push(sentences, &[s], 0.0, weight * share, none, settings.sent_norm)
                            });
                        }
                    }
                }
            }
        }
        let fit = SparseLogistic {
            l2: settings.l2,
            max_iterations: if round == 0 { 30 } else { 40 },
            start: fitted.take().map(|f| f.w),
        };
        fitted = Some(Fitted {
            w: fit.fit(&rows.dataset())?.weights,
            v: features,
            doc: settings.doc,
            sn: settings.sent_norm,
        });
    }
    fitted.ok_or(FitError::Data("no round was run"))
}

struct RowSet {
    rows: Rows,
    targets: Vec<f64>,
    weights: Vec<f32>,
}

impl RowSet {
    fn new(features: usize) -> Self {
        Self {
            rows: Rows { features: SparseRows::new(features), bias: Vec::new() },
            targets: Vec::new(),
            weights: Vec::new(),
        }
    }

    fn push(
        &mut self,
        sentences: &[Vec<u32>],
        chosen: &[usize],
        target: f64,
        weight: f64,
        doc: (f64, u32, &[u32]),
        sn: f64,
    ) {
        let s = chosen.iter().flat_map(|&s| {
            let n = norm(sentences[s].len(), sn) as f32;
            sentences[s].iter().map(move |&f| (f, n))
        });
        let n = (norm(doc.2.len(), 0.0) * doc.0) as f32;
        let d = if doc.0 == 0.0 { &[][..] } else { doc.2 };
        self.rows.features.push(s.chain(d.iter().map(|&f| (f + doc.1, n))));
        self.rows.bias.push(1.0);
        self.targets.push(target);
        self.weights.push(weight as f32);
    }

    fn dataset(self) -> DatasetBase<Rows, Array1<f64>> {
        DatasetBase::new(self.rows, Array1::from(self.targets)).with_weights(Array1::from(self.weights))
    }
}
