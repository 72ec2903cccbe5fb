//! Sparse logistic regression behind linfa's `Fit` and `Predict`: linfa's own is dense.
//!
//! L2-regularised maximum likelihood by L-BFGS (Liu & Nocedal 1989) with a More–Thuente line search, both from
//! `argmin`. Single-threaded and free of chance: the same rows give the same weights.

use std::cell::RefCell;

use argmin::{
    core::{CostFunction, Executor, Gradient, State},
    solver::{linesearch::MoreThuenteLineSearch, quasinewton::LBFGS},
};
use linfa::{
    DatasetBase,
    traits::{Fit, PredictInplace},
};
use ndarray::Array1;

use crate::matrix::SparseRows;

/// Settings of the fit; [`Fit::fit`] checks them.
#[derive(Debug, Clone)]
pub struct SparseLogistic {
    /// Weight of half the squared norm of the weights (the bias is free). At least 0.
    pub l2: f64,
    /// Iterations of L-BFGS at most.
    pub max_iterations: u64,
    /// Start from these weights (features, then the bias) instead of zeros.
    pub start: Option<Array1<f64>>,
    /// Measure the squared norm from these weights instead of from zero: a Gaussian prior around them. The bias is
    /// then held too, since a prior speaks of all weights.
    pub prior: Option<Array1<f64>>,
}

/// A fitted sparse logistic regression.
#[derive(Debug, Clone)]
pub struct FittedSparseLogistic {
    /// One weight for each feature, then the bias.
    pub weights: Array1<f64>,
}

/// What can go wrong in a fit.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// A setting is out of range.
    #[error("invalid setting: {0}")]
    Settings(&'static str),
    /// There is nothing to learn from.
    #[error("{0}")]
    Data(&'static str),
    /// The optimiser gave up.
    #[error("optimiser: {0}")]
    Optimiser(String),
    /// linfa refused the data.
    #[error(transparent)]
    Linfa(#[from] linfa::error::Error),
}

/// Targets and what each row counts: the bias column is the number of sentences in the row.
#[derive(Debug, Clone)]
pub struct Rows {
    /// Feature counts.
    pub features: SparseRows,
    /// How often the bias counts in each row (the number of summed sentences).
    pub bias: Vec<f64>,
}

impl linfa::dataset::Records for Rows {
    type Elem = f64;

    fn nsamples(&self) -> usize {
        self.features.len()
    }

    fn nfeatures(&self) -> usize {
        self.features.nfeatures() + 1
    }
}

impl Rows {
    fn margin(&self, i: usize, weights: &Array1<f64>) -> f64 {
        let bias = weights[weights.len() - 1] * self.bias[i];
        let row = self.features.row(i);
        row.iter().fold(bias, |sum, &(column, value)| sum + weights[column as usize] * f64::from(value))
    }
}

struct Problem<'d> {
    rows: &'d Rows,
    /// The weights that were last looked at and their margins: the line search asks for cost and gradient of the
    /// same point, one after the other.
    last: RefCell<(Array1<f64>, Vec<f64>)>,
    targets: &'d Array1<f64>,
    sample_weights: &'d [f32],
    l2: f64,
    prior: Option<&'d Array1<f64>>,
}

impl Problem<'_> {
    /// What the penalty is put on.
    fn away(&self, weights: &Array1<f64>) -> Array1<f64> {
        if let Some(prior) = self.prior {
            return weights - prior;
        }
        let mut away = weights.clone();
        away[weights.len() - 1] = 0.0;
        away
    }

    fn update_margins(&self, weights: &Array1<f64>) {
        let (at, margins) = &mut *self.last.borrow_mut();
        if at != weights {
            at.clone_from(weights);
            margins.clear();
            margins.extend((0..self.targets.len()).map(|i| self.rows.margin(i, weights)));
        }
    }
}

/// log(1 + e^x) without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

impl CostFunction for Problem<'_> {
    type Param = Array1<f64>;
    type Output = f64;

    fn cost(&self, weights: &Array1<f64>) -> Result<f64, argmin::core::Error> {
        let away = self.away(weights);
        let mut loss = 0.5 * self.l2 * away.dot(&away);
        self.update_margins(weights);
        let margins = &self.last.borrow().1;
        for (i, (&target, &margin)) in self.targets.iter().zip(margins).enumerate() {
            loss += f64::from(self.sample_weights[i]) * (softplus(margin) - target * margin);
        }
        Ok(loss)
    }
}

impl Gradient for Problem<'_> {
    type Param = Array1<f64>;
    type Gradient = Array1<f64>;

    fn gradient(&self, weights: &Array1<f64>) -> Result<Array1<f64>, argmin::core::Error> {
        let last = weights.len() - 1;
        let mut gradient = self.away(weights) * self.l2;
        for (i, &target) in self.targets.iter().enumerate() {
            let slope = f64::from(self.sample_weights[i]) * (sigmoid(self.rows.margin(i, weights)) - target);
            for &(column, value) in self.rows.features.row(i) {
                gradient[column as usize] += slope * f64::from(value);
            }
            gradient[last] += slope * self.rows.bias[i];
        }
        Ok(gradient)
    }
}

impl Fit<Rows, Array1<f64>, FitError> for SparseLogistic {
    type Object = FittedSparseLogistic;

    /// Fits to targets in `0..=1` (soft targets are allowed) with the dataset's sample weights (1 if unset).
    fn fit(&self, dataset: &DatasetBase<Rows, Array1<f64>>) -> Result<Self::Object, FitError> {
        if !(self.l2.is_finite() && self.l2 >= 0.0) {
            return Err(FitError::Settings("l2 must be finite and not negative"));
        }
        let targets = dataset.targets();
        if targets.is_empty() || targets.len() != dataset.records().features.len() {
            return Err(FitError::Data("one target for each row, and at least one row, are needed"));
        }
        let columns = linfa::dataset::Records::nfeatures(dataset.records());
        if [&self.start, &self.prior].into_iter().flatten().any(|given| given.len() != columns) {
            return Err(FitError::Settings(
                "start and prior need one weight for each feature, then the bias",
            ));
        }
        let ones = vec![1.0f32; targets.len()];
        let sample_weights = dataset.weights().unwrap_or(&ones);
        let problem = Problem {
            rows: dataset.records(),
            last: RefCell::default(),
            targets,
            sample_weights,
            l2: self.l2,
            prior: self.prior.as_ref(),
        };
        let start = self.start.clone().unwrap_or_else(|| Array1::zeros(columns));
        let solver = LBFGS::new(MoreThuenteLineSearch::new(), 8)
            .with_tolerance_grad(1e-3)
            .and_then(|solver| solver.with_tolerance_cost(1e-7))
            .map_err(|err| FitError::Optimiser(err.to_string()))?;
        let run = Executor::new(problem, solver)
            .configure(|state| state.param(start).max_iters(self.max_iterations))
            .run()
            .map_err(|err| FitError::Optimiser(err.to_string()))?;
        let weights = run.state().get_best_param().cloned();
        weights
            .map(|weights| FittedSparseLogistic { weights })
            .ok_or_else(|| FitError::Optimiser("no step was made".into()))
    }
}

impl PredictInplace<Rows, Array1<f64>> for FittedSparseLogistic {
    /// The margin (logit) of each row.
    fn predict_inplace(&self, rows: &Rows, margins: &mut Array1<f64>) {
        for (i, margin) in margins.iter_mut().enumerate() {
            *margin = rows.margin(i, &self.weights);
        }
    }

    fn default_target(&self, rows: &Rows) -> Array1<f64> {
        Array1::zeros(rows.features.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(data: &[&[u32]]) -> Rows {
        let mut features = SparseRows::new(3);
        data.iter().for_each(|row| features.push(row.iter().map(|&f| (f, 1.0))));
        Rows { features, bias: vec![1.0; data.len()] }
    }

    /// Oracle: scikit-learn 1.9.1, `LogisticRegression(C=1.0, tol=1e-10)` on the same six rows.
    #[test]
    fn weights_agree_with_scikit_learn() {
        let rows = rows(&[&[0], &[0, 1], &[1], &[2], &[1, 2], &[0, 2, 2]]);
        let targets = Array1::from(vec![1.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
        let dataset = DatasetBase::new(rows, targets);
        let fit = SparseLogistic { l2: 1.0, max_iterations: 200, start: None, prior: None };
        let fitted = fit.fit(&dataset).unwrap();
        let expected = ORACLE;
        for (weight, oracle) in fitted.weights.iter().zip(expected) {
            assert!((weight - oracle).abs() < 2e-3, "{:?}", fitted.weights);
        }
        let mut margins = fitted.default_target(dataset.records());
        fitted.predict_inplace(dataset.records(), &mut margins);
        assert!(margins[0] > 0.0 && margins[2] < 0.0);
    }

    const ORACLE: [f64; 4] = [1.07521331, -0.28027024, -0.03708771, -0.37283153];

    #[test]
    fn a_prior_holds_all_weights_where_the_data_say_nothing() {
        let prior = Array1::from(vec![0.5, -2.0, 3.0, 1.5]);
        let dataset = DatasetBase::new(rows(&[&[0]]), Array1::from(vec![1.0]));
        let fit = |l2| {
            let start = Some(prior.clone());
            let fit = SparseLogistic { l2, max_iterations: 50, start, prior: Some(prior.clone()) };
            fit.fit(&dataset).unwrap().weights
        };
        let weights = fit(0.1);
        assert_eq!((weights[1], weights[2]), (prior[1], prior[2]), "features that no row has stay");
        assert!(weights[0] > prior[0] && weights[3] > prior[3], "{weights}");
        assert!(
            (weights[0] - prior[0] - (weights[3] - prior[3])).abs() < 1e-9,
            "the bias is held as the others"
        );
        assert!((&fit(1e6) - &prior).mapv(f64::abs).sum() < 1e-3);
        let short = SparseLogistic { l2: 1.0, max_iterations: 1, start: None, prior: Some(Array1::zeros(2)) };
        assert!(matches!(short.fit(&dataset), Err(FitError::Settings(_))));
    }

    #[test]
    fn bad_settings_and_empty_data_are_refused() {
        let dataset = DatasetBase::new(rows(&[]), Array1::from(vec![]));
        let fit = SparseLogistic { l2: 1.0, max_iterations: 10, start: None, prior: None };
        assert!(matches!(fit.fit(&dataset), Err(FitError::Data(_))));
        let dataset = DatasetBase::new(rows(&[&[0]]), Array1::from(vec![1.0]));
        let fit = SparseLogistic { l2: -1.0, max_iterations: 10, start: None, prior: None };
        assert!(matches!(fit.fit(&dataset), Err(FitError::Settings(_))));
    }
}
