//! Trains and evaluates the models of `undue`: from stand-off labels and texts to one small artifact.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod additive;
pub mod corpus;
pub mod example;
pub mod folds;
pub mod heads;
pub mod inputs;
pub mod labels;
pub mod logistic;
pub mod matrix;
pub mod metrics;
pub mod retrain;
pub mod store;
pub mod threshold;
pub mod train;
pub mod vocabulary;
