#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

/// A random encoder of two layers: `training/teacher/tiny.py` wrote it and computed the logits below with PyTorch.
const TINY: &[u8] = include_bytes!("testdata/tiny.safetensors");

fn tiny() -> Encoder {
    Encoder::from_bytes(TINY).unwrap()
}

#[test]
fn logits_are_those_of_pytorch() {
    let cases: [(Vec<u32>, Logits); 3] = [
        (
            vec![],
            [9.1069, -3.071, 10.4523, 9.6878, -2.8102, 8.8879, 2.6686, 4.1594, 9.0665, -4.6125, 10.2111],
        ),
        (
            vec![3, 4, 7],
            [9.154, -3.369, 9.8393, 9.3022, -2.8916, 9.2464, 2.0761, 4.2017, 9.529, -4.4539, 9.766],
        ),
        (
            vec![8, 9, 7, 6, 3, 5, 2],
            [9.1238, -3.2797, 9.9737, 9.4234, -2.8505, 9.0934, 2.3368, 4.1914, 9.4347, -4.4521, 9.9812],
        ),
    ];
    for (pieces, wanted) in cases {
        let logits = tiny().read(std::slice::from_ref(&pieces));
        for (logit, wanted) in logits.iter().zip(wanted) {
            assert!((logit - wanted).abs() < 4e-3, "{pieces:?}: {logits:?}");
        }
    }
}

#[test]
fn words_are_split_and_read() {
    let encoder = tiny();
    let split = ["Any news?", "Please merged now ok"].map(|sentence| encoder.split(sentence));
    assert_eq!(split, [vec![8, 9, 7], vec![6, 3, 4, 5, 2]]);
    assert_eq!(encoder.read(&split), encoder.read(&[split.concat()]));
}

#[test]
fn reading_does_not_depend_on_what_was_read_before() {
    let encoder = tiny();
    let first = encoder.read(&[vec![3, 4]]);
    encoder.read(&[vec![8; 100]]);
    assert_eq!(encoder.read(&[vec![3, 4]]), first);
    assert_eq!(tiny().read(&[vec![3, 4]]), first);
}

#[test]
fn overlong_windows_are_cut() {
    let encoder = tiny();
    assert_eq!(encoder.read(&[vec![3; WINDOW]]), encoder.read(&[vec![3; WINDOW + 50]]));
    assert!(encoder.read(&[vec![u32::MAX]]).iter().all(|logit| logit.is_finite()));
}

proptest! {
    #[test]
    fn damaged_files_are_refused_or_read(at in 0..TINY.len(), to in any::<u8>(), len in 0..TINY.len()) {
        let mut bytes = TINY.to_vec();
        bytes[at] = to;
        for bytes in [bytes, TINY[..len].to_vec()] {
            if let Ok(encoder) = Encoder::from_bytes(bytes) {
                encoder.read(&[encoder.split("please merge")]);
            }
        }
    }
}
