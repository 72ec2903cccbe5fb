#![allow(clippy::unwrap_used)]

use std::io::Write;

use proptest::prelude::*;

use super::*;

const TEXT: &[u8] = b"a line of text that stands here a few times\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

type Encoder = fn(&[u8]) -> Vec<u8>;

const ENCODERS: [(&str, Encoder); 4] = [("gzip", gzip), ("bzip2", bzip2), ("xz", xz), ("zstd", zstd)];

fn reader(bytes: Vec<u8>, limits: &Limits) -> Box<dyn BufRead + Send> {
    decompress(io::Cursor::new(bytes), Path::new("in"), limits, Arc::default())
}

/// What comes out, and the error behind it.
fn read(bytes: Vec<u8>, limits: &Limits) -> (Vec<u8>, Option<Error>) {
    let mut out = Vec::new();
    let err = reader(bytes, limits).read_to_end(&mut out).err();
    (out, err.map(|err| Error::io(err, "in").unwrapped()))
}

#[test]
fn every_compression_is_told_by_its_content() {
    for (name, encode) in ENCODERS {
        let (out, err) = read(encode(&TEXT.repeat(5000)), &Limits::default());
        assert!(err.is_none(), "{name}: {err:?}");
        assert!(out == TEXT.repeat(5000), "{name}");
    }
    let (out, _) = read(TEXT.to_vec(), &Limits::default());
    assert_eq!(out, TEXT);
}

#[test]
fn members_that_follow_one_another_are_all_read() {
    for (name, encode) in ENCODERS {
        let two = [encode(b"one "), encode(b"two")].concat();
        let (out, err) = read(two, &Limits::default());
        assert_eq!((out.as_slice(), err.is_none()), (&b"one two"[..], true), "{name}");
    }
}

#[test]
fn an_empty_stream_is_empty() {
    for (name, encode) in ENCODERS {
        let (out, err) = read(encode(b""), &Limits::default());
        assert!(out.is_empty() && err.is_none(), "{name}: {err:?}");
    }
}

#[test]
fn a_truncated_stream_gives_what_was_read_and_then_an_error() {
    // Noise, so that every format has written a block before the cut.
    let mut state = 1_u64;
    let text: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    })
    .take(600_000)
    .collect();
    for (name, encode) in ENCODERS {
        let mut packed = encode(&text);
        packed.truncate(packed.len() / 2);
        let (out, err) = read(packed, &Limits::default());
        assert!(!out.is_empty() && text.starts_with(&out), "{name}: {} bytes", out.len());
        assert!(matches!(err.unwrap().kind(), ErrorKind::Decompression(_)), "{name}");
    }
}

#[test]
fn a_skippable_zstd_frame_is_passed_over() {
    let skippable = [&[0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
    let (out, err) = read([skippable.clone(), zstd(b"text"), skippable].concat(), &Limits::default());
    assert_eq!((out.as_slice(), err.is_none()), (&b"text"[..], true));
}

#[test]
fn a_wrong_zstd_checksum_is_told() {
    let mut packed = zstd(TEXT);
    let last = packed.len() - 1;
    packed[last] ^= 1;
    let (out, err) = read(packed, &Limits::default());
    assert_eq!(out, TEXT);
    assert!(err.unwrap().to_string().contains("checksum"));
}

#[test]
fn more_than_the_limit_is_refused() {
    let limits = Limits { decompressed_bytes: 1000, ..Limits::default() };
    for (name, encode) in ENCODERS {
        let (_, err) = read(encode(&TEXT.repeat(1000)), &limits);
        assert!(matches!(err.unwrap().kind(), ErrorKind::Limit(_)), "{name}");
    }
}

#[test]
fn a_bomb_is_refused_by_its_ratio() {
    let packed = bzip2(&vec![0; 40 << 20]);
    assert!(packed.len() < 10_000, "{}", packed.len());
    let (out, err) = read(packed, &Limits::default());
    assert!(out.len() < 40 << 20);
    assert_eq!(err.unwrap().to_string(), "in: decompresses to more than 1000 times its size");
}

#[test]
fn a_bomb_of_any_kind_gives_no_more_than_its_ratio() {
    let limits = Limits { ratio: 10, ..Limits::default() };
    for (name, encode) in ENCODERS {
        let packed = encode(&vec![0; 24 << 20]);
        let most = packed.len() as u64 * 10 + RATIO_GRACE + BUFFER as u64;
        let (out, err) = read(packed, &limits);
        assert!(out.len() as u64 <= most, "{name}: {} of {most}", out.len());
        assert_eq!(err.unwrap().to_string(), "in: decompresses to more than 10 times its size", "{name}");
    }
}

#[test]
fn ever_so_many_empty_members_are_passed_over() {
    for (name, encode) in ENCODERS {
        let (out, err) = read([encode(b"").repeat(50_000), encode(b"text")].concat(), &Limits::default());
        assert_eq!((out.as_slice(), err.is_none()), (&b"text"[..], true), "{name}");
    }
}

#[test]
fn an_archive_in_an_archive_is_opened_once() {
    let (out, err) = read(gzip(&gzip(TEXT)), &Limits::default());
    assert_eq!((out, err.is_none()), (gzip(TEXT), true));
}

/// An xz stream whose block asks for a dictionary of nearly 4 GiB.
#[test]
fn an_xz_dictionary_beyond_the_limit_is_refused() {
    let mut packed = xz(TEXT);
    // Behind the stream header of 12 bytes: size of the block header, flags, filter id, size of properties, properties.
    let length = (usize::from(packed[12]) + 1) * 4;
    let (block, rest) = packed[12..].split_at_mut(length);
    assert_eq!(block[2..4], [0x21, 1], "LZMA2 with one byte of properties");
    block[4] = 40;
    let mut crc = flate2::Crc::new();
    crc.update(&block[..length - 4]);
    block[length - 4..].copy_from_slice(&crc.sum().to_le_bytes());
    assert!(!rest.is_empty());
    let (out, err) = read(packed, &Limits::default());
    assert!(out.is_empty() && matches!(err.as_ref().unwrap().kind(), ErrorKind::Decompression(_)), "{err:?}");
}

#[test]
fn a_zstd_window_beyond_the_limit_is_refused() {
    // A frame without a content size; the next byte is the exponent of the window above 2^10, times eight.
    for (exponent, refused) in [(17, false), (18, true), (31, true)] {
        let frame = [&[0x28, 0xb5, 0x2f, 0xfd, 0, exponent << 3][..], &[0x21, 0, 0], b"text"].concat();
        let (out, err) = read(frame, &Limits::default());
        assert_eq!(err.is_some(), refused, "{exponent}: {err:?}");
        assert_eq!(out, if refused { &b""[..] } else { b"text" });
    }
}

#[test]
fn compressed_bytes_are_what_is_counted() {
    let consumed = Arc::new(AtomicU64::new(0));
    let packed = gzip(&TEXT.repeat(1000));
    let size = packed.len() as u64;
    let mut reader =
        decompress(io::Cursor::new(packed), Path::new("in"), &Limits::default(), consumed.clone());
    io::copy(&mut reader, &mut io::sink()).unwrap();
    assert_eq!(consumed.load(Ordering::Relaxed), size);
}

proptest! {
    /// Damage of any kind ends in an error or in other bytes, never in a panic or without an end.
    #[test]
    fn damage_never_panics(which in 0..4_usize, at in 0..10_000_usize, byte: u8, tail in proptest::collection::vec(any::<u8>(), 0..40)) {
        let mut packed = ENCODERS[which].1(&TEXT.repeat(30));
        let index = at % packed.len();
        packed[index] = byte;
        packed.extend(tail);
        let limits = Limits { decompressed_bytes: 1 << 20, ..Limits::default() };
        let _ = read(packed, &limits);
    }
}
