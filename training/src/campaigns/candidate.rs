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
    let own = found.filter(|campaign| {
        is_mostly(campaign.trajectory.iter().map(|point| &*point.message), |id| planting.is_planted(id))
    });
    let kind = Kind::Planted(planting.script.class);
    let all = own.map(|campaign| Candidate::new(kind, &planting.script.name, campaign));
    all.filter(|candidate| !candidate.points.is_empty()).collect()
}

/// Whether most of the messages by which a candidate was judged are `own`.
fn is_mostly<'m>(judged: impl Iterator<Item = &'m str>, own: impl Fn(&str) -> bool) -> bool {
    let (all, planted) = judged.fold((0, 0), |(all, planted), id| (all + 1, planted + usize::from(own(id))));
    2 * planted > all
}

#[cfg(test)]
mod tests {
    use undue::{
        Level, Score,
        model::{OUTPUTS, Output},
    };

    use super::*;
    use crate::campaigns::{archive::Project, plant::Host, script::tests::script};

    #[test]
    fn a_candidate_is_what_most_of_its_messages_are() {
        let own = |ids: &[&str]| is_mostly(ids.iter().copied(), |id| id.starts_with('p'));
        assert!(own(&["p1", "x", "p2"]) && own(&["p1"]));
        assert!(!own(&["p1", "x"]) && !own(&["x"]) && !own(&[]));
    }

    /// Strong messages of one project in one thread, one an hour.
    fn storm(count: usize) -> Vec<Digest> {
        let model = Model::embedded().unwrap();
        let mut digester = undue::context::Digester::new(&model);
        let mut probabilities = [0.0; OUTPUTS];
        probabilities[Output::PRESSURE.index()] = 0.9;
        let digest = |i: usize| {
            let message = undue::Message {
                id: i.to_string(),
                thread: Some("t".into()),
                author: undue::Author { name: format!("Person {i}"), ..undue::Author::default() },
                date: Some(undue::Date {
                    timestamp: jiff::Timestamp::from_second(3600 * i as i64).unwrap(),
                    offset: jiff::tz::Offset::UTC,
                }),
                list: Some("tarn".into()),
                ..undue::Message::default()
            };
            let (level, labels, evidence) = (Level::Pressure, Vec::new(), Vec::new());
            let score = Score { level, probabilities, labels, is_judged: true, evidence };
            digester.digest(&undue::pipeline::Scored { message, score, insight: None })
        };
        (0..count).map(digest).collect()
    }

    #[test]
    fn real_messages_are_negatives_and_planted_ones_stay_apart_from_them() {
        let project = Project { name: "tarn".into(), digests: storm(4) };
        let archive = Archive { corpus: "corpus".into(), projects: vec![project] };
        let found = real(&archive, None);
        assert_eq!(found.len(), 1);
        assert!(found[0].kind == Kind::Real && !found[0].is_positive() && found[0].group == "corpus");
        assert_eq!((found[0].messages, found[0].points.len()), (4, 3));
        let script = script("a");
        let host = Host { corpus: "corpus", project: &archive.projects[0], span: (0, 0) };
        let planting = Planting { script: &script, number: 0, host, start: 0 };
        let model = Model::embedded().unwrap();
        let own = planted(&planting, &model, None);
        assert!(own.iter().all(|it| it.id.starts_with("a/0/") && it.is_positive()));
    }
}
