//! `undue filter`: one message from standard input to standard output, with one header field added.

use std::{
    ffi::OsString,
    io::{self, IsTerminal, Read, Write},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use undue::{
    filter::{Editor, Judge, ModelTag, Reason, Status, Verdict, place},
    model::Model,
};

use super::{
    ExitStatus,
    input::{ModelArgs, ModelBytes},
    notices, sandbox,
};

const EXAMPLES: &str = "\
EXAMPLES:
  undue filter < mail.eml
  undue filter --exit-code < mail.eml > judged.eml

The message passes unchanged but for the field X-Undue-Status, which is put in front; any that came in is removed:
  X-Undue-Status: Yes, level=2, pressure=0.6210, takeover=0.0031, tests=persistence,guilt, model=undue-en/0.1.0/0b68c0b6
Yes: level 2 or more. No: far from it. Unsure: near a threshold, or not judged in full (reason=size, time, language).

EXIT STATUS:
  0  the message has passed; if it could not be judged, without the field
  75 the message could not be read or written in full; try again
With --exit-code: 0 Yes, 1 No, 2 Unsure, 3 any failure";

/// Bytes that are judged unless told otherwise: of text, this is judged in a small part of the time limit.
pub(super) const LIMIT: u64 = 1 << 20;
/// Shorter limits would not hold an ordinary header.
pub(super) const MIN_LIMIT: u64 = 4 << 10;
/// More would be more than one message is worth.
pub(super) const MAX_LIMIT: u64 = 256 << 20;

/// What mail programs take for "try again" (EX_TEMPFAIL in sysexits.h).
const TRY_AGAIN: u8 = 75;
/// A failure, with --exit-code.
const FAILURE: u8 = 3;

/// Arguments of `undue filter`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    model: ModelArgs,

    /// Let the exit status tell the verdict: 0 pressing, 1 not, 2 unsure, 3 failure
    #[arg(long)]
    exit_code: bool,

    #[command(flatten)]
    limits: LimitArgs,

    /// Keep the rights to open files and connections; without it they are given up before the message is read
    #[arg(long)]
    no_sandbox: bool,
}

/// How much is judged, and for how long.
#[derive(Debug, clap::Args)]
pub(super) struct LimitArgs {
    /// Judge so many bytes of a message; all of it passes
    #[arg(long = "limit", value_name = "BYTES", default_value_t = LIMIT,
        value_parser = clap::value_parser!(u64).range(MIN_LIMIT..=MAX_LIMIT))]
    bytes: u64,

    /// Judge a message for so many milliseconds; then it passes as Unsure
    #[arg(long = "time-limit", value_name = "MS", default_value_t = 100,
        value_parser = clap::value_parser!(u64).range(1..=60_000))]
    milliseconds: u64,
}

impl LimitArgs {
    pub(super) fn bytes(&self) -> usize {
        usize::try_from(self.bytes).unwrap_or(usize::MAX)
    }

    pub(super) fn time(&self) -> Duration {
        Duration::from_millis(self.milliseconds)
    }
}

/// Runs `undue filter`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    let model = args.model.read();
    if !args.no_sandbox {
        // Where the system has none, mail is judged all the same; "undue doctor" tells.
        sandbox::enter();
    }
    let judging = Judging::start(model);
    let passed = pass(io::stdin().lock(), io::stdout().lock(), args.limits.bytes(), |bytes, truncated| {
        judging.judge(bytes, truncated, args.limits.time())
    });
    Ok(ExitStatus::Mail(match passed {
        Err(err) => {
            notices::say(&format!("{err:#}"));
            if args.exit_code { FAILURE } else { TRY_AGAIN }
        }
        Ok(_) if !args.exit_code => 0,
        Ok(Some(Verdict::Yes)) => 0,
        Ok(Some(Verdict::No)) => 1,
        Ok(Some(Verdict::Unsure)) => 2,
        Ok(None) => FAILURE,
    }))
}

/// Where the arguments of `undue filter` were wrong: says so, and lets the message pass, since a slip in a recipe must
/// not lose mail. `None` where another subcommand is meant, or a person sits there.
pub(crate) fn pass_despite(err: &clap::Error, args: &[OsString]) -> Option<ExitStatus> {
    let is_filter = args.get(1).is_some_and(|name| name == "filter");
    if !is_filter || !err.use_stderr() || io::stdin().is_terminal() {
        return None;
    }
    // There is nowhere left to say that this failed.
    let _ = err.print();
    let exit_code = args.iter().any(|arg| arg == "--exit-code");
    let passed =
        io::copy(&mut io::stdin().lock(), &mut io::stdout().lock()).and_then(|_| io::stdout().flush());
    Some(ExitStatus::Mail(match passed {
        _ if exit_code => FAILURE,
        Ok(()) => 0,
        Err(_) => TRY_AGAIN,
    }))
}

/// Copies a message, with the field that states what `judge` says of its first `limit` bytes; without, and untouched,
/// where it says nothing. Returns the verdict.
fn pass(
    mut input: impl Read,
    mut output: impl Write,
    limit: usize,
    judge: impl FnOnce(Vec<u8>, bool) -> Option<Status>,
) -> Result<Option<Verdict>> {
    let mut head = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    let read = input.by_ref().take(most).read_to_end(&mut head).context("cannot read the message");
    if let Err(err) = read {
        // What has come is worth more than nothing, if only to be looked at.
        let _ = output.write_all(&head);
        return Err(err);
    }
    // One byte more tells whether there is more.
    let mut more = [0];
    let complete = loop {
        match input.read(&mut more) {
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            Err(err) => return Err(err).context("cannot read the message"),
            Ok(n) => break n == 0,
        }
    };
    let status = judge(head.clone(), !complete);
    let rest = if complete { &[][..] } else { &more[..] };
    let verdict = status.as_ref().map(|status| status.verdict);
    match status {
        Some(status) => write_judged(&head, rest, &mut input, &mut output, &status),
        None => [&head, rest].into_iter().try_for_each(|bytes| output.write_all(bytes)).and_then(|()| {
            io::copy(&mut input, &mut output)?;
            Ok(())
        }),
    }
    .and_then(|()| output.flush())
    .context("cannot pass the message on")?;
    Ok(verdict)
}

fn write_judged(
    head: &[u8],
    rest: &[u8],
    input: &mut impl Read,
    output: &mut impl Write,
    status: &Status,
) -> io::Result<()> {
    let mut editor = Editor::new();
    let mut edited = Vec::with_capacity(head.len());
    editor.push(head, &mut edited);
    let complete = rest.is_empty();
    if complete {
        editor.finish(&mut edited);
    }
    // Nothing stays nothing.
    match place(&edited, complete).filter(|_| !head.is_empty()) {
        Some(place) => {
            let (before, behind) = edited.split_at(place.offset);
            output.write_all(before)?;
            output.write_all(status.field(place.line_end).as_bytes())?;
            output.write_all(behind)?;
        }
        None if head.is_empty() => {}
        None => {
            notices::say(&format!("there is no place for a header field; it would say: {status}"));
            output.write_all(&edited)?;
        }
    }
    if complete { Ok(()) } else { write_rest(editor, rest, input, output) }
}

/// What lies behind the limit: a header may still go on there.
fn write_rest(
    mut editor: Editor,
    rest: &[u8],
    input: &mut impl Read,
    output: &mut impl Write,
) -> io::Result<()> {
    let (mut chunk, mut edited) = (vec![0; 64 << 10], Vec::new());
    editor.push(rest, &mut edited);
    while !editor.is_in_body() {
        output.write_all(&edited)?;
        edited.clear();
        match input.read(&mut chunk) {
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            Err(err) => return Err(err),
            Ok(0) => editor.finish(&mut edited),
            Ok(n) => editor.push(&chunk[..n], &mut edited),
        }
    }
    output.write_all(&edited)?;
    io::copy(input, output)?;
    Ok(())
}

/// A thread that judges one message. The model is made ready while the message is read; where time runs out, the thread is
/// left behind and ends with the process.
struct Judging {
    message: Sender<(Vec<u8>, bool)>,
    outcome: Receiver<Outcome>,
}

enum Outcome {
    Model(ModelTag),
    Status(Box<Status>),
    Failure(String),
}

impl Judging {
    fn start(model: Result<ModelBytes>) -> Self {
        let (message, messages) = channel();
        let (outcomes, outcome) = channel();
        // If it cannot be started, its ends of the channels are dropped, which is told as a failure.
        let _ = thread::Builder::new().spawn(move || judge_one(model, &messages, &outcomes));
        Self { message, outcome }
    }

    /// None, and a line on standard error, where the message could not be judged for a fault of ours.
    fn judge(&self, bytes: Vec<u8>, truncated: bool, time: Duration) -> Option<Status> {
        let until = Instant::now() + time;
        // A thread that has ended says why below.
        let _ = self.message.send((bytes, truncated));
        let mut tag = None;
        loop {
            match self.outcome.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Outcome::Model(loaded)) => tag = Some(loaded),
                Ok(Outcome::Status(status)) => return Some(*status),
                Ok(Outcome::Failure(failure)) => {
                    notices::say(&failure);
                    return None;
                }
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                    let tag = tag.unwrap_or_else(ModelTag::unknown);
                    return Some(Status::unsure(Reason::Time, &tag));
                }
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => {
                    notices::say("the thread that judges has failed");
                    return None;
                }
            }
        }
    }
}

/// Sends are not checked: nobody may listen any more.
fn judge_one(model: Result<ModelBytes>, messages: &Receiver<(Vec<u8>, bool)>, outcomes: &Sender<Outcome>) {
    let model: Model = match model.and_then(|bytes| bytes.parse()) {
        Ok(model) => model,
        Err(err) => {
            let _ = outcomes.send(Outcome::Failure(format!("{err:#}")));
            return;
        }
    };
    let mut judge = Judge::new(&model);
    let _ = outcomes.send(Outcome::Model(judge.tag().clone()));
    if let Ok((bytes, truncated)) = messages.recv() {
        let _ = outcomes.send(Outcome::Status(Box::new(judge.mail(&bytes, truncated))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }

    fn status(bytes: Vec<u8>, truncated: bool) -> Option<Status> {
        assert!(bytes.len() <= 16);
        let model = Model::embedded().unwrap();
        Some(Judge::new(&model).mail(&bytes, truncated))
    }

    #[test]
    fn a_long_message_is_edited_behind_the_limit_too() {
        let header = format!("A: {}\nx-undue-status: No\n folded\nB: c\n", "x".repeat(100));
        let message = format!("{header}\nX-Undue-Status: body\n{}", "y\r\n".repeat(100_000));
        let mut out = Vec::new();
        let verdict = pass(message.as_bytes(), &mut out, 16, status).unwrap();
        assert_eq!(verdict, Some(Verdict::Unsure));
        let out = String::from_utf8(out).unwrap();
        let (field, rest) = out.split_once('\n').unwrap();
        assert!(field.contains("reason=size"), "{field}");
        assert!(rest == message.replace("x-undue-status: No\n folded\n", ""));
    }

    #[test]
    fn a_message_that_breaks_off_is_an_error_and_no_short_message() {
        let input = (&b"A: b\n\nhalf"[..]).chain(Broken);
        assert!(pass(input, Vec::new(), 1000, status).is_err());
        let input = (&[b'x'; 100][..]).chain(Broken);
        assert!(pass(input, Vec::new(), 16, status).is_err());
    }

    #[test]
    fn without_a_status_all_passes_untouched() {
        let message = b"From x\r\nX-Undue-Status: No\n\n\0\xff";
        for limit in [1, 10, 100] {
            let mut out = Vec::new();
            assert!(pass(&message[..], &mut out, limit, |_, _| None).unwrap().is_none());
            assert_eq!(out, message);
        }
    }
}
