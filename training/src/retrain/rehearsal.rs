//! The messages that are frozen for rehearsing and for the gate.

use std::path::Path;

use undue::Level;

use crate::{
    example::{self, Example, RANDOM},
    inputs::Folders,
};

use super::args::FitArgs;

macro_rules! texts {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../../datasets/authored/", $name)))),+]
    };
}

/// The authored texts, so that an incident can be learned where nothing but the program is at hand.
static AUTHORED: [(&str, &str); 15] = texts![
    "bypass-in-life.jsonl",
    "clock-and-threat.jsonl",
    "ecosystem-offers.jsonl",
    "everyday.jsonl",
    "hard-negatives.jsonl",
    "issue-users.jsonl",
    "list-life.jsonl",
    "mail-stalled.jsonl",
    "mail-takeover.jsonl",
    "needle.jsonl",
    "praise-and-threats.jsonl",
    "subtle.jsonl",
    "sweet-and-bypass.jsonl",
    "tracker-ownership.jsonl",
    "votes-and-backers.jsonl",
];
static REGISTERS: [(&str, &str); 1] = texts!["held-out/registers.jsonl"];
const HARD_NEGATIVES: &str = "hard-negatives";

/// What is frozen.
#[derive(Debug)]
pub(super) struct Frozen {
    /// Rehearsed with every incident.
    pub(super) rehearsal: Vec<Example>,
    /// Authored texts that no model was fitted on.
    pub(super) held_out: Vec<Example>,
    /// Authored messages of level 0 that look like pressure.
    pub(super) hard_negatives: Vec<Example>,
    /// The random stratum of the corpora; empty without them.
    pub(super) random: Vec<Example>,
}

impl Frozen {
    /// Reads what is there.
    pub(super) fn load(args: &FitArgs, say: &dyn Fn(&str)) -> anyhow::Result<Self> {
        let (mut rehearsal, held_out) = match &args.datasets {
            Some(dir) => {
                let authored = dir.join("authored");
                let registers = authored.join("held-out/registers.jsonl");
                let text = std::fs::read_to_string(&registers)?;
                (example::read_authored(&authored)?, example::parse_authored("registers.jsonl", &text)?)
            }
            None => (parse(&AUTHORED)?, parse(&REGISTERS)?),
        };
        let is_hard =
            |example: &&Example| example.theme == HARD_NEGATIVES && example.level == Level::Ordinary;
        let hard_negatives = rehearsal.iter().filter(is_hard).cloned().collect();
        if let Some(count) = args.rehearsal {
            // Spread over all files, so that few still show every label.
            let step = (rehearsal.len() / count.max(1)).max(1);
            rehearsal = rehearsal.into_iter().step_by(step).collect();
        }
        let labelled = labelled(args, say)?;
        let random = labelled.iter().filter(|example| example.stratum == RANDOM).cloned().collect();
        if args.with_corpora {
            rehearsal.extend(labelled);
        }
        Ok(Self { rehearsal, held_out, hard_negatives, random })
    }
}

fn parse(files: &[(&str, &str)]) -> anyhow::Result<Vec<Example>> {
    let mut all = Vec::new();
    for (name, text) in files {
        all.extend(example::parse_authored(name, text)?);
    }
    Ok(all)
}

/// Labelled messages of the corpora; none where the corpora or the label files are not at hand.
fn labelled(args: &FitArgs, say: &dyn Fn(&str)) -> anyhow::Result<Vec<Example>> {
    let datasets = args.datasets.clone().unwrap_or_else(|| "datasets".into());
    let (Some(corpora), true) = (&args.corpora, datasets.join("labels").is_dir()) else {
        say("no corpora (or no label files in datasets/labels): the gate goes without the random stratum");
        return Ok(Vec::new());
    };
    say("reading the corpora");
    from_corpora(&datasets, corpora.clone())
}

fn from_corpora(datasets: &Path, corpora: std::path::PathBuf) -> anyhow::Result<Vec<Example>> {
    let loaded = Folders { datasets: datasets.to_owned(), corpora: Some(corpora) }.load()?;
    Ok(loaded.examples.into_iter().filter(|example| !example.is_authored()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_authored_files_are_compiled_in() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets/authored");
        let read = example::read_authored(&dir).unwrap();
        let compiled = parse(&AUTHORED).unwrap();
        let ids = |all: &[Example]| all.iter().map(|example| example.message.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&read), ids(&compiled));
    }
}
