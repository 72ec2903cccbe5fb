//! Parquet in and out, from end to end, on tables written for the purpose.

#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used)]

#[allow(dead_code, reason = "other tests use the rest")]
mod util;

use std::{fs::File, path::Path, sync::Arc};

use arrow_array::{
    Array, ArrayRef, RecordBatch, StringArray,
    cast::AsArray,
    types::{Float64Type, Int8Type},
};
use parquet::arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder};
use serde_json::Value;
use util::Dir;

fn rows(path: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    reader.build().unwrap().map(Result::unwrap).collect()
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<String> {
    let column = batch.column_by_name(name).unwrap().as_string::<i32>();
    column.iter().map(|text| text.unwrap_or_default().to_owned()).collect()
}

/// The list in `list.mbox` of the test directory, as a table of remarks.
fn write_table(path: &Path) -> usize {
    let remarks = [
        ("1", "ada", "The build fails on arm."),
        ("2", "cy", "It has been weeks. I ask for a handover of the project, now."),
        ("3", "", "Thanks!"),
    ];
    let column = |of: fn(&(&'static str, &'static str, &'static str)) -> &'static str| {
        Arc::new(remarks.iter().map(|row| Some(of(row))).collect::<StringArray>()) as ArrayRef
    };
    let columns = [("id", column(|it| it.0)), ("user", column(|it| it.1)), ("remark", column(|it| it.2))];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    remarks.len()
}

#[test]
fn parquet_says_what_jsonl_says() {
    let dir = Dir::new();
    let ran = dir.score(&["--format", "parquet", "--output", "scores.parquet", "list.mbox"]).exits(0);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("4 messages read"), "{}", ran.stderr);
    let batches = rows(&dir.path().join("scores.parquet"));
    let batch = &batches[0];
    let stdout = dir.score(&["--format", "jsonl", "list.mbox"]).stdout();
    let lines: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((batches.len(), batch.num_rows()), (1, lines.len()));
    for (row, line) in lines.iter().enumerate() {
        for name in ["id", "thread", "subject", "source"] {
            assert_eq!(texts(batch, name)[row], line[name], "{name}");
        }
        let number =
            |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Float64Type>().value(row);
        assert_eq!(number("pressure"), line["pressure"]);
        assert_eq!(number("takeover_pressure"), line["takeover_pressure"]);
        let level = batch.column_by_name("level").unwrap().as_primitive::<Int8Type>().value(row);
        assert_eq!(level, line["level"]);
        let scores = batch.column_by_name("scores").unwrap().as_struct();
        for (label, score) in line["scores"].as_object().unwrap() {
            let column = scores.column_by_name(label).unwrap().as_primitive::<Float64Type>();
            assert_eq!(column.value(row), *score, "{label}");
        }
        let evidence = batch.column_by_name("evidence").unwrap().as_list::<i32>().value(row);
        let words = evidence.as_struct().column_by_name("text").unwrap().as_string::<i32>();
        let expected = line["evidence"].as_array().unwrap().iter().map(|piece| piece["text"].as_str());
        assert!(words.iter().eq(expected));
        assert_eq!(batch.column_by_name("date").unwrap().is_null(row), line["date"].is_null());
    }
}

#[test]
fn bytes_do_not_depend_on_threads() {
    let dir = Dir::new();
    for (threads, name) in [("1", "one.parquet"), ("3", "three.parquet")] {
        dir.score(&["--format", "parquet", "--context", "--threads", threads, "--output", name, "list.mbox"])
            .exits(0);
    }
    let bytes = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
    assert_eq!(bytes("one.parquet"), bytes("three.parquet"));
    let batch = &rows(&dir.path().join("one.parquet"))[0];
    assert!(batch.column_by_name("context").unwrap().is_valid(0));
}

#[test]
fn a_parquet_table_is_an_input_like_any_other() {
    let dir = Dir::new();
    let count = write_table(&dir.path().join("remarks.parquet"));
    let args = ["--format", "csv", "--column", "text=remark", "remarks.parquet", "list.mbox"];
    let ran = dir.score(&args).exits(0);
    let rows: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(rows.len(), 1 + count + 4);
    assert!(rows[2].starts_with("2,") && rows[2].contains("takeover"), "{}", rows[2]);
    assert!(ran.stderr.contains("no-author 1"), "{}", ran.stderr);
}

#[test]
fn a_parquet_file_is_found_in_a_directory_and_damage_is_told() {
    let dir = Dir::new();
    let archive = dir.path().join("archive");
    std::fs::create_dir(&archive).unwrap();
    write_table(&archive.join("a.parquet"));
    std::fs::write(archive.join("b.parquet"), b"PAR1 and nothing else").unwrap();
    let ran = dir.score(&["--format", "jsonl", "--column", "text=remark", "archive"]).exits(2);
    assert_eq!(ran.stdout.lines().count(), 3);
    assert!(ran.stderr.contains("b.parquet: damaged Parquet"), "{}", ran.stderr);
}

#[test]
fn the_strongest_alone_may_be_written() {
    let dir = Dir::new();
    dir.score(&["--format", "parquet", "--top", "1", "--output", "top.parquet", "list.mbox"]).exits(0);
    let batch = &rows(&dir.path().join("top.parquet"))[0];
    assert_eq!(texts(batch, "id"), ["b@tarn.example"]);
}
