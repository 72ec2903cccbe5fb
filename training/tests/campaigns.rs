//! Planting into a real archive, which is not part of the project: `UNDUE_CORPORA` names the folder of corpora.

#![allow(clippy::unwrap_used)]

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use undue::model::Model;
use undue_training::campaigns::{
    archive::Archive,
    candidate,
    script::{self, Class},
    setup::{Setup, planted},
    split::Half,
};

/// The folder of corpora, or `None` (said loudly, past the harness, which hides what passing tests print).
fn corpora() -> Option<PathBuf> {
    let dir = std::env::var_os("UNDUE_CORPORA").map(PathBuf::from);
    if dir.is_none() {
        std::io::stderr().write_all(b"SKIPPED: UNDUE_CORPORA is not set, nothing was planted\n").unwrap();
    }
    dir
}

#[test]
fn planted_campaigns_become_candidates_of_their_own() {
    let Some(dir) = corpora() else { return };
    let model = Model::embedded().unwrap();
    let read = |name: &str| Archive::read(name, &dir.join(format!("{name}.jsonl.gz")), &model).unwrap();
    let archives = vec![read("lore-nbd"), read("twisted-web")];
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets/authored/campaigns");
    let setup = Setup::new(archives, script::read(&scripts).unwrap());
    assert_eq!(setup.archives(Half::Training).count(), 1);
    let plantings = setup.plantings(Half::Test, 1, 1);
    assert_eq!(plantings.len(), setup.scripts(Half::Test).count());
    let found = planted(&plantings, &model, None);
    let campaigns = plantings.iter().zip(&found).filter(|(it, _)| it.script.class == Class::Campaign);
    let (all, some) = campaigns
        .fold((0, 0), |(all, some), (_, candidates)| (all + 1, some + usize::from(!candidates.is_empty())));
    assert!(4 * some >= 3 * all, "{some} of {all} campaigns are candidates");
    for (planting, candidates) in plantings.iter().zip(&found) {
        assert!(candidates.iter().all(|it| it.kind == candidate::Kind::Planted(planting.script.class)));
        assert!(candidates.iter().all(|it| *it.project == *planting.host.project.name));
    }
}
