//! Transparent decompression, chosen by magic bytes and never by name, with limits against bombs.

use std::{
    fmt::Display,
    io::{self, BufRead, BufReader, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{Limits, peek::Peeked, zstd::ZstdReader};
use crate::error::{Error, ErrorKind};

/// Size of the buffers on both sides of a decompressor.
const BUFFER: usize = 64 << 10;
/// Memory that an xz dictionary may take (`xz -9` needs 64 MiB), in KiB.
const XZ_MEMORY_KIB: u32 = 192 << 10;
/// The ratio is not looked at before this much came out: small inputs of one repeated line are no bombs.
const RATIO_GRACE: u64 = 16 << 20;

/// Counts the bytes of one input, and of all inputs for whoever shows progress.
struct Counted<R> {
    inner: R,
    input: Arc<AtomicU64>,
    all: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buf)?;
        self.input.fetch_add(length as u64, Ordering::Relaxed);
        self.all.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

/// The content of `reader`, decompressed if it is compressed. Bytes as they are in the file are added to `consumed`.
///
/// A corrupt or truncated stream gives what could be decompressed and then an error, which [`Error::unwrapped`]
/// turns back into this crate's own.
pub(super) fn decompress(
    reader: impl Read + Send + 'static,
    path: &Path,
    limits: &Limits,
    consumed: Arc<AtomicU64>,
) -> Box<dyn BufRead + Send> {
    let input = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: reader, input: input.clone(), all: consumed };
    let peeked = Peeked::new(counted, 10);
    let compression = Compression::of(peeked.head());
    let raw = BufReader::with_capacity(BUFFER, peeked);
    let decoder: Box<dyn Read + Send> = match compression {
        None => return Box::new(raw),
        Some(Compression::Gzip) => Box::new(flate2::bufread::MultiGzDecoder::new(raw)),
        Some(Compression::Bzip2) => Box::new(bzip2::bufread::MultiBzDecoder::new(raw)),
        Some(Compression::Xz) => Box::new(lzma_rust2::XzReader::new_mem_limit(raw, true, XZ_MEMORY_KIB)),
        Some(Compression::Zstd) => Box::new(ZstdReader::new(raw)),
    };
    let bounded =
        Bounded { inner: decoder, path: path.into(), limits: *limits, input, given: 0, ended: false };
    Box::new(BufReader::with_capacity(BUFFER, bounded))
}

/// The content of `reader` as it is, counted like that of [`decompress`].
pub(super) fn plain(reader: impl Read + Send + 'static, consumed: Arc<AtomicU64>) -> Box<dyn BufRead + Send> {
    let counted = Counted { inner: reader, input: Arc::default(), all: consumed };
    Box::new(BufReader::with_capacity(BUFFER, counted))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compression {
    Gzip,
    Bzip2,
    Xz,
    Zstd,
}

impl Compression {
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            // The fourth byte is the level; behind it comes a block (pi) or the end of an empty stream (its root).
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Some(Self::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// Keeps what a decompressor gives within the limits and names the file in its errors.
struct Bounded {
    inner: Box<dyn Read + Send>,
    path: Box<Path>,
    limits: Limits,
    input: Arc<AtomicU64>,
    given: u64,
    ended: bool,
}

impl Bounded {
    fn fail(&mut self, kind: ErrorKind) -> io::Error {
        self.ended = true;
        io::Error::other(Error::new(kind).with_path(&*self.path))
    }

    fn over_limit(&self) -> Option<String> {
        let Limits { decompressed_bytes, ratio, .. } = self.limits;
        if self.given > decompressed_bytes {
            return Some(format!("decompresses to more than {decompressed_bytes} bytes"));
        }
        let allowed = self.input.load(Ordering::Relaxed).saturating_mul(ratio).saturating_add(RATIO_GRACE);
        (self.given > allowed).then(|| format!("decompresses to more than {ratio} times its size"))
    }
}

impl Read for Bounded {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        match self.inner.read(buf) {
            Ok(length) => {
                self.given += length as u64;
                self.over_limit().map_or(Ok(length), |what| Err(self.fail(ErrorKind::Limit(what))))
            }
            Err(err) if err.kind() == io::ErrorKind::Interrupted => Err(err),
            Err(err) => Err(self.fail(ErrorKind::Decompression(broken(&err)))),
        }
    }
}

/// True for the first bytes of a compressed file.
pub(super) fn is_compressed(head: &[u8]) -> bool {
    Compression::of(head).is_some()
}

/// What to say of a decompressor's error.
fn broken(err: &dyn Display) -> String {
    format!("the compressed data is damaged or ends too early: {err}")
}

#[cfg(test)]
mod tests;
