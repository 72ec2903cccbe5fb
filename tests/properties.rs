//! What must hold of any archive: cutting it where a message begins changes nothing, nor does the order of its
//! messages, and damage to one message is damage to that one alone. Work is counted, never timed.

#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    io::{self, Read},
    num::NonZeroUsize,
    ops::{ControlFlow, Range},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use proptest::prelude::*;
use undue::{
    Message, Scorer, Threader,
    model::Model,
    pipeline,
    source::{self, Format, Options},
};

/// Sentences from ordinary to pressing, with what readers stumble over.
const SENTENCES: [&str; 10] = [
    "The build fails on the old compiler.",
    "It has been five weeks now, and nobody answers.",
    "Add me as a maintainer, or hand the project over.",
    ">From here on it is simple.",
    "> The build fails on the old compiler.",
    "From now on we release on Fridays.",
    "-- \nAda",
    "You let all of us down.",
    "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b",
    "Grüße, 你好, and a deadline in May!",
];

/// One mail of an mbox, with a header out of the ordinary now and then.
fn mail(number: usize, lines: &[usize], header: usize) -> String {
    let extra = [
        "Subject: Release",
        "Subject: Re: Release\nReferences: <0@tarn.example> <1@tarn.example>",
        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nContent-Type: text/plain; charset=utf-8",
        "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b",
        "Subject: x\nContent-Transfer-Encoding: quoted-printable",
    ];
    let text: String = lines.iter().map(|line| format!("{}\n", SENTENCES[line % SENTENCES.len()])).collect();
    // What begins with `From ` is quoted, as the programs that write archives do.
    let text = text.replace("\nFrom ", "\n>From ");
    let text = if text.starts_with("From ") { format!(">{text}") } else { text };
    let text = if header == 3 {
        format!("--b\n\n{text}--b\nContent-Type: text/html\n\n<b>x</b>\n--b--\n")
    } else {
        text
    };
    format!(
        "From x@tarn.example Thu Jan  4 10:00:00 2024\nMessage-ID: <{number}@tarn.example>\n\
         From: Ada <ada@tarn.example>\nDate: Thu, 04 Jan 2024 10:00:00 +0000\n{}\n\n{text}\n",
        extra[header % extra.len()]
    )
}

fn mails(most: usize) -> impl Strategy<Value = Vec<String>> {
    let one = (prop::collection::vec(0..SENTENCES.len(), 0..8), 0..5_usize);
    prop::collection::vec(one, 1..most).prop_map(|mails| {
        mails.iter().enumerate().map(|(number, (lines, header))| mail(number, lines, *header)).collect()
    })
}

/// A stream that says how often it was asked.
struct Asked {
    bytes: io::Cursor<Vec<u8>>,
    asked: Arc<AtomicUsize>,
}

impl Read for Asked {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.bytes.read(buf)
    }
}

/// What a message says, without where it stands.
type Said = (String, String, String, Option<String>, Vec<String>, Vec<String>);

fn said(message: &Message) -> Said {
    let Message { id, subject, body, date, references, problems, .. } = message.clone();
    let problems = problems.into_iter().map(|problem| problem.name().to_owned()).collect();
    (id, subject, body, date.map(|date| date.to_string()), references, problems)
}

/// Everything that comes out of these bytes. The work is bounded: the stream is read once, the records hold no byte
/// twice, and the texts are not larger than a small multiple of the input.
fn read(bytes: &[u8], format: Option<Format>) -> Vec<Message> {
    let asked = Arc::new(AtomicUsize::new(0));
    let stream = Asked { bytes: io::Cursor::new(bytes.to_vec()), asked: asked.clone() };
    let (mut messages, mut kept, mut records) = (Vec::new(), 0, 0);
    for record in source::read(stream, "in", format, &Options::default()) {
        records += 1;
        if let Ok(record) = record {
            kept += record.bytes.len();
            messages.extend(record.decode().into_iter().flatten());
        }
    }
    let size = |it: &Message| {
        it.body.len() + it.subject.len() + it.references.iter().map(String::len).sum::<usize>()
    };
    let texts: usize = messages.iter().map(size).sum();
    assert!(
        asked.load(Ordering::Relaxed) <= 20 + bytes.len() / 1000,
        "{} reads",
        asked.load(Ordering::Relaxed)
    );
    assert!(records <= bytes.len() + 2 && kept <= 20 * bytes.len() + 200, "{records} records, {kept} bytes");
    assert!(texts <= 8 * bytes.len() + 1000, "{texts} bytes of text");
    messages
}

fn mbox(bytes: &[u8]) -> Vec<Said> {
    read(bytes, Some(Format::Mbox)).iter().map(said).collect()
}

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| Model::embedded().unwrap())
}

/// Scores by id, through the whole pipeline.
fn scores(archive: &str, threads: usize) -> BTreeMap<String, String> {
    let records =
        source::read(io::Cursor::new(archive.to_owned()), "in", Some(Format::Mbox), &Options::default());
    let (mut threader, mut scores) = (Threader::new(), BTreeMap::new());
    let threads = NonZeroUsize::new(threads).unwrap();
    let flow = pipeline::run(records, model(), threads, &mut threader, |item| {
        let scored = item.unwrap();
        scores.insert(scored.message.id.clone(), format!("{:?}", scored.score));
        ControlFlow::<()>::Continue(())
    });
    assert!(flow.unwrap().is_continue());
    scores
}

fn json_line(number: usize, text: &str) -> String {
    serde_json::json!({"id": number.to_string(), "text": text, "author": "Ada"}).to_string() + "\n"
}

fn event_line(number: usize, text: &str) -> String {
    let issue = serde_json::json!({"id": number, "title": "Release", "body": text, "user": {"login": "ada"}});
    let payload = serde_json::json!({"action": "opened", "issue": issue});
    serde_json::json!({"type": "IssuesEvent", "actor": {"login": "ada"}, "payload": payload}).to_string()
        + "\n"
}

/// Replaces, removes or inserts bytes of `range`.
fn mutated(
    bytes: &[u8],
    range: &Range<usize>,
    changes: &[(usize, u8, u8)],
    keep: impl Fn(u8) -> bool,
) -> Vec<u8> {
    let mut middle = bytes[range.clone()].to_vec();
    for (at, byte, kind) in changes {
        if middle.is_empty() || !keep(*byte) {
            continue;
        }
        let at = at % middle.len();
        match kind % 4 {
            _ if !keep(middle[at]) => {}
            0 => middle[at] = *byte,
            1 => {
                middle.remove(at);
            }
            2 => middle.insert(at, *byte),
            _ => middle[at] ^= 1 << (byte % 8),
        }
        if let Some(changed) = middle.get_mut(at)
            && !keep(*changed)
        {
            *changed = b'?';
        }
    }
    [&bytes[..range.start], &middle, &bytes[range.end..]].concat()
}

fn changes() -> impl Strategy<Value = Vec<(usize, u8, u8)>> {
    prop::collection::vec(
        (0..4000_usize, prop_oneof![any::<u8>(), Just(b'\n'), Just(b'F'), Just(b'\r')], 0..4_u8),
        1..12,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn an_archive_cut_where_a_message_begins_is_the_same_archive(mails in mails(12), at in 0..12_usize) {
        let at = at % (mails.len() + 1);
        let (first, second) = (mails[..at].concat(), mails[at..].concat());
        let joined = [mbox(first.as_bytes()), mbox(second.as_bytes())].concat();
        prop_assert_eq!(mbox(mails.concat().as_bytes()), joined);
    }

    #[test]
    fn the_order_of_messages_does_not_change_their_scores(mails in mails(12), seed: u64, threads in 1..4_usize) {
        let mut other = mails.clone();
        // A permutation by the remainders of a multiplication, which the seed chooses.
        other.sort_by_key(|mail| mail.len() as u64 ^ seed.wrapping_mul(mail.bytes().map(u64::from).sum::<u64>()));
        prop_assert_eq!(scores(&mails.concat(), 1), scores(&other.concat(), threads));
    }

    #[test]
    fn damage_within_a_mail_changes_no_other(mails in mails(9), which in 0..9_usize, changes in changes()) {
        let which = which % mails.len();
        let start: usize = mails[..which].iter().map(String::len).sum();
        // The envelope and the header field under it are what tell messages apart; without them the message is part of
        // the one before.
        let (envelope, _) = mails[which].match_indices('\n').nth(1).unwrap();
        let archive = mails.concat().into_bytes();
        let range = start + envelope + 1..start + mails[which].len() - 1;
        let damaged = mbox(&mutated(&archive, &range, &changes, |_| true));
        let whole = mbox(&archive);
        prop_assert_eq!(&damaged[..which], &whole[..which]);
        let behind = whole.len() - which - 1;
        prop_assert!(damaged.len() >= behind);
        prop_assert_eq!(&damaged[damaged.len() - behind..], &whole[which + 1..]);
    }

    #[test]
    fn damage_to_an_envelope_costs_its_own_message_and_the_one_before(mails in mails(9), which in 1..9_usize, changes in changes()) {
        let which = which % mails.len();
        let start: usize = mails[..which].iter().map(String::len).sum();
        let archive = mails.concat().into_bytes();
        let damaged = mbox(&mutated(&archive, &(start..start + mails[which].len() - 1), &changes, |_| true));
        let whole = mbox(&archive);
        let (before, behind) = (which.saturating_sub(1), whole.len() - which - 1);
        prop_assert_eq!(&damaged[..before], &whole[..before]);
        prop_assert!(damaged.len() >= behind);
        prop_assert_eq!(&damaged[damaged.len() - behind..], &whole[which + 1..]);
    }

    #[test]
    fn damage_within_a_line_changes_no_other(texts in prop::collection::vec(0..SENTENCES.len(), 2..20), which in 0..20_usize, changes in changes()) {
        let which = which % texts.len();
        for (format, line) in [(Format::Jsonl, json_line as fn(usize, &str) -> String), (Format::GhArchive, event_line)] {
            let lines: Vec<String> =
                texts.iter().enumerate().map(|(number, text)| line(number, SENTENCES[*text])).collect();
            let start: usize = lines[..which].iter().map(String::len).sum();
            let archive = lines.concat().into_bytes();
            let range = start..start + lines[which].len() - 1;
            let others = |bytes: &[u8]| -> Vec<Said> {
                let messages = read(bytes, Some(format));
                messages.iter().filter(|it| it.position.ordinal != which as u64 + 1).map(said).collect()
            };
            let whole = others(&archive);
            prop_assert_eq!(whole.len(), texts.len() - 1);
            prop_assert_eq!(others(&mutated(&archive, &range, &changes, |byte| byte != b'\n')), whole);
        }
    }

    #[test]
    fn any_bytes_in_any_format_end_in_messages(bytes in prop::collection::vec(any::<u8>(), 0..600), mails in mails(3), changes in changes()) {
        let archive = mails.concat().into_bytes();
        let damaged = mutated(&archive, &(0..archive.len()), &changes, |_| true);
        for format in Format::ALL.into_iter().filter(|format| !format.is_directory()).map(Some).chain([None]) {
            read(&bytes, format);
            read(&damaged, format);
        }
    }

    #[test]
    fn a_scorer_remembers_nothing(mails in mails(6)) {
        let messages = read(mails.concat().as_bytes(), Some(Format::Mbox));
        let mut one = Scorer::new(model());
        for message in messages.iter().chain(messages.iter().rev()) {
            prop_assert_eq!(one.score(message), Scorer::new(model()).score(message));
        }
    }
}
