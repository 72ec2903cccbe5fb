//! Archives that grow, shrink, move and change.

use std::fs::{self, File};

use flate2::{Compression, write::GzEncoder};

use crate::{
    util::mail,
    watched::{Watched, press, talk},
};

#[test]
fn an_mbox_that_grows_is_read_from_where_it_ended() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a") + &press("b"));
    let first = watched.run();
    assert_eq!((first.ids.as_str(), first.read, first.new), ("b", 2, 2), "{first:?}");
    let again = watched.run();
    assert_eq!((again.ids.as_str(), again.read, again.bytes, again.known), ("", 0, 0, 2), "{again:?}");
    let more = press("c") + &talk("d");
    watched.append("a/list.mbox", &more);
    let grown = watched.run();
    assert_eq!((grown.ids.as_str(), grown.read, grown.new, grown.known), ("c", 2, 2, 4), "{grown:?}");
    assert_eq!(grown.bytes, more.len() as u64);
}

#[test]
fn what_is_read_on_stands_where_it_stands() {
    let watched = Watched::new();
    let head = talk("a");
    watched.write("a/list.mbox", &head);
    watched.run();
    watched.append("a/list.mbox", press("b"));
    let ran = watched.exits(0, &[]);
    let line: serde_json::Value = serde_json::from_str(ran.stdout.trim()).unwrap();
    assert_eq!(
        (line["position"]["ordinal"].as_u64(), line["position"]["offset"].as_u64()),
        (Some(2), Some(head.len() as u64))
    );
    assert_eq!(line["position"]["path"], "a/list.mbox");
}

#[test]
fn threads_are_those_of_a_full_run() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a"));
    watched.run();
    let answer = mail(
        "b",
        "In-Reply-To: <a@tarn.example>\nDate: Thu, 04 Jan 2024 11:00:00 +0000\nSubject: Re: x",
        "A handover.",
    );
    watched.append("a/list.mbox", answer);
    let ran = watched.exits(0, &[]);
    assert!(ran.stdout.contains("\"thread\":\"a@tarn.example\""), "{}", ran.stdout);
}

#[test]
fn a_mail_that_was_being_written_is_read_again_once_it_is_whole() {
    let watched = Watched::new();
    let last =
        mail("b", "Date: Thu, 04 Jan 2024 10:00:00 +0000\nSubject: x", "The first half.\nThen a handover.");
    let cut = last.find("Then").unwrap();
    watched.write("a/list.mbox", talk("a") + &last[..cut]);
    assert_eq!(watched.run().ids, "");
    watched.append("a/list.mbox", &last[cut..]);
    let whole = watched.run();
    assert_eq!((whole.ids.as_str(), whole.read, whole.known), ("b", 1, 2), "{whole:?}");
    assert_eq!(watched.run().read, 0);
}

#[test]
fn a_renamed_file_is_the_same_file() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a") + &press("b"));
    watched.run();
    watched.rename("a/list.mbox", "a/list.mbox.1");
    watched.write("a/list.mbox", press("c"));
    let rotated = watched.run();
    assert_eq!((rotated.ids.as_str(), rotated.read, rotated.known), ("c", 1, 3), "{rotated:?}");
    watched.rename("a/list.mbox.1", "a/list.mbox.2");
    watched.rename("a/list.mbox", "a/list.mbox.1");
    watched.append("a/list.mbox.1", press("d"));
    let twice = watched.run();
    assert_eq!((twice.ids.as_str(), twice.read, twice.known), ("d", 1, 4), "{twice:?}");
}

#[test]
fn a_file_that_was_copied_and_truncated_tells_nothing_twice() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a") + &press("b"));
    watched.run();
    fs::copy(watched.0.path().join("a/list.mbox"), watched.0.path().join("a/list.mbox.1")).unwrap();
    watched.write("a/list.mbox", "");
    let copied = watched.run();
    assert_eq!((copied.ids.as_str(), copied.read, copied.new, copied.known), ("", 2, 0, 2), "{copied:?}");
    watched.append("a/list.mbox", press("c"));
    let rotated = watched.run();
    assert_eq!((rotated.ids.as_str(), rotated.read, rotated.known), ("c", 1, 3), "{rotated:?}");
}

#[test]
fn a_truncated_file_is_read_anew() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a") + &press("b") + &press("c"));
    assert_eq!(watched.run().ids, "bc");
    watched.write("a/list.mbox", talk("a") + &press("b"));
    let cut = watched.run();
    assert_eq!((cut.ids.as_str(), cut.read, cut.known), ("", 2, 3), "what was known stays known: {cut:?}");
    watched.append("a/list.mbox", press("d") + &press("c"));
    let grown = watched.run();
    assert_eq!((grown.ids.as_str(), grown.read, grown.known), ("d", 2, 4), "{grown:?}");
}

#[test]
fn messages_that_are_deleted_from_the_middle_change_nothing() {
    let watched = Watched::new();
    watched.write("a/list.mbox", talk("a") + &press("b") + &press("c"));
    watched.run();
    watched.write("a/list.mbox", talk("a") + &press("c") + &press("d"));
    let rewritten = watched.run();
    assert_eq!(
        (rewritten.ids.as_str(), rewritten.read, rewritten.new, rewritten.known),
        ("d", 3, 1, 4),
        "{rewritten:?}"
    );
}

#[test]
fn a_deleted_file_is_remembered() {
    let watched = Watched::new();
    watched.write("a/1.mbox", press("b"));
    watched.write("a/2.mbox", talk("a"));
    watched.run();
    watched.remove("a/1.mbox");
    let gone = watched.run();
    assert_eq!((gone.read, gone.known), (0, 2));
    watched.write("a/3.mbox", press("b") + &press("c"));
    let back = watched.run();
    assert_eq!((back.ids.as_str(), back.new, back.known), ("c", 1, 3), "{back:?}");
}

#[test]
fn a_message_in_two_places_is_told_once() {
    let watched = Watched::new();
    watched.write("a/1.mbox", press("b"));
    watched.write("a/2.mbox", press("b") + &press("c"));
    assert_eq!(watched.run().ids, "bc");
    watched.write("a/3.mbox", press("c") + &press("d"));
    let third = watched.run();
    assert_eq!((third.ids.as_str(), third.read, third.new), ("d", 2, 1), "{third:?}");
}

#[test]
fn a_second_message_under_a_known_id_is_new() {
    let watched = Watched::new();
    watched.write("a/1.mbox", talk("b"));
    assert_eq!(watched.run().ids, "");
    watched.append("a/1.mbox", press("b"));
    assert_eq!(watched.run().ids, "b", "nobody hides behind an id");
}

fn gzip(text: &str) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::Write::write_all(&mut out, text.as_bytes()).unwrap();
    out.finish().unwrap()
}

/// Makes a file old enough for its date to be relied on.
fn age(watched: &Watched, name: &str) {
    let path = watched.0.path().join(name);
    let then = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
}

#[test]
fn a_compressed_file_is_read_again_when_it_changed() {
    let watched = Watched::new();
    watched.write("a/list.mbox.gz", gzip(&(talk("a") + &press("b"))));
    age(&watched, "a/list.mbox.gz");
    assert_eq!(watched.run().ids, "b");
    assert_eq!(watched.run().read, 0);
    watched.write("a/list.mbox.gz", gzip(&(talk("a") + &press("b") + &press("c"))));
    let changed = watched.run();
    assert_eq!(
        (changed.ids.as_str(), changed.read, changed.new, changed.known),
        ("c", 3, 1, 3),
        "{changed:?}"
    );
}

#[test]
fn of_a_maildir_new_mails_are_read_and_moved_ones_are_not() {
    let watched = Watched::new();
    for folder in ["cur", "new", "tmp"] {
        fs::create_dir_all(watched.0.path().join("a").join(folder)).unwrap();
    }
    let eml = |mail: String| mail.split_once('\n').unwrap().1.to_owned();
    watched.write("a/new/1.x", eml(press("b")));
    watched.write("a/cur/2.x:2,S", eml(talk("a")));
    assert_eq!(watched.run().ids, "b");
    watched.rename("a/new/1.x", "a/cur/1.x:2,S");
    watched.rename("a/cur/2.x:2,S", "a/cur/2.x:2,RS");
    let moved = watched.run();
    assert_eq!((moved.ids.as_str(), moved.read, moved.bytes), ("", 0, 0), "{moved:?}");
    watched.write("a/new/3.x", eml(press("c")));
    watched.remove("a/cur/2.x:2,RS");
    let new = watched.run();
    assert_eq!((new.ids.as_str(), new.read, new.known), ("c", 1, 3), "{new:?}");
    for folder in ["cur", "new", "tmp"] {
        fs::create_dir_all(watched.0.path().join("a/.Old").join(folder)).unwrap();
    }
    watched.rename("a/cur/1.x:2,S", "a/.Old/cur/9.y:2,S");
    let filed = watched.run();
    assert_eq!((filed.ids.as_str(), filed.read, filed.new, filed.known), ("", 1, 0, 3), "{filed:?}");
}

#[test]
fn lines_of_json_are_read_on_and_lists_again() {
    let watched = Watched::new();
    let line = |id: &str, text: &str| {
        format!(
            "{{\"id\": \"{id}\", \"author\": \"ada\", \"date\": \"2024-01-04T10:00:00Z\", \"text\": \"{text}\"}}"
        )
    };
    watched.write("a/log.jsonl", line("1", "hello") + "\n" + &line("2", "a handover") + "\n");
    let list = |lines: &[String]| format!("[{}]", lines.join(",\n"));
    watched.write("a/list.json", list(&[line("3", "hello"), line("4", "a handover")]));
    assert_eq!(watched.run().ids, "24");
    watched.append("a/log.jsonl", line("5", "a handover again") + "\n");
    let grown = watched.run();
    assert_eq!((grown.ids.as_str(), grown.new), ("5", 1), "{grown:?}");
    age(&watched, "a/list.json");
    watched.run();
    assert_eq!(watched.run().read, 0);
    let edited = [line("3", "hello, a handover"), line("4", "a handover"), line("6", "a handover")];
    watched.write("a/list.json", list(&edited));
    let edited = watched.run();
    assert_eq!((edited.ids.as_str(), edited.read, edited.new), ("36", 3, 2), "{edited:?}");
    assert_eq!(edited.known, 6, "an edited message takes the place of what it was");
}

#[test]
fn mail_delivery_hands_over_one_at_a_time() {
    let watched = Watched::new();
    let deliver = |mail: String| {
        let ran = watched.0.undue(&watched.args(&["-"])).stdin(mail).exits(0);
        crate::watched::said(ran)
    };
    assert_eq!(deliver(talk("a")).ids, "");
    let pressing = deliver(press("b"));
    assert_eq!((pressing.ids.as_str(), pressing.read, pressing.known), ("b", 1, 2));
    let again = deliver(press("b"));
    assert_eq!((again.ids.as_str(), again.new, again.known), ("", 0, 2));
    watched.write("a/list.mbox", press("b") + &press("c"));
    let filed = watched.run();
    assert_eq!((filed.ids.as_str(), filed.new, filed.known), ("c", 1, 3), "{filed:?}");
}

#[test]
fn what_cannot_be_read_is_said_and_tried_again() {
    let watched = Watched::new();
    watched.write("a/list.mbox.gz", &gzip(&(talk("a") + &press("b")))[..60]);
    watched.write("a/other.mbox", press("c"));
    let ran = watched.exits(2, &[]);
    assert!(ran.stderr.contains("could not be read"), "{}", ran.stderr);
    assert_eq!(crate::watched::ids(&ran.stdout), "c", "the rest is told");
    watched.write("a/list.mbox.gz", gzip(&(talk("a") + &press("b"))));
    assert_eq!(watched.run().ids, "b");
}
