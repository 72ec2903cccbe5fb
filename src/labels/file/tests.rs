#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn text(format: FileFormat, rows: &[LabelRow]) -> String {
    let mut out = Vec::new();
    write(&mut out, format, rows).unwrap();
    String::from_utf8(out).unwrap()
}

fn row() -> LabelRow {
    let mut row = LabelRow {
        source: "tarn".into(),
        id: "=1@tarn.example".into(),
        judgement: Judgement { level: Level::Pressure, labels: vec![Label::Guilt] },
        proposed_by: "test@c0ffee".into(),
        reviewed: Review::parse("2024-01-04T10:00:00Z Ada"),
        note: "odd, \"but\"\nso".into(),
        ..LabelRow::default()
    };
    row.add_mark(Mark { label: Label::Guilt, range: 4..9 });
    row
}

#[test]
fn csv_is_as_documented() {
    let expected = "source,id,labels,level,evidence,proposed_by,reviewed,note\n\
        tarn,'=1@tarn.example,guilt,2,guilt:4-9,test@c0ffee,2024-01-04T10:00:00Z Ada,\"odd, \"\"but\"\"\\u{a}so\"\n";
    assert_eq!(text(FileFormat::Csv, &[row()]), expected);
}

#[test]
fn json_is_as_documented() {
    let hostile = LabelRow { note: "a\x1b\u{202e}\u{e0041}".into(), ..row() };
    let expected = "{\"source\":\"tarn\",\"id\":\"=1@tarn.example\",\"labels\":[\"guilt\"],\"level\":2,\
        \"evidence\":\"guilt:4-9\",\"proposed_by\":\"test@c0ffee\",\"reviewed\":\"2024-01-04T10:00:00Z Ada\",\
        \"note\":\"a\\u001b\\u202e\\udb40\\udc41\"}\n";
    assert_eq!(text(FileFormat::Jsonl, std::slice::from_ref(&hostile)), expected);
    assert_eq!(read(expected).unwrap().rows, [hostile]);
}

#[test]
fn every_bad_row_is_named() {
    let csv = "source,id,labels,level,evidence\nl,a,,0,\nl,b,rude,2,\nl,c,,4,\nl,d,guilt,2,urgency:1-2\nl,a,,1,\nl,,,0,\nl,e,,0\n";
    let errors: Vec<_> = read(csv).unwrap_err().iter().map(ToString::to_string).collect();
    for (error, wanted) in errors.iter().zip([
        "row 2: no label \"rude\"",
        "row 3: no level 4",
        "row 4: evidence for urgency, which is not among",
        "row 5: the same message as in row 1",
        "row 6: no id",
        "row 7: CSV error",
    ]) {
        assert!(error.starts_with(wanted), "{error}");
    }
    assert_eq!(errors.len(), 6);
    let errors =
        read("{\"source\": \"l\", \"id\": \"a\", \"labels\": [], \"level\": 9}\n{\"id\": 3}").unwrap_err();
    assert_eq!((errors[0].row, errors[1].row, errors.len()), (Some(1), Some(2), 2));
}

#[test]
fn a_wrong_header_is_named_once() {
    let wrong = |text: &str| read(text).unwrap_err()[0].to_string();
    assert!(wrong("source,id,lables,level,evidence\nl,a,,0,\n").starts_with("unknown column \"lables\""));
    assert!(wrong("source,id,labels,level\nl,a,,0\n").starts_with("no column \"evidence\""));
    assert!(wrong("").starts_with("no column \"source\""));
}

fn any_row() -> impl Strategy<Value = LabelRow> {
    let texts = ("[\\PC\\x00-\\x1f]{0,9}", "[\\PC'=\\\\u{}]{1,9}", "\\PC{0,9}", "[a-z ]{0,9}", "\\PC{0,9}");
    (texts, 0..4usize, proptest::collection::vec((0..8usize, 0..99usize, 1..99usize), 0..5)).prop_map(
        |((source, id, by, who, note), level, marks)| {
            let mut row = LabelRow { source, id, proposed_by: by, note, ..LabelRow::default() };
            row.judgement.level = Level::ALL[level];
            row.reviewed = Review::parse(&who);
            for (label, start, length) in marks {
                row.add_label(Label::ALL[label]);
                row.add_mark(Mark { label: Label::ALL[label], range: start..start + length });
            }
            row
        },
    )
}

proptest! {
    #[test]
    fn both_formats_keep_everything(row in any_row()) {
        for format in [FileFormat::Csv, FileFormat::Jsonl] {
            let text = text(format, std::slice::from_ref(&row));
            prop_assert!(!text.contains(|c| crate::report::is_hidden(c) && c != '\n'));
            prop_assert_eq!(read(&text).unwrap(), LabelFile { format, rows: vec![row.clone()] });
        }
    }

    #[test]
    fn nothing_panics(text in "\\PC*|(source|id|labels|level|evidence|[,\n{}:\"-]|guilt|[0-9])*") {
        drop(read(&text));
    }
}
