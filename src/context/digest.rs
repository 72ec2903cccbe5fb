//! A scored message reduced to what the context keeps of it: some 300 bytes, a little more where it presses.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    ops::Range,
    sync::Arc,
};

use rustc_hash::FxHashMap;

use super::{
    names::names_in,
    phrases::{self, Found, Saying},
    strengths::Strengths,
    touch::{self, Touched},
    wording,
    work::{self, Work},
};
use crate::{
    Label, Message, Problem,
    features::{Part, Sentence, sentences},
    model::{Model, OUTPUTS, Output},
    pipeline::Scored,
};

/// Hash of something that has a name. SipHash: strangers choose the names.
pub(super) type Key = u64;

/// The date of what has none in an archive without dates, in seconds since 1970: before all that a calendar knows, so
/// that it is shown as no date, and far from where sums overflow.
pub(super) const UNDATED: i64 = -1_000_000_000_000;

pub(super) fn key(value: impl Hash) -> Key {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Name and address of an author, as one message states them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Who {
    /// Display or login name; empty if unknown.
    pub name: String,
    /// Mail address in lower case; empty if unknown.
    pub address: String,
}

impl Who {
    /// The name, or the address where there is none.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { &self.address } else { &self.name }
    }

    /// What follows the `@`; empty if unknown.
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Words of a message that carry something, quoted with their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Subject or body.
    pub part: Part,
    /// Bytes of the subject or body.
    pub range: Range<usize>,
    /// The words; the first [`MAX_QUOTE`] bytes of them.
    pub text: Box<str>,
}

/// Bytes of a quote that are kept.
pub const MAX_QUOTE: usize = 240;
/// Bytes of a name, an id or a title that are kept.
pub(super) const MAX_NAME: usize = 512;
/// Bytes of a thread's title that are kept.
const MAX_TITLE: usize = 120;
/// Pieces of evidence that are kept of a pressing message, the strongest first.
const MAX_EVIDENCE: usize = 4;

fn quote_of(message: &Message, sentence: &Sentence) -> Quote {
    Quote::new(message, sentence.part, sentence.range.clone())
}

impl Quote {
    fn new(message: &Message, part: Part, range: Range<usize>) -> Self {
        let text = match part {
            Part::Subject => &message.subject[range.clone()],
            Part::Body => &message.body[range.clone()],
        };
        Self { part, range, text: cut(text, MAX_QUOTE).into() }
    }
}

/// What only pressing messages bring along.
#[derive(Debug, Clone, Default)]
pub(super) struct Pressing {
    pub(super) evidence: Vec<(Output, Quote)>,
    /// Hashes of the words that carry content, sorted.
    pub(super) words: Box<[u32]>,
    /// Keys of the names in the message, as far as they look like names.
    pub(super) names: Vec<Key>,
    pub(super) subject: Box<str>,
}

/// One message as the context sees it.
#[derive(Debug, Clone)]
pub struct Digest {
    pub(super) id: Box<str>,
    pub(super) project: Arc<str>,
    pub(super) who: Arc<Who>,
    pub(super) controls: bool,
    /// Seconds since 1970; none without a date.
    pub(super) at: Option<i64>,
    pub(super) thread: Box<str>,
    /// Subject or title, of the first message of a thread alone.
    pub(super) subject: Box<str>,
    pub(super) parent: Option<Key>,
    pub(super) is_answer: bool,
    pub(super) work: Work,
    pub(super) announces: bool,
    pub(super) sayings: Vec<(Saying, Quote)>,
    /// Keys of the names in sayings that yield something.
    pub(super) named: Vec<Key>,
    pub(super) strengths: Strengths,
    pub(super) pressing: Option<Box<Pressing>>,
    /// Files of its change that deserve a look where a newcomer sends them.
    pub(super) files: Box<[Touched]>,
}

impl Digest {
    /// Message id; the first 512 bytes of it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// List or repository; the file where none is known.
    pub fn project(&self) -> &Arc<str> {
        &self.project
    }

    /// True if the message may belong to a campaign.
    pub fn presses(&self) -> bool {
        self.pressing.is_some()
    }

    /// Seconds since 1970; none without a date.
    pub fn at(&self) -> Option<i64> {
        self.at
    }

    /// How strongly the message presses.
    pub fn strengths(&self) -> &Strengths {
        &self.strengths
    }
}

/// Strength of pressing from which on a message may belong to a campaign: odds of a quarter of those at the threshold.
/// Several weak messages together may say what none says alone.
pub(super) const FLOOR: f64 = 0.2;
/// Strings that are shared before the memory of them is cleared.
const MAX_SHARED: usize = 50_000;

/// Makes digests; shares the strings that repeat.
#[derive(Debug)]
pub struct Digester<'m> {
    model: &'m Model,
    authors: FxHashMap<Key, Arc<Who>>,
    projects: FxHashMap<Key, Arc<str>>,
}

impl<'m> Digester<'m> {
    /// A digester of messages scored by `model`.
    pub fn new(model: &'m Model) -> Self {
        Self { model, authors: FxHashMap::default(), projects: FxHashMap::default() }
    }

    /// Reduces one message.
    pub fn digest(&mut self, Scored { message, score, .. }: &Scored) -> Digest {
        let sentences = sentences(message);
        // What the model cannot read presses nobody.
        let probabilities = if score.is_judged { score.probabilities } else { [0.0; OUTPUTS] };
        let strengths = Strengths::new(&probabilities, self.model);
        let found = phrases::find(message, &sentences);
        let is_answer =
            message.parent.is_some() || !message.references.is_empty() || is_reply(&message.subject);
        let yields = |found: &&Found| matches!(found.saying, Saying::Concession | Saying::Grant);
        // "Ask Oda. She is practically a maintainer already." Who is meant may be named next to the sentence.
        let near = |found: &Found| {
            &sentences[found.sentence.saturating_sub(1)..sentences.len().min(found.sentence + 2)]
        };
        let named = found.iter().filter(yields).flat_map(near);
        let named = named.flat_map(|it| names_in(it.text(message))).collect();
        let work = match work::of(message, &sentences, is_answer) {
            Work::Answer if strengths.pressing() >= FLOOR => Work::None,
            work => work,
        };
        // A mail that came by two ways was written once.
        let is_copy = message.problems.contains(&Problem::DuplicateId);
        let found = if is_copy { Vec::new() } else { found };
        let work = if is_copy { Work::None } else { work };
        let pressing = (!is_copy && backs_or_presses(&strengths)).then(|| {
            let strongest = score.evidence.iter().take(MAX_EVIDENCE);
            let quote = |range: &Range<usize>, part| Quote::new(message, part, range.clone());
            let evidence = strongest.map(|it| (it.output, quote(&it.range, it.part))).collect();
            let names = sentences.iter().flat_map(|it| names_in(it.text(message))).collect();
            let subject = cut(&message.subject, MAX_NAME).into();
            Box::new(Pressing { evidence, words: wording::words(message, &sentences), names, subject })
        });
        let thread = message.thread.as_deref().unwrap_or(&message.id);
        Digest {
            id: cut(&message.id, MAX_NAME).into(),
            project: self.project(message),
            who: self.who(message),
            controls: is_control_role(&message.author.role),
            at: message.date.map(|date| date.timestamp.as_second()),
            thread: cut(thread, MAX_NAME).into(),
            subject: if is_answer { "" } else { cut(&message.subject, MAX_TITLE) }.into(),
            parent: message.parent.as_deref().or(message.references.last().map(String::as_str)).map(key),
            is_answer,
            work,
            announces: announces_release(&message.subject) && !is_answer,
            named,
            sayings: found.iter().map(|it| (it.saying, quote_of(message, &sentences[it.sentence]))).collect(),
            strengths,
            pressing,
            files: if is_copy { Box::default() } else { touch::of(&message.files) },
        }
    }

    /// The list or repository; the file where none is known.
    fn project(&mut self, message: &Message) -> Arc<str> {
        let path = message.position.path.to_string_lossy();
        let name = cut(message.list.as_deref().unwrap_or(&path), MAX_NAME);
        shared(&mut self.projects, key(name), || name.into())
    }

    fn who(&mut self, message: &Message) -> Arc<Who> {
        let (name, address) = (cut(&message.author.name, MAX_NAME), cut(&message.author.address, MAX_NAME));
        shared(&mut self.authors, key((name, address)), || {
            Arc::new(Who { name: name.to_owned(), address: address.to_lowercase() })
        })
    }
}

/// Endorsements count even where they press little: a word of support makes a crowd.
fn backs_or_presses(strengths: &Strengths) -> bool {
    let requested = strengths.label(Label::Endorsement) >= 0.5 || strengths.label(Label::Takeover) >= 0.5;
    strengths.pressing() >= FLOOR || (requested && strengths.pressing() >= FLOOR / 2.0)
}

pub(super) fn shared<T: Clone>(map: &mut FxHashMap<Key, T>, key: Key, make: impl FnOnce() -> T) -> T {
    if map.len() >= MAX_SHARED {
        map.clear();
    }
    map.entry(key).or_insert_with(make).clone()
}

/// Cuts at a character boundary.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

fn is_reply(subject: &str) -> bool {
    subject.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("re:"))
}

/// Roles of trackers that may merge, close and release. GitHub's `CONTRIBUTOR` is somebody with one merged change.
fn is_control_role(role: &str) -> bool {
    ["OWNER", "MEMBER", "COLLABORATOR", "MAINTAINER", "ADMIN", "COMMITTER"]
        .iter()
        .any(|known| role.eq_ignore_ascii_case(known))
}

/// `[ANNOUNCE] x 1.2`, "x 1.2 released", "Announcing x 1.2".
fn announces_release(subject: &str) -> bool {
    let subject = subject.to_lowercase();
    let has_number = subject.contains(|c: char| c.is_ascii_digit());
    has_number
        && ["[announce", "announce:", "announcing ", " released", "[release]"]
            .iter()
            .any(|it| subject.contains(it))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{Level, Score};

    #[test]
    fn a_copy_of_a_message_presses_nobody_twice() {
        let model = Model::embedded().unwrap();
        let score = Score {
            probabilities: [0.9; OUTPUTS],
            level: Level::Pressure,
            labels: vec![],
            is_judged: true,
            evidence: vec![],
        };
        let of = |problems: Vec<Problem>| {
            let message =
                Message { id: "1@tarn.example".into(), body: "Now!".into(), problems, ..Message::default() };
            let scored = Scored { message, score: score.clone(), insight: None };
            Digester::new(&model).digest(&scored).pressing.is_some()
        };
        assert!(of(vec![Problem::NoDate]));
        assert!(!of(vec![Problem::NoDate, Problem::DuplicateId]));
    }

    #[test]
    fn releases_are_announced_by_subject() {
        for (subject, wanted) in [
            ("[ANNOUNCE] tarn 1.2", true),
            ("tarn 1.2 released", true),
            ("Announcing our meeting", false),
            ("When is 1.2 out?", false),
        ] {
            assert_eq!(announces_release(subject), wanted, "{subject}");
        }
    }
}
