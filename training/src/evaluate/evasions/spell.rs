//! Other spellings of words that people still read.

/// Shorter words are left as they are.
const LEAST: usize = 4;

/// `text` with every character replaced.
pub(super) fn chars(text: &str, replace: impl Fn(char) -> char) -> String {
    text.chars().map(replace).collect()
}

/// `text` with every plain word of four letters or more replaced; links, addresses, names with signs in them stay.
pub(super) fn words(text: &str, replace: impl Fn(&str) -> String) -> String {
    text.split_inclusive(char::is_whitespace).map(|chunk| chunk_words(chunk, &replace)).collect()
}

fn chunk_words(chunk: &str, replace: impl Fn(&str) -> String) -> String {
    let start = chunk.len() - chunk.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let end = chunk.trim_end_matches(|c: char| !c.is_alphanumeric()).len().max(start);
    let word = &chunk[start..end];
    if word.len() < LEAST || !word.bytes().all(|b| b.is_ascii_alphabetic()) {
        return chunk.to_owned();
    }
    format!("{}{}{}", &chunk[..start], replace(word), &chunk[end..])
}

pub(super) fn full_width(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

pub(super) fn look_alike(c: char) -> char {
    match c {
        'a' => '\u{430}',
        'c' => '\u{441}',
        'e' => '\u{435}',
        'i' => '\u{456}',
        'j' => '\u{458}',
        'o' => '\u{43E}',
        'p' => '\u{440}',
        's' => '\u{455}',
        'x' => '\u{445}',
        'y' => '\u{443}',
        _ => c,
    }
}

/// A mark behind every `step` letters, but not behind the last.
pub(super) fn between(word: &str, step: usize, mark: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    letters.chunks(step).map(String::from_iter).collect::<Vec<_>>().join(mark)
}

/// Digits for the vowels inside a word.
pub(super) fn leet(word: &str) -> String {
    let last = word.len() - 1;
    let digit = |(i, c): (usize, char)| match c {
        _ if i == 0 || i == last => c,
        'a' => '4',
        'e' => '3',
        'i' => '1',
        'o' => '0',
        _ => c,
    };
    word.char_indices().map(digit).collect()
}

/// Grave and acute accents for apostrophes, in turn.
pub(super) fn apostrophes(text: &str) -> String {
    let mut marks = ['`', '\u{B4}', '\u{2BC}'].into_iter().cycle();
    let mut letter = false;
    let replace = |c: char| {
        let other = letter && matches!(c, '\'' | '\u{2019}');
        letter = c.is_alphabetic();
        if other { marks.next().unwrap_or(c) } else { c }
    };
    text.chars().map(replace).collect()
}

/// Character references for all letters.
pub(super) fn entities(text: &str) -> String {
    let replace =
        |c: char| if c.is_ascii_alphabetic() { format!("&#{};", u32::from(c)) } else { c.to_string() };
    text.chars().map(replace).collect()
}

/// Lower and upper case in turn.
pub(super) fn mixed_case(word: &str) -> String {
    let letters = word.chars().enumerate();
    letters.map(|(i, c)| if i % 2 == 0 { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() }).collect()
}

/// The first vowel three times; in words of odd length, the first consonant inside.
pub(super) fn drawn_out(word: &str) -> String {
    let wanted = |c: char| "aeiou".contains(c.to_ascii_lowercase()) == word.len().is_multiple_of(2);
    let at = word.char_indices().skip(1).find(|&(_, c)| wanted(c)).map_or(0, |(at, _)| at);
    let letter = &word[at..=at];
    format!("{}{letter}{letter}{}", &word[..at], &word[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_spelling() {
        let text = "Please merge it (again), see a.b/c";
        assert_eq!(words(text, leet), "Pl34se m3rge it (ag41n), see a.b/c");
        assert_eq!(
            words(text, |word| between(word, 1, " ")),
            "P l e a s e m e r g e it (a g a i n), see a.b/c"
        );
        assert_eq!(words(text, |word| between(word, 3, "-")), "Ple-ase mer-ge it (aga-in), see a.b/c");
        assert_eq!(words(text, mixed_case), "pLeAsE mErGe it (aGaIn), see a.b/c");
        assert_eq!(words(text, drawn_out), "Pleeease merrrge it (agggain), see a.b/c");
        assert_eq!(chars("go!", full_width), "ｇｏ！");
        assert_eq!(chars("pay", look_alike), "рау");
        assert_eq!(entities("a b"), "&#97; &#98;");
        assert_eq!(apostrophes("it's 'so' I'm don't"), "it`s 'so\u{B4} I\u{2BC}m don`t");
    }
}
