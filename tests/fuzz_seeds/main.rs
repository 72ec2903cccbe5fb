//! Every fuzz target over its seeds and over what once broke it (`fuzz/regressions/`), so that they run where there is no
//! `cargo fuzz`. The seeds are made of the samples and of authored texts:
//! `cargo test --test fuzz_seeds -- --ignored` writes them to `fuzz/corpus/`.

#![allow(clippy::unwrap_used)]

#[path = "../../fuzz/src/lib.rs"]
#[allow(unreachable_pub)]
mod fuzz;
mod mutations;
mod seeds;
#[path = "../util/mod.rs"]
#[allow(dead_code)]
mod util;

use std::fs;

use mutations::{Chance, mutated};
use seeds::{read, root, seeds};

/// What once broke a target.
fn regressions(target: &str) -> Vec<Vec<u8>> {
    let Ok(files) = fs::read_dir(root().join("fuzz/regressions").join(target)) else { return Vec::new() };
    files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

#[test]
fn targets_hold_on_their_seeds_and_on_what_once_broke_them() {
    for (name, target) in fuzz::TARGETS {
        let inputs = seeds(name).into_iter().chain(regressions(name)).chain([Vec::new()]);
        for (number, input) in inputs.enumerate() {
            let run = std::panic::AssertUnwindSafe(|| target(&input));
            assert!(
                std::panic::catch_unwind(run).is_ok(),
                "{name}, input {number}: {}",
                input.escape_ascii()
            );
        }
    }
}

/// Runs a target on so many mutations, the same ones on every run; what breaks it is kept.
fn mutate(name: &str, target: fuzz::Target, executions: u64, seed: u64) {
    let seeds: Vec<_> = seeds(name).into_iter().chain(regressions(name)).collect();
    let mut chance = Chance(seed | 1);
    for execution in 0..executions {
        let input = mutated(&seeds, &mut chance);
        let run = std::panic::AssertUnwindSafe(|| target(&input));
        if std::panic::catch_unwind(run).is_err() {
            let path = std::env::temp_dir().join(format!("undue-fuzz-{name}-{seed}-{execution}"));
            fs::write(&path, &input).unwrap();
            panic!("{name} does not hold on {}", path.display());
        }
    }
}

#[test]
fn targets_hold_on_a_few_mutations() {
    for (name, target) in fuzz::TARGETS {
        mutate(name, target, 200, 1);
    }
}

/// `UNDUE_FUZZ=TARGET:EXECUTIONS:SEED` chooses.
#[test]
#[ignore = "fuzzes without coverage, for machines without cargo fuzz"]
fn fuzz_without_coverage() {
    let chosen = std::env::var("UNDUE_FUZZ").expect("UNDUE_FUZZ=TARGET:EXECUTIONS:SEED");
    let parts: Vec<_> = chosen.split(':').collect();
    let (name, target) = fuzz::TARGETS.into_iter().find(|(name, _)| *name == parts[0]).expect("a target");
    mutate(name, target, parts[1].parse().unwrap(), parts[2].parse().unwrap());
}

#[test]
fn every_target_has_a_program() {
    let manifest = read("fuzz/Cargo.toml");
    for (name, _) in fuzz::TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
        assert!(read(&format!("fuzz/fuzz_targets/{name}.rs")).contains(&format!("undue_fuzz::{name}(data)")));
    }
    assert_eq!(fs::read_dir(root().join("fuzz/fuzz_targets")).unwrap().count(), fuzz::TARGETS.len());
}

#[test]
#[ignore = "writes the seeds for cargo fuzz"]
fn write_seeds() {
    for (name, _) in fuzz::TARGETS {
        let dir = root().join("fuzz/corpus").join(name);
        fs::create_dir_all(&dir).unwrap();
        for (number, seed) in seeds(name).iter().enumerate() {
            fs::write(dir.join(format!("seed-{number:03}")), seed).unwrap();
        }
    }
}
