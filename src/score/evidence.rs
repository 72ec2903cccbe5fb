//! The very words that carry a label: in each sentence that was chosen for it, the run of tokens that adds most.
//!
//! Where the encoder has read the message, the sentence of its strongest window that speaks most, to both stages
//! together, goes first.

use std::collections::BTreeMap;

use super::{
    Evidence,
    analysis::Analysis,
    explain::{Token, first_time, head, spread, tokens},
};
use crate::{
    Label, Level, Message,
    model::{Model, Output, norm},
};

/// Runs shorter than this many tokens are widened: one word alone tells a reader nothing.
const MIN_TOKENS: usize = 5;

/// Evidence for every label reached, or for the level where none is; strongest first.
pub(super) fn find(
    model: &Model,
    message: &Message,
    analysis: &Analysis,
    level: Level,
    labels: &[Label],
) -> Vec<Evidence> {
    let mut outputs: Vec<Output> = labels.iter().copied().map(Output::Label).collect();
    if outputs.is_empty() && level > Level::Ordinary {
        outputs.push(Output::AtLeast(level));
    }
    let mut all = Vec::new();
    for output in outputs {
        let said = spoken(model, analysis, output);
        let telling = telling(model, message, analysis, output, &said);
        all.extend(
            telling.and_then(|i| evidence(model, message, analysis, output, i, said.get(&i).copied())),
        );
        for i in analysis.pooled[output.index()].chosen().filter(|&i| Some(i) != telling) {
            all.extend(evidence(model, message, analysis, output, i, None));
        }
    }
    all.sort_by(|a: &Evidence, b| b.contribution.total_cmp(&a.contribution));
    all
}

/// What the encoder adds to `output` for each sentence of its strongest window: what it says of the sentence by itself
/// over what it says of silence, weighted.
fn spoken(model: &Model, analysis: &Analysis, output: Output) -> BTreeMap<usize, f64> {
    let k = output.index();
    let strongest = analysis.windows.iter().max_by(|a, b| a.logits[k].total_cmp(&b.logits[k]));
    let weight = model.metadata().second_stage.as_ref().map(|second| second.outputs[k].encoder);
    let (Some(window), Some(encoder), Some(weight)) = (strongest, model.encoder(), weight) else {
        return BTreeMap::new();
    };
    let silence = encoder.read(&[])[k];
    let said = |pieces: &Vec<u32>| weight * (encoder.read(std::slice::from_ref(pieces))[k] - silence);
    window.sentences.clone().zip(window.pieces.iter().map(said)).collect()
}

/// The sentence that speaks most for `output` to both stages.
fn telling(
    model: &Model,
    message: &Message,
    analysis: &Analysis,
    output: Output,
    said: &BTreeMap<usize, f64>,
) -> Option<usize> {
    let strength = |(&i, said): (&usize, &f64)| {
        let added: f64 = additions(model, message, analysis, output, i).1.iter().sum();
        (i, said + added)
    };
    let strongest = said.iter().map(strength).max_by(|a, b| a.1.total_cmp(&b.1))?;
    (strongest.1 > 0.0).then_some(strongest.0)
}

/// The tokens of sentence `i` and what each adds to `output` through it.
fn additions(
    model: &Model,
    message: &Message,
    analysis: &Analysis,
    output: Output,
    i: usize,
) -> (Vec<Token>, Vec<f64>) {
    let k = output.index();
    let own = head(model, analysis, output).0.own;
    let unit = own * model.facts(output).calibration.scale * norm(analysis.counts[i]);
    let tokens = tokens(model, message, &analysis.sentences[i]);
    let mut sums = vec![0.0; tokens.len()];
    let weight = |feature| f64::from(model.weights(feature).sentence[k]) * unit;
    spread(&tokens, &mut sums, &mut first_time(), weight);
    (tokens, sums)
}

/// The run of tokens of sentence `i` that adds most to `output`, if any adds at all; where only the encoder speaks
/// (`said`), the whole sentence.
fn evidence(
    model: &Model,
    message: &Message,
    analysis: &Analysis,
    output: Output,
    i: usize,
    said: Option<f64>,
) -> Option<Evidence> {
    let (tokens, sums) = additions(model, message, analysis, output, i);
    let run = max_run(&sums).map(|run| widen(run, tokens.len()));
    let (start, end) = run.or(said.map(|_| (0, tokens.len())))?;
    let contribution = sums[start..end].iter().sum::<f64>() + said.unwrap_or_default();
    let range = cover(&tokens[start..end])?;
    Some(Evidence { output, part: analysis.sentences[i].part, range, contribution })
}

/// The contiguous run with the greatest positive sum (Kadane's algorithm).
fn max_run(sums: &[f64]) -> Option<(usize, usize)> {
    let mut best: Option<(f64, usize, usize)> = None;
    let (mut sum, mut start) = (0.0, 0);
    for (i, value) in sums.iter().enumerate() {
        if sum <= 0.0 {
            (sum, start) = (0.0, i);
        }
        sum += value;
        if sum > best.map_or(0.0, |best| best.0) {
            best = Some((sum, start, i + 1));
        }
    }
    best.map(|(_, start, end)| (start, end))
}

fn widen((mut start, mut end): (usize, usize), len: usize) -> (usize, usize) {
    while end - start < MIN_TOKENS.min(len) {
        if end < len {
            end += 1;
        }
        if end - start < MIN_TOKENS && start > 0 {
            start -= 1;
        }
    }
    (start, end)
}

fn cover(tokens: &[Token]) -> Option<std::ops::Range<usize>> {
    Some(tokens.first()?.range.start..tokens.last()?.range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn best_runs() {
        assert_eq!(max_run(&[-1.0, 2.0, -0.5, 3.0, -4.0, 1.0]), Some((1, 4)));
        assert_eq!(max_run(&[-1.0, -2.0]), None);
        assert_eq!(max_run(&[]), None);
    }

    #[test]
    fn short_runs_are_widened_inside_the_sentence() {
        assert_eq!(widen((3, 4), 10), (1, 6));
        assert_eq!(widen((0, 1), 3), (0, 3));
        assert_eq!(widen((9, 10), 10), (5, 10));
        assert_eq!(widen((2, 9), 10), (2, 9));
    }
}
