//! Trains and evaluates the models of `undue`: from stand-off labels and texts to one small artifact.

pub mod additive;
pub mod authored;
pub mod convert;
pub mod corpus;
pub mod counts;
pub mod dataset_card;
pub mod example;
pub mod folds;
pub mod heads;
pub mod incidents;
pub mod inputs;
pub mod labels;
pub mod logistic;
pub mod matrix;
pub mod metrics;
pub mod sources;
pub mod threshold;
pub mod train;
pub mod vocabulary;
