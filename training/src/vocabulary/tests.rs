use undue::Author;

use super::*;

fn message(author: &str, body: &str) -> Message {
    let author = Author { name: author.into(), ..Author::default() };
    Message { author, body: body.into(), ..Message::default() }
}

fn example(body: &str) -> Example {
    let message = message("", body);
    Example::ordinary("a", message)
}

/// Five authors in three corpora say `common words`; four say `rare`; all five mention somebody called Wanda.
fn corpora() -> Corpora {
    let says = |author: &str, rare: bool| {
        message(
            author,
            if rare { "we use common words and rare ones, Wanda" } else { "we use common words, Wanda" },
        )
    };
    Corpora::from([
        ("a".to_owned(), vec![says("Wanda Ito", true), says("B", true)]),
        ("b".to_owned(), vec![says("C", true), says("D", true)]),
        ("c".to_owned(), vec![says("E", false), says("E", true)]),
        ("d".to_owned(), vec![message("", "we use anonymous words")]),
    ])
}

#[test]
fn only_common_words_that_are_no_names_enter() {
    let examples = vec![example("we use common words, rare ones, anonymous Wanda"); 3];
    let mut corpora = corpora();
    corpora.get_mut("c").unwrap().pop();
    let vocabulary = select(&examples.iter().collect::<Vec<_>>(), &corpora).unwrap();
    let words: Vec<_> = vocabulary.words().iter().map(AsRef::as_ref).collect();
    assert_eq!(words, [",", "common", "use", "we", "words"]);
    let pairs: Vec<_> = vocabulary.features().skip(words.len()).map(|pair| vocabulary.name(pair)).collect();
    assert_eq!(pairs, ["common words", "use common", "we use"]);
}

#[test]
fn words_of_few_examples_stay_out() {
    let examples = [example("common words"), example("common sense"), example("common")];
    let vocabulary = select(&examples.iter().collect::<Vec<_>>(), &corpora()).unwrap();
    assert_eq!(vocabulary.words(), [Box::from("common")]);
}
