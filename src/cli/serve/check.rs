//! `undue serve --check`: asks a server whether it is well.

use std::{
    io::{BufRead, BufReader, Read, Write},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use undue::serve::milter::{MAX_PACKET, Packets, flags, packet};

use super::{
    super::{ExitStatus, output::Output},
    endpoint::{Endpoint, Stream},
    service::Protocol,
};

/// A server that is well answers at once.
const PATIENCE: Duration = Duration::from_secs(5);
/// A longer answer is none of ours.
const LONGEST: u64 = 64 << 10;

pub(super) fn run(endpoint: &Endpoint, protocol: Protocol) -> Result<ExitStatus> {
    let answer = ask(endpoint, protocol).with_context(|| format!("no healthy server on {endpoint}"))?;
    let mut out = Output::new(None)?;
    writeln!(out, "{}", undue::report::one_line(&answer))?;
    out.commit()?;
    Ok(ExitStatus::Complete)
}

fn ask(endpoint: &Endpoint, protocol: Protocol) -> Result<String> {
    let stream = endpoint.connect()?;
    stream.set_read_timeout(PATIENCE)?;
    stream.set_write_timeout(PATIENCE)?;
    match protocol {
        Protocol::Json => ask_json(&stream),
        Protocol::Milter => ask_milter(&stream),
    }
}

fn ask_json(mut stream: &Stream) -> Result<String> {
    stream.write_all(b"{\"health\": true}\n")?;
    let mut line = String::new();
    BufReader::new(stream.take(LONGEST)).read_line(&mut line)?;
    let answer: serde_json::Value = serde_json::from_str(&line).context("the answer is no JSON")?;
    if answer["health"] != "ok" {
        bail!("the answer was {}", line.trim_end());
    }
    Ok(line)
}

/// Both sides say what they can do, and that is all.
fn ask_milter(mut stream: &Stream) -> Result<String> {
    let mut hello = Vec::new();
    let offer = [flags::VERSION, flags::ADDHDRS | flags::CHGHDRS, 0].map(u32::to_be_bytes);
    packet(&mut hello, b'O', &[offer.as_flattened()]);
    stream.write_all(&hello)?;
    let mut packets = Packets::new();
    let mut chunk = [0; 1024];
    for _ in 0..MAX_PACKET {
        if let Some((command, data)) = packets.take_next()? {
            let [_, _, _, version, ..] = data else { bail!("an answer that is too short") };
            if command != b'O' {
                bail!("it does not speak the milter protocol");
            }
            let version = *version;
            let mut bye = Vec::new();
            packet(&mut bye, b'Q', &[]);
            stream.write_all(&bye)?;
            return Ok(format!("ok: milter protocol version {version}"));
        }
        match stream.read(&mut chunk)? {
            0 => bail!("it hung up"),
            len => packets.push(&chunk[..len]),
        }
    }
    bail!("an answer without end")
}
