#![allow(clippy::unwrap_used)]

use std::{path::Path, sync::Arc};

use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array,
    LargeStringArray, ListArray, NullArray, StringArray, StringViewArray, TimestampMicrosecondArray,
    TimestampSecondArray,
};

use super::*;
use crate::message::Problem;

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, it)| (name, it, true))).unwrap()
}

fn messages(columns: Vec<(&str, ArrayRef)>) -> Vec<Message> {
    let path = Path::new("t").into();
    messages_of(&batch(columns), &Columns::default(), &path, 5).unwrap().collect()
}

fn body(values: ArrayRef) -> Vec<String> {
    messages(vec![("text", values)]).into_iter().map(|message| message.body).collect()
}

#[test]
fn text_of_any_type_is_text() {
    let texts = vec![Some("one, \"two\"\nthree"), None, Some("ü")];
    let expected = ["one, \"two\"\nthree", "", "ü"];
    let keys = Int32Array::from(vec![Some(1), None, Some(0)]);
    let dictionary = StringArray::from(vec![texts[2], texts[0]]);
    for values in [
        Arc::new(StringArray::from(texts.clone())) as ArrayRef,
        Arc::new(LargeStringArray::from(texts.clone())),
        Arc::new(StringViewArray::from(texts.clone())),
        Arc::new(texts.iter().map(|text| text.map(str::as_bytes)).collect::<BinaryArray>()),
        Arc::new(DictionaryArray::new(keys, Arc::new(dictionary))),
    ] {
        assert_eq!(body(values.clone()), expected, "{}", values.data_type());
    }
}

#[test]
fn a_dictionary_without_values_has_only_nulls() {
    let keys = Int32Array::from(vec![None, None]);
    let dictionary = DictionaryArray::new(keys, Arc::new(StringArray::from(Vec::<&str>::new())));
    assert_eq!(body(Arc::new(dictionary)), ["", ""]);
    assert_eq!(body(Arc::new(NullArray::new(1))), [""]);
}

#[test]
fn a_slice_keeps_its_rows() {
    let whole = batch(vec![("text", Arc::new(StringArray::from(vec!["a", "b", "c"])))]);
    let read: Vec<_> =
        messages_of(&whole.slice(1, 2), &Columns::default(), &Path::new("t").into(), 2).unwrap().collect();
    assert_eq!((&*read[0].body, &*read[1].body), ("b", "c"));
    assert_eq!((&*read[0].id, read[1].position.ordinal), ("t#2", 3));
}

#[test]
fn dates_of_any_type_are_dates() {
    let text = || ("text", Arc::new(StringArray::from(vec!["a"])) as ArrayRef);
    let expected = "2024-05-06T07:08:09+00:00";
    for (date, expected) in [
        (Arc::new(TimestampSecondArray::from(vec![1_714_979_289])) as ArrayRef, expected),
        (
            Arc::new(TimestampMicrosecondArray::from(vec![1_714_979_289_000_000]).with_timezone("+05:00")),
            expected,
        ),
        (Arc::new(Int64Array::from(vec![1_714_979_289])), expected),
        (Arc::new(StringArray::from(vec!["2024-05-06T09:08:09+02:00"])), "2024-05-06T09:08:09+02:00"),
        (Arc::new(Date32Array::from(vec![19_849])), "2024-05-06T00:00:00+00:00"),
    ] {
        let kind = date.data_type().clone();
        let message = messages(vec![text(), ("created_at", date)]).remove(0);
        assert_eq!(message.date.unwrap().to_string(), expected, "{kind}");
    }
    let far = Arc::new(TimestampSecondArray::from(vec![i64::MAX]));
    let message = messages(vec![text(), ("date", far)]).remove(0);
    assert_eq!(message.date, None);
    assert!(message.problems.contains(&Problem::BadDate));
}

#[test]
fn numbers_are_ids_and_what_is_no_value_is_noted() {
    let message = messages(vec![
        ("text", Arc::new(StringArray::from(vec!["a"]))),
        ("id", Arc::new(Float64Array::from(vec![7.0]))),
        ("thread", Arc::new(Float64Array::from(vec![f64::NAN]))),
        ("author", Arc::new(BooleanArray::from(vec![true]))),
    ])
    .remove(0);
    assert_eq!((&*message.id, message.thread), ("7", None));
    assert!(message.problems.contains(&Problem::BadField));
}

#[test]
fn bytes_that_are_no_text_are_noted() {
    let values: ArrayRef = Arc::new(BinaryArray::from(vec![&b"gr\xfc\xdfe"[..]]));
    let message = messages(vec![("body", values)]).remove(0);
    assert_eq!(message.body, "gr\u{fffd}\u{fffd}e");
    assert!(message.problems.contains(&Problem::BadEncoding));
}

#[test]
fn a_list_is_no_text() {
    let list = ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)])]);
    let batch = batch(vec![("text", Arc::new(list))]);
    let err = messages_of(&batch, &Columns::default(), &Path::new("t").into(), 1).err().unwrap();
    assert!(err.to_string().contains("no column holds the text"), "{err}");
}
