//! Monthly text archives of pipermail (Mailman 2): an mbox without MIME, its addresses written out.

use std::{io::BufRead, sync::Arc};

use super::{
    Record,
    header::{author, text},
    mbox::MboxSource,
    mbox_lines::Quoting,
    mime::decode,
};
use crate::{
    error::Result,
    message::{Author, Message},
};

/// Source of the messages of a pipermail text archive; months that hold a message twice yield it twice.
pub struct PipermailSource<R>(MboxSource<R>);

impl<R: BufRead + Send> PipermailSource<R> {
    /// Reads the archive from `reader`; of each message at most `limit` bytes are kept.
    pub fn new(reader: R, path: Arc<std::path::Path>, limit: usize) -> Self {
        Self(MboxSource::with_decoder(reader, path, limit, decode_pipermail, Quoting::Once))
    }

    /// The same, of a reader that stands at `offset`, behind `records` records.
    pub(super) fn at(self, offset: u64, records: u64) -> Self {
        Self(self.0.at(offset, records))
    }
}

impl<R: BufRead + Send> Iterator for PipermailSource<R> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

/// The decoder of pipermail text: that of mail, but for the address.
pub(crate) fn decode_pipermail(record: &Record) -> Vec<Result<Message>> {
    vec![Ok(decode(record, written_out))]
}

/// Reads `user at example.org (Name)`; an address that is veiled in another way stays as it is.
fn written_out(value: &[u8]) -> (Author, bool) {
    let value = value.trim_ascii();
    let Some(open) = memchr::memmem::find(value, b" (").filter(|_| value.ends_with(b")")) else {
        return author(&restored(value));
    };
    let (name, clean) = text(&value[open + 2..value.len() - 1]);
    let address = String::from_utf8_lossy(&restored(&value[..open])).trim().to_owned();
    (Author { name, address, role: String::new() }, clean)
}

/// `user at host` as `user@host`.
fn restored(address: &[u8]) -> Vec<u8> {
    match memchr::memmem::find(address, b" at ") {
        Some(at) if !address.contains(&b'@') => [&address[..at], b"@", &address[at + 4..]].concat(),
        _ => address.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use super::*;
    use crate::message::Problem;

    fn read(text: &[u8]) -> Vec<Message> {
        PipermailSource::new(text, Path::new("2006-January.txt").into(), 1 << 20)
            .flat_map(|record| record.unwrap().decode())
            .map(Result::unwrap)
            .collect()
    }

    const MONTH: &str = "From mara at example.org  Mon Jan  2 15:04:05 2006
From: mara at example.org (=?utf-8?q?M=C3=A4ra?= Lind (work))
Date: Mon, 2 Jan 2006 16:04:05 +0100
Subject: [tool-dev] A subject
\tthat is folded
In-Reply-To: Your message of \"Sun, 1 Jan 2006\"
 <one@example.org>
References: <zero@example.org>
\t<one@example.org> (a note)
Message-ID: <two@example.org>

From the docs I see this.

>From here it is quoted, >>From there it is not.
>>From neither.
-------------- next part --------------
An HTML attachment was scrubbed...
URL: <http://lists.example.org/attachments/1.html>

From ola at example.net  Tue Jan  3 15:04:05 2006
From: ola at example.net
Date: Tue, 3 Jan 2006 15:04:05 +0000
Subject: none
Message-ID: <three@example.net>

caf\u{e9}

";

    #[test]
    fn a_month() {
        let messages = read(MONTH.as_bytes());
        assert_eq!(messages.len(), 2);
        let first = &messages[0];
        assert_eq!(
            (first.author.name.as_str(), first.author.address.as_str()),
            ("M\u{e4}ra Lind (work)", "mara@example.org")
        );
        assert_eq!(first.subject, "[tool-dev] A subject that is folded");
        assert_eq!(first.parent.as_deref(), Some("one@example.org"));
        assert_eq!(first.references, ["zero@example.org", "one@example.org"]);
        assert!(first.body.starts_with("From the docs I see this.\n\nFrom here it is quoted, >>From there"));
        assert!(first.body.contains("\n>>From neither.\n"));
        assert!(first.body.ends_with("1.html>\n"));
        assert_eq!(messages[1].author.address, "ola@example.net");
        assert!(messages.iter().all(|message| message.problems.is_empty()));
    }

    #[test]
    fn a_month_that_holds_each_message_twice() {
        let ids: Vec<_> = read(MONTH.repeat(2).as_bytes()).into_iter().map(|message| message.id).collect();
        assert_eq!(ids, ["two@example.org", "three@example.net", "two@example.org", "three@example.net"]);
    }

    #[test]
    fn latin_1_bodies() {
        let text: Vec<u8> = MONTH.chars().map(|c| u8::try_from(c).unwrap()).collect();
        let messages = read(&text);
        assert_eq!(messages[1].body, "caf\u{e9}\n");
        assert_eq!(messages[1].problems, [Problem::BadEncoding]);
    }

    #[test]
    fn other_veils_stay() {
        for (value, address) in [
            (&b"mara @end|ng |rom ex@mple@org (Mara)"[..], "mara @end|ng |rom ex@mple@org"),
            (b"mara@example.org (Mara at work)", "mara@example.org"),
            (b"mara at example.org", "mara@example.org"),
            (b"Mara Lind <mara at example.org>", "mara@example.org"),
        ] {
            assert_eq!(written_out(value).0.address, address);
        }
    }
}
