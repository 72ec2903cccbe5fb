//! Whether the evidence that the model shows is what the annotators marked.

use std::collections::BTreeMap;

use rayon::prelude::*;
use undue::{
    Scorer,
    model::{Model, Output},
};

use super::{measured::share, report::Evidence, set::EvaluationSet};
use crate::{example::Example, metrics::bootstrap::Settings};

/// By output: for true positives of the artifact as it is, whether its strongest evidence overlaps a marked span.
pub fn evidence(model: &Model, set: &EvaluationSet, bootstrap: Settings) -> BTreeMap<String, Evidence> {
    let judge = |scorer: &mut Scorer<'_>, &i: &usize| judge(model, scorer, &set.examples[i]);
    let judged: Vec<Vec<(Output, bool)>> =
        set.main.par_iter().map_init(|| Scorer::new(model), judge).collect();
    let outputs = Output::all().filter_map(|output| {
        let hit = |found: &Vec<(Output, bool)>| found.iter().find(|(o, _)| *o == output).map(|(_, hit)| *hit);
        let rows = set.main.iter().zip(&judged).filter_map(|(&i, found)| Some((i, hit(found)?)));
        let (part, hits): (Vec<usize>, Vec<bool>) = rows.unzip();
        let overlapping = share(&hits, &set.clusters(&part), bootstrap);
        let row = Evidence { messages: hits.len(), overlapping };
        (!hits.is_empty()).then(|| (output.name().to_owned(), row))
    });
    outputs.collect()
}

/// The outputs that are rightly stated of a message with marked evidence, and whether the evidence is right.
fn judge(model: &Model, scorer: &mut Scorer<'_>, example: &Example) -> Vec<(Output, bool)> {
    let score = scorer.score(&example.message);
    let stated =
        |&output: &Output| example.is(output) && score.probability(output) >= model.facts(output).threshold;
    let judged = Output::all().filter(stated).filter_map(|output| {
        let counts = |other: Output| matches!(output, Output::AtLeast(_)) || other == output;
        let marked: Vec<_> =
            example.evidence.iter().filter(|(label, ..)| counts(Output::Label(*label))).collect();
        // Without marked evidence there is nothing to compare with; evidence not found at all is a miss.
        let shown = score.evidence.iter().find(|evidence| counts(evidence.output));
        let overlaps = shown.is_some_and(|shown| {
            marked.iter().any(|(_, part, range)| {
                *part == shown.part && range.start < shown.range.end && shown.range.start < range.end
            })
        });
        (!marked.is_empty()).then_some((output, overlaps))
    });
    judged.collect()
}
