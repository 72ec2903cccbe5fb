//! Archives made of the project's own texts: every authored message as a mail that answers the one before it.

use std::{fmt::Write, fs};

use serde::Deserialize;

/// What is needed of a line of `datasets/authored/*.jsonl`.
#[derive(Deserialize)]
struct Authored {
    #[serde(default)]
    subject: Option<String>,
    text: String,
}

/// Lines that a mail's header has besides those that are read.
const HEADER: &str = "Received: from mail.tarn.example (mail.tarn.example [192.0.2.7])\n\
    \tby lists.tarn.example (Postfix) with ESMTPS id 4F7B21C0D3\n\
    \tfor <devel@tarn.example>; Mon,  4 Mar 2019 10:12:09 +0000 (UTC)\n\
    DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=tarn.example; s=s1;\n\
    \tbh=q4mDPQ0mFh0xJkyBnsOdpiVhbLm0jQYkzQ2mTq6s1hA=;\n\
    \tb=Yx1hW2Lr0v9m5cQe8tZq7uKsN3pBdJfGaHiOoPlMnVbCxZsDfGhJkLqWeRtYuIoPaSdF\n\
    X-Mailer: lake 3.1\nMIME-Version: 1.0\nList-Id: <devel.tarn.example>\n";

fn authored() -> Vec<Authored> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/authored");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let lines = files.iter().map(|path| fs::read_to_string(path).unwrap());
    lines
        .flat_map(|text| {
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Authored>>()
        })
        .collect()
}

/// Plain mails with quotes and signatures.
pub(crate) fn plain_archive() -> Vec<u8> {
    archive(|body, out| {
        out.push_str("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n");
        out.push_str(body);
    })
}

/// The same as quoted-printable text with its HTML twin.
pub(crate) fn mime_archive() -> Vec<u8> {
    archive(|body, out| {
        out.push_str("Content-Type: multipart/alternative; boundary=\"=-tarn\"\n\n--=-tarn\n");
        out.push_str(
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n",
        );
        quoted_printable(body, out);
        out.push_str("\n--=-tarn\nContent-Type: text/html; charset=utf-8\n\n<html><body><pre>");
        out.push_str(&body.replace('<', "&lt;"));
        out.push_str("</pre></body></html>\n--=-tarn--\n");
    })
}

fn archive(write_body: impl Fn(&str, &mut String)) -> Vec<u8> {
    let mut out = String::new();
    let mut before: Option<Authored> = None;
    for (n, message) in authored().into_iter().enumerate() {
        let subject = message.subject.as_deref().unwrap_or("A question").replace('\n', " ");
        out.push_str("From ada@tarn.example Mon Mar  4 10:12:09 2019\n");
        out.push_str(HEADER);
        writeln!(out, "From: Ada Tarn <ada{}@tarn.example>\nDate: Mon, 4 Mar 2019 10:12:09 +0000", n % 97)
            .unwrap();
        writeln!(out, "Message-ID: <{n}@tarn.example>\nSubject: {subject}").unwrap();
        let mut body = String::new();
        if let Some(before) = before.filter(|_| n % 3 > 0) {
            writeln!(out, "In-Reply-To: <{}@tarn.example>", n - 1).unwrap();
            body.push_str("On Mon, Mar 4, 2019 at 9:00 AM Ada Tarn <ada@tarn.example> wrote:\n");
            before.text.lines().for_each(|line| writeln!(body, "> {line}").unwrap());
            body.push('\n');
        }
        body.push_str(&message.text);
        body.push_str("\n\n-- \nAda Tarn, tarn.example\n");
        write_body(&body, &mut out);
        out.push('\n');
        before = Some(message);
    }
    out.into_bytes()
}

fn quoted_printable(text: &str, out: &mut String) {
    let mut column = 0;
    for byte in text.bytes() {
        match byte {
            b'\n' => {
                out.push('\n');
                column = 0;
                continue;
            }
            b' '..=b'<' | b'>'..=b'~' => {
                out.push(char::from(byte));
                column += 1;
            }
            _ => {
                write!(out, "={byte:02X}").unwrap();
                column += 3;
            }
        }
        if column >= 72 {
            out.push_str("=\n");
            column = 0;
        }
    }
}
