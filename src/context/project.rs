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
/// Answers from which on somebody may hold control by answering alone.
const MIN_ANSWERS: u32 = 20;
/// Messages after which the tempo has half forgotten what was before.
const TEMPO_HALF_LIFE: f64 = 50.0;

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
    answers: u32,
    upkeep: u32,
    /// Usual seconds between two messages, and from the first message of a thread to the first answer by somebody
    /// who holds control: geometric means that forget.
    gap: Tempo,
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
            answers: 0,
            upkeep: 0,
            gap: Tempo::default(),
            delay: Tempo::default(),
            pressing_newcomers: 0,
            background: Background::default(),
        }
    }

    pub(super) fn count(&mut self, at: i64, is_answer: bool, is_upkeep: bool) {
        if self.messages > 0 {
            self.gap.take(at - self.last);
        }
        self.last = self.last.max(at);
        self.messages = self.messages.saturating_add(1);
        self.answers += u32::from(is_answer);
        self.upkeep += u32::from(is_upkeep);
    }

    /// Whether an author holds control: by role or decree, or, where there is no decree, by doing at least a tenth
    /// of the upkeep that can be seen, or by giving at least a fifth of all answers.
    pub(super) fn is_controlled_by(&self, author: &Author, listed: &Maintainers) -> bool {
        let decreed = listed.contains(&author.who) || author.aliases.iter().any(|who| listed.contains(who));
        if author.has_role || decreed || !listed.0.is_empty() {
            return author.has_role || decreed;
        }
        let keeps_up = author.upkeep >= MIN_UPKEEP && author.upkeep.saturating_mul(10) >= self.upkeep;
        let answers = author.answers >= MIN_ANSWERS && author.answers.saturating_mul(5) >= self.answers;
        keeps_up || answers
    }

    /// New people who press, a day, over the life of the archive: the rate by which chance is measured. At least one
    /// in the archive's life, and no life is shorter than a month.
    pub(super) fn pressing_newcomers_a_day(&self) -> f64 {
        let days = ((self.last - self.first) / DAY).max(30) as f64;
        f64::from(self.pressing_newcomers.max(1)) / days
    }
}

/// A geometric mean of seconds that forgets.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tempo {
    mean: f64,
    count: f64,
}

impl Tempo {
    pub(super) fn take(&mut self, seconds: i64) {
        self.count = (self.count + 1.0).min(TEMPO_HALF_LIFE);
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
            project.count(i, true, i < 40);
        }
        let none = Maintainers::default();
        for (upkeep, answers, wanted) in [(4, 0, true), (3, 0, false), (2, 19, false), (0, 20, true)] {
            assert_eq!(project.is_controlled_by(&author(upkeep, answers), &none), wanted, "{upkeep} {answers}");
        }
        let role = Author { has_role: true, ..author(0, 0) };
        assert!(project.is_controlled_by(&role, &none));
    }

    #[test]
    fn a_list_of_maintainers_is_the_last_word() {
        let project = Project::new("tarn".into(), 0);
        let listed = Maintainers::parse("# people\nADA@tarn.example # the first\n");
        let ada = Author { who: Arc::new(Who { name: "Ada".into(), address: "ada@tarn.example".into() }), ..author(0, 0) };
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
