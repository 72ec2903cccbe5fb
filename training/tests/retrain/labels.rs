//! From an archive over a label file and a review to what the model has learned.

use undue::{
    Label, Level, Message, Scorer,
    labels::{FileFormat, LabelRow, Review, name_of, propose, read, write},
    model::Model,
    source::{Input, Options, open},
};

use crate::util::{Place, run};

const ARCHIVE: &str = "\
From bo@tarn.example Thu Jan  4 10:00:00 2024
Message-ID: <=a@tarn.example>
From: Bo <bo@tarn.example>
Subject: Where is it

Ähem, shame on all of you.

From cy@tarn.example Thu Jan  4 11:00:00 2024
Message-ID: <b@tarn.example>
From: Cy <cy@tarn.example>
Subject: Re: Where is it

> Ähem, shame on all of you.

From di@tarn.example Thu Jan  4 12:00:00 2024
Message-ID: <c@tarn.example>
From: Di <di@tarn.example>
Subject: Re: Where is it

It is in the next release.
";

/// The archive and what the shipped model proposes for it.
fn proposed(place: &Place) -> Vec<LabelRow> {
    let path = place.write("list.mbox", ARCHIVE);
    let records = open(&[Input { path, format: None }], &Options::default());
    let messages: Vec<Message> =
        records.flat_map(|record| record.unwrap().decode()).map(Result::unwrap).collect();
    let model = Model::embedded().unwrap();
    let mut scorer = Scorer::new(&model);
    messages.iter().map(|message| propose(message, &scorer.score(message), &name_of(&model))).collect()
}

/// The first message judged, the second accepted as nothing, the third left open.
fn reviewed(place: &Place) -> Vec<LabelRow> {
    let mut rows = proposed(place);
    rows[0].judgement.level = Level::Pressure;
    rows[0].add_label(Label::Guilt);
    rows[0].add_mark("guilt:6-26".parse().unwrap());
    rows[1] = LabelRow { judgement: Default::default(), evidence: Vec::new(), ..rows[1].clone() };
    for row in &mut rows[..2] {
        row.reviewed = Review::parse("2024-01-05T00:00:00Z Ada");
    }
    rows
}

fn text(format: FileFormat, rows: &[LabelRow]) -> String {
    let mut out = Vec::new();
    write(&mut out, format, rows).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn reviewed_rows_are_learned_from_their_archive() {
    let mut models = Vec::new();
    for (format, name) in [(FileFormat::Csv, "labels.csv"), (FileFormat::Jsonl, "labels.jsonl")] {
        let place = Place::new();
        let file = text(format, &reviewed(&place));
        let labels = place.write(name, &file);
        let done = run(place.quick(&labels).arg("--archive").arg(place.path("list.mbox"))).ok();
        assert!(done.err.contains("1 rows that nobody reviewed are left out"), "{}", done.err);
        let messages = run(place.command("history").arg("--messages")).ok().out;
        assert!(messages.contains("=a@tarn.example\tlevel 2\tguilt\tlabels\t"), "{messages}");
        assert!(!messages.contains("c@tarn.example"), "{messages}");
        models.push(place.active());
        assert_eq!(read(&file).unwrap().rows, reviewed(&place));
    }
    assert!(models[0] == models[1], "both formats teach the same");
}

#[test]
fn proposals_are_learned_only_where_that_is_said() {
    let place = Place::new();
    let labels = place.write("labels.csv", &text(FileFormat::Csv, &proposed(&place)));
    let archive = place.path("list.mbox");
    let refused = run(place.quick(&labels).arg("--archive").arg(&archive));
    assert!(refused.status == Some(2) && refused.err.contains("no row was reviewed"), "{}", refused.err);
    assert!(!place.path("store").exists());
    run(place.quick(&labels).arg("--unreviewed").arg("--archive").arg(&archive)).ok();
    let messages = run(place.command("history").arg("--messages")).ok().out;
    assert!(messages.contains("c@tarn.example\tlevel"), "{messages}");
}

#[test]
fn wrong_rows_are_named_and_nothing_is_learned() {
    let place = Place::new();
    let mut rows = reviewed(&place);
    rows[0].evidence[0].range = 6..99;
    rows[1].id = "gone@tarn.example".into();
    let labels = place.write("labels.csv", &text(FileFormat::Csv, &rows));
    let done = run(place.quick(&labels).arg("--archive").arg(place.path("list.mbox")));
    assert_eq!(done.status, Some(2), "{}", done.err);
    assert!(
        done.err.contains("labels.csv: row 1: evidence \"guilt:6-99\" is not in the text"),
        "{}",
        done.err
    );
    assert!(done.err.contains("labels.csv: row 2: no message \"gone@tarn.example\""), "{}", done.err);
    assert!(done.err.contains("2 rows are wrong; nothing was learned"), "{}", done.err);
    let done = run(place.quick(&labels).arg("--archive").arg(place.path("nowhere.mbox")));
    assert!(done.status == Some(2) && done.err.contains("nothing was learned"), "{}", done.err);
    assert!(!place.path("store").exists());
}
