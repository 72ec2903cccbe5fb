//! Texts of the corpora, read by the library's own readers.

use std::{collections::HashMap, io::BufRead, path::Path};

use anyhow::Context;
use rayon::prelude::*;
use undue::Message;

/// A message with the corpus it stands in.
#[derive(Debug, Clone)]
pub struct CorpusMessage {
    /// Name of the corpus.
    pub source: String,
    /// The message.
    pub message: Message,
}

/// Corpora that are for the final report alone: nothing is ever trained, tuned or selected on them.
pub const REPLAY: [&str; 3] = ["xz-devel", "lzmautils-sf", "xz-gharchive"];

#[derive(serde::Deserialize)]
struct Line {
    id: String,
    thread: Option<String>,
    reply_to: Option<String>,
    author: Option<String>,
    author_role: Option<String>,
    subject: Option<String>,
    text: String,
    list_or_repo: Option<String>,
}

/// All messages of one corpus file.
pub fn read(path: &Path) -> anyhow::Result<Vec<CorpusMessage>> {
    let source = path.file_name().unwrap_or_default().to_string_lossy().replace(".jsonl.gz", "");
    let reader = std::io::BufReader::new(flate2::read::MultiGzDecoder::new(std::fs::File::open(path)?));
    let mut all = vec![];
    for line in reader.lines() {
        let l: Line = serde_json::from_str(&line?).context("json")?;
        let mut m = Message {
            id: l.id,
            thread: l.thread,
            parent: l.reply_to,
            subject: l.subject.unwrap_or_default(),
            body: l.text,
            list: l.list_or_repo,
            ..Default::default()
        };
        m.author.name = l.author.unwrap_or_default();
        m.author.role = l.author_role.unwrap_or_default();
        m.owns_subject = m.parent.is_none() || m.list.as_deref().unwrap_or("").contains('@');
        all.push(CorpusMessage { source: source.clone(), message: m });
    }
    Ok(all)
}

/// All corpora of a folder but the replay's, by name.
pub fn read_all(dir: &Path, replay: bool) -> anyhow::Result<HashMap<String, Vec<CorpusMessage>>> {
    let mut paths: Vec<_> = std::fs::read_dir(dir)?
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.to_string_lossy().ends_with(".jsonl.gz"))
        .collect();
    paths.sort();
    let all = paths
        .par_iter()
        .map(|p| {
            let s = p.file_name().unwrap_or_default().to_string_lossy().replace(".jsonl.gz", "");
            (s, p)
        })
        .filter(|(s, _)| REPLAY.contains(&s.as_str()) == replay)
        .map(|(s, p)| Ok((s, read(p)?)))
        .collect::<anyhow::Result<_>>()?;
    Ok(all)
}
