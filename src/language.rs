//! Whether a message is in the language that the shipped model judges: English.
//!
//! What counts as English is decided for the author: one plainly English sentence is enough to be judged, so that a
//! page of something else hides nothing. The rest is left to `whatlang` (trigrams, after Cavnar & Trenkle 1994), which
//! takes names, commands and abbreviations for other languages; so it is only asked where most words are unknown.

use whatlang::Lang;

use crate::{
    Message,
    features::{Sentence, fold, for_each_token, is_known_word},
};

/// Fewer letters of an alphabet tell no language.
const MIN_LETTERS: usize = 60;
/// Fewer characters of a script of syllables or ideographs tell none.
const MIN_SYLLABLES: usize = 12;
/// Bytes of text that `whatlang` looks at: more makes nothing surer. (An English sentence is looked for in all of it.)
const ENOUGH: usize = 4000;

/// Words of English grammar that other languages hardly have.
const ENGLISH: [&str; 48] = [
    "about", "and", "any", "are", "because", "been", "but", "can", "could", "does", "doesn't", "don't",
    "from", "get", "has", "have", "how", "i", "i'm", "if", "is", "isn't", "it", "it's", "just", "not", "of",
    "please", "should", "some", "thanks", "that", "the", "there", "they", "this", "to", "was", "we", "what",
    "when", "which", "why", "will", "with", "would", "you", "your",
];

/// True if the judged `sentences` of a message are reliably in another language.
pub fn is_foreign(message: &Message, sentences: &[Sentence]) -> bool {
    let mut scratch = String::new();
    let mut sample = String::new();
    let (mut words, mut known) = (0, 0);
    for sentence in sentences {
        let counts = Counts::of(sentence.text(message), &mut scratch, &mut sample);
        if counts.is_english() {
            return false;
        }
        words += counts.words;
        known += counts.known;
    }
    known * 2 < words.max(1) && is_reliably_foreign(&sample)
}

fn is_reliably_foreign(sample: &str) -> bool {
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let syllables = sample.chars().filter(|&c| c >= '\u{E00}' && c.is_alphabetic()).count();
    (letters >= MIN_LETTERS || syllables >= MIN_SYLLABLES)
        && whatlang::detect(sample).is_some_and(|found| found.is_reliable() && found.lang() != Lang::Eng)
}

/// Words of a sentence.
#[derive(Debug, Default)]
struct Counts {
    words: usize,
    /// Known to the lexicon or the grammar.
    known: usize,
    /// Of English grammar.
    grammar: usize,
    /// How many of those differ, as bits of [`ENGLISH`].
    distinct: u64,
}

impl Counts {
    /// Counts the words of `text`, and adds to `sample` those that are letters alone.
    fn of(text: &str, scratch: &mut String, sample: &mut String) -> Self {
        let mut counts = Self::default();
        for_each_token(fold(text).text(), scratch, |token, _| {
            if !token.chars().all(|c| c.is_alphabetic() || c == '\'') || token.starts_with('\'') {
                return;
            }
            counts.words += 1;
            let grammar = ENGLISH.binary_search(&token).ok();
            counts.grammar += usize::from(grammar.is_some());
            counts.distinct |= grammar.map_or(0, |n| 1 << n);
            counts.known += usize::from(grammar.is_some() || is_known_word(token));
            if sample.len() < ENOUGH {
                sample.push_str(token);
                sample.push(' ');
            }
        });
        counts
    }

    /// Two different words of English grammar, and one in six words.
    fn is_english(&self) -> bool {
        self.distinct.count_ones() >= 2 && self.grammar * 6 >= self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::sentences;

    fn foreign(body: &str) -> bool {
        let message = Message { body: body.into(), ..Message::default() };
        is_foreign(&message, &sentences(&message))
    }

    #[test]
    fn the_words_of_grammar_can_be_searched() {
        assert!(ENGLISH.is_sorted());
    }

    #[test]
    fn other_languages_are_known() {
        for text in [
            "Ich warte nun schon seit zwei Monaten auf eine Antwort. Wann wird der Patch endlich eingebaut?",
            "J'attends une réponse depuis deux mois. Quand allez-vous enfin intégrer ce correctif dans votre projet, que tout le monde réclame ici chaque semaine ?",
            "Llevo dos meses esperando una respuesta y nadie dice nada. ¿Cuándo van a incluir este parche de una vez? Todos los usuarios de nuestra empresa lo necesitan desde hace tiempo.",
            "Estou há dois meses esperando uma resposta e ninguém diz nada. Quando vocês vão finalmente aceitar a correção? Todos os usuários da nossa empresa precisam dela há muito tempo.",
            "Я уже два месяца жду ответа, и никто ничего не говорит. Когда вы наконец примете это исправление? Оно давно нужно всем пользователям нашей компании.",
            "我已经等了两个月了，请问什么时候可以合并这个补丁？",
        ] {
            assert!(foreign(text), "{text}");
        }
    }

    #[test]
    fn english_of_every_kind_is_judged() {
        for text in [
            "",
            "ok",
            "Any news?",
            "Segfault in libfoo.so after upgrade, kernel 5.10, gcc 9.3. Backtrace attached.",
            "acked. lgtm. ptal. cc Agnieszka Wojciechowska, Krzysztof Grzegorzewski",
            "Ich warte nun schon seit zwei Monaten auf eine Antwort. You should give the rights to somebody else.",
        ] {
            assert!(!foreign(text), "{text}");
        }
    }
}
