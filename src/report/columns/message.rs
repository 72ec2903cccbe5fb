//! A message and its score, as columns.

use arrow_array::{
    RecordBatch,
    builder::{Int32Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder},
};
use arrow_schema::{ArrowError, Schema, SchemaRef};

use super::{Named, ScoreColumns, context::ContextColumn, full, instant, lists::record, sparse};
use crate::pipeline::Scored;

/// Builds the columns of a message (`id` to `offset`), of its score ([`ScoreColumns`]) and, if asked for, `context`.
#[derive(Debug)]
pub struct MessageColumns {
    id: StringBuilder,
    thread: StringBuilder,
    parent: StringBuilder,
    author: [StringBuilder; 3],
    date: TimestampMicrosecondBuilder,
    date_offset: Int32Builder,
    subject: StringBuilder,
    source: StringBuilder,
    path: StringBuilder,
    ordinal: Int64Builder,
    offset: Int64Builder,
    score: ScoreColumns,
    context: Option<ContextColumn>,
    rows: usize,
    bytes: usize,
}

impl MessageColumns {
    /// No rows yet; `with_context` adds the column `context`.
    pub fn new(with_context: bool) -> Self {
        Self {
            id: StringBuilder::new(),
            thread: StringBuilder::new(),
            parent: StringBuilder::new(),
            author: Default::default(),
            date: TimestampMicrosecondBuilder::new().with_data_type(instant()),
            date_offset: Int32Builder::new(),
            subject: StringBuilder::new(),
            source: StringBuilder::new(),
            path: StringBuilder::new(),
            ordinal: Int64Builder::new(),
            offset: Int64Builder::new(),
            score: ScoreColumns::default(),
            context: with_context.then(ContextColumn::default),
            rows: 0,
            bytes: 0,
        }
    }

    /// The columns' names and types.
    pub fn schema(with_context: bool) -> SchemaRef {
        let fields = Self::new(with_context).finish_columns().into_iter().map(|(field, _)| field);
        Schema::new(fields.collect::<Vec<_>>()).into()
    }

    /// Rows since the last batch.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// About as many bytes do the texts of these rows take.
    pub fn bytes(&self) -> usize {
        self.bytes + self.score.bytes()
    }

    /// Adds a row.
    pub fn push(&mut self, scored: &Scored) {
        let message = &scored.message;
        let (source, path) = (message.source(), message.position.path.to_string_lossy());
        self.id.append_value(&message.id);
        self.thread.append_option(message.thread.as_deref());
        self.parent.append_option(message.parent.as_deref());
        let author = [&message.author.name, &message.author.address, &message.author.role];
        self.author.iter_mut().zip(author).for_each(|(column, value)| column.append_value(value));
        self.date.append_option(message.date.map(|date| date.timestamp.as_microsecond()));
        self.date_offset.append_option(message.date.map(|date| date.offset.seconds()));
        self.subject.append_value(&message.subject);
        self.source.append_value(&source);
        self.path.append_value(&path);
        self.ordinal.append_value(signed(message.position.ordinal));
        self.offset.append_value(signed(message.position.offset));
        self.score.push(scored);
        if let Some(context) = &mut self.context {
            context.push(scored.insight.as_deref());
        }
        self.rows += 1;
        let texts = [&message.id, &message.subject].into_iter().chain(author);
        self.bytes += texts.map(String::len).sum::<usize>() + source.len() + path.len();
        self.bytes += [&message.thread, &message.parent]
            .map(|id| id.as_ref().map_or(0, String::len))
            .iter()
            .sum::<usize>();
    }

    /// The rows since the last batch.
    ///
    /// # Errors
    /// None that rows could cause: the columns are of equal length and of the schema's types.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let (fields, arrays): (Vec<_>, Vec<_>) = self.finish_columns().into_iter().unzip();
        RecordBatch::try_new(Schema::new(fields).into(), arrays)
    }

    fn finish_columns(&mut self) -> Vec<Named> {
        (self.rows, self.bytes) = (0, 0);
        let author = ["name", "address", "role"].into_iter().zip(&mut self.author);
        let author = author.map(|(name, column)| full(name, column.finish())).collect();
        let mut columns = vec![
            full("id", self.id.finish()),
            sparse("thread", self.thread.finish()),
            sparse("parent", self.parent.finish()),
            full("author", record(author, None)),
            sparse("date", self.date.finish()),
            sparse("date_offset", self.date_offset.finish()),
            full("subject", self.subject.finish()),
            full("source", self.source.finish()),
            full("path", self.path.finish()),
            full("ordinal", self.ordinal.finish()),
            full("offset", self.offset.finish()),
        ];
        columns.extend(self.score.finish_columns());
        columns.extend(self.context.as_mut().map(|context| sparse("context", context.finish())));
        columns
    }
}

/// No file is so long that this matters.
fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
