//! The gate: a retrained model becomes active only if it is nowhere worse than the old one beyond a tolerance.

use std::{collections::BTreeMap, fmt};

use rayon::prelude::*;
use serde::Serialize;
use undue::{
    Scorer,
    model::{Model, Output},
};

use super::rehearsal::Frozen;
use crate::{example::Example, store::Learned};

/// What a share of found messages may lose.
pub const RECALL_TOLERANCE: f64 = 0.02;
/// What a share of false alarms may gain.
pub const ALARM_TOLERANCE: f64 = 0.005;
/// What the expected calibration error may gain.
pub const CALIBRATION_TOLERANCE: f64 = 0.02;
/// Bins of equal width of the expected calibration error.
const BINS: usize = 15;
/// Messages that one scorer judges in one go.
const CHUNK: usize = 64;

/// One figure of both models.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// On how many messages.
    pub messages: usize,
    /// The old model's.
    pub old: f64,
    /// The candidate's.
    pub new: f64,
    /// How much worse it may be.
    pub tolerance: f64,
    /// True where more is better.
    pub more_is_better: bool,
}

impl Figure {
    /// True if the candidate is worse beyond the tolerance.
    pub fn is_worse(&self) -> bool {
        let gain = if self.more_is_better { self.new - self.old } else { self.old - self.new };
        // Half a billionth, so that a loss of exactly the tolerance is within it.
        gain < -self.tolerance - 5e-10
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, messages, old, new, tolerance, .. } = self;
        let verdict = if self.is_worse() { "WORSE" } else { "ok" };
        write!(f, "{verdict:5}  {name} ({messages} messages): {old:.4} -> {new:.4}, tolerance {tolerance}")
    }
}

/// Measures both models on everything frozen and on earlier incidents.
pub(super) fn evaluate(old: &Model, new: &Model, frozen: &Frozen, earlier: &[Learned]) -> Vec<Figure> {
    let figure = |name: &str, examples: &[&Example], measure: Measure| {
        let (messages, value) = measure.of(old, examples);
        let new = measure.of(new, examples).1;
        let (tolerance, more_is_better) = measure.tolerance();
        // What two messages make is noise, whatever the share: in a set of thirty, one alone is three points.
        let two = (2.0 / messages.max(1) as f64 * 1e4).ceil() / 1e4;
        let tolerance = tolerance.max(two);
        (messages > 0).then(|| Figure {
            name: name.into(),
            messages,
            old: value,
            new,
            tolerance,
            more_is_better,
        })
    };
    let held_out: Vec<&Example> = frozen.held_out.iter().collect();
    let hard: Vec<&Example> = frozen.hard_negatives.iter().collect();
    let random: Vec<&Example> = frozen.random.iter().collect();
    let (pressure, takeover) = (Output::PRESSURE, Output::TAKEOVER_PRESSURE);
    let mut figures = vec![
        figure("held-out texts, recall of level 2 and more", &held_out, Measure::Recall(pressure)),
        figure("held-out texts, recall of level 3", &held_out, Measure::Recall(takeover)),
        figure("held-out texts, false alarms", &held_out, Measure::Alarms(pressure)),
        figure("hard negatives, false alarms", &hard, Measure::Alarms(pressure)),
        figure("random stratum, false alarms", &random, Measure::Alarms(pressure)),
        figure("random stratum, expected calibration error", &random, Measure::Calibration(pressure)),
    ];
    for (incident, examples) in by_incident(earlier) {
        let examples: Vec<&Example> = examples.iter().collect();
        let name = format!("incident {incident}, recall of level 2 and more");
        figures.push(figure(&name, &examples, Measure::Recall(pressure)));
    }
    figures.into_iter().flatten().collect()
}

fn by_incident(messages: &[Learned]) -> BTreeMap<&str, Vec<Example>> {
    let mut incidents: BTreeMap<&str, Vec<Example>> = BTreeMap::new();
    for message in messages {
        incidents.entry(&message.incident).or_default().push(message.content.example());
    }
    incidents
}

/// What is measured at the model's own thresholds.
#[derive(Debug, Clone, Copy)]
pub enum Measure {
    /// Share of the positives that is found.
    Recall(Output),
    /// Share of the negatives that is found.
    Alarms(Output),
    /// Mean distance of stated probability and share of positives, over bins.
    Calibration(Output),
}

impl Measure {
    fn tolerance(self) -> (f64, bool) {
        match self {
            Self::Recall(_) => (RECALL_TOLERANCE, true),
            Self::Alarms(_) => (ALARM_TOLERANCE, false),
            Self::Calibration(_) => (CALIBRATION_TOLERANCE, false),
        }
    }

    /// On how many of the messages it rests, and its value.
    pub fn of(self, model: &Model, examples: &[&Example]) -> (usize, f64) {
        let (output, wanted) = match self {
            Self::Recall(output) => (output, Some(true)),
            Self::Alarms(output) => (output, Some(false)),
            Self::Calibration(output) => (output, None),
        };
        let chosen = |example: &&&Example| wanted.is_none_or(|wanted| example.is(output) == wanted);
        let examples: Vec<&Example> = examples.iter().filter(chosen).copied().collect();
        let probabilities = probabilities(model, output, &examples);
        let value = if wanted.is_some() {
            let threshold = model.facts(output).threshold;
            let found = probabilities.iter().filter(|&&probability| probability >= threshold).count();
            found as f64 / examples.len().max(1) as f64
        } else {
            let positives: Vec<bool> = examples.iter().map(|example| example.is(output)).collect();
            calibration_error(&probabilities, &positives)
        };
        (examples.len(), value)
    }
}

fn probabilities(model: &Model, output: Output, examples: &[&Example]) -> Vec<f64> {
    let score = |chunk: &[&Example]| {
        let mut scorer = Scorer::new(model);
        chunk.iter().map(|example| scorer.score(&example.message).probability(output)).collect::<Vec<_>>()
    };
    examples.par_chunks(CHUNK).flat_map_iter(score).collect()
}

/// Expected calibration error (Naeini, Cooper & Hauskrecht 2015).
fn calibration_error(probabilities: &[f64], positives: &[bool]) -> f64 {
    let mut bins = [(0.0, 0.0); BINS];
    for (probability, positive) in probabilities.iter().zip(positives) {
        let bin = &mut bins[((probability * BINS as f64) as usize).min(BINS - 1)];
        bin.0 += probability;
        bin.1 += f64::from(u8::from(*positive));
    }
    bins.iter().map(|(stated, seen)| (stated - seen).abs()).sum::<f64>() / probabilities.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(old: f64, new: f64, more_is_better: bool) -> Figure {
        Figure { name: "x".into(), messages: 1, old, new, tolerance: 0.02, more_is_better }
    }

    #[test]
    fn worse_is_beyond_the_tolerance_in_the_bad_direction() {
        assert!(!figure(0.5, 0.48, true).is_worse() && figure(0.5, 0.479, true).is_worse());
        assert!(!figure(0.5, 0.52, false).is_worse() && figure(0.5, 0.521, false).is_worse());
        assert!(!figure(0.5, 0.9, true).is_worse() && !figure(0.5, 0.1, false).is_worse());
        assert!(figure(0.5, 0.1, true).to_string().starts_with("WORSE  x (1 messages): 0.5000 -> 0.1000"));
    }

    /// By hand: the bin of 0.1 and 0.12 is 0.22 off, that of 0.9 is 0.1 off, over three messages.
    #[test]
    fn calibration_error_by_hand() {
        let error = calibration_error(&[0.1, 0.12, 0.9], &[false, false, true]);
        assert!((error - 0.32 / 3.0).abs() < 1e-12, "{error}");
        assert_eq!(calibration_error(&[1.0], &[true]), 0.0);
        assert_eq!(calibration_error(&[], &[]), 0.0);
    }
}
