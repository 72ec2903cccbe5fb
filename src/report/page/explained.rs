//! Why the strongest messages have their scores: words with what each adds.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    Scorer,
    context::Digest,
    features::Part,
    model::Output,
    pipeline::Scored,
    report::{one_line, rank::decisive},
};

/// Words that are listed one by one.
const WORDS: usize = 12;
/// Characters of a word.
const MAX_WORD: usize = 40;

/// What adds up to the logit of one output of one message.
#[derive(Debug)]
pub(super) struct Explained {
    pub(super) project: Arc<str>,
    pub(super) id: Box<str>,
    pub(super) author: String,
    pub(super) output: Output,
    pub(super) probability: f64,
    pub(super) baseline: f64,
    /// Words, each with all that it adds in the message, the strongest first.
    pub(super) words: Vec<(String, f64)>,
    /// How many words are not listed, and what they add together.
    pub(super) rest: (usize, f64),
    pub(super) logit: f64,
}

pub(super) fn explain(scorer: &mut Scorer<'_>, scored: &Scored, digest: &Digest) -> Explained {
    let Scored { message, score, .. } = scored;
    let output = decisive(score);
    let explanation = scorer.explain(message, output);
    let mut by_word: BTreeMap<String, f64> = BTreeMap::new();
    for token in &explanation.tokens {
        let text = match token.part {
            Part::Subject => &message.subject,
            Part::Body => &message.body,
        };
        let word = one_line(text.get(token.range.clone()).unwrap_or_default()).to_lowercase();
        *by_word.entry(word.chars().take(MAX_WORD).collect()).or_default() += token.contribution;
    }
    let mut words: Vec<_> = by_word.into_iter().collect();
    words.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
    let rest = words.split_off(words.len().min(WORDS));
    let author = &message.author;
    Explained {
        project: digest.project().clone(),
        id: digest.id().into(),
        author: if author.name.is_empty() { author.address.clone() } else { author.name.clone() },
        output,
        probability: score.probability(output),
        baseline: explanation.baseline,
        words,
        rest: (rest.len(), rest.iter().map(|(_, value)| value).sum()),
        logit: explanation.logit,
    }
}
