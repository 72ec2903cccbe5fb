//! Files of the reader's own: models, label files, lists of people.

use sha2::{Digest, Sha256};
use undue::{
    Message, Scorer,
    context::{CampaignModel, IdentityRules, Maintainers},
    labels::{self, FileFormat, LabelRow},
    model::Model,
    source::{Columns, Limits},
};

use super::{choice, shown};

/// A model that comes from anywhere: as it is, and with a header that says it is whole.
pub fn model(data: &[u8]) {
    let _ = Model::from_bytes(data);
    // Magic bytes and version of the shipped one, then length and SHA-256 of what follows.
    const SHIPPED: &[u8] = include_bytes!("../../../models/undue-en/model.undue");
    let mut whole = SHIPPED[..12].to_vec();
    whole.extend((data.len() as u64).to_le_bytes());
    whole.extend(Sha256::digest(data));
    whole.extend(data);
    let Ok(model) = Model::from_bytes(&whole) else { return };
    let again =
        Model::from_bytes(&model.to_bytes().expect("what was read can be written")).expect("and read");
    let message = Message { body: "Hand over the project, or else.".into(), ..Message::default() };
    let (first, second) = (Scorer::new(&model).score(&message), Scorer::new(&again).score(&message));
    assert!(first.probabilities.iter().all(|it| (0.0..=1.0).contains(it)), "{first:?}");
    assert_eq!(first, second);
}

/// A label file: what was read is written and read again, in both formats, and is harmless.
pub fn labels(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let rows = match labels::read(&text) {
        Ok(file) => file.rows,
        Err(errors) => {
            return assert!(!errors.is_empty() && errors.iter().all(|it| !it.to_string().is_empty()));
        }
    };
    // A file of no rows is one only where it has a header.
    let formats =
        if rows.is_empty() { &[FileFormat::Csv][..] } else { &[FileFormat::Csv, FileFormat::Jsonl] };
    for &format in formats {
        let written = write(format, &rows);
        assert!(
            !written.contains(|c| shown::is_hidden(c) && !matches!(c, '\n' | '\r' | '\t')),
            "{written:?}"
        );
        if format == FileFormat::Csv {
            shown::check_csv(&written);
        }
        let read = labels::read(&written).expect("what was written can be read");
        assert_eq!(write(format, &read.rows), written, "and says the same");
        assert_eq!(read.rows, rows);
    }
    let merged = labels::merge(&rows, &rows);
    assert_eq!(merged.rows.len(), rows.len());
}

fn write(format: FileFormat, rows: &[LabelRow]) -> String {
    let mut out = Vec::new();
    labels::write(&mut out, format, rows).expect("memory takes everything");
    String::from_utf8(out).expect("what is written is text")
}

/// Campaign models, rules of identity, lists of maintainers, assignments of columns and limits.
pub fn context_files(data: &[u8]) {
    let (first, rest) = choice(data);
    let text = String::from_utf8_lossy(rest);
    match first % 4 {
        0 => {
            if let Ok(model) = CampaignModel::from_json(&text) {
                let json = model.to_json().expect("what was read can be written");
                assert_eq!(CampaignModel::from_json(&json).expect("and read"), model);
            }
        }
        1 => drop(IdentityRules::parse(&text)),
        2 => drop(Maintainers::parse(&text)),
        _ => {
            let (mut columns, mut limits) = (Columns::default(), Limits::default());
            for line in text.lines() {
                let _ = (columns.add(line), limits.set(line));
            }
            assert!(limits.record_bytes >= 1024 && limits.decompressed_bytes >= 1024 && limits.ratio >= 1);
        }
    }
}
