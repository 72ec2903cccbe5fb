//! The streaming pass itself.

use super::{
    Digest, Insight, Merge, Observer, Settings,
    aged::Aged,
    author::{Author, Standing},
    campaign::{Ask, Campaign, CampaignFeatures, Evaluation, Grouping, Press, Record},
    digest::{Key, Pressing, key, name_key},
    identity::Identities,
    phrases::Saying,
    project::{Project, RELEASE},
    summary::{AuthorSummary, ThreadSummary},
    thread::{Statement, Thread},
    wording,
};

/// Records that are kept; see [`Aged`].
const PROJECTS: usize = 20_000;
const AUTHORS: usize = 150_000;
const THREADS: usize = 100_000;
const NAMES: usize = 200_000;
/// Messages of an author by which a newcomer who presses is counted for the statistics of chance.
const EARLY: u32 = 3;
/// People named in one message that are followed.
const MAX_NAMED: usize = 8;
/// Names that are one word long are taken for a person who wrote in the thread, of so many letters at least.
const MIN_LETTERS: usize = 3;

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
}

/// The keys of one message.
#[derive(Debug, Clone, Copy)]
struct Keys {
    project: Key,
    thread: Key,
    message: Key,
    author: Key,
    at: i64,
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
            settings: Settings { window_days: window, ..settings },
        }
    }

    /// Pressing messages without an author: nobody whom they could be linked to.
    pub fn anonymous(&self) -> u64 {
        self.anonymous
    }

    /// Records that are kept at the moment: projects, authors, threads, names, candidates.
    pub fn size(&self) -> [usize; 5] {
        [self.projects.len(), self.authors.len(), self.threads.len(), self.names.len(), self.grouping.len()]
    }

    /// Takes the next message by date; says what was known when it came.
    pub fn observe(&mut self, digest: Digest, observer: &mut dyn Observer) -> Insight {
        let project = key(&*digest.project);
        let record =
            self.projects.touch(project, || Project::new(digest.project.clone(), digest.at.unwrap_or(0)));
        record.is_dated |= digest.at.is_some();
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
        match standing {
            Some(standing) if standing.controls => self.hear(keys, &digest),
            Some(standing) => self.press(keys, digest, standing, &mut insight, observer),
            None => self.anonymous += u64::from(digest.pressing.is_some()),
        }
        self.forget(observer);
        insight
    }

    /// Joins the author with a namesake whom they share a thread with.
    fn merge(&mut self, keys: Keys, digest: &Digest, observer: &mut dyn Observer) -> Keys {
        let authors = &self.authors;
        let shares = |other: Key| {
            let (other, own) = (authors.get(other), authors.get(keys.author));
            other.is_some_and(|other| {
                other.wrote_in(keys.thread) || own.is_some_and(|own| own.shares_thread(other))
            })
        };
        let found = self.identities.namesake(keys.project, keys.author, &digest.who, shares);
        let Some((kept, who)) = found.map(|(kept, who)| (self.identities.current(kept), who)) else {
            return keys;
        };
        if kept == keys.author {
            return keys;
        }
        self.identities.merge(kept, keys.author);
        let joined = self.authors.remove(keys.author);
        if let (Some(author), Some(joined)) = (self.authors.get_mut(kept), joined) {
            author.absorb(joined);
        }
        let (project, joined, message) = (digest.project.clone(), digest.who.clone(), digest.id.clone());
        observer.merge(Merge { project, kept: who, joined, message });
        Keys { author: kept, ..keys }
    }

    /// What was known of the author before.
    fn standing(&mut self, keys: Keys, digest: &Digest) -> Standing {
        let history = self.projects.get(keys.project).map_or(0, |project| project.messages);
        let author = self.authors.touch(keys.author, || Author::new(digest, keys.at, history));
        // A role is a fact of the message itself, not of its past.
        author.has_role |= digest.controls;
        let project = self.projects.get(keys.project);
        let controls = project.is_some_and(|it| it.is_controlled_by(author, &self.settings.maintainers));
        author.standing(keys.at, controls)
    }

    /// Counts the message everywhere; says what was known of the thread before.
    fn count(&mut self, keys: Keys, digest: &Digest, standing: Option<Standing>) -> Insight {
        let controls = standing.is_some_and(|standing| standing.controls);
        let starter = standing.filter(|standing| !standing.controls).map(|_| keys.author);
        let thread = self.threads.touch(keys.thread, || Thread::new(digest, keys.at, starter));
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

    fn learn_names(&mut self, keys: Keys, digest: &Digest) {
        let name = digest.who.name.trim();
        let first = name.split_whitespace().next().unwrap_or_default();
        if first.len() < name.len() {
            self.names.touch(key((keys.project, name_key(name))), || (0, true)).0 = keys.author;
        }
        if first.len() >= MIN_LETTERS {
            *self.names.touch(key((keys.project, name_key(first))), || (0, false)) = (keys.author, false);
        }
    }

    /// People of the project with these names who hold no control; those of one word only if they wrote in the thread.
    fn resolve(&self, keys: Keys, names: &[Key]) -> Vec<Key> {
        let in_thread =
            |person: &Key| self.threads.get(keys.thread).is_some_and(|it| it.authors.contains(person));
        let project = self.projects.get(keys.project);
        let controls = |person: Key| {
            let pair = project.zip(self.authors.get(person));
            pair.is_none_or(|(project, author)| project.is_controlled_by(author, &self.settings.maintainers))
        };
        let found = names.iter().filter_map(|name| self.names.get(key((keys.project, *name))));
        let known = found.filter(|(person, is_full)| *is_full || in_thread(person));
        let mut people: Vec<Key> = known.map(|(person, _)| self.identities.current(*person)).collect();
        people.retain(|person| *person != keys.author && !controls(*person));
        people.sort_unstable();
        people.dedup();
        people.truncate(MAX_NAMED);
        people
    }

    /// Takes what somebody who holds control says.
    fn hear(&mut self, keys: Keys, digest: &Digest) {
        self.grouping.release(keys.project, keys.author);
        for (saying, quote) in &digest.sayings {
            let is_answer = digest.is_answer || *saying == Saying::Tiredness;
            if matches!(saying, Saying::Upkeep | Saying::SelfOffer) || !is_answer {
                continue;
            }
            let statement = Statement {
                saying: *saying,
                message: digest.id.clone(),
                at: keys.at,
                author: digest.who.clone(),
                quote: quote.clone(),
                named: self.resolve(keys, &digest.named),
            };
            if let Some(thread) = self.threads.get_mut(keys.thread) {
                thread.state(&statement);
            }
            for candidate in self.grouping.hear(keys.project, keys.thread, &statement) {
                self.introduce(candidate, statement.named.iter().copied());
                self.evaluate(candidate, &digest.id, keys.at);
            }
        }
    }

    /// Takes a message that presses.
    fn press(
        &mut self,
        keys: Keys,
        mut digest: Digest,
        standing: Standing,
        insight: &mut Insight,
        observer: &mut dyn Observer,
    ) {
        let Some(pressing) = digest.pressing.take() else { return };
        let ask = Ask::of(&digest.strengths);
        let (target, starter) = self.addressees(keys, &digest);
        let thread = self.threads.get_mut(keys.thread);
        insight.asked_before = thread.map_or(0, |thread| thread.ask(keys.author, ask, keys.at));
        let named = self.resolve(keys, &pressing.names);
        let words = pressing.words.clone();
        let press = make_press(keys, digest, *pressing, standing, ask, Links { target, starter, named });
        let introduced: Vec<Key> =
            press.named.iter().copied().chain(press.target).chain(press.starter).collect();
        let (id, project) = (press.id.clone(), self.projects.get(keys.project).map(|it| it.name.clone()));
        let window = self.settings.window_days;
        let joined =
            self.grouping.join(keys.project, || Record::new(project.unwrap_or_default(), window), press);
        for record in joined.closed {
            self.close(record, observer);
        }
        self.introduce(joined.candidate, introduced.into_iter().chain([keys.author]));
        self.compare(keys, joined.candidate, words);
        self.recall(keys.thread, joined.candidate);
        self.evaluate(joined.candidate, &id, keys.at);
        let last = self.grouping.get_mut(joined.candidate).and_then(|record| record.trajectory.last());
        insight.campaign = last.map(|evaluation| evaluation.probability);
    }

    /// Whom a message presses, if it is one person; and who began the thread, if it is somebody else without control.
    fn addressees(&self, keys: Keys, digest: &Digest) -> (Option<Key>, Option<Key>) {
        let Some(thread) = self.threads.get(keys.thread) else { return (None, None) };
        let project = self.projects.get(keys.project);
        let controls = |person: &Key| {
            let pair = project.zip(self.authors.get(*person));
            pair.is_some_and(|(project, author)| project.is_controlled_by(author, &self.settings.maintainers))
        };
        let answered = digest.parent.and_then(|parent| thread.author_of(parent)).filter(controls);
        (answered.or(thread.answerer), thread.starter.filter(|starter| *starter != keys.author))
    }

    /// Names for people of a candidate.
    fn introduce(&mut self, candidate: u64, people: impl Iterator<Item = Key>) {
        let Some(record) = self.grouping.get_mut(candidate) else { return };
        for person in people {
            if let Some(author) = self.authors.get(person) {
                record.people.entry(person).or_insert_with(|| author.who.clone());
            }
        }
    }

    /// Compares the words of the candidate's last message with those of its other actors.
    fn compare(&mut self, keys: Keys, candidate: u64, words: Box<[u32]>) {
        let (Some(project), Some(record)) =
            (self.projects.get_mut(keys.project), self.grouping.get_mut(candidate))
        else {
            return;
        };
        record.newcomers = (project.pressing_newcomers, project.days());
        let others = record.active().iter().filter(|press| press.author != keys.author);
        let index = others.map(|press| wording::jaccard(&press.words, &words)).fold(0.0, f64::max);
        let inside = |message: Key| record.presses.iter().any(|press| press.key == message);
        let p = if index > 0.0 { project.background.p_value(&words, index, inside) } else { 1.0 };
        if let Some(press) = record.presses.iter_mut().rev().find(|press| press.key == keys.message) {
            press.wording = p;
        }
        project.background.push(keys.message, words);
    }

    /// What maintainers said in the thread before the candidate came to it.
    fn recall(&mut self, thread: Key, candidate: u64) {
        let (Some(thread), Some(record)) = (self.threads.get(thread), self.grouping.get_mut(candidate))
        else {
            return;
        };
        thread.statements.iter().for_each(|statement| record.hear(statement));
    }

    fn evaluate(&mut self, candidate: u64, message: &str, at: i64) {
        let Some(record) = self.grouping.get_mut(candidate) else { return };
        let features = CampaignFeatures::of(record);
        let model = self.settings.model.as_ref().filter(|_| record.may_be_campaign());
        let probability = model.map_or(0.0, |model| model.probability(&features));
        let messages = record.presses.len() as u32 + record.dropped;
        record.evaluate(Evaluation { message: message.into(), at, messages, features, probability });
    }

    fn close(&self, record: Record, observer: &mut dyn Observer) {
        if record.presses.is_empty() {
            return;
        }
        let threshold = self.settings.model.as_ref().map_or(1.0, |model| model.threshold);
        observer.campaign(Campaign::of(record, threshold));
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

/// Whom a message refers to.
struct Links {
    target: Option<Key>,
    starter: Option<Key>,
    named: Vec<Key>,
}

fn make_press(
    keys: Keys,
    digest: Digest,
    pressing: Pressing,
    standing: Standing,
    ask: Ask,
    links: Links,
) -> Press {
    let offer = digest.sayings.into_iter().find(|(saying, _)| *saying == Saying::SelfOffer);
    Press {
        id: digest.id,
        key: keys.message,
        at: keys.at,
        is_dated: keys.is_dated,
        author: keys.author,
        who: digest.who,
        standing,
        thread: keys.thread,
        subject: pressing.subject,
        starter: links.starter,
        strengths: digest.strengths,
        ask,
        evidence: pressing.evidence,
        words: pressing.words,
        target: links.target,
        self_offer: offer.map(|(_, quote)| quote),
        named: links.named,
        wording: 1.0,
    }
}

impl From<Thread> for ThreadSummary {
    fn from(thread: Thread) -> Self {
        let again: u32 = thread.asks.iter().map(|asking| asking.count - 1).sum();
        let span: i64 = thread.asks.iter().map(|asking| asking.span).sum();
        Self {
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
