use proptest::prelude::*;

use super::*;

fn edited(bytes: &[u8], chunk: usize) -> Vec<u8> {
    let (mut editor, mut out) = (Editor::new(), Vec::new());
    bytes.chunks(chunk.max(1)).for_each(|chunk| editor.push(chunk, &mut out));
    editor.finish(&mut out);
    out
}

/// The same by another way: whole lines, one by one.
fn without_ours(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut header, mut dropping) = (Vec::new(), true, false);
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        if header && (line == b"\n" || line == b"\r\n") {
            header = false;
        } else if header && !matches!(line[0], b' ' | b'\t') {
            let text = String::from_utf8_lossy(line).to_ascii_lowercase();
            let name = text.split_once(':').map(|(name, _)| name.to_owned()).unwrap_or_default();
            let stripped = name.trim_end_matches([' ', '\t', '\r', '\u{b}', '\u{c}']);
            dropping = stripped == "x-undue-status";
        }
        if !(header && dropping) {
            out.extend_from_slice(line);
        }
    }
    out
}

#[test]
fn forged_fields_go_with_their_folds_and_nothing_else_goes() {
    for (message, expected) in [
        ("X-Undue-Status: No\nA: b\n\nX-Undue-Status: No\n", "A: b\n\nX-Undue-Status: No\n"),
        ("A: b\r\nx-UNDUE-status : No,\r\n\tlevel=0\r\n  more\r\nC: d\r\n\r\nx", "A: b\r\nC: d\r\n\r\nx"),
        ("A: b\n folded\nX-Undue-Status:\n\n", "A: b\n folded\n\n"),
        ("X-Undue-Status: 1\nX-Undue-Status: 2\nX-Undue-Statuses: 3\n", "X-Undue-Statuses: 3\n"),
        ("X-Undue-Status\r: No\nX-Undue-Stat: a\nX-Undue-Status\n\n", "X-Undue-Stat: a\nX-Undue-Status\n\n"),
        ("From x Thu Jan  4 10:00:00 2024\nX-Undue-Status: No", "From x Thu Jan  4 10:00:00 2024\n"),
        ("\nX-Undue-Status: No\n", "\nX-Undue-Status: No\n"),
        ("\r\nX-Undue-Status: No\n", "\r\nX-Undue-Status: No\n"),
        ("\rX-Undue-Status: No\n\n", "\rX-Undue-Status: No\n\n"),
        ("X-Undue-Stat", "X-Undue-Stat"),
        ("", ""),
    ] {
        for chunk in 1..20 {
            let out = edited(message.as_bytes(), chunk);
            assert_eq!(String::from_utf8_lossy(&out), expected, "{message:?} in chunks of {chunk}");
        }
    }
}

#[test]
fn a_name_that_never_ends_is_not_held_back_for_ever() {
    let mut message = b"X-Undue-Status".to_vec();
    message.resize(MAX_NAME + 100, b' ');
    let mut out = Vec::new();
    Editor::new().push(&message, &mut out);
    assert!(out.len() >= MAX_NAME);
}

#[test]
fn our_field_goes_in_front_but_behind_an_envelope() {
    for (message, offset, line_end) in [
        ("A: b\n\n", 0, "\n"),
        ("A: b\r\n\r\n", 0, "\r\n"),
        ("From x\nA: b\r\n", 7, "\r\n"),
        ("From x\r\n", 8, "\r\n"),
        ("\nbody", 0, "\n"),
        ("no line end", 0, "\n"),
        ("", 0, "\n"),
        // What came before a folded line stays before it.
        (" folded\n\tagain\nA: b\n", 15, "\n"),
        ("From x\n y\n\nbody", 10, "\n"),
    ] {
        assert_eq!(place(message.as_bytes(), true), Some(Place { offset, line_end }), "{message:?}");
    }
}

#[test]
fn where_our_field_would_be_prolonged_or_split_it_has_no_place() {
    for (message, complete) in [("From x", true), (" folded", true), (" folded\n", false), ("", false)] {
        assert_eq!(place(message.as_bytes(), complete), None, "{message:?}");
    }
}

/// Bytes that are rich in what matters here.
fn messages() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"X-Undue-Status:".to_vec()),
        Just(b"x-undue-status \t:".to_vec()),
        Just(b"X-Undue-Status".to_vec()),
        Just(b"From ".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b" ".to_vec()),
        Just(b"\0".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..8),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_comes_out_is_what_came_in_less_the_forged_and_plus_ours(
        message in messages(),
        chunk in 1usize..40,
    ) {
        let out = edited(&message, chunk);
        prop_assert_eq!(&out, &without_ours(&message));
        let Some(place) = place(&out, true) else { return Ok(()) };
        let ours = format!("{FIELD}: No, level=0{}", place.line_end);
        let with = [&out[..place.offset], ours.as_bytes(), &out[place.offset..]].concat();
        // A reader finds ours, whole, and no second one.
        prop_assert_eq!(without_ours(&with), out.clone());
        prop_assert!(!matches!(out.get(place.offset), Some(b' ' | b'\t')));
        prop_assert!(place.offset == 0 || out[place.offset - 1] == b'\n');
    }
}
