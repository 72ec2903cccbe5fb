//! Names of people in running text, as far as form tells.

use super::digest::{Key, key};

/// Names that are looked at in one message.
const MAX_NAMES: usize = 24;

/// Keys of what may be a name: one to three capitalised words in a row, and mentions.
pub(super) fn names_in(text: &str) -> Vec<Key> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut keys = Vec::new();
    for at in 0..words.len().min(400) {
        for len in 1..=3 {
            let Some(run) = words.get(at..at + len) else { break };
            if !run.iter().all(|word| {
                word.trim_start_matches(['@', '(', '"']).starts_with(char::is_uppercase)
                    || word.starts_with('@')
            }) {
                break;
            }
            keys.push(name_key(&run.join(" ")));
        }
        if keys.len() >= MAX_NAMES {
            break;
        }
    }
    keys
}

/// A name without case and marks around it.
pub(super) fn name_key(name: &str) -> Key {
    let bare =
        |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).trim_end_matches("'s").to_lowercase();
    key(name.split_whitespace().map(bare).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_capitalised_words_and_mentions() {
        let body = "I agree with what Oda Brink says; @oda can do it, Oda's patches show that.";
        let keys = names_in(body);
        for name in ["oda brink", "Oda", "@oda"] {
            assert!(keys.contains(&name_key(name)), "{name}");
        }
        assert!(!keys.contains(&name_key("patches")));
    }
}
