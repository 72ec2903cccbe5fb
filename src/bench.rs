//! Where the time goes: the stages of scoring, one after the other on one thread, each with its own clock.
//!
//! Records are taken in the batches of [`crate::pipeline`], and every batch passes all stages before the
//! next one is read, so that memory stays bounded and each stage finds its data as warm as it would be in a real run.
//! No stage's work is done twice or left out: the sum is what the same work costs in one piece.

use std::{io, time::Duration};

use crate::{
    Error, Message, Result, Scorer, Threader,
    context::{Context, Digester, Observer, Settings},
    features::{Sentence, sentences},
    model::Model,
    pipeline::{self, Batch, Scored},
    report::{Jsonl, Sink},
    source::Record,
};

mod clock;

pub use clock::{Clock, Spent};

/// One step on the way from bytes to scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Reading, decompressing and finding where records begin and end.
    Read,
    /// Decoding records to messages: headers, transfer encodings, charsets, HTML.
    Parse,
    /// Finding the author's own words and cutting them into sentences.
    OwnWords,
    /// Folding, tokens, weights, probabilities, evidence.
    Score,
    /// Which thread a message belongs to, and whether its id was seen before.
    Thread,
    /// JSON Lines.
    Write,
    /// What `--context` adds: digests, and the records of authors, threads and campaigns.
    Context,
}

impl Stage {
    /// All stages, in the order in which a message passes them.
    pub const ALL: [Self; 7] =
        [Self::Read, Self::Parse, Self::OwnWords, Self::Score, Self::Thread, Self::Write, Self::Context];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Parse => "parse",
            Self::OwnWords => "own-words",
            Self::Score => "score",
            Self::Thread => "thread",
            Self::Write => "write",
            Self::Context => "context",
        }
    }
}

/// What one run over the inputs took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timings {
    /// Time of each stage, in the order of [`Stage::ALL`].
    pub stages: [Spent; Stage::ALL.len()],
    /// Messages that were scored.
    pub messages: u64,
    /// Bytes of all records, decompressed.
    pub bytes: u64,
    /// Bytes of the sentences that were judged.
    pub own_bytes: u64,
    /// Bytes of JSON Lines.
    pub written_bytes: u64,
    /// Inputs and places in inputs that could not be read.
    pub errors: u64,
}

impl Timings {
    /// Time of one stage.
    pub fn stage(&self, stage: Stage) -> Spent {
        self.stages[stage as usize]
    }

    /// Time of all stages but the context: what `undue score` does without `--context`.
    pub fn total(&self) -> Spent {
        Stage::ALL.iter().filter(|&&stage| stage != Stage::Context).map(|&stage| self.stage(stage)).sum()
    }
}

/// Passes `records` through all stages on this thread and times each. `failed` is told what could not be read.
pub fn run(
    records: impl Iterator<Item = Result<Record>>,
    model: &Model,
    mut failed: impl FnMut(&Error),
) -> Timings {
    let mut records = records;
    let mut bench = Bench::new(model);
    loop {
        let batch = bench.time(Stage::Read, |_| pipeline::next_batch(&mut records));
        let Some((_, batch)) = batch else { return bench.timings() };
        bench.pass(batch, &mut failed);
    }
}

/// Time of the whole pipeline over `records` on so many threads, with JSON Lines that go nowhere.
///
/// # Errors
/// If the threads cannot be started.
pub fn run_pipeline(
    records: impl Iterator<Item = Result<Record>> + Send,
    model: &Model,
    threads: std::num::NonZeroUsize,
) -> Result<Spent> {
    let clock = Clock::of_process();
    let mut sink = Jsonl::new(Written::default(), None);
    let write = |item: Result<Scored>| {
        // Writing to nowhere does not fail, and what cannot be read was told when the stages were timed.
        let _ = item.map(|scored| sink.message(&scored));
        std::ops::ControlFlow::<()>::Continue(())
    };
    let _ = pipeline::run(records, model, threads, &mut Threader::new(), write)?;
    Ok(clock.spent())
}

/// The state of all stages.
struct Bench<'m> {
    scorer: Scorer<'m>,
    threader: Threader,
    sink: Jsonl<Written>,
    digester: Digester<'m>,
    context: Context,
    done: Timings,
}

impl<'m> Bench<'m> {
    fn new(model: &'m Model) -> Self {
        Self {
            scorer: Scorer::new(model),
            threader: Threader::new(),
            sink: Jsonl::new(Written::default(), None),
            digester: Digester::new(model),
            context: Context::new(Settings::default()),
            done: Timings::default(),
        }
    }

    fn time<T>(&mut self, stage: Stage, work: impl FnOnce(&mut Self) -> T) -> T {
        let clock = Clock::of_thread();
        let result = work(self);
        self.done.stages[stage as usize] += clock.spent();
        result
    }

    /// One batch through all stages behind reading.
    fn pass(&mut self, batch: Batch, failed: &mut impl FnMut(&Error)) {
        self.done.bytes += batch.iter().flatten().map(|record| record.bytes.len() as u64).sum::<u64>();
        let decoded: Vec<Result<Message>> =
            self.time(Stage::Parse, |_| batch.into_iter().flat_map(pipeline::decode).collect());
        let mut messages = Vec::with_capacity(decoded.len());
        for item in decoded {
            match item {
                Ok(message) => messages.push(message),
                Err(err) => {
                    self.done.errors += 1;
                    failed(&err);
                }
            }
        }
        self.done.messages += messages.len() as u64;
        let own: Vec<Vec<Sentence>> =
            self.time(Stage::OwnWords, |_| messages.iter().map(sentences).collect());
        self.done.own_bytes += own.iter().flatten().map(|sentence| sentence.range.len() as u64).sum::<u64>();
        let mut scored: Vec<Scored> = self.time(Stage::Score, |bench| {
            let judged = messages.into_iter().zip(own);
            judged
                .map(|(message, own)| Scored::new(bench.scorer.score_sentences(&message, own), message))
                .collect()
        });
        self.time(Stage::Thread, |bench| {
            scored.iter_mut().for_each(|scored| bench.threader.assign(&mut scored.message));
        });
        self.time(Stage::Write, |bench| {
            // Writing to nowhere does not fail.
            scored.iter().for_each(|scored| drop(bench.sink.message(scored)));
        });
        self.time(Stage::Context, |bench| {
            for scored in &scored {
                let digest = bench.digester.digest(scored);
                bench.context.observe(digest, &mut Nobody);
            }
        });
    }

    fn timings(mut self) -> Timings {
        self.done.written_bytes = self.sink.get_ref().0;
        self.done
    }
}

struct Nobody;

impl Observer for Nobody {}

/// Counts bytes and forgets them.
#[derive(Debug, Default)]
struct Written(u64);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The median of several runs, stage by stage (the lower of the two middle ones for an even number).
pub fn median(spent: impl Iterator<Item = Spent>) -> Spent {
    let (mut cpu, mut wall): (Vec<Duration>, Vec<Duration>) =
        spent.map(|spent| (spent.cpu, spent.wall)).unzip();
    let middle = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times.get(times.len().saturating_sub(1) / 2).copied().unwrap_or_default()
    };
    Spent { cpu: middle(&mut cpu), wall: middle(&mut wall) }
}

#[cfg(test)]
mod tests;
