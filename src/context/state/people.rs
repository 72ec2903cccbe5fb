//! Who is who, what was known of them, and whom a name means.

use super::{Context, Keys};
use crate::context::{
    Digest, Merge, Observer,
    author::{Author, Standing},
    digest::{Key, key},
    names::name_key,
};

/// People named in one message that are followed.
const MAX_NAMED: usize = 8;
/// Letters of a first name that is taken for one.
const MIN_LETTERS: usize = 3;

impl Context {
    /// Joins the author with a namesake whom they share a thread with.
    pub(super) fn merge(&mut self, keys: Keys, digest: &Digest, observer: &mut dyn Observer) -> Keys {
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
    pub(super) fn standing(&mut self, keys: Keys, digest: &Digest) -> Standing {
        let history = self.projects.get(keys.project).map_or(0, |project| project.messages);
        let author = self.authors.touch(keys.author, || Author::new(digest, keys.at, history));
        // A role is a fact of the message itself, not of its past.
        author.has_role |= digest.controls;
        let project = self.projects.get(keys.project);
        let controls = project.is_some_and(|it| it.is_controlled_by(author, &self.settings.maintainers));
        let standing = author.standing(keys.at, controls);
        // Where nobody can tell when somebody came, nobody can tell who came lately.
        Standing { newness: if keys.is_dated { standing.newness } else { 0.0 }, ..standing }
    }

    pub(super) fn learn_names(&mut self, keys: Keys, digest: &Digest) {
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
    pub(super) fn resolve(&self, keys: Keys, names: &[Key]) -> Vec<Key> {
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
}
