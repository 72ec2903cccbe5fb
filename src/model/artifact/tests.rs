use super::*;
use crate::model::{Calibration, Head, Output, OutputFacts, TrainingFacts};

fn small() -> Model {
    let outputs = Output::all().map(|output| OutputFacts {
        name: output.name().into(),
        calibration: Calibration {
            scale: 0.001,
            bias: -0.9,
            head: Head { intercept: -1.0, own: 1.5, labels: [0.25; 8] },
        },
        threshold: 0.5,
        false_alarm_rate: 0.001,
        recall: 0.75,
    });
    let metadata = Metadata {
        name: "small".into(),
        version: "1".into(),
        language: "en".into(),
        outputs: outputs.collect(),
        training: TrainingFacts {
            messages: [("authored".into(), 2)].into(),
            positives: [("guilt".into(), 1)].into(),
            inputs: [("labels".into(), "00".into())].into(),
            seed: 7,
            settings: [("l2".into(), 0.5)].into(),
        },
    };
    let vocabulary = Vocabulary::new(vec!["any".into(), "news".into()], vec![(0, 1), (1, 1)]).unwrap();
    let row = |sentence, message| Weights { sentence: [sentence; OUTPUTS], message: [message; OUTPUTS] };
    let weights = vec![row(1, 0), row(-2, 7), row(i16::MAX, i16::MIN), row(i16::MIN, 3)];
    Model::new(metadata, vocabulary, weights).unwrap()
}

#[test]
fn a_model_survives_the_round_trip() {
    let model = small();
    let bytes = model.to_bytes().unwrap();
    let again = Model::from_bytes(&bytes).unwrap();
    assert_eq!(again.metadata, model.metadata);
    let weights =
        |model: &Model| model.vocabulary.features().map(|feature| model.weights(feature)).collect::<Vec<_>>();
    assert_eq!(weights(&again), weights(&model));
    assert_eq!(weights(&again)[2], Weights { sentence: [i16::MAX; OUTPUTS], message: [i16::MIN; OUTPUTS] });
    assert_eq!(again.vocabulary.words(), model.vocabulary.words());
    assert_eq!(again.hash(), model.hash());
    assert_eq!(again.to_bytes().unwrap(), bytes);
}

#[test]
fn the_model_that_is_compiled_in_would_be_accepted_from_a_file() {
    let trusted = Model::embedded().unwrap();
    let checked = Model::from_bytes(crate::model::EMBEDDED).unwrap();
    assert_eq!(trusted.hash(), checked.hash());
}

#[test]
fn rows_add_up() {
    let model = small();
    let mut sums = [[0; OUTPUTS]; 2];
    for feature in model.vocabulary.features() {
        model.row(feature).add_sentence(&mut sums[0]);
        model.row(feature).add_message(&mut sums[1]);
    }
    assert_eq!(sums, [[-2; OUTPUTS], [7 - 32768 + 3; OUTPUTS]]);
}

#[test]
fn weights_must_fit_the_vocabulary() {
    let model = small();
    assert!(Model::new(model.metadata.clone(), model.vocabulary.clone(), Vec::new()).is_err());
}

#[test]
fn any_changed_byte_is_refused() {
    let bytes = small().to_bytes().unwrap();
    for i in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[i] ^= 0x10;
        let err = Model::from_bytes(&changed).unwrap_err();
        assert!(matches!(err.kind(), ErrorKind::Model(_)), "byte {i}");
    }
}

#[test]
fn any_other_length_is_refused() {
    let bytes = small().to_bytes().unwrap();
    for len in 0..bytes.len() {
        assert!(Model::from_bytes(&bytes[..len]).is_err(), "length {len}");
    }
    assert!(Model::from_bytes(&[&bytes[..], b"x"].concat()).is_err());
}

/// With a right hash over a wrong payload only the inner checks are left.
#[test]
fn a_wrong_payload_with_a_right_hash_is_refused() {
    let bytes = small().to_bytes().unwrap();
    for len in 0..bytes.len() - HEADER {
        let payload = &bytes[HEADER..HEADER + len];
        let mut forged = bytes[..12].to_vec();
        forged.extend_from_slice(&(len as u64).to_le_bytes());
        forged.extend_from_slice(&Sha256::digest(payload));
        forged.extend_from_slice(payload);
        assert!(Model::from_bytes(&forged).is_err(), "payload of {len} bytes");
    }
}

#[test]
fn another_version_is_named() {
    let mut bytes = small().to_bytes().unwrap();
    bytes[8] = 9;
    assert!(Model::from_bytes(&bytes).unwrap_err().to_string().contains("format version 9"));
}
