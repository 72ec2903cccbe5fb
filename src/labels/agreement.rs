//! How well two judges agree: Cohen's kappa for each label and for levels.

use std::fmt;

use crate::{Label, Level};

/// Level and labels of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// How strong it is.
    pub level: Level,
    /// What it shows, in the order of the codebook, each once.
    pub labels: Vec<Label>,
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.labels.iter().map(|label| label.name()).collect();
        write!(f, "level {} [{}]", self.level, names.join(" "))
    }
}

/// Agreement beyond chance (Cohen 1960).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kappa {
    /// At most 1; 0 is what chance would give. Not defined where both judges said one and the same of everything.
    pub value: Option<f64>,
    /// Its standard error, as in Cohen (1960). Of weighted kappas it is not computed.
    pub standard_error: Option<f64>,
    /// Share of messages on which both agree, `0..=1`; not a number without messages.
    pub agreement: f64,
}

impl Kappa {
    /// Kappa of a table of counts: `table[a][b]` messages that one judge put into category `a` and the other into `b`.
    pub fn of<const N: usize>(table: &[[u64; N]; N]) -> Self {
        let (observed, expected, total) = Self::shares(table, |a, b| f64::from(u8::from(a == b)));
        let value = (observed - expected) / (1.0 - expected);
        let error = (observed * (1.0 - observed) / total).sqrt() / (1.0 - expected);
        let defined = value.is_finite();
        Self {
            value: defined.then_some(value),
            standard_error: defined.then_some(error),
            agreement: observed,
        }
    }

    /// Kappa for ordered categories: neighbours agree in part, by the square of their distance (Cohen 1968).
    pub fn weighted<const N: usize>(table: &[[u64; N]; N]) -> Self {
        let farthest = N.saturating_sub(1).max(1) as f64;
        let weight = |a: usize, b: usize| 1.0 - (a.abs_diff(b) as f64 / farthest).powi(2);
        let (observed, expected, _) = Self::shares(table, weight);
        let value = (observed - expected) / (1.0 - expected);
        Self { value: value.is_finite().then_some(value), standard_error: None, agreement: observed }
    }

    /// Observed and expected agreement, and the number of messages.
    fn shares<const N: usize>(
        table: &[[u64; N]; N],
        weight: impl Fn(usize, usize) -> f64,
    ) -> (f64, f64, f64) {
        let total = table.iter().flatten().sum::<u64>() as f64;
        let rows: [u64; N] = std::array::from_fn(|a| table[a].iter().sum());
        let columns: [u64; N] = std::array::from_fn(|b| table.iter().map(|row| row[b]).sum());
        let (mut observed, mut expected) = (0.0, 0.0);
        for a in 0..N {
            for b in 0..N {
                observed += weight(a, b) * table[a][b] as f64 / total;
                expected += weight(a, b) * (rows[a] as f64 / total) * (columns[b] as f64 / total);
            }
        }
        (observed, expected, total)
    }
}

impl fmt::Display for Kappa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.value, self.standard_error) {
            (Some(value), Some(error)) => f.pad(&format!("{value:.2} ± {:.2}", 1.96 * error)),
            (Some(value), None) => f.pad(&format!("{value:.2}")),
            (None, _) => f.pad("-"),
        }
    }
}

/// Counts of how two judges judged the same messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreement {
    messages: u64,
    equal: u64,
    labels: [[[u64; 2]; 2]; Label::COUNT],
    levels: [[u64; 4]; 4],
}

impl Agreement {
    /// The agreement on pairs of judgements of one message each.
    pub fn between<'j>(pairs: impl IntoIterator<Item = (&'j Judgement, &'j Judgement)>) -> Self {
        let mut all = Self::default();
        for (a, b) in pairs {
            all.messages += 1;
            all.equal += u64::from(a == b);
            all.levels[usize::from(u8::from(a.level))][usize::from(u8::from(b.level))] += 1;
            for (label, table) in Label::ALL.iter().zip(&mut all.labels) {
                table[usize::from(a.labels.contains(label))][usize::from(b.labels.contains(label))] += 1;
            }
        }
        all
    }

    /// Messages that both judged.
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// Messages with equal level and labels.
    pub fn equal(&self) -> u64 {
        self.equal
    }

    /// Agreement on whether a message shows a label.
    pub fn label(&self, label: Label) -> Kappa {
        Kappa::of(&self.labels[label.index()])
    }

    /// Agreement on levels, all disagreements alike.
    pub fn levels(&self) -> Kappa {
        Kappa::of(&self.levels)
    }

    /// Agreement on levels, where a difference of three levels weighs nine times one of one.
    pub fn weighted_levels(&self) -> Kappa {
        Kappa::weighted(&self.levels)
    }

    /// How often the judges gave a label: the one, the other, both.
    pub fn given(&self, label: Label) -> [u64; 3] {
        let [[_, other], [one, both]] = self.labels[label.index()];
        [one + both, other + both, both]
    }
}

/// A table for people: one line for each label, then the levels.
impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} messages judged by both, {} alike in level and labels", self.messages, self.equal)?;
        writeln!(f, "{:<17} {:>7} {:>7} {:>7}  {:<13} agree", "", "first", "second", "both", "kappa (95 %)")?;
        let share = |kappa: Kappa| if self.messages == 0 { 0.0 } else { 100.0 * kappa.agreement };
        for label in Label::ALL {
            let ([one, other, both], kappa) = (self.given(label), self.label(label));
            writeln!(f, "{label:<17} {one:>7} {other:>7} {both:>7}  {kappa:<13} {:.1} %", share(kappa))?;
        }
        let levels = self.levels();
        writeln!(f, "{:<17} {:>23}  {levels:<13} {:.1} %", "level", "", share(levels))?;
        writeln!(f, "{:<17} {:>23}  {}", "level, weighted", "", self.weighted_levels())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn close(a: Option<f64>, b: f64) {
        assert!((a.unwrap() - b).abs() < 1e-9, "{a:?} {b}");
    }

    /// 20 both yes, 5 and 10 split, 15 both no: observed 35/50, expected (25·30 + 25·20)/2500 = 1/2.
    #[test]
    fn kappa_of_two_categories() {
        let kappa = Kappa::of(&[[15, 10], [5, 20]]);
        close(Some(kappa.agreement), 0.7);
        close(kappa.value, 0.4);
        // sqrt(0.7 · 0.3 / 50) / 0.5
        close(kappa.standard_error, 0.004_2f64.sqrt() * 2.0);
    }

    /// Rows 3, 3, 4 and columns 3, 4, 3 of ten. Observed 7/10, expected (9 + 12 + 12)/100; weights 1, 3/4, 0.
    #[test]
    fn kappa_of_ordered_categories() {
        let table = [[2, 1, 0], [1, 2, 0], [0, 1, 3]];
        close(Kappa::of(&table).value, (0.7 - 0.33) / 0.67);
        // Observed 0.7 + 0.75·0.3 = 0.925; expected 0.33 + 0.75·(3·4 + 3·3 + 3·3 + 4·4)/100 = 0.675.
        close(Kappa::weighted(&table).value, 0.25 / 0.325);
    }

    #[test]
    fn perfect_opposite_and_undefined() {
        close(Kappa::of(&[[5, 0], [0, 5]]).value, 1.0);
        close(Kappa::of(&[[0, 5], [5, 0]]).value, -1.0);
        assert_eq!(Kappa::of(&[[9, 0], [0, 0]]).value, None);
        assert_eq!(Kappa::of(&[[0; 4]; 4]).value, None);
        assert_eq!(Kappa::weighted(&[[0, 0], [0, 3]]).to_string(), "-");
    }

    #[test]
    fn judgements_are_counted() {
        let judgement =
            |level: usize, labels: &[Label]| Judgement { level: Level::ALL[level], labels: labels.to_vec() };
        let (a, b) = (judgement(2, &[Label::Guilt]), judgement(1, &[Label::Guilt, Label::Endorsement]));
        let c = judgement(0, &[]);
        let agreement = Agreement::between([(&a, &b), (&a, &a), (&c, &c), (&c, &b)]);
        assert_eq!((agreement.messages(), agreement.equal()), (4, 2));
        assert_eq!(agreement.given(Label::Guilt), [2, 3, 2]);
        assert_eq!(agreement.given(Label::Endorsement), [0, 2, 0]);
        close(agreement.label(Label::Guilt).value, 0.5);
        let table = agreement.to_string();
        assert!(table.contains("\nguilt                   2       3       2  0.50 ± "), "{table}");
        assert!(table.lines().all(|line| line.len() < 80), "{table}");
        assert_eq!(a.to_string(), "level 2 [guilt]");
    }
}
