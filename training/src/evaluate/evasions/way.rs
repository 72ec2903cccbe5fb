//! The ways in which messages are rewritten.

use undue::{Message, features::Part};

use super::{
    hide::{self, Hay},
    spell,
};
use crate::example::Example;

/// A cheap way to keep a machine from reading what people still read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Full-width letters, digits and signs.
    FullWidth,
    /// Cyrillic letters that look like Latin ones.
    LookAlikes,
    /// A zero-width space between any two letters.
    ZeroWidth,
    /// Soft hyphens in words.
    SoftHyphens,
    /// Digits for the vowels inside words.
    Leet,
    /// Words with spaces between their letters.
    Spaced,
    /// Words with hyphens between their letters.
    Hyphened,
    /// Other marks for apostrophes.
    Apostrophes,
    /// Character references for all letters.
    Entities,
    /// Upper and lower case in turn.
    MixedCase,
    /// One letter of each word three times.
    DrawnOut,
    /// Among 3,000 words of ordinary messages.
    LongText,
    /// The pressing sentences behind `>`, quoting nothing.
    Quote,
    /// The pressing sentences in a code fence.
    Fence,
    /// The pressing sentences in an HTML comment.
    Comment,
}

impl Way {
    /// All ways.
    pub const ALL: [Self; 15] = [
        Self::FullWidth,
        Self::LookAlikes,
        Self::ZeroWidth,
        Self::SoftHyphens,
        Self::Leet,
        Self::Spaced,
        Self::Hyphened,
        Self::Apostrophes,
        Self::Entities,
        Self::MixedCase,
        Self::DrawnOut,
        Self::LongText,
        Self::Quote,
        Self::Fence,
        Self::Comment,
    ];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::FullWidth => "full-width",
            Self::LookAlikes => "look-alikes",
            Self::ZeroWidth => "zero-width",
            Self::SoftHyphens => "soft-hyphens",
            Self::Leet => "leet",
            Self::Spaced => "spaced",
            Self::Hyphened => "hyphened",
            Self::Apostrophes => "apostrophes",
            Self::Entities => "entities",
            Self::MixedCase => "mixed-case",
            Self::DrawnOut => "drawn-out",
            Self::LongText => "long-text",
            Self::Quote => "quote",
            Self::Fence => "fence",
            Self::Comment => "comment",
        }
    }

    /// The message rewritten, or none where there is nothing to rewrite. `n` says which part of `hay` is taken.
    pub fn rewrite(self, example: &Example, n: usize, hay: &Hay) -> Option<Message> {
        let message = match self {
            Self::LongText => hay.around(example, n),
            Self::Quote => hide::wrap(example, hide::quoted),
            Self::Fence => hide::wrap(example, hide::fenced),
            Self::Comment => hide::wrap(example, hide::commented),
            _ => respelt(example, |text| self.spell(text)),
        };
        (message != example.message).then_some(message)
    }

    fn spell(self, text: &str) -> String {
        match self {
            Self::FullWidth => spell::chars(text, spell::full_width),
            Self::LookAlikes => spell::chars(text, spell::look_alike),
            Self::ZeroWidth => spell::words(text, |word| spell::between(word, 1, "\u{200B}")),
            Self::SoftHyphens => spell::words(text, |word| spell::between(word, 3, "\u{AD}")),
            Self::Leet => spell::words(text, spell::leet),
            Self::Spaced => spell::words(text, |word| spell::between(word, 1, " ")),
            Self::Hyphened => spell::words(text, |word| spell::between(word, 1, "-")),
            Self::Apostrophes => spell::apostrophes(text),
            Self::Entities => spell::entities(text),
            Self::MixedCase => spell::words(text, spell::mixed_case),
            Self::DrawnOut => spell::words(text, spell::drawn_out),
            _ => text.to_owned(),
        }
    }
}

/// The message with every judged sentence spelt by `spell`.
fn respelt(example: &Example, spell: impl Fn(&str) -> String) -> Message {
    let mut message = example.message.clone();
    for sentence in example.sentences.iter().rev() {
        let text = match sentence.part {
            Part::Subject => &mut message.subject,
            Part::Body => &mut message.body,
        };
        let spelt = spell(&text[sentence.range.clone()]);
        text.replace_range(sentence.range.clone(), &spelt);
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_changes_own_words_alone() {
        let body = "> They don't care.\nPlease merge this now, I can't wait.\n";
        let example = Example::ordinary("list", Message { body: body.into(), ..Message::default() });
        let hay = Hay::of(&[Example::ordinary(
            "list",
            Message { body: "Words of others.".into(), ..Message::default() },
        )]);
        for way in Way::ALL {
            let message = way.rewrite(&example, 0, &hay).unwrap();
            assert!(message.body.contains("> They don't care."), "{}", way.name());
            assert_ne!(message.body, body, "{}", way.name());
        }
    }

    #[test]
    fn nothing_to_rewrite_is_said() {
        let example =
            Example::ordinary("list", Message { body: "No mark here".into(), ..Message::default() });
        assert_eq!(Way::Apostrophes.rewrite(&example, 0, &Hay::of(&[])), None);
    }
}
