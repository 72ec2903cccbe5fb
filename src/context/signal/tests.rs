//! Each signal where it should be, and its neighbour where it should not.

#![allow(clippy::unwrap_used)]

use crate::{
    Label::{self, Bypass, Endorsement, Guilt, Persistence, Takeover, Urgency},
    context::{
        Campaign, Digest, Saying, Work,
        test_data::{pressing, say, saying, told},
    },
};

fn press(name: &str, day: i64, thread: &str, labels: &[Label]) -> Digest {
    pressing(say(name, day, thread), 0.8, labels, &[])
}

/// The campaign with the most messages.
fn campaign(messages: Vec<Digest>) -> Campaign {
    told(messages).campaigns.into_iter().max_by_key(|it| it.messages.len()).unwrap()
}

fn sentence(messages: Vec<Digest>, kind: &str) -> Option<String> {
    let signals = campaign(messages).signals;
    signals.into_iter().find(|signal| signal.kind.name() == kind).map(|signal| signal.sentence)
}

#[test]
fn three_times_is_a_pursuit_and_twice_is_not() {
    let of = |days: &[i64]| days.iter().map(|day| press("Cy Fenn", *day, "x", &[Persistence])).collect();
    assert_eq!(
        sentence(of(&[120, 127, 140]), "persistent-pursuit").unwrap(),
        "Cy Fenn presses 3 times in one thread within 20 days."
    );
    assert_eq!(sentence(of(&[120, 127]), "persistent-pursuit"), None);
}

#[test]
fn strength_that_rises_is_told() {
    let of = |strengths: [f32; 4]| {
        let message =
            |(i, strength): (i64, f32)| pressing(say("Cy Fenn", 120 + i, "x"), strength, &[Urgency], &[]);
        (0_i64..).zip(strengths).map(message).collect()
    };
    assert!(sentence(of([0.5, 0.5, 0.8, 0.9]), "rising-urgency").is_some());
    assert_eq!(sentence(of([0.9, 0.8, 0.5, 0.5]), "rising-urgency"), None);
}

#[test]
fn a_newcomer_asks_for_control_and_somebody_known_does_not_count_as_one() {
    let ask = |name, day| press(name, day, "x", &[Takeover]);
    assert_eq!(
        sentence(vec![ask("Cy Fenn", 120), ask("Cy Fenn", 121)], "newcomer-control").unwrap(),
        "Cy Fenn asks that control pass or be shared, in their first message to the project."
    );
    let known = (0..20).map(|i| Digest { work: Work::Patch, ..say("Cy Fenn", 100 + i, &format!("w{i}")) });
    let messages = known.chain([ask("Cy Fenn", 121), ask("Cy Fenn", 122)]).collect();
    assert_eq!(sentence(messages, "newcomer-control"), None);
}

#[test]
fn asks_past_review_are_told_with_care() {
    let messages = vec![press("Cy Fenn", 120, "x", &[Bypass]), press("Cy Fenn", 121, "x", &[Bypass])];
    let told = sentence(messages, "bypass-ask").unwrap();
    assert_eq!(told, "The words of Cy Fenn may ask for less review or testing than usual.");
}

#[test]
fn newcomers_of_the_same_week_appeared_together_and_those_of_a_busy_year_did_not() {
    let together = |a, b| vec![press("Cy Fenn", a, "x", &[Guilt]), press("Di Moor", b, "x", &[Guilt])];
    let told = sentence(together(120, 122), "newcomers-together").unwrap();
    assert!(told.starts_with("Cy Fenn and Di Moor appeared together: first seen within 2 days"), "{told}");
    // Many others who press when they are new make it a matter of course.
    let others = (0..60).map(|i| press(&format!("N{i} Pond"), 100 + i / 3, &format!("n{i}"), &[Persistence]));
    assert_eq!(sentence(others.chain(together(120, 140)).collect(), "newcomers-together"), None);
}

#[test]
fn who_is_named_by_others_is_the_end_of_a_chain() {
    let oda = Digest { work: Work::Patch, ..say("Oda Brink", 118, "p") };
    let back = |name, day| pressing(say(name, day, "x"), 0.8, &[Takeover, Endorsement], &["Oda Brink"]);
    let told = campaign(vec![oda, back("Cy Fenn", 120), back("Di Moor", 122)]);
    let chain = told.signals.iter().find(|signal| signal.kind.name() == "endorsement-chain").unwrap();
    assert_eq!(chain.sentence, "Cy Fenn and Di Moor press for or name Oda Brink: named by 2 accounts.");
    assert_eq!(chain.evidence.len(), 2);
    // Whoever names the maintainer endorses nobody.
    let mo = |day| pressing(say("Cy Fenn", day, "x"), 0.8, &[Takeover], &["Mo Tarn"]);
    assert_eq!(sentence(vec![mo(120), mo(121)], "endorsement-chain"), None);
}

#[test]
fn what_maintainers_say_counts_and_what_others_say_does_not() {
    let of = |speaker: &str| {
        vec![
            press("Cy Fenn", 120, "x", &[Guilt]),
            saying(say(speaker, 121, "x"), Saying::Tiredness, &[]),
            press("Cy Fenn", 124, "x", &[Guilt]),
            saying(say(speaker, 125, "x"), Saying::Concession, &[]),
        ]
    };
    assert_eq!(
        sentence(of("Mo Tarn"), "after-tiredness").unwrap(),
        "Cy Fenn pressed on after Mo Tarn had spoken of tiredness or lack of time; the first time 3 days later."
    );
    assert_eq!(
        sentence(of("Mo Tarn"), "concession").unwrap(),
        "Mo Tarn yielded in words, 5 days after the first message."
    );
    for kind in ["after-tiredness", "concession"] {
        assert_eq!(sentence(of("P1 Lake"), kind), None);
    }
}
