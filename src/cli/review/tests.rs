#![allow(clippy::unwrap_used)]

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use ratatui::backend::TestBackend;
use undue::{Message, own_words, review::Text};

use super::*;

/// Tells the test's own program that it is the one to be killed.
const FILE: &str = "UNDUE_TEST_REVIEW_FILE";
const ROWS: usize = 40;

#[test]
fn keys_of_the_terminal() {
    let key = |code, modifiers| key_of(KeyEvent::new(code, modifiers));
    assert_eq!(key(KeyCode::Char('a'), KeyModifiers::NONE), Some(Key::Char('a')));
    assert_eq!(key(KeyCode::Char('a'), KeyModifiers::CONTROL), None);
    assert_eq!(key(KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Key::Interrupt));
    assert_eq!(key(KeyCode::F(1), KeyModifiers::NONE), None);
}

#[test]
fn a_kill_between_keys_leaves_the_file_whole() {
    if let Some(path) = env::var_os(FILE) {
        return press_for_ever(Path::new(&path));
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("labels.csv");
    let rows: String = (0..ROWS).map(|n| format!("list,{n},,0,,model,,{}\n", "note ".repeat(50))).collect();
    fs::write(&path, format!("source,id,labels,level,evidence,proposed_by,reviewed,note\n{rows}")).unwrap();
    let mut killed_at = Vec::new();
    for round in 0..6 {
        let before = fs::read(&path).unwrap();
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "cli::review::tests::a_kill_between_keys_leaves_the_file_whole"])
            .env(FILE, &path)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while fs::read(&path).unwrap() == before {
            assert!(start.elapsed() < Duration::from_secs(60), "no key was saved");
            sleep(Duration::from_millis(1));
        }
        sleep(Duration::from_micros(1_700 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let (_, rows) = Store::open(&path).unwrap();
        assert_eq!(rows.len(), ROWS);
        assert!(rows.iter().all(|row| row.note.len() == "note ".len() * 50));
        killed_at.push(rows.iter().filter(|row| row.reviewed.is_some()).count());
    }
    assert!(killed_at.is_sorted(), "what was saved stays saved: {killed_at:?}");
}

/// Reviews until it is killed: toggles labels, and accepts a row now and then.
fn press_for_ever(path: &Path) {
    let (mut store, rows) = Store::open(path).unwrap();
    let message = Message { body: "Shame on you.".into(), ..Message::default() };
    let text =
        Text { own: own_words(&message.body), proposal: rows[0].clone(), margin: 1.0, thread: 0, message };
    let texts = vec![Some(text); rows.len()];
    let mut session = Session::new("Ada".into(), rows, texts, vec![Vec::new()]);
    let mut screen = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let mut keys = "2gmt.tg0gttg".chars().cycle();
    let mut pressed = 0_u64;
    let next = || {
        pressed += 1;
        let key = if pressed == 39 { 'a' } else { keys.next().unwrap() };
        Ok(Some(if key == '.' { Key::Escape } else { Key::Char(key) }))
    };
    work(&mut screen, &mut session, Look { color: false }, next, |rows| store.save(rows)).unwrap();
}
