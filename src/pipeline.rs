//! From records to scored messages: one reader, many workers, one consumer, in input order.
//!
//! The reader cuts the records into batches; the workers decode and score them; the consumer (the calling thread)
//! gets them back in input order, threads the messages and hands them on. Nothing depends on how many workers there
//! are, so that the output is the same for any number. What is on the way is bounded in bytes and in batches.

use std::{
    num::NonZeroUsize,
    ops::ControlFlow,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use crate::{
    Error, ErrorKind, Message, Problem, Result, Score, Scorer, Threader, context::Insight, model::Model,
    source::Record,
};

mod budget;

use budget::Budget;

/// A batch is full at this many bytes, or at [`BATCH_ITEMS`]. Twice as much would be no faster, and with eight workers
/// a large archive would take more than 64 MiB.
const BATCH_BYTES: usize = 512 << 10;
const BATCH_ITEMS: usize = 256;
/// What a record costs beside its bytes.
const ITEM_BYTES: usize = 256;

/// A message and what the model says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The message, threaded.
    pub message: Message,
    /// Its score.
    pub score: Score,
    /// What was known when it came, where a context was kept.
    pub insight: Option<Box<Insight>>,
}

pub(crate) type Batch = Vec<Result<Record>>;

impl Scored {
    /// A message and its score; a message that could not be judged bears the problem from here on.
    pub fn new(score: Score, mut message: Message) -> Self {
        if !score.is_judged {
            message.note(Problem::Language);
        }
        Self { message, score, insight: None }
    }
}

type Results = Vec<Result<Scored>>;

/// Cores at hand; the default number of workers.
pub fn available_threads() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Decodes and scores `records` on `threads` workers and calls `consume` with every message and every error, in
/// input order, until it breaks. Returns what it broke with.
///
/// # Errors
/// Only if the threads cannot be started; failures of inputs are passed to `consume`.
pub fn run<B>(
    records: impl Iterator<Item = Result<Record>> + Send,
    model: &Model,
    threads: NonZeroUsize,
    threader: &mut Threader,
    mut consume: impl FnMut(Result<Scored>) -> ControlFlow<B>,
) -> Result<ControlFlow<B>> {
    run_unthreaded(records, model, threads, |item| {
        consume(item.map(|mut scored| {
            threader.assign(&mut scored.message);
            scored
        }))
    })
}

/// As [`run`], but the messages keep what the source says of their threads.
///
/// # Errors
/// As those of [`run`].
pub fn run_unthreaded<B>(
    records: impl Iterator<Item = Result<Record>> + Send,
    model: &Model,
    threads: NonZeroUsize,
    consume: impl FnMut(Result<Scored>) -> ControlFlow<B>,
) -> Result<ControlFlow<B>> {
    let mut records = records;
    // What fits into one batch is done before other threads have started.
    let first = if threads.get() > 1 { next_batch(&mut records) } else { None };
    let is_all = first.as_ref().is_some_and(|(bytes, batch)| !is_full(*bytes, batch));
    let first = first.into_iter().flat_map(|(_, batch)| batch);
    if threads.get() == 1 || is_all {
        let rest = (!is_all).then_some(records).into_iter().flatten();
        return Ok(run_here(first.chain(rest), model, consume));
    }
    let records = first.chain(records);
    let threads = threads.get();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|err| Error::new(ErrorKind::Io(std::io::Error::other(err))))?;
    let workers = Workers::new(model, threads);
    // Batches overshoot by their last record.
    let budget = Budget::new(3 * threads * BATCH_BYTES);
    // The batch that the consumer is at is in flight as well.
    let (queue, results) = sync_channel(2 * threads - 1);
    Ok(thread::scope(|scope| {
        scope.spawn(|| pool.in_place_scope(|pool| read(records, pool, &workers, &budget, queue)));
        let _closed = budget.close_on_drop();
        deliver(results, &budget, consume)
    }))
}

/// All of it on this thread.
fn run_here<B>(
    records: impl Iterator<Item = Result<Record>>,
    model: &Model,
    mut consume: impl FnMut(Result<Scored>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut scorer = Scorer::new(model);
    for item in records.flat_map(decode) {
        consume(item.map(|message| Scored::new(scorer.score(&message), message)))?;
    }
    ControlFlow::Continue(())
}

/// Hands batches to the pool and, in the same order, the places where their results will appear to the consumer.
fn read<'s>(
    mut records: impl Iterator<Item = Result<Record>>,
    pool: &rayon::Scope<'s>,
    workers: &'s Workers<'_>,
    budget: &Budget,
    queue: SyncSender<(usize, Receiver<Results>)>,
) {
    while let Some((bytes, batch)) = next_batch(&mut records) {
        let (sender, receiver) = sync_channel(1);
        // The consumer has hung up.
        if !budget.take(bytes) || queue.send((bytes, receiver)).is_err() {
            return;
        }
        // A consumer that hung up does not want the results either.
        pool.spawn(move |_| drop(sender.send(workers.score(batch))));
    }
}

/// The next records, at most a batch of them, and what they cost in bytes.
pub(crate) fn next_batch(records: &mut impl Iterator<Item = Result<Record>>) -> Option<(usize, Batch)> {
    let mut batch = Batch::new();
    let mut bytes = 0;
    while !is_full(bytes, &batch) {
        let Some(item) = records.next() else { break };
        bytes += ITEM_BYTES + item.as_ref().map_or(0, |record| record.bytes.len());
        batch.push(item);
    }
    (!batch.is_empty()).then_some((bytes, batch))
}

fn is_full(bytes: usize, batch: &Batch) -> bool {
    bytes >= BATCH_BYTES || batch.len() >= BATCH_ITEMS
}

fn deliver<B>(
    results: Receiver<(usize, Receiver<Results>)>,
    budget: &Budget,
    mut consume: impl FnMut(Result<Scored>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    for (bytes, receiver) in results {
        // Nothing is received from a worker that panicked; the pool passes its panic on.
        for item in receiver.recv().into_iter().flatten() {
            consume(item)?;
        }
        budget.give_back(bytes);
    }
    ControlFlow::Continue(())
}

/// One scorer for each worker; only its own worker takes it.
struct Workers<'m>(Vec<Mutex<Scorer<'m>>>);

impl<'m> Workers<'m> {
    fn new(model: &'m Model, threads: usize) -> Self {
        Self((0..threads).map(|_| Mutex::new(Scorer::new(model))).collect())
    }

    fn score(&self, batch: Batch) -> Results {
        let worker = rayon::current_thread_index().unwrap_or_default();
        let mut scorer = self.0[worker].lock().unwrap_or_else(PoisonError::into_inner);
        batch
            .into_iter()
            .flat_map(decode)
            .map(|item| item.map(|message| Scored::new(scorer.score(&message), message)))
            .collect()
    }
}

pub(crate) fn decode(item: Result<Record>) -> Vec<Result<Message>> {
    match item {
        Ok(record) => record.decode(),
        Err(err) => vec![Err(err)],
    }
}

#[cfg(test)]
mod tests;
