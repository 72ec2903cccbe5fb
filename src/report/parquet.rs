//! Parquet: one row per message, in input order, in the columns of [`MessageColumns`].
//!
//! Compressed with zstd, in row groups of bounded size. The same messages give the same bytes.

use std::{
    fmt,
    io::{self, Write},
};

use ::parquet::{
    arrow::{ArrowWriter, arrow_writer::ArrowWriterOptions},
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::{metadata::KeyValue, properties::WriterProperties},
};

use super::{MessageColumns, Sink, Summary, rank::Top};
use crate::{model::Model, pipeline::Scored};

/// Rows of a row group; readers skip and parallelise by these.
const GROUP_ROWS: usize = 64 << 10;
/// Bytes of a row group, as encoded: so much waits in memory.
const GROUP_BYTES: usize = 8 << 20;
/// Rows that are handed to the encoder at once, and bytes of their texts.
const BATCH_ROWS: usize = 1024;
const BATCH_BYTES: usize = 1 << 20;

/// Writes a Parquet file, which is complete once [`Sink::finish`] was called.
pub struct Parquet<W: Write + Send> {
    out: ArrowWriter<W>,
    columns: MessageColumns,
    top: Option<Top<Scored>>,
}

impl<W: Write + Send> fmt::Debug for Parquet<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parquet").field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl<W: Write + Send> Parquet<W> {
    /// Every message goes to `out`, or the `top` strongest; with the column `context` if there is one to write. The
    /// name and hash of `model` are kept in the file.
    ///
    /// # Errors
    /// Those of the output.
    pub fn new(out: W, top: Option<usize>, with_context: bool, model: &Model) -> io::Result<Self> {
        let facts = [
            ("undue.version", env!("CARGO_PKG_VERSION")),
            ("undue.model", model.metadata().name.as_str()),
            ("undue.model_sha256", model.hash()),
        ];
        let facts = facts.map(|(key, value)| KeyValue::new(key.to_owned(), value.to_owned())).to_vec();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_max_row_group_bytes(Some(GROUP_BYTES))
            .set_key_value_metadata(Some(facts))
            .build();
        // Parquet's own types say all that the schema says.
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let schema = MessageColumns::schema(with_context);
        let out = ArrowWriter::try_new_with_options(out, schema, options).map_err(io_error)?;
        let top = top.map(|limit| Top::new(Some(limit)));
        Ok(Self { out, columns: MessageColumns::new(with_context), top })
    }

    fn row(&mut self, scored: &Scored) -> io::Result<()> {
        self.columns.push(scored);
        let full = self.columns.rows() >= BATCH_ROWS || self.columns.bytes() >= BATCH_BYTES;
        if full { self.write_batch() } else { Ok(()) }
    }

    fn write_batch(&mut self) -> io::Result<()> {
        let batch = self.columns.finish().map_err(io::Error::other)?;
        self.out.write(&batch).map_err(io_error)
    }
}

impl<W: Write + Send> Sink for Parquet<W> {
    fn message(&mut self, scored: &Scored) -> io::Result<()> {
        match &mut self.top {
            Some(top) => top.push(&scored.score, || scored.clone()),
            None => self.row(scored)?,
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        let kept = self.top.as_mut().map(Top::take_in_order).unwrap_or_default();
        kept.iter().try_for_each(|scored| self.row(scored))?;
        self.write_batch()?;
        self.out.finish().map_err(io_error)?;
        self.out.inner_mut().flush()
    }
}

/// An error of the output comes out as it went in: a reader that hung up is no failure.
fn io_error(err: ParquetError) -> io::Error {
    match err {
        ParquetError::External(err) => match err.downcast::<io::Error>() {
            Ok(err) => *err,
            Err(err) => io::Error::other(err),
        },
        err => io::Error::other(err),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use ::parquet::file::reader::{FileReader, SerializedFileReader};

    use super::*;
    use crate::report::test_data::scored;

    fn written(rows: usize, top: Option<usize>) -> Vec<u8> {
        let model = Model::embedded().unwrap();
        let mut out = Vec::new();
        let mut sink = Parquet::new(&mut out, top, false, &model).unwrap();
        for ordinal in 0..rows {
            let mut scored = scored();
            scored.message.position.ordinal = ordinal as u64;
            scored.score.probabilities[crate::model::OUTPUTS - 1] = (ordinal % 7) as f64 / 10.0;
            sink.message(&scored).unwrap();
        }
        sink.finish(&Summary::default()).unwrap();
        drop(sink);
        out
    }

    #[test]
    fn row_groups_are_bounded_and_the_model_is_named() {
        let rows = GROUP_ROWS + 10;
        let reader = SerializedFileReader::new(bytes::Bytes::from(written(rows, None))).unwrap();
        let metadata = reader.metadata();
        assert_eq!(metadata.file_metadata().num_rows(), rows as i64);
        assert!(metadata.num_row_groups() > 1);
        assert!(metadata.row_groups().iter().all(|group| group.num_rows() <= GROUP_ROWS as i64));
        let facts = metadata.file_metadata().key_value_metadata().unwrap();
        let hash = facts.iter().find(|fact| fact.key == "undue.model_sha256").unwrap();
        assert_eq!(hash.value.as_deref(), Some(Model::embedded().unwrap().hash()));
        let compressed = metadata
            .row_group(0)
            .columns()
            .iter()
            .all(|it| it.compression() == Compression::ZSTD(ZstdLevel::default()));
        assert!(compressed);
    }

    #[test]
    fn the_same_messages_give_the_same_bytes() {
        assert_eq!(written(3000, None), written(3000, None));
    }

    #[test]
    fn the_strongest_are_kept_in_input_order() {
        let reader = SerializedFileReader::new(bytes::Bytes::from(written(20, Some(2)))).unwrap();
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
        assert_eq!(rows.len(), 2);
        assert!(rows[0].contains("ordinal: 6,") && rows[1].contains("ordinal: 13,"), "{rows:?}");
    }

    #[test]
    fn a_file_without_messages_is_a_file() {
        let reader = SerializedFileReader::new(bytes::Bytes::from(written(0, None))).unwrap();
        assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
        assert_eq!(reader.metadata().file_metadata().schema().get_fields().len(), 18);
    }

    #[test]
    fn a_reader_that_hung_up_is_told_as_such() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let model = Model::embedded().unwrap();
        let made = Parquet::new(Closed, None, false, &model).and_then(|mut sink| {
            sink.message(&scored())?;
            sink.finish(&Summary::default())
        });
        assert_eq!(made.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
