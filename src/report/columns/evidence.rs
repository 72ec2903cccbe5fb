//! A column of lists of evidence.

use std::sync::Arc;

use arrow_array::{
    ListArray,
    builder::{Float64Builder, Int64Builder, StringBuilder},
};
use arrow_buffer::OffsetBufferBuilder;
use arrow_schema::Field;

use super::{full, lists::record};
use crate::report::wire::WireEvidence;

#[derive(Debug)]
pub(super) struct EvidenceColumn {
    lengths: OffsetBufferBuilder<i32>,
    label: StringBuilder,
    part: StringBuilder,
    start: Int64Builder,
    end: Int64Builder,
    text: StringBuilder,
    contribution: Float64Builder,
}

impl Default for EvidenceColumn {
    fn default() -> Self {
        Self {
            lengths: OffsetBufferBuilder::new(0),
            label: StringBuilder::new(),
            part: StringBuilder::new(),
            start: Int64Builder::new(),
            end: Int64Builder::new(),
            text: StringBuilder::new(),
            contribution: Float64Builder::new(),
        }
    }
}

impl EvidenceColumn {
    /// Takes the evidence of one message; returns the bytes of its words.
    pub(super) fn push<'s>(&mut self, evidence: impl IntoIterator<Item = WireEvidence<'s>>) -> usize {
        let (mut pieces, mut bytes) = (0, 0);
        for piece in evidence {
            self.label.append_value(piece.label);
            self.part.append_value(piece.part);
            self.start.append_value(piece.start as i64);
            self.end.append_value(piece.end as i64);
            self.text.append_value(piece.text);
            self.contribution.append_value(piece.contribution);
            pieces += 1;
            bytes += piece.text.len();
        }
        self.lengths.push_length(pieces);
        bytes
    }

    pub(super) fn finish(&mut self) -> ListArray {
        let lengths = std::mem::replace(&mut self.lengths, OffsetBufferBuilder::new(0)).finish();
        let pieces = record(
            vec![
                full("label", self.label.finish()),
                full("part", self.part.finish()),
                full("start", self.start.finish()),
                full("end", self.end.finish()),
                full("text", self.text.finish()),
                full("contribution", self.contribution.finish()),
            ],
            None,
        );
        let item = Field::new_list_field(arrow_array::Array::data_type(&pieces).clone(), false);
        ListArray::new(Arc::new(item), lengths, Arc::new(pieces), None)
    }
}
