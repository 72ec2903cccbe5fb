#![allow(clippy::unwrap_used)]

use arrow_array::{
    Array, RecordBatch, StructArray,
    cast::AsArray,
    types::{Float64Type, Int8Type, Int32Type, Int64Type, TimestampMicrosecondType},
};
use arrow_schema::DataType;

use super::*;
use crate::{Message, context::Insight, pipeline::Scored, report::test_data::scored};

fn batch(all: &[Scored], with_context: bool) -> RecordBatch {
    let mut columns = MessageColumns::new(with_context);
    all.iter().for_each(|scored| columns.push(scored));
    columns.finish().unwrap()
}

fn texts(values: &dyn Array) -> Vec<&str> {
    values.as_string::<i32>().iter().map(Option::unwrap).collect()
}

fn member<'a>(records: &'a StructArray, name: &str) -> &'a dyn Array {
    &**records.column_by_name(name).unwrap()
}

#[test]
fn every_column_has_its_value() {
    let batch = batch(&[scored()], false);
    let column = |name: &str| &**batch.column_by_name(name).unwrap();
    for (name, value) in [
        ("id", "2@tarn.example"),
        ("thread", "1@tarn.example"),
        ("parent", "1@tarn.example"),
        ("subject", "Re: Release"),
        ("source", "tarn"),
        ("path", "tarn.mbox"),
    ] {
        assert_eq!(texts(column(name)), [value], "{name}");
    }
    assert_eq!(texts(member(column("author").as_struct(), "name")), ["Ada Löv"]);
    assert_eq!(column("date").as_primitive::<TimestampMicrosecondType>().value(0), 0);
    assert_eq!(column("date_offset").as_primitive::<Int32Type>().value(0), 7200);
    assert_eq!(column("ordinal").as_primitive::<Int64Type>().value(0), 2);
    assert_eq!(column("offset").as_primitive::<Int64Type>().value(0), 300);
    assert_eq!(column("level").as_primitive::<Int8Type>().value(0), 3);
    assert_eq!(column("pressure").as_primitive::<Float64Type>().value(0), 0.987654);
    assert_eq!(column("takeover_pressure").as_primitive::<Float64Type>().value(0), 0.75);
    assert_eq!(texts(&*column("labels").as_list::<i32>().value(0)), ["takeover", "guilt"]);
    assert_eq!(texts(&*column("problems").as_list::<i32>().value(0)), ["html-only"]);
    let scores = column("scores").as_struct();
    assert_eq!(scores.num_columns(), 8);
    assert_eq!(member(scores, "urgency").as_primitive::<Float64Type>().value(0), 0.125);
}

#[test]
fn evidence_belongs_to_its_message() {
    let quiet = Scored { message: Message::default(), ..scored() };
    let quiet = Scored { score: crate::Score { evidence: vec![], ..quiet.score }, ..quiet };
    let batch = batch(&[scored(), quiet, scored()], false);
    let evidence = batch.column_by_name("evidence").unwrap().as_list::<i32>();
    assert_eq!((evidence.value_length(0), evidence.value_length(1), evidence.value_length(2)), (2, 0, 2));
    let pieces = evidence.value(2);
    let pieces = pieces.as_struct();
    assert_eq!(texts(member(pieces, "label")), ["takeover", "guilt"]);
    assert_eq!(texts(member(pieces, "text")), ["Hand over the keys.", "Äh, you let us all down."]);
    let start = member(pieces, "start").as_primitive::<Int64Type>().value(1) as usize;
    assert_eq!(&scored().message.body[start..start + 3], "Äh");
    assert_eq!(member(pieces, "contribution").as_primitive::<Float64Type>().value(1), 1.234568);
}

#[test]
fn what_is_missing_is_null() {
    let mut bare = scored();
    bare.message = Message { date: None, thread: None, parent: None, ..bare.message };
    let batch = batch(&[bare], true);
    for name in ["thread", "parent", "date", "date_offset", "context"] {
        assert!(batch.column_by_name(name).unwrap().is_null(0), "{name}");
    }
    assert!(batch.column_by_name("id").unwrap().is_valid(0));
}

#[test]
fn context_is_a_record() {
    let insight = Insight { thread_messages: 3, refused: true, campaign: Some(0.25), ..Insight::default() };
    let batch = batch(&[Scored { insight: Some(Box::new(insight)), ..scored() }], true);
    let context = batch.column_by_name("context").unwrap();
    assert!(context.is_valid(0));
    let context = context.as_struct();
    assert_eq!(member(context, "thread_messages").as_primitive::<Int64Type>().value(0), 3);
    assert!(member(context, "refused").as_boolean().value(0));
    assert!(member(context, "first_seen").is_null(0), "no author, nothing of the author");
    assert_eq!(member(context, "campaign").as_primitive::<Float64Type>().value(0), 0.25);
    assert_eq!(context.num_columns(), 12);
}

#[test]
fn batches_have_the_schema_and_builders_start_again() {
    for with_context in [false, true] {
        let mut columns = MessageColumns::new(with_context);
        assert_eq!((columns.rows(), columns.bytes()), (0, 0));
        for _ in 0..2 {
            columns.push(&scored());
            assert!(columns.rows() == 1 && columns.bytes() > 50);
            let batch = columns.finish().unwrap();
            assert_eq!((batch.num_rows(), batch.schema()), (1, MessageColumns::schema(with_context)));
        }
        assert_eq!(columns.finish().unwrap().schema(), MessageColumns::schema(with_context));
    }
    let scores = ScoreColumns::schema();
    assert_eq!(scores.field(0).name(), "level");
    let whole = MessageColumns::schema(false);
    assert_eq!(whole.fields()[whole.fields().len() - scores.fields().len()..], scores.fields()[..]);
}

#[test]
fn integers_are_signed_at_any_depth() {
    fn check(data_type: &DataType) {
        assert!(!data_type.is_unsigned_integer());
        match data_type {
            DataType::List(item) => check(item.data_type()),
            DataType::Struct(fields) => fields.iter().for_each(|field| check(field.data_type())),
            _ => {}
        }
    }
    MessageColumns::schema(true).fields().iter().for_each(|field| check(field.data_type()));
}
