//! What is told of authors and threads.

use std::sync::Arc;

use super::{Signal, Statement, author::Standing, digest::Who, thread::Thread};

/// An author in one project, over all that was read.
#[derive(Debug, Clone)]
pub struct AuthorSummary {
    /// List or repository.
    pub project: Arc<str>,
    /// Name and address, as first seen.
    pub who: Arc<Who>,
    /// Other names and addresses that are theirs.
    pub aliases: Vec<Arc<Who>>,
    /// Date of the last message, in seconds since 1970.
    pub last: i64,
    /// Counts over all messages; whether they hold control at the end.
    pub standing: Standing,
    /// How strongly their messages pressed, summed.
    pub pressing: f64,
    /// Answers that they gave.
    pub answers: u32,
    /// Changes that they took in, releases that they announced, access that they gave.
    pub upkeep: u32,
    /// What to look at in the changes that they sent when they were new.
    pub signals: Vec<Signal>,
}

/// A thread, over all that was read.
#[derive(Debug, Clone)]
pub struct ThreadSummary {
    /// Id of the thread.
    pub id: Box<str>,
    /// List or repository.
    pub project: Arc<str>,
    /// Subject or title of its first message; empty where that was not read.
    pub subject: Box<str>,
    /// Who wrote the first message that was read.
    pub starter: Arc<Who>,
    /// Dates of the first and the last message, in seconds since 1970.
    pub first: i64,
    /// See `first`.
    pub last: i64,
    /// Messages.
    pub messages: u32,
    /// Authors, as far as they were told apart (64).
    pub authors: u32,
    /// Messages that press (at the threshold or above), and the sum of how strongly all press.
    pub pressing_messages: u32,
    /// See `pressing_messages`.
    pub pressing: f64,
    /// The strongest message, `0..=1`.
    pub strongest: f64,
    /// Times that an author asked for what they had asked for here before.
    pub asked_again: u32,
    /// Usual seconds between two such times.
    pub again_after: Option<i64>,
    /// Seconds until somebody who holds control first answered.
    pub answered_after: Option<i64>,
    /// How long that usually took before this thread (geometric mean); none before ten answers.
    pub usually_after: Option<i64>,
    /// What they said of the request and of themselves.
    pub statements: Vec<Statement>,
}

/// What was known when a message came: the context columns of a message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Insight {
    /// Of the author, before it; none where the source names no author.
    pub author: Option<Standing>,
    /// Messages of the thread before it.
    pub thread_messages: u32,
    /// How often the author had asked for the same in this thread before.
    pub asked_before: u32,
    /// Whether somebody who holds control had answered in the thread.
    pub answered: bool,
    /// Whether they had yielded or given access there.
    pub conceded: bool,
    /// Whether they had refused there.
    pub refused: bool,
    /// Probability of the candidate that the message is in, behind it.
    pub campaign: Option<f64>,
    /// What to look at in the change that it carries, if its author is a newcomer.
    pub signals: Vec<Signal>,
}

impl From<Thread> for ThreadSummary {
    fn from(thread: Thread) -> Self {
        let again: u32 = thread.asks.iter().map(|asking| asking.count - 1).sum();
        let span: i64 = thread.asks.iter().map(|asking| asking.span).sum();
        Self {
            usually_after: thread.usual.map(|seconds| seconds as i64),
            answered_after: thread.answered.map(|at| at - thread.first),
            asked_again: again,
            again_after: (again > 0).then(|| span / i64::from(again)),
            authors: thread.authors.len() as u32,
            id: thread.id,
            project: thread.project,
            subject: thread.subject,
            starter: thread.starter_who,
            first: thread.first,
            last: thread.last,
            messages: thread.messages,
            pressing_messages: thread.pressing_messages,
            pressing: thread.pressing,
            strongest: thread.strongest,
            statements: thread.statements,
        }
    }
}
