//! Places where a sentence may hide.

use std::ops::Range;

use undue::{Level, Message, features::Part};

use crate::example::Example;

/// Words of ordinary messages around a hidden one.
const HAY_WORDS: usize = 3000;
/// Sentences of a paragraph of hay.
const PARAGRAPH: usize = 5;

/// Sentences of ordinary messages.
#[derive(Debug)]
pub struct Hay {
    sentences: Vec<String>,
}

impl Hay {
    /// The sentences of all messages of level 0, in order.
    pub fn of(examples: &[Example]) -> Self {
        let ordinary =
            examples.iter().filter(|example| example.level == Level::Ordinary && example.labels.is_empty());
        let sentences = ordinary.flat_map(|example| {
            let body = example.sentences.iter().filter(|sentence| sentence.part == Part::Body);
            body.map(|sentence| sentence.text(&example.message).to_owned())
        });
        Self { sentences: sentences.collect() }
    }

    /// The message in the middle of 3,000 words, which begin at a place that `n` tells.
    pub(super) fn around(&self, example: &Example, n: usize) -> Message {
        let start = n.wrapping_mul(7919) % self.sentences.len().max(1);
        let mut words = 0;
        let enough = |sentence: &&String| {
            let more = words < HAY_WORDS;
            words += sentence.split_whitespace().count();
            more
        };
        let hay: Vec<&str> = self.sentences[start..]
            .iter()
            .chain(&self.sentences[..start])
            .take_while(enough)
            .map(String::as_str)
            .collect();
        let paragraphs: Vec<String> = hay.chunks(PARAGRAPH).map(|sentences| sentences.join(" ")).collect();
        let (before, after) = paragraphs.split_at(paragraphs.len() / 2);
        let mut message = example.message.clone();
        if !paragraphs.is_empty() {
            message.body =
                format!("{}\n\n{}\n\n{}\n", before.join("\n\n"), message.body.trim(), after.join("\n\n"));
        }
        message
    }
}

/// The message with its pressing sentences (all own words where none is marked) wrapped by `wrap`, on lines of their
/// own.
pub(super) fn wrap(example: &Example, wrap: fn(&str) -> String) -> Message {
    let mut message = example.message.clone();
    for range in pressing(example).into_iter().rev() {
        let wrapped = wrap(&message.body[range.clone()]);
        message.body.replace_range(range, &format!("\n\n{wrapped}\n\n"));
    }
    message
}

/// The pressing sentences of the body, joined where they follow each other.
fn pressing(example: &Example) -> Vec<Range<usize>> {
    let body = example.sentences.iter().filter(|sentence| sentence.part == Part::Body);
    let all: Vec<Range<usize>> = body.map(|sentence| sentence.range.clone()).collect();
    let is_marked = |range: &&Range<usize>| {
        example.evidence.iter().any(|(_, part, marked)| {
            *part == Part::Body && marked.start < range.end && range.start < marked.end
        })
    };
    let marked: Vec<Range<usize>> = all.iter().filter(is_marked).cloned().collect();
    let chosen = if marked.is_empty() { all } else { marked };
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in chosen {
        match joined.last_mut() {
            Some(last) if example.message.body[last.end..range.start].trim().is_empty() => {
                last.end = range.end
            }
            _ => joined.push(range),
        }
    }
    joined
}

pub(super) fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
}

pub(super) fn fenced(text: &str) -> String {
    format!("```\n{text}\n```")
}

pub(super) fn commented(text: &str) -> String {
    format!("<!-- {text} -->")
}

#[cfg(test)]
mod tests {
    use undue::Label;

    use super::*;

    fn example(body: &str) -> Example {
        Example::ordinary("list", Message { body: body.into(), ..Message::default() })
    }

    #[test]
    fn marked_sentences_are_wrapped_and_others_stay() {
        let mut example = example("A first one. Do it now. At once! The end.");
        example.evidence = vec![(Label::Urgency, Part::Body, 13..31)];
        assert_eq!(
            wrap(&example, fenced).body,
            "A first one. \n\n```\nDo it now. At once!\n```\n\n The end."
        );
        example.evidence.clear();
        assert_eq!(
            wrap(&example, commented).body.trim(),
            "<!-- A first one. Do it now. At once! The end. -->"
        );
        assert_eq!(quoted("a\nb"), "> a\n> b");
    }

    #[test]
    fn hay_is_long_and_the_same_each_time() {
        let ordinary: Vec<Example> =
            (0..400).map(|i| example(&format!("The number {i} has ten words and this one too."))).collect();
        let hay = Hay::of(&ordinary);
        let needle = example("Any news?");
        let body = hay.around(&needle, 3).body;
        assert!((HAY_WORDS..HAY_WORDS + 20).contains(&body.split_whitespace().count()));
        assert!(body.contains("\n\nAny news?\n\n"));
        assert_eq!(body, hay.around(&needle, 3).body);
        assert_ne!(body, hay.around(&needle, 4).body);
    }
}
