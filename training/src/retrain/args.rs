//! What can be asked of the local store on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Verbs of the local training store.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Teach the model new labelled messages; the result becomes active only if nothing got worse
    Retrain(RetrainArgs),
    /// Forget messages: the model becomes what it would be had it never seen them
    Forget(ForgetArgs),
    /// List the versions of the model
    History(HistoryArgs),
    /// Go back to an earlier version and its messages
    Rollback(RollbackArgs),
    /// Write the whole store into one file
    Backup(FileArgs),
    /// Replace the whole store by what a backup holds
    Restore(FileArgs),
}

/// Where the store lies.
#[derive(Debug, Clone, Args)]
pub struct StoreArgs {
    /// Folder of the store [default: undue in the data folder of the platform]
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
}

/// What fits and gates need.
#[derive(Debug, Clone, Args)]
pub struct FitArgs {
    /// The project's datasets, for the rehearsal and the gate [default: the authored texts compiled in]
    #[arg(long, value_name = "DIR")]
    pub datasets: Option<PathBuf>,
    /// Folder of the corpora: for looking texts up, and for the gate's random stratum
    #[arg(long, env = "UNDUE_CORPORA", value_name = "DIR")]
    pub corpora: Option<PathBuf>,
    /// Rehearse the labelled messages of the corpora too (wants --datasets and --corpora)
    #[arg(long, requires = "datasets", requires = "corpora")]
    pub with_corpora: bool,
    /// Threads to work on; the result does not depend on it
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Rehearse only this many messages: for tests of the store, not of the model
    #[arg(long, hide = true, value_name = "N")]
    pub rehearsal: Option<usize>,
}

/// `retrain`
#[derive(Debug, Clone, Args)]
pub struct RetrainArgs {
    /// Labelled messages, CSV or JSON Lines: text (or source and id), labels, level; optional subject, id, evidence;
    /// or label files as `undue label` and `undue review` write them
    #[arg(long = "incident", value_name = "FILE", num_args = 1.., required_unless_present = "base")]
    pub incidents: Vec<PathBuf>,
    /// Archives with the messages that rows name by source and id: files, or directories with all below
    #[arg(long, value_name = "PATH", num_args = 1.., requires = "incidents")]
    pub archive: Vec<PathBuf>,
    /// Take the rows of label files that nobody reviewed too: what a model proposed is taught to a model
    #[arg(long)]
    pub unreviewed: bool,
    /// Name of the incident [default: each file's name]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Model to refit from, a file or "shipped" [default: what the store was refitted from so far]
    #[arg(long, value_name = "FILE")]
    pub base: Option<PathBuf>,
    /// Promote the result even if something got worse
    #[arg(long, requires = "reason")]
    pub force: bool,
    /// Why; recorded in the history
    #[arg(long, value_name = "TEXT", requires = "force", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub reason: Option<String>,
    #[expect(missing_docs, reason = "see StoreArgs")]
    #[command(flatten)]
    pub store: StoreArgs,
    #[expect(missing_docs, reason = "see FitArgs")]
    #[command(flatten)]
    pub fit: FitArgs,
}

/// `forget`
#[derive(Debug, Clone, Args)]
pub struct ForgetArgs {
    /// Ids of the messages, as `history --messages` lists them
    #[arg(long = "id", value_name = "ID", num_args = 1.., required = true)]
    pub ids: Vec<String>,
    #[expect(missing_docs, reason = "see StoreArgs")]
    #[command(flatten)]
    pub store: StoreArgs,
    #[expect(missing_docs, reason = "see FitArgs")]
    #[command(flatten)]
    pub fit: FitArgs,
}

/// `history`
#[derive(Debug, Clone, Args)]
pub struct HistoryArgs {
    /// List the messages that the active version has learned too (their ids, not their texts)
    #[arg(long)]
    pub messages: bool,
    #[expect(missing_docs, reason = "see StoreArgs")]
    #[command(flatten)]
    pub store: StoreArgs,
}

/// `rollback`
#[derive(Debug, Clone, Args)]
pub struct RollbackArgs {
    /// Number or hash of a version [default: the one before the active one]
    pub version: Option<String>,
    #[expect(missing_docs, reason = "see StoreArgs")]
    #[command(flatten)]
    pub store: StoreArgs,
}

/// `backup` and `restore`
#[derive(Debug, Clone, Args)]
pub struct FileArgs {
    /// The backup
    pub file: PathBuf,
    #[expect(missing_docs, reason = "see StoreArgs")]
    #[command(flatten)]
    pub store: StoreArgs,
}
