//! Does an encoder earn a place as a second stage? Measured by stacking (Wolpert 1992) in cross-validation.
//!
//! Both stages' scores of a message come from fits that have not seen its source. A logistic head on the additive
//! scores, and one that has the encoder's logit besides, are fitted on four folds and judged on the fifth.

use std::{collections::HashMap, path::Path};

use anyhow::{Context, ensure};
use linfa::{Dataset, traits::Fit};
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};
use undue::model::{OUTPUTS, Output};

use crate::{
    encoder::Logits,
    evaluate::Figure,
    example::Example,
    heads::{self, Margins},
    metrics::{
        Ranking, Scored,
        bootstrap::{self, Clusters, Settings},
    },
};

/// Logits by source and id.
pub type ByMessage = HashMap<(String, String), Logits>;

/// Reads logits as `undue-train encode` writes them.
///
/// # Errors
/// If the file cannot be read or a row breaks the schema.
pub fn read(path: &Path) -> anyhow::Result<ByMessage> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    let mut all = HashMap::new();
    for (n, row) in reader.records().enumerate() {
        let row = row.with_context(|| path.display().to_string())?;
        let place = || format!("{}: row {}", path.display(), n + 1);
        ensure!(row.len() == 2 + OUTPUTS, "{}: {} columns", place(), row.len());
        let mut logits = [0.0; OUTPUTS];
        for (logit, cell) in logits.iter_mut().zip(row.iter().skip(2)) {
            *logit = cell.parse().with_context(place)?;
        }
        all.insert((row[0].to_owned(), row[1].to_owned()), logits);
    }
    Ok(all)
}

/// A message with its out-of-fold scores.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'e> {
    /// The message.
    pub example: &'e Example,
    /// Fold that tests on it.
    pub fold: usize,
    /// Scores of the additive model.
    pub margins: Margins,
    /// Logits of the encoder.
    pub encoder: Logits,
}

/// Average precision of one output.
#[derive(Debug)]
pub struct Row {
    /// The output.
    pub output: Output,
    /// Of the additive model behind its head, of the encoder alone, and of both behind one head.
    pub figures: [Figure; 3],
    /// What both have more than the additive model, paired.
    pub gain: Figure,
}

/// Measures one output; none where a fold has no positives to fit on.
///
/// # Errors
/// If a head cannot be fitted.
pub fn measure(output: Output, messages: &[Judged<'_>], settings: Settings) -> anyhow::Result<Row> {
    let additive = |it: &Judged<'_>| heads::inputs(output, &it.margins);
    let both = |it: &Judged<'_>| {
        let mut row = additive(it);
        row.push(it.encoder[output.index()]);
        row
    };
    let encoder: Vec<f64> = messages.iter().map(|it| it.encoder[output.index()]).collect();
    let scores = [crossed(output, messages, additive)?, encoder, crossed(output, messages, both)?];
    let rankings = scores.map(|scores| {
        let scored = messages.iter().zip(scores);
        Ranking::new(scored.map(|(it, score)| Scored::new(score, it.example.is(output))).collect())
    });
    let precision = |counts: &[f64]| -> Vec<f64> {
        let [a, b, c] = rankings.each_ref().map(|it| it.average_precision(&it.arrange(counts)));
        vec![a, b, c, c - a]
    };
    let clusters = Clusters::new(messages.iter().map(|it| it.example.thread()));
    let intervals = bootstrap::intervals(&clusters, settings, precision);
    let values = precision(&vec![1.0; messages.len()]);
    let mut figures = values.into_iter().zip(intervals).map(|(value, interval)| Figure::new(value, interval));
    let mut next = || figures.next().unwrap_or_else(|| Figure::new(f64::NAN, None));
    Ok(Row { output, figures: [next(), next(), next()], gain: next() })
}

/// Logits of heads that have not seen the fold of each message.
fn crossed(
    output: Output,
    messages: &[Judged<'_>],
    inputs: impl Fn(&Judged<'_>) -> Vec<f64>,
) -> anyhow::Result<Vec<f64>> {
    let mut scores = vec![0.0; messages.len()];
    let folds: std::collections::BTreeSet<usize> = messages.iter().map(|it| it.fold).collect();
    for fold in folds {
        let train: Vec<&Judged<'_>> = messages.iter().filter(|it| it.fold != fold).collect();
        let targets: Array1<bool> = train.iter().map(|it| it.example.is(output)).collect();
        let rows: Vec<f64> = train.iter().flat_map(|it| inputs(it)).collect();
        let rows = Array2::from_shape_vec((train.len(), rows.len() / train.len().max(1)), rows)?;
        let settings = LogisticRegression::default().alpha(1.0).max_iterations(200);
        let fitted = settings.fit(&Dataset::new(rows, targets)).context(output.name())?;
        let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
        for (score, it) in scores.iter_mut().zip(messages).filter(|(_, it)| it.fold == fold) {
            let row = inputs(it);
            let sum: f64 = row.iter().zip(fitted.params()).map(|(x, weight)| x * weight).sum();
            *score = sign * (sum + fitted.intercept());
        }
    }
    Ok(scores)
}

impl Row {
    /// The cells of a table.
    pub fn cells(&self) -> Vec<String> {
        let cell = |figure: &Figure| crate::evaluate::cell(Some(figure));
        let figures = self.figures.iter().chain([&self.gain]).map(cell);
        std::iter::once(self.output.to_string()).chain(figures).collect()
    }

    /// True if the encoder adds at least `wanted`.
    pub fn earns(&self, wanted: f64) -> bool {
        self.gain.0.is_some_and(|gain| gain >= wanted)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use undue::{Level, Message};

    use super::*;

    #[test]
    fn an_encoder_that_knows_what_the_additive_model_does_not_earns_its_place() {
        let level = |positive| if positive { Level::Pressure } else { Level::Ordinary };
        let examples: Vec<Example> = (0..200)
            .map(|i| {
                let message = Message { id: i.to_string(), ..Message::default() };
                Example { level: level(i % 4 == 0), ..Example::ordinary("list", message) }
            })
            .collect();
        let judged = |knows: bool| -> Vec<Judged<'_>> {
            let one = |(i, example): (usize, &'_ Example)| -> (usize, f64) {
                let told = if knows == example.is(Output::PRESSURE) { 1.0 } else { -1.0 };
                (i, if knows { told } else { f64::from(u8::from(i % 3 == 0)) })
            };
            let it = |(i, example)| {
                let (i, logit) = one((i, example));
                Judged { example, fold: i % 5, margins: [(i % 7) as f64; OUTPUTS], encoder: [logit; OUTPUTS] }
            };
            examples.iter().enumerate().map(it).collect()
        };
        let settings = Settings { seed: 1, resamples: 20 };
        let row = |knows| measure(Output::PRESSURE, &judged(knows), settings).unwrap();
        assert!(row(true).earns(0.5), "{:?}", row(true));
        assert!(!row(false).earns(0.1), "{:?}", row(false));
    }
}
