//! Rows of a batch as messages, and what the command would say of them.

use std::{num::NonZeroUsize, path::Path, thread};

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use undue::{
    Error, Message, Problem, Scorer, SharedPath,
    model::Model,
    pipeline::Scored,
    report::ScoreColumns,
    source::{Columns, messages_of},
};

/// Rows that are worth a thread of their own.
const ROWS_PER_THREAD: usize = 256;

/// Which columns of a batch hold what, and which problems are none because there is no such column.
pub(crate) struct Mapping {
    columns: Columns,
    path: SharedPath,
}

impl Mapping {
    /// `assigned` are pairs of a field and the column that holds it; others are found by name.
    pub(crate) fn new(assigned: &[(String, String)]) -> Result<Self, Error> {
        let mut columns = Columns::default();
        assigned.iter().try_for_each(|(field, column)| columns.add(&format!("{field}={column}")))?;
        Ok(Self { columns, path: Path::new("-").into() })
    }

    /// The messages of the rows; the first is number `first`, from 1.
    pub(crate) fn messages<'b>(
        &self,
        batch: &'b RecordBatch,
        first: u64,
    ) -> Result<impl Iterator<Item = Message> + use<'b>, Error> {
        let excused = self.excused(&batch.schema());
        let messages = messages_of(batch, &self.columns, &self.path, first)?;
        Ok(messages.map(move |mut message| {
            message.problems.retain(|problem| !excused.contains(problem));
            message
        }))
    }

    /// A table without a column of dates is not a table of messages whose dates are missing.
    fn excused(&self, schema: &Schema) -> Vec<Problem> {
        let header: Vec<_> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let lacks = |field: &str| !self.columns.holds(field, &header);
        let mut excused = Vec::new();
        if lacks("id") {
            excused.push(Problem::NoId);
        }
        if lacks("date") {
            excused.push(Problem::NoDate);
        }
        if lacks("author") && lacks("author_email") {
            excused.push(Problem::NoAuthor);
        }
        excused
    }
}

/// What the model says of each row, in order, whatever the number of threads.
pub(crate) fn score(
    model: &Model,
    batch: &RecordBatch,
    mapping: &Mapping,
    threads: NonZeroUsize,
) -> Result<Vec<RecordBatch>, String> {
    let rows = batch.num_rows();
    let threads = threads.get().min(rows.div_ceil(ROWS_PER_THREAD)).max(1);
    let part = rows.div_ceil(threads).max(1);
    let parts = || (0..rows.max(1)).step_by(part).map(move |start| batch.slice(start, part.min(rows - start)));
    let score = |part: RecordBatch| score_part(model, &part, mapping);
    if threads == 1 {
        return parts().map(score).collect();
    }
    thread::scope(|scope| {
        let score = &score;
        let running: Vec<_> = parts().map(|part| scope.spawn(move || score(part))).collect();
        let ended = running.into_iter().map(|part| part.join());
        ended.map(|part| part.unwrap_or_else(|_| Err("a thread that scores broke down".into()))).collect()
    })
}

fn score_part(model: &Model, batch: &RecordBatch, mapping: &Mapping) -> Result<RecordBatch, String> {
    let (mut scorer, mut columns) = (Scorer::new(model), ScoreColumns::default());
    for scored in scored(&mut scorer, mapping.messages(batch, 1).map_err(shown)?) {
        columns.push(&scored);
    }
    columns.finish().map_err(|err: ArrowError| shown(err))
}

pub(crate) fn scored<'s>(
    scorer: &'s mut Scorer<'_>,
    messages: impl Iterator<Item = Message> + 's,
) -> impl Iterator<Item = Scored> + 's {
    messages.map(move |message| Scored::new(scorer.score(&message), message))
}

pub(crate) fn shown(err: impl std::fmt::Display) -> String {
    err.to_string()
}
