//! Packets: four bytes of length (big-endian), one of command, and data.

use std::fmt;

/// The longest packet that is taken, without its length. A chunk of a body has at most 64 KiB, and a header field as
/// much as the mail server lets in.
pub const MAX_PACKET: usize = 1 << 20;

/// Cuts a stream into packets, in bounded memory.
#[derive(Debug, Default)]
pub struct Packets {
    buffer: Vec<u8>,
    done: usize,
}

/// The other side does not speak the protocol; nothing it says later can be understood.
#[derive(Debug, PartialEq, Eq)]
pub struct ProtocolError(pub(super) String);

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ProtocolError {}

impl Packets {
    /// At the beginning of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.done);
        self.done = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Command and data of the next packet, if all of it has come.
    ///
    /// # Errors
    /// If its length is impossible.
    pub fn take_next(&mut self) -> Result<Option<(u8, &[u8])>, ProtocolError> {
        let Some((len, rest)) = self.buffer[self.done..].split_first_chunk() else { return Ok(None) };
        let len = usize::try_from(u32::from_be_bytes(*len)).unwrap_or(usize::MAX);
        if len == 0 || len > MAX_PACKET {
            return Err(ProtocolError(format!("a packet of {len} bytes")));
        }
        if rest.len() < len {
            return Ok(None);
        }
        let start = self.done + 4;
        self.done = start + len;
        Ok(Some((self.buffer[start], &self.buffer[start + 1..start + len])))
    }
}

/// Appends a packet to `out`.
pub fn packet(out: &mut Vec<u8>, command: u8, parts: &[&[u8]]) {
    let len = 1 + parts.iter().map(|part| part.len()).sum::<usize>();
    // What is sent is short.
    out.extend_from_slice(&u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes());
    out.push(command);
    parts.iter().for_each(|part| out.extend_from_slice(part));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_come_out_as_they_went_in_however_they_are_cut() {
        let mut stream = Vec::new();
        packet(&mut stream, b'L', &[b"Subject\0", b"a\0"]);
        packet(&mut stream, b'E', &[]);
        for chunk in 1..stream.len() {
            let (mut packets, mut all) = (Packets::new(), Vec::new());
            for bytes in stream.chunks(chunk) {
                packets.push(bytes);
                while let Some((command, data)) = packets.take_next().unwrap() {
                    all.push((command, data.to_vec()));
                }
            }
            assert_eq!(all, [(b'L', b"Subject\0a\0".to_vec()), (b'E', Vec::new())], "{chunk}");
        }
    }

    #[test]
    fn impossible_lengths_are_refused_before_they_are_waited_for() {
        for head in [[0, 0, 0, 0], [0xff; 4], *b"GET "] {
            let mut packets = Packets::new();
            packets.push(&head);
            assert!(packets.take_next().is_err(), "{head:?}");
        }
    }
}
