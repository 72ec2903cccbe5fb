use proptest::prelude::*;

use super::{super::Packets, *};
use crate::{
    filter::{ModelTag, Reason},
    model::Model,
};

fn negotiation(version: u32, actions: u32, steps: u32) -> Vec<u8> {
    [version, actions, steps].map(u32::to_be_bytes).concat()
}

fn negotiated(actions: u32, steps: u32, limit: usize) -> Session {
    let mut session = Session::new(limit);
    session.take(b'O', &negotiation(6, actions, steps), &mut Vec::new()).unwrap();
    session
}

fn packets(bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let (mut packets, mut all) = (Packets::new(), Vec::new());
    packets.push(bytes);
    while let Some((command, data)) = packets.take_next().unwrap() {
        all.push((command, data.to_vec()));
    }
    all
}

fn status() -> Status {
    Status::unsure(Reason::Time, &ModelTag::new(&Model::embedded().unwrap()))
}

#[test]
fn no_more_is_negotiated_than_both_can_do() {
    for (version, actions, steps, expected) in [
        (6, u32::MAX, u32::MAX, [6, WANTED_ACTIONS, WANTED_STEPS]),
        (9, 0x1ff, 0x1f_ffff, [6, WANTED_ACTIONS, WANTED_STEPS]),
        (2, flags::ADDHDRS, flags::NOCONNECT, [2, flags::ADDHDRS, flags::NOCONNECT]),
        (6, 0, 0, [6, 0, 0]),
    ] {
        let (mut session, mut out) = (Session::new(100), Vec::new());
        session.take(b'O', &negotiation(version, actions, steps), &mut out).unwrap();
        assert_eq!(packets(&out), [(b'O', expected.map(u32::to_be_bytes).concat())]);
    }
    assert!(Session::new(9).take(b'O', &negotiation(1, 1, 1), &mut Vec::new()).is_err());
    assert!(Session::new(9).take(b'O', b"short", &mut Vec::new()).is_err());
    assert!(Session::new(9).take(b'L', b"a\0b\0", &mut Vec::new()).is_err());
}

#[test]
fn a_message_is_put_together_and_its_forged_fields_are_removed_from_the_last_on() {
    let mut session = negotiated(u32::MAX, u32::MAX, 1000);
    let mut out = Vec::new();
    for (command, data) in [
        (b'D', &b"Mj\0mx\0"[..]),
        (b'M', b"<a@tarn.example>\0"),
        (b'L', b"Subject\0 a\n\tb\0"),
        (b'L', b"x-undue-STATUS\0 No\0"),
        (b'L', b"From\0 a@tarn.example\0"),
        (b'L', b"X-Undue-Status\0 No\n folded\0"),
        (b'B', b"one\r\n"),
        (b'B', b"two\r\n"),
    ] {
        assert!(matches!(session.take(command, data, &mut out), Ok(Step::Go)));
    }
    assert_eq!(packets(&out).iter().map(|(command, _)| *command).collect::<Vec<_>>(), b"ccc");
    assert!(!session.is_between());
    let Step::Judge(Work::Mail { bytes, truncated: false }) = session.take(b'E', b"", &mut out).unwrap()
    else {
        panic!("a whole message")
    };
    assert_eq!(String::from_utf8_lossy(&bytes), "Subject: a\n\tb\nFrom: a@tarn.example\n\none\r\ntwo\r\n");
    out.clear();
    session.finish(&status(), &mut out);
    assert!(session.is_between());
    let answers = packets(&out);
    assert_eq!(answers[0], (b'm', b"\0\0\0\x02X-Undue-Status\0\0".to_vec()));
    assert_eq!(answers[1], (b'm', b"\0\0\0\x01X-Undue-Status\0\0".to_vec()));
    let inserted = format!("\0\0\0\0X-Undue-Status\0 {}\0", status());
    assert_eq!(answers[2], (b'i', inserted.into_bytes()));
    assert_eq!(answers[3..], [(b'c', Vec::new())]);
}

#[test]
fn a_long_message_is_skipped_or_waited_for() {
    for (steps, expected) in [(u32::MAX, b's'), (0, b'c')] {
        let mut session = negotiated(u32::MAX, steps, 10);
        let mut out = Vec::new();
        session.take(b'B', &[b'x'; 100], &mut out).unwrap();
        assert_eq!(packets(&out), [(expected, Vec::new())]);
        let Ok(Step::Judge(Work::Mail { bytes, truncated: true })) = session.take(b'E', b"", &mut out) else {
            panic!("a cut message")
        };
        assert_eq!(bytes.len(), 10);
    }
}

#[test]
fn what_the_mail_server_cannot_do_is_not_asked_for() {
    let mut session = negotiated(0, 0, 100);
    let mut out = Vec::new();
    session.take(b'L', b"X-Undue-Status\0No\0", &mut out).unwrap();
    session.take(b'E', b"", &mut out).unwrap();
    session.finish(&status(), &mut out);
    assert_eq!(packets(&out), [(b'c', Vec::new()), (b'c', Vec::new())]);
}

#[test]
fn an_aborted_message_leaves_nothing_to_the_next() {
    let mut session = negotiated(u32::MAX, u32::MAX, 100);
    let mut out = Vec::new();
    session.take(b'L', b"X-Undue-Status\0 No\0", &mut out).unwrap();
    session.take(b'B', b"words", &mut out).unwrap();
    session.take(b'A', b"", &mut out).unwrap();
    assert!(session.is_between() && session.mail.bytes.is_empty() && session.mail.forged == 0);
}

proptest! {
    #[test]
    fn whatever_is_sent_memory_is_bounded_and_a_message_is_never_refused(
        sent in proptest::collection::vec((any::<u8>(), proptest::collection::vec(any::<u8>(), 0..40)), 0..40)
    ) {
        let mut session = negotiated(u32::MAX, u32::MAX, 64);
        let mut out = Vec::new();
        for (command, data) in sent {
            match session.take(command, &data, &mut out) {
                Ok(Step::Judge(_)) => session.finish(&status(), &mut out),
                Ok(_) => {}
                Err(_) => break,
            }
            prop_assert!(session.mail.bytes.len() <= 64 + 1);
        }
        // Reject, discard, temporary failure, a reply of one's own, shutdown.
        prop_assert!(packets(&out).iter().all(|(command, _)| !b"rdty4".contains(command)));
    }
}
