//! What a model has learned and where it errs, without any text of a message.

use undue::model::{FeatureId, Model, Output, norm};

use crate::evaluate::EvaluationSet;

/// A word or pair and its weights for one output.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// The word, or two words with a space.
    pub name: String,
    /// What it adds to the logit where it is the one known word of the one sentence that counts.
    pub sentence: f64,
    /// What it adds to the logit as the one known word of a message.
    pub message: f64,
}

impl Feature {
    /// Both together: what it adds to a message of itself alone.
    pub fn total(&self) -> f64 {
        self.sentence + self.message
    }
}

/// The `top` words and pairs that speak most for `output`, and those that speak most against it.
pub fn strongest(model: &Model, output: Output, top: usize) -> (Vec<Feature>, Vec<Feature>) {
    let calibration = &model.facts(output).calibration;
    let unit = calibration.scale * calibration.head.own * norm(1);
    let k = output.index();
    let feature = |id: FeatureId| {
        let weights = model.weights(id);
        let logit = |weight: i16| f64::from(weight) * unit;
        Feature {
            name: model.vocabulary().name(id),
            sentence: logit(weights.sentence[k]),
            message: logit(weights.message[k]),
        }
    };
    let mut features: Vec<Feature> = model.vocabulary().features().map(feature).collect();
    features.sort_by(|a, b| b.total().total_cmp(&a.total()).then_with(|| a.name.cmp(&b.name)));
    let against = features.iter().rev().take(top).filter(|feature| feature.total() < 0.0).cloned().collect();
    features.retain(|feature| feature.total() > 0.0);
    features.truncate(top);
    (features, against)
}

/// A message on the wrong side of a threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Mistake {
    /// Corpus.
    pub source: String,
    /// Id in the corpus.
    pub id: String,
    /// Level that the annotators gave.
    pub level: u8,
    /// Labels that they gave.
    pub labels: Vec<&'static str>,
    /// Probability by the model.
    pub probability: f64,
}

/// The `top` worst false alarms and misses of `output`, worst first.
pub fn mistakes(
    model: &Model,
    set: &EvaluationSet,
    output: Output,
    top: usize,
) -> (Vec<Mistake>, Vec<Mistake>) {
    let threshold = model.facts(output).threshold;
    let probability = |i: usize| set.probability(output, i);
    let mistake = |&i: &usize| Mistake {
        source: set.examples[i].source.clone(),
        id: set.examples[i].message.id.clone(),
        level: set.examples[i].level.into(),
        labels: set.examples[i].labels.iter().map(|label| label.name()).collect(),
        probability: probability(i),
    };
    let wrong = |positive: bool| {
        let wrong = move |i: &usize| {
            set.examples[*i].is(output) == positive && (probability(*i) >= threshold) != positive
        };
        let mut part: Vec<usize> = set.main.iter().copied().filter(wrong).collect();
        part.sort_by(|&a, &b| probability(b).total_cmp(&probability(a)));
        if positive {
            part.reverse();
        }
        part.iter().take(top).map(mistake).collect()
    };
    (wrong(false), wrong(true))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use undue::{Label, Level, Message, Scorer, model::OUTPUTS};

    use super::*;
    use crate::example::Example;

    #[test]
    fn the_strongest_words_speak_for_the_output() {
        let model = Model::embedded().unwrap();
        let output = Output::Label(Label::Urgency);
        let (for_it, against) = strongest(&model, output, 5);
        assert_eq!((for_it.len(), against.len()), (5, 5));
        assert!(for_it.is_sorted_by(|a, b| a.total() >= b.total()));
        assert!(against.iter().all(|feature| feature.total() < 0.0));
    }

    /// The weights shown are those that scoring uses.
    #[test]
    fn a_word_alone_adds_what_is_shown() {
        let model = Model::embedded().unwrap();
        let output = Output::Label(Label::Urgency);
        let (for_it, _) = strongest(&model, output, 50);
        let word =
            for_it.iter().find(|feature| !feature.name.contains(' ') && feature.sentence > 0.0).unwrap();
        let message = Message { id: "a".into(), body: word.name.clone(), ..Message::default() };
        let calibration = &model.facts(output).calibration;
        let margin = Scorer::new(&model).margins(&message)[output.index()];
        let added = (margin - calibration.bias) * calibration.head.own;
        assert!((added - word.total()).abs() < 1e-6, "{added} {word:?}");
    }

    #[test]
    fn mistakes_are_on_the_wrong_side() {
        let levels = [Level::Pressure, Level::Ordinary, Level::Pressure, Level::Ordinary];
        let examples = levels.into_iter().enumerate().map(|(n, level)| {
            let message = Message { id: n.to_string(), ..Message::default() };
            Example { level, ..Example::ordinary("list", message) }
        });
        let probabilities = [1.0, 1.0, 0.0, 0.0].map(|p| [p; OUTPUTS]).to_vec();
        let set = EvaluationSet::alike("few", examples.collect(), probabilities);
        let (alarms, misses) = mistakes(&Model::embedded().unwrap(), &set, Output::PRESSURE, 9);
        let ids = |list: &[Mistake]| list.iter().map(|mistake| mistake.id.clone()).collect::<Vec<_>>();
        assert_eq!((ids(&alarms), ids(&misses)), (vec!["1".to_owned()], vec!["2".to_owned()]));
    }
}
