//! The records of all that is new, one archive after the other, for a thread of its own; and what its reader notes
//! for whoever takes the messages.

use std::{
    io::ErrorKind as IoErrorKind,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::plan::Task;
use crate::{
    Error, ErrorKind, Result,
    source::{Followed, FollowedKind, Format, Options, Record, Source, Start},
};

/// What the reader found of one archive.
#[derive(Debug, Clone, Default)]
pub(super) struct Note {
    pub(super) opened: bool,
    pub(super) ended: bool,
    /// It could not be read, or not to its end.
    pub(super) failed: bool,
    pub(super) format: Option<Format>,
    pub(super) grows: bool,
    pub(super) newest: Option<String>,
    /// False if it was read from its beginning.
    pub(super) continues: bool,
    /// Bytes that were read.
    pub(super) bytes: u64,
}

/// Notes of all archives, in the order of the tasks.
#[derive(Debug, Clone)]
pub(super) struct Notes(Arc<Mutex<Vec<Note>>>);

impl Notes {
    pub(super) fn all(&self) -> MutexGuard<'_, Vec<Note>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Iterator over the records of all tasks.
pub(super) struct Reading {
    tasks: Vec<(Followed, Start)>,
    next: usize,
    options: Options,
    source: Option<Box<dyn Source>>,
    consumed: Arc<AtomicU64>,
    before: u64,
    notes: Notes,
}

impl Reading {
    pub(super) fn new(tasks: &[Task], options: &Options, consumed: &Arc<AtomicU64>) -> Self {
        let notes = Notes(Arc::new(Mutex::new(vec![Note::default(); tasks.len()])));
        let tasks = tasks.iter().map(|task| (task.followed.clone(), task.start.clone())).collect();
        let (options, consumed) = (options.clone(), consumed.clone());
        Self { tasks, next: 0, options, source: None, consumed, before: 0, notes }
    }

    pub(super) fn notes(&self) -> Notes {
        self.notes.clone()
    }

    fn note(&self, change: impl FnOnce(&mut Note)) {
        if let Some(note) = self.notes.all().get_mut(self.next - 1) {
            change(note);
        }
    }

    /// Opens the next archive; `None` at the end of all.
    fn open_next(&mut self) -> Option<Result<()>> {
        let (followed, start) = self.tasks.get(self.next)?.clone();
        self.next += 1;
        self.before = self.consumed.load(Ordering::Relaxed);
        match followed.open(&start, &self.options, &self.consumed) {
            Ok(opened) => {
                self.note(|note| {
                    note.opened = true;
                    (note.format, note.grows) = (opened.format, opened.grows);
                    (note.newest, note.continues) = (opened.newest, opened.continues);
                });
                self.source = Some(opened.source);
                Some(Ok(()))
            }
            Err(err) => {
                self.note(|note| (note.failed, note.ended) = (true, true));
                Some(Err(err.unwrapped()))
            }
        }
    }

    /// A failure, as it is to be told.
    fn failed(&self, err: Error) -> Error {
        let err = err.unwrapped();
        let is_mail = self.tasks.get(self.next - 1).is_some_and(|(it, _)| it.kind == FollowedKind::Mail);
        let is_gone = matches!(err.kind(), ErrorKind::Io(io) if io.kind() == IoErrorKind::NotFound);
        let lasts = err.is_fatal() || is_mail;
        self.note(|note| note.failed |= lasts);
        if is_mail && is_gone {
            // Mail programs move mails at any time; under its new name the next run finds it.
            let what = "moved or removed while it was read; the next run looks again";
            return Error::new(ErrorKind::Damaged(what.into())).with_path(&self.tasks[self.next - 1].0.path);
        }
        err
    }
}

impl Iterator for Reading {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(source) = &mut self.source {
                match source.next() {
                    Some(Ok(record)) => return Some(Ok(record)),
                    Some(Err(err)) => return Some(Err(self.failed(err))),
                    None => {
                        self.source = None;
                        let bytes = self.consumed.load(Ordering::Relaxed) - self.before;
                        self.note(|note| (note.ended, note.bytes) = (true, bytes));
                    }
                }
            }
            if let Err(err) = self.open_next()? {
                return Some(Err(err));
            }
        }
    }
}
