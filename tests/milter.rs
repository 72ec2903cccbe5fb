//! `undue serve --milter` from the mail server's side.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod util;

use std::{
    io::{BufRead, BufReader, Read, Write},
    os::unix::net::UnixStream,
    process::{Child, Command, Stdio},
};

use util::Dir;

struct Server {
    child: Child,
    dir: Dir,
}

impl Server {
    fn new(args: &[&str]) -> Self {
        let dir = Dir::new();
        let mut command = Command::new(env!("CARGO_BIN_EXE_undue"));
        command.current_dir(dir.path()).args(["serve", "--milter", "--socket", "milter.sock"]);
        let mut child =
            command.args(["--time-limit", "60000"]).args(args).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("listening on milter.sock"), "{line}");
        Self { child, dir }
    }

    fn connect(&self) -> MailServer {
        MailServer(UnixStream::connect(self.dir.path().join("milter.sock")).unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Speaks as Postfix does.
struct MailServer(UnixStream);

impl MailServer {
    fn send(&mut self, command: u8, data: &[u8]) {
        let mut bytes = u32::try_from(data.len() + 1).unwrap().to_be_bytes().to_vec();
        bytes.push(command);
        bytes.extend_from_slice(data);
        self.0.write_all(&bytes).unwrap();
    }

    fn receive(&mut self) -> (char, Vec<u8>) {
        let mut len = [0; 4];
        self.0.read_exact(&mut len).unwrap();
        let mut bytes = vec![0; u32::from_be_bytes(len) as usize];
        self.0.read_exact(&mut bytes).unwrap();
        (bytes[0].into(), bytes.split_off(1))
    }

    /// Offers version 6 with all actions and steps; the steps that both know.
    fn negotiate(&mut self, actions: u32, steps: u32) -> u32 {
        self.send(b'O', &[6, actions, steps].map(u32::to_be_bytes).concat());
        let (command, words) = self.receive();
        assert_eq!((command, words.len()), ('O', 12));
        u32::from_be_bytes(words[8..].try_into().unwrap())
    }

    /// Sends a mail and returns what is to be done with it.
    fn mail(&mut self, fields: &[(&str, &str)], body: &[&[u8]]) -> Vec<(char, String)> {
        self.send(b'D', b"Mi\0ABC\0");
        for (name, value) in fields {
            self.send(b'L', format!("{name}\0 {value}\0").as_bytes());
        }
        for chunk in body {
            self.send(b'B', chunk);
            if self.receive().0 == 's' {
                break;
            }
        }
        self.send(b'E', b"");
        let mut answers = Vec::new();
        while answers.last().is_none_or(|(command, _)| *command != 'c') {
            let (command, data) = self.receive();
            answers.push((command, String::from_utf8(data).unwrap()));
        }
        answers
    }
}

/// All that Postfix 3.7 offers.
const ACTIONS: u32 = 0x1ff;
const STEPS: u32 = 0x1f_ffff;
const PRESSING: &[u8] = b"It has been two months and you still did not answer. Hand over commit access to \
    somebody who has time for this project, or step down as maintainer.\r\n";

#[test]
fn mail_gets_its_field_and_forged_ones_go() {
    let server = Server::new(&[]);
    let mut mta = server.connect();
    let steps = mta.negotiate(ACTIONS, STEPS);
    assert_eq!(steps & 0x3f, 0x0f, "neither connection nor envelope, but header and body are sent");
    let answers = mta.mail(&[("From", "cy@tarn.example"), ("Subject", "Re: a\n\tfolded")], &[PRESSING]);
    let [(insert, field), (end, _)] = &answers[..] else { panic!("{answers:?}") };
    assert_eq!((*insert, *end), ('i', 'c'));
    assert!(field.starts_with("\0\0\0\0X-Undue-Status\0 Yes, level=3, "), "{field:?}");
    // The next mail of the connection knows nothing of the first.
    let answers = mta.mail(
        &[("X-Undue-Status", "No"), ("Subject", "b"), ("x-undue-status", "No, level=0")],
        &[b"The build works", b" with gcc 12.\r\n"],
    );
    let commands: String = answers.iter().map(|(command, _)| command).collect();
    assert_eq!(commands, "mmic", "{answers:?}");
    assert_eq!(answers[0].1, "\0\0\0\u{2}X-Undue-Status\0\0");
    assert_eq!(answers[1].1, "\0\0\0\u{1}X-Undue-Status\0\0");
    assert!(answers[2].1.starts_with("\0\0\0\0X-Undue-Status\0 No, level="), "{answers:?}");
    mta.send(b'Q', b"");
}

#[test]
fn a_mail_that_is_too_long_is_not_sent_to_its_end() {
    let server = Server::new(&["--limit", "4096"]);
    let mut mta = server.connect();
    mta.negotiate(ACTIONS, STEPS);
    let answers = mta.mail(&[("Subject", "a")], &[&[b'x'; 65_535][..]; 20]);
    assert!(answers[0].1.contains("Unsure, level=0") && answers[0].1.contains("reason=size"), "{answers:?}");
}

#[test]
fn a_mail_server_that_can_do_little_is_asked_for_little() {
    let server = Server::new(&[]);
    let mut mta = server.connect();
    assert_eq!(mta.negotiate(0, 0), 0);
    for (command, data) in [
        (b'C', &b"host\0\x34\0\x19127.0.0.1\0"[..]),
        (b'H', b"helo\0"),
        (b'M', b"<a@tarn.example>\0"),
        (b'R', b"<b@tarn.example>\0"),
        (b'T', b""),
        (b'L', b"X-Undue-Status\0No\0"),
        (b'N', b""),
        (b'B', PRESSING),
        (b'E', b""),
    ] {
        mta.send(command, data);
        assert_eq!(mta.receive().0, 'c', "{}", char::from(command));
    }
}

#[test]
fn what_is_no_milter_protocol_is_hung_up_on_and_others_are_served() {
    let server = Server::new(&[]);
    for bytes in
        [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0xff; 64], &[0, 0, 0, 0], b"\0\0\0\x01L", b"\0\0\0\x02O\0"]
    {
        let mut stranger = server.connect();
        stranger.0.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        let _ = stranger.0.read_to_end(&mut answer);
        assert_eq!(answer, b"", "{bytes:?}");
    }
    drop(server.connect());
    let mut half = server.connect();
    half.negotiate(ACTIONS, STEPS);
    half.send(b'L', b"Subject\0 a\0");
    drop(half);
    let mut mta = server.connect();
    mta.negotiate(ACTIONS, STEPS);
    assert!(mta.mail(&[("Subject", "a")], &[b"It builds."])[0].1.contains(" No, level=0"));
}

#[test]
fn a_mail_that_is_half_way_when_the_server_stops_gets_its_field() {
    let mut server = Server::new(&[]);
    let (mut mta, mut idle) = (server.connect(), server.connect());
    idle.negotiate(ACTIONS, STEPS);
    mta.negotiate(ACTIONS, STEPS);
    mta.send(b'L', b"Subject\0 a\0");
    mta.send(b'B', b"It bu");
    assert_eq!(mta.receive().0, 'c');
    let pid = server.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    // The connection without a mail is closed first.
    assert_eq!(idle.0.read(&mut [0]).unwrap(), 0);
    mta.send(b'B', b"ilds.");
    assert_eq!(mta.receive().0, 'c');
    mta.send(b'E', b"");
    let (command, field) = mta.receive();
    assert_eq!(command, 'i');
    assert!(String::from_utf8(field).unwrap().contains(" No, level=0"));
    assert_eq!(mta.receive().0, 'c');
    assert_eq!(mta.0.read(&mut [0]).unwrap(), 0);
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn its_health_can_be_asked_for() {
    let server = Server::new(&[]);
    let said = server.dir.undue(&["serve", "--milter", "--check", "milter.sock"]).stdout();
    assert_eq!(said, "ok: milter protocol version 6\n");
}
