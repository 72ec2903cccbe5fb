//! Rows of Arrow record batches as messages, in the schema of [`jsonl`]: the columns are those of a table.

use arrow_array::{
    Array, ArrowPrimitiveType, RecordBatch,
    cast::AsArray,
    types::{
        Date32Type, Date64Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
        TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
        UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use arrow_schema::{DataType, Schema, TimeUnit};
use jiff::Timestamp;

use super::{Columns, fields::Field, jsonl, table::no_text};
use crate::{
    error::{Error, Result, SharedPath},
    message::{Message, Position},
};

/// One value of a row.
#[derive(Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    /// Text, as its writer encoded it.
    Bytes(&'a [u8]),
    /// An instant, in RFC 3339.
    Instant(String),
    Number(String),
    Flag(bool),
    /// A list, a record, or what else is no value of a message.
    Nested,
}

/// A column that holds a field.
struct Column<'b> {
    field: &'static str,
    values: &'b dyn Array,
    /// Of a column with a dictionary: where the value of each row stands in it.
    keys: Option<Vec<usize>>,
}

impl<'b> Column<'b> {
    fn new(field: &'static str, column: &'b dyn Array) -> Self {
        let keys = column.as_any_dictionary_opt().filter(|it| !it.values().is_empty());
        Self { field, values: column, keys: keys.map(|dictionary| dictionary.normalized_keys()) }
    }

    fn cell(&self, row: usize) -> Cell<'b> {
        if self.values.is_null(row) {
            return Cell::Null;
        }
        match (self.values.as_any_dictionary_opt(), &self.keys) {
            (Some(dictionary), Some(keys)) => cell(&**dictionary.values(), keys[row]),
            _ => cell(self.values, row),
        }
    }
}

/// The columns of a batch that hold fields of messages.
pub(super) struct Rows<'b> {
    columns: Vec<Column<'b>>,
    count: usize,
}

impl<'b> Rows<'b> {
    /// `fields` says of each column of `batch` which field it holds.
    pub(super) fn new(batch: &'b RecordBatch, fields: &[Option<&'static str>]) -> Self {
        let columns = fields.iter().zip(batch.columns());
        let columns =
            columns.filter_map(|(field, column)| field.map(|field| Column::new(field, &**column))).collect();
        Self { columns, count: batch.num_rows() }
    }

    /// The fields and values of a row, in the order of the columns.
    pub(super) fn row(&self, row: usize) -> impl Iterator<Item = (&'static str, Cell<'b>)> {
        self.columns.iter().map(move |column| (column.field, column.cell(row)))
    }

    fn message(&self, row: usize, position: &Position) -> Message {
        let mut mended = false;
        let fields: Vec<_> = self.row(row).map(|(name, cell)| (name, cell.into_field(&mut mended))).collect();
        jsonl::message(fields, position, mended)
    }
}

/// For each column the field that it holds, by name or as `columns` says; columns of lists and records hold none.
///
/// # Errors
/// If no column holds the text.
pub(super) fn fields_of(schema: &Schema, columns: &Columns) -> Result<Vec<Option<&'static str>>> {
    let name = |field: &arrow_schema::FieldRef| match field.data_type().is_nested() {
        true => String::new(),
        false => field.name().clone(),
    };
    let header: Vec<_> = schema.fields().iter().map(name).collect();
    columns.assign(&header).ok_or_else(|| no_text(&header))
}

/// The messages of the rows of `batch`, one each, in order; the first is number `first` (from 1) of `path`.
///
/// Columns are found by their names, or as `columns` says, exactly as in tables that are read from files. Text may be
/// of any string or binary type; dates may be text, timestamps (those without a zone are taken as UTC) or numbers.
///
/// # Errors
/// [`ErrorKind::Format`](crate::ErrorKind::Format), if no column holds the text.
pub fn messages_of<'b>(
    batch: &'b RecordBatch,
    columns: &Columns,
    path: &SharedPath,
    first: u64,
) -> Result<impl Iterator<Item = Message> + use<'b>> {
    let fields =
        fields_of(&batch.schema(), columns).map_err(|err: Error| err.with_path(path.to_path_buf()))?;
    let (rows, path) = (Rows::new(batch, &fields), path.clone());
    Ok((0..rows.count).map(move |row| {
        let position = Position { path: path.clone(), ordinal: first + row as u64, offset: 0 };
        rows.message(row, &position)
    }))
}

impl<'a> Cell<'a> {
    /// The value as a field of a record; `mended` becomes true where bytes were no UTF-8.
    fn into_field(self, mended: &mut bool) -> Field<'a> {
        match self {
            Self::Null => Field::Null,
            Self::Bytes(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                *mended |= matches!(text, std::borrow::Cow::Owned(_));
                Field::Text(text)
            }
            Self::Instant(text) => Field::Text(text.into()),
            Self::Number(number) => Field::Number(number),
            Self::Flag(flag) => Field::Flag(flag),
            Self::Nested => Field::Nested,
        }
    }
}

fn cell(values: &dyn Array, row: usize) -> Cell<'_> {
    if values.is_null(row) {
        return Cell::Null;
    }
    match values.data_type() {
        DataType::Null => Cell::Null,
        DataType::Utf8 => Cell::Bytes(values.as_string::<i32>().value(row).as_bytes()),
        DataType::LargeUtf8 => Cell::Bytes(values.as_string::<i64>().value(row).as_bytes()),
        DataType::Utf8View => Cell::Bytes(values.as_string_view().value(row).as_bytes()),
        DataType::Binary => Cell::Bytes(values.as_binary::<i32>().value(row)),
        DataType::LargeBinary => Cell::Bytes(values.as_binary::<i64>().value(row)),
        DataType::BinaryView => Cell::Bytes(values.as_binary_view().value(row)),
        DataType::FixedSizeBinary(_) => Cell::Bytes(values.as_fixed_size_binary().value(row)),
        DataType::Boolean => Cell::Flag(values.as_boolean().value(row)),
        DataType::Int8 => number::<Int8Type>(values, row),
        DataType::Int16 => number::<Int16Type>(values, row),
        DataType::Int32 => number::<Int32Type>(values, row),
        DataType::Int64 => number::<Int64Type>(values, row),
        DataType::UInt8 => number::<UInt8Type>(values, row),
        DataType::UInt16 => number::<UInt16Type>(values, row),
        DataType::UInt32 => number::<UInt32Type>(values, row),
        DataType::UInt64 => number::<UInt64Type>(values, row),
        DataType::Float32 => float(value::<Float32Type>(values, row).into()),
        DataType::Float64 => float(value::<Float64Type>(values, row)),
        DataType::Date32 => instant(i128::from(value::<Date32Type>(values, row)) * 86_400_000_000_000),
        DataType::Date64 => instant(i128::from(value::<Date64Type>(values, row)) * 1_000_000),
        DataType::Timestamp(unit, _) => instant(nanoseconds(*unit, values, row)),
        _ => Cell::Nested,
    }
}

fn value<T: ArrowPrimitiveType>(values: &dyn Array, row: usize) -> T::Native {
    values.as_primitive::<T>().value(row)
}

fn number<T: ArrowPrimitiveType<Native: std::fmt::Display>>(values: &dyn Array, row: usize) -> Cell<'_> {
    Cell::Number(value::<T>(values, row).to_string())
}

/// What is no number says nothing.
fn float<'a>(value: f64) -> Cell<'a> {
    if value.is_finite() { Cell::Number(value.to_string()) } else { Cell::Null }
}

fn nanoseconds(unit: TimeUnit, values: &dyn Array, row: usize) -> i128 {
    match unit {
        TimeUnit::Second => i128::from(value::<TimestampSecondType>(values, row)) * 1_000_000_000,
        TimeUnit::Millisecond => i128::from(value::<TimestampMillisecondType>(values, row)) * 1_000_000,
        TimeUnit::Microsecond => i128::from(value::<TimestampMicrosecondType>(values, row)) * 1_000,
        TimeUnit::Nanosecond => i128::from(value::<TimestampNanosecondType>(values, row)),
    }
}

/// What no calendar knows stays a number with a unit, which is no date either.
fn instant<'a>(nanoseconds: i128) -> Cell<'a> {
    let text = Timestamp::from_nanosecond(nanoseconds).map(|at| at.to_string());
    Cell::Instant(text.unwrap_or_else(|_| format!("{nanoseconds} ns")))
}

#[cfg(test)]
mod tests;
