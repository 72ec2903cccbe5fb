#![allow(clippy::unwrap_used)]

use super::*;
use crate::own_words;

const BODY: &str = "> quoted\nÄh, shame on you. Hand over the keys.";

/// Four rows: pressing, ordinary, without its text, and the most uncertain.
fn session() -> Session {
    let mut rows: Vec<_> =
        ["a", "b", "c", "d"].map(|id| LabelRow { id: id.into(), ..LabelRow::default() }).into();
    rows[0].judgement.level = Level::Pressure;
    rows[0].add_label(Label::Guilt);
    rows[0].add_mark(Mark { label: Label::Guilt, range: 13..26 });
    let text = |at: usize, margin: f64| {
        let message = Message { id: rows[at].id.clone(), body: BODY.into(), ..Message::default() };
        Some(Text { own: own_words(BODY), proposal: rows[at].clone(), margin, thread: 0, message })
    };
    let texts = vec![text(0, 2.0), text(1, 3.0), None, text(3, 1.0)];
    Session::new("Ada".into(), rows.clone(), texts, vec![Vec::new()])
}

fn press(session: &mut Session, keys: &str) -> Vec<Effect> {
    let key = |c| match c {
        '\n' => Key::Enter,
        '>' => Key::Right,
        '^' => Key::Up,
        'v' => Key::Down,
        '.' => Key::Escape,
        c => Key::Char(c),
    };
    keys.chars().map(|c| session.press(key(c), Timestamp::UNIX_EPOCH)).collect()
}

fn evidence(session: &Session) -> Vec<String> {
    session.marks().iter().map(|(mark, bytes)| format!("{} {}", mark.label, &BODY[bytes.clone()])).collect()
}

#[test]
fn accepting_goes_on_and_names_the_reviewer() {
    let mut session = session();
    assert_eq!(press(&mut session, "a"), [Effect::Save]);
    assert_eq!(session.rows()[0].reviewed.as_ref().unwrap().to_string(), "1970-01-01T00:00:00Z Ada");
    assert_eq!(session.current(), 1);
    press(&mut session, "a");
    assert_eq!(session.current(), 3, "a row without its text cannot be judged");
    press(&mut session, "a");
    assert_eq!((session.mode(), session.reviewed(), session.missing()), (&Mode::Finished, 3, 1));
    assert_eq!((session.agreement().messages(), session.agreement().equal()), (3, 3));
    assert_eq!(press(&mut session, "q"), [Effect::Quit]);
}

#[test]
fn labels_and_levels_change_and_come_back() {
    let fresh = session();
    let mut session = fresh.clone();
    assert_eq!(press(&mut session, "t3g"), [Effect::Save; 3]);
    let row = session.row().unwrap();
    assert_eq!((row.judgement.to_string().as_str(), row.evidence.len()), ("level 3 [takeover]", 0));
    press(&mut session, "g");
    assert_eq!(evidence(&session), ["guilt shame on you."], "with the words that the model found");
    press(&mut session, "zzzz");
    assert_eq!(session, fresh);
    assert_eq!(press(&mut session, "z"), [Effect::None]);
    assert_eq!(session.notice(), "nothing to undo");
}

#[test]
fn what_learning_would_refuse_is_not_accepted() {
    let mut session = session();
    assert_eq!(press(&mut session, "0a"), [Effect::Save, Effect::None]);
    assert_eq!(session.notice(), "not accepted: level 0 has no labels");
    assert_eq!((session.current(), session.reviewed()), (0, 0));
    press(&mut session, "ga");
    assert_eq!((session.current(), session.reviewed()), (1, 1));
}

#[test]
fn a_change_takes_the_review_away_and_undo_gives_it_back() {
    let mut session = session();
    press(&mut session, "a^3");
    assert_eq!((session.current(), session.reviewed()), (0, 0));
    press(&mut session, "z");
    assert_eq!(session.reviewed(), 1);
    press(&mut session, "z");
    assert_eq!(session.reviewed(), 0);
}

#[test]
fn evidence_is_marked_word_by_word() {
    let mut session = session();
    press(&mut session, "vm");
    assert_eq!(session.current(), 1);
    // "Hand over the keys." is the fifth word and three more.
    assert_eq!(press(&mut session, ">>>> >>>t").last(), Some(&Effect::Save));
    assert_eq!(evidence(&session), ["takeover Hand over the keys."]);
    assert_eq!(session.row().unwrap().evidence[0].to_string(), "takeover:27-46");
    press(&mut session, "x");
    assert!(evidence(&session).is_empty());
    press(&mut session, "z");
    assert_eq!((session.mode(), evidence(&session).len()), (&Mode::Judging, 1));
    press(&mut session, "m.");
    assert_eq!(session.mode(), &Mode::Judging);
}

#[test]
fn the_most_uncertain_comes_first_where_wanted() {
    let mut session = session();
    press(&mut session, "n");
    assert_eq!((session.current(), session.is_by_uncertainty()), (3, true));
    press(&mut session, "a");
    assert_eq!(session.current(), 0, "then the next most uncertain");
    press(&mut session, "o");
    assert_eq!((session.current(), session.is_by_uncertainty()), (1, false));
}

#[test]
fn what_was_skipped_can_be_taken_up_again() {
    let mut session = session();
    assert_eq!(press(&mut session, "sss"), [Effect::None; 3]);
    assert_eq!((session.mode(), session.skipped()), (&Mode::Finished, 3));
    press(&mut session, "r");
    assert_eq!((session.mode(), session.skipped()), (&Mode::Judging, 0));
}

#[test]
fn a_review_resumes_where_it_was_left() {
    let mut session = session();
    press(&mut session, "a");
    let texts = session.texts.clone();
    let resumed = Session::new("Bo".into(), session.rows.clone(), texts, vec![Vec::new()]);
    assert_eq!((resumed.current(), resumed.reviewed()), (1, 1));
    let nothing = Session::new("Bo".into(), Vec::new(), Vec::new(), Vec::new());
    assert_eq!(nothing.mode(), &Mode::Finished);
}

proptest::proptest! {
    #[test]
    fn no_keys_break_anything(keys in "[atbpufgelmsnozxqrv0123 \n>^.]{0,60}") {
        let mut session = session();
        press(&mut session, &keys);
        for row in session.rows() {
            proptest::prop_assert!(row.evidence.iter().all(|mark| row.judgement.labels.contains(&mark.label)));
            proptest::prop_assert!(row.judgement.labels.is_sorted());
            let contradiction = crate::labels::contradiction(row.judgement.level, &row.judgement.labels);
            proptest::prop_assert!(row.reviewed.is_none() || contradiction.is_none());
        }
    }

    #[test]
    fn undoing_everything_gives_the_first_rows(keys in "[atbpufgelmsnox0123 \n>^.]{0,60}") {
        let mut session = session();
        let first = session.rows().to_vec();
        let saves = press(&mut session, &keys).into_iter().filter(|it| *it == Effect::Save).count();
        press(&mut session, ".");
        press(&mut session, &"z".repeat(saves));
        proptest::prop_assert_eq!(session.rows(), first);
    }
}
