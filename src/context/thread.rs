//! What is known of a thread: who began it, who answers, what was asked again, and what maintainers said.

use std::{collections::VecDeque, sync::Arc};

use super::{
    campaign::Ask,
    digest::{Digest, Key, Quote, Who},
    phrases::Saying,
    work::Work,
};

/// Authors of a thread that are told apart.
const MAX_AUTHORS: usize = 64;
/// Messages of a thread whose authors are remembered, to know whom an answer answers.
const MAX_RECENT: usize = 64;
/// Asks of a thread that are followed.
const MAX_ASKS: usize = 16;
/// Statements of a thread that are kept.
pub(super) const MAX_STATEMENTS: usize = 16;

/// What somebody who holds control said of a request or of themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What it stands for.
    pub saying: Saying,
    /// Message id.
    pub message: Box<str>,
    /// Seconds since 1970.
    pub at: i64,
    /// Who said it.
    pub author: Arc<Who>,
    /// The sentence.
    pub quote: Quote,
    /// People of the project whom the sentence names.
    pub(super) named: Vec<Key>,
}

impl Statement {
    /// A statement that names nobody.
    pub fn new(saying: Saying, message: &str, at: i64, author: Arc<Who>, quote: Quote) -> Self {
        Self { saying, message: message.into(), at, author, quote, named: Vec::new() }
    }
}

/// One author asking one thing, once or again.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    pub(super) author: Key,
    pub(super) ask: Ask,
    pub(super) count: u32,
    pub(super) last: i64,
    /// Seconds between the first and the last time.
    pub(super) span: i64,
}

/// A thread's record.
#[derive(Debug, Clone)]
pub(super) struct Thread {
    pub(super) id: Box<str>,
    pub(super) project: Arc<str>,
    pub(super) subject: Box<str>,
    /// Who began it, unless they hold control.
    pub(super) starter: Option<Key>,
    /// What its first message contributes.
    pub(super) work: Work,
    pub(super) starter_who: Arc<Who>,
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) messages: u32,
    pub(super) authors: Vec<Key>,
    pub(super) recent: VecDeque<(Key, Key)>,
    pub(super) asks: Vec<Asking>,
    /// How many seconds it usually took, before this thread, until somebody who holds control answered.
    pub(super) usual: Option<f64>,
    /// When somebody who holds control first answered, and who did last.
    pub(super) answered: Option<i64>,
    pub(super) answerer: Option<Key>,
    pub(super) statements: Vec<Statement>,
    pub(super) pressing: f64,
    pub(super) pressing_messages: u32,
    pub(super) strongest: f64,
}

impl Thread {
    pub(super) fn new(digest: &Digest, at: i64, starter: Option<Key>) -> Self {
        Self {
            id: digest.thread.clone(),
            project: digest.project.clone(),
            subject: digest.subject.clone(),
            starter,
            work: if digest.is_answer { Work::None } else { digest.work },
            starter_who: digest.who.clone(),
            first: at,
            last: at,
            messages: 0,
            authors: Vec::new(),
            recent: VecDeque::new(),
            asks: Vec::new(),
            usual: None,
            answered: None,
            answerer: None,
            statements: Vec::new(),
            pressing: 0.0,
            pressing_messages: 0,
            strongest: 0.0,
        }
    }

    /// Counts a message; true if its author is new to the thread.
    pub(super) fn count(&mut self, digest: &Digest, at: i64, author: Key, message: Key) -> bool {
        self.messages += 1;
        self.last = self.last.max(at);
        let pressing = digest.strengths.pressing();
        self.strongest = self.strongest.max(pressing);
        if pressing >= 0.5 {
            self.pressing_messages += 1;
        }
        self.pressing += if digest.pressing.is_some() { pressing } else { 0.0 };
        if self.recent.len() >= MAX_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((message, author));
        let is_new = self.authors.len() < MAX_AUTHORS && !self.authors.contains(&author);
        if is_new {
            self.authors.push(author);
        }
        is_new
    }

    /// The author of one of the latest messages.
    pub(super) fn author_of(&self, message: Key) -> Option<Key> {
        self.recent.iter().rev().find(|(key, _)| *key == message).map(|(_, author)| *author)
    }

    /// Notes that somebody who holds control wrote; the seconds since the thread began, if it is their first answer.
    pub(super) fn answer(&mut self, author: Key, at: i64) -> Option<i64> {
        if self.starter == Some(author) {
            return None;
        }
        self.answerer = Some(author);
        let is_first = self.answered.is_none();
        self.answered = self.answered.or(Some(at));
        is_first.then_some(at - self.first)
    }

    /// Notes that somebody asks; how often they had asked the same here before.
    pub(super) fn ask(&mut self, author: Key, ask: Ask, at: i64) -> u32 {
        match self.asks.iter_mut().find(|asking| asking.author == author && asking.ask == ask) {
            Some(asking) => {
                asking.count += 1;
                asking.span += at - asking.last;
                asking.last = at;
                asking.count - 1
            }
            None => {
                if self.asks.len() < MAX_ASKS {
                    self.asks.push(Asking { author, ask, count: 1, last: at, span: 0 });
                }
                0
            }
        }
    }

    pub(super) fn state(&mut self, statement: &Statement) {
        if self.statements.len() < MAX_STATEMENTS {
            self.statements.push(statement.clone());
        }
    }

    pub(super) fn has(&self, saying: Saying) -> bool {
        self.statements.iter().any(|statement| statement.saying == saying)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::test_data::digest;

    #[test]
    fn authors_answers_and_repeated_asks() {
        let mut thread = Thread::new(&digest(), 100, Some(1));
        assert!(thread.count(&digest(), 100, 1, 11));
        assert!(thread.count(&digest(), 200, 2, 12));
        assert!(!thread.count(&digest(), 300, 1, 13));
        assert_eq!((thread.author_of(12), thread.author_of(99)), (Some(2), None));
        assert_eq!(thread.answer(1, 150), None);
        assert_eq!(thread.answer(2, 200), Some(100));
        assert_eq!(thread.answer(2, 250), None);
        let asked: Vec<u32> = [300, 400, 900].iter().map(|at| thread.ask(3, Ask::Control, *at)).collect();
        assert_eq!(asked, [0, 1, 2]);
        assert_eq!(thread.ask(3, Ask::Attention, 950), 0);
        assert_eq!(thread.asks[0].span, 600);
    }

    #[test]
    fn nothing_grows_without_end() {
        let mut thread = Thread::new(&digest(), 0, None);
        for i in 0..1000 {
            thread.count(&digest(), 0, i, i);
            thread.ask(i, Ask::Control, 0);
        }
        assert_eq!((thread.authors.len(), thread.recent.len(), thread.asks.len()), (64, 64, 16));
        assert_eq!(thread.author_of(999), Some(999));
    }
}
