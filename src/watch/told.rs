//! What was told of campaigns, and what has changed since.

use std::collections::BTreeMap;

use rusqlite::params;
use rustc_hash::FxHashMap;

use super::{State, broken};
use crate::{Result, context::Campaign};

/// A campaign as it was when it was last reported.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    campaign: String,
    probability: f64,
    messages: Vec<String>,
    actors: Vec<String>,
}

/// What has changed in a campaign since it was last reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// True if it never was.
    pub is_new: bool,
    /// Ids of its messages that were not in it.
    pub messages: Vec<String>,
    /// Names of its actors who were not in it.
    pub actors: Vec<String>,
    /// Its probability then; none if it is new.
    pub probability_before: Option<f64>,
    /// Its id then, if it is another one now.
    pub(super) before: Option<String>,
}

/// The campaigns that were told, by id and by message.
pub(super) struct Changed {
    told: Vec<Told>,
    by_id: FxHashMap<String, usize>,
    by_message: FxHashMap<String, usize>,
}

impl Changed {
    pub(super) fn new(told: Vec<Told>) -> Self {
        let by_id = told.iter().enumerate().map(|(at, it)| (it.campaign.clone(), at)).collect();
        let messages =
            told.iter().enumerate().flat_map(|(at, it)| it.messages.iter().map(move |id| (id, at)));
        let by_message = messages.map(|(id, at)| (id.clone(), at)).collect();
        Self { told, by_id, by_message }
    }

    /// What has changed in `campaign`, if anything that is worth telling: a probability that fell is not.
    pub(super) fn change(&self, campaign: &Campaign) -> Option<Change> {
        let Some(told) = self.find(campaign) else {
            return Some(Change {
                is_new: true,
                messages: campaign.messages.iter().map(|it| it.id.to_string()).collect(),
                actors: campaign.actors.iter().map(|it| it.who.shown().to_owned()).collect(),
                probability_before: None,
                before: None,
            });
        };
        let ids = campaign.messages.iter().map(|it| it.id.to_string());
        let actors = campaign.actors.iter().filter(|it| !told.actors.contains(&actor_key(it)));
        let change = Change {
            is_new: false,
            messages: ids.filter(|id| !told.messages.contains(id)).collect(),
            actors: actors.map(|it| it.who.shown().to_owned()).collect(),
            probability_before: Some(told.probability),
            before: (told.campaign != campaign.id).then(|| told.campaign.clone()),
        };
        let rose = percent(campaign.probability) > percent(told.probability);
        (rose || !change.messages.is_empty() || !change.actors.is_empty()).then_some(change)
    }

    /// The campaign of the same id; else the one that it shares most messages with: its id is made of its first
    /// message, and an older one may turn up.
    fn find(&self, campaign: &Campaign) -> Option<&Told> {
        if let Some(at) = self.by_id.get(&campaign.id) {
            return Some(&self.told[*at]);
        }
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for at in campaign.messages.iter().filter_map(|it| self.by_message.get(&*it.id)) {
            *shared.entry(*at).or_default() += 1;
        }
        // The first of equals.
        let best = shared.into_iter().rev().max_by_key(|(_, count)| *count);
        best.map(|(at, _)| &self.told[at])
    }
}

/// As it is shown: what is the same to a reader has not changed.
fn percent(probability: f64) -> i64 {
    (probability * 100.0).round() as i64
}

fn actor_key(actor: &crate::context::Actor) -> String {
    if actor.who.address.is_empty() { actor.who.name.clone() } else { actor.who.address.clone() }
}

impl State {
    pub(super) fn told(&self) -> Result<Vec<Told>> {
        let mut statement = self.db.prepare("SELECT * FROM campaigns ORDER BY campaign")?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let list = |at| -> Result<Vec<String>> {
                serde_json::from_str(row.get_ref(at)?.as_str().map_err(broken)?).map_err(broken)
            };
            let (messages, actors) = (list(2)?, list(3)?);
            all.push(Told { campaign: row.get(0)?, probability: row.get(1)?, messages, actors });
        }
        Ok(all)
    }

    /// Notes that these were reported.
    pub(super) fn tell(&self, changed: &[(Campaign, Change)]) -> Result<()> {
        let told = self.told()?;
        for (campaign, change) in changed {
            let id = change.before.as_ref().unwrap_or(&campaign.id);
            let before = told.iter().find(|it| it.campaign == *id);
            self.db.execute("DELETE FROM campaigns WHERE campaign = ?1", [id])?;
            // What was told once stays told, also where a campaign keeps its strongest messages alone.
            let with = |before: Option<&Vec<String>>, now: Vec<String>| {
                let mut all: Vec<String> = before.into_iter().flatten().cloned().chain(now).collect();
                all.sort();
                all.dedup();
                serde_json::to_string(&all).map_err(broken)
            };
            let messages = campaign.messages.iter().map(|it| it.id.to_string()).collect();
            let actors = campaign.actors.iter().map(actor_key).collect();
            self.db.execute(
                "INSERT OR REPLACE INTO campaigns VALUES (?1, ?2, ?3, ?4)",
                params![
                    campaign.id,
                    campaign.probability,
                    with(before.map(|it| &it.messages), messages)?,
                    with(before.map(|it| &it.actors), actors)?
                ],
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_the_same_has_not_changed() {
        assert_eq!(percent(0.501), percent(0.504));
        assert!(percent(0.506) > percent(0.504));
    }
}
