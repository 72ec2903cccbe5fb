use super::*;
use crate::model::{Calibration, Head, Metadata, OutputFacts, TrainingFacts, Vocabulary, Weights};

/// A model in which "news" speaks for persistence, "any news" more so, and "patch" against.
fn model() -> Model {
    let outputs = Output::all().map(|output| {
        let labels = if output == Output::PRESSURE { [0.5; 8] } else { [0.0; 8] };
        let head = Head { intercept: -2.0, own: 1.25, labels };
        let calibration = Calibration { scale: 0.01, bias: -0.1, head };
        let name = output.name().into();
        OutputFacts { name, calibration, threshold: 0.5, false_alarm_rate: 0.0, recall: 0.0 }
    });
    let training = TrainingFacts {
        messages: Default::default(),
        positives: Default::default(),
        inputs: Default::default(),
        seed: 0,
        settings: Default::default(),
    };
    let metadata = Metadata {
        name: "toy".into(),
        version: "0".into(),
        language: "en".into(),
        outputs: outputs.collect(),
        training,
    };
    let vocabulary =
        Vocabulary::new(vec!["any".into(), "news".into(), "patch".into()], vec![(0, 1)]).unwrap();
    let mut weights = vec![Weights { sentence: [-3; OUTPUTS], message: [1; OUTPUTS] }; 4];
    let k = Label::Persistence.index();
    (weights[1].sentence[k], weights[3].sentence[k], weights[2].sentence[k]) = (150, 200, -90);
    weights[1].message[k] = 40;
    Model::new(metadata, vocabulary, weights).unwrap()
}

fn message(body: &str) -> Message {
    Message { body: body.into(), ..Message::default() }
}

#[test]
fn one_pressing_sentence_counts_in_a_long_mail() {
    let model = model();
    let mut scorer = Scorer::new(&model);
    let body = format!(
        "{} So, is there any news at all? {}",
        "The patch is here. ".repeat(50),
        "A patch. ".repeat(50)
    );
    let score = scorer.score(&message(&body));
    assert_eq!(score.labels, [Label::Persistence]);
    assert!(score.evidence[0].text(&message(&body)).contains("any news"));
}

#[test]
fn the_highest_level_is_pressure_for_control() {
    let model = model();
    let level = |reached: &[Output]| {
        let mut probabilities = [0.49; OUTPUTS];
        reached.iter().for_each(|output| probabilities[output.index()] = 0.5);
        model.level(&probabilities)
    };
    assert_eq!(level(&[]), Level::Ordinary);
    assert_eq!(level(&[Output::REQUEST]), Level::Request);
    assert_eq!(level(&[Output::REQUEST, Output::TAKEOVER_PRESSURE]), Level::Request);
    assert_eq!(level(&[Output::PRESSURE]), Level::Pressure);
    let highest = [Output::PRESSURE, Output::TAKEOVER_PRESSURE];
    assert_eq!(level(&highest), Level::Pressure);
    for label in [Label::Takeover, Label::Bypass] {
        let label = Output::Label(label);
        assert_eq!(level(&[&highest[..], &[label]].concat()), Level::TakeoverPressure);
        assert_eq!(level(&[Output::TAKEOVER_PRESSURE, label]), Level::Ordinary);
    }
}

#[test]
fn contributions_sum_to_the_logit() {
    let model = model();
    let mut scorer = Scorer::new(&model);
    for body in ["", "Any news? News, any news! A patch.", "nothing known", "patch\n\npatch any news news"] {
        for output in Output::all() {
            let explanation = scorer.explain(&message(body), output);
            let sum: f64 = explanation.tokens.iter().map(|token| token.contribution).sum();
            assert!((explanation.baseline + sum - explanation.logit).abs() < 1e-9, "{body} {output}");
            let probability = scorer.score(&message(body)).probability(output);
            assert!((crate::model::sigmoid(explanation.logit) - probability).abs() < 1e-12);
        }
    }
}

#[test]
fn scores_do_not_depend_on_what_was_scored_before() {
    let model = model();
    let mut scorer = Scorer::new(&model);
    let bodies = ["Any news?", "patch", "news news any", ""];
    let fresh = bodies.map(|body| Scorer::new(&model).score(&message(body)));
    for _ in 0..3 {
        assert_eq!(bodies.map(|body| scorer.score(&message(body))), fresh);
    }
}
