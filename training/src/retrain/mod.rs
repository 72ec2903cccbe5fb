//! Retraining on incidents, and the verbs of the local store.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use undue::model::Model;

use crate::store::{self, Action, Learned, NewVersion, Store};

pub mod args;
pub mod gate;
pub mod refit;
mod rehearsal;
pub mod rows;
pub mod texts;
pub mod validate;

pub use args::Command;
use args::{FileArgs, FitArgs, ForgetArgs, HistoryArgs, RetrainArgs, RollbackArgs, StoreArgs};
use refit::Refit;
use rehearsal::Frozen;
use rows::RowError;

/// Exit status where the result was not good enough to be promoted.
const REFUSED: u8 = 1;

/// Does what a command says: progress goes to standard error, results to standard output.
///
/// # Errors
/// If it cannot be done.
pub fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Retrain(args) => retrain(args),
        Command::Forget(args) => forget(args),
        Command::History(args) => history(args),
        Command::Rollback(args) => rollback(args),
        Command::Backup(args) => backup(args),
        Command::Restore(args) => restore(args),
    }
}

fn say(text: &str) {
    eprintln!("{text}");
}

fn print(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(io::stdout(), "{text}")?)
}

fn open(args: &StoreArgs) -> anyhow::Result<Store> {
    let waiting = || say("another process is at work on the store; waiting for it");
    Store::open(&dir(args)?, &Model::embedded()?, waiting)
}

fn dir(args: &StoreArgs) -> anyhow::Result<PathBuf> {
    args.store.clone().map_or_else(store::default_dir, Ok)
}

fn limit_threads(args: &FitArgs) -> anyhow::Result<()> {
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    Ok(())
}

fn retrain(args: &RetrainArgs) -> anyhow::Result<ExitCode> {
    limit_threads(&args.fit)?;
    let incoming = match read_incidents(args)? {
        Ok(messages) => messages,
        Err(errors) => {
            errors.iter().for_each(|error| say(&error.to_string()));
            anyhow::bail!("{} rows are wrong; nothing was learned", errors.len());
        }
    };
    let mut store = open(&args.store)?;
    let active = store.active_version()?.context("the store is empty")?;
    let base = base_model(args, &store, &active.base)?;
    let known = store.messages()?;
    let changes = Changes::between(&known, incoming);
    changes.notes.iter().for_each(|note| say(note));
    if changes.is_empty() && base.hash() == active.base {
        print(&format!("nothing new: all {} messages were learned before", changes.repeated))?;
        return Ok(ExitCode::SUCCESS);
    }
    let frozen = Frozen::load(&args.fit, &say)?;
    say(&format!("refitting on {} messages of incidents", changes.all.len()));
    let old = store.artifact(&active.hash)?;
    let new = refit::refit(&base, &changes.all, &frozen.rehearsal, &Refit::default())?;
    let figures = gate::evaluate(&old, &new, &frozen, &changes.earlier);
    figures.iter().try_for_each(|figure| print(&figure.to_string()))?;
    let worse = figures.iter().filter(|figure| figure.is_worse()).count();
    if worse > 0 && !args.force {
        print(&format!("not promoted: {worse} figures got worse; the model {} stays active", active.hash))?;
        return Ok(ExitCode::from(REFUSED));
    }
    store.keep_base(&base)?;
    let record = NewVersion {
        action: Action::Retrain,
        base: base.hash().into(),
        parent: Some(active.number),
        why: changes.why(args, base.hash() != active.base),
        gate: serde_json::to_string(&figures)?,
        forced: args.reason.clone().filter(|_| worse > 0),
    };
    let number = store.commit(&new, &record, &changes.all, |_| Ok(()))?;
    promoted(&store, number, &new)
}

fn promoted(store: &Store, number: i64, model: &Model) -> anyhow::Result<ExitCode> {
    print(&format!("version {number} is active: {}\n{}", model.hash(), store.active_path().display()))?;
    Ok(ExitCode::SUCCESS)
}

fn base_model(args: &RetrainArgs, store: &Store, recorded: &str) -> anyhow::Result<Model> {
    let shipped = Model::embedded()?;
    match &args.base {
        Some(name) if name == Path::new("shipped") => Ok(shipped),
        Some(path) => {
            let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
            Model::from_bytes(&bytes).with_context(|| path.display().to_string())
        }
        None => {
            if shipped.hash() != recorded {
                say("this store was not begun from the shipped model; `--base shipped` refits from that one");
            }
            store.artifact(recorded)
        }
    }
}

type Read = Result<Vec<Learned>, Vec<RowError>>;

/// Reads and judges all rows of all files, before anything else is done.
fn read_incidents(args: &RetrainArgs) -> anyhow::Result<Read> {
    let (mut all, mut errors) = (Vec::new(), Vec::new());
    for path in &args.incidents {
        match rows::read(path) {
            Ok(rows) => all.extend(rows),
            Err(found) => errors.extend(found),
        }
    }
    if !args.unreviewed {
        texts::only_reviewed(&mut all, &say);
    }
    if !args.incidents.is_empty() && all.is_empty() && errors.is_empty() {
        anyhow::bail!("no row was reviewed; nothing was learned");
    }
    let texts = texts::find(&all, args.fit.corpora.as_deref(), &args.archive, &say)?;
    texts::only_telling(&mut all, &texts, &say);
    match validate::validate(&all, &texts, args.name.as_deref()) {
        Ok(messages) if errors.is_empty() => return Ok(Ok(messages)),
        Ok(_) => {}
        Err(found) => errors.extend(found),
    }
    Ok(Err(errors))
}

/// What new rows change of what is known.
#[derive(Debug, Default)]
struct Changes {
    /// Everything that is to be learned, by id.
    all: Vec<Learned>,
    /// What was known before and still holds, as corrected.
    earlier: Vec<Learned>,
    added: usize,
    corrected: usize,
    repeated: usize,
    notes: Vec<String>,
}

impl Changes {
    fn between(known: &[Learned], incoming: Vec<Learned>) -> Self {
        let mut changes = Self { all: known.to_vec(), ..Self::default() };
        for message in incoming {
            let id = &message.content.id;
            match changes.all.iter().position(|other| other.content.id == *id) {
                None => {
                    changes.added += 1;
                    changes.all.push(message);
                }
                Some(at) if changes.all[at].content == message.content => changes.repeated += 1,
                Some(at) => {
                    changes.corrected += 1;
                    changes.notes.push(correction(&changes.all[at], &message));
                    changes.all[at] = Learned { incident: changes.all[at].incident.clone(), ..message };
                }
            }
        }
        changes.earlier = changes.all[..known.len()].to_vec();
        changes.all.sort_by(|a, b| a.content.id.cmp(&b.content.id));
        changes
    }

    fn is_empty(&self) -> bool {
        self.added + self.corrected == 0
    }

    fn why(&self, args: &RetrainArgs, rebased: bool) -> String {
        let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let files: Vec<String> = args.incidents.iter().map(name).collect();
        let base = if rebased { "; on another base" } else { "" };
        format!("{} added, {} corrected, from {}{base}", self.added, self.corrected, files.join(", "))
    }
}

fn correction(old: &Learned, new: &Learned) -> String {
    let judgement = |message: &Learned| {
        let names: Vec<&str> = message.content.labels.iter().map(|label| label.name()).collect();
        format!("level {} [{}]", message.content.level, names.join(" "))
    };
    format!("correction of {}: {} becomes {}", old.content.id, judgement(old), judgement(new))
}

fn forget(args: &ForgetArgs) -> anyhow::Result<ExitCode> {
    limit_threads(&args.fit)?;
    let mut store = open(&args.store)?;
    for id in &args.ids {
        anyhow::ensure!(store.knows(id)?, "no message {id:?} in the store; nothing was forgotten");
    }
    let active = store.active_version()?.context("the store is empty")?;
    let base = store.artifact(&active.base)?;
    let mut rest = store.messages()?;
    rest.retain(|message| !args.ids.contains(&message.content.id));
    // No gate: whoever must forget a message cannot be told that the model would rather keep it.
    let new = refit_rest(&args.fit, &store.artifact(&active.hash)?, &base, &rest)?;
    let record = NewVersion {
        action: Action::Forget,
        base: base.hash().into(),
        parent: Some(active.number),
        why: format!("{} messages forgotten", args.ids.len()),
        ..NewVersion::default()
    };
    let number = store.forget(&args.ids, &new, &record, &rest)?;
    promoted(&store, number, &new)
}

/// The base with what is not forgotten, rehearsed as before: with another rehearsal it would be another model.
fn refit_rest(args: &FitArgs, active: &Model, base: &Model, rest: &[Learned]) -> anyhow::Result<Model> {
    if rest.is_empty() {
        return refit::refit(base, &[], &[], &Refit::default());
    }
    // The gate's corpora are not asked for.
    let corpora = args.corpora.clone().filter(|_| args.with_corpora);
    let rehearsal = Frozen::load(&FitArgs { corpora, ..args.clone() }, &|_| ())?.rehearsal;
    let before = active.metadata().training.settings.get(refit::REHEARSED).copied();
    if before.is_some_and(|before| before != rehearsal.len() as f64) {
        let before = before.unwrap_or_default();
        anyhow::bail!(
            "the active model rehearsed {before} messages and this would rehearse {}; repeat the --datasets and \
             --with-corpora of the retrain (nothing was forgotten)",
            rehearsal.len()
        );
    }
    refit::refit(base, rest, &rehearsal, &Refit::default())
}

fn history(args: &HistoryArgs) -> anyhow::Result<ExitCode> {
    let store = Store::open_existing(&dir(&args.store)?)?;
    for version in store.history()? {
        let mark = if version.active { '*' } else { ' ' };
        let gone =
            if version.withdrawn { "  [model gone: it had learned a message forgotten since]" } else { "" };
        let forced = version.forced.map(|reason| format!("  [forced: {reason}]")).unwrap_or_default();
        let parent = version.parent.map(|parent| format!(" after {parent}")).unwrap_or_default();
        print(&format!(
            "{mark} {}{parent}  {}  {}  {}  {} messages  {}{forced}{gone}",
            version.number, version.at, version.hash, version.action, version.messages, version.why
        ))?;
    }
    if args.messages {
        for Learned { content, incident, file, provenance } in store.messages()? {
            let labels: Vec<&str> = content.labels.iter().map(|label| label.name()).collect();
            let (id, level, labels) = (content.id, content.level, labels.join(" "));
            print(&format!("{id}\tlevel {level}\t{labels}\t{incident}\t{file} ({provenance})"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn rollback(args: &RollbackArgs) -> anyhow::Result<ExitCode> {
    let mut store = open(&args.store)?;
    let version = store.find_version(args.version.as_deref())?;
    if version.active {
        print(&format!("version {} is active already", version.number))?;
        return Ok(ExitCode::SUCCESS);
    }
    let number = store.roll_back(&version)?;
    let model = store.artifact(&version.hash)?;
    promoted(&store, number, &model)
}

fn backup(args: &FileArgs) -> anyhow::Result<ExitCode> {
    Store::open_existing(&dir(&args.store)?)?.back_up(&args.file)?;
    print(&format!("wrote {}", args.file.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn restore(args: &FileArgs) -> anyhow::Result<ExitCode> {
    let mut store = open(&args.store)?;
    store.restore(&args.file)?;
    let active = store.active_version()?.context("the backup is empty")?;
    print(&format!(
        "restored {}; version {} is active: {}",
        args.file.display(),
        active.number,
        active.hash
    ))?;
    Ok(ExitCode::SUCCESS)
}
