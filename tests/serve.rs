//! `undue serve` as programs use it, and as hostile ones abuse it.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod util;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::net::UnixStream,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;
use util::Dir;

/// A server that ends with the test.
struct Server {
    child: Child,
    dir: Dir,
    /// What it listens on, as it said.
    endpoint: String,
    stderr: BufReader<std::process::ChildStderr>,
}

impl Server {
    /// On a Unix socket.
    fn new(args: &[&str]) -> Self {
        Self::start(&[&["--socket", "undue.sock"], args].concat())
    }

    fn start(args: &[&str]) -> Self {
        let dir = Dir::new();
        let mut command = Command::new(env!("CARGO_BIN_EXE_undue"));
        command.current_dir(dir.path()).arg("serve").args(["--time-limit", "60000"]).args(args);
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let endpoint = line.strip_prefix("undue: listening on ").unwrap_or_else(|| panic!("{line}"));
        let endpoint = endpoint.split(',').next().unwrap().to_owned();
        Self { child, dir, endpoint, stderr }
    }

    fn connect(&self) -> Client<UnixStream> {
        let stream = UnixStream::connect(self.dir.path().join(&self.endpoint)).unwrap();
        Client { reader: BufReader::new(stream.try_clone().unwrap()), stream }
    }

    fn signal(&self, name: &str) {
        let kill = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status();
        assert!(kill.unwrap().success());
    }

    fn said(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).unwrap();
        line
    }

    /// Exit status and the last words.
    fn stopped(mut self) -> (i32, String) {
        let mut rest = String::new();
        self.stderr.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code().unwrap(), rest)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Client<S> {
    stream: S,
    reader: BufReader<S>,
}

impl<S: Read + Write> Client<S> {
    fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    fn answer(&mut self) -> Option<Value> {
        let mut line = String::new();
        let len = self.reader.read_line(&mut line).unwrap();
        (len > 0).then(|| serde_json::from_str(&line).unwrap_or_else(|err| panic!("{err}: {line:?}")))
    }

    fn ask(&mut self, line: &str) -> Value {
        self.send(format!("{line}\n").as_bytes());
        self.answer().unwrap()
    }
}

const PRESSING: &str = "It has been two months and you still did not answer. Hand over commit access to somebody who \
    has time for this project, or step down as maintainer.";

fn request(id: usize, text: &str) -> String {
    format!("{}\n", serde_json::json!({ "id": id, "text": text }))
}

#[test]
fn answers_say_what_the_filter_says() {
    let server = Server::new(&[]);
    let mut client = server.connect();
    let answer = client.ask(&format!(r#"{{"id": "a", "message": "Subject: x\n\n{PRESSING}"}}"#));
    assert_eq!((&answer["id"], &answer["status"]), (&"a".into(), &"Yes".into()), "{answer}");
    let keys: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    let documented = ["id", "status", "level", "pressure", "takeover", "tests", "reason", "model", "header"];
    assert!(keys.len() == documented.len() && documented.iter().all(|key| keys.contains(key)), "{keys:?}");
    let header = answer["header"].as_str().unwrap();
    let mail = format!("Subject: x\n\n{PRESSING}");
    let filtered = server.dir.undue(&["filter", "--time-limit", "60000"]).stdin(&mail).stdout();
    assert_eq!(filtered, format!("X-Undue-Status: {header}\n{mail}"));
    let health = client.ask(r#"{"health": true}"#);
    assert_eq!((&health["health"], &health["judged"]), (&"ok".into(), &1.into()), "{health}");
    let checked = server.dir.undue(&["serve", "--check", "undue.sock"]).stdout();
    assert!(checked.starts_with(r#"{"health":"ok","#), "{checked}");
    let missing = server.dir.undue(&["serve", "--check", "missing.sock"]).exits(2);
    assert!(missing.stderr.contains("no healthy server"), "{}", missing.stderr);
}

#[test]
fn answers_come_in_order_however_far_a_client_sends_ahead() {
    let server = Server::new(&["--threads", "2"]);
    let client = server.connect();
    let mut writer = client.stream.try_clone().unwrap();
    let sender = thread::spawn(move || {
        for id in 0..2000 {
            writer
                .write_all(request(id, if id % 7 == 0 { PRESSING } else { "It builds." }).as_bytes())
                .unwrap();
        }
    });
    for (id, line) in client.reader.lines().take(2000).enumerate() {
        let answer: Value = serde_json::from_str(&line.unwrap()).unwrap();
        assert_eq!(answer["id"], id);
        assert_eq!(answer["status"] == "Yes", id % 7 == 0, "{answer}");
    }
    sender.join().unwrap();
}

#[test]
fn a_bad_request_is_refused_and_the_next_one_answered() {
    let server = Server::new(&["--limit", "4096"]);
    let mut client = server.connect();
    for (line, error) in [
        ("GET / HTTP/1.1", "malformed"),
        ("", "malformed"),
        ("{\"text\": 1}", "malformed"),
        (&"[".repeat(50_000), "malformed"),
        (&format!("{{\"text\": \"{}\"}}", "x".repeat(200_000)), "oversized"),
    ] {
        assert_eq!(client.ask(line)["error"], error, "{}", &line[..line.len().min(40)]);
    }
    client.send(b"\xff\xfe{\0\n");
    assert_eq!(client.answer().unwrap()["error"], "malformed");
    let long = client.ask(&format!("{{\"id\": 1, \"text\": \"{}\"}}", "x ".repeat(5000)));
    assert_eq!((&long["status"], &long["reason"]), (&"Unsure".into(), &"size".into()));
    assert_eq!(client.ask("{\"id\": 2, \"text\": \"It builds.\"}")["status"], "No");
}

#[test]
fn slow_clients_are_let_go_and_others_do_not_wait_for_them() {
    let server = Server::new(&["--idle-timeout", "1"]);
    let mut silent = server.connect();
    let mut slow = server.connect();
    let mut writer = slow.stream.try_clone().unwrap();
    // Byte by byte, it would take half a minute.
    let drip = thread::spawn(move || {
        request(1, &"x".repeat(300))
            .bytes()
            .take_while(|&byte| {
                thread::sleep(Duration::from_millis(100));
                writer.write_all(&[byte]).is_ok()
            })
            .count()
    });
    assert_eq!(server.connect().ask("{\"text\": \"It builds.\"}")["status"], "No");
    assert!(silent.answer().is_none(), "it said nothing, and is told nothing");
    assert!(slow.answer().is_none());
    assert!(drip.join().unwrap() < 300);
}

#[test]
fn clients_that_go_away_or_never_read_harm_nobody() {
    let server = Server::new(&["--idle-timeout", "2", "--connections", "40"]);
    for id in 0..30 {
        let mut client = server.connect();
        client.send(request(id, PRESSING).as_bytes());
        if id % 2 == 0 {
            client.send(b"{\"id\": 1, \"te");
        }
    }
    // Never reads: answers pile up until the socket is full.
    let stuffed = server.connect();
    let mut writer = stuffed.stream.try_clone().unwrap();
    let stuffing =
        thread::spawn(move || (0..20_000).all(|id| writer.write_all(request(id, "x").as_bytes()).is_ok()));
    assert_eq!(server.connect().ask("{\"text\": \"It builds.\"}")["status"], "No");
    assert!(!stuffing.join().unwrap(), "it was cut off");
    assert_eq!(server.connect().ask("{\"text\": \"It builds.\"}")["status"], "No");
}

#[test]
fn more_connections_than_may_be_are_turned_away_at_once() {
    let server = Server::new(&["--connections", "2"]);
    let (mut one, mut two) = (server.connect(), server.connect());
    assert_eq!(one.ask("{\"text\": \"a\"}")["status"], "No");
    assert_eq!(two.ask("{\"text\": \"a\"}")["status"], "No");
    let mut three = server.connect();
    assert_eq!(three.answer().unwrap()["error"], "busy");
    assert!(three.answer().is_none());
    drop(one);
    // Its place is free as soon as the server has seen it go.
    let came_in = (0..500).any(|_| {
        thread::sleep(Duration::from_millis(10));
        let mut client = server.connect();
        let _ = client.stream.write_all(b"{\"text\": \"a\"}\n");
        client.answer().is_some_and(|answer| answer["status"] == "No")
    });
    assert!(came_in);
    assert_eq!(two.ask("{\"text\": \"a\"}")["status"], "No");
}

#[test]
fn tcp_is_for_this_machine_alone_unless_told_otherwise() {
    let server = Server::start(&["--listen", "127.0.0.1:0"]);
    let stream = TcpStream::connect(&server.endpoint).unwrap();
    let mut client = Client { reader: BufReader::new(stream.try_clone().unwrap()), stream };
    assert_eq!(client.ask("{\"text\": \"a\"}")["status"], "No");
    server.dir.undue(&["serve", "--check", &server.endpoint]).exits(0);
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:1"] {
        let refused = server.dir.undue(&["serve", "--listen", address]).exits(2);
        assert!(refused.stderr.contains("--allow-remote"), "{}", refused.stderr);
    }
}

#[test]
fn stopping_under_load_answers_what_was_taken_and_leaves_nothing_behind() {
    let server = Server::new(&[]);
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let client = server.connect();
            let mut writer = client.stream.try_clone().unwrap();
            // Until the server closes.
            let sender = thread::spawn(move || {
                (0..).take_while(|&id| writer.write_all(request(id, "It builds.").as_bytes()).is_ok()).count()
            });
            let reader = thread::spawn(move || {
                let mut count = 0;
                for (id, line) in client.reader.lines().enumerate() {
                    // A connection that is reset has no more answers, and never half a one.
                    let Ok(line) = line else { break };
                    let answer: Value = serde_json::from_str(&line).unwrap();
                    assert_eq!((&answer["id"], &answer["status"]), (&id.into(), &"No".into()));
                    count += 1;
                }
                count
            });
            (sender, reader)
        })
        .collect();
    let socket = server.dir.path().join(&server.endpoint);
    thread::sleep(Duration::from_millis(300));
    server.signal("TERM");
    let (mut sent, mut answered) = (0, 0);
    for (sender, reader) in clients {
        sent += sender.join().unwrap();
        answered += reader.join().unwrap();
    }
    assert!(!socket.exists());
    let (code, said) = server.stopped();
    assert_eq!(code, 0, "{said}");
    let judged: usize =
        said.split("stopping\nundue: ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(
        answered > 0 && answered == judged,
        "{answered} answers to {judged} judged of {sent} sent; {said}"
    );
}

#[test]
fn a_request_that_waits_in_the_socket_when_the_server_stops_is_answered() {
    let mut server = Server::new(&[]);
    let mut client = server.connect();
    assert_eq!(client.ask("{\"text\": \"a\"}")["status"], "No");
    let requests: String = (0..200).map(|id| request(id, "It builds.")).collect();
    client.send(requests.as_bytes());
    server.signal("TERM");
    for id in 0..200 {
        assert_eq!(client.answer().unwrap()["id"], id);
    }
    assert!(client.answer().is_none());
    assert!(server.said().contains("stopping"));
    assert_eq!(server.stopped().0, 0);
}

#[test]
fn a_new_model_is_taken_up_under_load_and_no_request_is_lost() {
    let mut server = Server::new(&["--model", "model.undue"]);
    let mut client = server.connect();
    assert!(client.ask("{\"text\": \"handover\"}")["model"].as_str().unwrap().starts_with("test-model/1/"));
    let load: Vec<_> = (0..3)
        .map(|_| {
            let mut client = server.connect();
            thread::spawn(move || {
                for id in 0..600 {
                    client.send(request(id, "A handover.").as_bytes());
                    let answer = client.answer().unwrap();
                    assert_eq!((&answer["id"], &answer["error"]), (&id.into(), &Value::Null), "{answer}");
                }
            })
        })
        .collect();
    // A broken file leaves the model that is in use; a good one is taken.
    server.dir.write("model.undue", "no model");
    server.signal("HUP");
    let said = server.said();
    assert!(said.contains("stays in use"), "{said}");
    assert!(client.ask("{\"text\": \"x\"}")["model"].as_str().unwrap().starts_with("test-model/1/"));
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/models/undue-en/model.undue");
    fs::copy(shipped, server.dir.path().join("model.undue")).unwrap();
    server.signal("HUP");
    let said = server.said();
    assert!(said.contains("model undue-en/"), "{said}");
    assert!(client.ask("{\"text\": \"x\"}")["model"].as_str().unwrap().starts_with("undue-en/"));
    load.into_iter().for_each(|client| client.join().unwrap());
}
