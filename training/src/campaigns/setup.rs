//! Everything that a fit or a measurement needs: real archives, scripts, their halves, and the plantings.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;
use rayon::prelude::*;
use undue::{context::CampaignModel, model::Model};

use super::{
    archive::Archive,
    candidate::{self, Candidate},
    plant::{self, Host, Planting},
    script::{self, Script},
    split::{Half, halves},
};
use crate::{
    corpus::{self, REPLAY},
    inputs::Folders,
};

/// Archives and scripts with their halves.
#[derive(Debug)]
pub struct Setup {
    /// All corpora but those of the replay, by name.
    pub archives: Vec<Archive>,
    /// All scripts, by name.
    pub scripts: Vec<Script>,
    corpora: BTreeMap<String, Half>,
    halves: BTreeMap<String, Half>,
}

impl Setup {
    /// Reads everything, and scores it with `model`.
    ///
    /// # Errors
    /// If there are no corpora, or a file cannot be read.
    pub fn read(folders: &Folders, model: &Model, progress: &dyn Fn(&str)) -> anyhow::Result<Self> {
        let Some(dir) = &folders.corpora else {
            bail!("where are the corpora? Say --corpora DIR, or set UNDUE_CORPORA");
        };
        let scripts = script::read(&folders.datasets.join("authored/campaigns"))?;
        let mut archives = Vec::new();
        for (name, path) in corpus::files(dir)? {
            if !REPLAY.contains(&name.as_str()) {
                archives.push(Archive::read(&name, &path, model)?);
                progress(&format!("{name}: {} messages", archives.last().map_or(0, Archive::messages)));
            }
        }
        Ok(Self::new(archives, scripts))
    }

    /// Halves corpora and scripts: scripts by class and style, corpora by whether scripts can be planted in them.
    pub fn new(archives: Vec<Archive>, scripts: Vec<Script>) -> Self {
        let is_host = |archive: &Archive| archive.projects.iter().any(|it| it.host_span().is_some());
        let corpora = halves(archives.iter().map(|it| (!is_host(it), it.corpus.clone())));
        let of = scripts.iter().map(|it| ((it.class, it.style.clone()), it.name.clone()));
        let halves = halves(of);
        Self { archives, scripts, corpora, halves }
    }

    /// The half of a corpus.
    pub fn half_of(&self, corpus: &str) -> Option<Half> {
        self.corpora.get(corpus).copied()
    }

    /// Corpora of a half.
    pub fn archives(&self, half: Half) -> impl Iterator<Item = &Archive> {
        self.archives.iter().filter(move |it| self.half_of(&it.corpus) == Some(half))
    }

    /// Messages of a half.
    pub fn messages(&self, half: Half) -> usize {
        self.archives(half).map(Archive::messages).sum()
    }

    /// Scripts of a half.
    pub fn scripts(&self, half: Half) -> impl Iterator<Item = &Script> {
        self.scripts.iter().filter(move |it| self.halves.get(&it.name) == Some(&half))
    }

    /// Every script of a half in `copies` projects of the same half's corpora.
    pub fn plantings(&self, half: Half, copies: usize, seed: u64) -> Vec<Planting<'_>> {
        let hosts: Vec<Host<'_>> = self
            .archives(half)
            .flat_map(|archive| archive.projects.iter().map(move |project| (archive, project)))
            .filter_map(|(archive, project)| {
                Some(Host { corpus: &archive.corpus, project, span: project.host_span()? })
            })
            .collect();
        self.scripts(half).flat_map(|script| plant::choose(script, &hosts, copies, seed)).collect()
    }

    /// Candidates among real messages, in the order of the corpora.
    pub fn real(&self, halves: &[Half], model: Option<&CampaignModel>) -> Vec<Candidate> {
        let wanted: BTreeSet<Half> = halves.iter().copied().collect();
        let archives: Vec<&Archive> = wanted.into_iter().flat_map(|half| self.archives(half)).collect();
        archives.par_iter().flat_map(|archive| candidate::real(archive, model)).collect()
    }
}

/// Candidates of each planting.
pub fn planted(
    plantings: &[Planting<'_>],
    text_model: &Model,
    model: Option<&CampaignModel>,
) -> Vec<Vec<Candidate>> {
    plantings.par_iter().map(|planting| candidate::planted(planting, text_model, model)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, tz::Offset};
    use undue::{Date, Level, Message, Score, context::Digester, model::OUTPUTS, pipeline::Scored};

    use super::*;
    use crate::campaigns::{archive::Project, script::tests::script};

    /// A corpus of one project with a message on each of so many days.
    fn archive(name: &str, days: i64) -> Archive {
        let model = Model::embedded().unwrap();
        let mut digester = Digester::new(&model);
        let digest = |day: i64| {
            let timestamp = Timestamp::from_second(day * 86_400).unwrap();
            let date = Some(Date { timestamp, offset: Offset::UTC });
            let message =
                Message { id: day.to_string(), date, list: Some(name.into()), ..Message::default() };
            let score = Score {
                is_judged: true,
                level: Level::default(),
                probabilities: [0.0; OUTPUTS],
                labels: Vec::new(),
                evidence: Vec::new(),
            };
            digester.digest(&Scored { message, score, insight: None })
        };
        let digests = (0..days).map(digest).collect();
        Archive { corpus: name.into(), projects: vec![Project { name: name.into(), digests }] }
    }

    #[test]
    fn test_plantings_stand_where_nothing_was_trained() {
        let archives: Vec<_> = ["a", "b", "c", "d"].map(|name| archive(name, 1000)).into();
        let small = ["e", "f"].map(|name| archive(name, 10));
        let scripts: Vec<_> = (0..8).map(|i| script(&format!("s{i}"))).collect();
        let setup = Setup::new(archives.into_iter().chain(small).collect(), scripts);
        for half in [Half::Training, Half::Test] {
            assert_eq!((setup.archives(half).count(), setup.scripts(half).count()), (3, 4));
            assert_eq!(setup.messages(half), 2010);
            let plantings = setup.plantings(half, 3, 1);
            // Each script in both hosts: there is no third.
            assert_eq!(plantings.len(), 8);
            assert!(plantings.iter().all(|it| setup.half_of(it.host.corpus) == Some(half)));
        }
    }
}
