#![allow(clippy::unwrap_used)]

use std::{num::NonZeroUsize, path::PathBuf};

use super::*;
use crate::source::{Input, Options, Records, open};

fn records() -> Records {
    let path = PathBuf::from("datasets/samples/lanternfs-devel.mbox");
    open(&[Input { path, format: None }], &Options::default())
}

fn ms(cpu: u64, wall: u64) -> Spent {
    Spent { cpu: Duration::from_millis(cpu), wall: Duration::from_millis(wall) }
}

#[test]
fn all_messages_pass_all_stages_and_are_written_as_the_pipeline_writes_them() {
    let model = Model::embedded().unwrap();
    let timings = run(records(), &model, |err| panic!("{err}"));
    let mut sink = Jsonl::new(Vec::new(), None);
    let (mut messages, mut own) = (0, 0);
    let threads = NonZeroUsize::new(2).unwrap();
    let _ = pipeline::run(records(), &model, threads, &mut Threader::new(), |item| {
        let scored = item.unwrap();
        own += sentences(&scored.message).iter().map(|sentence| sentence.range.len() as u64).sum::<u64>();
        messages += 1;
        sink.message(&scored).unwrap();
        std::ops::ControlFlow::<()>::Continue(())
    })
    .unwrap();
    assert_eq!((timings.messages, timings.own_bytes, timings.errors), (messages, own, 0));
    assert_eq!(timings.written_bytes, sink.get_ref().len() as u64);
    assert!(timings.bytes > timings.own_bytes && messages == 76);
}

#[test]
fn what_cannot_be_read_is_told_and_counted() {
    let inputs = ["no-such-file", "datasets/samples/lanternfs-devel.mbox"];
    let inputs = inputs.map(|path| Input { path: path.into(), format: None });
    let mut told = Vec::new();
    let timings = run(open(&inputs, &Options::default()), &Model::embedded().unwrap(), |err| {
        told.push(err.to_string());
    });
    assert_eq!((timings.errors, timings.messages), (1, 76));
    assert!(told[0].contains("no-such-file"), "{told:?}");
}

#[test]
fn the_total_leaves_out_the_context() {
    let stages = Stage::ALL.map(|stage| ms(if stage == Stage::Context { 100 } else { 1 }, 2));
    let timings = Timings { stages, ..Timings::default() };
    assert_eq!(timings.total(), ms(6, 12));
    assert_eq!(timings.stage(Stage::Context), ms(100, 2));
}

#[test]
fn medians_are_taken_of_each_clock() {
    assert_eq!(median([ms(3, 10), ms(1, 30), ms(2, 20)].into_iter()), ms(2, 20));
    assert_eq!(median([ms(4, 4), ms(1, 1)].into_iter()), ms(1, 1));
    assert_eq!(median(std::iter::empty()), ms(0, 0));
}
