//! Digests for the tests of this folder, and a context that they can be told to.

use std::sync::Arc;

use super::{
    Context, Digest, Observer, Settings,
    campaign::Campaign,
    digest::{Pressing, Quote, Who, key},
    names::name_key,
    phrases::Saying,
    strengths::Strengths,
    work::Work,
};
use crate::{Label, features::Part, model::Output};

/// A plain message of Ada's without anything to it.
pub(super) fn digest() -> Digest {
    Digest {
        id: "1@tarn.example".into(),
        project: "tarn".into(),
        who: who("Ada Löv"),
        controls: false,
        at: Some(0),
        thread: "1@tarn.example".into(),
        subject: "Release".into(),
        parent: None,
        is_answer: false,
        work: Work::None,
        announces: false,
        sayings: Vec::new(),
        named: Vec::new(),
        strengths: Strengths::default(),
        pressing: None,
        files: Box::default(),
    }
}

pub(super) fn who(name: &str) -> Arc<Who> {
    let login = name.split(' ').next().unwrap_or_default().to_lowercase();
    Arc::new(Who { name: name.into(), address: format!("{login}@{login}.example") })
}

/// A message on a day, in a thread.
pub(super) fn say(name: &str, day: i64, thread: &str) -> Digest {
    let id = format!("{name}-{day}-{thread}");
    Digest {
        id: id.into(),
        who: who(name),
        at: Some(day * 86_400),
        thread: thread.into(),
        is_answer: true,
        parent: Some(key(thread)),
        ..digest()
    }
}

/// The same message, pressing so strongly, for these labels, naming these people.
pub(super) fn pressing(digest: Digest, pressure: f32, labels: &[Label], names: &[&str]) -> Digest {
    let takeover = labels.contains(&Label::Takeover);
    let mut strengths = Strengths::default();
    strengths.set(Output::PRESSURE, pressure);
    strengths.set(Output::TAKEOVER_PRESSURE, if takeover { pressure } else { 0.0 });
    labels.iter().for_each(|label| strengths.set(Output::Label(*label), 0.9));
    let quote = Quote { part: Part::Body, range: 0..4, text: "Now!".into() };
    let pressing = Pressing {
        evidence: vec![(Output::PRESSURE, quote)],
        names: names.iter().map(|name| name_key(name)).collect(),
        subject: digest.subject.clone(),
        ..Pressing::default()
    };
    Digest { strengths, pressing: Some(Box::new(pressing)), ..digest }
}

/// The same message with a sentence that says something.
pub(super) fn saying(digest: Digest, saying: Saying, names: &[&str]) -> Digest {
    let quote = Quote { part: Part::Body, range: 0..9, text: "You said.".into() };
    let named = names.iter().map(|name| name_key(name)).collect();
    Digest { sayings: vec![(saying, quote)], named, ..digest }
}

/// Keeps what it is told.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) campaigns: Vec<Campaign>,
    pub(super) merges: usize,
    pub(super) threads: usize,
    pub(super) authors: Vec<super::AuthorSummary>,
}

impl Observer for Kept {
    fn campaign(&mut self, campaign: Campaign) {
        self.campaigns.push(campaign);
    }

    fn merge(&mut self, _: super::Merge) {
        self.merges += 1;
    }

    fn thread(&mut self, _: super::ThreadSummary) {
        self.threads += 1;
    }

    fn author(&mut self, author: super::AuthorSummary) {
        self.authors.push(author);
    }
}

/// 200 ordinary messages of twenty people over 100 days, the first of whom, "Mo Tarn", announces releases and answers.
pub(super) fn history() -> Vec<Digest> {
    let message = |i: i64| {
        let name = if i % 4 == 0 { "Mo Tarn".to_owned() } else { format!("P{} Lake", i % 20) };
        let announces = i % 40 == 0;
        Digest { id: format!("h{i}").into(), announces, ..say(&name, i / 2, &format!("h{}", i / 5)) }
    };
    (0..200).map(message).collect()
}

/// What comes of these messages behind [`history`].
pub(super) fn told(messages: Vec<Digest>) -> Kept {
    let mut context = Context::new(Settings::default());
    let mut kept = Kept::default();
    for digest in history().into_iter().chain(messages) {
        context.observe(digest, &mut kept);
    }
    context.finish(&mut kept);
    kept
}
