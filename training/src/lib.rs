//! Training (work in progress).
#![allow(missing_docs)]
pub mod corpus;
pub mod example;
pub mod fit;
pub mod labels;
pub mod logistic;
pub mod matrix;
pub mod metrics;
pub mod vocabulary;
