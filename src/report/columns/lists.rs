//! Lists of words that the project chose (labels, problems), and records inside of columns.

use arrow_array::{
    ListArray, StructArray,
    builder::{ListBuilder, StringBuilder},
};
use arrow_schema::{DataType, Field, Fields};

use super::Named;

/// A column of lists of words.
#[derive(Debug)]
pub(super) struct Words(ListBuilder<StringBuilder>);

impl Default for Words {
    fn default() -> Self {
        let item = Field::new_list_field(DataType::Utf8, false);
        Self(ListBuilder::new(StringBuilder::new()).with_field(item))
    }
}

impl Words {
    pub(super) fn push(&mut self, words: impl IntoIterator<Item = &'static str>) {
        words.into_iter().for_each(|word| self.0.values().append_value(word));
        self.0.append(true);
    }

    pub(super) fn finish(&mut self) -> ListArray {
        self.0.finish()
    }
}

/// Columns as the members of one column of records.
pub(super) fn record(columns: Vec<Named>, nulls: Option<arrow_buffer::NullBuffer>) -> StructArray {
    let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    StructArray::new(Fields::from(fields), arrays, nulls)
}
