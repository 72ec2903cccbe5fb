//! The quality gate: figures that may not get worse.

use std::{fmt, path::Path};

use anyhow::Context;

use super::report::{Report, SplitReport};
use crate::metrics::Measure;

/// A figure that got worse than its tolerance allows.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// Where: split, output or breakdown.
    pub place: String,
    /// What.
    pub measure: Measure,
    /// The frozen value.
    pub frozen: f64,
    /// The value now; none if it is no longer measured.
    pub now: Option<f64>,
    /// What was allowed.
    pub tolerance: f64,
}

impl fmt::Display for Regression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, measure, frozen, now, tolerance } = self;
        let now = now.map_or("not measured".to_owned(), |now| format!("{now:.4}"));
        write!(f, "{place}: {} was {frozen:.4}, is {now} (tolerance {tolerance})", measure.heading())
    }
}

/// Reads a file of frozen figures.
///
/// # Errors
/// If it cannot be read or is no report.
pub fn read(path: &Path) -> anyhow::Result<Report> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// Figures of `now` that are worse than those of `frozen` by more than the tolerances in `frozen`. Only splits that
/// were measured now are compared; within them, a figure that is missing counts as worse.
pub fn regressions(frozen: &Report, now: &Report) -> Vec<Regression> {
    let mut all = Vec::new();
    for (name, split) in &frozen.splits {
        if let Some(measured) = now.splits.get(name) {
            compare(name, frozen, split, measured, &mut all);
        }
    }
    all
}

fn compare(
    name: &str,
    frozen: &Report,
    before: &SplitReport,
    after: &SplitReport,
    all: &mut Vec<Regression>,
) {
    for (output, row) in &before.outputs {
        for (&measure, figure) in &row.figures {
            let (Some(was), Some(&tolerance)) = (figure.0, frozen.tolerances.get(&measure)) else { continue };
            let now = after.outputs.get(output).and_then(|row| row.figures.get(&measure)?.0);
            let place = format!("{name} {output}");
            all.extend(worse(was, now, measure, tolerance).map(|now| Regression {
                place,
                measure,
                frozen: was,
                now,
                tolerance,
            }));
        }
    }
    if let (Some(offers), Some(&tolerance)) = (before.offers, frozen.tolerances.get(&Measure::Precision)) {
        let was = offers.false_alarms.0.unwrap_or_default();
        let now = after.offers.and_then(|offers| offers.false_alarms.0);
        let lost = now.is_none_or(|now| now > was + tolerance);
        let place = format!("{name} polite offers: false alarms of level 3");
        let regression = Regression { place, measure: Measure::Precision, frozen: was, now, tolerance };
        all.extend(lost.then_some(regression));
    }
}

/// The value now, if it is worse than `tolerance` allows.
fn worse(was: f64, now: Option<f64>, measure: Measure, tolerance: f64) -> Option<Option<f64>> {
    let Some(value) = now else { return Some(None) };
    let loss = if measure.higher_is_better() { was - value } else { value - was };
    // Rounded figures differ by exact multiples of their last place: leave room for binary fractions.
    (loss > tolerance + 1e-9).then_some(now)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeMap;

    use undue::model::Model;

    use super::{
        super::report::{Figure, Row},
        *,
    };
    use crate::metrics::bootstrap::Settings;

    fn report(average_precision: f64, ece: f64) -> Report {
        let mut report = Report::new(&Model::embedded().unwrap(), Settings::default());
        let figure = |value| Figure(Some(value), None, None);
        let figures = [(Measure::AveragePrecision, average_precision), (Measure::Ece, ece)];
        let figures = figures.map(|(measure, value)| (measure, figure(value))).into();
        let outputs = BTreeMap::from([("pressure".to_owned(), Row { messages: 1, positives: 1, figures })]);
        report.splits.insert("cv".into(), SplitReport { outputs, ..SplitReport::default() });
        report
    }

    #[test]
    fn only_losses_beyond_the_tolerance_count() {
        let frozen = report(0.8, 0.05);
        assert_eq!(regressions(&frozen, &report(0.79, 0.06)), []);
        assert_eq!(regressions(&frozen, &report(0.95, 0.0)), []);
        let lost = regressions(&frozen, &report(0.78, 0.07));
        assert_eq!(lost.len(), 2);
        assert_eq!(lost[0].to_string(), "cv pressure: AP was 0.8000, is 0.7800 (tolerance 0.01)");
    }

    #[test]
    fn a_figure_that_is_gone_is_a_loss() {
        let mut now = report(0.8, 0.05);
        now.splits.get_mut("cv").unwrap().outputs.clear();
        assert_eq!(regressions(&report(0.8, 0.05), &now).len(), 2);
        now.splits.clear();
        assert_eq!(regressions(&report(0.8, 0.05), &now), []);
    }
}
