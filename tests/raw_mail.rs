//! Counts over real archives, which are not part of the project: the folder of corpora is named by `UNDUE_CORPORA`,
//! the raw samples lie beside it.

#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufReader, Read, Write},
    path::{Path, PathBuf},
};

use undue::{
    Message, Problem,
    source::{EmlSource, MboxSource, PipermailSource, Source},
};

const LIMIT: usize = 16 << 20;

/// The raw sample `name`, or `None` (said loudly) where the samples are not at hand.
fn raw(name: &str) -> Option<PathBuf> {
    let Some(corpora) = std::env::var_os("UNDUE_CORPORA") else {
        say(&format!("SKIPPED: UNDUE_CORPORA is not set, raw sample {name} was not read"));
        return None;
    };
    let path = Path::new(&corpora).join("../raw").join(name);
    assert!(path.exists(), "{} is missing", path.display());
    Some(path)
}

/// Writes to stderr past the test harness, which hides what passing tests print.
fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn messages(source: impl Source) -> Vec<Message> {
    source.flat_map(|record| record.unwrap().decode()).map(Result::unwrap).collect()
}

fn problems(messages: &[Message]) -> BTreeMap<Problem, usize> {
    let mut counts = BTreeMap::new();
    for problem in messages.iter().flat_map(|message| &message.problems) {
        *counts.entry(*problem).or_default() += 1;
    }
    counts
}

#[test]
fn xz_devel() {
    let Some(path) = raw("xz-devel.mbox") else { return };
    let file = BufReader::new(File::open(&path).unwrap());
    let messages = messages(MboxSource::new(file, path.into(), LIMIT));
    assert_eq!(messages.len(), 400);
    let ids: BTreeSet<_> = messages.iter().map(|message| &message.id).collect();
    assert_eq!(ids.len(), 400);
    assert!(messages.iter().all(|message| message.list.as_deref() == Some("xz-devel.tukaani.org")));
    assert_eq!(problems(&messages), BTreeMap::new());
}

/// Messages of each month and the distinct ids among them, counted by a regular expression for pipermail's envelopes.
/// `^From ` alone counts one more in 2005-August, 2006-January and r-package-devel, where prose begins a line so.
const MONTHS: [(&str, usize, usize); 29] = [
    ("2005-April.txt", 68, 68),
    ("2005-August.txt", 86, 86),
    ("2005-December.txt", 92, 92),
    ("2005-February.txt", 136, 136),
    ("2005-January.txt", 134, 134),
    ("2005-July.txt", 183, 182),
    ("2005-June.txt", 88, 88),
    ("2005-March.txt", 93, 93),
    ("2005-May.txt", 89, 89),
    ("2005-November.txt", 139, 139),
    ("2005-October.txt", 73, 73),
    ("2005-September.txt", 78, 78),
    ("2006-April.txt", 51, 51),
    ("2006-August.txt", 66, 66),
    ("2006-December.txt", 90, 90),
    ("2006-February.txt", 105, 104),
    ("2006-January.txt", 184, 184),
    ("2006-July.txt", 163, 163),
    ("2006-June.txt", 72, 72),
    ("2006-March.txt", 23, 23),
    ("2006-May.txt", 50, 50),
    ("2006-November.txt", 17, 17),
    ("2006-October.txt", 65, 65),
    ("2006-September.txt", 95, 95),
    ("2014-February.txt.gz", 180, 90),
    ("2014-January.txt.gz", 234, 117),
    ("2015-July.txt.gz", 94, 47),
    ("2015-June.txt.gz", 148, 74),
    ("r-package-devel-2025q1.txt", 194, 194),
];

#[test]
fn pipermail() {
    let Some(folder) = raw("pipermail") else { return };
    let mut all = Vec::new();
    assert_eq!(sorted(&folder).len(), MONTHS.len());
    for (name, count, distinct) in MONTHS {
        let file = File::open(folder.join(name)).unwrap();
        let reader: Box<dyn Read + Send> = if name.ends_with(".gz") {
            Box::new(flate2::read::MultiGzDecoder::new(file))
        } else {
            Box::new(file)
        };
        let read = messages(PipermailSource::new(BufReader::new(reader), Path::new(name).into(), LIMIT));
        assert_eq!(read.len(), count, "{name}");
        let ids: BTreeSet<_> = read.iter().map(|message| message.id.clone()).collect();
        assert_eq!(ids.len(), distinct, "{name}");
        all.extend(read);
    }
    assert!(all.iter().all(|message| message.author.address.contains('@')));
    say(&format!("pipermail: {} messages, {:?}", all.len(), problems(&all)));
}

#[test]
fn eml() {
    let Some(folder) = raw("eml") else { return };
    let mut all = Vec::new();
    for path in sorted(&folder).iter().flat_map(|list| sorted(list)) {
        let file = File::open(&path).unwrap();
        let read = messages(EmlSource::new(file, path.into(), LIMIT));
        assert_eq!(read.len(), 1);
        all.extend(read);
    }
    assert_eq!(all.len(), 120);
    say(&format!("eml: {:?}", problems(&all)));
}
