//! For whom a campaign presses, if it shows.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ask, Record};
use crate::{
    Label,
    context::{digest::Key, phrases::Saying},
};

/// Somebody for whom is asked.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::context) struct Beneficiary {
    pub(in crate::context) person: Key,
    /// `0..=1`: one half for each actor who names them in asking or backing, 0.2 (at most 0.4) for each who presses
    /// in a thread that they began with a patch, 0.3 for their own offer, one half if a maintainer names them in yielding.
    pub(in crate::context) support: f64,
    /// Actors who name them.
    pub(in crate::context) backers: BTreeSet<Key>,
    /// Actors who press in threads that they began.
    pub(in crate::context) pressers: BTreeSet<Key>,
    pub(in crate::context) offers: bool,
    pub(in crate::context) named_by_maintainer: bool,
}

impl Record {
    /// The one with the most support, if there is any but an offer of their own.
    pub(in crate::context) fn beneficiary(&self) -> Option<Beneficiary> {
        let mut people: BTreeMap<Key, Beneficiary> = BTreeMap::new();
        for press in self.active() {
            let backs = press.ask == Ask::Control || press.strengths.label(Label::Endorsement) >= 0.5;
            for person in press.named.iter().filter(|person| backs && **person != press.author) {
                people.entry(*person).or_default().backers.insert(press.author);
            }
            if let Some(starter) = press.starter.filter(|starter| *starter != press.author) {
                people.entry(starter).or_default().pressers.insert(press.author);
            }
            if press.self_offer.is_some() && press.ask == Ask::Control {
                people.entry(press.author).or_default().offers = true;
            }
        }
        let yields = |saying| matches!(saying, Saying::Concession | Saying::Grant);
        for person in self.heard().filter(|it| yields(it.saying)).flat_map(|it| &it.named) {
            people.entry(*person).or_default().named_by_maintainer = true;
        }
        let all = people.into_iter().map(|(person, found)| found.weighed(person));
        let asked_for =
            all.filter(|it| it.named_by_maintainer || !it.backers.is_empty() || !it.pressers.is_empty());
        // The first of equals, by key: the same on every run.
        asked_for.reduce(|best, next| if next.support > best.support { next } else { best })
    }
}

impl Beneficiary {
    fn weighed(mut self, person: Key) -> Self {
        let of = |yes: bool, support: f64| if yes { support } else { 0.0 };
        let named = 0.5 * self.backers.len() as f64 + of(self.named_by_maintainer, 0.5);
        let pressed = (0.2 * self.pressers.len() as f64).min(0.4);
        self.person = person;
        self.support = (named + pressed + of(self.offers, 0.3)).min(1.0);
        self
    }

    /// Why they are thought to be asked for, for a sentence.
    pub(in crate::context) fn reasons(&self) -> Vec<String> {
        let people = |n: usize| if n == 1 { "1 account".to_owned() } else { format!("{n} accounts") };
        let mut all = Vec::new();
        if !self.backers.is_empty() {
            all.push(format!("named by {}", people(self.backers.len())));
        }
        if !self.pressers.is_empty() {
            let verb = if self.pressers.len() == 1 { "presses" } else { "press" };
            all.push(format!("{} {verb} in their threads", people(self.pressers.len())));
        }
        if self.offers {
            all.push("offers themselves".to_owned());
        }
        if self.named_by_maintainer {
            all.push("named by a maintainer in yielding".to_owned());
        }
        all
    }
}
