use serde_json::json;

use super::*;
use crate::retrain::texts::Text;

fn row(n: usize, fields: Value) -> Row {
    let place = Place { file: "dir/incident.jsonl".into(), row: Some(n) };
    Row { place, fields: fields.as_object().unwrap().clone() }
}

fn problem(fields: Value) -> String {
    let errors = validate(&[row(7, fields)], &Texts::new(), None).unwrap_err();
    assert_eq!((errors.len(), errors[0].place.row), (1, Some(7)));
    errors[0].problem.clone()
}

#[test]
fn sound_rows_become_messages() {
    let fields = json!({"text": "Désolé. Hurry up now.", "labels": "urgency", "level": "2", "evidence": "urgency:8-13"});
    let messages = validate(&[row(1, fields)], &Texts::new(), None).unwrap();
    let content = &messages[0].content;
    assert_eq!(&content.text[content.evidence[0].start..content.evidence[0].end], "Hurry");
    assert_eq!((messages[0].incident.as_str(), messages[0].file.as_str()), ("incident", "incident.jsonl"));
    assert!(content.id.starts_with("sha256:") && content.id.len() == 23);
    let quoted = json!({"text": "Hi.", "subject": "Hurry", "labels": ["urgency"], "level": 2, "evidence": {"urgency": ["Hurry"]}});
    let messages = validate(&[row(1, quoted)], &Texts::new(), Some("night")).unwrap();
    assert!(messages[0].content.evidence[0].in_subject && messages[0].incident == "night");
}

#[test]
fn every_contradiction_is_named() {
    let row = |labels: Value, level: Value| json!({"text": "Hurry up.", "labels": labels, "level": level});
    assert!(problem(row(json!(["urgent"]), json!(2))).starts_with("no label \"urgent\""));
    assert!(problem(row(json!([]), json!(4))).starts_with("no level"));
    assert!(problem(row(json!([]), json!(1.5))).starts_with("no level"));
    assert_eq!(problem(row(json!(["guilt"]), json!(0))), "level 0 has no labels");
    assert!(problem(row(json!(["takeover"]), json!(2))).starts_with("level 2 needs a tactic"));
    assert!(problem(row(json!(["guilt"]), json!(3))).starts_with("level 3 needs the label takeover"));
    assert_eq!(problem(json!({"text": "Hi.", "level": 0})), "no labels (an empty list is one)");
    assert_eq!(problem(json!({"text": "Hi.", "labels": []})), "no level");
    assert_eq!(problem(json!({"text": " \n", "labels": [], "level": 0})), "the text is empty");
    assert!(problem(json!({"text": "> quoted\n", "labels": [], "level": 0})).starts_with("no words"));
    assert!(problem(json!({"labels": [], "level": 0})).starts_with("no text"));
    assert_eq!(problem(json!({"text": 3, "labels": [], "level": 0})), "text is not a string");
    let unknown = json!({"source": "list", "id": "1", "labels": [], "level": 0});
    assert!(problem(unknown).starts_with("no message \"1\" of \"list\""));
}

#[test]
fn evidence_must_be_in_the_text() {
    let row = |evidence: Value| json!({"text": "Hurry up.", "labels": ["urgency"], "level": 2, "evidence": evidence});
    assert_eq!(
        problem(row(json!({"urgency": ["Hurry down"]}))),
        "evidence \"Hurry down\" is not in the text"
    );
    assert!(problem(row(json!("urgency:3-30"))).contains("is not in the text of 9 characters"));
    assert!(problem(row(json!("urgency:5-3"))).contains("is not in the text"));
    assert!(problem(row(json!("urgency"))).contains("is not label:start-end"));
    assert!(problem(row(json!({"guilt": ["Hurry"]}))).contains("not among the labels"));
}

#[test]
fn contradicting_rows_are_refused_and_repeated_ones_are_one() {
    let message = |id: &str, level: u8| json!({"id": id, "text": "Any news?", "labels": ["persistence"], "level": level});
    let rows = [row(1, message("a", 1)), row(2, message("a", 1)), row(3, message("b", 1))];
    assert_eq!(validate(&rows, &Texts::new(), None).unwrap().len(), 2);
    let rows = [row(1, message("a", 1)), row(2, message("a", 2)), row(3, message("b", 2))];
    let errors = validate(&rows, &Texts::new(), None).unwrap_err();
    assert_eq!(
        errors[0].to_string(),
        "dir/incident.jsonl: row 2: id \"a\" is also in dir/incident.jsonl: row 1, with other content"
    );
    assert!(errors[1].problem.starts_with("the same text is also in"));
}

#[test]
fn texts_are_found_by_source_and_id() {
    let message = Message {
        id: "7".into(),
        subject: "Re: it".into(),
        body: "Please hurry.".into(),
        ..Message::default()
    };
    let text = Text { message, origin: "corpus" };
    let texts = Texts::from([(("list".to_owned(), "7".to_owned()), text)]);
    let rows = [row(1, json!({"source": "list", "id": "7", "text": "", "labels": "urgency", "level": 1}))];
    let messages = validate(&rows, &texts, None).unwrap();
    assert_eq!(messages[0].content.id, "list/7");
    assert_eq!(
        (messages[0].content.text.as_str(), messages[0].provenance.as_str()),
        ("Please hurry.", "corpus list")
    );
}
