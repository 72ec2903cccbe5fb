//! The model's tokenisation as a `tokenizer.json` of the `tokenizers` crate, so that others can load it.
//!
//! It expects folded text ([`undue::features::fold`]) and gives the words' numbers in the model; a word without a
//! number is `[UNK]`. A test of the root package holds it against [`undue::features::for_each_token`].

use std::fmt::Write;

use serde_json::{Value, json};
use undue::{
    features::{AT, URL},
    model::Vocabulary,
};

/// Word characters of lower-case text: ASCII letters, digits and `_`, and all that is not ASCII, less white space and
/// the ranges of punctuation and symbols.
const WORD: &str = r"(?:[0-9a-z_]|[^\x00-\x{BF}\x{D7}\x{F7}\x{2000}-\x{2BFF}\x{3000}-\x{303F}\x{FE30}-\x{FE6F}\x{FF00}-\x{FF0F}\x{1F000}-\x{1FAFF}\s])";

/// The definition, as pretty JSON with sorted words.
///
/// # Errors
/// If a word cannot be written as JSON.
pub fn to_json(vocabulary: &Vocabulary) -> anyhow::Result<String> {
    let replace = |pattern: &str, content: &str| json!({ "type": "Replace", "pattern": { "Regex": pattern }, "content": content });
    let normalizers = json!([{ "type": "Lowercase" }, replace(r"\S*://\S*", URL), replace(r"\S*@\S*", AT), replace("[0-9]+", "0")]);
    let token = format!("{WORD}+(?:'{WORD}+)*|\\S");
    let pre_tokenizer =
        json!({ "type": "Split", "pattern": { "Regex": token }, "behavior": "Removed", "invert": true });
    let head = json!({
        "version": "1.0",
        "truncation": Value::Null,
        "padding": Value::Null,
        "added_tokens": [],
        "normalizer": { "type": "Sequence", "normalizers": normalizers },
        "pre_tokenizer": pre_tokenizer,
        "post_processor": Value::Null,
        "decoder": Value::Null,
    });
    let mut text = serde_json::to_string_pretty(&head)?;
    text.truncate(text.trim_end_matches(['}', '\n']).len());
    text.push_str(
        ",\n  \"model\": {\n    \"type\": \"WordLevel\",\n    \"unk_token\": \"[UNK]\",\n    \"vocab\": {\n",
    );
    for (id, word) in vocabulary.words().iter().enumerate() {
        writeln!(text, "      {}: {id},", serde_json::to_string(word)?)?;
    }
    writeln!(text, "      \"[UNK]\": {}\n    }}\n  }}\n}}", vocabulary.words().len())?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_loads_and_numbers_words() {
        let words = ["'", "0", "__at__", "don't", "news", "é"].map(Box::from);
        let vocabulary = Vocabulary::new(words.to_vec(), vec![]).unwrap();
        let json = to_json(&vocabulary).unwrap();
        let tokenizer: tokenizers::Tokenizer = json.parse().unwrap();
        let encoding = tokenizer.encode("Don't NEWS 42 me@x.example 'é' x", false).unwrap();
        assert_eq!(encoding.get_ids(), [3, 4, 1, 2, 0, 5, 0, 6]);
    }
}
