//! Measures of order and of thresholds.

/// The score of one message, and what is known of the message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// Score; a probability where calibration is measured.
    pub score: f64,
    /// True if the message is a positive.
    pub positive: bool,
    /// Messages of the wild that it stands for.
    pub weight: f64,
    /// True if its false alarms count for the rate of false alarms.
    pub random: bool,
}

impl Scored {
    /// A message that stands for itself.
    pub fn new(score: f64, positive: bool) -> Self {
        Self { score, positive, weight: 1.0, random: true }
    }
}

/// Scored messages, highest score first.
#[derive(Debug, Clone)]
pub struct Ranking {
    messages: Vec<Scored>,
    /// Place of each in the list that the ranking was made from.
    order: Vec<usize>,
    /// Ends of the runs of equal scores.
    ends: Vec<usize>,
}

/// Sums over one run of equal scores.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    positives: f64,
    negatives: f64,
    /// Negatives that count for the rate of false alarms.
    alarms: f64,
}

impl Ranking {
    /// Sorts messages; equal scores keep their order.
    pub fn new(messages: Vec<Scored>) -> Self {
        let mut order: Vec<usize> = (0..messages.len()).collect();
        order.sort_by(|&a, &b| messages[b].score.total_cmp(&messages[a].score));
        let messages: Vec<Scored> = order.iter().map(|&i| messages[i]).collect();
        let runs = messages.chunk_by(|a, b| a.score == b.score);
        let ends = runs.scan(0, |end, run| {
            *end += run.len();
            Some(*end)
        });
        Self { ends: ends.collect(), order, messages }
    }

    /// Counts of one each, for the plain value of a measure.
    pub fn ones(&self) -> Vec<f64> {
        vec![1.0; self.messages.len()]
    }

    /// Counts in the order of the list that the ranking was made from, put in the order of the ranking.
    pub fn arrange(&self, counts: &[f64]) -> Vec<f64> {
        self.order.iter().map(|&i| counts[i]).collect()
    }

    /// The messages, highest first.
    pub fn messages(&self) -> &[Scored] {
        &self.messages
    }

    fn runs<'r>(&'r self, counts: &'r [f64]) -> impl Iterator<Item = (f64, Run)> + 'r {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(move |(start, &end)| {
            let mut run = Run::default();
            for (message, count) in self.messages[start..end].iter().zip(&counts[start..end]) {
                match (message.positive, message.random) {
                    (true, _) => run.positives += count,
                    (false, random) => {
                        run.negatives += count;
                        run.alarms += if random { *count } else { 0.0 };
                    }
                }
            }
            (self.messages[start].score, run)
        })
    }

    fn positives(&self, counts: &[f64]) -> f64 {
        let positives = self.messages.iter().zip(counts).filter(|(message, _)| message.positive);
        positives.map(|(_, count)| count).sum()
    }

    /// Average precision, equal scores taken together.
    pub fn average_precision(&self, counts: &[f64]) -> f64 {
        let total = self.positives(counts);
        let (mut found, mut seen, mut sum) = (0.0, 0.0, 0.0);
        for (_, run) in self.runs(counts).filter(|(_, run)| run.positives + run.negatives > 0.0) {
            found += run.positives;
            seen += run.positives + run.negatives;
            sum += run.positives * (found / seen);
        }
        ratio(sum, total)
    }

    /// Area under the receiver operating characteristic: how often a positive stands above a negative.
    pub fn roc_auc(&self, counts: &[f64]) -> f64 {
        let (mut above, mut negatives, mut sum) = (0.0, 0.0, 0.0);
        for (_, run) in self.runs(counts) {
            sum += run.negatives * (above + run.positives / 2.0);
            above += run.positives;
            negatives += run.negatives;
        }
        ratio(sum, above * negatives)
    }

    /// Precision and recall of alarms at `threshold` and above.
    pub fn precision_and_recall(&self, counts: &[f64], threshold: f64) -> (f64, f64) {
        let (mut found, mut raised) = (0.0, 0.0);
        for (message, count) in self.messages.iter().zip(counts).take_while(|(m, _)| m.score >= threshold) {
            found += if message.positive { *count } else { 0.0 };
            raised += count;
        }
        (ratio(found, raised), ratio(found, self.positives(counts)))
    }

    /// Recall at the lowest threshold with at most `alarms` false alarms per 1,000 messages of the random stratum.
    pub fn recall_at_alarms(&self, counts: &[f64], alarms: f64) -> f64 {
        let random = self.messages.iter().zip(counts).filter(|(message, _)| message.random);
        let allowed = alarms / 1000.0 * random.map(|(_, count)| count).sum::<f64>();
        let (mut found, mut raised) = (0.0, 0.0);
        for (_, run) in self.runs(counts) {
            raised += run.alarms;
            if raised > allowed {
                break;
            }
            found += run.positives;
        }
        ratio(found, self.positives(counts))
    }

    /// Share of positives among the first `k`; a run of equal scores at the end gives its share. `NaN` where there
    /// are fewer than `k`.
    pub fn precision_at(&self, counts: &[f64], k: f64) -> f64 {
        let (mut found, mut left) = (0.0, k);
        for (_, run) in self.runs(counts) {
            let size = run.positives + run.negatives;
            let taken = size.min(left);
            if size > 0.0 {
                found += run.positives * taken / size;
            }
            left -= taken;
            if left <= 0.0 {
                return found / k;
            }
        }
        f64::NAN
    }

    /// Precision and recall at each distinct score, highest first.
    pub fn curve(&self) -> Vec<(f64, f64)> {
        let ones = self.ones();
        let total = self.positives(&ones);
        let points = self.runs(&ones).scan((0.0, 0.0), |(found, seen), (_, run)| {
            *found += run.positives;
            *seen += run.positives + run.negatives;
            Some((*found / *seen, ratio(*found, total)))
        });
        points.collect()
    }
}

/// `NaN` where nothing is to be divided by.
fn ratio(a: f64, b: f64) -> f64 {
    if b == 0.0 { f64::NAN } else { a / b }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: [f64; 7] = [2.0, 1.0, 3.0, 1.0, 1.0, 2.0, 4.0];

    fn ranking() -> Ranking {
        let scores = [0.92, 0.81, 0.81, 0.43, 0.33, 0.33, 0.12];
        let positives = [true, false, true, false, true, false, false];
        Ranking::new(scores.iter().zip(positives).map(|(&s, p)| Scored::new(s, p)).collect())
    }

    fn assert_close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    }

    /// Oracle: scikit-learn 1.9.1, `average_precision_score`, `roc_auc_score`, `precision_score`, `recall_score`
    /// with `sample_weight`.
    #[test]
    fn counts_are_the_sample_weights_of_scikit_learn() {
        let ranking = ranking();
        assert_close(ranking.average_precision(&ranking.ones()), 0.722_222_222_222);
        assert_close(ranking.average_precision(&COUNTS), 0.85);
        assert_close(ranking.roc_auc(&ranking.ones()), 0.75);
        assert_close(ranking.roc_auc(&COUNTS), 0.906_25);
        let (precision, recall) = ranking.precision_and_recall(&COUNTS, 0.4);
        assert_close(precision, 5.0 / 7.0);
        assert_close(recall, 5.0 / 6.0);
    }

    #[test]
    fn counts_follow_the_order_of_the_ranking() {
        let ranking = Ranking::new(vec![Scored::new(0.1, false), Scored::new(0.9, true)]);
        assert_eq!(ranking.arrange(&[3.0, 5.0]), [5.0, 3.0]);
    }

    /// By hand: of 1,000 random messages, one negative stands above the second positive and two above the third.
    #[test]
    fn recall_is_taken_at_the_allowed_alarms() {
        let mut messages = vec![Scored::new(0.9, true), Scored::new(0.8, false), Scored::new(0.7, true)];
        messages.extend([Scored { random: false, ..Scored::new(0.75, false) }, Scored::new(0.6, false)]);
        messages.push(Scored::new(0.5, true));
        messages.resize(1001, Scored::new(0.0, false));
        let ranking = Ranking::new(messages);
        let recall = |alarms| ranking.recall_at_alarms(&ranking.ones(), alarms);
        assert_close(recall(0.0), 1.0 / 3.0);
        assert_close(recall(1.0), 2.0 / 3.0);
        assert_close(recall(2.0), 1.0);
    }

    #[test]
    fn precision_at_k_shares_ties_and_wants_k_messages() {
        let ranking = ranking();
        let precision = |k| ranking.precision_at(&ranking.ones(), k);
        assert_close(precision(1.0), 1.0);
        assert_close(precision(2.0), 0.75);
        assert_close(precision(5.0), 2.5 / 5.0);
        assert!(precision(8.0).is_nan());
    }

    #[test]
    fn one_class_has_no_order() {
        let ranking = Ranking::new(vec![Scored::new(0.5, false)]);
        assert!(ranking.roc_auc(&[1.0]).is_nan() && ranking.average_precision(&[1.0]).is_nan());
        assert!(ranking.precision_and_recall(&[1.0], 0.9).0.is_nan());
    }
}
