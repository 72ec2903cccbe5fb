//! Real messages, scored and digested, by project and in date order.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use undue::{
    Threader,
    context::{DateOrder, Digest, Digester},
    model::Model,
    pipeline,
    source::{Input, Options, open},
};

/// Dated messages that make a project worth planting into: below that nobody can be told from a newcomer.
const MIN_MESSAGES: usize = 1000;
/// And the least time between the first and the last of them, in seconds: a year.
const MIN_SPAN: i64 = 365 * 86_400;

/// A list or repository.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its name, as the context knows it.
    pub name: Arc<str>,
    /// Its messages, by date.
    pub digests: Vec<Digest>,
}

/// A corpus.
#[derive(Debug, Clone)]
pub struct Archive {
    /// Its name.
    pub corpus: String,
    /// Its projects, by name.
    pub projects: Vec<Project>,
}

impl Project {
    /// Dates of the first and the last message, in seconds since 1970, of a project that scripts can be planted in.
    pub fn host_span(&self) -> Option<(i64, i64)> {
        let dates: Vec<i64> = self.digests.iter().filter_map(Digest::at).collect();
        let (first, last) = (*dates.first()?, *dates.last()?);
        (dates.len() >= MIN_MESSAGES && last - first >= MIN_SPAN).then_some((first, last))
    }
}

impl Archive {
    /// Messages in it.
    pub fn messages(&self) -> usize {
        self.projects.iter().map(|project| project.digests.len()).sum()
    }

    /// Scores and digests a corpus.
    ///
    /// # Errors
    /// If the file cannot be read or a record of it is damaged.
    pub fn read(corpus: &str, path: &Path, model: &Model) -> anyhow::Result<Self> {
        let digests = digests(path, model).with_context(|| path.display().to_string())?;
        Ok(Self { corpus: corpus.to_owned(), projects: by_project(digests) })
    }
}

/// All messages of a file, by date.
///
/// # Errors
/// If the file cannot be read or a record of it is damaged.
pub fn digests(path: &Path, model: &Model) -> anyhow::Result<Vec<Digest>> {
    let input = Input { path: PathBuf::from(path), format: None };
    let records = open(&[input], &Options::default());
    let threads = NonZeroUsize::new(rayon::current_num_threads()).unwrap_or(NonZeroUsize::MIN);
    let (mut digester, mut order, mut threader) =
        (Digester::new(model), DateOrder::default(), Threader::new());
    let mut sorted = Vec::new();
    let flow = pipeline::run(records, model, threads, &mut threader, |item| match item {
        Ok(scored) => {
            sorted.extend(order.push(digester.digest(&scored)));
            ControlFlow::Continue(())
        }
        Err(err) => ControlFlow::Break(err),
    })?;
    if let ControlFlow::Break(err) = flow {
        return Err(err.into());
    }
    sorted.extend(std::iter::from_fn(|| order.pop()));
    Ok(sorted)
}

fn by_project(digests: Vec<Digest>) -> Vec<Project> {
    let mut projects: BTreeMap<Arc<str>, Vec<Digest>> = BTreeMap::new();
    for digest in digests {
        projects.entry(digest.project().clone()).or_default().push(digest);
    }
    projects.into_iter().map(|(name, digests)| Project { name, digests }).collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn projects_are_apart_and_in_date_order() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tarn.jsonl");
        let mut lines = String::new();
        for (id, list, day) in [("1", "tarn", 3), ("2", "lake", 1), ("3", "tarn", 2)] {
            let _ = writeln!(
                lines,
                r#"{{"id":"{id}","list_or_repo":"{list}","author":"Ada","date":"2020-01-0{day}T00:00:00Z","text":"Hello there."}}"#
            );
        }
        std::fs::write(&path, lines).unwrap();
        let archive = Archive::read("tarn", &path, &Model::embedded().unwrap()).unwrap();
        let ids = |project: &Project| project.digests.iter().map(|it| it.id().to_owned()).collect::<Vec<_>>();
        assert_eq!(archive.messages(), 3);
        assert_eq!(archive.projects.iter().map(ids).collect::<Vec<_>>(), [vec!["2"], vec!["3", "1"]]);
        assert!(archive.projects.iter().all(|project| project.host_span().is_none()));
    }
}
