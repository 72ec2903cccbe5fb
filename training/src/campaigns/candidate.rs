//! Candidates that the context finds, and what they are.

use undue::{
    context::{Campaign, CampaignModel, Digest, Evaluation, IdentityRules, Maintainers, Settings, campaigns},
    model::Model,
};

use super::{archive::Archive, plant::Planting, script::Class};

/// What a candidate is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Found among real messages alone. None of these is known to be a campaign.
    Real,
    /// Most of it was planted.
    Planted(Class),
}

/// A candidate that could raise an alarm.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// What it is.
    pub kind: Kind,
    /// The corpus, or the name of the script.
    pub group: String,
    /// List or repository.
    pub project: String,
    /// Id of its first message.
    pub id: String,
    /// Dates of the first and last message that are kept, in seconds since 1970.
    pub dates: (i64, i64),
    /// Pressing messages.
    pub messages: usize,
    /// Its features at every point at which it could be a campaign.
    pub points: Vec<Evaluation>,
}

impl Candidate {
    fn new(kind: Kind, group: &str, campaign: Campaign) -> Self {
        let id = campaign.messages.first().map(|message| message.id.to_string()).unwrap_or_default();
        Self {
            kind,
            group: group.to_owned(),
            project: campaign.project.to_string(),
            id,
            dates: (campaign.first, campaign.last),
            messages: campaign.messages.len(),
            points: campaign.trajectory.into_iter().filter(|point| point.eligible).collect(),
        }
    }

    /// Whether it is what a model should find.
    pub fn is_positive(&self) -> bool {
        self.kind == Kind::Planted(Class::Campaign)
    }

    /// The highest probability that a model gives it at any point.
    pub fn probability(&self, model: &CampaignModel) -> f64 {
        self.points.iter().map(|point| model.judge(point)).fold(0.0, f64::max)
    }
}

/// Candidates under the context's defaults; the model, if there is one, only decides which points of very long
/// candidates are kept.
fn candidates(digests: impl IntoIterator<Item = Digest>, model: Option<&CampaignModel>) -> Vec<Campaign> {
    let settings = Settings {
        maintainers: Maintainers::default(),
        identities: IdentityRules::default(),
        model: model.cloned(),
        ..Settings::default()
    };
    campaigns(digests, settings)
}

/// What is found among the real messages of a corpus.
pub fn real(archive: &Archive, model: Option<&CampaignModel>) -> Vec<Candidate> {
    let projects = archive.projects.iter();
    let found = projects.flat_map(|project| candidates(project.digests.iter().cloned(), model));
    let all = found.map(|campaign| Candidate::new(Kind::Real, &archive.corpus, campaign));
    all.filter(|candidate| !candidate.points.is_empty()).collect()
}

/// What is found of a planted script: candidates that consist of it for the most part.
pub fn planted(planting: &Planting<'_>, text_model: &Model, model: Option<&CampaignModel>) -> Vec<Candidate> {
    let found = candidates(planting.digests(text_model), model).into_iter();
    let own = found.filter(|campaign| is_mostly(campaign, |id| planting.is_planted(id)));
    let kind = Kind::Planted(planting.script.class);
    let all = own.map(|campaign| Candidate::new(kind, &planting.script.name, campaign));
    all.filter(|candidate| !candidate.points.is_empty()).collect()
}

/// Whether most of the messages by which a candidate was judged are `own`.
fn is_mostly(campaign: &Campaign, own: impl Fn(&str) -> bool) -> bool {
    let planted = campaign.trajectory.iter().filter(|point| own(&point.message)).count();
    2 * planted > campaign.trajectory.len()
}
