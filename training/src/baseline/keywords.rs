//! A list of phrases, as a moderator would write it down without data.

use undue::{
    Label,
    features::{fold, for_each_token},
    model::{OUTPUTS, Output},
};

use crate::{example::Example, heads::Margins};

/// One phrase a line under the name of its label in brackets; `[request]` holds phrases of plain requests.
static PHRASES: &str = include_str!("keywords.txt");

/// Phrases as tokens, padded with spaces, with the output they speak for.
struct Phrases(Vec<(Output, String)>);

/// How many different phrases of each output stand in each example.
pub(super) fn scores(examples: &[&Example]) -> Vec<Margins> {
    let phrases = Phrases::parse(PHRASES);
    examples.iter().map(|example| phrases.score(example)).collect()
}

/// The tokens of a text with a space before, between and after, so that phrases match whole words.
fn padded(text: &str) -> String {
    let mut scratch = String::new();
    let mut padded = String::from(" ");
    for_each_token(fold(text).text(), &mut scratch, |token, _| {
        padded.push_str(token);
        padded.push(' ');
    });
    padded
}

impl Phrases {
    fn parse(text: &str) -> Self {
        let mut output = None;
        let mut phrases = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                Some(name) => output = Output::all().find(|output| output.name() == name),
                None => phrases.extend(output.map(|output| (output, padded(line)))),
            }
        }
        Self(phrases)
    }

    /// Levels follow from the labels: pressure is how it is pressed, level 3 wants something asked for as well.
    fn score(&self, example: &Example) -> Margins {
        let texts: Vec<String> =
            example.sentences.iter().map(|sentence| padded(sentence.text(&example.message))).collect();
        let mut scores = [0.0; OUTPUTS];
        for (output, phrase) in &self.0 {
            if texts.iter().any(|text| text.contains(phrase.as_str())) {
                scores[output.index()] += 1.0;
            }
        }
        let sum = |asked: bool| -> f64 {
            let labels = Label::ALL.into_iter().filter(|label| label.is_request() == asked);
            labels.map(|label| scores[label.index()]).sum()
        };
        let (asked, pressed) = (sum(true), sum(false));
        scores[Output::REQUEST.index()] += asked + pressed;
        scores[Output::PRESSURE.index()] = pressed;
        scores[Output::TAKEOVER_PRESSURE.index()] = if asked > 0.0 { asked + pressed } else { 0.0 } * pressed;
        scores
    }
}

#[cfg(test)]
mod tests {
    use undue::Message;

    use super::*;

    fn example(body: &str) -> Example {
        let message = Message { id: "a".into(), body: body.into(), ..Message::default() };
        Example::ordinary("list", message)
    }

    #[test]
    fn every_label_has_phrases_and_none_is_empty() {
        let phrases = Phrases::parse(PHRASES).0;
        for label in Label::ALL {
            let count = phrases.iter().filter(|(output, _)| *output == Output::Label(label)).count();
            assert!(count >= 20, "{label} has {count}");
        }
        assert!(phrases.iter().all(|(_, phrase)| phrase.trim().len() > 2));
    }

    #[test]
    fn whole_words_are_found_in_any_case() {
        let scores =
            scores(&[&example("ANY NEWS? Please add me as maintainer."), &example("Many newsletters.")]);
        assert!(scores[0][Label::Persistence.index()] >= 1.0 && scores[0][Label::Takeover.index()] >= 1.0);
        assert!(scores[0][Output::TAKEOVER_PRESSURE.index()] > 0.0);
        assert_eq!(scores[1], [0.0; OUTPUTS]);
    }
}
