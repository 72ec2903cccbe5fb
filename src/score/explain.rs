//! Why a logit is what it is: contributions of tokens that sum to it.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::analysis::Analysis;
use crate::{
    Label, Message,
    features::{Part, Sentence, fold, for_each_token},
    model::{FeatureId, Model, Output, norm},
};

/// Why one output has the logit that it has: `baseline` plus all contributions.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What is explained.
    pub output: Output,
    /// What a message without known words gets.
    pub baseline: f64,
    /// What each token adds, by place; tokens that add nothing are left out.
    pub tokens: Vec<TokenContribution>,
    /// The logit.
    pub logit: f64,
}

/// What one token adds to a logit; what a pair of words adds is given half to each of the two.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenContribution {
    /// Subject or body.
    pub part: Part,
    /// Bytes of the subject or body.
    pub range: Range<usize>,
    /// The addition, in logits.
    pub contribution: f64,
}

/// A token of a sentence and the features that end at it.
pub(super) struct Token {
    pub(super) range: Range<usize>,
    word: Option<FeatureId>,
    pair: Option<FeatureId>,
}

/// The tokens of a sentence with ranges in the subject or body.
pub(super) fn tokens(model: &Model, message: &Message, sentence: &Sentence) -> Vec<Token> {
    let folded = fold(sentence.text(message));
    let mut tokens: Vec<Token> = Vec::new();
    for_each_token(folded.text(), &mut String::new(), |token, range| {
        let word = model.vocabulary().word(token);
        let before = tokens.last().and_then(|token| token.word);
        let pair = before.zip(word).and_then(|(first, second)| model.vocabulary().pair(first, second));
        let range = folded.original(range);
        let range = sentence.range.start + range.start..sentence.range.start + range.end;
        tokens.push(Token { range, word, pair });
    });
    tokens
}

/// Adds `weight(feature)` for each feature not yet `seen` to the tokens that form it.
pub(super) fn spread<S>(tokens: &[Token], sums: &mut [f64], seen: &mut S, weight: impl Fn(FeatureId) -> f64)
where
    S: FnMut(FeatureId) -> bool,
{
    for (i, token) in tokens.iter().enumerate() {
        if let Some(word) = token.word.filter(|&word| seen(word)) {
            sums[i] += weight(word);
        }
        if let Some(pair) = token.pair.filter(|&pair| seen(pair)) {
            let half = weight(pair) / 2.0;
            sums[i - 1] += half;
            sums[i] += half;
        }
    }
}

/// A predicate that is true the first time a feature is asked for.
pub(super) fn first_time() -> impl FnMut(FeatureId) -> bool {
    let mut seen = FxHashMap::default();
    move |feature| seen.insert(feature, ()).is_none()
}

pub(super) fn explain(model: &Model, message: &Message, analysis: &Analysis, output: Output) -> Explanation {
    let head = &model.facts(output).calibration.head;
    let mut terms = vec![(output, head.own)];
    for (label, positive) in Label::ALL.into_iter().zip(analysis.positives()) {
        let weight = head.labels[label.index()];
        if weight != 0.0 && positive > 0.0 {
            terms.push((Output::Label(label), weight));
        }
    }
    let biases: f64 = terms.iter().map(|&(term, weight)| weight * model.facts(term).calibration.bias).sum();
    Explanation {
        output,
        baseline: head.intercept + biases,
        tokens: contributions(model, message, analysis, &terms),
        logit: analysis.logits(model)[output.index()],
    }
}

fn contributions(
    model: &Model,
    message: &Message,
    analysis: &Analysis,
    terms: &[(Output, f64)],
) -> Vec<TokenContribution> {
    let mut all = Vec::new();
    let mut seen_in_message: Vec<_> = terms.iter().map(|_| first_time()).collect();
    for (i, sentence) in analysis.sentences.iter().enumerate() {
        let tokens = tokens(model, message, sentence);
        let mut sums = vec![0.0; tokens.len()];
        for (&(term, weight), seen) in terms.iter().zip(&mut seen_in_message) {
            let k = term.index();
            let unit = weight * model.facts(term).calibration.scale;
            let per_message = unit * norm(analysis.count);
            spread(&tokens, &mut sums, seen, |f| f64::from(model.weights(f).message[k]) * per_message);
            if analysis.pooled[k].chosen().any(|chosen| chosen == i) {
                let per_sentence = unit * norm(analysis.counts[i]);
                let weight = |f| f64::from(model.weights(f).sentence[k]) * per_sentence;
                spread(&tokens, &mut sums, &mut first_time(), weight);
            }
        }
        let added = tokens.into_iter().zip(sums).filter(|(_, sum)| *sum != 0.0);
        all.extend(added.map(|(token, contribution)| TokenContribution {
            part: sentence.part,
            range: token.range,
            contribution,
        }));
    }
    all
}
