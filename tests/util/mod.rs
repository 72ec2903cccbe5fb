//! A temporary directory with a small archive and a small model, and the command run in it. A failed expectation
//! prints everything that is needed to see why.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;
use undue::model::{
    Calibration, Head, Metadata, Model, OUTPUTS, Output as ModelOutput, OutputFacts, TrainingFacts,
    Vocabulary, Weights,
};

pub(crate) struct Dir(TempDir);

impl Dir {
    /// A directory with `model.undue` and `list.mbox`.
    pub(crate) fn new() -> Self {
        let dir = Self(TempDir::new().unwrap());
        dir.write("model.undue", model().to_bytes().unwrap());
        dir.write("list.mbox", LIST);
        dir
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// `undue` with these arguments, to be run here.
    pub(crate) fn undue(&self, args: &[&str]) -> Undue {
        let mut command = Command::new(env!("CARGO_BIN_EXE_undue"));
        command.args(args).current_dir(self.path());
        command.env_remove("NO_COLOR").env_remove("COLUMNS");
        Undue { command, stdin: Vec::new(), dir: self.path().to_owned() }
    }

    /// `undue score` with the test's model.
    pub(crate) fn score(&self, args: &[&str]) -> Undue {
        self.undue(&[&["score", "--model", "model.undue"], args].concat())
    }
}

pub(crate) struct Undue {
    command: Command,
    stdin: Vec<u8>,
    dir: PathBuf,
}

/// What came of a run, as text.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Undue {
    pub(crate) fn stdin(mut self, content: impl AsRef<[u8]>) -> Self {
        self.stdin = content.as_ref().to_vec();
        self
    }

    /// Runs and expects this exit status.
    pub(crate) fn exits(mut self, status: i32) -> Ran {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let content = std::mem::take(&mut self.stdin);
        // A command that does not read its input closes the pipe; that is no failure.
        let writer = std::thread::spawn(move || drop(pipe.write_all(&content)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        assert!(output.status.code() == Some(status), "{}", self.failure(status, &output));
        Ran { stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// Runs and expects success.
    pub(crate) fn stdout(self) -> String {
        self.exits(0).stdout
    }

    /// The command itself, for tests that need more than its output.
    pub(crate) fn command(&mut self) -> &mut Command {
        &mut self.command
    }

    fn failure(&self, wanted: i32, output: &Output) -> String {
        let files: Vec<_> =
            fs::read_dir(&self.dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        format!(
            "\n\n==========\ncommand: {:?}\ncwd: {}\nfiles: {files:?}\nwanted: {wanted}\nstatus: {}\n\
             ----- stdout\n{}\n----- stderr\n{}\n==========\n",
            self.command,
            self.dir.display(),
            output.status,
            text(&output.stdout),
            text(&output.stderr),
        )
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

/// One mail of an mbox.
pub(crate) fn mail(id: &str, header: &str, body: &str) -> String {
    format!(
        "From x@tarn.example Thu Jan  4 10:00:00 2024\nMessage-ID: <{id}@tarn.example>\nFrom: Ada <ada@tarn.example>\n\
         {header}\n\n{body}\n\n"
    )
}

/// Four messages in two threads: ordinary talk, a handover that is demanded, a deadline, and one without a date.
pub(crate) const LIST: &str = "\
From bo@tarn.example Thu Jan  4 10:00:00 2024
Message-ID: <a@tarn.example>
From: Bo <bo@tarn.example>
Date: Thu, 04 Jan 2024 10:00:00 +0000
Subject: Build on the old compiler

The build fails there since the last change.

From cy@tarn.example Fri Feb  2 10:00:00 2024
Message-ID: <b@tarn.example>
In-Reply-To: <a@tarn.example>
From: Cy <cy@tarn.example>
Date: Fri, 02 Feb 2024 10:00:00 +0100
Subject: Re: Build on the old compiler

> The build fails there
Then it is time for a handover of the project. The tests pass here.

From di@tarn.example Sun Mar  3 10:00:00 2024
Message-ID: <c@tarn.example>
From: Di <di@tarn.example>
Date: Sun, 03 Mar 2024 10:00:00 +0000
Subject: Release

We have a deadline in May.

From ed@tarn.example Sun Mar  3 10:00:00 2024
Message-ID: <d@tarn.example>
In-Reply-To: <c@tarn.example>
From: Ed <ed@tarn.example>
Date: some day
Subject: Re: Release

It is nearly done.
";

/// A model of two words: "handover" speaks for takeover (level 3), "deadline" for urgency (level 2).
pub(crate) fn model() -> Model {
    let outputs = ModelOutput::all().map(|output| OutputFacts {
        name: output.name().into(),
        calibration: Calibration {
            scale: 0.0025,
            bias: -3.0,
            head: Head { intercept: 0.0, own: 1.0, labels: [0.0; 8] },
        },
        threshold: 0.5,
        false_alarm_rate: 0.0125,
        recall: 0.75,
    });
    let training = TrainingFacts {
        messages: [("invented".into(), 2)].into(),
        positives: [("takeover".into(), 1)].into(),
        inputs: [("labels".into(), "c0ffee".into())].into(),
        seed: 7,
        settings: [("l2".into(), 0.5)].into(),
    };
    let metadata = Metadata {
        name: "test-model".into(),
        version: "1".into(),
        language: "en".into(),
        outputs: outputs.collect(),
        training,
    };
    let mut weights = vec![Weights { sentence: [0; OUTPUTS], message: [0; OUTPUTS] }; 2];
    for name in ["urgency", "request", "pressure"] {
        weights[0].sentence[index(name)] = 800;
    }
    for name in ["takeover", "request", "pressure", "takeover_pressure"] {
        weights[1].sentence[index(name)] = 900;
    }
    let words = vec!["deadline".into(), "handover".into()];
    Model::new(metadata, Vocabulary::new(words, vec![]).unwrap(), weights).unwrap()
}

fn index(name: &str) -> usize {
    ModelOutput::all().position(|output| output.name() == name).unwrap()
}
