//! What maintainers say of requests and of themselves, found by phrases. No learning: every rule is in `phrases.txt`.
//!
//! A phrase is a run of whole words in one sentence of the author's own words, in any case, after folding. A rule
//! says nothing about who speaks; its reader asks for that (a concession counts only from somebody who holds control).

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::{
    Message,
    features::{Sentence, fold, for_each_token},
};

/// What a phrase stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Saying {
    /// The request is, or may be, yielded to.
    Concession,
    /// Access or a role was given.
    Grant,
    /// The request is declined.
    Refusal,
    /// The speaker has little strength or time.
    Tiredness,
    /// A change was taken in, or a release made.
    Upkeep,
    /// The speaker offers or asks to be the one.
    SelfOffer,
}

impl Saying {
    /// All of them, in the order of output.
    pub const ALL: [Self; 6] =
        [Self::Concession, Self::Grant, Self::Refusal, Self::Tiredness, Self::Upkeep, Self::SelfOffer];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Concession => "concession",
            Self::Grant => "grant",
            Self::Refusal => "refusal",
            Self::Tiredness => "tiredness",
            Self::Upkeep => "upkeep",
            Self::SelfOffer => "self-offer",
        }
    }
}

/// The table; a line in brackets begins the phrases of a saying.
pub(super) const TABLE: &str = include_str!("phrases.txt");

/// Phrases by their first word, each as the words behind it with a space behind each.
static BY_FIRST: LazyLock<FxHashMap<&str, Vec<(Saying, String)>>> = LazyLock::new(|| {
    let mut map: FxHashMap<&str, Vec<(Saying, String)>> = FxHashMap::default();
    let mut saying = None;
    for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some((name, _)) = line.strip_prefix('[').and_then(|line| line.split_once(']')) {
            saying = Saying::ALL.into_iter().find(|saying| saying.name() == name);
        } else if let Some(saying) = saying {
            // A hyphen is no part of a word.
            let mut words = line.split([' ', '-']);
            let first = words.next().unwrap_or_default();
            map.entry(first).or_default().push((saying, words.map(|word| format!("{word} ")).collect()));
        }
    }
    map
});

/// Sentences that are looked at in one message: what stands behind 400 sentences is not what it is about.
const MAX_SENTENCES: usize = 400;

/// A saying and the sentence that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) saying: Saying,
    /// Number of the sentence.
    pub(super) sentence: usize,
}

/// The sayings of a message, the first sentence of each kind, in the order of the kinds.
pub(super) fn find(message: &Message, sentences: &[Sentence]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    let mut scratch = (String::new(), String::new());
    for (number, sentence) in sentences.iter().take(MAX_SENTENCES).enumerate() {
        for_each_saying(sentence.text(message), &mut scratch, |saying| {
            if all.iter().all(|found| found.saying != saying) {
                all.push(Found { saying, sentence: number });
            }
        });
    }
    all.sort_by_key(|found| found.saying);
    all
}

/// Negations and conditions that take the ground from a concession or grant: "I do not think you may be right".
const GUARDS: [&str; 4] = ["don't think", "do not think", "doubt that", "not because"];

fn for_each_saying(text: &str, (words, word): &mut (String, String), mut f: impl FnMut(Saying)) {
    words.clear();
    for_each_token(fold(text).text(), word, |token, _| {
        if token.starts_with(char::is_alphanumeric) {
            words.push_str(token);
            words.push(' ');
        }
    });
    let guarded = GUARDS.iter().any(|guard| words.contains(guard));
    let mut at = 0;
    while let Some(len) = words[at..].find(' ') {
        let behind = at + len + 1;
        for (saying, rest) in BY_FIRST.get(&words[at..at + len]).into_iter().flatten() {
            let yields = matches!(saying, Saying::Concession | Saying::Grant);
            if words[behind..].starts_with(rest.as_str()) && !(guarded && yields) {
                f(*saying);
            }
        }
        at = behind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::sentences;

    fn sayings(body: &str) -> Vec<&'static str> {
        let message = Message { body: body.into(), ..Message::default() };
        find(&message, &sentences(&message)).iter().map(|found| found.saying.name()).collect()
    }

    #[test]
    fn phrases_are_found_in_any_case_and_across_lines() {
        for (body, wanted) in [
            ("Perhaps You May\nBe Right about that.\n", vec!["concession"]),
            ("She has push access now.\n", vec!["grant"]),
            ("No: I will not hand over the project.\n", vec!["refusal"]),
            ("I\u{2019}m tired, and my health is not good.\n", vec!["tiredness"]),
            ("Applied, thanks!\n", vec!["upkeep"]),
            ("I could maintain the port.\n", vec!["self-offer"]),
            ("You may be rightly proud.\n", vec![]),
            ("> you may be right\nNo comment.\n", vec![]),
            ("I don't think you may be right.\n", vec![]),
        ] {
            assert_eq!(sayings(body), wanted, "{body}");
        }
    }

    #[test]
    fn what_stands_behind_400_sentences_is_not_looked_at() {
        let behind = |n: usize| "It rains today.\n\n".repeat(n) + "She has push access now.\n";
        assert_eq!(sayings(&behind(MAX_SENTENCES - 1)), ["grant"]);
        assert!(sayings(&behind(MAX_SENTENCES)).is_empty());
    }

    #[test]
    fn the_sentence_is_the_evidence() {
        let body = "Hello.\n\nYou are right that I am slow. Bye.\n";
        let message = Message { body: body.into(), ..Message::default() };
        let sentences = sentences(&message);
        let found = find(&message, &sentences);
        assert_eq!(sentences[found[0].sentence].text(&message), "You are right that I am slow.");
    }
}
