#![allow(clippy::unwrap_used)]

use std::io::Write;

use ::parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};
use arrow_array::{ArrayRef, Int64Array, StringArray, TimestampMillisecondArray};
use proptest::prelude::*;

use super::*;
use crate::source::{Input, Options, open};

const ROWS: usize = 100;

fn table() -> RecordBatch {
    let texts = (0..ROWS).map(|row| (row % 10 != 3).then(|| format!("Zeile \"{row}\",\nund\u{1}mehr")));
    let columns: [(&str, ArrayRef); 4] = [
        ("number", Arc::new(Int64Array::from_iter_values(0..ROWS as i64))),
        ("remark", Arc::new(texts.collect::<StringArray>())),
        ("created_at", Arc::new(TimestampMillisecondArray::from(vec![1_714_979_289_000; ROWS]))),
        ("login", Arc::new(StringArray::from(vec!["ada"; ROWS]))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, it)| (name, it, true))).unwrap()
}

fn parquet(batch: &RecordBatch, compression: Compression) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_max_row_group_row_count(Some(40))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

fn options(limit: usize) -> Options {
    let mut options = Options { columns: "text=remark".parse().unwrap(), ..Options::default() };
    options.columns.add("id=number").unwrap();
    options.limits.record_bytes = limit;
    options
}

fn read(bytes: &[u8], options: &Options) -> Vec<Result<Message>> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let records = open(&[Input::from(file.path())], options);
    records.flat_map(|record| record.map_or_else(|err| vec![Err(err)], |record| record.decode())).collect()
}

#[test]
fn rows_are_messages_whatever_compresses_them() {
    for compression in
        [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::ZSTD(ZstdLevel::default())]
    {
        let read: Vec<_> =
            read(&parquet(&table(), compression), &options(1000)).into_iter().map(Result::unwrap).collect();
        assert_eq!(read.len(), ROWS);
        let message = &read[42];
        assert_eq!((&*message.id, &*message.body), ("42", "Zeile \"42\",\nund\u{1}mehr"));
        assert_eq!((&*message.author.name, message.position.ordinal), ("ada", 43));
        assert_eq!(message.date.unwrap().to_string(), "2024-05-06T07:08:09+00:00");
        assert!(message.problems.is_empty(), "{:?}", message.problems);
        assert_eq!(read[43].problems, [Problem::EmptyBody], "it is null");
    }
}

#[test]
fn rows_are_what_their_batch_says() {
    let read: Vec<_> = read(&parquet(&table(), Compression::SNAPPY), &options(1000))
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let path = read[0].position.path.clone();
    let columns = options(1000).columns;
    let expected: Vec<_> = super::super::messages_of(&table(), &columns, &path, 1).unwrap().collect();
    assert_eq!(read, expected);
}

#[test]
fn long_rows_are_cut_between_characters() {
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["äöü", "ab"]));
    let batch = RecordBatch::try_from_iter([("text", texts)]).unwrap();
    let limited = Options { columns: Columns::default(), ..options(3) };
    let read: Vec<_> =
        read(&parquet(&batch, Compression::SNAPPY), &limited).into_iter().map(Result::unwrap).collect();
    assert_eq!((&*read[0].body, &*read[1].body), ("ä", "ab"));
    assert!(
        read[0].problems.contains(&Problem::Truncated) && !read[1].problems.contains(&Problem::Truncated)
    );
}

#[test]
fn without_text_the_columns_are_named() {
    let read = read(&parquet(&table(), Compression::SNAPPY), &Options::default());
    let err = read.into_iter().next().unwrap().unwrap_err().to_string();
    assert!(err.contains("number, remark, created_at, login"), "{err}");
}

#[test]
fn what_grows_beyond_the_limit_is_refused() {
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["x".repeat(40 << 20)]));
    let batch = RecordBatch::try_from_iter([("text", texts)]).unwrap();
    let bytes = parquet(&batch, Compression::ZSTD(ZstdLevel::default()));
    let err = read(&bytes, &Options::default()).remove(0).unwrap_err();
    assert!(matches!(err.kind(), ErrorKind::Limit(_)), "{err}");
}

#[test]
fn a_pipe_or_a_second_compression_is_told() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&parquet(&table(), Compression::SNAPPY)).unwrap();
    let err = read(&gzip.finish().unwrap(), &options(1000)).remove(0).unwrap_err();
    assert!(err.to_string().contains("save it as a plain file"), "{err}");
}

#[test]
fn a_file_that_is_cut_off_is_an_error() {
    let whole = parquet(&table(), Compression::SNAPPY);
    for length in [5, 12, whole.len() / 2, whole.len() - 1] {
        let read = read(&whole[..length], &options(1000));
        assert!(read.len() == 1 && read[0].as_ref().is_err_and(Error::is_fatal), "{length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Damage gives rows and errors, and an end.
    #[test]
    fn damage_is_survived(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = parquet(&table(), Compression::ZSTD(ZstdLevel::default()));
        for (at, value) in changes {
            let at = 4 + at.index(bytes.len() - 8);
            bytes[at] = value;
        }
        let read = read(&bytes, &options(1000));
        prop_assert!(read.len() <= 2 * ROWS);
    }
}
