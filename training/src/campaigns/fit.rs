//! Fitting the campaign model.
//!
//! A candidate raises an alarm if any point of its trajectory does, so a negative one is represented by its most
//! probable point, found by fitting again (the witness of multiple-instance learning; Andrews et al. 2002); a positive
//! one by three points of its trajectory, so that it is found early as well. Weights that contradict what their feature
//! means are set to zero and the others fitted again. Calibration (Platt 1999) and threshold use margins from
//! cross-validation in which neither the script nor the corpus was fitted on.

use std::collections::{BTreeMap, BTreeSet};

use linfa::{Dataset, traits::Fit};
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};
use undue::context::{
    CampaignFeatures, CampaignModel, CampaignTraining, Evaluation, FEATURE_NAMES, FEATURES, FeatureWeight,
};

use super::{
    candidate::{Candidate, Kind},
    script::Class,
    split::folds,
};
use crate::logistic::FitError;

/// Features that speak against a campaign; all others speak for one or not at all.
const AGAINST: [&str; 3] = ["crowd", "work", "standing"];
/// Strength of the L2 penalty.
const PENALTY: f64 = 1.0;
/// How often the most probable points of negatives are chosen anew.
const ROUNDS: usize = 4;
/// Points by which a positive candidate is represented.
const POINTS: usize = 3;
/// How many real candidates a look-alike stands for: there are few, and they are what is hard.
const LOOK_ALIKE: usize = 2;
/// Folds of cross-validation.
const FOLDS: usize = 5;

/// How much the candidates were found in, and what the threshold must keep to.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Real messages.
    pub messages: usize,
    /// False alarms allowed in 20,000 of them.
    pub per_20000: f64,
    /// Plantings of campaigns, whether they became candidates or not.
    pub campaigns: usize,
    /// Plantings of look-alikes.
    pub look_alikes: usize,
}

/// Weights of a logistic regression.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Linear {
    intercept: f64,
    weights: [f64; FEATURES],
}

impl Linear {
    fn margin(&self, features: &CampaignFeatures) -> f64 {
        let terms = self.weights.iter().zip(features.values());
        self.intercept + terms.map(|(weight, value)| weight * value).sum::<f64>()
    }

    /// The highest at any point.
    fn highest(&self, candidate: &Candidate) -> f64 {
        let margins = candidate.points.iter().map(|point| self.margin(&point.features));
        margins.fold(f64::NEG_INFINITY, f64::max)
    }
}

/// A margin from a fit that did not see the candidate.
#[derive(Debug, Clone, Copy)]
struct Unseen<'c> {
    candidate: &'c Candidate,
    margin: f64,
}

/// Fits a model; `facts` are what is known of the training set already.
///
/// # Errors
/// If there is no positive or no negative candidate, or the optimiser fails.
pub fn fit(
    candidates: &[Candidate],
    bounds: Bounds,
    facts: CampaignTraining,
) -> Result<CampaignModel, FitError> {
    let all: Vec<&Candidate> = candidates.iter().collect();
    let linear = fit_weights(&all)?;
    let unseen = cross_validate(&all)?;
    let (scale, shift) = calibration(&unseen)?;
    let threshold = threshold(&unseen, bounds);
    let of = |class: Class, all: usize| plantings_above(&unseen, class, threshold) as f64 / all.max(1) as f64;
    let alarms = real_above(&unseen, threshold);
    let features = FEATURE_NAMES.iter().zip(linear.weights);
    Ok(CampaignModel {
        name: "undue-en-campaign".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        provisional: false,
        intercept: round(scale * linear.intercept + shift),
        threshold: round(crate::heads::sigmoid(scale * threshold + shift)),
        false_alarms_per_20000: Some(round(alarms as f64 * 20_000.0 / bounds.messages.max(1) as f64)),
        features: features
            .map(|(name, weight)| FeatureWeight { name: (*name).into(), weight: round(scale * weight) })
            .collect(),
        training: Some(CampaignTraining {
            recall: round(of(Class::Campaign, bounds.campaigns)),
            look_alike_alarms: round(of(Class::LookAlike, bounds.look_alikes)),
            ..facts
        }),
    })
}

/// Five digits are more than the data give, and less than where machines differ.
fn round(value: f64) -> f64 {
    (value * 1e5).round() / 1e5
}

fn fit_weights(candidates: &[&Candidate]) -> Result<Linear, FitError> {
    let mut linear: Option<Linear> = None;
    for _ in 0..ROUNDS {
        linear = Some(fit_signed(&rows(candidates, linear.as_ref()))?);
    }
    linear.ok_or(FitError::Data("no round of fitting"))
}

/// Points to fit on, and whether they are positive.
fn rows(candidates: &[&Candidate], linear: Option<&Linear>) -> Vec<(CampaignFeatures, bool)> {
    let of = |candidate: &Candidate| -> Vec<(CampaignFeatures, bool)> {
        let points = &candidate.points;
        if candidate.is_positive() {
            let at = |part: usize| points.get((points.len() * part).div_ceil(POINTS).saturating_sub(1));
            return (1..=POINTS).filter_map(at).map(|point| (point.features, true)).collect();
        }
        let copies = if candidate.kind == Kind::Real { 1 } else { LOOK_ALIKE };
        let witness = witness(points, linear).map(|point| (point.features, false));
        witness.into_iter().cycle().take(copies * usize::from(witness.is_some())).collect()
    };
    candidates.iter().flat_map(|candidate| of(candidate)).collect()
}

/// The most probable point; the last one while nothing is fitted.
fn witness<'p>(points: &'p [Evaluation], linear: Option<&Linear>) -> Option<&'p Evaluation> {
    let Some(linear) = linear else { return points.last() };
    let margin = |point: &Evaluation| linear.margin(&point.features);
    points.iter().max_by(|a, b| margin(a).total_cmp(&margin(b)))
}

/// Fits without those features whose weights would have the wrong sign, the worst first.
fn fit_signed(rows: &[(CampaignFeatures, bool)]) -> Result<Linear, FitError> {
    let mut used: Vec<usize> = (0..FEATURES).collect();
    loop {
        let linear = fit_on(rows, &used)?;
        let wrong = |at: usize| -linear.weights[at] * sign(at);
        let worst = used.iter().copied().max_by(|a, b| wrong(*a).total_cmp(&wrong(*b)));
        match worst.filter(|at| wrong(*at) > 0.0) {
            Some(at) => used.retain(|other| *other != at),
            None => return Ok(linear),
        }
    }
}

fn sign(feature: usize) -> f64 {
    if AGAINST.contains(&FEATURE_NAMES[feature]) { -1.0 } else { 1.0 }
}

fn fit_on(rows: &[(CampaignFeatures, bool)], used: &[usize]) -> Result<Linear, FitError> {
    let values = rows.iter().flat_map(|(features, _)| used.iter().map(|at| features.values()[*at]));
    let data = Array2::from_shape_vec((rows.len(), used.len()), values.collect())
        .map_err(|_| FitError::Data("ragged features"))?;
    let targets = rows.iter().map(|(_, positive)| *positive).collect();
    let (fitted, intercept) = logistic(data, targets, PENALTY)?;
    let mut weights = [0.0; FEATURES];
    used.iter().zip(fitted).for_each(|(at, weight)| weights[*at] = weight);
    Ok(Linear { intercept, weights })
}

/// Weights and intercept for the class `true`: linfa calls the larger class positive, whatever it means.
fn logistic(data: Array2<f64>, targets: Array1<bool>, penalty: f64) -> Result<(Vec<f64>, f64), FitError> {
    let settings = LogisticRegression::default().alpha(penalty).max_iterations(500);
    let fitted =
        settings.fit(&Dataset::new(data, targets)).map_err(|err| FitError::Optimiser(err.to_string()))?;
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    Ok((fitted.params().iter().map(|weight| weight * sign).collect(), fitted.intercept() * sign))
}

/// Highest margins of all candidates from fits without their group: their script, or their corpus.
fn cross_validate<'c>(candidates: &[&'c Candidate]) -> Result<Vec<Unseen<'c>>, FitError> {
    let of = |real: bool| {
        let own = candidates.iter().filter(move |it| (it.kind == Kind::Real) == real);
        folds(own.map(|it| it.group.as_str()), FOLDS)
    };
    let (scripts, corpora): (BTreeMap<&str, usize>, BTreeMap<&str, usize>) = (of(false), of(true));
    let fold = |it: &Candidate| {
        let groups = if it.kind == Kind::Real { &corpora } else { &scripts };
        groups.get(it.group.as_str()).copied().unwrap_or_default()
    };
    let mut unseen = Vec::new();
    for k in 0..FOLDS {
        let (held, seen): (Vec<&Candidate>, Vec<&Candidate>) =
            candidates.iter().copied().partition(|it| fold(it) == k);
        if held.is_empty() {
            continue;
        }
        let linear = fit_weights(&seen)?;
        unseen.extend(
            held.into_iter().map(|candidate| Unseen { candidate, margin: linear.highest(candidate) }),
        );
    }
    Ok(unseen)
}

/// Scale and shift of margins, so that they are the log odds of being planted among all candidates of the training
/// half.
fn calibration(unseen: &[Unseen<'_>]) -> Result<(f64, f64), FitError> {
    let data = Array2::from_shape_vec((unseen.len(), 1), unseen.iter().map(|it| it.margin).collect())
        .map_err(|_| FitError::Data("ragged margins"))?;
    let targets = unseen.iter().map(|it| it.candidate.is_positive()).collect();
    let (weights, intercept) = logistic(data, targets, 0.01)?;
    Ok((weights[0], intercept))
}

fn real_above(unseen: &[Unseen<'_>], threshold: f64) -> usize {
    unseen.iter().filter(|it| it.candidate.kind == Kind::Real && it.margin >= threshold).count()
}

/// Halfway between the first real candidate that is too many and the next candidate above it.
fn threshold(unseen: &[Unseen<'_>], bounds: Bounds) -> f64 {
    let allowed = (bounds.per_20000 * bounds.messages as f64 / 20_000.0).floor() as usize;
    let mut real: Vec<f64> =
        unseen.iter().filter(|it| it.candidate.kind == Kind::Real).map(|it| it.margin).collect();
    real.sort_by(|a, b| b.total_cmp(a));
    let excluded = real.get(allowed).copied().unwrap_or(-10.0);
    let above = unseen.iter().map(|it| it.margin).filter(|margin| *margin > excluded);
    let next = above.fold(f64::INFINITY, f64::min);
    if next.is_finite() { f64::midpoint(excluded, next) } else { excluded + 0.1 }
}

/// Plantings of a class of which a candidate reaches the threshold.
fn plantings_above(unseen: &[Unseen<'_>], class: Class, threshold: f64) -> usize {
    let own = unseen.iter().filter(|it| it.candidate.kind == Kind::Planted(class) && it.margin >= threshold);
    own.map(|it| (&it.candidate.group, &it.candidate.project)).collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
#[path = "fit_tests.rs"]
mod tests;
