//! Files of changes that newcomers send: test data that cannot be read, what was generated, and what builds and
//! releases the project. The names of files tell, not what is in them, and most such changes are ordinary: who ports a
//! project changes its build.

use super::{Pointer, Signal, SignalKind};
use crate::context::{
    author::Change,
    digest::Who,
    touch::{FileKind, Touched},
};

/// Paths that a sentence names.
const NAMED: usize = 3;

/// The signals of changes by newcomers, in the order of their kinds; each change comes with who sent it.
pub(in crate::context) fn of(changes: &[(&Who, &Change)]) -> Vec<Signal> {
    [FileKind::BinaryTest, FileKind::Opaque, FileKind::Build]
        .into_iter()
        .filter_map(|kind| signal(kind, changes))
        .collect()
}

fn signal(kind: FileKind, changes: &[(&Who, &Change)]) -> Option<Signal> {
    let (what, kind_of_signal) = match kind {
        FileKind::BinaryTest => ("binary test files", SignalKind::BinaryTestFiles),
        FileKind::Opaque => ("files that are generated, packed or minified", SignalKind::OpaqueFiles),
        FileKind::Build => ("files that build, check or release the project", SignalKind::BuildFiles),
    };
    let paths = |change: &Change| -> Vec<Box<str>> {
        let own = |file: &&Touched| file.kind == kind;
        change.files.iter().filter(own).map(|file| file.path.clone()).collect()
    };
    let (mut names, mut named, mut evidence): (Vec<&str>, Vec<Box<str>>, Vec<Pointer>) = Default::default();
    for (who, change) in changes {
        let paths = paths(change);
        if paths.is_empty() {
            continue;
        }
        if !names.contains(&who.shown()) {
            names.push(who.shown());
        }
        named.extend(paths.iter().filter(|path| !named.contains(path)).cloned().collect::<Vec<_>>());
        evidence.push(Pointer { message: change.message.clone(), quote: None, paths });
    }
    let (last, others) = names.split_last()?;
    let (who, verb, new) = match others {
        [] => ((*last).to_owned(), "sends", "a newcomer"),
        _ => (format!("{} and {last}", others.join(", ")), "send", "newcomers"),
    };
    let rest = match named.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let shown = named.iter().take(NAMED).map(|path| &**path).collect::<Vec<_>>().join(", ");
    let sentence = format!("{who}, {new} at that time, {verb} a change to {what}: {shown}{rest}.");
    Some(Signal { kind: kind_of_signal, sentence, evidence })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn change(message: &str, files: &[(FileKind, &str)]) -> Change {
        let files = files.iter().map(|(kind, path)| Touched { kind: *kind, path: (*path).into() }).collect();
        Change { message: message.into(), at: 0, files }
    }

    #[test]
    fn each_kind_is_one_sentence_with_its_paths() {
        let (oda, cy) = (
            Who { name: "Oda Brink".into(), address: String::new() },
            Who { name: String::new(), address: "cy@tarn.example".into() },
        );
        let build = |n: usize| {
            let paths: Vec<String> = (0..n).map(|i| format!("m4/{i}.m4")).collect();
            let files: Vec<_> = paths.iter().map(|path| (FileKind::Build, &**path)).collect();
            change("b", &files)
        };
        let (first, second) = (change("a", &[(FileKind::BinaryTest, "tests/pike.xz")]), build(5));
        let all = of(&[(&oda, &first), (&cy, &second), (&oda, &build(1))]);
        let sentences: Vec<&str> = all.iter().map(|signal| &*signal.sentence).collect();
        assert_eq!(
            sentences,
            [
                "Oda Brink, a newcomer at that time, sends a change to binary test files: tests/pike.xz.",
                "cy@tarn.example and Oda Brink, newcomers at that time, send a change to files that build, check or \
                 release the project: m4/0.m4, m4/1.m4, m4/2.m4 and 2 more.",
            ]
        );
        assert_eq!((all[1].evidence.len(), all[1].evidence[0].paths.len()), (2, 5));
        assert_eq!(all[0].kind.name(), "binary-test-files");
        assert!(of(&[]).is_empty() && of(&[(&oda, &change("c", &[]))]).is_empty());
    }
}
