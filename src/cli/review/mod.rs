//! `undue review`: a terminal screen in which a person accepts or corrects what a model proposed.

use std::{
    env,
    io::{self, IsTerminal, Write},
    path::PathBuf,
};

use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use ratatui::{
    Terminal,
    backend::Backend,
    crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers},
};
use undue::{
    labels::{LabelRow, name_of},
    review::{Effect, Key, Session},
};

use super::{
    ExitStatus,
    input::{ModelArgs, SourceArgs},
    notices, terminal,
};

mod draw;
mod load;
mod page;
mod store;

use draw::Look;
pub(super) use store::Store;

const EXAMPLES: &str = "\
EXAMPLES:
  undue review labels.csv --source list.mbox
  undue review labels.jsonl --reviewer ada --source archives/ issues.json

Every key that changes something saves the file. Leave with q and run it again to go on.";

/// Arguments of `undue review`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The label file, as "undue label" writes it; reviews are written into it
    #[arg(value_name = "LABELS")]
    labels: PathBuf,

    #[command(flatten)]
    source: SourceArgs,

    /// Who reviews [default: the name of the account]
    #[arg(long, value_name = "NAME")]
    reviewer: Option<String>,

    #[command(flatten)]
    model: ModelArgs,
}

/// Runs `undue review`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    let reviewer = reviewer(args.reviewer.as_deref())?;
    let model = args.model.load()?;
    let (mut store, rows) = Store::open(&args.labels)?;
    ensure!(!rows.is_empty(), "{} has no rows", args.labels.display());
    let loaded = load::load(args.source.open()?, &model, &rows);
    let missing = loaded.texts.iter().filter(|text| text.is_none()).count();
    ensure!(missing < rows.len(), "none of the {} messages is in the archives", rows.len());
    if missing > 0 {
        notices::say(&format!("{missing} messages are not in the archives; their rows stay as they are"));
    }
    tell_other_models(&rows, &name_of(&model));
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        bail!("a review needs a terminal");
    }
    let mut session = Session::new(reviewer, rows, loaded.texts, loaded.threads);
    let mut screen = ratatui::try_init().context("the terminal")?;
    let look = Look { color: terminal::style(false).color };
    let result = work(&mut screen, &mut session, look, next_key, |rows| store.save(rows));
    ratatui::try_restore().context("the terminal")?;
    result?;
    report(&session)?;
    Ok(if loaded.summary.unreadable > 0 { ExitStatus::Failed } else { ExitStatus::Complete })
}

fn reviewer(given: Option<&str>) -> Result<String> {
    let account = || env::var("USER").or_else(|_| env::var("USERNAME")).ok();
    let name = given.map(str::to_owned).or_else(account).unwrap_or_default();
    ensure!(!name.trim().is_empty(), "who reviews? name somebody with --reviewer");
    Ok(name.trim().to_owned())
}

/// Agreement is measured against the model at hand, whoever made the proposals.
fn tell_other_models(rows: &[LabelRow], name: &str) {
    let others = rows.iter().filter(|row| row.proposed_by != name).count();
    if others > 0 {
        notices::say(&format!("{others} rows were not proposed by {name}, which agreement is measured with"));
    }
}

/// Draws, takes a key, does what it says, until the reviewer leaves. What could not be saved is told on the screen and
/// tried again with the next key that changes something, and on leaving; who then leaves again knows it.
fn work<B: Backend>(
    screen: &mut Terminal<B>,
    session: &mut Session,
    look: Look,
    mut next_key: impl FnMut() -> io::Result<Option<Key>>,
    mut save: impl FnMut(&[LabelRow]) -> Result<()>,
) -> Result<()>
where
    B::Error: Send + Sync + 'static,
{
    let (mut is_unsaved, mut leaves) = (false, 0);
    loop {
        screen.draw(|frame| draw::draw(frame, session, look))?;
        let Some(key) = next_key()? else { continue };
        let effect = session.press(key, Timestamp::now());
        let is_leaving = effect == Effect::Quit;
        if effect == Effect::Save || (is_leaving && is_unsaved) {
            let saved = save(session.rows());
            is_unsaved = saved.is_err();
            leaves += i32::from(is_leaving);
            match saved {
                Err(err) if leaves > 1 => return Err(err.context("the last changes are lost")),
                Err(err) => session.set_notice(format!("NOT SAVED (leaving again loses it): {err:#}")),
                Ok(()) => {}
            }
        }
        if is_leaving && !is_unsaved {
            return Ok(());
        }
    }
}

/// The next key; none for a change of size or a key that means nothing here.
fn next_key() -> io::Result<Option<Key>> {
    Ok(match event::read()? {
        Event::Key(key) if key.kind != KeyEventKind::Release => key_of(key),
        _ => None,
    })
}

fn key_of(KeyEvent { code, modifiers, .. }: KeyEvent) -> Option<Key> {
    let is_plain = (modifiers - KeyModifiers::SHIFT).is_empty();
    Some(match code {
        // Everything is saved, so that an interrupt need not ask.
        KeyCode::Char('c') if modifiers == KeyModifiers::CONTROL => Key::Interrupt,
        KeyCode::Char(c) if is_plain => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Escape,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        _ => return None,
    })
}

/// Says how far it came and how well the model did.
fn report(session: &Session) -> Result<()> {
    let mut out = io::stdout();
    writeln!(out, "{} of {} rows reviewed", session.reviewed(), session.rows().len())?;
    if session.agreement().messages() > 0 {
        write!(out, "model (first) and reviewed rows (second):\n{}", session.agreement())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
