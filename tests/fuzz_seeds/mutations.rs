//! Changing seeds without knowing what they mean.

/// Numbers that depend on the seed alone (xorshift64*).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }
}

/// What parsers stumble over.
const PIECES: [&[u8]; 24] = [
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff\xfe",
    b"\"",
    b"\\",
    b"`",
    b"<",
    b"> ",
    b"=",
    b"-- \n",
    b"--b\n",
    b"\nFrom a Thu Jan  4 10:00:00 2024\n",
    b"=?utf-8?q?",
    b"{",
    b"[",
    b"]}",
    b",",
    b"\\ud800",
    b"\xe2\x80\xae",
    b"\x1b]0;",
    b"18446744073709551616",
    b"-1",
    b"\xf3\xa0\x81\x81",
];

/// One seed changed in a few places, with pieces of another.
pub(crate) fn mutated(seeds: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seeds[chance.below(seeds.len())].clone();
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len() + 1);
        let end = at + chance.below((bytes.len() - at).min(64) + 1);
        match chance.below(7) {
            0 => bytes.truncate(at.max(1)),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..at, PIECES[chance.below(PIECES.len())].iter().copied())),
            3 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = chance.below(256) as u8),
            4 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << chance.below(8)),
            5 => {
                let again = bytes[at..end].repeat(1 + chance.below(40));
                drop(bytes.splice(at..at, again));
            }
            _ => {
                let other = &seeds[chance.below(seeds.len())];
                let from = chance.below(other.len());
                drop(bytes.splice(at..end, other[from..].iter().take(200).copied()));
            }
        }
    }
    bytes
}
