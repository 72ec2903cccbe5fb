//! The invented incident: learned from 20 messages, judged on 20 others.

use std::{collections::BTreeSet, fs, path::Path, time::Instant};

use undue::{
    Level,
    model::{Model, Output},
};
use undue_training::{
    example::{self, Example},
    retrain::gate::Measure,
};

use crate::util::{Place, run, shipped};

const PATH: &str = "../datasets/authored/held-out/incident-invented.jsonl";

/// The lines and examples of level 2 and more, by turns to learn and to test on.
fn split() -> ([Vec<String>; 2], [Vec<Example>; 2]) {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PATH)).unwrap();
    let examples = example::parse_authored(PATH, &text).unwrap();
    let pressing = text.lines().zip(examples).filter(|(_, example)| example.level >= Level::Pressure);
    let (mut lines, mut parts) = ([vec![], vec![]], [vec![], vec![]]);
    for (n, (line, example)) in pressing.enumerate() {
        lines[n % 2].push(line.to_owned());
        parts[n % 2].push(example);
    }
    (lines, parts)
}

fn recall(model: &Model, examples: &[Example]) -> f64 {
    Measure::Recall(Output::PRESSURE).of(model, &examples.iter().collect::<Vec<_>>()).1
}

#[test]
fn an_incident_of_twenty_messages_is_learned_and_forgotten() {
    let ([learn, test], [learned, unseen]) = split();
    assert_eq!((learn.len(), test.len()), (20, 20));
    let place = Place::new();
    let file = place.write("pellgrove.jsonl", &learn.join("\n"));
    let before = recall(&Model::embedded().unwrap(), &unseen);

    let start = Instant::now();
    let done = run(place.command("retrain").arg("--incident").arg(&file)).ok();
    eprintln!("a retrain of 20 messages took {:.1} s\n{}", start.elapsed().as_secs_f64(), done.out);
    assert!(!done.out.contains("WORSE") && done.out.contains("held-out texts"), "{}", done.out);
    let after = recall(&place.active_model(), &unseen);
    eprintln!("recall on unseen messages: {before} before, {after} after");
    assert!(before < 0.5 && after > 0.8, "{before} {after}");
    let retrained = place.active();

    let again = run(place.command("retrain").arg("--incident").arg(&file)).ok();
    assert!(again.out.contains("nothing new"), "{}", again.out);
    assert_eq!(place.active(), retrained);

    let ids: BTreeSet<&str> = learned.iter().map(|example| example.message.id.as_str()).collect();
    run(place.command("forget").arg("--id").args(ids)).ok();
    assert!(place.active() == shipped(), "the shipped model's bytes are back");
}

#[test]
fn the_result_does_not_depend_on_threads_or_the_order_of_learning() {
    let ([learn, _], _) = split();
    let (one, two) = (Place::new(), Place::new());
    let (a, b) = (learn[..3].join("\n"), learn[3..6].join("\n"));
    let (a, b, all) =
        (one.write("a.jsonl", &a), one.write("b.jsonl", &b), two.write("all.jsonl", &format!("{b}\n{a}")));
    run(one.quick(&a).arg("--threads=1")).ok();
    run(one.quick(&b).arg("--threads=1")).ok();
    run(two.quick(&all).arg("--threads=3")).ok();
    assert!(one.active() == two.active());
}
