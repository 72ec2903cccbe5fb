//! A store in a folder of its own, and the command at work on it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use undue::model::Model;

/// Rehearsed messages where a test is about the store: few, for speed.
const REHEARSAL: &str = "--rehearsal=40";

pub(crate) struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The command with this place's store, away from any corpora.
    pub(crate) fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_undue-train"));
        command.current_dir(self.dir.path()).env_remove("UNDUE_CORPORA");
        command.arg(verb).arg("--store").arg(self.path("store"));
        command
    }

    /// A retrain that rehearses little and is promoted whatever the gate says.
    pub(crate) fn quick(&self, incident: &Path) -> Command {
        let mut command = self.command("retrain");
        command.args([REHEARSAL, "--force", "--reason=a test of the store", "--incident"]).arg(incident);
        command
    }

    pub(crate) fn forget(&self, id: &str) -> Done {
        run(self.command("forget").args([REHEARSAL, "--id", id]))
    }

    pub(crate) fn active(&self) -> Vec<u8> {
        fs::read(self.path("store/active.undue")).unwrap()
    }

    pub(crate) fn active_model(&self) -> Model {
        Model::from_bytes(&self.active()).unwrap()
    }
}

#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.status, Some(0), "{}{}", self.out, self.err);
        self
    }
}

pub(crate) fn run(command: &mut Command) -> Done {
    done(command.output().unwrap())
}

pub(crate) fn done(output: Output) -> Done {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Done { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

pub(crate) fn shipped() -> Vec<u8> {
    Model::embedded().unwrap().to_bytes().unwrap()
}

/// A file of one message.
pub(crate) fn message(id: &str, text: &str) -> String {
    format!("{{\"id\": \"{id}\", \"text\": \"{text}\", \"labels\": [\"guilt\"], \"level\": 2}}\n")
}
