//! `undue serve`: judges mails for other programs, as lines of JSON or as a milter.

use std::{
    num::NonZeroUsize,
    path::PathBuf,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use clap::ArgGroup;
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};
use undue::{pipeline::available_threads, serve::Pool};

use super::{
    ExitStatus,
    filter::LimitArgs,
    input::{ModelArgs, threads},
    notices::say,
};

mod check;
mod connection;
mod endpoint;
mod json;
mod milter;
mod service;

use endpoint::{Endpoint, Listener};
use service::{Protocol, Service, Settings};

const EXAMPLES: &str = "\
EXAMPLES:
  undue serve --socket /run/undue/undue.sock
  undue serve --listen 127.0.0.1:7825
  undue serve --milter --socket /run/undue/milter.sock
  undue serve --check /run/undue/undue.sock

A line of JSON in, a line of JSON out: {\"id\": 1, \"message\": \"whole mail\"}, {\"text\": \"words\"}, {\"health\": true}.
SIGTERM and SIGINT stop it once what it took is answered; SIGHUP loads the file of --model again.";

/// Connections unless told otherwise; Postfix runs a hundred servers by default.
const CONNECTIONS: u32 = 128;
/// Seconds within which a client has to send a request.
const IDLE: u64 = 60;
/// A mail server keeps its connection while it waits for its own client, as libmilter does: two hours.
const IDLE_MILTER: u64 = 7210;

/// Arguments of `undue serve`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[command(group(ArgGroup::new("endpoint").required(true).args(["socket", "listen", "check"])))]
pub(crate) struct Args {
    /// Listen on this Unix socket
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,

    /// Listen on this address, such as 127.0.0.1:7825
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<std::net::SocketAddr>,

    /// Ask the server on this socket or address whether it is well, and exit
    #[arg(long, value_name = "SOCKET")]
    check: Option<Endpoint>,

    /// Speak the milter protocol of Postfix and Sendmail instead of JSON
    #[arg(long)]
    milter: bool,

    /// Let --listen take an address that other machines reach; nothing is encrypted, and anybody may ask
    #[arg(long)]
    allow_remote: bool,

    /// Permissions of the socket
    #[arg(long, value_name = "OCTAL", default_value = "660", value_parser = octal)]
    socket_mode: u32,

    #[command(flatten)]
    model: ModelArgs,

    #[command(flatten)]
    limits: LimitArgs,

    /// Judge on so many threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<NonZeroUsize>,

    /// Most connections at a time
    #[arg(long, value_name = "N", default_value_t = CONNECTIONS,
        value_parser = clap::value_parser!(u32).range(1..=10_000))]
    connections: u32,

    /// Most connections at a time from one address [default: that of --connections]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    connections_per_client: Option<u32>,

    /// Close a connection that sends no whole request for so long [default: 60, for a milter 7210]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    idle_timeout: Option<u64>,

    /// When stopping, wait so long for what is on the way
    #[arg(long, value_name = "SECONDS", default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(0..=600))]
    grace: u64,
}

fn octal(text: &str) -> Result<u32, String> {
    match u32::from_str_radix(text, 8) {
        Ok(mode) if mode <= 0o777 => Ok(mode),
        _ => Err("permissions are three octal digits, such as 660".to_owned()),
    }
}

impl Args {
    fn protocol(&self) -> Protocol {
        if self.milter { Protocol::Milter } else { Protocol::Json }
    }

    fn endpoint(&self) -> Result<Endpoint> {
        match (&self.socket, self.listen) {
            (Some(path), _) => Ok(Endpoint::Unix(path.clone())),
            (None, Some(address)) if self.allow_remote || address.ip().to_canonical().is_loopback() => {
                Ok(Endpoint::Tcp(address))
            }
            (None, Some(address)) => bail!(
                "{address} can be reached from other machines, and anybody there may ask; \
                 --allow-remote says that this is meant"
            ),
            (None, None) => bail!("--socket or --listen is needed"),
        }
    }

    fn settings(&self) -> Settings {
        let idle = self.idle_timeout.unwrap_or(if self.milter { IDLE_MILTER } else { IDLE });
        Settings {
            protocol: self.protocol(),
            limit: self.limits.bytes(),
            idle: Duration::from_secs(idle),
            connections: self.connections as usize,
            connections_per_client: self.connections_per_client.unwrap_or(self.connections) as usize,
        }
    }
}

/// Runs `undue serve`.
pub(crate) fn run(args: &Args) -> Result<ExitStatus> {
    if let Some(endpoint) = &args.check {
        return check::run(endpoint, args.protocol());
    }
    // Before anything can be asked: a signal must not end the process half way.
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP]).context("signals")?;
    let (endpoint, settings) = (args.endpoint()?, args.settings());
    let threads = args.threads.unwrap_or_else(available_threads).get();
    let pool = Pool::new(args.model.load()?, threads, settings.connections, args.limits.time())?;
    let listener = Listener::bind(&endpoint, args.socket_mode)
        .with_context(|| format!("cannot listen on {endpoint}"))?;
    say(&format!("listening on {}, model {}", listener.endpoint(), pool.tag().as_str()));
    let service = Arc::new(Service::new(pool, settings));
    let accepting = thread::Builder::new().name("accept".to_owned()).spawn({
        let (service, listener) = (service.clone(), listener.clone());
        move || service::accept(&service, &listener)
    })?;
    for signal in signals.forever() {
        if signal != SIGHUP {
            break;
        }
        reload(&args.model, &service);
    }
    say("stopping");
    service.stop();
    listener.wake();
    // It ends since it was woken.
    let _ = accepting.join();
    listener.close();
    let whole = service.wait(Instant::now() + Duration::from_secs(args.grace));
    say(&service.summary());
    Ok(if whole { ExitStatus::Complete } else { ExitStatus::Failed })
}

/// A model that cannot be loaded leaves the one in use.
fn reload(model: &ModelArgs, service: &Service) {
    if model.is_embedded() {
        return say("nothing to load again: the model is built in");
    }
    match model.load() {
        Ok(model) => {
            service.pool.replace_model(model);
            say(&format!("model {} is loaded", service.pool.tag().as_str()));
        }
        Err(err) => say(&format!("{err:#}; model {} stays in use", service.pool.tag().as_str())),
    }
}
