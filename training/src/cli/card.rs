//! `undue-train card`.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;

use super::{read_model, write};
use crate::{card::card, evaluate::gate};

/// Writes the model card from the artifact and its measured figures.
#[derive(Debug, Args)]
pub struct CardArgs {
    /// Folder of model.undue, metrics.json (written by `evaluate --split all --output`) and README.md, the card
    #[arg(long, value_name = "DIR", default_value = "models/undue-en")]
    model: PathBuf,
    /// Write nothing; fail where artifact, figures and card do not belong together
    #[arg(long)]
    check: bool,
}

/// Writes or checks the card.
///
/// # Errors
/// If a file cannot be read or written, or with `--check` if the card is not that of the figures.
pub fn run(args: &CardArgs) -> anyhow::Result<()> {
    let model = read_model(Some(&args.model.join("model.undue")))?;
    let report = gate::read(&args.model.join("metrics.json"))?;
    let text = card(&model, &report)?;
    let path = args.model.join("README.md");
    if !args.check {
        return write(&path, &text);
    }
    let present = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let differs = present.lines().zip(text.lines()).position(|(a, b)| a != b);
    let line = differs.unwrap_or(present.lines().count().min(text.lines().count())) + 1;
    ensure!(
        present == text,
        "{}: line {line} is not what the figures say: write the card again",
        path.display()
    );
    eprintln!("{} is the card of {}", path.display(), model.hash());
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use undue::model::Model;

    use super::*;
    use crate::{
        evaluate::{Report, json},
        metrics::bootstrap::Settings,
    };

    #[test]
    fn a_changed_card_fails_the_check() {
        let dir = tempfile::tempdir().unwrap();
        let model = Model::embedded().unwrap();
        std::fs::write(dir.path().join("model.undue"), model.to_bytes().unwrap()).unwrap();
        let report = json::to_string(&Report::new(&model, Settings::default())).unwrap();
        std::fs::write(dir.path().join("metrics.json"), report).unwrap();
        let args = |check| CardArgs { model: dir.path().into(), check };
        run(&args(false)).unwrap();
        run(&args(true)).unwrap();
        let path = dir.path().join("README.md");
        let card = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, card.replace("second look", "ban")).unwrap();
        let error = run(&args(true)).unwrap_err();
        assert!(error.to_string().contains("is not what the figures say"), "{error}");
    }
}
