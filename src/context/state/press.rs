//! Messages that press, and what maintainers say: what becomes of candidates.

use super::{Context, Keys};
use crate::context::{
    Digest, Insight, Observer,
    author::Standing,
    campaign::{Ask, CampaignFeatures, Evaluation, Press, Record},
    digest::{Key, Pressing, UNDATED},
    phrases::Saying,
    thread::Statement,
    wording,
    work::Work,
};

impl Context {
    /// Takes what somebody who holds control says.
    pub(super) fn hear(&mut self, keys: Keys, digest: &Digest) {
        self.grouping.release(keys.project, keys.author);
        for (saying, quote) in &digest.sayings {
            let is_answer = digest.is_answer || *saying == Saying::Tiredness;
            if matches!(saying, Saying::Upkeep | Saying::SelfOffer) || !is_answer {
                continue;
            }
            let named = self.resolve(keys, &digest.named);
            let at = digest.at.unwrap_or(UNDATED);
            let said = Statement::new(*saying, &digest.id, at, digest.who.clone(), quote.clone());
            let statement = Statement { named, ..said };
            if let Some(thread) = self.threads.get_mut(keys.thread) {
                thread.state(&statement);
            }
            if digest.at.is_none() {
                continue;
            }
            for candidate in self.grouping.hear(keys.project, keys.thread, &statement) {
                self.introduce(candidate, statement.named.iter().copied());
                self.evaluate(candidate, &digest.id, keys.at);
            }
        }
    }

    /// Takes a message that presses.
    pub(super) fn press(
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
        if digest.at.is_none() {
            self.undated += 1;
            return;
        }
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

    /// Whom a message presses, if it is one person; and who began the thread, if it is somebody else without control
    /// who sent a patch there.
    fn addressees(&self, keys: Keys, digest: &Digest) -> (Option<Key>, Option<Key>) {
        let Some(thread) = self.threads.get(keys.thread) else { return (None, None) };
        let project = self.projects.get(keys.project);
        let controls = |person: &Key| {
            let pair = project.zip(self.authors.get(*person));
            pair.is_some_and(|(project, author)| project.is_controlled_by(author, &self.settings.maintainers))
        };
        let answered = digest.parent.and_then(|parent| thread.author_of(parent)).filter(controls);
        let contributes = thread.work == Work::Patch;
        let starter = thread.starter.filter(|starter| contributes && *starter != keys.author);
        (answered.or(thread.answerer), starter)
    }

    /// Names for people of a candidate.
    pub(super) fn introduce(&mut self, candidate: u64, people: impl Iterator<Item = Key>) {
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
        let dated = thread.statements.iter().filter(|statement| statement.at > UNDATED);
        dated.for_each(|statement| record.hear(statement));
    }

    pub(super) fn evaluate(&mut self, candidate: u64, message: &str, at: i64) {
        let Some(record) = self.grouping.get_mut(candidate) else { return };
        let features = CampaignFeatures::of(record);
        let eligible = record.may_be_campaign();
        let messages = record.presses.len() as u32 + record.dropped;
        let mut evaluation =
            Evaluation { message: message.into(), at, messages, eligible, features, probability: 0.0 };
        if let Some(model) = &self.settings.model {
            evaluation.probability = model.judge(&evaluation);
        }
        let threshold = self.settings.model.as_ref().map_or(1.0, |model| model.threshold);
        record.evaluate(evaluation, threshold);
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
