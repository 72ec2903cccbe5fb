//! From text to a score.

use std::ops::Range;

use undue::{
    Message, Scorer,
    features::{Part, fold, for_each_token, judged_body, sentences},
    model::Output,
};

use super::shipped;

/// Own words: ordered, disjoint, not empty, on characters.
pub fn own_words(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let spans = undue::own_words(&text);
    check_spans(&spans, &text);
    assert_eq!(spans, undue::own_words(&text), "the same again");
}

fn check_spans(spans: &[Range<usize>], text: &str) {
    let mut end = 0;
    for span in spans {
        assert!(end <= span.start && span.start < span.end, "{spans:?}");
        assert!(text.get(span.clone()).is_some(), "{span:?} on no character of {text:?}");
        end = span.end;
    }
}

/// Tokens, sentences, score, evidence and explanation. The first line is the subject.
pub fn scorer(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    check_tokens(&text);
    let (subject, body) = text.split_once('\n').unwrap_or(("", &text));
    let message = Message {
        id: "1".into(),
        subject: subject.into(),
        body: body.into(),
        owns_subject: true,
        ..Message::default()
    };
    check_spans(&judged_body(&message), body);
    for sentence in sentences(&message) {
        assert!(!sentence.range.is_empty() && sentence.text(&message).len() == sentence.range.len());
    }
    let mut scorer = Scorer::new(shipped());
    let score = scorer.score(&message);
    assert!(score.probabilities.iter().all(|it| (0.0..=1.0).contains(it)), "{score:?}");
    for evidence in &score.evidence {
        let part = if evidence.part == Part::Subject { subject } else { body };
        assert!(part.get(evidence.range.clone()).is_some_and(|it| !it.is_empty()), "{evidence:?}");
        assert_eq!(evidence.text(&message), &part[evidence.range.clone()]);
    }
    for output in [Output::PRESSURE, Output::TAKEOVER_PRESSURE] {
        let explanation = scorer.explain(&message, output);
        let sum: f64 =
            explanation.tokens.iter().map(|it| it.contribution).sum::<f64>() + explanation.baseline;
        assert!(
            (sum - explanation.logit).abs() <= 1e-6 * (1.0 + explanation.logit.abs()),
            "{sum} {explanation:?}"
        );
    }
    assert_eq!(score, Scorer::new(shipped()).score(&message), "a scorer remembers nothing");
}

/// Folding gives ranges of the original, and tokens cover what they say in order.
fn check_tokens(text: &str) {
    let folded = fold(text);
    let (mut end, mut scratch) = (0, String::new());
    for_each_token(folded.text(), &mut scratch, |token, range| {
        assert!(!token.is_empty() && end <= range.start && range.start < range.end, "{range:?}");
        end = range.end;
        let original = folded.original(range);
        assert!(text.get(original.clone()).is_some(), "{original:?}");
    });
}
