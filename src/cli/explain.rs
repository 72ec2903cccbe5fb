//! `undue explain`: one message, its evidence, and what adds up to its score.

use anyhow::{Context, Result};
use undue::{
    Message,
    model::Output as ModelOutput,
    report::{self, Summary},
};

use super::{
    ExitStatus,
    input::{InputArgs, ModelArgs, Opened},
    notices::{self, Notices},
    output::Output,
    terminal,
};

const EXAMPLES: &str = "\
EXAMPLES:
  undue explain list.mbox --id 20220519.1@example.org
  undue explain archives/ --id 20220519.1@example.org --output-name guilt";

/// Arguments of `undue explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,

    /// The message, as "undue score" names it; angle brackets may stand around it
    #[arg(long, value_name = "ID")]
    id: String,

    /// What is explained: a label, "request", "pressure" or "takeover_pressure" [default: the level]
    #[arg(long, value_name = "OUTPUT", value_parser = output_name)]
    output_name: Option<ModelOutput>,

    #[command(flatten)]
    model: ModelArgs,
}

fn output_name(name: &str) -> Result<ModelOutput, String> {
    ModelOutput::all().find(|output| output.name() == name).ok_or_else(|| {
        let names: Vec<_> = ModelOutput::all().map(ModelOutput::name).collect();
        format!("the outputs are {}", names.join(", "))
    })
}

/// Runs `undue explain`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    let model = args.model.load()?;
    let mut summary = Summary::default();
    let message = find(args.input.open()?, bare(&args.id), &mut summary);
    let message = message.with_context(|| format!("no message has the id {}", args.id))?;
    let mut output = Output::new(None)?;
    report::explain(&mut output, &model, &message, args.output_name, terminal::style(false))?;
    output.commit()?;
    Ok(if summary.unreadable > 0 { ExitStatus::Failed } else { ExitStatus::Complete })
}

/// The first message with that id; failures on the way are told.
fn find(opened: Opened, id: &str, summary: &mut Summary) -> Option<Message> {
    let mut notices = Notices::new(false);
    let messages = opened.records.flat_map(|item| match item {
        Ok(record) => record.decode(),
        Err(err) => vec![Err(err)],
    });
    messages
        .filter_map(|item| item.inspect_err(|err| tell(err, &mut notices, summary)).ok())
        .find(|message| bare(&message.id) == id)
}

fn tell(err: &undue::Error, notices: &mut Notices, summary: &mut Summary) {
    summary.count_error(err);
    if let Some(line) = notices.line(err) {
        notices::say(&line);
    }
}

fn bare(id: &str) -> &str {
    id.trim().trim_start_matches('<').trim_end_matches('>')
}
