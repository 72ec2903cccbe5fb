//! Whether corpora are at hand and unchanged.

use std::{fmt, io::BufRead, path::Path};

use indicatif::ProgressBar;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{Corpus, file_of, open};
use crate::counts::grouped;

/// What a check of one corpus found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It is what the list says.
    Right {
        /// Its messages.
        messages: u64,
        /// Size of the uncompressed file.
        bytes: u64,
    },
    /// There is no file of it.
    Missing,
    /// Its file cannot be read.
    Unreadable(String),
    /// Another number of messages than the list says.
    OtherCount {
        /// Messages in the file.
        found: u64,
        /// Messages in the list.
        expected: u64,
    },
    /// As many messages as the list says, but another content. A corpus that was rebuilt from its raw form is
    /// like this; `sources status` tells how many labels fit it.
    OtherContent {
        /// SHA-256 of the uncompressed file.
        found: String,
    },
}

impl Finding {
    /// True if all is as the list says.
    pub fn is_right(&self) -> bool {
        matches!(self, Self::Right { .. })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Right { messages, bytes } => {
                write!(f, "right: {} messages, {} bytes", grouped(*messages), grouped(*bytes))
            }
            Self::Missing => f.write_str("missing"),
            Self::Unreadable(what) => write!(f, "unreadable: {what}"),
            Self::OtherCount { found, expected } => {
                write!(f, "changed: {} messages, expected {}", grouped(*found), grouped(*expected))
            }
            Self::OtherContent { found } => write!(f, "changed: SHA-256 of the content is {found}"),
        }
    }
}

/// Checks corpora in `dir`, in order, showing progress on standard error.
pub fn verify(corpora: &[&Corpus], dir: &Path) -> Vec<Finding> {
    let bar = ProgressBar::new(corpora.len() as u64);
    let check = |corpus: &&Corpus| {
        let finding = verify_one(corpus, dir);
        bar.inc(1);
        finding
    };
    let findings = corpora.par_iter().map(check).collect();
    bar.finish_and_clear();
    findings
}

fn verify_one(corpus: &Corpus, dir: &Path) -> Finding {
    let Some(path) = file_of(dir, &corpus.name) else { return Finding::Missing };
    let read = open(&path).and_then(|mut content| Ok(Content::read(&mut content)?));
    match read {
        Err(err) => Finding::Unreadable(format!("{err:#}")),
        Ok(Content { messages, .. }) if messages != corpus.messages => {
            Finding::OtherCount { found: messages, expected: corpus.messages }
        }
        Ok(Content { sha256, .. }) if sha256 != corpus.sha256 => Finding::OtherContent { found: sha256 },
        Ok(Content { messages, bytes, .. }) => Finding::Right { messages, bytes },
    }
}

/// What a stream holds.
struct Content {
    messages: u64,
    bytes: u64,
    sha256: String,
}

impl Content {
    fn read(content: &mut dyn BufRead) -> std::io::Result<Self> {
        let (mut hasher, mut messages, mut bytes, mut last) = (Sha256::new(), 0, 0, b'\n');
        loop {
            let chunk = content.fill_buf()?;
            let Some(end) = chunk.last() else { break };
            last = *end;
            hasher.update(chunk);
            messages += chunk.iter().filter(|byte| **byte == b'\n').count() as u64;
            let length = chunk.len();
            bytes += length as u64;
            content.consume(length);
        }
        // A last line without an end is a message too.
        messages += u64::from(last != b'\n');
        let sha256 = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { messages, bytes, sha256 })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::{fs, io::Write};

    use flate2::{Compression, write::GzEncoder};
    use tempfile::TempDir;

    use super::*;
    use crate::sources::{Command, Manifest, PlaceArgs, VerifyArgs, run};

    /// SHA-256 of `CONTENT`, by sha256sum.
    const SHA256: &str = "911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2";
    const CONTENT: &str = "a\nb\n";

    fn dir(content: &str) -> TempDir {
        let dir = TempDir::new().unwrap();
        let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
        gz.write_all(content.as_bytes()).unwrap();
        fs::write(dir.path().join("quay.jsonl.gz"), gz.finish().unwrap()).unwrap();
        dir
    }

    fn found(dir: &Path) -> (bool, String) {
        let sources = dir.join("sources.toml");
        let text = format!(
            "[[corpus]]\nname = \"quay\"\nupstream = \"https://forge.example/quay\"\ncommit = \"{}\"\n\
             licence = \"\"\nmessages = 2\nbytes = 4\nsha256 = \"{SHA256}\"\nreader = \"script\"\nobtain = \"\"\n",
            "a".repeat(40)
        );
        fs::write(&sources, text).unwrap();
        assert!(Manifest::read(&sources).is_ok());
        let place = PlaceArgs { corpora: Some(dir.to_owned()), sources };
        let mut out = Vec::new();
        let right = run(&Command::Verify(VerifyArgs { names: vec![], place }), &mut out).unwrap();
        (right, String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_corpus_that_is_as_listed_is_right_compressed_or_not() {
        let packed = dir(CONTENT);
        let (right, shown) = found(packed.path());
        assert!(right && shown.contains("right: 2 messages, 4 bytes\n1 of 1 corpora"), "{shown}");
        fs::remove_file(packed.path().join("quay.jsonl.gz")).unwrap();
        fs::write(packed.path().join("quay.jsonl"), CONTENT).unwrap();
        assert!(found(packed.path()).0);
    }

    #[test]
    fn what_is_not_as_listed_is_named() {
        for (content, expected) in [
            ("a\nb\nc", "changed: 3 messages, expected 2"),
            ("a\nc\n", "changed: SHA-256 of the content is "),
            ("", "changed: 0 messages, expected 2"),
        ] {
            let (right, shown) = found(dir(content).path());
            assert!(!right && shown.contains(expected) && shown.contains("0 of 1"), "{shown}");
        }
        let empty = TempDir::new().unwrap();
        assert!(found(empty.path()).1.contains("missing"));
        fs::write(empty.path().join("quay.jsonl.gz"), b"no gzip").unwrap();
        assert!(found(empty.path()).1.contains("unreadable: "));
    }
}
