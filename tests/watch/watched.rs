//! A folder that is watched, and what a run says.

use std::{
    fs::{self, OpenOptions},
    io::Write,
};

use crate::util::{Dir, Ran, mail};

/// A folder with a state and an archive folder `a`.
pub(crate) struct Watched(pub(crate) Dir);

/// What a run said.
#[derive(Debug)]
pub(crate) struct Said {
    /// Ids of the messages that were reported, without the domain, sorted, one after the other.
    pub(crate) ids: String,
    pub(crate) read: u64,
    pub(crate) bytes: u64,
    pub(crate) new: u64,
    pub(crate) known: u64,
    pub(crate) stderr: String,
}

impl Watched {
    pub(crate) fn new() -> Self {
        let dir = Dir::new();
        fs::create_dir(dir.path().join("a")).unwrap();
        Self(dir)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        self.0.write(name, content);
    }

    pub(crate) fn append(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = OpenOptions::new().append(true).create(true).open(path).unwrap();
        file.write_all(content.as_ref()).unwrap();
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        let path = |name| self.0.path().join(name);
        fs::create_dir_all(path(to).parent().unwrap()).unwrap();
        fs::rename(path(from), path(to)).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.0.path().join(name)).unwrap();
    }

    /// Arguments of a run over `a`, with the test's model.
    pub(crate) fn args<'a>(&self, more: &[&'a str]) -> Vec<&'a str> {
        let mut all = vec!["watch", "--model", "model.undue", "--format", "jsonl"];
        if !more.contains(&"--state") {
            all.extend(["--state", "s.sqlite"]);
        }
        all.extend(more);
        if !more.contains(&"-") {
            all.push("a");
        }
        all
    }

    pub(crate) fn exits(&self, status: i32, more: &[&str]) -> Ran {
        self.0.undue(&self.args(more)).exits(status)
    }

    pub(crate) fn run(&self) -> Said {
        self.run_with(&[])
    }

    pub(crate) fn run_with(&self, more: &[&str]) -> Said {
        said(self.exits(0, more))
    }

    /// All campaigns that the state holds.
    pub(crate) fn all(&self, more: &[&str]) -> String {
        self.exits(0, &[&["--all", "--min-probability", "0"], more].concat()).stdout
    }
}

pub(crate) fn said(ran: Ran) -> Said {
    let numbers = |line: &str| -> Vec<u64> {
        let plain = line.replace(',', "");
        plain.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect()
    };
    let line = ran.stderr.lines().find(|line| line.contains(" messages read (")).expect(&ran.stderr);
    let [read, bytes, new, known] = numbers(&line.replacen(" them new;", ";", 1))[..] else {
        panic!("{line}")
    };
    Said { ids: ids(&ran.stdout), read, bytes, new, known, stderr: ran.stderr }
}

pub(crate) fn ids(stdout: &str) -> String {
    let lines = stdout.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let messages = lines.filter(|line| line["report"] == "message");
    let mut ids: Vec<String> =
        messages.map(|line| line["id"].as_str().unwrap().replace("@tarn.example", "")).collect();
    ids.sort();
    ids.concat()
}

/// A mail that presses under the test's model.
pub(crate) fn press(id: &str) -> String {
    mail(
        id,
        "Date: Thu, 04 Jan 2024 10:00:00 +0000\nSubject: x",
        &format!("It is time for a handover, says {id}."),
    )
}

/// A mail that does not.
pub(crate) fn talk(id: &str) -> String {
    mail(id, "Date: Thu, 04 Jan 2024 10:00:00 +0000\nSubject: x", &format!("The build {id} is fine."))
}
