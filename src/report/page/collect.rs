//! Keeps what a report shows, while messages come.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{
    Explained, Limits, Report,
    best::Best,
    explained,
    kept::{Kept, Store},
    months::Months,
    places::Places,
};
use crate::{
    Level, Scorer,
    context::{AuthorSummary, Campaign, CampaignModel, Digest, Merge, Observer, ThreadSummary},
    model::Model,
    pipeline::Scored,
    report::{Summary, rank::Top},
};

/// Takes messages as they are read and, as an [`Observer`], whatever a context tells.
#[derive(Debug)]
pub struct Collector<'m> {
    model: &'m Model,
    scorer: Scorer<'m>,
    campaign_model: Option<CampaignModel>,
    least: f64,
    limits: Limits,
    months: Months,
    places: Places,
    texts: Store,
    explained: Top<Explained>,
    campaigns: Best<Campaign>,
    actors: Best<AuthorSummary>,
    threads: Best<ThreadSummary>,
    people: u64,
    merges: u64,
}

impl<'m> Collector<'m> {
    /// Of campaigns that `campaign_model` gives a probability of `least` or more, and of all else as much as `limits`
    /// say. `model` must be the one that scored the messages.
    pub fn new(model: &'m Model, campaign_model: Option<CampaignModel>, least: f64, limits: Limits) -> Self {
        Self {
            model,
            scorer: Scorer::new(model),
            campaign_model,
            least,
            limits,
            months: Months::default(),
            places: Places::default(),
            texts: Store::default(),
            explained: Top::new(Some(limits.explained)),
            campaigns: Best::new(limits.campaigns),
            actors: Best::new(limits.actors),
            threads: Best::new(limits.threads),
            people: 0,
            merges: 0,
        }
    }

    /// Takes a message, in any order, with its digest.
    pub fn message(&mut self, scored: &Scored, digest: &Digest) {
        self.months.count(digest.project(), scored);
        let message = &scored.message;
        let file = message.list.is_none().then(|| &**digest.project());
        self.places.seen(&message.position.path, file);
        self.texts.push(scored, digest);
        if scored.score.level >= Level::Pressure {
            let scorer = &mut self.scorer;
            self.explained.push(&scored.score, || explained::explain(scorer, scored, digest));
        }
    }

    /// The report; `late` and `anonymous` are messages that came too late to be put in order, and pressing messages
    /// without an author.
    pub fn finish(mut self, summary: Summary, late: u64, anonymous: u64) -> Report<'m> {
        let mut texts = self.texts.finish();
        let campaigns = self.campaigns.finish();
        let mut numbers = FxHashMap::default();
        for campaign in &campaigns.items {
            for message in &campaign.messages {
                let next = numbers.len() + 1;
                numbers.entry((campaign.project.clone(), message.id.clone())).or_insert(next);
            }
        }
        let in_campaigns =
            texts.iter().filter(|(key, it)| it.level >= Level::Pressure && numbers.contains_key(*key));
        let shown = in_campaigns.count() as u64;
        let strongest = strongest(&texts, &numbers, self.limits.messages);
        for message in &strongest {
            let next = numbers.len() + 1;
            numbers.insert((message.project.clone(), message.id.clone()), next);
        }
        texts.retain(|key, _| numbers.contains_key(key));
        let pressing = summary.levels[2] + summary.levels[3];
        self.places.number(self.months.names());
        Report {
            model: self.model,
            campaign_model: self.campaign_model,
            least: self.least,
            limits: self.limits,
            late,
            anonymous,
            merges: self.merges,
            people: self.people,
            months: self.months,
            places: self.places,
            campaigns,
            actors: self.actors.finish(),
            threads: self.threads.finish(),
            explained: self.explained.take_ranked(),
            messages_left_out: pressing.saturating_sub(shown + strongest.len() as u64),
            strongest,
            texts,
            numbers,
            summary,
        }
    }
}

/// Messages of level 2 or 3 that have no number yet, by level, then by probability, then as they came.
fn strongest(
    texts: &FxHashMap<(Arc<str>, Box<str>), Kept>,
    numbers: &FxHashMap<(Arc<str>, Box<str>), usize>,
    limit: usize,
) -> Vec<Kept> {
    let free = texts.iter().filter(|(key, it)| it.level >= Level::Pressure && !numbers.contains_key(*key));
    let mut all: Vec<&Kept> = free.map(|(_, it)| it).collect();
    all.sort_by(|a, b| {
        let strength = b.level.cmp(&a.level).then(b.decisive.total_cmp(&a.decisive));
        strength.then(a.ordinal.cmp(&b.ordinal))
    });
    all.into_iter().take(limit).cloned().collect()
}

impl Observer for Collector<'_> {
    fn merge(&mut self, _: Merge) {
        self.merges += 1;
    }

    fn thread(&mut self, thread: ThreadSummary) {
        if thread.pressing_messages > 0 {
            self.threads.push(thread.pressing, thread);
        }
    }

    fn author(&mut self, author: AuthorSummary) {
        self.people += 1;
        if author.standing.pressing > 0 {
            self.actors.push(author.pressing, author);
        }
    }

    fn campaign(&mut self, campaign: Campaign) {
        if campaign.probability >= self.least && campaign.probability > 0.0 {
            self.campaigns.push(campaign.probability, campaign);
        }
    }
}
