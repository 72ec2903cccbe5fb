//! Letters of other alphabets that look like Latin ones.
//!
//! From Unicode UTS #39, `confusables.txt`: the Cyrillic, Greek and Armenian letters, and those Latin letters outside
//! ASCII that have no compatibility decomposition, whose prototype is an ASCII letter. A few are there that the
//! standard holds for less alike and people use all the same (`к`, `м`, `т`, `н`, `в`, `г`, `п`, `и`, `η`, `ω`, `κ`,
//! `τ`, `ε`). `µ` is not: it is the prefix of units.

/// The ASCII letter that `c` looks like, in lower case.
pub(super) fn look_alike(c: char) -> Option<char> {
    Some(match c {
        // Cyrillic
        'а' | 'А' => 'a',
        'в' | 'В' | 'ь' | 'Ь' => 'b',
        'с' | 'С' => 'c',
        'ԁ' | 'Ԁ' => 'd',
        'е' | 'Е' | 'ҽ' => 'e',
        'г' => 'r',
        'ԍ' | 'Ԍ' => 'g',
        'һ' | 'Һ' | 'н' | 'Н' => 'h',
        'і' | 'І' => 'i',
        'ј' | 'Ј' => 'j',
        'к' | 'К' => 'k',
        'ӏ' | 'Ӏ' => 'l',
        'м' | 'М' => 'm',
        'п' => 'n',
        'о' | 'О' => 'o',
        'р' | 'Р' => 'p',
        'ԛ' | 'Ԛ' => 'q',
        'ѕ' | 'Ѕ' => 's',
        'т' | 'Т' => 't',
        'и' => 'u',
        'ѵ' | 'Ѵ' => 'v',
        'ԝ' | 'Ԝ' => 'w',
        'х' | 'Х' => 'x',
        'у' | 'У' | 'ү' | 'Ү' => 'y',
        // Greek
        'α' | 'Α' => 'a',
        'β' | 'Β' => 'b',
        'ϲ' | 'Ϲ' => 'c',
        'ε' | 'Ε' => 'e',
        'Η' => 'h',
        'ι' | 'Ι' => 'i',
        'ϳ' | 'Ϳ' => 'j',
        'κ' | 'Κ' => 'k',
        'Μ' => 'm',
        'η' | 'Ν' => 'n',
        'ο' | 'Ο' | 'σ' => 'o',
        'ρ' | 'Ρ' => 'p',
        'τ' | 'Τ' => 't',
        'υ' => 'u',
        'ν' => 'v',
        'ω' => 'w',
        'χ' | 'Χ' => 'x',
        'γ' | 'Υ' => 'y',
        'Ζ' => 'z',
        // Armenian
        'ց' => 'g',
        'հ' => 'h',
        'օ' => 'o',
        'ո' => 'n',
        'ս' => 'u',
        'զ' | 'գ' => 'q',
        // Latin
        'ɑ' => 'a',
        'đ' | 'ɗ' => 'd',
        'ɡ' => 'g',
        'ħ' => 'h',
        'ı' | 'ɩ' | 'ɪ' => 'i',
        'ł' => 'l',
        'ø' => 'o',
        'ŧ' => 't',
        'ᴀ' => 'a',
        'ʙ' => 'b',
        'ᴄ' => 'c',
        'ᴅ' => 'd',
        'ᴇ' => 'e',
        'ɢ' => 'g',
        'ʜ' => 'h',
        'ᴊ' => 'j',
        'ᴋ' => 'k',
        'ʟ' => 'l',
        'ᴍ' => 'm',
        'ɴ' => 'n',
        'ᴏ' => 'o',
        'ᴘ' => 'p',
        'ʀ' => 'r',
        'ꜱ' => 's',
        'ᴛ' => 't',
        'ᴜ' => 'u',
        'ᴠ' => 'v',
        'ᴡ' => 'w',
        'ʏ' => 'y',
        'ᴢ' => 'z',
        _ => return None,
    })
}

/// True for letters of the scripts in which nobody writes a word together with Latin letters, unless to disguise it.
/// (Greek letters are signs of mathematics and units, and Latin ones outside ASCII belong to other languages.)
pub(super) fn is_other_script(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}' | '\u{531}'..='\u{58F}')
}

/// `word` (folded) in ASCII, if every letter of it is an ASCII letter, an apostrophe, or looks like one.
pub(super) fn latin(word: &str) -> Option<String> {
    let letter = |c: char| match c {
        '\'' => Some(c),
        c if c.is_ascii_alphabetic() => Some(c.to_ascii_lowercase()),
        c => look_alike(c),
    };
    word.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_look_alikes_become_latin() {
        assert_eq!(latin("рlеаsе").as_deref(), Some("please"));
        assert_eq!(latin("ᴍᴇʀɢᴇ").as_deref(), Some("merge"));
        assert_eq!(latin("Μерге").as_deref(), Some("mepre"));
        assert_eq!(latin("жук"), None);
        assert_eq!(latin("μs"), None);
    }
}
