//! The threads that judge, with a model that can be replaced while they do.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::{
    filter::{Judge, ModelTag, Reason, Status},
    model::Model,
};

/// What is to be judged. `truncated` says that it is only a beginning.
#[derive(Debug)]
pub enum Work {
    /// A mail: header and body.
    Mail {
        /// Its bytes.
        bytes: Vec<u8>,
        /// True if there were more.
        truncated: bool,
    },
    /// A text without a header.
    Text {
        /// The text.
        text: String,
        /// True if there was more.
        truncated: bool,
    },
}

#[derive(Debug)]
struct Job {
    work: Work,
    until: Instant,
    answer: SyncSender<Status>,
}

/// The model in use.
#[derive(Debug)]
struct Current {
    model: Arc<Model>,
    tag: ModelTag,
}

#[derive(Debug)]
struct Shared {
    current: RwLock<Current>,
    /// Goes up with each model.
    generation: AtomicU64,
    queue: Mutex<Receiver<Job>>,
}

/// Judges on a fixed number of threads. Who asks waits for the answer, and never longer than the time limit.
#[derive(Debug)]
pub struct Pool {
    shared: Arc<Shared>,
    queue: Option<SyncSender<Job>>,
    time_limit: Duration,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    /// `threads` workers with `model`; at most `waiting` messages wait for one of them, and none is waited for longer
    /// than `time_limit`.
    ///
    /// # Errors
    /// If a thread cannot be started.
    pub fn new(model: Model, threads: usize, waiting: usize, time_limit: Duration) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(waiting);
        let tag = ModelTag::new(&model);
        let current = RwLock::new(Current { model: Arc::new(model), tag });
        let shared = Arc::new(Shared { current, generation: AtomicU64::new(0), queue: Mutex::new(jobs) });
        let worker = |n: usize| {
            let shared = shared.clone();
            thread::Builder::new().name(format!("judge-{n}")).spawn(move || shared.work())
        };
        let workers = (0..threads.max(1)).map(worker).collect::<io::Result<_>>()?;
        Ok(Self { shared, queue: Some(queue), time_limit, workers })
    }

    /// Judges `work`. Total: where it cannot be judged in time, the status says so.
    pub fn judge(&self, work: Work) -> Status {
        let (answer, answered) = sync_channel(1);
        let job = Job { work, until: Instant::now() + self.time_limit, answer };
        let sent = self.queue.as_ref().map(|queue| queue.try_send(job));
        let reason = match sent {
            Some(Ok(())) => match answered.recv_timeout(self.time_limit) {
                Ok(status) => return status,
                Err(_) => Reason::Time,
            },
            Some(Err(TrySendError::Full(_))) => Reason::Busy,
            Some(Err(TrySendError::Disconnected(_))) | None => Reason::Error,
        };
        Status::unsure(reason, &self.tag())
    }

    /// From now on `model` judges; what is being judged is finished with the one before.
    pub fn replace_model(&self, model: Model) {
        let tag = ModelTag::new(&model);
        let mut current = self.shared.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Current { model: Arc::new(model), tag };
        self.shared.generation.fetch_add(1, Ordering::Release);
    }

    /// Which model judges.
    pub fn tag(&self) -> ModelTag {
        self.shared.current.read().unwrap_or_else(PoisonError::into_inner).tag.clone()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // Without a sender the workers finish what waits, and end.
        self.queue = None;
        for worker in self.workers.drain(..) {
            // It ends by itself; a panic was told by the hook.
            let _ = worker.join();
        }
    }
}

impl Shared {
    /// Runs until the pool is dropped. A new model is taken up with the next job.
    fn work(&self) {
        let mut next = None;
        loop {
            let (generation, model) = self.current();
            let mut judge = Judge::new(&model);
            loop {
                let Some(job) = next.take().or_else(|| self.next()) else { return };
                if self.generation.load(Ordering::Acquire) != generation {
                    next = Some(job);
                    break;
                }
                job.run(&mut judge);
            }
        }
    }

    fn current(&self) -> (u64, Arc<Model>) {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        (self.generation.load(Ordering::Acquire), current.model.clone())
    }

    fn next(&self) -> Option<Job> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
    }
}

impl Job {
    fn run(self, judge: &mut Judge<'_>) {
        // Nobody waits for it any more.
        if Instant::now() >= self.until {
            return;
        }
        let status = match &self.work {
            Work::Mail { bytes, truncated } => judge.mail(bytes, *truncated),
            Work::Text { text, truncated } => judge.text(text, *truncated),
        };
        // Who asked may have given up meanwhile.
        let _ = self.answer.try_send(status);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Verdict;

    const LONG: Duration = Duration::from_secs(600);

    fn text(text: &str) -> Work {
        Work::Text { text: text.to_owned(), truncated: false }
    }

    #[test]
    fn many_ask_and_each_gets_its_own_answer() {
        let pool = Pool::new(Model::embedded().unwrap(), 2, 64, LONG).unwrap();
        let german = "Ich warte nun schon seit zwei Monaten auf eine Antwort. Wann wird der Patch eingebaut?";
        thread::scope(|scope| {
            for n in 0..8 {
                let pool = &pool;
                scope.spawn(move || {
                    for _ in 0..20 {
                        let (words, verdict) = match n % 2 {
                            0 => (german, Verdict::Unsure),
                            _ => ("The build fails here with gcc 12.", Verdict::No),
                        };
                        assert_eq!(pool.judge(text(words)).verdict, verdict);
                    }
                });
            }
        });
    }

    #[test]
    fn who_waits_too_long_is_told() {
        let pool = Pool::new(Model::embedded().unwrap(), 1, 8, Duration::ZERO).unwrap();
        let status = pool.judge(text("The build fails."));
        assert_eq!((status.verdict, status.reason), (Verdict::Unsure, Some(Reason::Time)));
    }

    #[test]
    fn a_model_is_replaced_between_messages() {
        let pool = Pool::new(Model::embedded().unwrap(), 2, 64, LONG).unwrap();
        let before = pool.judge(text("The build fails.")).model;
        let embedded = Model::embedded().unwrap();
        let mut metadata = embedded.metadata().clone();
        metadata.version = "next".into();
        let weights = embedded.vocabulary().features().map(|feature| embedded.weights(feature)).collect();
        let (words, pairs) = (embedded.vocabulary().words().to_vec(), embedded.vocabulary().pairs().to_vec());
        let vocabulary = crate::model::Vocabulary::new(words, pairs).unwrap();
        pool.replace_model(Model::new(metadata, vocabulary, weights).unwrap());
        for _ in 0..10 {
            let after = pool.judge(text("The build fails.")).model;
            assert_ne!(after, before);
            assert!(after.as_str().starts_with("undue-en/next/"), "{after:?}");
        }
    }
}
