#![allow(clippy::unwrap_used)]

use jiff::Timestamp;
use ratatui::{Terminal, backend::TestBackend};
use undue::{
    Message,
    labels::Mark,
    own_words,
    review::{Effect, Entry, Key},
};

use super::*;
use crate::cli::review::work;

const BODY: &str = "> quoted\x1b[2J words\nShame on you,\u{202e} hand over the keys.\n";

fn session() -> Session {
    let mut row = LabelRow { source: "tarn".into(), id: "a".into(), ..LabelRow::default() };
    row.judgement.level = Level::Pressure;
    row.add_label(Label::Guilt);
    row.add_mark(Mark { label: Label::Guilt, range: 19..32 });
    let message = Message {
        id: "a".into(),
        subject: "Re: \x1b]0;title\x07".into(),
        body: BODY.into(),
        list: Some("tarn".into()),
        ..Message::default()
    };
    let text = Text { own: own_words(BODY), proposal: row.clone(), margin: 1.0, thread: 0, message };
    let entry = |id: &str, title: &str| Entry { id: id.into(), title: title.into() };
    let thread = vec![entry("z", "2024-01-04 Bo"), entry("a", "2024-01-05 Cy")];
    let other = LabelRow { id: "b".into(), ..LabelRow::default() };
    Session::new("Ada".into(), vec![row, other], vec![Some(text), None], vec![thread])
}

fn screen(width: u16, session: &Session, color: bool) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(width, 24)).unwrap();
    terminal.draw(|frame| draw(frame, session, Look { color })).unwrap();
    terminal
}

fn shown(width: u16, session: &Session) -> String {
    let terminal = screen(width, session, true);
    let buffer = terminal.backend().buffer();
    let width = usize::from(width);
    buffer
        .content
        .chunks(width)
        .map(|line| line.iter().map(|cell| cell.symbol()).collect::<String>() + "\n")
        .collect()
}

#[test]
fn the_screen_shows_thread_message_and_judgement() {
    let text = shown(120, &session());
    for wanted in [
        " 0 of 2 reviewed  ·  row 1  ·  in order  ·  1 not in the archive",
        "   2024-01-04 Bo",
        "·2 2024-01-05 Cy",
        "[g] guilt*",
        "[2] pressure*",
        "not reviewed   the model: level 2 [guilt]",
        "guilt: “Shame on you,”",
        "a: accept",
    ] {
        assert!(text.contains(wanted), "{wanted:?} in\n{text}");
    }
}

#[test]
fn hostile_text_is_escaped() {
    let text = shown(120, &session());
    assert!(text.contains("quoted\\u{1b}[2J words") && text.contains("\\u{202e}"), "{text}");
    assert!(text.contains("Re: \\u{1b}]0;title\\u{7}"), "{text}");
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
}

#[test]
fn evidence_is_highlighted_with_and_without_colors() {
    for (color, modifier) in [(true, Modifier::BOLD), (false, Modifier::UNDERLINED)] {
        let terminal = screen(80, &session(), color);
        let buffer = terminal.backend().buffer();
        let cells = buffer.content.iter().enumerate().filter(|(_, cell)| cell.modifier.contains(modifier));
        // Below the head, above the panel; the subject is bold too.
        let body = cells.filter(|(at, _)| (5 * 80..17 * 80).contains(at));
        let text: String = body.map(|(_, cell)| cell.symbol()).collect();
        assert_eq!(text, "Shame on you,");
    }
}

#[test]
fn any_size_can_be_drawn() {
    let mut session = session();
    session.press(Key::Char('m'), Timestamp::UNIX_EPOCH);
    for width in [1, 8, 30, 89, 90, 200] {
        for height in [1, 4, 9, 50] {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            terminal.draw(|frame| draw(frame, &session, Look { color: true })).unwrap();
        }
    }
}

#[test]
fn a_selection_is_shown_and_the_end_tells_the_agreement() {
    let mut session = session();
    let mut press = |key| session.press(key, Timestamp::UNIX_EPOCH);
    press(Key::Char('m'));
    press(Key::Right);
    let reversed = |session: &Session| {
        let terminal = screen(80, session, true);
        let body = &terminal.backend().buffer().content[80..17 * 80];
        let cells = body.iter().filter(|cell| cell.modifier.contains(Modifier::REVERSED));
        cells.map(|cell| cell.symbol()).collect::<String>()
    };
    assert_eq!(reversed(&session), "on");
    session.press(Key::Escape, Timestamp::UNIX_EPOCH);
    assert_eq!(session.press(Key::Enter, Timestamp::UNIX_EPOCH), Effect::Save);
    let text = shown(100, &session);
    assert!(
        text.contains("1 messages judged by both, 1 alike") && text.contains("Nothing is open."),
        "{text}"
    );
}

#[test]
fn every_change_is_saved_at_once_and_a_failure_is_told() {
    let mut keys = "gxga2qq".chars().map(Key::Char);
    let mut saved = Vec::new();
    let mut session = session();
    let mut screen = Terminal::new(TestBackend::new(100, 24)).unwrap();
    let look = Look { color: false };
    let result = work(
        &mut screen,
        &mut session,
        look,
        || Ok(keys.next()),
        |rows| {
            saved.push(rows[0].clone());
            anyhow::ensure!(saved.len() != 3, "disk full");
            Ok(())
        },
    );
    // g, g, and a change the row; what a could not save is saved on leaving.
    result.unwrap();
    assert_eq!(saved.len(), 4);
    assert!(saved[0].judgement.labels.is_empty() && saved[3].reviewed.is_some());
}
