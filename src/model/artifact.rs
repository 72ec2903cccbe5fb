//! The artifact: one file that holds a whole model.
//!
//! Layout, all integers little-endian: magic (8 bytes), format version (u32), length of the payload (u64), SHA-256 of
//! the payload (32 bytes), payload. The payload: metadata (u32 length, JSON); words (u32 count, then for each a u8
//! length and its bytes); pairs (u32 count, then two u32 each); weights (for each word and pair
//! [`OUTPUTS`] i16 for sentences, then as many for messages).

use std::{borrow::Cow, sync::OnceLock};

use sha2::{Digest, Sha256};

use super::{Metadata, Model, OUTPUTS, Vocabulary, Weights};
use crate::error::{Error, ErrorKind, Result};

const MAGIC: &[u8; 8] = b"\x89undue\r\n";
const FORMAT_VERSION: u32 = 1;
const HEADER: usize = 8 + 4 + 8 + 32;
/// Bytes of the weights of one feature.
const ROW: usize = 2 * 2 * OUTPUTS;

/// The bytes of an artifact that was read, in which the weights stay.
///
/// A model is loaded anew for every run, however short. Most rows are never looked at, so that nothing is copied; and
/// of the artifact that is compiled in, the system reads into memory only what is used.
#[derive(Debug)]
pub(super) struct Artifact {
    bytes: Cow<'static, [u8]>,
    /// Where the rows of weights begin; they reach to the end.
    weights: usize,
}

impl Artifact {
    /// The weights of feature `n`.
    #[inline]
    pub(super) fn row(&self, n: usize) -> Row<'_> {
        let rows = &self.bytes[self.weights..];
        let (sentence, message) = rows[n * ROW..(n + 1) * ROW].split_at(ROW / 2);
        Row { sentence, message }
    }

    /// SHA-256 of all bytes, in hexadecimal.
    pub(super) fn hash(&self) -> String {
        Sha256::digest(&self.bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The bytes themselves.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The weights of one feature as they stand in the artifact.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    sentence: &'a [u8],
    message: &'a [u8],
}

impl Row<'_> {
    /// Something of every line of the cache that the row lies in, for whoever wants them to be near.
    #[inline]
    pub(crate) fn touch(self) -> u8 {
        self.sentence[0] ^ self.message[self.message.len() - 1]
    }

    /// Adds the weights where the feature stands in a sentence.
    #[inline]
    pub(crate) fn add_sentence(self, sums: &mut [i32; OUTPUTS]) {
        add(self.sentence, sums);
    }

    /// Adds the weights where it stands anywhere in the message.
    #[inline]
    pub(crate) fn add_message(self, sums: &mut [i32; OUTPUTS]) {
        add(self.message, sums);
    }

    pub(super) fn weights(self) -> Weights {
        Weights { sentence: numbers(self.sentence), message: numbers(self.message) }
    }
}

#[inline]
fn add(weights: &[u8], sums: &mut [i32; OUTPUTS]) {
    let (weights, _) = weights.as_chunks::<2>();
    sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += i32::from(i16::from_le_bytes(*weight)));
}

fn numbers(weights: &[u8]) -> [i16; OUTPUTS] {
    let mut numbers = [0; OUTPUTS];
    let (weights, _) = weights.as_chunks::<2>();
    numbers.iter_mut().zip(weights).for_each(|(number, weight)| *number = i16::from_le_bytes(*weight));
    numbers
}

pub(super) fn write(metadata: &Metadata, vocabulary: &Vocabulary, weights: &[Weights]) -> Result<Vec<u8>> {
    if weights.len() != vocabulary.len() {
        return Err(refused(format!("{} rows of weights for {} features", weights.len(), vocabulary.len())));
    }
    let payload = payload(metadata, vocabulary, weights)?;
    let mut bytes = Vec::with_capacity(HEADER + payload.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    bytes.extend_from_slice(&(payload.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&Sha256::digest(&payload));
    bytes.extend_from_slice(&payload);
    Ok(bytes)
}

fn payload(metadata: &Metadata, vocabulary: &Vocabulary, weights: &[Weights]) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(metadata).map_err(|err| refused(format!("metadata: {err}")))?;
    let mut out = Vec::new();
    put_count(&mut out, json.len())?;
    out.extend_from_slice(&json);
    put_count(&mut out, vocabulary.words().len())?;
    for word in vocabulary.words() {
        let len = u8::try_from(word.len()).map_err(|_| refused(format!("word of {} bytes", word.len())))?;
        out.push(len);
        out.extend_from_slice(word.as_bytes());
    }
    put_count(&mut out, vocabulary.pairs().len())?;
    for (first, second) in vocabulary.pairs() {
        out.extend_from_slice(&first.to_le_bytes());
        out.extend_from_slice(&second.to_le_bytes());
    }
    for weight in weights.iter().flat_map(|row| row.sentence.iter().chain(&row.message)) {
        out.extend_from_slice(&weight.to_le_bytes());
    }
    Ok(out)
}

fn put_count(out: &mut Vec<u8>, count: usize) -> Result<()> {
    let count = u32::try_from(count).map_err(|_| refused(format!("{count} is too many for a model")))?;
    out.extend_from_slice(&count.to_le_bytes());
    Ok(())
}

/// Reads bytes from anywhere.
pub(super) fn read(bytes: Vec<u8>) -> Result<Model> {
    check_hash(payload_of(&bytes)?)?;
    parse(bytes.into())
}

/// Reads bytes that are part of the program. Their hash is left to a test: it takes longer than all the rest.
pub(super) fn read_trusted(bytes: &'static [u8]) -> Result<Model> {
    parse(bytes.into())
}

fn parse(bytes: Cow<'static, [u8]>) -> Result<Model> {
    let (payload, _) = payload_of(&bytes)?;
    let mut rest = Cursor { bytes: payload };
    let json_len = rest.count()?;
    let metadata: Metadata =
        serde_json::from_slice(rest.take(json_len)?).map_err(|err| refused(format!("metadata: {err}")))?;
    metadata.check().map_err(refused)?;
    let words = (0..rest.count()?).map(|_| rest.word()).collect::<Result<Vec<_>>>()?;
    let pairs = (0..rest.count()?).map(|_| Ok((rest.u32()?, rest.u32()?))).collect::<Result<Vec<_>>>()?;
    let vocabulary = Vocabulary::new(words, pairs).map_err(refused)?;
    let weights = rest.take(vocabulary.len() * ROW)?.len();
    if !rest.bytes.is_empty() {
        return Err(refused(format!("{} bytes behind the weights", rest.bytes.len())));
    }
    let weights = bytes.len() - weights;
    Ok(Model { metadata, vocabulary, artifact: Artifact { bytes, weights }, hash: OnceLock::new() })
}

/// The payload and the hash that it should have, once magic, version and length were found right.
fn payload_of(bytes: &[u8]) -> Result<(&[u8], &[u8])> {
    let mut header = Cursor { bytes };
    if header.take(8).ok() != Some(MAGIC) {
        return Err(refused("not a model of undue (wrong magic bytes)".into()));
    }
    let version = header.u32()?;
    if version != FORMAT_VERSION {
        return Err(refused(format!(
            "format version {version}; this program reads version {FORMAT_VERSION}"
        )));
    }
    let len = header.u64()?;
    let hash = header.take(32)?;
    if len != header.bytes.len() as u64 {
        return Err(refused(format!("{} bytes of payload where the header says {len}", header.bytes.len())));
    }
    Ok((header.bytes, hash))
}

fn check_hash((payload, hash): (&[u8], &[u8])) -> Result<()> {
    if Sha256::digest(payload).as_slice() == hash {
        return Ok(());
    }
    Err(refused("SHA-256 of the payload does not match the header".into()))
}

struct Cursor<'b> {
    bytes: &'b [u8],
}

impl<'b> Cursor<'b> {
    fn take(&mut self, n: usize) -> Result<&'b [u8]> {
        let (head, tail) = self.bytes.split_at_checked(n).ok_or_else(|| refused("ends too early".into()))?;
        self.bytes = tail;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn count(&mut self) -> Result<usize> {
        self.u32().map(|n| n as usize)
    }

    fn word(&mut self) -> Result<Box<str>> {
        let [len] = self.array()?;
        let word = std::str::from_utf8(self.take(usize::from(len))?);
        word.map(Box::from).map_err(|_| refused("a word is not UTF-8".into()))
    }
}

fn refused(why: String) -> Error {
    Error::new(ErrorKind::Model(why))
}

#[cfg(test)]
mod tests;
