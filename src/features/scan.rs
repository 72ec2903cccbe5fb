//! A fast look for bytes that may disguise a word, so that plain text is passed at the speed of memory.
//!
//! What is found is only suspected: [`super::unmask`] looks closer.

/// Bytes looked at together.
pub(super) const BLOCK: usize = 64;
/// How far a pattern reaches beyond its first byte.
const REACH: usize = 4;

/// The offset of the first block of [`BLOCK`] bytes, counted from `from`, in which a suspicious pattern begins.
pub(super) fn next_suspect(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(window) = bytes.get(at..at + BLOCK + REACH) {
        if is_suspect(window) {
            return Some(at);
        }
        at += BLOCK;
    }
    while at < bytes.len() {
        // The tail, with spaces behind it: they belong to no pattern that is not whole already.
        let mut window = [b' '; BLOCK + REACH];
        let tail = &bytes[at..bytes.len().min(at + BLOCK + REACH)];
        window[..tail.len()].copy_from_slice(tail);
        if is_suspect(&window) {
            return Some(at);
        }
        at += BLOCK;
    }
    None
}

/// One pass without branches over the block, which compilers turn into vector instructions.
fn is_suspect(window: &[u8]) -> bool {
    let [a, b, c, d, e]: [&[u8]; 5] = std::array::from_fn(|shift| &window[shift..shift + BLOCK]);
    let mut found = 0;
    for i in 0..BLOCK {
        found |= pattern(a[i], b[i], c[i], d[i], e[i]);
    }
    found != 0
}

/// Not 0 where five bytes in a row begin a suspicious pattern.
#[inline(always)]
fn pattern(a: u8, b: u8, c: u8, d: u8, e: u8) -> u8 {
    let flag = |condition: bool| u8::from(condition);
    let letter = |b: u8| flag((b | 0x20).wrapping_sub(b'a') < 26);
    let digit = |b: u8| flag(b.wrapping_sub(b'0') < 10);
    let sign = flag(b == b'@') | flag(b == b'$') | flag(b == b'!') | flag(b == b'|') | flag(b == b'`');
    let entity = flag(a == b'&') & (flag(b == b'#') | letter(b));
    let leet = letter(a) & digit(b) | digit(a) & letter(b);
    let inner = letter(a) & sign & (letter(c) | flag(c == b));
    let run = letter(a) & flag(a | 0x20 == b | 0x20) & flag(b | 0x20 == c | 0x20);
    // Two single letters between equal separators: `-r-g-`.
    let spaced = flag(a == c) & flag(c == e) & letter(b) & letter(d) & (1 - letter(a));
    // Three letters between equal hyphens, stops or underscores: `n-o-w`.
    let joined =
        letter(a) & letter(c) & letter(e) & flag(b == d) & (flag(b.wrapping_sub(b'-') < 2) | flag(b == b'_'));
    // Two spaces between each two letters: `r  g  e`.
    let wide = letter(a) & flag(b == b' ') & flag(c == b' ') & letter(d) & flag(e == b' ');
    entity | leet | inner | run | spaced | joined | wide
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguises_are_suspected_wherever_they_stand() {
        for disguise in [
            "acc3ss",
            "&#112;",
            "&shy;",
            "pleeease",
            "p l e a s e",
            "n-o-w",
            "m@intainer",
            "don`t",
            "n  o  w",
        ] {
            for before in [0, 1, 60, 63, 64, 65, 130] {
                let plain = "this is plain text which needs nothing at all ".repeat(3);
                let text = format!(
                    "{}{disguise} x",
                    " ".repeat(before.min(1)) + &plain[plain.len() - before.max(1) + 1..]
                );
                let found = next_suspect(text.as_bytes(), 0);
                assert!(found.is_some_and(|at| at <= before + 8), "{text} {found:?}");
            }
        }
    }

    #[test]
    fn plain_text_is_passed() {
        let text = "I have a patch (see below), don't I? In 2019 it was 50% of a U. See <a@b.example> & co. "
            .repeat(9);
        assert_eq!(next_suspect(text.replace('@', "-").as_bytes(), 0), None);
        assert_eq!(next_suspect(b"", 0), None);
    }
}
