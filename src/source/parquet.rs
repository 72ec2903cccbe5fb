//! Parquet tables, a few rows at a time. Each row becomes a record in the schema of [`jsonl`].
//!
//! Only columns that hold fields are read. A Parquet file's index stands at its end and is taken at its word by few:
//! what it states is checked against the length of the file and the limits before anything is allocated by it.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use ::parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
    },
    errors::ParquetError,
    file::{
        metadata::ParquetMetaData,
        reader::{ChunkReader, Length},
    },
};
use arrow_array::RecordBatch;

use super::{
    Columns, Format, Limits, Record,
    arrow::{Cell, Rows, fields_of},
    jsonl,
    table::push_escaped,
};
use crate::{
    error::{Error, ErrorKind, Result, SharedPath},
    message::{Message, Position, Problem},
};

/// Rows that are decoded at once. Values of a dictionary take their full size in each row, so these are few.
const BATCH_ROWS: usize = 32;
/// Bytes that a column may hold however well it was compressed.
const RATIO_GRACE: u64 = 16 << 20;

/// True for a plain file that begins as Parquet does, or is said to be Parquet. Nothing is read from a pipe.
pub(super) fn is_parquet(file: &File, format: Option<Format>) -> bool {
    let is_file = file.metadata().is_ok_and(|data| data.is_file());
    is_file && (format == Some(Format::Parquet) || (format.is_none() && begins_as_parquet(file)))
}

fn begins_as_parquet(mut file: &File) -> bool {
    let mut magic = [0; 4];
    let read = file.read_exact(&mut magic).is_ok();
    file.rewind().is_ok() && read && &magic == b"PAR1"
}

/// One record for each row, in order.
pub(super) struct ParquetSource {
    batches: ParquetRecordBatchReader,
    fields: Vec<Option<&'static str>>,
    path: SharedPath,
    limit: usize,
    /// What is left of the last batch.
    batch: Option<(RecordBatch, Range<usize>)>,
    ordinal: u64,
    done: bool,
}

impl ParquetSource {
    /// Reads the index; an error if it is damaged, or if no column holds the text of messages.
    pub(super) fn new(
        file: File,
        columns: &Columns,
        path: SharedPath,
        limits: &Limits,
        consumed: Arc<AtomicU64>,
    ) -> Result<Self> {
        let length = file.metadata().map_err(|err| Error::io(err, &*path))?.len();
        let file = Whole { file, length, consumed };
        // Without the Arrow schema that some writers embed there are fewer types to care for, and texts the same.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder =
            guarded(&path, || ParquetRecordBatchReaderBuilder::try_new_with_options(file, options))?;
        let of_all = fields_of(builder.schema(), columns).map_err(|err| err.with_path(&*path))?;
        let read: Vec<usize> = (0..of_all.len()).filter(|&at| of_all[at].is_some()).collect();
        check_sizes(builder.metadata(), &read, limits).map_err(|err| err.with_path(&*path))?;
        let mask = ProjectionMask::roots(builder.parquet_schema(), read);
        let builder = builder.with_projection(mask).with_batch_size(BATCH_ROWS);
        let batches = guarded(&path, || builder.build())?;
        let fields = of_all.into_iter().filter(Option::is_some).collect();
        let limit = limits.record_bytes;
        Ok(Self { batches, fields, path, limit, batch: None, ordinal: 0, done: false })
    }

    fn next_batch(&mut self) -> Option<Result<()>> {
        let batches = &mut self.batches;
        match guarded(&self.path, || batches.next().transpose()) {
            Ok(batch) => {
                let batch = batch?;
                let rows = 0..batch.num_rows();
                self.batch = Some((batch, rows));
                Some(Ok(()))
            }
            Err(err) => {
                self.done = true;
                Some(Err(err))
            }
        }
    }
}

impl Iterator for ParquetSource {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            if let Some((batch, rows)) = &mut self.batch
                && let Some(row) = rows.next()
            {
                self.ordinal += 1;
                let position = Position { path: self.path.clone(), ordinal: self.ordinal, offset: 0 };
                return Some(Ok(record(Rows::new(batch, &self.fields).row(row), position, self.limit)));
            }
            if let Err(err) = self.next_batch()? {
                return Some(Err(err));
            }
        }
        None
    }
}

/// The row as a JSON object; of its texts no more than `limit` bytes.
fn record<'b>(
    row: impl Iterator<Item = (&'static str, Cell<'b>)>,
    position: Position,
    limit: usize,
) -> Record {
    let mut out = vec![b'{'];
    let mut left = limit;
    let mut truncated = false;
    for (field, cell) in row {
        if out.len() > 1 {
            out.push(b',');
        }
        out.extend_from_slice(format!("\"{field}\":").as_bytes());
        match cell {
            Cell::Null => out.extend_from_slice(b"null"),
            Cell::Flag(flag) => out.extend_from_slice(if flag { b"true" } else { b"false" }),
            Cell::Number(number) => out.extend_from_slice(number.as_bytes()),
            Cell::Instant(text) => out.extend_from_slice(format!("\"{text}\"").as_bytes()),
            Cell::Nested => out.extend_from_slice(b"[]"),
            Cell::Bytes(bytes) => {
                let kept = within(bytes, left);
                truncated |= kept.len() < bytes.len();
                left -= kept.len();
                out.push(b'"');
                push_escaped(kept, &mut out);
                out.push(b'"');
            }
        }
    }
    out.push(b'}');
    Record { truncated, ..Record::new(out, position, decode) }
}

/// The first `limit` bytes, or a few less, so that no character is cut.
fn within(bytes: &[u8], limit: usize) -> &[u8] {
    if bytes.len() <= limit {
        return bytes;
    }
    let is_start = |at: &usize| bytes[*at] & 0xc0 != 0x80;
    let end = (limit.saturating_sub(3)..=limit).rev().find(is_start).unwrap_or(limit);
    &bytes[..end]
}

fn decode(record: &Record) -> Vec<Result<Message>> {
    let mut messages = jsonl::decode(record);
    if record.truncated {
        messages.iter_mut().flatten().for_each(|message| message.note(Problem::Truncated));
    }
    messages
}

/// Refuses columns that would grow beyond the limits, as far as the index says how large they are.
fn check_sizes(metadata: &ParquetMetaData, read: &[usize], limits: &Limits) -> Result<()> {
    let schema = metadata.file_metadata().schema_descr();
    let mut total: u64 = 0;
    for group in metadata.row_groups() {
        for (leaf, column) in group.columns().iter().enumerate() {
            if !read.contains(&schema.get_column_root_idx(leaf)) {
                continue;
            }
            let size = |bytes: i64| u64::try_from(bytes).unwrap_or(u64::MAX);
            let (small, large) = (size(column.compressed_size()), size(column.uncompressed_size()));
            total = total.saturating_add(large);
            if large.saturating_sub(RATIO_GRACE) > small.saturating_mul(limits.ratio)
                || total > limits.decompressed_bytes
            {
                let what = format!("column {} grows beyond the limit", column.column_path());
                return Err(Error::new(ErrorKind::Limit(what)));
            }
        }
    }
    Ok(())
}

/// Runs a step of the reader. What is damaged in a way that its library did not foresee is an error of this file, and
/// no reason to give up all others.
fn guarded<T, E: Into<ParquetError>>(
    path: &SharedPath,
    step: impl FnOnce() -> std::result::Result<T, E>,
) -> Result<T> {
    let failed =
        |what: String| Error::new(ErrorKind::Format(format!("damaged Parquet: {what}"))).with_path(&**path);
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(done) => done.map_err(|err| match err.into() {
            ParquetError::External(err) => failed(err.to_string()),
            err => failed(err.to_string()),
        }),
        Err(_) => Err(failed("its reader gave up".into())),
    }
}

/// A file that gives out no more than it has: the lengths that are asked for come from the file itself.
struct Whole {
    file: File,
    length: u64,
    consumed: Arc<AtomicU64>,
}

impl Whole {
    fn at(&self, start: u64) -> std::io::Result<File> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(start))?;
        Ok(file)
    }
}

impl Length for Whole {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Whole {
    type T = BufReader<File>;

    fn get_read(&self, start: u64) -> std::result::Result<Self::T, ParquetError> {
        Ok(BufReader::new(self.at(start)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> std::result::Result<bytes::Bytes, ParquetError> {
        if start.checked_add(length as u64).is_none_or(|end| end > self.length) {
            return Err(ParquetError::EOF("its index points behind its end".into()));
        }
        let mut bytes = vec![0; length];
        self.at(start)?.read_exact(&mut bytes)?;
        self.consumed.fetch_add(length as u64, Ordering::Relaxed);
        Ok(bytes.into())
    }
}

#[cfg(test)]
mod tests;
