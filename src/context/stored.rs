//! The stored form of a digest, for whoever keeps digests between runs: JSON with short names. Apart from the domain
//! type, so that neither changes with the other by accident.
//!
//! What depends on the other messages of an archive is not in it: the thread, and whether the message is a copy.

use std::{ops::Range, sync::Arc};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{
    Digest, Saying, Strengths, Who, Work,
    digest::{Key, MAX_NAME, Pressing, Quote, cut, key, shared},
    phrases,
    touch::{FileKind, Touched},
};
use crate::{
    ErrorKind, Result,
    features::Part,
    model::{OUTPUTS, Output},
};

/// To be raised with every change to what a digest holds or how it is made.
const VERSION: u32 = 2;

/// Names the way in which digests are made: those of another fingerprint do not mix with new ones. It holds the
/// program's version, the phrases, and what this build's hash function makes of them.
pub fn fingerprint() -> String {
    format!("{:016x}", key((VERSION, env!("CARGO_PKG_VERSION"), phrases::TABLE)))
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    i: Box<str>,
    p: Box<str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    n: Box<str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    a: Box<str>,
    #[serde(default, skip_serializing_if = "is_false")]
    controls: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    s: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<Key>,
    #[serde(default, skip_serializing_if = "is_false")]
    answer: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    work: Option<usize>,
    #[serde(default, skip_serializing_if = "is_false")]
    announces: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    says: Vec<(usize, WireQuote)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    named: Vec<Key>,
    x: [u32; OUTPUTS],
    #[serde(default, skip_serializing_if = "Option::is_none")]
    press: Option<WirePressing>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    files: Vec<(usize, Box<str>)>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WirePressing {
    evidence: Vec<(usize, WireQuote)>,
    words: Box<[u32]>,
    names: Vec<Key>,
    subject: Box<str>,
}

/// In the subject or not, bytes, words.
#[derive(Debug, Serialize, Deserialize)]
struct WireQuote(bool, Range<usize>, Box<str>);

fn is_false(value: &bool) -> bool {
    !value
}

fn kind_place(kind: FileKind) -> usize {
    FileKind::ALL.iter().position(|known| *known == kind).unwrap_or_default()
}

impl From<Quote> for WireQuote {
    fn from(Quote { part, range, text }: Quote) -> Self {
        Self(part == Part::Subject, range, text)
    }
}

impl From<WireQuote> for Quote {
    fn from(WireQuote(in_subject, range, text): WireQuote) -> Self {
        Self { part: if in_subject { Part::Subject } else { Part::Body }, range, text }
    }
}

impl From<Digest> for Wire {
    fn from(digest: Digest) -> Self {
        // Every field by name: a new one does not compile until it is stored.
        let Digest {
            id,
            project,
            who,
            controls,
            at,
            thread: _,
            subject,
            parent,
            is_answer,
            work,
            announces,
            sayings,
            named,
            strengths,
            pressing,
            files,
        } = digest;
        let place = |saying| Saying::ALL.iter().position(|known| *known == saying).unwrap_or_default();
        Self {
            i: id,
            p: (*project).into(),
            n: who.name.as_str().into(),
            a: who.address.as_str().into(),
            controls,
            at,
            s: subject,
            parent,
            answer: is_answer,
            work: work.index(),
            announces,
            says: sayings.into_iter().map(|(saying, quote)| (place(saying), quote.into())).collect(),
            named,
            x: strengths.to_bits(),
            press: pressing.map(|pressing| WirePressing::from(*pressing)),
            files: files.into_iter().map(|Touched { kind, path }| (kind_place(kind), path)).collect(),
        }
    }
}

impl From<Pressing> for WirePressing {
    fn from(Pressing { evidence, words, names, subject }: Pressing) -> Self {
        let evidence = evidence.into_iter().map(|(output, quote)| (output.index(), quote.into())).collect();
        Self { evidence, words, names, subject }
    }
}

impl WirePressing {
    fn into_pressing(self) -> Option<Pressing> {
        let Self { evidence, words, names, subject } = self;
        let piece = |(output, quote): (usize, WireQuote)| Some((Output::all().nth(output)?, quote.into()));
        let evidence = evidence.into_iter().map(piece).collect::<Option<_>>()?;
        Some(Pressing { evidence, words, names, subject })
    }
}

impl Digest {
    /// The stored form. It has neither the thread nor anything else that depends on other messages: the message that
    /// the digest was made of must not have been marked as a copy.
    ///
    /// # Errors
    /// None that is known of; those of the JSON library.
    pub fn into_stored(self) -> Result<Vec<u8>> {
        let stored = serde_json::to_vec(&Wire::from(self));
        stored.map_err(|err| ErrorKind::State(format!("a message cannot be stored: {err}")).into())
    }
}

/// Makes digests of their stored form; shares the strings that repeat.
#[derive(Debug, Default)]
pub struct Restorer {
    authors: FxHashMap<Key, Arc<Who>>,
    projects: FxHashMap<Key, Arc<str>>,
}

impl Restorer {
    /// The digest that was stored, of a message in `thread`. A copy (a second message of an id) presses nobody and
    /// carries no work, as [`Digester`](super::Digester) has it.
    ///
    /// # Errors
    /// [`ErrorKind::State`] if `stored` is no stored digest.
    pub fn restore(&mut self, stored: &[u8], thread: &str, is_copy: bool) -> Result<Digest> {
        let wire = serde_json::from_slice(stored).map_err(|err| damaged(&err))?;
        let mut digest = self.digest(wire, thread).ok_or_else(|| damaged(&"an unknown number"))?;
        if is_copy {
            (digest.work, digest.pressing) = (Work::None, None);
            digest.sayings.clear();
            digest.files = Box::default();
        }
        Ok(digest)
    }

    fn digest(&mut self, wire: Wire, thread: &str) -> Option<Digest> {
        let says = |(saying, quote): (usize, WireQuote)| Some((*Saying::ALL.get(saying)?, quote.into()));
        let touched =
            |(kind, path): (usize, Box<str>)| Some(Touched { kind: *FileKind::ALL.get(kind)?, path });
        let (name, address) = (&*wire.n, &*wire.a);
        let who = shared(&mut self.authors, key((name, address)), || {
            Arc::new(Who { name: name.to_owned(), address: address.to_owned() })
        });
        Some(Digest {
            project: shared(&mut self.projects, key(&*wire.p), || wire.p.as_ref().into()),
            who,
            id: wire.i,
            controls: wire.controls,
            at: wire.at,
            thread: cut(thread, MAX_NAME).into(),
            subject: wire.s,
            parent: wire.parent,
            is_answer: wire.answer,
            work: wire.work.map_or(Some(Work::None), |work| Work::KINDS.get(work).copied())?,
            announces: wire.announces,
            sayings: wire.says.into_iter().map(says).collect::<Option<_>>()?,
            named: wire.named,
            strengths: Strengths::from_bits(wire.x),
            pressing: match wire.press {
                Some(press) => Some(Box::new(press.into_pressing()?)),
                None => None,
            },
            files: wire.files.into_iter().map(touched).collect::<Option<_>>()?,
        })
    }
}

fn damaged(what: &dyn std::fmt::Display) -> crate::Error {
    ErrorKind::State(format!("what was stored of a message is damaged: {what}")).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::context::test_data::digest;

    fn full() -> Digest {
        let quote = |part| Quote { part, range: 3..9, text: "words \"\u{1b}".into() };
        let mut strengths = Strengths::default();
        strengths.set(Output::PRESSURE, 0.1);
        strengths.set(Output::TAKEOVER_PRESSURE, f32::MIN_POSITIVE);
        let pressing = Pressing {
            evidence: vec![(Output::PRESSURE, quote(Part::Body))],
            words: Box::new([1, u32::MAX]),
            names: vec![u64::MAX],
            subject: "Re: x".into(),
        };
        Digest {
            at: Some(-5),
            parent: Some(u64::MAX - 1),
            is_answer: true,
            controls: true,
            announces: true,
            work: Work::Report,
            sayings: vec![(Saying::SelfOffer, quote(Part::Subject))],
            named: vec![7],
            strengths,
            pressing: Some(Box::new(pressing)),
            files: FileKind::ALL.map(|kind| Touched { kind, path: "m4/\u{1b}.m4".into() }).into(),
            ..digest()
        }
    }

    #[test]
    fn a_digest_comes_back_as_it_was() {
        for digest in [digest(), full()] {
            let stored = digest.clone().into_stored().unwrap();
            let back = Restorer::default().restore(&stored, &digest.thread, false).unwrap();
            assert_eq!(format!("{back:?}"), format!("{digest:?}"));
        }
    }

    #[test]
    fn a_copy_presses_nobody_and_does_no_work() {
        let stored = full().into_stored().unwrap();
        let copy = Restorer::default().restore(&stored, "t", true).unwrap();
        assert!(copy.pressing.is_none() && copy.sayings.is_empty() && copy.files.is_empty());
        assert_eq!(copy.work, Work::None);
        assert_eq!((&*copy.thread, copy.at), ("t", Some(-5)));
    }

    #[test]
    fn damage_is_an_error() {
        let stored = String::from_utf8(full().into_stored().unwrap()).unwrap();
        for bad in [stored.replace("\"work\":3", "\"work\":9"), stored.replace("\"i\"", "\"j\""), "x".into()]
        {
            assert!(Restorer::default().restore(bad.as_bytes(), "t", false).is_err(), "{bad}");
        }
    }
}
