//! What is known of a project: who holds control, and its usual tempo.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{
    author::{Author, DAY},
    digest::Who,
    wording::Background,
};

/// Acts of upkeep from which on somebody may hold control.
const MIN_UPKEEP: u32 = 3;
/// Answers from which on somebody may hold control by answering alone, and the least share of all answers.
const MIN_ANSWERS: u32 = 6;
const MIN_SHARE: f64 = 0.2;
/// What announcing a release counts for: few others do that.
pub(super) const RELEASE: u32 = 2;
/// Answers over which the tempo is taken.
const MEMORY: f64 = 50.0;

/// People who hold control by decree, by name or address, one a line; `#` begins a remark.
#[derive(Debug, Clone, Default)]
pub struct Maintainers(FxHashSet<String>);

impl Maintainers {
    /// Reads the list.
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        Self(lines.filter(|line| !line.is_empty()).map(str::to_lowercase).collect())
    }

    fn contains(&self, who: &Who) -> bool {
        self.0.contains(&who.address) || self.0.contains(&who.name.to_lowercase())
    }
}

/// A list, repository or file.
#[derive(Debug)]
pub(super) struct Project {
    pub(super) name: Arc<str>,
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) messages: u32,
    /// True once a message had a date.
    pub(super) is_dated: bool,
    answers: u32,
    upkeep: u32,
    /// Seconds from the first message of a thread to the first answer by somebody who holds control.
    pub(super) delay: Tempo,
    /// Newcomers who pressed in one of their first messages.
    pub(super) pressing_newcomers: u32,
    pub(super) background: Background,
}

impl Project {
    pub(super) fn new(name: Arc<str>, at: i64) -> Self {
        Self {
            name,
            first: at,
            last: at,
            messages: 0,
            is_dated: false,
            answers: 0,
            upkeep: 0,
            delay: Tempo::default(),
            pressing_newcomers: 0,
            background: Background::default(),
        }
    }

    /// Notes that a message has a date: the first one begins the archive.
    pub(super) fn date(&mut self, at: Option<i64>) {
        if let Some(at) = at.filter(|_| !self.is_dated) {
            (self.is_dated, self.first) = (true, at);
        }
    }

    /// Counts a message with so many acts of upkeep.
    pub(super) fn count(&mut self, at: i64, is_answer: bool, upkeep: u32) {
        self.last = self.last.max(at);
        self.messages = self.messages.saturating_add(1);
        self.answers += u32::from(is_answer);
        self.upkeep += upkeep;
    }

    /// Whether an author holds control: by role or decree, or, where there is no decree, by doing at least a tenth
    /// of the upkeep that can be seen, or by giving a fifth of all answers beyond doubt (Wilson 1927, at 95 %).
    pub(super) fn is_controlled_by(&self, author: &Author, listed: &Maintainers) -> bool {
        let decreed = listed.contains(&author.who) || author.aliases.iter().any(|who| listed.contains(who));
        if author.has_role || decreed || !listed.0.is_empty() {
            return author.has_role || decreed;
        }
        let keeps_up = author.upkeep >= MIN_UPKEEP && author.upkeep.saturating_mul(10) >= self.upkeep;
        let answers = author.answers >= MIN_ANSWERS && least_share(author.answers, self.answers) >= MIN_SHARE;
        keeps_up || answers
    }

    /// Days since the first message; no archive is younger than a month.
    pub(super) fn days(&self) -> f64 {
        ((self.last - self.first) / DAY).max(30) as f64
    }
}

/// Lower bound of Wilson's 95 % interval (1927) of a share.
fn least_share(part: u32, all: u32) -> f64 {
    const Z: f64 = 1.96;
    let n = f64::from(all.max(part).max(1));
    let p = f64::from(part) / n;
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    (p + Z * Z / (2.0 * n) - spread) / (1.0 + Z * Z / n)
}

/// The usual tempo: a geometric mean of seconds that forgets.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tempo {
    mean: f64,
    count: f64,
}

impl Tempo {
    pub(super) fn take(&mut self, seconds: i64) {
        self.count = (self.count + 1.0).min(MEMORY);
        self.mean += ((seconds.max(1) as f64).ln() - self.mean) / self.count;
    }

    /// Seconds; none before ten were seen.
    pub(super) fn usual(&self) -> Option<f64> {
        (self.count >= 10.0).then(|| self.mean.exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::test_data::digest;

    fn author(upkeep: u32, answers: u32) -> Author {
        Author { upkeep, answers, ..Author::new(&digest(), 0, 0) }
    }

    #[test]
    fn control_shows_in_upkeep_and_in_answers() {
        let mut project = Project::new("tarn".into(), 0);
        for i in 0..100 {
            project.count(i, true, u32::from(i < 40));
        }
        let none = Maintainers::default();
        for (upkeep, answers, wanted) in [(4, 0, true), (3, 0, false), (2, 27, false), (0, 30, true)] {
            assert_eq!(
                project.is_controlled_by(&author(upkeep, answers), &none),
                wanted,
                "{upkeep} {answers}"
            );
        }
        let role = Author { has_role: true, ..author(0, 0) };
        assert!(project.is_controlled_by(&role, &none));
    }

    #[test]
    fn a_list_of_maintainers_is_the_last_word() {
        let project = Project::new("tarn".into(), 0);
        let listed = Maintainers::parse("# people\nADA@tarn.example # the first\n");
        let ada = Author {
            who: Arc::new(Who { name: "Ada".into(), address: "ada@tarn.example".into() }),
            ..author(0, 0)
        };
        assert!(project.is_controlled_by(&ada, &listed));
        assert!(!project.is_controlled_by(&author(50, 500), &listed));
    }

    #[test]
    fn tempo_is_a_geometric_mean() {
        let mut tempo = Tempo::default();
        (0..9).for_each(|_| tempo.take(100));
        assert_eq!(tempo.usual(), None);
        tempo.take(100);
        assert!(tempo.usual().is_some_and(|usual| (usual - 100.0).abs() < 1e-9));
    }
}
