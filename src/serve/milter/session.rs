//! One connection of a mail server: a machine that takes packets and says what to answer.

use super::packet::{ProtocolError, packet};
use crate::{
    filter::{FIELD, Status},
    serve::Work,
};

/// Commands, answers, actions and steps by the names of libmilter, without their prefixes.
#[allow(missing_docs)]
pub mod flags {
    pub const VERSION: u32 = 6;

    pub const ADDHDRS: u32 = 0x01;
    pub const CHGHDRS: u32 = 0x10;

    pub const NOCONNECT: u32 = 0x01;
    pub const NOHELO: u32 = 0x02;
    pub const NOMAIL: u32 = 0x04;
    pub const NORCPT: u32 = 0x08;
    pub const NOEOH: u32 = 0x40;
    pub const NR_HDR: u32 = 0x80;
    pub const NOUNKNOWN: u32 = 0x100;
    pub const NODATA: u32 = 0x200;
    pub const SKIP: u32 = 0x400;
    pub const HDR_LEADSPC: u32 = 0x10_0000;
}

/// Steps that we would rather not be told, headers that need no answer, bodies that need not be sent to their end, and
/// header values with their leading space.
const WANTED_STEPS: u32 = flags::NOCONNECT
    | flags::NOHELO
    | flags::NOMAIL
    | flags::NORCPT
    | flags::NOEOH
    | flags::NR_HDR
    | flags::NOUNKNOWN
    | flags::NODATA
    | flags::SKIP
    | flags::HDR_LEADSPC;
const WANTED_ACTIONS: u32 = flags::ADDHDRS | flags::CHGHDRS;

/// Fields of our name that are removed from one message; a mail server takes no more fields than that.
const MAX_REMOVED: u32 = 10_000;

/// What follows from a packet.
#[derive(Debug)]
pub enum Step {
    /// What was put into the output is all, or nothing is to be said.
    Go,
    /// The message is complete: judge it, and pass the status to [`Session::finish`].
    Judge(Work),
    /// The mail server has no more to say.
    Quit,
}

/// State of a connection.
#[derive(Debug)]
pub struct Session {
    /// Bytes of a message that are judged.
    limit: usize,
    actions: u32,
    steps: u32,
    negotiated: bool,
    mail: Mail,
}

/// The message that is coming in.
#[derive(Debug, Default)]
struct Mail {
    bytes: Vec<u8>,
    truncated: bool,
    /// Fields of our name.
    forged: u32,
    /// The empty line behind the header was written.
    in_body: bool,
    begun: bool,
}

impl Session {
    /// A session that judges the first `limit` bytes of each message.
    pub fn new(limit: usize) -> Self {
        Self { limit, actions: 0, steps: 0, negotiated: false, mail: Mail::default() }
    }

    /// True between messages.
    pub fn is_between(&self) -> bool {
        !self.mail.begun
    }

    /// Takes a packet, and appends to `out` what is to be answered.
    ///
    /// # Errors
    /// If it is against the protocol; the connection is of no more use.
    pub fn take(&mut self, command: u8, data: &[u8], out: &mut Vec<u8>) -> Result<Step, ProtocolError> {
        if !self.negotiated && !matches!(command, b'O' | b'Q') {
            return Err(ProtocolError("the first packet is no negotiation".into()));
        }
        match command {
            b'O' => self.negotiate(data, out)?,
            b'L' => self.header(data, out)?,
            b'B' => self.body(data, out),
            b'E' => {
                self.append(data, true);
                let bytes = std::mem::take(&mut self.mail.bytes);
                return Ok(Step::Judge(Work::Mail { bytes, truncated: self.mail.truncated }));
            }
            // Neither macros nor the end of a message or a connection are answered.
            b'D' => {}
            b'A' | b'K' => self.mail = Mail::default(),
            b'Q' => return Ok(Step::Quit),
            b'M' => {
                self.mail = Mail { begun: true, ..Mail::default() };
                go_on(out);
            }
            b'C' | b'H' | b'R' | b'T' | b'N' | b'U' => go_on(out),
            _ => return Err(ProtocolError(format!("command {command:#04x}"))),
        }
        Ok(Step::Go)
    }

    /// Appends what is to be done with the message that was judged: forged fields go, ours comes, the mail server goes
    /// on. It is never held back.
    pub fn finish(&mut self, status: &Status, out: &mut Vec<u8>) {
        let name = [FIELD.as_bytes(), b"\0"].concat();
        if self.actions & flags::CHGHDRS != 0 {
            // From the last on, so that no removal moves those that are left. An empty value removes.
            for index in (1..=self.mail.forged).rev() {
                packet(out, b'm', &[&index.to_be_bytes(), &name, b"\0"]);
            }
        }
        if self.actions & flags::ADDHDRS != 0 {
            let space = if self.steps & flags::HDR_LEADSPC != 0 { " " } else { "" };
            packet(out, b'i', &[&0u32.to_be_bytes(), &name, format!("{space}{status}\0").as_bytes()]);
        }
        go_on(out);
        self.mail = Mail::default();
    }

    /// What both sides can do is done.
    fn negotiate(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), ProtocolError> {
        let mut words =
            data.chunks_exact(4).map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]]));
        let (Some(version), Some(actions), Some(steps)) = (words.next(), words.next(), words.next()) else {
            return Err(ProtocolError("a negotiation that is too short".into()));
        };
        if version < 2 {
            return Err(ProtocolError(format!("protocol version {version}")));
        }
        self.negotiated = true;
        self.actions = actions & WANTED_ACTIONS;
        self.steps = steps & WANTED_STEPS;
        self.mail = Mail::default();
        let version = version.min(flags::VERSION);
        let words = [version, self.actions, self.steps].map(u32::to_be_bytes);
        packet(out, b'O', &[words.as_flattened()]);
        Ok(())
    }

    fn header(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), ProtocolError> {
        let mut strings = data.split(|&b| b == 0);
        let (Some(name), Some(value)) = (strings.next(), strings.next()) else {
            return Err(ProtocolError("a header field without a value".into()));
        };
        self.mail.begun = true;
        if is_ours(name) {
            self.mail.forged = (self.mail.forged + 1).min(MAX_REMOVED);
        } else {
            let colon: &[u8] = if self.steps & flags::HDR_LEADSPC != 0 { b":" } else { b": " };
            for part in [name, colon, value, b"\n"] {
                self.append(part, false);
            }
        }
        if self.steps & flags::NR_HDR == 0 {
            go_on(out);
        }
        Ok(())
    }

    fn body(&mut self, data: &[u8], out: &mut Vec<u8>) {
        self.append(data, true);
        if self.mail.truncated && self.steps & flags::SKIP != 0 {
            packet(out, b's', &[]);
        } else {
            go_on(out);
        }
    }

    /// Keeps what is within the limit.
    fn append(&mut self, bytes: &[u8], body: bool) {
        let mail = &mut self.mail;
        mail.begun = true;
        if body && !mail.in_body {
            mail.in_body = true;
            mail.bytes.push(b'\n');
        }
        let room = self.limit.saturating_sub(mail.bytes.len());
        mail.truncated |= bytes.len() > room;
        mail.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

fn is_ours(name: &[u8]) -> bool {
    name.trim_ascii().eq_ignore_ascii_case(FIELD.as_bytes())
}

fn go_on(out: &mut Vec<u8>) {
    packet(out, b'c', &[]);
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
