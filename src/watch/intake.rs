//! Taking what is new: which message is new, which is known, which has moved, which was edited.

mod pass;
mod rows;

use std::{
    num::NonZeroUsize,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    State, broken,
    identity::content,
    judge::each_ties,
    plan::{Plan, Task, plan},
    read::{Notes, Reading},
};
use crate::{
    Error, Problem, Result, ThreadBasis, Threader, Ties,
    context::Digester,
    model::Model,
    pipeline::{self, Scored},
    source::{FollowedKind, Input, Options},
};
use pass::Pass;
use rows::{Row, Whereabouts};

/// Messages that are taken in one transaction.
const BATCH: u32 = 2000;

/// Is told what is read.
pub trait Observer {
    /// A message, and whether it is new; a new one is reported if this says so.
    fn message(&mut self, scored: &Scored, is_new: bool) -> bool;

    /// What is to be reported of a message, in the form in which it waits for the report.
    ///
    /// # Errors
    /// If there is no such form.
    fn news(&mut self, scored: &Scored) -> Result<String>;

    /// A failure, or damage that reading survives.
    fn error(&mut self, err: &Error);
}

/// What a run read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Messages that were read.
    pub messages: u64,
    /// Those that were not known before.
    pub new: u64,
    /// Bytes that were read for them, as they are on disk.
    pub bytes: u64,
    /// Bytes that were read to tell whether files are those that are known.
    pub checked: u64,
    /// Archives that are there: files, mails of a Maildir, repositories.
    pub archives: u64,
    /// Those that something was read of.
    pub opened: u64,
    /// Numbers of the archives, in the order of a full run.
    pub(super) order: Vec<i64>,
}

/// Reads what is new in `inputs` into the state. `consumed` tells how many bytes were read so far.
///
/// # Errors
/// If the state cannot be read or written; failures of inputs are told to `observer`.
pub fn read(
    state: &State,
    model: &Model,
    (inputs, options): (&[Input], &Options),
    threads: NonZeroUsize,
    consumed: &Arc<AtomicU64>,
    observer: &mut dyn Observer,
) -> Result<Counts> {
    let plan = plan(state, inputs)?;
    plan.errors.iter().for_each(|err| observer.error(err));
    let reading = Reading::new(&plan.tasks, options, consumed);
    let mut intake = Intake::new(state, model, &plan, reading.notes())?;
    state.begin()?;
    let flow = pipeline::run_unthreaded(reading, model, threads, |item| {
        let taken = match item {
            Ok(scored) => intake.take(scored, observer),
            Err(err) => {
                observer.error(&err);
                Ok(())
            }
        };
        taken.map_or_else(ControlFlow::Break, ControlFlow::Continue)
    })?;
    if let ControlFlow::Break(err) = flow {
        return Err(err);
    }
    intake.finish_before(plan.tasks.len())?;
    intake.commit()?;
    let (messages, new, opened) = (intake.messages, intake.new, intake.opened);
    let bytes = consumed.load(Ordering::Relaxed);
    let checked = plan.checked.load(Ordering::Relaxed);
    Ok(Counts { messages, new, bytes, checked, archives: plan.order.len() as u64, opened, order: plan.order })
}

struct Intake<'r> {
    state: &'r State,
    plan: &'r Plan,
    digester: Digester<'r>,
    /// Places what is reported in its thread; made when first needed.
    threader: Option<Threader>,
    notes: Notes,
    tasks: FxHashMap<PathBuf, usize>,
    intact: FxHashSet<i64>,
    whereabouts: Whereabouts,
    /// Rows that were found again or added in this run.
    taken: FxHashSet<i64>,
    pass: Option<Pass>,
    /// Tasks that are done with.
    done: usize,
    changed: u32,
    messages: u64,
    new: u64,
    opened: u64,
}

impl<'r> Intake<'r> {
    fn new(state: &'r State, model: &'r Model, plan: &'r Plan, notes: Notes) -> Result<Self> {
        let tasks =
            plan.tasks.iter().enumerate().map(|(at, task)| (task.followed.path.clone(), at)).collect();
        Ok(Self {
            state,
            plan,
            digester: Digester::new(model),
            threader: None,
            notes,
            tasks,
            intact: plan.intact.clone(),
            whereabouts: Whereabouts::new(state.units()?, plan),
            taken: FxHashSet::default(),
            pass: None,
            done: 0,
            changed: 0,
            messages: 0,
            new: 0,
            opened: 0,
        })
    }

    fn take(&mut self, mut scored: Scored, observer: &mut dyn Observer) -> Result<()> {
        let task = self.task_of(&scored.message.position.path)?;
        self.finish_before(task)?;
        if self.changed >= BATCH {
            self.checkpoint(&scored)?;
        }
        let place = self.pass(task)?.next_place(&scored.message);
        self.messages += 1;
        let ties = Ties::of(&scored.message);
        let key = content(&scored.message);
        let known = self.state.rows(&key)?;
        let is_new = known.is_empty();
        let pass = self.pass(task)?;
        pass.ids.insert(ties.own);
        let (unit, from, is_stream) = (pass.unit, pass.from.places, pass.is_stream);
        let available = |row: &&Row| !self.taken.contains(&row.seq);
        let mine = known.iter().filter(available).find(|row| row.unit == unit && row.place >= from);
        let moved = || known.iter().filter(available).find(|row| !self.is_there(row));
        let found = mine.or_else(moved).copied();
        let wanted = observer.message(&scored, is_new) && is_new;
        if wanted && self.threader.is_none() {
            self.threader = Some(self.threader_of_known()?);
        }
        // What comes through a pipe stands nowhere: known is known.
        if is_new || !is_stream {
            let digest = self.digester.digest(&scored).into_stored()?;
            let row =
                Row { seq: found.map_or(0, |row| row.seq), unit, place, generation: self.state.generation };
            let (seq, changed) = self.state.save_row(&row, &key, &ties, &digest)?;
            self.taken.insert(seq);
            self.changed += u32::from(changed);
        }
        if is_new {
            self.new += 1;
            self.place(&mut scored, &ties);
        }
        if wanted {
            let news = observer.news(&scored)?;
            self.state.db.prepare_cached("INSERT INTO news (news) VALUES (?1)")?.execute([news])?;
        }
        Ok(())
    }

    /// Made when it is first needed: most runs report nothing.
    fn threader_of_known(&self) -> Result<Threader> {
        let mut threader = Threader::new();
        each_ties(self.state, &self.plan.order, |ties| {
            threader.place(&ties);
        })?;
        Ok(threader)
    }

    fn place(&mut self, scored: &mut Scored, ties: &Ties) {
        let Some(threader) = &mut self.threader else { return };
        let (placed, message) = (threader.place(ties), &mut scored.message);
        message.thread = Some(placed.thread);
        message.thread_basis = placed.basis;
        if placed.basis == ThreadBasis::Subject {
            message.note(Problem::ThreadBySubject);
        }
        if placed.is_copy {
            message.note(Problem::DuplicateId);
        }
    }

    /// True if the message of a row still stands where it was found.
    fn is_there(&self, row: &Row) -> bool {
        self.taken.contains(&row.seq)
            || self.intact.contains(&row.unit)
            || self.whereabouts.is_elsewhere(row.unit)
    }

    fn task_of(&self, path: &Path) -> Result<usize> {
        let of_commit = || {
            let (repository, _) = path.to_str()?.rsplit_once('@')?;
            self.tasks.get(Path::new(repository)).copied()
        };
        let task = self.tasks.get(path).copied().or_else(of_commit);
        task.ok_or_else(|| broken(format!("{}: nobody asked for this file", path.display())))
    }

    fn pass(&mut self, at: usize) -> Result<&mut Pass> {
        if self.pass.as_ref().is_none_or(|pass| pass.task != at) {
            let (task, note) = (&self.plan.tasks[at], self.notes.all()[at].clone());
            if note.continues {
                self.intact.insert(task.unit.unit);
            }
            self.pass = Some(Pass::new(self.state, at, task, &note)?);
        }
        self.pass.as_mut().ok_or_else(|| broken("no pass"))
    }

    /// Notes that all tasks before this one were read.
    fn finish_before(&mut self, end: usize) -> Result<()> {
        for at in self.done..end {
            let note = self.notes.all()[at].clone();
            self.opened += u64::from(note.bytes > 0);
            if note.ended && !note.failed {
                self.pass(at)?;
                let task: &Task = &self.plan.tasks[at];
                if let Some(pass) = self.pass.take() {
                    let is_stream = task.followed.kind == FollowedKind::Stream;
                    let gone = if is_stream { 0 } else { self.state.let_go(&pass, &self.taken)? };
                    self.changed += gone;
                    pass.finish(self.state, task, &note)?;
                }
            }
        }
        self.done = self.done.max(end);
        Ok(())
    }

    /// Makes last what was taken so far, and how far the archive was read, if that can be told.
    fn checkpoint(&mut self, next: &Scored) -> Result<()> {
        if let Some(pass) = &self.pass {
            let note = self.notes.all()[pass.task].clone();
            pass.progress(self.state, &self.plan.tasks[pass.task], &note, &next.message.position)?;
        }
        self.commit()?;
        self.state.begin()
    }

    fn commit(&mut self) -> Result<()> {
        if std::mem::take(&mut self.changed) > 0 {
            self.state.set_fact("unjudged", "1")?;
        }
        self.state.commit()
    }
}
