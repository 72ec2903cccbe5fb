//! Micro-benchmarks of the stages on text that was written for the project: `cargo bench --bench stages`.
//!
//! `undue bench PATH` measures the same stages on an archive of your own.

#![allow(clippy::unwrap_used, missing_docs)]

use std::{hint::black_box, io::Cursor, path::Path, time::Duration};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use undue::{
    Message, Scorer, Threader,
    features::{fold, for_each_token, sentences},
    model::Model,
    own_words,
    pipeline::Scored,
    report::{Jsonl, Sink},
    source::{MboxSource, Record},
};

mod text;

/// The records of an archive, which must be whole.
fn records(archive: &[u8]) -> Vec<Record> {
    MboxSource::new(Cursor::new(archive), Path::new("bench.mbox").into(), usize::MAX)
        .collect::<Result<_, _>>()
        .unwrap()
}

fn decode(records: &[Record]) -> Vec<Message> {
    records.iter().flat_map(Record::decode).collect::<Result<_, _>>().unwrap()
}

fn reading(c: &mut Criterion) {
    let mut group = c.benchmark_group("read");
    for (name, archive) in [("plain", text::plain_archive()), ("mime", text::mime_archive())] {
        let records = records(&archive);
        group.throughput(Throughput::Bytes(archive.len() as u64));
        group.bench_function(format!("boundaries/{name}"), |b| {
            b.iter(|| self::records(black_box(&archive)));
        });
        group.bench_function(format!("parse/{name}"), |b| b.iter(|| decode(black_box(&records))));
    }
    group.finish();
}

fn judging(c: &mut Criterion) {
    let messages = decode(&records(&text::plain_archive()));
    let model = Model::embedded().unwrap();
    let bodies: usize = messages.iter().map(|message| message.body.len()).sum();
    let judged: Vec<_> = messages.iter().map(sentences).collect();
    let own: usize = judged.iter().flatten().map(|sentence| sentence.range.len()).sum();

    let mut group = c.benchmark_group("judge");
    group.throughput(Throughput::Bytes(bodies as u64));
    group.bench_function("own-words", |b| {
        b.iter(|| messages.iter().map(|message| own_words(black_box(&message.body)).len()).sum::<usize>());
    });
    group.bench_function("sentences", |b| {
        b.iter(|| messages.iter().map(|message| sentences(black_box(message)).len()).sum::<usize>());
    });
    group.throughput(Throughput::Bytes(own as u64));
    group.bench_function("fold", |b| {
        b.iter(|| {
            let texts = messages.iter().zip(&judged);
            let all = texts.flat_map(|(message, own)| own.iter().map(|sentence| sentence.text(message)));
            all.map(|text| fold(black_box(text)).text().len()).sum::<usize>()
        });
    });
    group.bench_function("tokens", |b| {
        let mut scratch = String::new();
        b.iter(|| {
            let mut tokens = 0usize;
            for (message, own) in messages.iter().zip(&judged) {
                for sentence in own {
                    for_each_token(black_box(sentence.text(message)), &mut scratch, |_, _| tokens += 1);
                }
            }
            tokens
        });
    });
    let mut scorer = Scorer::new(&model);
    group.bench_function("score", |b| {
        b.iter(|| {
            let all = messages.iter().zip(&judged);
            all.map(|(message, own)| scorer.score_sentences(black_box(message), own.clone()).labels.len())
                .sum::<usize>()
        });
    });
    group.finish();
}

fn writing(c: &mut Criterion) {
    let messages = decode(&records(&text::plain_archive()));
    let model = Model::embedded().unwrap();
    let mut scorer = Scorer::new(&model);
    let scored: Vec<_> = messages
        .iter()
        .map(|message| Scored { message: message.clone(), score: scorer.score(message), insight: None })
        .collect();

    let mut group = c.benchmark_group("write");
    group.throughput(Throughput::Elements(scored.len() as u64));
    group.bench_function("thread", |b| {
        b.iter_batched(
            || messages.clone(),
            |mut messages| {
                let mut threader = Threader::new();
                messages.iter_mut().for_each(|message| threader.assign(message));
                (threader.threads(), messages)
            },
            criterion::BatchSize::LargeInput,
        );
    });
    group.bench_function("jsonl", |b| {
        let mut out = Vec::new();
        b.iter(|| {
            out.clear();
            let mut sink = Jsonl::new(&mut out, None);
            scored.iter().try_for_each(|scored| sink.message(black_box(scored))).unwrap();
        });
    });
    group.finish();
    c.bench_function("start/model", |b| b.iter(|| Model::embedded().unwrap()));
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2)).sample_size(20);
    targets = reading, judging, writing
}
criterion_main!(benches);
