//! Breakdowns of a set of messages.

use std::collections::BTreeMap;

use super::set::EvaluationSet;
use crate::example::Example;

/// Corpora of mail; all others are issue trackers, but for [`OTHER`].
const LISTS: [&str; 11] = [
    "grase-hotspot",
    "lzmautils-sf",
    "r-devel",
    "r-package-devel",
    "r-sig-mac",
    "twisted-python",
    "twisted-web",
    "whatsapi",
    "xz-devel",
    "email-intent",
    "lore-",
];
/// Corpora that are neither.
const OTHER: [&str; 1] = ["politeness-stack-exchange"];

/// Groups of messages by kind of breakdown, then by name.
pub(super) type Groups = BTreeMap<String, BTreeMap<String, Vec<usize>>>;

/// All breakdowns of `set`. That by source covers the authored texts too, the others only the main messages.
pub(super) fn groups(set: &EvaluationSet) -> Groups {
    let all: Vec<usize> = (0..set.examples.len()).collect();
    let by = |part: &[usize], name: fn(&Example) -> String| {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for &i in part {
            groups.entry(name(&set.examples[i])).or_default().push(i);
        }
        groups
    };
    Groups::from([
        ("source".to_owned(), by(&all, |example| example.source.clone())),
        ("length".to_owned(), by(&set.main, |example| length_band(words(example)).to_owned())),
        ("venue".to_owned(), by(&set.main, |example| venue(&example.source).to_owned())),
    ])
}

/// Words of an example's own text.
fn words(example: &Example) -> usize {
    let texts = example.sentences.iter().map(|sentence| sentence.text(&example.message));
    texts.map(|text| text.split_whitespace().count()).sum()
}

/// Names that sort by length.
fn length_band(words: usize) -> &'static str {
    match words {
        0..20 => "000-019 words",
        20..60 => "020-059 words",
        60..=200 => "060-200 words",
        _ => "201 words and more",
    }
}

fn venue(source: &str) -> &'static str {
    let is_list = |name: &&str| if name.ends_with('-') { source.starts_with(*name) } else { source == *name };
    match source {
        "authored" => "authored",
        _ if OTHER.contains(&source) => "other",
        _ if LISTS.iter().any(is_list) => "mailing list",
        _ => "issue tracker",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_has_a_venue() {
        assert_eq!(venue("lore-nbd"), "mailing list");
        assert_eq!(venue("xz-devel"), "mailing list");
        assert_eq!(venue("incivility"), "issue tracker");
        assert_eq!(venue("politeness-stack-exchange"), "other");
    }

    #[test]
    fn length_bands_meet_without_gaps() {
        let names = [0, 19, 20, 59, 60, 200, 201].map(length_band);
        assert!(names.is_sorted());
        assert_eq!(names[1], names[0]);
        assert_ne!(names[1], names[2]);
        assert_eq!(names[4], names[5]);
        assert_ne!(names[5], names[6]);
    }
}
