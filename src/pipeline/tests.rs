#![allow(clippy::unwrap_used)]

use super::*;
use crate::{
    Problem,
    error::ErrorKind,
    message::Position,
    model::{Calibration, Head, Metadata, Output, OutputFacts, TrainingFacts, Vocabulary, Weights},
};

fn model() -> Model {
    let outputs = Output::all().map(|output| OutputFacts {
        name: output.name().into(),
        calibration: Calibration {
            scale: 0.01,
            bias: -1.0,
            head: Head { intercept: 0.0, own: 1.0, labels: [0.0; 8] },
        },
        threshold: 0.5,
        false_alarm_rate: 0.0,
        recall: 1.0,
    });
    let training = TrainingFacts {
        messages: [].into(),
        positives: [].into(),
        inputs: [].into(),
        seed: 0,
        settings: [].into(),
    };
    let metadata = Metadata {
        name: "test".into(),
        version: "1".into(),
        language: "en".into(),
        outputs: outputs.collect(),
        training,
    };
    Model::new(
        metadata,
        Vocabulary::new(vec!["hurry".into()], vec![]).unwrap(),
        vec![Weights { sentence: [500; 11], message: [0; 11] }],
    )
    .unwrap()
}

/// A record of two messages, or of an error where its number ends in 7.
fn decode_test(record: &Record) -> Vec<Result<Message>> {
    let n = record.position.ordinal;
    if n % 10 == 7 {
        return vec![Err(ErrorKind::Damaged(format!("{n}")).into())];
    }
    let message = |id: String| Message {
        id,
        body: String::from_utf8_lossy(&record.bytes).into_owned(),
        position: record.position.clone(),
        ..Message::default()
    };
    vec![Ok(message(format!("{n}a"))), Ok(message(format!("{n}b")))]
}

fn record(n: u64, len: usize) -> Record {
    let position = Position { ordinal: n, ..Position::default() };
    let bytes = vec![b'x'; len];
    Record { bytes, position, decoder: decode_test, truncated: false, envelope_date: None }
}

fn run_with(threads: usize, records: Vec<Result<Record>>) -> Vec<String> {
    let mut seen = Vec::new();
    let threads = NonZeroUsize::new(threads).unwrap();
    let flow = run(records.into_iter(), &model(), threads, &mut Threader::new(), |item| {
        seen.push(item.map_or_else(|err| err.to_string(), |scored| scored.message.id));
        ControlFlow::<()>::Continue(())
    });
    assert!(flow.unwrap().is_continue());
    seen
}

#[test]
fn order_is_that_of_the_input_for_any_number_of_threads() {
    let records = || {
        let mut all: Vec<_> = (0..3000).map(|n| Ok(record(n, (n as usize * 7919) % 20_000))).collect();
        all.insert(5, Err(ErrorKind::Format("broken".into()).into()));
        all
    };
    let expected = run_with(1, records());
    assert_eq!(expected[..3], ["0a", "0b", "1a"]);
    assert_eq!(expected[10], "broken");
    assert_eq!(expected.len(), 3000 * 2 - 300 + 1);
    for threads in [2, 3, 8] {
        assert_eq!(run_with(threads, records()), expected);
    }
}

#[test]
fn a_consumer_may_stop_at_any_time() {
    for stop in [0, 1, 5000] {
        let mut seen = 0;
        let endless = (0..).map(|n| Ok(record(n * 10, 5000)));
        let threads = NonZeroUsize::new(2).unwrap();
        let flow = run(endless, &model(), threads, &mut Threader::new(), |_| {
            seen += 1;
            if seen > stop { ControlFlow::Break("enough") } else { ControlFlow::Continue(()) }
        });
        assert_eq!(flow.unwrap(), ControlFlow::Break("enough"));
        assert_eq!(seen, stop + 1);
    }
}

#[test]
fn messages_larger_than_the_budget_pass() {
    let records = (0..4).map(|n| Ok(record(n * 10, 5 << 20))).collect();
    assert_eq!(run_with(1, records).len(), 8);
}

#[test]
fn messages_are_threaded_in_order() {
    let mut threader = Threader::new();
    let records = [record(1, 1), record(1, 1)].map(Ok).into_iter();
    let mut duplicates = 0;
    let threads = NonZeroUsize::new(2).unwrap();
    let flow = run(records, &model(), threads, &mut threader, |item| {
        let message = item.unwrap().message;
        assert_eq!(message.thread, Some(message.id.clone()));
        duplicates += usize::from(message.problems.contains(&Problem::DuplicateId));
        ControlFlow::<()>::Continue(())
    });
    assert!(flow.unwrap().is_continue());
    assert_eq!((duplicates, threader.threads()), (2, 2));
}
