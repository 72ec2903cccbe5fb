//! Who is who: one person may write from several addresses. Merged conservatively, listed, never silent.
//!
//! - An equal address is one person; where a source gives no addresses, an equal name.
//! - An equal name at an equal domain is one person as soon as both write in one thread.
//! - What a file of rules says goes before both.
//!
//! A missed merge makes two newcomers of one person and shows in the report; a wrong one would hide a newcomer
//! behind somebody else's work and would not. So doubtful cases stay apart.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::{
    aged::Aged,
    digest::{Key, Who, key},
};
use crate::{ErrorKind, Result};

/// Names at domains that are remembered, and merges.
const CAPACITY: usize = 200_000;
/// Addresses that one name at one domain is compared with.
const MAX_NAMESAKES: usize = 4;

/// Names that stand for many people.
const NOBODY: [&str; 8] =
    ["ghost", "deleted user", "deleted", "anonymous", "unknown", "nobody", "none", "null"];

/// Rules of a file, in TOML. Each table names addresses or names (in any case):
///
/// ```toml
/// [[same]]
/// people = ["ada@tarn.example", "ada@mail.example"]
///
/// [[different]]
/// people = ["bo@tarn.example", "bo.b@tarn.example"]
/// ```
#[derive(Debug, Clone, Default)]
pub struct IdentityRules {
    same: FxHashMap<String, String>,
    different: FxHashMap<String, Vec<usize>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    same: Vec<Group>,
    #[serde(default)]
    different: Vec<Group>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    people: Vec<String>,
}

impl IdentityRules {
    /// Reads rules.
    ///
    /// # Errors
    /// If `text` is not TOML of that form, or a person is in two groups of `same`.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = |what: String| ErrorKind::Format(format!("identities: {what}"));
        let file: File = toml::from_str(text).map_err(|err| bad(err.to_string()))?;
        let mut rules = Self::default();
        for group in file.same {
            let Some(first) = group.people.first().map(|person| person.to_lowercase()) else { continue };
            for person in &group.people {
                let known = rules.same.insert(person.to_lowercase(), first.clone());
                if known.is_some_and(|known| known != first) {
                    return Err(bad(format!("{person:?} is in two groups of [[same]]")).into());
                }
            }
        }
        for (number, group) in file.different.iter().enumerate() {
            for person in &group.people {
                rules.different.entry(person.to_lowercase()).or_default().push(number);
            }
        }
        Ok(rules)
    }

    /// What stands for a person: their address, or their name where there is none, or who a rule says they are.
    fn representative<'r>(&'r self, who: &'r Who, name: &'r str) -> &'r str {
        let by_rule = self.same.get(&who.address).or_else(|| self.same.get(name));
        by_rule.map_or(if who.address.is_empty() { name } else { &who.address }, String::as_str)
    }

    fn keeps_apart(&self, a: &Who, b: &Who) -> bool {
        let (Some(a), Some(b)) = (self.different.get(&a.address), self.different.get(&b.address)) else {
            return false;
        };
        a.iter().any(|group| b.contains(group))
    }
}

/// Two addresses that were taken for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// List or repository.
    pub project: Arc<str>,
    /// Who was known first.
    pub kept: Arc<Who>,
    /// Who was joined to them.
    pub joined: Arc<Who>,
    /// The message at which it was done.
    pub message: Box<str>,
}

/// Keys of people.
#[derive(Debug)]
pub(super) struct Identities {
    rules: IdentityRules,
    merged: Aged<Key, Key>,
    namesakes: Aged<Key, Vec<(Key, Arc<Who>)>>,
}

impl Identities {
    pub(super) fn new(rules: IdentityRules) -> Self {
        Self { rules, merged: Aged::new(CAPACITY), namesakes: Aged::new(CAPACITY) }
    }

    /// The key of a person in a project; none where neither name nor address is known, or where it is a name that
    /// trackers give to all who are gone.
    pub(super) fn find(&self, project: Key, who: &Who) -> Option<Key> {
        let name = who.name.trim().to_lowercase();
        let representative = self.rules.representative(who, &name);
        let is_nobody = who.address.is_empty() && NOBODY.contains(&representative);
        (!representative.is_empty() && !is_nobody).then(|| self.current(key((project, representative))))
    }

    /// The key that a key was merged into.
    pub(super) fn current(&self, person: Key) -> Key {
        self.merged.get(person).copied().unwrap_or(person)
    }

    /// People of the same name at the same domain who may be the same person: those that `shares_thread` holds for.
    pub(super) fn namesake(
        &mut self,
        project: Key,
        person: Key,
        who: &Arc<Who>,
        shares_thread: impl Fn(Key) -> bool,
    ) -> Option<(Key, Arc<Who>)> {
        if who.name.is_empty() || who.domain().is_empty() {
            return None;
        }
        let namesakes = self.namesakes.touch(key((project, who.name.to_lowercase(), who.domain())), Vec::new);
        let rules = &self.rules;
        let found = namesakes
            .iter()
            .find(|(other, theirs)| {
                *other != person && !rules.keeps_apart(theirs, who) && shares_thread(*other)
            })
            .cloned();
        if namesakes.len() < MAX_NAMESAKES && namesakes.iter().all(|(other, _)| *other != person) {
            namesakes.push((person, who.clone()));
        }
        self.namesakes.evict();
        found
    }

    /// Notes that `joined` is `kept` from now on.
    pub(super) fn merge(&mut self, kept: Key, joined: Key) {
        self.merged.touch(joined, || kept);
        self.merged.evict();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn who(name: &str, address: &str) -> Arc<Who> {
        Arc::new(Who { name: name.into(), address: address.into() })
    }

    #[test]
    fn an_address_is_a_person_and_a_name_where_there_is_none() {
        let identities = Identities::new(IdentityRules::default());
        let find = |name, address| identities.find(1, &who(name, address));
        assert_eq!(find("Ada", "ada@tarn.example"), find("A. L.", "ada@tarn.example"));
        assert_ne!(find("Ada", "ada@tarn.example"), find("Ada", "ada@mail.example"));
        assert_eq!(find("Ada", ""), find("ADA ", ""));
        assert_eq!((find("", ""), find("Ghost", "")), (None, None));
        assert_ne!(identities.find(1, &who("Ada", "")), identities.find(2, &who("Ada", "")));
    }

    #[test]
    fn namesakes_at_one_domain_are_one_once_they_share_a_thread() {
        let mut identities = Identities::new(IdentityRules::default());
        let (a, b) = (who("Ada", "ada@tarn.example"), who("Ada", "al@tarn.example"));
        assert_eq!(identities.namesake(1, 10, &a, |_| true), None);
        assert_eq!(identities.namesake(1, 11, &b, |_| false), None);
        assert_eq!(identities.namesake(1, 11, &b, |other| other == 10), Some((10, a)));
        let elsewhere = who("Ada", "ada@mail.example");
        assert_eq!(identities.namesake(1, 12, &elsewhere, |_| true), None);
        identities.merge(10, 11);
        assert_eq!(identities.current(11), 10);
    }

    #[test]
    fn rules_go_first() {
        let rules = IdentityRules::parse(
            "[[same]]\npeople = ['ada@tarn.example', 'Ada@mail.example']\n\
             [[different]]\npeople = ['bo@tarn.example', 'b@tarn.example']\n",
        );
        let mut identities = Identities::new(rules.unwrap());
        let find = |address| identities.find(1, &who("x", address));
        assert_eq!(find("ada@tarn.example"), find("ada@mail.example"));
        let (a, b) = (who("Bo", "bo@tarn.example"), who("Bo", "b@tarn.example"));
        identities.namesake(1, 10, &a, |_| true);
        assert_eq!(identities.namesake(1, 11, &b, |_| true), None);
    }

    #[test]
    fn contradictions_and_typos_are_refused() {
        for text in
            ["[[same]]\npeople = ['a', 'b']\n[[same]]\npeople = ['c', 'b']\n", "[[sane]]\npeople = []\n", "x"]
        {
            assert!(IdentityRules::parse(text).is_err(), "{text}");
        }
    }
}
