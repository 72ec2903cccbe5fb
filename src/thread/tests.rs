#![allow(clippy::unwrap_used)]

use super::*;

fn mail(id: &str, references: &[&str], subject: &str) -> Message {
    Message {
        id: id.into(),
        references: references.iter().map(|&id| id.into()).collect(),
        parent: references.last().map(|&id| id.into()),
        subject: subject.into(),
        ..Message::default()
    }
}

/// The threads of messages given as id and references, and how many there are.
fn threads(mails: &[(&str, &[&str])]) -> (Vec<String>, u64) {
    let mut threader = Threader::new();
    let ids = mails.iter().map(|(id, references)| assign(&mut threader, mail(id, references, "x")));
    (ids.collect(), threader.threads())
}

fn assign(threader: &mut Threader, mut message: Message) -> String {
    threader.assign(&mut message);
    message.thread.unwrap()
}

#[test]
fn answers_join_their_root() {
    let (ids, count) = threads(&[("a", &[]), ("b", &["a"]), ("c", &["a", "b"]), ("d", &[]), ("e", &["b"])]);
    assert_eq!(ids, ["a", "a", "a", "d", "a"]);
    assert_eq!(count, 2);
}

#[test]
fn a_missing_parent_is_the_root() {
    let (ids, count) = threads(&[("b", &["a"]), ("c", &["a"]), ("a", &[])]);
    assert_eq!(ids, ["a", "a", "a"]);
    assert_eq!(count, 1);
}

#[test]
fn a_late_message_connects_two_threads() {
    let (ids, count) = threads(&[("r", &[]), ("c", &["b"]), ("b", &["r"]), ("d", &["c"])]);
    assert_eq!(ids, ["r", "b", "r", "r"]);
    assert_eq!(count, 1);
}

#[test]
fn cycles_and_references_to_oneself_survive() {
    let (ids, count) = threads(&[("a", &["b"]), ("b", &["c"]), ("c", &["a", "c"]), ("s", &["s"])]);
    assert_eq!(ids, ["b", "b", "b", "s"]);
    assert_eq!(count, 2);
}

#[test]
fn in_reply_to_counts_only_without_references() {
    let mut threader = Threader::new();
    assign(&mut threader, mail("a", &[], "x"));
    assign(&mut threader, mail("b", &[], "y"));
    let parent = Some("a".to_owned());
    assert_eq!(assign(&mut threader, Message { parent: parent.clone(), ..mail("c", &[], "z") }), "a");
    assert_eq!(assign(&mut threader, Message { parent, ..mail("d", &["b"], "z") }), "b");
    assert_eq!(threader.threads(), 2);
}

#[test]
fn an_equal_subject_is_a_marked_guess() {
    let mut threader = Threader::new();
    let of = |threader: &mut Threader, id, references: &[&str], subject| {
        let mut message = mail(id, references, subject);
        threader.assign(&mut message);
        let guess = message.thread_basis == ThreadBasis::Subject;
        assert_eq!(guess, message.problems.contains(&Problem::ThreadBySubject));
        (message.thread.unwrap(), guess)
    };
    assert_eq!(of(&mut threader, "a", &[], "[l] Release"), ("a".into(), false));
    assert_eq!(of(&mut threader, "b", &[], "Re: release"), ("a".into(), true));
    assert_eq!(of(&mut threader, "c", &[], "release"), ("c".into(), false), "no answer");
    assert_eq!(of(&mut threader, "d", &[], "Re: [l] release"), ("c".into(), true), "the latest");
    assert_eq!(of(&mut threader, "e", &["z"], "Re: release"), ("z".into(), false), "has a parent");
    assert_eq!(of(&mut threader, "f", &[], "Re: never seen"), ("f".into(), false));
    assert_eq!(of(&mut threader, "g", &[], "Re:"), ("g".into(), false), "no subject at all");
    assert_eq!(threader.threads(), 5);
}

#[test]
fn a_second_copy_goes_where_the_first_went() {
    let mut threader = Threader::new();
    for (id, subject) in [("a", "News"), ("b", "Re: News"), ("c", "News")] {
        assign(&mut threader, mail(id, &[], subject));
    }
    let mut copy = mail("b", &[], "Re: News");
    threader.assign(&mut copy);
    assert_eq!(copy.thread.as_deref(), Some("a"));
    assert_eq!(copy.problems, [Problem::DuplicateId, Problem::ThreadBySubject]);
}

#[test]
fn what_is_only_referred_to_is_no_duplicate() {
    let mut threader = Threader::new();
    assign(&mut threader, mail("b", &["a"], "x"));
    let mut first = mail("a", &[], "x");
    threader.assign(&mut first);
    assert_eq!(first.problems, []);
}

#[test]
fn a_stated_thread_wins_and_is_remembered() {
    let mut threader = Threader::new();
    let stated = |id: &str, thread: &str, references: &[&str]| Message {
        thread: Some(thread.into()),
        ..mail(id, references, "Re: x")
    };
    assert_eq!(assign(&mut threader, stated("1", "p#1", &[])), "p#1");
    assert_eq!(assign(&mut threader, stated("2", "p#2", &["1"])), "p#2");
    assert_eq!(assign(&mut threader, mail("3", &["2"], "y")), "p#2");
    assert_eq!(threader.threads(), 2);
}

#[test]
fn a_million_answers_are_one_thread_in_little_memory() {
    let mut threader = Threader::with_capacity(10_000);
    for i in 0..1_000_000_u32 {
        let id = format!("{i}@example.org");
        let parent = format!("{}@example.org", i.saturating_sub(1));
        let thread = assign(&mut threader, mail(&id, &[&parent], "x"));
        assert_eq!(thread, "0@example.org");
    }
    assert_eq!(threader.threads(), 1);
    let (keys, threads, _) = threader.memory.sizes();
    assert!(keys <= 10_000 && threads == 1, "{keys} {threads}");
}

#[test]
fn what_is_forgotten_is_freed() {
    let mut threader = Threader::with_capacity(100);
    let long = "i".repeat(5000);
    for i in 0..10_000_u32 {
        assign(
            &mut threader,
            mail(&format!("{i}"), &[&format!("p{}", i / 3), &long[..(i % 5000) as usize]], ""),
        );
    }
    let (keys, threads, bytes) = threader.memory.sizes();
    assert!(keys <= 100 && threads <= 200 && bytes <= 100 * 64, "{keys} {threads} {bytes}");
}

#[test]
fn endless_references_are_cut() {
    let mut threader = Threader::new();
    let ids: Vec<String> = (0..100_000).map(|i| format!("{i}")).collect();
    let references: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(assign(&mut threader, mail("m", &references, "x")), "0");
    assert!(threader.memory.sizes().0 <= MAX_REFERENCES + 3);
}

proptest::proptest! {
    /// Connected messages, and only they, are counted as one; checked against joining every pair.
    #[test]
    fn the_count_is_that_of_connected_components(
        mails in proptest::collection::vec((0..12_usize, proptest::collection::vec(0..12_usize, 0..3)), 0..20)
    ) {
        let mut threader = Threader::new();
        let mut component: Vec<usize> = (0..12).collect();
        for (id, references) in &mails {
            let names: Vec<String> = references.iter().map(ToString::to_string).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            assign(&mut threader, mail(&id.to_string(), &names, ""));
            for reference in references {
                let (from, to) = (component[*reference], component[*id]);
                component.iter_mut().filter(|it| **it == from).for_each(|it| *it = to);
            }
        }
        let mut used: Vec<usize> = mails.iter().map(|(id, _)| component[*id]).collect();
        used.sort_unstable();
        used.dedup();
        proptest::prop_assert_eq!(threader.threads(), used.len() as u64);
    }
}
