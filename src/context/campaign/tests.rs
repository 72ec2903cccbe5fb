//! Features, grouping and beneficiaries.

#![allow(clippy::unwrap_used)]

use super::{Campaign, FEATURE_NAMES};
use crate::{
    Label::{self, Endorsement, Guilt, Persistence, Takeover},
    context::{
        Digest, Saying, Work,
        test_data::{pressing, say, saying, told, who},
    },
};

fn press(name: &str, day: i64, thread: &str, labels: &[Label]) -> Digest {
    pressing(say(name, day, thread), 0.8, labels, &[])
}

/// Candidates by their size, the largest first.
fn candidates(messages: Vec<Digest>) -> Vec<Campaign> {
    let mut all = told(messages).campaigns;
    all.sort_by_key(|it| std::cmp::Reverse(it.messages.len()));
    all
}

fn sizes(messages: Vec<Digest>) -> Vec<usize> {
    candidates(messages).iter().map(|it| it.messages.len()).collect()
}

/// Somebody with ten patches behind them.
fn worker(name: &str) -> impl Iterator<Item = Digest> {
    (0..10).map(move |i| Digest { work: Work::Patch, ..say(name, 100 + i, &format!("w{i}")) })
}

#[test]
fn a_thread_holds_together_and_so_does_an_author() {
    let one = |a: &str, b: &str, thread| vec![press(a, 120, "x", &[Guilt]), press(b, 125, thread, &[Guilt])];
    assert_eq!(sizes(one("Cy Fenn", "Di Moor", "x")), [2]);
    assert_eq!(sizes(one("Cy Fenn", "Cy Fenn", "y")), [2]);
    assert_eq!(sizes(one("Cy Fenn", "Di Moor", "y")), [1, 1]);
}

#[test]
fn asking_for_control_holds_together_where_there_are_newcomers() {
    let ask = |name, day, thread| press(name, day, thread, &[Takeover]);
    assert_eq!(sizes(vec![ask("Cy Fenn", 120, "x"), ask("Di Moor", 125, "y")]), [2]);
    let known = worker("Cy Fenn").chain(worker("Di Moor"));
    assert_eq!(sizes(known.chain([ask("Cy Fenn", 120, "x"), ask("Di Moor", 125, "y")]).collect()), [1, 1]);
}

#[test]
fn who_works_much_ties_no_threads_together() {
    let presses = ["x", "y", "z"].map(|thread| press("Cy Fenn", 120, thread, &[Persistence]));
    assert_eq!(sizes(worker("Cy Fenn").chain(presses).collect()), [1, 1, 1]);
}

#[test]
fn a_message_that_belongs_to_two_makes_them_one() {
    let messages = vec![
        press("Cy Fenn", 120, "x", &[Guilt]),
        press("Di Moor", 122, "y", &[Guilt]),
        press("Cy Fenn", 124, "y", &[Guilt]),
    ];
    let all = candidates(messages);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].trajectory.len(), 3);
    assert!(all[0].trajectory.is_sorted_by_key(|it| it.at));
}

#[test]
fn storms_are_kept_in_part_and_counted() {
    let all = candidates((0..100).map(|i| press(&format!("N{i} Pond"), 120, "x", &[Guilt])).collect());
    assert_eq!((all[0].messages.len(), all[0].dropped), (64, 36));
    assert!(all[0].trajectory.len() <= 128);
}

/// What must hold of whatever is told.
fn is_whole(it: &Campaign, days: std::ops::Range<i64>) {
    let span = days.start * 86_400..days.end * 86_400;
    assert!(!it.messages.is_empty() && !it.actors.is_empty(), "{it:#?}");
    assert!(it.first <= it.last && span.contains(&it.first) && span.contains(&it.last), "{it:#?}");
    assert!(it.messages.iter().all(|message| (it.first..=it.last).contains(&message.at)), "{it:#?}");
    let written: u32 = it.actors.iter().map(|actor| actor.messages).sum();
    assert_eq!(written as usize, it.messages.len());
}

#[test]
fn what_never_ends_keeps_what_the_alarm_was_raised_for() {
    let strong = |name, day| press(name, day, "x", &[Takeover, Guilt]);
    let ask = [strong("Cy Fenn", 120), strong("Di Moor", 122), strong("Cy Fenn", 130)];
    let weak =
        (0..300).map(|i| pressing(say(&format!("N{i} Pond"), 140 + 7 * i, "x"), 0.5, &[Persistence], &[]));
    let all = candidates(ask.into_iter().chain(weak).collect());
    assert_eq!(all.len(), 1);
    is_whole(&all[0], 120..300);
    let ids: Vec<&str> = all[0].messages.iter().map(|it| &*it.id).collect();
    assert!(ids.starts_with(&["Cy Fenn-120-x", "Di Moor-122-x", "Cy Fenn-130-x"]), "{ids:?}");
    assert_eq!(all[0].messages.len() as u32 + all[0].dropped, 303);
    assert!(all[0].alarm.as_ref().is_some_and(|it| it.at <= 130 * 86_400));
}

#[test]
fn what_is_said_long_after_is_no_answer() {
    let asks = [press("Cy Fenn", 120, "x", &[Takeover]), press("Di Moor", 121, "x", &[Takeover])];
    let late = saying(say("Mo Tarn", 121 + 130, "x"), Saying::Concession, &[]);
    let all = candidates(asks.into_iter().chain([late]).collect());
    is_whole(&all[0], 120..122);
    assert!(all[0].statements.is_empty());
    assert_eq!(all[0].trajectory.len(), 2);
}

#[test]
fn who_comes_to_hold_control_leaves_a_campaign_with_all_that_was_thought_behind_their_words() {
    let press = |name, day| press(name, day, "x", &[Takeover, Guilt]);
    let asks = [press("Cy Fenn", 120), press("Di Moor", 121), press("Di Moor", 122), press("Cy Fenn", 200)];
    let member = Digest { controls: true, ..say("Di Moor", 210, "y") };
    let all = candidates(asks.into_iter().chain([member]).collect());
    assert_eq!(all.len(), 1);
    for it in &all {
        is_whole(it, 120..201);
        assert!(it.actors.iter().all(|actor| actor.who.name == "Cy Fenn"));
        assert!(it.trajectory.iter().all(|point| !point.message.starts_with("Di Moor")));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_comes_what_is_told_is_whole(
        events in proptest::collection::vec((0_i64..60, 0..4_usize, 0..3_usize, 0..8_usize), 1..200),
    ) {
        let (mut day, mut messages) = (120, Vec::new());
        for (step, name, thread, what) in events {
            day += step / 4;
            let name = ["Cy Fenn", "Di Moor", "Ed Lane", "Fay Holm"][name];
            let thread = ["x", "y", "z"][thread];
            let message = match what {
                0 => saying(say("Mo Tarn", day, thread), Saying::Tiredness, &[]),
                1 => Digest { controls: step % 5 == 0, ..say(name, day, thread) },
                what => pressing(say(name, day, thread), 0.1 * what as f32 + 0.2, &[Takeover], &[]),
            };
            messages.push(Digest { id: format!("{}", messages.len()).into(), ..message });
        }
        candidates(messages).iter().for_each(|it| is_whole(it, 120..day + 1));
    }
}

#[test]
fn features_lie_between_0_and_1_and_mean_what_they_say() {
    let alone = &candidates((0..3).map(|i| press("Cy Fenn", 120 + i, "x", &[Persistence])).collect())[0];
    let crowd = &candidates((0..4).map(|i| press(&format!("N{i} Pond"), 120, "x", &[Guilt])).collect())[0];
    // Behind the last message: which one the campaign itself shows depends on the model.
    let [alone, crowd] = [alone, crowd].map(|it| &it.trajectory.last().unwrap().features);
    for it in [alone, crowd] {
        assert!(it.values().iter().all(|value| (0.0..=1.0).contains(value)), "{it:?}");
    }
    for (name, of_alone, of_crowd) in [
        ("actors", 0.0, 1.0),
        ("newcomers", 1.0, 1.0),
        ("blame", 0.0, 0.9),
        ("work", 0.0, 0.0),
        ("threads", 0.0, 0.0),
    ] {
        let values = [alone, crowd].map(|it| it.get(name).unwrap());
        assert!(
            (values[0] - of_alone).abs() < 1e-6 && (values[1] - of_crowd).abs() < 1e-6,
            "{name} {values:?}"
        );
    }
    assert!(alone.get("pursuit").unwrap() > 0.5 && crowd.get("pursuit").unwrap() == 0.0);
    assert!(FEATURE_NAMES.iter().all(|name| alone.get(name).is_some()));
    assert_eq!(alone.get("luck"), None);
}

#[test]
fn the_one_with_most_support_is_the_beneficiary() {
    let oda = Digest { work: Work::Patch, is_answer: false, ..say("Oda Brink", 118, "p") };
    let back = |name, day, other| pressing(say(name, day, "x"), 0.8, &[Takeover, Endorsement], &[other]);
    let messages = vec![
        oda.clone(),
        say("Ed Lane", 119, "x"),
        back("Cy Fenn", 120, "Oda Brink"),
        back("Di Moor", 121, "Oda Brink"),
        back("Fay Holm", 122, "Ed Lane"),
    ];
    let of = |messages| candidates(messages).remove(0).beneficiary.map(|(who, _)| who.name.clone());
    assert_eq!(of(messages).as_deref(), Some("Oda Brink"));
    // A patch that is pressed for speaks for its author; an offer of one's own alone does not.
    assert_eq!(of(vec![oda, press("Cy Fenn", 120, "p", &[Guilt])]).as_deref(), Some("Oda Brink"));
    let offer = saying(press("Cy Fenn", 120, "x", &[Takeover]), Saying::SelfOffer, &[]);
    assert_eq!(of(vec![offer]), None);
}

#[test]
fn actors_come_with_both_sides() {
    let patch = Digest { work: Work::Patch, ..say("Cy Fenn", 119, "w") };
    let all =
        candidates(vec![patch, press("Cy Fenn", 120, "x", &[Guilt]), press("Di Moor", 121, "x", &[Guilt])]);
    let actors = &all[0].actors;
    assert_eq!(actors[0].who, who("Cy Fenn"));
    assert_eq!(actors[0].speaks_against, ["1 patch before"]);
    assert_eq!(
        actors[1].speaks_for,
        ["1 pressing message", "first message to the project", "no work before"]
    );
    assert!(actors[1].speaks_against.is_empty());
}
