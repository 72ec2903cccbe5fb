//! Fits on candidates made up of numbers.

use super::*;

/// A candidate whose trajectory has the feature `messages` rising to `size`, and `work` as given.
fn candidate(kind: Kind, group: usize, size: f64, work: f64) -> Candidate {
    let point = |step: f64| {
        let mut values = [0.1; FEATURES];
        for (name, value) in [("messages", size * step), ("work", work)] {
            values[FEATURE_NAMES.iter().position(|known| *known == name).unwrap()] = value;
        }
        Evaluation {
            message: "x".into(),
            at: 0,
            messages: 2,
            eligible: true,
            features: CampaignFeatures::new(values),
            probability: 0.0,
        }
    };
    Candidate {
        kind,
        group: format!("g{group}"),
        project: "tarn".into(),
        id: "x".into(),
        dates: (0, 0),
        messages: 3,
        points: [0.5, 0.8, 1.0].map(point).into(),
    }
}

fn bounds(messages: usize, per_20000: f64) -> Bounds {
    Bounds { messages, per_20000, campaigns: 40, look_alikes: 10 }
}

fn facts() -> CampaignTraining {
    CampaignTraining::default()
}

fn candidates() -> Vec<Candidate> {
    let positive = |i: usize| candidate(Kind::Planted(Class::Campaign), i, 0.8 + 0.002 * i as f64, 0.1);
    let alike = |i: usize| candidate(Kind::Planted(Class::LookAlike), 100 + i, 0.8, 0.7);
    let real = |i: usize| candidate(Kind::Real, i % 7, 0.2 + 0.002 * i as f64, 0.3);
    (0..40).map(positive).chain((0..10).map(alike)).chain((0..200).map(real)).collect()
}

#[test]
fn campaigns_are_told_from_the_rest_by_weights_that_make_sense() {
    let all = candidates();
    let model = fit(&all, bounds(40_000, 1.0), facts()).unwrap();
    for (feature, expected) in model.features.iter().zip(FEATURE_NAMES) {
        assert_eq!(feature.name, expected);
        let sign = if AGAINST.contains(&expected) { -1.0 } else { 1.0 };
        assert!(feature.weight * sign >= 0.0, "{feature:?}");
    }
    let training = model.training.clone().unwrap();
    assert!(training.recall > 0.9 && training.look_alike_alarms < 0.1, "{model:?}");
    assert!(model.false_alarms_per_20000.unwrap() <= 1.0);
    assert_eq!(CampaignModel::from_json(&model.to_json().unwrap()).unwrap(), model);
}

#[test]
fn a_fit_is_the_same_twice() {
    let all = candidates();
    let bounds = bounds(40_000, 0.5);
    let text = || fit(&all, bounds, facts()).unwrap().to_json().unwrap();
    assert_eq!(text(), text());
}

#[test]
fn the_threshold_lets_no_more_real_candidates_pass_than_allowed() {
    let all = [0.9, 0.5, 0.4].map(|size| candidate(Kind::Real, 0, size, 0.0));
    let planted = candidate(Kind::Planted(Class::Campaign), 1, 0.6, 0.0);
    let unseen = |margins: [f64; 3]| -> Vec<Unseen<'_>> {
        let real = all.iter().zip(margins).map(|(candidate, margin)| Unseen { candidate, margin });
        real.chain([Unseen { candidate: &planted, margin: 3.0 }]).collect()
    };
    let unseen = unseen([5.0, 2.0, 1.0]);
    let at = |per_20000| threshold(&unseen, bounds(20_000, per_20000));
    assert_eq!([at(0.5), at(1.0), at(2.0)], [5.1, 2.5, 1.5]);
    assert_eq!(real_above(&unseen, at(1.0)), 1);
    assert!(at(9.0) < 1.0);
}

#[test]
fn one_class_alone_cannot_be_fitted() {
    let all: Vec<_> = candidates().into_iter().filter(|it| it.kind == Kind::Real).collect();
    assert!(fit(&all, bounds(1, 1.0), facts()).is_err());
}
