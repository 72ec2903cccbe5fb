//! `undue doctor`: what this program is and what it has here, for bug reports and for who installs it.

use std::io::{self, Write};

use anyhow::Result;
use undue::{
    filter::UNSURE_SHARE,
    model::{Model, Output as ModelOutput},
    pipeline::available_threads,
};

use super::{ExitStatus, input::ModelArgs, output::Output, sandbox};

const EXAMPLES: &str = "\
EXAMPLES:
  undue doctor
  undue doctor --model my.undue";

/// Arguments of `undue doctor`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    model: ModelArgs,
}

/// Runs `undue doctor`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    let model = args.model.load()?;
    let mut out = Output::new(None)?;
    write(&mut out, &model, args.model.is_embedded())?;
    out.commit()?;
    Ok(ExitStatus::Complete)
}

fn write(out: &mut impl Write, model: &Model, built_in: bool) -> io::Result<()> {
    let metadata = model.metadata();
    let threshold = |output| model.facts(output).threshold;
    let (pressure, takeover) = (threshold(ModelOutput::PRESSURE), threshold(ModelOutput::TAKEOVER_PRESSURE));
    let name = undue::report::one_line(&format!("{} {}", metadata.name, metadata.version));
    writeln!(out, "undue       {}", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "model       {name}, {}", if built_in { "built in" } else { "from a file" })?;
    writeln!(out, "hash        {}", model.hash())?;
    writeln!(out, "thresholds  pressure {pressure:.4}, takeover_pressure {takeover:.4}")?;
    writeln!(out, "mail        Yes from a threshold on, Unsure from {UNSURE_SHARE} of it on")?;
    writeln!(out, "cpu         {}, {} cores, {}", std::env::consts::ARCH, available_threads(), features())?;
    writeln!(out, "sandbox     {} (undue filter)", sandbox::probe())
}

/// Vector instructions of this processor.
#[cfg(target_arch = "x86_64")]
fn features() -> String {
    let features = [
        ("sse4.2", std::is_x86_feature_detected!("sse4.2")),
        ("avx2", std::is_x86_feature_detected!("avx2")),
        ("avx512bw", std::is_x86_feature_detected!("avx512bw")),
        ("sha", std::is_x86_feature_detected!("sha")),
    ];
    let names: Vec<_> = features.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect();
    if names.is_empty() { "no vector instructions that are asked for".to_owned() } else { names.join(" ") }
}

#[cfg(not(target_arch = "x86_64"))]
fn features() -> String {
    "vector instructions not asked for".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_the_model_by_its_hash_and_the_thresholds_that_mail_goes_by() {
        let model = Model::embedded().unwrap();
        let mut out = Vec::new();
        write(&mut out, &model, true).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(&format!("hash        {}\n", model.hash())), "{text}");
        let pressure = format!("pressure {:.4},", model.facts(ModelOutput::PRESSURE).threshold);
        assert!(text.contains(&pressure) && text.contains("\nsandbox     "), "{text}");
    }
}
