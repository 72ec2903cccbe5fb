//! Logistic heads by linfa, and calibration to the base rate in the wild.

use linfa::{Dataset, traits::Fit};
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};
use undue::{
    Label,
    model::{Head, OUTPUTS, Output},
};

use crate::logistic::FitError;

/// Out-of-fold scores of one message.
pub type Margins = [f64; OUTPUTS];

/// Fits the head of `output` on out-of-fold scores: a label's on its own score (Platt 1999), a level's also on the
/// positive parts of the labels' scores. Probabilities are those of the sample; see [`calibrate`].
///
/// # Errors
/// If linfa cannot fit (one class is missing).
pub fn fit_head(output: Output, margins: &[Margins], positives: &[bool]) -> Result<Head, FitError> {
    let columns = inputs(output, &margins[0]).len();
    let data: Vec<f64> = margins.iter().flat_map(|margins| inputs(output, margins)).collect();
    let data = Array2::from_shape_vec((margins.len(), columns), data)
        .map_err(|_| FitError::Data("ragged inputs of a head"))?;
    let targets = Array1::from_iter(positives.iter().copied());
    let (weights, intercept) = fit_positive_class(data, targets)?;
    let mut labels = [0.0; Label::COUNT];
    labels.iter_mut().zip(weights.iter().skip(1)).for_each(|(label, weight)| *label = *weight);
    Ok(Head { intercept, own: weights[0], labels })
}

/// What the head of `output` is fitted on: its own score; for a level also what speaks for each label.
pub(crate) fn inputs(output: Output, margins: &Margins) -> Vec<f64> {
    let own = margins[output.index()];
    match output {
        Output::Label(_) => vec![own],
        Output::AtLeast(_) => {
            let labels = margins[..Label::COUNT].iter().map(|margin| margin.max(0.0));
            std::iter::once(own).chain(labels).collect()
        }
    }
}

/// Weights and intercept for the class `true`: linfa calls the larger class positive, whatever it means.
fn fit_positive_class(data: Array2<f64>, targets: Array1<bool>) -> Result<(Vec<f64>, f64), FitError> {
    let dataset = Dataset::new(data, targets);
    let settings = LogisticRegression::default().alpha(1.0).max_iterations(200);
    let fitted = settings.fit(&dataset).map_err(|err| FitError::Optimiser(err.to_string()))?;
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    Ok((fitted.params().iter().map(|weight| weight * sign).collect(), fitted.intercept() * sign))
}

/// Moves the intercept until the mean probability equals the share of positives, both weighted by how many messages
/// of the wild each one stands for (calibration in the large; prior correction as in King & Zeng 2001).
pub fn calibrate(output: Output, head: &mut Head, margins: &[Margins], positives: &[bool], weights: &[f64]) {
    head.intercept = 0.0;
    let logits: Vec<f64> = margins.iter().map(|margins| logit(output, head, margins)).collect();
    head.intercept = shift(&logits, positives, weights);
}

/// What must be added to `logits` for that.
pub(crate) fn shift(logits: &[f64], positives: &[bool], weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    let wanted: f64 = positives.iter().zip(weights).filter(|(positive, _)| **positive).map(|(_, w)| w).sum();
    let expected = |shift: f64| -> f64 {
        logits.iter().zip(weights).map(|(logit, weight)| weight * sigmoid(logit + shift)).sum()
    };
    // At least half a message: an output of which the wild showed none is rare, not impossible.
    let wanted = wanted.clamp(0.5, (total - 0.5).max(0.5));
    let (mut low, mut high) = (-60.0, 60.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if expected(middle) < wanted { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The logit that a head gives a message.
pub fn logit(output: Output, head: &Head, margins: &Margins) -> f64 {
    let labels = std::array::from_fn(|i| margins[i].max(0.0));
    head.logit(margins[output.index()], &labels)
}

/// The logistic function.
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn margins(values: &[f64]) -> Vec<Margins> {
        values.iter().map(|&value| [value; OUTPUTS]).collect()
    }

    #[test]
    fn larger_scores_mean_larger_probabilities_whichever_class_is_larger() {
        let scores = margins(&[-3.0, -2.0, -1.0, 0.5, 1.0, 2.0]);
        for positives in [[false, false, false, false, true, true], [false, true, true, true, true, true]] {
            let head = fit_head(Output::Label(Label::Guilt), &scores, &positives).unwrap();
            assert!(head.own > 0.0, "{head:?}");
            assert_eq!(head.labels, [0.0; 8]);
        }
    }

    #[test]
    fn calibration_meets_the_weighted_share() {
        let scores = margins(&[-2.0, -1.0, 0.0, 1.0]);
        let (positives, weights) = ([false, false, true, true], [100.0, 50.0, 1.0, 1.0]);
        let output = Output::Label(Label::Guilt);
        let mut head = Head { intercept: 9.0, own: 1.5, labels: [0.0; 8] };
        calibrate(output, &mut head, &scores, &positives, &weights);
        let mean = scores.iter().zip(weights).map(|(m, w)| w * sigmoid(logit(output, &head, m))).sum::<f64>();
        assert!((mean - 2.0).abs() < 1e-6, "{mean}");
    }
}
