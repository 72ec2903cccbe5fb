//! Seeds of the fuzz targets, made of the samples and of authored texts.

use std::{fs, io::Write, path::PathBuf};

use undue::{
    Message, Scorer,
    labels::{self, FileFormat},
    model::Model,
};

use crate::util;

pub(crate) fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Subject and text of some authored messages of each file.
fn authored() -> Vec<(String, String)> {
    let mut files: Vec<_> =
        fs::read_dir(root().join("datasets/authored")).unwrap().map(|it| it.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|it| it == "jsonl"));
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        for line in text.lines().step_by(25).take(6) {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            all.push((field("subject"), field("text")));
        }
    }
    assert!(all.len() > 20, "{}", all.len());
    all
}

/// The first mails of the sample, each with its envelope.
fn mails() -> Vec<String> {
    let sample = read("datasets/samples/lanternfs-devel.mbox");
    let mails: Vec<_> = sample.split("\nFrom ").take(40).map(str::to_owned).collect();
    assert_eq!(mails.len(), 40);
    mails
        .into_iter()
        .enumerate()
        .map(|(at, mail)| if at == 0 { mail } else { format!("From {mail}") })
        .collect()
}

/// A choice of the target, and what it is about.
fn chosen(choice: u8, text: impl AsRef<[u8]>) -> Vec<u8> {
    [&[choice], text.as_ref()].concat()
}

fn of_mail() -> Vec<Vec<u8>> {
    let mails = mails();
    let mut seeds: Vec<_> = mails.chunks(3).take(8).map(|some| chosen(0, some.join("\n"))).collect();
    seeds.extend(mails.iter().take(6).map(|mail| chosen(1, mail.replace('@', " at "))));
    seeds.extend(mails.iter().step_by(4).map(|mail| chosen(2, mail.split_once('\n').unwrap().1)));
    for kind in ["alternative", "mixed"] {
        let parts = "--b\nContent-Type: text/html; charset=utf-8\n\n<p>a<blockquote>b</blockquote>\n--b\nContent-Transfer-Encoding: \
                     base64\n\nYWJj\n--b--\n";
        seeds.push(chosen(
            2,
            format!("Subject: =?utf-8?b?w7w=?=\nContent-Type: multipart/{kind}; boundary=b\n\n{parts}"),
        ));
    }
    let (subject, text) = &authored()[0];
    seeds.extend([chosen(3, text), chosen(4, format!("Subject: {subject}\n\n{text}"))]);
    seeds
}

fn of_json() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for entry in fs::read_dir(root().join("datasets/samples/glyphbox-issues")).unwrap() {
        let issue = fs::read(entry.unwrap().path()).unwrap();
        if issue.len() < 6000 {
            seeds.extend([chosen(1, &issue), chosen(3, &issue)]);
        }
    }
    assert!(!seeds.is_empty());
    seeds.sort();
    for (subject, text) in authored().into_iter().step_by(5) {
        let line = serde_json::json!({"id": "1", "subject": subject, "text": text, "author": "Ada", "date": "2024-01-04"});
        seeds.push(chosen(0, line.to_string()));
        let issue = serde_json::json!({"title": subject, "body": text, "user": {"login": "ada"}});
        for (kind, payload) in [
            ("IssuesEvent", serde_json::json!({"action": "opened", "issue": issue})),
            (
                "IssueCommentEvent",
                serde_json::json!({"action": "created", "issue": issue, "comment": {"body": "x"}}),
            ),
        ] {
            let event = serde_json::json!({"type": kind, "actor": {"login": "bo"}, "repo": {"name": "o/r"}, "payload": payload});
            seeds.push(chosen(2, event.to_string()));
        }
    }
    seeds
}

fn of_table() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (subject, text) in authored().into_iter().step_by(4) {
        let mut rows = csv::Writer::from_writer(Vec::new());
        rows.write_record(["id", "author", "subject", "text"]).unwrap();
        rows.write_record(["1", "Ada", &subject, &text]).unwrap();
        seeds.push(chosen(0, rows.into_inner().unwrap()));
        seeds.push(chosen(1, format!("id\ttext\n1\t{}\n", text.replace(['\n', '\t'], " "))));
    }
    seeds.extend([chosen(2, "a;text\n1;x\n"), chosen(2, "text\n\"open\n"), chosen(0, "text,b\nx,y,z\n\n")]);
    seeds
}

fn of_decompression() -> Vec<Vec<u8>> {
    let text = mails()[0].clone().into_bytes();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&text).unwrap();
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(&text).unwrap();
    let mut xz = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(0)).unwrap();
    xz.write_all(&text).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(&text[..], ruzstd::encoding::CompressionLevel::Fastest);
    let mut seeds = vec![gzip.finish().unwrap(), bzip2.finish().unwrap(), xz.finish().unwrap(), zstd];
    seeds.extend(seeds.clone().iter().map(|it| it.repeat(2)));
    seeds.push([&[0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat());
    seeds
}

fn of_own_words() -> Vec<Vec<u8>> {
    let bodies =
        mails().into_iter().filter_map(|mail| mail.split_once("\n\n").map(|(_, body)| body.to_owned()));
    bodies.chain(authored().into_iter().map(|(_, text)| text)).map(String::into_bytes).collect()
}

fn of_scorer() -> Vec<Vec<u8>> {
    authored().into_iter().map(|(subject, text)| format!("{subject}\n{text}").into_bytes()).collect()
}

fn of_model() -> Vec<Vec<u8>> {
    let whole = util::model().to_bytes().unwrap();
    vec![whole[52..].to_vec(), whole]
}

fn of_labels() -> Vec<Vec<u8>> {
    let model = Model::embedded().unwrap();
    let mut scorer = Scorer::new(&model);
    let messages = authored().into_iter().enumerate().map(|(at, (subject, body))| Message {
        id: format!("{at}@tarn.example"),
        subject,
        body,
        ..Message::default()
    });
    let rows: Vec<_> = messages.map(|it| labels::propose(&it, &scorer.score(&it), "seed")).collect();
    let mut seeds = Vec::new();
    for format in [FileFormat::Csv, FileFormat::Jsonl] {
        for some in rows.chunks(9).take(4) {
            let mut out = Vec::new();
            labels::write(&mut out, format, some).unwrap();
            seeds.push(out);
        }
    }
    let row = "source,id,labels,level,evidence,proposed_by,reviewed,note\n";
    seeds.push(
        format!("{row}l,a,guilt takeover,3,guilt:body:0-4;takeover:subject:1-2,m,Ada 2024-01-04,'=x\n")
            .into_bytes(),
    );
    seeds
}

fn of_context_files() -> Vec<Vec<u8>> {
    vec![
        chosen(0, read("models/undue-en/campaign.json")),
        chosen(
            1,
            "[[same]]\npeople = [\"ada@tarn.example\", \"Ada Löv\"]\n[[different]]\npeople = [\"bo\", \"bo.b\"]\n",
        ),
        chosen(2, "Ada Löv # since 2003\nbo@tarn.example\n\n"),
        chosen(3, "text=body\nid=number\nrecord-size=64M\nratio=20\ndecompressed-size=2G\n"),
    ]
}

fn of_report() -> Vec<Vec<u8>> {
    let block = |(subject, text): (String, String)| {
        let text = text.replace("\n\n", "\n");
        format!("Ada Löv\nada@tarn.example\nMEMBER\n{subject}\n1@tarn.example\ntarn\n{text}")
    };
    let blocks: Vec<String> = authored().into_iter().map(block).collect();
    blocks.chunks(4).map(|some| some.join("\n\n").into_bytes()).collect()
}

pub(crate) fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "mail" => of_mail(),
        "json" => of_json(),
        "table" => of_table(),
        "decompression" => of_decompression(),
        "own_words" => of_own_words(),
        "scorer" => of_scorer(),
        "model" => of_model(),
        "labels" => of_labels(),
        "context_files" => of_context_files(),
        "report" => of_report(),
        _ => panic!("{target} has no seeds"),
    }
}
