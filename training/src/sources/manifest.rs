//! The list of corpora.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use undue::source::Format;

use crate::counts::grouped;

/// All corpora.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// In the order of the file.
    #[serde(rename = "corpus")]
    pub corpora: Vec<Corpus>,
}

/// One corpus: what it is, how to know it, how to get it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corpus {
    /// Name, as in the label files and of the file.
    pub name: String,
    /// Repository that holds the raw form.
    pub upstream: String,
    /// Its commit.
    pub commit: String,
    /// Licence as the repository states it.
    pub licence: String,
    /// Messages in the corpus.
    pub messages: u64,
    /// Size of the uncompressed file.
    pub bytes: u64,
    /// SHA-256 of the uncompressed file.
    pub sha256: String,
    /// Day of the oldest message, where messages have dates.
    pub first: Option<String>,
    /// Day of the newest.
    pub last: Option<String>,
    /// True if the corpus is for the final report alone.
    #[serde(default)]
    pub replay: bool,
    /// Which reader opens the raw form.
    pub reader: Reader,
    /// Where the messages are in the repository, and what has to be known of them.
    pub obtain: String,
    /// Commands that turn the raw form into the corpus, run in a checkout; none where a script has to.
    #[serde(default)]
    pub convert: Vec<String>,
}

/// What opens the raw form of a corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Reader {
    /// A reader of `undue`.
    Format(Format),
    /// A script of one's own, after the recipe.
    Script,
}

impl TryFrom<String> for Reader {
    type Error = undue::Error;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        if name == "script" { Ok(Self::Script) } else { name.parse().map(Self::Format) }
    }
}

impl Reader {
    /// The name in the list.
    pub fn name(self) -> &'static str {
        match self {
            Self::Format(format) => format.name(),
            Self::Script => "script",
        }
    }
}

impl Manifest {
    /// Reads and checks the list.
    ///
    /// # Errors
    /// If the file cannot be read or breaks the schema.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let manifest: Self = toml::from_str(text)?;
        let mut names = BTreeSet::new();
        for corpus in &manifest.corpora {
            ensure!(names.insert(&corpus.name), "two corpora are called {}", corpus.name);
            corpus.check().with_context(|| corpus.name.clone())?;
        }
        Ok(manifest)
    }

    /// The corpora of these names, or all.
    ///
    /// # Errors
    /// If a name is not in the list.
    pub fn select(&self, names: &[String]) -> anyhow::Result<Vec<&Corpus>> {
        if let Some(unknown) = names.iter().find(|name| self.get(name).is_none()) {
            let known: Vec<&str> = self.corpora.iter().map(|corpus| corpus.name.as_str()).collect();
            bail!("no corpus is called {unknown:?}; there are {}", known.join(", "));
        }
        Ok(self.corpora.iter().filter(|corpus| names.is_empty() || names.contains(&corpus.name)).collect())
    }

    /// The corpus of this name.
    pub fn get(&self, name: &str) -> Option<&Corpus> {
        self.corpora.iter().find(|corpus| corpus.name == name)
    }
}

impl Corpus {
    fn check(&self) -> anyhow::Result<()> {
        let is_hex = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit());
        ensure!(is_hex(&self.sha256, 64), "sha256 is not 64 hexadecimal digits");
        ensure!(is_hex(&self.commit, 40), "commit is not 40 hexadecimal digits");
        ensure!(self.upstream.starts_with("https://"), "upstream is no address");
        ensure!(self.first.is_some() == self.last.is_some(), "only one of first and last is there");
        let by_script = self.reader == Reader::Script;
        ensure!(by_script == self.convert.is_empty(), "a reader needs a command, a script none");
        Ok(())
    }
}

/// A Markdown table of the corpora.
pub fn table(manifest: &Manifest) -> String {
    let mut table = String::from("| corpus | upstream | licence as stated | messages | use | reader |\n");
    table.push_str("| --- | --- | --- | ---: | --- | --- |\n");
    for corpus in &manifest.corpora {
        let repository = corpus.upstream.trim_start_matches("https://github.com/");
        let usage = if corpus.replay { "report only" } else { "training" };
        table.push_str(&format!(
            "| {} | [{repository}]({}) | {} | {} | {usage} | {} |\n",
            corpus.name,
            corpus.upstream,
            corpus.licence,
            grouped(corpus.messages),
            corpus.reader.name(),
        ));
    }
    table
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn entry(name: &str) -> String {
        format!(
            "[[corpus]]\nname = \"{name}\"\nupstream = \"https://forge.example/quay\"\ncommit = \"{}\"\n\
             licence = \"none stated\"\nmessages = 1234\nbytes = 9\nsha256 = \"{}\"\nreader = \"mbox\"\n\
             obtain = \"All of it.\"\nconvert = [\"undue-train convert .\"]\n",
            "a".repeat(40),
            "0".repeat(64)
        )
    }

    fn error(text: &str) -> String {
        format!("{:#}", Manifest::parse(text).unwrap_err())
    }

    #[test]
    fn a_list_is_read_and_selected_from() {
        let manifest = Manifest::parse(&(entry("quay") + &entry("dock"))).unwrap();
        assert_eq!(manifest.corpora[0].reader, Reader::Format(Format::Mbox));
        assert_eq!(manifest.select(&[]).unwrap().len(), 2);
        assert_eq!(manifest.select(&["dock".into()]).unwrap(), [&manifest.corpora[1]]);
        let err = manifest.select(&["pier".into()]).unwrap_err().to_string();
        assert_eq!(err, "no corpus is called \"pier\"; there are quay, dock");
        assert!(table(&manifest).contains("| none stated | 1,234 | training | mbox |\n"));
    }

    #[test]
    fn what_breaks_the_schema_is_named() {
        let entry = entry("quay");
        assert_eq!(error(&entry.repeat(2)), "two corpora are called quay");
        assert_eq!(error(&entry.replace("\"aaaa", "\"")), "quay: commit is not 40 hexadecimal digits");
        assert_eq!(error(&entry.replace("\"0000", "\"x")), "quay: sha256 is not 64 hexadecimal digits");
        assert_eq!(
            error(&entry.replace("\"mbox\"", "\"script\"")),
            "quay: a reader needs a command, a script none"
        );
        assert!(error(&entry.replace("\"mbox\"", "\"mbx\"")).contains("no format is called \"mbx\""));
        assert!(error(&entry.replace("bytes", "octets")).contains("octets"));
    }
}
