//! The shipped `tokenizer.json` under the `tokenizers` crate and the library's own scan give the same tokens.
#![allow(clippy::unwrap_used)]

use std::{fs::File, io::BufReader, path::PathBuf};

use proptest::prelude::*;
use tokenizers::Tokenizer;
use undue::{
    features::{fold, for_each_token, sentences},
    model::Model,
    source::{Input, Options, open},
};

fn shipped() -> Tokenizer {
    Tokenizer::from_file("models/undue-en/tokenizer.json").unwrap()
}

/// Numbers of the tokens of folded text, by the library; unknown words get the number behind the last.
fn scanned(model: &Model, folded: &str) -> Vec<u32> {
    let unknown = model.vocabulary().words().len() as u32;
    let mut ids = Vec::new();
    for_each_token(folded, &mut String::new(), |token, _| {
        ids.push(model.vocabulary().word(token).map_or(unknown, |id| id.index() as u32));
    });
    ids
}

fn assert_same(model: &Model, tokenizer: &Tokenizer, text: &str) {
    let folded = fold(text);
    let encoding = tokenizer.encode(folded.text(), false).unwrap();
    assert_eq!(encoding.get_ids(), scanned(model, folded.text()), "{text:?}");
}

#[test]
fn chosen_texts() {
    let (model, tokenizer) = (Model::embedded().unwrap(), shipped());
    for text in [
        "Any news on this? It's been 12 months!",
        "see https://host.example/x, or mail me@host.example; 'quoted' x''y",
        "ＵＲＧＥＮＴ ur\u{200B}gent – naïve Ωmega İstanbul ß ẞ ﬁx 𝐛𝐨𝐥𝐝",
        "日本語、 中文。 emoji 🙏🙏 a\u{85}b\u{2003}c",
        "",
    ] {
        assert_same(&model, &tokenizer, text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn random_unicode(text in "\\PC{0,30}") {
        thread_local!(static BOTH: (Model, Tokenizer) = (Model::embedded().unwrap(), shipped()));
        BOTH.with(|(model, tokenizer)| assert_same(model, tokenizer, &text));
    }

    #[test]
    fn random_soup(text in "(a|Don't|'|://|@|[0-9]|[ \\n\\t]|É|ﬀ|–|_|\u{2003}|K|Å){0,20}") {
        thread_local!(static BOTH: (Model, Tokenizer) = (Model::embedded().unwrap(), shipped()));
        BOTH.with(|(model, tokenizer)| assert_same(model, tokenizer, &text));
    }
}

#[test]
fn real_messages() {
    let Some(corpora) = std::env::var_os("UNDUE_CORPORA").map(PathBuf::from) else {
        eprintln!("SKIPPED: UNDUE_CORPORA is not set, so no real message was tokenised");
        return;
    };
    let (model, tokenizer) = (Model::embedded().unwrap(), shipped());
    let mut compared = 0;
    for name in ["r-sig-mac", "incivility", "whatsapi"] {
        let input = Input { path: corpora.join(format!("{name}.jsonl.gz")), format: None };
        for record in open(&[input], &Options::default()).step_by(20) {
            for message in record.unwrap().decode().into_iter().map(Result::unwrap) {
                for sentence in sentences(&message) {
                    assert_same(&model, &tokenizer, sentence.text(&message));
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 3000, "{compared}");
}

#[test]
fn the_definition_is_valid_json() {
    let file = BufReader::new(File::open("models/undue-en/tokenizer.json").unwrap());
    let json: serde_json::Value = serde_json::from_reader(file).unwrap();
    assert_eq!(json["model"]["type"], "WordLevel");
}
