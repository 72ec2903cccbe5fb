//! Threads of a real archive, which is not part of the project: it lies beside the folder named by `UNDUE_CORPORA`.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, fs::File, io::BufReader, io::Write, path::Path};

use undue::{Threader, source::MboxSource};

#[test]
fn xz_devel_has_93_threads() {
    let Some(corpora) = std::env::var_os("UNDUE_CORPORA") else {
        // Past the test harness, which hides what passing tests print.
        std::io::stderr()
            .write_all(b"SKIPPED: UNDUE_CORPORA is not set, threads were not counted\n")
            .unwrap();
        return;
    };
    let path = Path::new(&corpora).join("../raw/xz-devel.mbox");
    let file = BufReader::new(File::open(&path).unwrap());
    let mut threader = Threader::new();
    let mut ids = BTreeSet::new();
    for record in MboxSource::new(file, path.into(), 16 << 20) {
        for message in record.unwrap().decode() {
            let mut message = message.unwrap();
            threader.assign(&mut message);
            ids.insert(message.thread.unwrap());
        }
    }
    assert_eq!((threader.threads(), ids.len()), (93, 93));
}
