//! Trains and evaluates the models of `undue`: from stand-off labels and texts to one small artifact.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod additive;
pub mod authored;
pub mod baseline;
pub mod campaigns;
pub mod card;
pub mod cli;
pub mod compare;
pub mod convert;
pub mod corpus;
pub mod counts;
pub mod dataset_card;
pub mod encoder;
pub mod evaluate;
pub mod example;
pub mod folds;
pub mod heads;
pub mod incidents;
pub mod inputs;
pub mod inspect;
pub mod labels;
pub mod logistic;
pub mod matrix;
pub mod metrics;
pub mod retrain;
pub mod sources;
pub mod stack;
pub mod store;
pub mod threshold;
pub mod tokenizer;
pub mod train;
pub mod vocabulary;
