//! The very words that carry a label: in each sentence that was chosen for it, the run of tokens that adds most.

use super::{
    Evidence,
    analysis::Analysis,
    explain::{Token, first_time, spread, tokens},
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
        for i in analysis.pooled[output.index()].chosen() {
            all.extend(best_run(model, message, analysis, output, i));
        }
    }
    all.sort_by(|a: &Evidence, b| b.contribution.total_cmp(&a.contribution));
    all
}

/// The run of tokens of sentence `i` that adds most to `output`, if any adds at all.
fn best_run(
    model: &Model,
    message: &Message,
    analysis: &Analysis,
    output: Output,
    i: usize,
) -> Option<Evidence> {
    let k = output.index();
    let calibration = &model.facts(output).calibration;
    let unit = calibration.head.own * calibration.scale * norm(analysis.counts[i]);
    let sentence = &analysis.sentences[i];
    let tokens = tokens(model, message, sentence);
    let mut sums = vec![0.0; tokens.len()];
    let weight = |feature| f64::from(model.weights(feature).sentence[k]) * unit;
    spread(&tokens, &mut sums, &mut first_time(), weight);
    let (start, end) = widen(max_run(&sums)?, tokens.len());
    let contribution = sums[start..end].iter().sum();
    let range = cover(&tokens[start..end])?;
    Some(Evidence { output, part: sentence.part, range, contribution })
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
