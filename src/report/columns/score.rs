//! What the model says, as columns.

use arrow_array::{
    RecordBatch,
    builder::{Float64Builder, Int8Builder},
};
use arrow_schema::{ArrowError, Schema, SchemaRef};

use super::{
    Named,
    evidence::EvidenceColumn,
    full,
    lists::{Words, record},
};
use crate::{
    Label, Problem,
    model::Output,
    pipeline::Scored,
    report::wire::{label_scores, rounded, wire_evidence},
};

/// Builds the columns `level`, `pressure`, `takeover_pressure`, `labels`, `scores`, `evidence`, `problems`.
#[derive(Debug, Default)]
pub struct ScoreColumns {
    level: Int8Builder,
    pressure: Float64Builder,
    takeover_pressure: Float64Builder,
    labels: Words,
    scores: [Float64Builder; Label::COUNT],
    evidence: EvidenceColumn,
    problems: Words,
    /// Bytes of all evidence since the last batch.
    bytes: usize,
}

impl ScoreColumns {
    /// The columns' names and types.
    pub fn schema() -> SchemaRef {
        let fields = Self::default().finish_columns().into_iter().map(|(field, _)| field);
        Schema::new(fields.collect::<Vec<_>>()).into()
    }

    /// Adds a row.
    pub fn push(&mut self, Scored { message, score, .. }: &Scored) {
        // A level is 0 to 3.
        self.level.append_value(u8::from(score.level).cast_signed());
        self.pressure.append_value(rounded(score.probability(Output::PRESSURE)));
        self.takeover_pressure.append_value(rounded(score.probability(Output::TAKEOVER_PRESSURE)));
        self.labels.push(score.labels.iter().map(|label| label.name()));
        for (column, score) in self.scores.iter_mut().zip(label_scores(&score.probabilities)) {
            column.append_value(score);
        }
        self.bytes += self.evidence.push(score.evidence.iter().map(|it| wire_evidence(it, message)));
        self.problems.push(message.problems.iter().copied().map(Problem::name));
    }

    /// The rows since the last batch.
    ///
    /// # Errors
    /// None that rows could cause: the columns are of equal length and of the schema's types.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let (fields, arrays): (Vec<_>, Vec<_>) = self.finish_columns().into_iter().unzip();
        RecordBatch::try_new(Schema::new(fields).into(), arrays)
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn finish_columns(&mut self) -> Vec<Named> {
        self.bytes = 0;
        let scores = Label::ALL.iter().zip(&mut self.scores);
        let scores = scores.map(|(label, column)| full(label.name(), column.finish())).collect();
        vec![
            full("level", self.level.finish()),
            full("pressure", self.pressure.finish()),
            full("takeover_pressure", self.takeover_pressure.finish()),
            full("labels", self.labels.finish()),
            full("scores", record(scores, None)),
            full("evidence", self.evidence.finish()),
            full("problems", self.problems.finish()),
        ]
    }
}
