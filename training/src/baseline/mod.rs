//! What a model must beat: simple methods on the same folds.

mod keywords;
mod tfidf;

use crate::{evaluate::BaselineScores, example::Example, folds};

/// Scores of every baseline for every example; what is fitted is fitted without the example's source.
///
/// # Errors
/// If a fit fails.
pub fn all(examples: &[Example], progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Vec<BaselineScores>> {
    let examples: Vec<&Example> = examples.iter().collect();
    let keywords = keywords::scores(&examples);
    progress("baseline: keywords are counted");
    let tfidf = tfidf::scores(&examples, &folds::leave_sources_out(&examples), progress)?;
    Ok(vec![
        BaselineScores { name: "keywords", scores: keywords },
        BaselineScores { name: "tf-idf logistic regression", scores: tfidf },
    ])
}
