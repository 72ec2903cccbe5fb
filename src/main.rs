//! The command `undue`: arguments in, reports out. All else is in the library.

use std::process::ExitCode;

use clap::Parser;

mod cli;

use cli::{Cli, Command, ConfigCommand, ExitStatus, LabelsCommand, ModelCommand};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(err) => {
            let args: Vec<_> = std::env::args_os().collect();
            return cli::filter::pass_despite(&err, &args).unwrap_or_else(|| cli::usage(&err)).into();
        }
    };
    let result = match cli.command {
        Command::Score(args) => cli::score::run(&args),
        Command::Explain(args) => cli::explain::run(&args),
        Command::Campaigns(args) => cli::campaigns::run(&args),
        Command::Actors(args) => cli::actors::run(&args),
        Command::Threads(args) => cli::threads::run(&args),
        Command::Label(args) => cli::label::run(&args),
        Command::Review(args) => cli::review::run(&args),
        Command::Labels(LabelsCommand::Merge(args)) => cli::labels::merge(&args),
        Command::Report(args) => cli::report::run(&args),
        Command::Filter(args) => cli::filter::run(&args),
        #[cfg(unix)]
        Command::Serve(args) => cli::serve::run(&args),
        Command::Doctor(args) => cli::doctor::run(&args),
        #[cfg(feature = "watch")]
        Command::Watch(args) => cli::watch::run(&args),
        Command::Bench(args) => cli::bench::run(&args),
        Command::Formats => cli::formats::run(),
        Command::Model(ModelCommand::Show(args)) => cli::model::show(&args),
        Command::Config(ConfigCommand::Check(args)) => cli::settings::check(&args),
        Command::Completions(args) => cli::generate::completions(&args),
        Command::Man(args) => cli::generate::man(&args),
    };
    result.unwrap_or_else(|err| ExitStatus::of_error(&err)).into()
}
