//! The pass as a whole, on messages that are told to it.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use super::{
    test_data::{Kept, digest, history, pressing, say, saying, told, who},
    touch::{FileKind, Touched},
    *,
};
use crate::Label::{self, Endorsement, Guilt, Persistence, Takeover};

fn found(messages: Vec<Digest>) -> Vec<Campaign> {
    told(messages).campaigns.into_iter().filter(|it| it.alarm.is_some()).collect()
}

/// Two newcomers press Mo Tarn for Oda Brink, who sent a patch; Mo tires and yields.
fn campaign() -> Vec<Digest> {
    let patch = Digest { is_answer: false, work: Work::Patch, ..say("Oda Brink", 110, "patch") };
    vec![
        patch,
        pressing(say("Cy Fenn", 120, "patch"), 0.8, &[Persistence, Guilt], &[]),
        saying(say("Mo Tarn", 122, "patch"), Saying::Tiredness, &[]),
        pressing(say("Di Moor", 126, "patch"), 0.8, &[Takeover, Guilt], &["Oda Brink"]),
        pressing(say("Cy Fenn", 135, "other"), 0.9, &[Takeover, Endorsement], &["Oda Brink"]),
        saying(say("Mo Tarn", 137, "other"), Saying::Concession, &["Oda"]),
        pressing(say("Di Moor", 140, "other"), 0.9, &[Takeover], &["Oda Brink"]),
    ]
}

#[test]
fn a_campaign_is_told_with_actors_beneficiary_and_signals() {
    let all = found(campaign());
    assert_eq!(all.len(), 1, "{all:#?}");
    let it = &all[0];
    assert_eq!(it.messages.len(), 4);
    assert_eq!(it.actors.iter().map(|actor| &*actor.who.name).collect::<Vec<_>>(), ["Cy Fenn", "Di Moor"]);
    let (beneficiary, reasons) = it.beneficiary.as_ref().unwrap();
    assert_eq!((&*beneficiary.name, reasons.len()), ("Oda Brink", 2), "{reasons:?}");
    assert_eq!(it.pressed, [who("Mo Tarn")]);
    let kinds: Vec<_> = it.signals.iter().map(|signal| signal.kind.name()).collect();
    for kind in
        ["newcomer-control", "newcomers-together", "endorsement-chain", "after-tiredness", "concession"]
    {
        assert!(kinds.contains(&kind), "{kind} is not in {kinds:?}");
    }
    assert!(it.signals.iter().all(|signal| !signal.evidence.is_empty() && signal.sentence.ends_with('.')));
    assert!(it.alarm.as_ref().unwrap().at < 140 * 86_400, "{:?}", it.alarm);
}

#[test]
fn the_same_every_time() {
    let (a, b) = (told(campaign()), told(campaign()));
    assert_eq!(format!("{:?}", a.campaigns), format!("{:?}", b.campaigns));
}

#[test]
fn offers_make_no_campaign_however_polite_or_many() {
    let offer = |name: &str, day| {
        saying(pressing(say(name, day, "offer"), 0.45, &[Takeover], &[]), Saying::SelfOffer, &[])
    };
    let single = pressing(say("Cy Fenn", 120, "offer"), 0.95, &[Takeover, Guilt], &[]);
    assert!(found(vec![single]).is_empty());
    let all = told(vec![offer("Cy Fenn", 120), offer("Di Moor", 125), offer("Ed Lane", 130)]).campaigns;
    assert!(all.iter().all(|it| it.probability == 0.0 && it.alarm.is_none()));
}

#[test]
fn work_and_standing_speak_against() {
    let worker = |name: &str| {
        let patch = |i: i64| Digest { work: Work::Patch, ..say(name, 100 + i / 4, &format!("{name}{i}")) };
        (0..40).map(patch).collect::<Vec<_>>()
    };
    let press = |name: &str, day, labels: &[Label]| pressing(say(name, day, "patch"), 0.7, labels, &[]);
    let presses = vec![
        press("Cy Fenn", 120, &[Guilt]),
        press("Di Moor", 126, &[Takeover]),
        press("Cy Fenn", 130, &[Guilt]),
    ];
    let of = |before: Vec<Digest>| {
        let all = told(before.into_iter().chain(presses.clone()).collect()).campaigns;
        all.into_iter().map(|it| it.probability).fold(0.0, f64::max)
    };
    let (newcomers, workers) = (of(Vec::new()), of([worker("Cy Fenn"), worker("Di Moor")].concat()));
    let odds = |probability: f64| probability / (1.0 - probability);
    assert!(odds(workers) < odds(newcomers) / 2.0, "{workers} {newcomers}");
}

#[test]
fn what_maintainers_write_never_presses() {
    let press = |day| pressing(say("Mo Tarn", day, "x"), 0.9, &[Takeover, Guilt], &[]);
    assert!(told((120..126).map(press).collect()).campaigns.is_empty());
}

#[test]
fn messages_far_apart_do_not_belong_together() {
    let press = |name: &str, day| pressing(say(name, day, "x"), 0.9, &[Takeover, Guilt], &[]);
    let all = told(vec![press("Cy Fenn", 120), press("Di Moor", 300)]).campaigns;
    assert_eq!(all.iter().map(|it| it.messages.len()).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn without_a_date_a_message_is_counted_and_in_no_campaign() {
    let press = |name: &str, day| pressing(say(name, day, "x"), 0.9, &[Takeover, Guilt], &[]);
    let undated = |project: &str| Digest { at: None, project: project.into(), ..press("Cy Fenn", 0) };
    let weary = saying(say("Mo Tarn", 130, "x"), Saying::Tiredness, &[]);
    let messages = [
        undated("without dates"),
        undated("without dates"),
        press("Di Moor", 120),
        undated("tarn"),
        Digest { at: None, ..weary },
        press("Di Moor", 121),
    ];
    let (mut context, mut kept) = (Context::new(Settings::default()), Kept::default());
    history().into_iter().chain(messages).for_each(|digest| drop(context.observe(digest, &mut kept)));
    assert_eq!(context.undated(), 3);
    context.finish(&mut kept);
    assert_eq!(kept.campaigns.len(), 1);
    let campaign = &kept.campaigns[0];
    assert_eq!((campaign.messages.len(), campaign.statements.len()), (2, 0), "{campaign:#?}");
    assert!(campaign.messages.iter().all(|it| it.author.name == "Di Moor"));
}

#[test]
fn nobody_cannot_be_linked() {
    let nobody =
        |day| Digest { who: Arc::default(), ..pressing(say("x", day, "x"), 0.9, &[Takeover, Guilt], &[]) };
    let mut context = Context::new(Settings::default());
    for day in 0..5 {
        context.observe(nobody(day), &mut Kept::default());
    }
    assert_eq!((context.anonymous(), context.size()[4]), (5, 0));
}

#[test]
fn namesakes_at_one_domain_are_merged_and_told() {
    let from = |address: &str, day| Digest {
        who: Arc::new(Who { name: "Ada Löv".into(), address: address.into() }),
        ..say("Ada Löv", day, "x")
    };
    let kept =
        told(vec![from("ada@tarn.example", 120), from("al@tarn.example", 121), from("a@mail.example", 122)]);
    assert_eq!(kept.merges, 1);
}

#[test]
fn an_insight_tells_what_was_known_before() {
    let mut context = Context::new(Settings::default());
    let mut kept = Kept::default();
    for digest in history() {
        context.observe(digest, &mut kept);
    }
    let mut see = |digest| context.observe(digest, &mut Kept::default());
    let first = see(pressing(say("Cy Fenn", 120, "x"), 0.8, &[Persistence], &[]));
    assert_eq!((first.author.unwrap().messages, first.asked_before, first.answered), (0, 0, false));
    assert!(first.author.unwrap().is_newcomer());
    assert!(see(saying(say("Mo Tarn", 121, "x"), Saying::Refusal, &[])).author.unwrap().controls);
    let second = see(pressing(say("Cy Fenn", 125, "x"), 0.8, &[Persistence], &[]));
    assert_eq!((second.asked_before, second.answered, second.refused), (1, true, true));
    assert!(second.campaign.is_some());
}

/// A message with a patch to these files.
fn patch(name: &str, day: i64, files: &[(FileKind, &str)]) -> Digest {
    let files = files.iter().map(|(kind, path)| Touched { kind: *kind, path: (*path).into() }).collect();
    Digest { files, is_answer: false, work: Work::Patch, ..say(name, day, "patch") }
}

#[test]
fn files_of_who_presses_and_of_who_is_pressed_for_are_signals_of_the_campaign() {
    let files = [(FileKind::BinaryTest, "tests/pike.xz"), (FileKind::Build, "m4/tarn.m4")];
    let mut messages = campaign();
    messages[0] = patch("Oda Brink", 110, &files);
    // Neither a bystander's files nor those of somebody who is no newcomer say anything of the campaign.
    messages.insert(0, patch("Ed Lane", 109, &[(FileKind::Opaque, "lib/x.jar")]));
    messages.insert(0, patch("P1 Lake", 108, &[(FileKind::Build, "configure.ac")]));
    let all = found(messages);
    let told: Vec<_> = all[0].signals.iter().filter(|it| !it.evidence[0].paths.is_empty()).collect();
    assert_eq!(
        told.iter().map(|it| it.kind.name()).collect::<Vec<_>>(),
        ["binary-test-files", "build-files"]
    );
    assert!(told[0].sentence.starts_with("Oda Brink, a newcomer"), "{}", told[0].sentence);
    assert_eq!(
        (&*told[1].evidence[0].message, &*told[1].evidence[0].paths[0]),
        ("Oda Brink-110-patch", "m4/tarn.m4")
    );
}

#[test]
fn an_authors_changes_are_kept_in_small_number() {
    let mut context = Context::new(Settings::default());
    history().into_iter().for_each(|digest| drop(context.observe(digest, &mut Kept::default())));
    let mut signals = 0;
    for i in 0..30 {
        let digest = Digest { work: Work::None, ..patch("Oda Brink", 120, &[(FileKind::Build, "m4/a.m4")]) };
        let id = format!("{i}").into();
        signals += context.observe(Digest { id, ..digest }, &mut Kept::default()).signals.len();
    }
    assert_eq!(signals, 12, "then they are no newcomer");
    let mut kept = Kept::default();
    context.finish(&mut kept);
    let all: Vec<_> = kept.authors.iter().filter(|author| !author.signals.is_empty()).collect();
    assert_eq!((all.len(), all[0].signals[0].evidence.len()), (1, 8));
}

#[test]
fn a_million_replies_to_one_mail_are_one_record() {
    // From ever new people, a tenth of whom press.
    let mut context = Context::new(Settings::default());
    let mut kept = Kept::default();
    for i in 0..1_000_000_i64 {
        let who = Arc::new(Who { name: String::new(), address: format!("{i}@tarn.example") });
        let base = Digest { id: format!("m{i}").into(), at: Some(i), who, is_answer: true, ..digest() };
        let digest = if i % 10 == 0 { pressing(base, 0.6, &[Persistence], &[]) } else { base };
        context.observe(digest, &mut kept);
        kept.campaigns.clear();
    }
    let [projects, authors, threads, _, candidates] = context.size();
    assert!(
        (projects, threads) == (1, 1) && authors <= 150_000 && candidates <= 48,
        "{authors} {candidates}"
    );
    context.finish(&mut kept);
    assert_eq!(kept.threads, 1);
    assert!(kept.campaigns.iter().all(|campaign| campaign.messages.len() <= 64));
}

#[test]
fn state_is_bounded_whatever_comes() {
    // Every message has an author, a thread and a project of its own, or presses in a crowd.
    let mut context = Context::new(Settings::default());
    let mut kept = Kept::default();
    let mut most = [0; 5];
    for i in 0..400_000_i64 {
        let name = format!("P{i} L{i}");
        let base = Digest {
            project: format!("p{}", i % 30_000).into(),
            thread: format!("t{i}").into(),
            id: format!("m{i}").into(),
            at: Some(i * 60),
            who: Arc::new(Who { name, address: String::new() }),
            ..digest()
        };
        let digest = if i % 10 == 0 { pressing(base, 0.6, &[Persistence], &[]) } else { base };
        context.observe(digest, &mut kept);
        kept.campaigns.clear();
        most.iter_mut().zip(context.size()).for_each(|(most, size)| *most = size.max(*most));
    }
    assert!(most[0] <= 20_000 && most[1] <= 150_000 && most[2] <= 100_000 && most[3] <= 200_000, "{most:?}");
    assert!(most[4] <= 12_000, "{most:?}");
    assert!(kept.threads >= 300_000 && kept.authors.len() >= 250_000);
}
