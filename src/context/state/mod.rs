//! The streaming pass itself.

mod people;
mod press;

use super::{
    Digest, Insight, Observer, Settings,
    aged::Aged,
    author::{Author, Change, Standing},
    campaign::{Campaign, Grouping, Record},
    digest::{Key, UNDATED, key},
    identity::Identities,
    phrases::Saying,
    project::{Project, RELEASE},
    signal::{Signal, files},
    summary::AuthorSummary,
    thread::Thread,
};

/// Records that are kept; see [`Aged`].
const PROJECTS: usize = 20_000;
const AUTHORS: usize = 150_000;
const THREADS: usize = 100_000;
const NAMES: usize = 200_000;
/// Messages of an author by which a newcomer who presses is counted for the statistics of chance.
const EARLY: u32 = 3;

/// Records of all projects, and the candidates that are open.
#[derive(Debug)]
pub struct Context {
    settings: Settings,
    projects: Aged<Key, Project>,
    authors: Aged<Key, Author>,
    threads: Aged<Key, Thread>,
    /// Who bears a name in a project, and whether the name is more than one word.
    names: Aged<Key, (Key, bool)>,
    identities: Identities,
    grouping: Grouping,
    anonymous: u64,
    undated: u64,
}

/// The keys of one message.
#[derive(Debug, Clone, Copy)]
struct Keys {
    project: Key,
    thread: Key,
    message: Key,
    author: Key,
    at: i64,
    /// False in an archive without dates, where `at` says nothing.
    is_dated: bool,
}

impl Context {
    /// An empty context.
    pub fn new(settings: Settings) -> Self {
        let window = settings.window_days.clamp(1, 3650);
        Self {
            projects: Aged::new(PROJECTS),
            authors: Aged::new(AUTHORS),
            threads: Aged::new(THREADS),
            names: Aged::new(NAMES),
            identities: Identities::new(settings.identities.clone()),
            grouping: Grouping::new(window),
            anonymous: 0,
            undated: 0,
            settings: Settings { window_days: window, ..settings },
        }
    }

    /// Pressing messages without an author: nobody whom they could be linked to.
    pub fn anonymous(&self) -> u64 {
        self.anonymous
    }

    /// Pressing messages without a date: they belong to no campaign, for it is not known what they came after.
    pub fn undated(&self) -> u64 {
        self.undated
    }

    /// Records that are kept at the moment: projects, authors, threads, names, candidates.
    pub fn size(&self) -> [usize; 5] {
        [self.projects.len(), self.authors.len(), self.threads.len(), self.names.len(), self.grouping.len()]
    }

    /// Takes the next message by date; says what was known when it came.
    pub fn observe(&mut self, digest: Digest, observer: &mut dyn Observer) -> Insight {
        let project = key(&*digest.project);
        let record = self
            .projects
            .touch(project, || Project::new(digest.project.clone(), digest.at.unwrap_or(UNDATED)));
        record.date(digest.at);
        let (at, is_dated) = (digest.at.unwrap_or(record.last), record.is_dated);
        let thread = key((project, &*digest.thread));
        let author = self.identities.find(project, &digest.who);
        let is_known = author.is_some();
        // All who are nobody share one key, which never gets a record.
        let keys =
            Keys { project, thread, message: key(&*digest.id), author: author.unwrap_or(0), at, is_dated };
        let keys = if is_known { self.merge(keys, &digest, observer) } else { keys };
        let standing = if is_known { Some(self.standing(keys, &digest)) } else { None };
        let mut insight = self.count(keys, &digest, standing);
        insight.signals = self.look_at_files(keys, &digest, standing);
        match standing {
            Some(standing) if standing.controls => self.hear(keys, &digest),
            Some(standing) => self.press(keys, digest, standing, &mut insight, observer),
            None => self.anonymous += u64::from(digest.pressing.is_some()),
        }
        self.forget(observer);
        insight
    }

    /// Counts the message everywhere; says what was known of the thread before.
    fn count(&mut self, keys: Keys, digest: &Digest, standing: Option<Standing>) -> Insight {
        let controls = standing.is_some_and(|standing| standing.controls);
        let starter = standing.filter(|standing| !standing.controls).map(|_| keys.author);
        let usual = self.projects.get(keys.project).and_then(|project| project.delay.usual());
        let thread =
            self.threads.touch(keys.thread, || Thread { usual, ..Thread::new(digest, keys.at, starter) });
        let insight = Insight {
            author: standing,
            thread_messages: thread.messages,
            answered: thread.answered.is_some(),
            conceded: thread.has(Saying::Concession) || thread.has(Saying::Grant),
            refused: thread.has(Saying::Refusal),
            ..Insight::default()
        };
        let is_new = thread.count(digest, keys.at, keys.author, keys.message);
        let delay = if controls && standing.is_some() { thread.answer(keys.author, keys.at) } else { None };
        let says = |saying| digest.sayings.iter().any(|(said, _)| *said == saying);
        let does = says(Saying::Upkeep) || says(Saying::Grant);
        let upkeep = if digest.announces { RELEASE } else { u32::from(does) };
        if let Some(project) = self.projects.get_mut(keys.project) {
            project.count(keys.at, digest.is_answer, upkeep);
            delay.into_iter().for_each(|delay| project.delay.take(delay));
            let is_early =
                standing.is_some_and(|it| it.newness > 0.0 && it.pressing == 0 && it.messages < EARLY);
            let presses = digest.strengths.pressing() >= 0.5;
            project.pressing_newcomers += u32::from(is_early && presses);
        }
        if let Some(author) = self.authors.get_mut(keys.author) {
            author.count(digest, keys.at, keys.thread, is_new, upkeep);
            self.learn_names(keys, digest);
        }
        insight
    }

    /// Notes the files of a newcomer's change; what there is to look at.
    fn look_at_files(&mut self, keys: Keys, digest: &Digest, standing: Option<Standing>) -> Vec<Signal> {
        if digest.files.is_empty() || !standing.is_some_and(|it| it.is_newcomer()) {
            return Vec::new();
        }
        let change = Change { message: digest.id.clone(), at: keys.at, files: digest.files.clone() };
        let signals = files::of(&[(&digest.who, &change)]);
        if let Some(author) = self.authors.get_mut(keys.author) {
            author.change(change);
        }
        signals
    }

    fn close(&self, mut record: Record, observer: &mut dyn Observer) {
        let changes = |person: Key| self.authors.get(self.identities.current(person)).map(|it| &it.changes);
        record.look_at(changes);
        Campaign::of(record).into_iter().for_each(|campaign| observer.campaign(campaign));
    }

    /// Lets go of what is too much, and tells it.
    fn forget(&mut self, observer: &mut dyn Observer) {
        for (_, thread) in self.threads.evict() {
            observer.thread(thread.into());
        }
        for (key, author) in self.authors.evict() {
            self.tell_author(key, author, observer);
        }
        self.names.evict();
        self.projects.evict();
    }

    fn tell_author(&self, _: Key, author: Author, observer: &mut dyn Observer) {
        let project = self.projects.get(key(&*author.project));
        let controls = project.is_some_and(|it| it.is_controlled_by(&author, &self.settings.maintainers));
        observer.author(AuthorSummary {
            project: author.project.clone(),
            who: author.who.clone(),
            aliases: author.aliases.clone(),
            last: author.last,
            standing: author.standing(author.last, controls),
            pressing: author.pressing,
            answers: author.answers,
            upkeep: author.upkeep,
            signals: files::of(
                &author.changes.iter().map(|change| (&*author.who, change)).collect::<Vec<_>>(),
            ),
        });
    }

    /// Tells everything that is left.
    pub fn finish(mut self, observer: &mut dyn Observer) {
        for record in self.grouping.close_all() {
            self.close(record, observer);
        }
        for (_, thread) in self.threads.take_all() {
            observer.thread(thread.into());
        }
        for (key, author) in self.authors.take_all() {
            self.tell_author(key, author, observer);
        }
    }
}
