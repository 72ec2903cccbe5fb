//! Command line: definitions that help, man pages and completions are made from, and one file per subcommand.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

pub(crate) mod actors;
pub(crate) mod bench;
pub(crate) mod campaigns;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod filter;
pub(crate) mod formats;
pub(crate) mod generate;
pub(crate) mod label;
pub(crate) mod labels;
pub(crate) mod model;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod score;
#[cfg(unix)]
pub(crate) mod serve;
pub(crate) mod settings;
pub(crate) mod threads;
#[cfg(feature = "watch")]
pub(crate) mod watch;

mod context;
mod day;
mod input;
mod notices;
mod output;
mod progress;
mod sandbox;
mod seen;
mod terminal;

/// Finds undue pressure on maintainers in mailing-list archives and issue threads.
///
/// Scores are indicators of where to look, not verdicts about anybody.
#[derive(Debug, Parser)]
#[command(name = "undue", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
EXAMPLES:
  undue score list.mbox                 the 25 strongest messages of an archive
  undue score --format jsonl archives/  every message with all its scores
  undue explain list.mbox --id ID       why one message has its score
  undue campaigns list.mbox             which messages press together, by whom and for whom
  undue report list.mbox --output report.html   all of it on one page, for a browser or paper

EXIT STATUS:
  0  the run is complete
  1  a message reached the level of --fail-on
  2  an input could not be read, or the arguments are wrong";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Score every message of archives and rank them
    Score(score::Args),
    /// Show one message with its evidence and what adds up to its score
    Explain(explain::Args),
    /// List the campaigns that pressing messages make together
    Campaigns(campaigns::Args),
    /// List the authors with what they contribute and how they press
    Actors(actors::Args),
    /// List the threads with what was asked again, answered, conceded or refused
    Threads(threads::Args),
    /// Propose labels for the messages of a backlog, the most pressing threads first
    Label(label::Args),
    /// Accept or correct proposed labels on a terminal screen
    Review(review::Args),
    /// Compare label files
    #[command(subcommand, after_help = labels::EXAMPLES)]
    Labels(LabelsCommand),
    /// Write what was found as one page, or for an issue tracker
    Report(report::Args),
    /// Add a header field with the verdict to one mail on its way
    Filter(filter::Args),
    /// Judge mails for other programs, over a socket
    #[cfg(unix)]
    Serve(serve::Args),
    /// Show version, model, processor and sandbox
    Doctor(doctor::Args),
    /// Read only what is new since the last run, and report only what changed: for cron and mail delivery
    #[cfg(feature = "watch")]
    Watch(watch::Args),
    /// Measure where the time goes on your archive, stage by stage
    Bench(bench::Args),
    /// List the formats that can be read
    #[command(after_help = formats::EXAMPLES)]
    Formats,
    /// Look into models
    #[command(subcommand, after_help = model::EXAMPLES)]
    Model(ModelCommand),
    /// Check settings
    #[command(subcommand, after_help = settings::EXAMPLES)]
    Config(ConfigCommand),
    /// Print a completion script for a shell
    Completions(generate::CompletionsArgs),
    /// Print the man page, or write those of all subcommands
    Man(generate::ManArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    /// Show name, hash, size, thresholds and training facts of a model
    Show(model::Args),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Check an undue.toml and list what is disputed
    Check(settings::CheckArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum LabelsCommand {
    /// Merge two reviewers' label files: Cohen's kappa, disagreements, one file
    Merge(labels::MergeArgs),
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// The run is complete.
    Complete,
    /// A message reached the level of `--fail-on`.
    LevelReached,
    /// An input could not be read, or the arguments are wrong. This goes first: an error never looks like a verdict.
    Failed,
    /// What `undue filter` tells a mail program; its help says what each number means.
    Mail(u8),
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Complete => 0,
            ExitStatus::LevelReached => 1,
            ExitStatus::Failed => 2,
            ExitStatus::Mail(code) => code,
        })
    }
}

impl ExitStatus {
    /// Says what failed; silent where only the reader of our output went away.
    pub(crate) fn of_error(err: &anyhow::Error) -> Self {
        if is_broken_pipe(err) {
            return Self::Complete;
        }
        notices::say(&format!("{err:#}"));
        Self::Failed
    }
}

pub(crate) fn is_broken_pipe(err: &anyhow::Error) -> bool {
    let io = err.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    io.is_some_and(|err| err.kind() == io::ErrorKind::BrokenPipe)
}

/// Prints help or what is wrong with the arguments.
pub(crate) fn usage(err: &clap::Error) -> ExitStatus {
    // There is nowhere left to say that this failed.
    let _ = err.print();
    let _ = io::stdout().flush();
    if err.use_stderr() { ExitStatus::Failed } else { ExitStatus::Complete }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn definitions_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_subcommand_has_examples_and_every_argument_has_help() {
        let mut queue = vec![Cli::command()];
        while let Some(command) = queue.pop() {
            let name = command.get_name().to_owned();
            assert!(command.get_about().is_some(), "{name}");
            let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(examples.contains("EXAMPLES:\n  undue "), "{name}");
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{name} {}", arg.get_id());
            }
            queue.extend(command.get_subcommands().cloned());
        }
    }

    #[test]
    fn a_broken_pipe_is_found_below_its_context() {
        let err = anyhow::Error::new(io::Error::from(io::ErrorKind::BrokenPipe)).context("writing");
        assert_eq!(ExitStatus::of_error(&err), ExitStatus::Complete);
    }
}
