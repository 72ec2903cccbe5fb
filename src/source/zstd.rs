//! Zstandard streams of any number of frames; the decoder at hand reads one.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::{
    BlockDecodingStrategy, FrameDecoder,
    errors::{FrameDecoderError, ReadFrameHeaderError},
};

/// Largest window: what `zstd` itself accepts when it is not told otherwise.
const MAX_WINDOW: u64 = 128 << 20;

/// Reads frame after frame and passes over skippable ones.
pub(super) struct ZstdReader<R> {
    reader: R,
    decoder: FrameDecoder,
    started: bool,
}

impl<R: BufRead> ZstdReader<R> {
    pub(super) fn new(reader: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Self { reader, decoder, started: false }
    }

    /// Begins the next frame; false at the end of the stream.
    fn start_frame(&mut self) -> io::Result<bool> {
        self.started = false;
        while !self.reader.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.reader) {
                Ok(()) => {
                    self.started = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => self.skip(length.into())?,
                Err(err) => return Err(io::Error::other(err)),
            }
        }
        Ok(false)
    }

    fn skip(&mut self, length: u64) -> io::Result<()> {
        let skipped = io::copy(&mut self.reader.by_ref().take(length), &mut io::sink())?;
        if skipped < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// An error if the frame states a checksum and its content has another.
    fn check(&self) -> io::Result<()> {
        match (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum()) {
            (Some(stated), Some(found)) if stated != found => Err(io::Error::other("wrong checksum")),
            _ => Ok(()),
        }
    }
}

impl<R: BufRead> Read for ZstdReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.started && !self.start_frame()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let step = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.reader, step).map_err(io::Error::other)?;
            }
            let length = self.decoder.read(buf)?;
            if length > 0 || buf.is_empty() {
                return Ok(length);
            }
            self.check()?;
            self.started = false;
        }
    }
}
