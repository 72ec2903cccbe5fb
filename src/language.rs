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
        let folded = fold(sentence.text(message));
        let counts = Counts::of(folded.text(), &mut scratch);
        if counts.is_english() {
            return false;
        }
        // Few messages come here: most begin with a sentence of plain English.
        words += counts.words;
        known += counts.grammar + take_sample(folded.text(), &mut scratch, &mut sample);
    }
    known * 2 < words.max(1) && is_reliably_foreign(&sample)
}

fn is_reliably_foreign(sample: &str) -> bool {
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let syllables = sample.chars().filter(|&c| c >= '\u{E00}' && c.is_alphabetic()).count();
    (letters >= MIN_LETTERS || syllables >= MIN_SYLLABLES)
        && whatlang::detect(sample).is_some_and(|found| found.is_reliable() && found.lang() != Lang::Eng)
}

/// Where in [`ENGLISH`] the words that begin with a letter begin; one more tells where those of `z` end.
const BY_LETTER: [u8; 27] = {
    let mut starts = [0; 27];
    let mut i = 0;
    while i < ENGLISH.len() {
        let mut after = (ENGLISH[i].as_bytes()[0] - b'a') as usize + 1;
        while after < starts.len() {
            starts[after] = i as u8 + 1;
            after += 1;
        }
        i += 1;
    }
    starts
};

/// The number of `token` in [`ENGLISH`].
fn grammar(token: &str) -> Option<usize> {
    let letter = usize::from(token.bytes().next()?.wrapping_sub(b'a'));
    let (start, end) = (*BY_LETTER.get(letter)?, *BY_LETTER.get(letter + 1)?);
    (usize::from(start)..usize::from(end)).find(|&n| ENGLISH[n] == token)
}

/// Words of a sentence.
#[derive(Debug, Default)]
struct Counts {
    words: usize,
    /// Of English grammar.
    grammar: usize,
    /// How many of those differ, as bits of [`ENGLISH`].
    distinct: u64,
}

fn is_word(token: &str) -> bool {
    token.chars().all(|c| c.is_alphabetic() || c == '\'') && !token.starts_with('\'')
}

/// Adds to `sample` the words that are letters alone; gives how many of them the lexicon knows and the grammar does not.
fn take_sample(text: &str, scratch: &mut String, sample: &mut String) -> usize {
    let mut known = 0;
    for_each_token(text, scratch, |token, _| {
        if !is_word(token) {
            return;
        }
        known += usize::from(grammar(token).is_none() && is_known_word(token));
        if sample.len() < ENOUGH {
            sample.push_str(token);
            sample.push(' ');
        }
    });
    known
}

impl Counts {
    /// Counts the words of `text`, which is folded.
    fn of(text: &str, scratch: &mut String) -> Self {
        let mut counts = Self::default();
        for_each_token(text, scratch, |token, _| {
            if !is_word(token) {
                return;
            }
            counts.words += 1;
            if let Some(n) = grammar(token) {
                counts.grammar += 1;
                counts.distinct |= 1 << n;
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
    fn every_word_of_grammar_is_found_and_no_other() {
        assert!(ENGLISH.is_sorted());
        assert!((0..ENGLISH.len()).all(|n| grammar(ENGLISH[n]) == Some(n)));
        for other in ["", "a", "zebra", "yourself", "{", "Élan", "th", "0"] {
            assert_eq!(grammar(other), None, "{other}");
        }
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
