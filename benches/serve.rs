//! Load on `undue serve`: so many messages a second, and how long each waits for its answer.
//!
//!     cargo bench --bench serve -- [RATE [SECONDS [CONNECTIONS [SOCKET]]]]
//!
//! The load is open: each message has its time, and its latency counts from then, whether or not the answers before it
//! were late (else a slow server would be asked less and look fast). Without SOCKET a server is started. Messages are
//! those of the sample archive.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use undue::source::{Input, Options, open};

struct Load {
    rate: f64,
    seconds: f64,
    connections: u32,
}

/// What came of one connection.
#[derive(Default)]
struct Tally {
    latencies: Vec<Duration>,
    /// Answers with a reason: not judged in full, or refused.
    unjudged: usize,
}

fn main() {
    // Cargo adds options of its own.
    let args: Vec<_> = env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let number = |n: usize, default: f64| args.get(n).map_or(default, |arg| arg.parse().unwrap());
    let load = Load { rate: number(0, 1000.0), seconds: number(1, 10.0), connections: number(2, 8.0) as u32 };
    let dir = tempfile::tempdir().unwrap();
    let (server, socket) = match args.get(3) {
        Some(socket) => (None, PathBuf::from(socket)),
        None => {
            let socket = dir.path().join("undue.sock");
            (Some(start(&socket)), socket)
        }
    };
    let requests = requests();
    let busy = load_average();
    let begin = Instant::now() + Duration::from_millis(100);
    let mut tally = Tally::default();
    thread::scope(|scope| {
        let run = |n| {
            let (load, socket, requests) = (&load, &socket, &requests);
            scope.spawn(move || connection(load, n, begin, socket, requests))
        };
        let running: Vec<_> = (0..load.connections).map(run).collect();
        for one in running {
            let one = one.join().unwrap();
            tally.latencies.extend(one.latencies);
            tally.unjudged += one.unjudged;
        }
    });
    let took = begin.elapsed().as_secs_f64();
    report(&load, tally, took, &busy);
    if let Some(mut server) = server {
        server.kill().unwrap();
        server.wait().unwrap();
    }
}

fn start(socket: &Path) -> Child {
    let server = Command::new(env!("CARGO_BIN_EXE_undue")).arg("serve").arg("--socket").arg(socket).spawn();
    while UnixStream::connect(socket).is_err() {
        thread::sleep(Duration::from_millis(10));
    }
    server.unwrap()
}

fn requests() -> Vec<String> {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/samples/lanternfs-devel.mbox");
    let records = open(&[Input::from(sample)], &Options::default());
    let mails = records.map(|record| String::from_utf8_lossy(&record.unwrap().bytes).into_owned());
    mails.enumerate().map(|(id, mail)| format!("{}\n", json!({ "id": id, "message": mail }))).collect()
}

/// Message `k` of connection `n` is due at `(k * connections + n) / rate` seconds.
fn connection(load: &Load, n: u32, begin: Instant, socket: &Path, requests: &[String]) -> Tally {
    let mut stream = UnixStream::connect(socket).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    let (mut tally, mut line) = (Tally::default(), String::new());
    for k in (n..).step_by(load.connections as usize) {
        let due = f64::from(k) / load.rate;
        if due >= load.seconds {
            break;
        }
        let due = begin + Duration::from_secs_f64(due);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        stream.write_all(requests[k as usize % requests.len()].as_bytes()).unwrap();
        line.clear();
        answers.read_line(&mut line).unwrap();
        tally.latencies.push(due.elapsed());
        let answer: Value = serde_json::from_str(&line).unwrap();
        tally.unjudged += usize::from(!answer["reason"].is_null() || !answer["error"].is_null());
    }
    tally
}

fn load_average() -> String {
    let average = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    average.split(' ').next().unwrap_or_default().to_owned()
}

fn report(load: &Load, mut tally: Tally, took: f64, busy: &str) {
    tally.latencies.sort_unstable();
    let latencies = &tally.latencies;
    let at =
        |share: f64| latencies[((latencies.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1e3;
    println!(
        "{} messages in {took:.2} s over {} connections: {:.0}/s of {:.0}/s wanted, {} not judged",
        latencies.len(),
        load.connections,
        latencies.len() as f64 / took,
        load.rate,
        tally.unjudged
    );
    println!(
        "latency in ms: p50 {:.2}, p90 {:.2}, p99 {:.2}, p99.9 {:.2}, most {:.2}; load average before {busy}, after {}",
        at(0.5),
        at(0.9),
        at(0.99),
        at(0.999),
        at(1.0),
        load_average()
    );
}
