#![allow(clippy::unwrap_used)]

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::message::{Message, Problem};

fn items(text: &[u8], columns: &Columns, limit: usize) -> Vec<Result<Message>> {
    let path = Path::new("t.csv").into();
    let source =
        TableSource::new(io::Cursor::new(text.to_vec()), delimiter(text), columns, path, limit).unwrap();
    source
        .flat_map(|record| record.map_or_else(|err| vec![Err(err.unwrapped())], |record| record.decode()))
        .collect()
}

fn messages(text: &str) -> Vec<Message> {
    items(text.as_bytes(), &Columns::default(), 1000).into_iter().map(Result::unwrap).collect()
}

#[test]
fn columns_are_found_by_name() {
    let read = messages(concat!(
        "\u{feff}Comment ID,Author-Association,user,created_at,Title,Body,toxic\r\n",
        "7,OWNER,ann,2024-05-06T07:08:09Z,it fails,\"one, \"\"two\"\"\nthree\",yes\r\n",
    ));
    let message = &read[0];
    assert_eq!((&*message.id, &*message.author.name, &*message.author.role), ("7", "ann", "OWNER"));
    assert_eq!((&*message.subject, &*message.body), ("it fails", "one, \"two\"\nthree"));
    assert_eq!(message.date.unwrap().to_string(), "2024-05-06T07:08:09+00:00");
    assert!(message.problems.is_empty(), "{:?}", message.problems);
    assert_eq!(message.position.ordinal, 1);
}

#[test]
fn other_delimiters_are_seen() {
    for text in ["id\ttext\n1\ta, b; c\n", "id;text\n1;a, b\n", "id|text\n1|a, b\n"] {
        assert!(messages(text)[0].body.starts_with("a, b"), "{text}");
    }
}

#[test]
fn rows_have_their_offsets() {
    let read = messages("id,text\n1,a\n2,\"b\nb\"\n3,c\n");
    let places: Vec<_> = read.iter().map(|it| (it.position.ordinal, it.position.offset)).collect();
    assert_eq!(places, [(1, 8), (2, 12), (3, 20)]);
}

#[test]
fn a_named_column_takes_precedence() {
    let mut columns: Columns = "text=remark".parse().unwrap();
    columns.add("thread=text").unwrap();
    let read = items(b"id,text,remark\n1,a,b\n", &columns, 1000);
    let message = read[0].as_ref().unwrap();
    assert_eq!((&*message.body, message.thread.as_deref()), ("b", Some("a")));
}

#[test]
fn a_wrong_assignment_is_told() {
    let told = |assignment: &str| assignment.parse::<Columns>().unwrap_err().to_string();
    assert!(told("text").contains("FIELD=COLUMN"));
    assert!(told("colour=red").contains("author_role"));
}

#[test]
fn a_table_without_text_is_refused_with_its_columns() {
    let path = Path::new("t.csv").into();
    let err = TableSource::new(&b"a,b\n1,2\n"[..], b',', &Columns::default(), path, 1000).err().unwrap();
    assert!(err.to_string().starts_with("t.csv: no column holds the text (there are: a, b)"), "{err}");
}

#[test]
fn rows_of_wrong_width_are_reported_and_kept() {
    let read = items(b"id,text\n1,a, b\n2\n3,c\n", &Columns::default(), 1000);
    let bodies: Vec<_> = read.iter().flatten().map(|message| message.body.as_str()).collect();
    assert_eq!(bodies, ["a\n b", "", "c"]);
    let told: Vec<_> = read.iter().filter_map(|it| it.as_ref().err()).map(ToString::to_string).collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0], "t.csv: message 1, byte 8: a row of 3 cells under a header of 2");
}

#[test]
fn an_open_quote_is_reported_and_its_row_kept() {
    let read = items(b"id,text\n1,a\n2,\"b\n3,c\n", &Columns::default(), 1000);
    assert!(read[1].as_ref().unwrap_err().to_string().contains("quote is never closed"));
    assert_eq!(read[2].as_ref().unwrap().body, "b\n3,c\n");
    assert_eq!(read.len(), 3);
}

#[test]
fn a_row_beyond_the_limit_ends_the_table_with_an_error() {
    let text = [b"id,text\n1,a\n2,\"", &[b'x'; 50_000][..], b"\"\n3,c\n"].concat();
    let read = items(&text, &Columns::default(), 10_000);
    assert_eq!(read[0].as_ref().unwrap().body, "a");
    assert!(matches!(read[1].as_ref().unwrap_err().kind(), ErrorKind::Limit(_)));
    assert_eq!(read.len(), 2);
}

#[test]
fn bytes_that_are_no_utf8_are_noted_on_the_message() {
    let read = items(b"id,text\n1,gr\xfc\xdfe\n", &Columns::default(), 1000);
    assert_eq!(
        read[0].as_ref().unwrap().problems.iter().filter(|it| **it == Problem::BadEncoding).count(),
        1
    );
}

#[test]
fn headers_are_told_from_prose() {
    let header = |text: &str| Columns::default().is_header(text.as_bytes(), delimiter(text.as_bytes()));
    assert!(header("id,author,text\n1,a,b\n") && header("\u{feff}\"Text\"\nhello\n"));
    assert!(!header("Hello, content\n") && !header("") && !header("a,b,c\n"));
    assert!(!header("My message, from the heart. It is long\n"));
}

proptest! {
    #[test]
    fn no_table_panics_and_no_row_is_lost(rows in proptest::collection::vec("[a-z \"]{0,5}", 0..20), tail in proptest::collection::vec(any::<u8>(), 0..100)) {
        let table = |rows: &[String]| format!("id,text\n{}", rows.iter().map(|row| format!("1,\"{}\"\n", row.replace('"', "\"\""))).collect::<String>());
        let read = items(table(&rows).as_bytes(), &Columns::default(), 1000);
        prop_assert_eq!(read.len(), rows.len());
        items(&[b"id,text\n", &tail[..]].concat(), &Columns::default(), 1000);
    }
}
