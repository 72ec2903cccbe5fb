#![allow(clippy::unwrap_used)]

use super::*;
use crate::report::test_data::scored;

const WHOLE: &str = r#"
[thresholds]
pressure = 0.25
guilt = 1

[ignore]
authors = ["Release-Bot", "ci@tarn.example"]
paths = ["old/*.mbox"]
threads = ["tarn/tarn#12"]
labels = ["flattery"]

[[dispute]]
message = "2@tarn.example"
reason = "Both say that it was a joke."
"#;

fn ruling(text: &str, change: impl FnOnce(&mut Scored)) -> (Ruling, Scored) {
    let mut scored = scored();
    change(&mut scored);
    let ruling = Config::parse(text).unwrap().rule(&mut scored);
    (ruling, scored)
}

#[test]
fn a_whole_file_is_understood() {
    let config = Config::parse(WHOLE).unwrap();
    assert_eq!(config.counts(), (2, 5));
    assert_eq!(config.disputes()[0].about, About::Message("2@tarn.example".into()));
    let mut model = Model::embedded().unwrap();
    config.adjust(&mut model);
    assert_eq!(model.facts(Output::PRESSURE).threshold, 0.25);
    assert_eq!(model.facts(Output::Label(Label::Guilt)).threshold, 1.0);
    assert!(model.facts(Output::PRESSURE).false_alarm_rate.is_nan());
    assert!(!model.facts(Output::REQUEST).false_alarm_rate.is_nan());
    assert_eq!(Config::parse("").unwrap().counts(), (0, 0));
}

#[test]
fn rules_leave_out_what_they_name_and_nothing_else() {
    assert_eq!(ruling(WHOLE, |_| ()).0, Ruling::Dispute);
    let other = |scored: &mut Scored| scored.message.id = "other".into();
    assert_eq!(ruling(WHOLE, other).0, Ruling::Report);
    let ignored = |change: fn(&mut Message)| {
        ruling(WHOLE, |scored| {
            scored.message.id = "other".into();
            change(&mut scored.message);
        })
        .0
    };
    assert_eq!(ignored(|it| it.author.name = "release-BOT".into()), Ruling::Ignore);
    assert_eq!(ignored(|it| it.author.address = "CI@tarn.example".into()), Ruling::Ignore);
    assert_eq!(ignored(|it| it.author.name = "release-bot 2".into()), Ruling::Report);
    assert_eq!(ignored(|it| it.thread = Some("tarn/tarn#12".into())), Ruling::Ignore);
    assert_eq!(ignored(|it| it.thread = Some("tarn/tarn#1".into())), Ruling::Report);
    for (path, wanted) in [
        ("old/a.mbox", Ruling::Ignore),
        ("/home/ada/old/a.mbox", Ruling::Ignore),
        ("old/deeper/a.mbox", Ruling::Report),
        ("very-old/a.mbox", Ruling::Report),
    ] {
        let (ruling, _) = ruling(WHOLE, |scored| {
            scored.message.id = "other".into();
            scored.message.position.path = Path::new(path).into();
        });
        assert_eq!(ruling, wanted, "{path}");
    }
}

#[test]
fn an_ignored_label_is_taken_away() {
    let (result, scored) = ruling("[ignore]\nlabels = [\"guilt\"]", |_| ());
    assert_eq!((result, scored.score.labels.as_slice()), (Ruling::Report, &[Label::Takeover][..]));
    assert_eq!(scored.score.evidence.len(), 1);
    assert_eq!(ruling("[ignore]\nlabels = [\"guilt\", \"takeover\"]", |_| ()).0, Ruling::Ignore);
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_was_expected() {
    for (text, wanted) in [
        (
            "[thresholds]\npressure = 1.5",
            "line 2: thresholds.pressure is 1.5; expected a probability above 0, at most 1",
        ),
        ("[thresholds]\n\npresure = 0.5", "line 3: thresholds.presure: unknown; expected one of takeover, "),
        ("[thresholds]\nguilt = \"much\"", "line 2: "),
        ("[ignore]\nauthors = [\n  \"a\",\n  \" \",\n]", "line 4: ignore.authors: an empty text"),
        (
            "[ignore]\nlabels = [\"rudeness\"]",
            "line 2: ignore.labels: \"rudeness\" is unknown; expected one of ",
        ),
        ("[ignore]\npaths = [\"a[\"]", "line 2: ignore.paths: \"a[\" is no pattern"),
        ("[ignore]\nauthor = []", "line 2: unknown field `author`, expected one of `authors`, "),
        (
            "\n\n[[dispute]]\nmessage = \"a\"\nthread = \"b\"\nreason = \"c\"",
            "line 3: dispute has 2 of message, author and thread",
        ),
        ("[[dispute]]\nmessage = \"a\"", "line 1: missing field `reason`"),
        ("[[dispute]]\nmessage = \"a\"\nreason = \" \"", "line 1: dispute with an empty text"),
        ("[ignore\n", "line 1: "),
    ] {
        let err = Config::parse(text).unwrap_err().to_string();
        assert!(err.starts_with(wanted), "{text}\n{err}\nwanted: {wanted}");
    }
}
