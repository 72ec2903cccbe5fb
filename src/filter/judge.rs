//! From the bytes of one message to its status. Total: whatever the bytes are, and whatever goes wrong.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::status::{ModelTag, Reason, Status};
use crate::{
    Message, Scorer, SharedPath,
    model::Model,
    source::{EmlSource, Record, TextSource},
};

/// Judges messages with one model.
#[derive(Debug)]
pub struct Judge<'m> {
    model: &'m Model,
    tag: ModelTag,
    scorer: Scorer<'m>,
    path: SharedPath,
}

impl<'m> Judge<'m> {
    /// A judge with `model`.
    pub fn new(model: &'m Model) -> Self {
        let path = std::path::Path::new("-").into();
        Self { model, tag: ModelTag::new(model), scorer: Scorer::new(model), path }
    }

    /// Which model judges.
    pub fn tag(&self) -> &ModelTag {
        &self.tag
    }

    /// Judges a mail as it stands in a mailbox or comes over the wire; an mbox envelope may stand in front. `truncated`
    /// says that `bytes` are only the beginning of it.
    pub fn mail(&mut self, bytes: &[u8], truncated: bool) -> Status {
        let mail = EmlSource::new(bytes, self.path.clone(), bytes.len());
        self.guarded(mail.flatten(), truncated)
    }

    /// Judges a text without a header.
    pub fn text(&mut self, text: &str, truncated: bool) -> Status {
        let text = TextSource::new(text.as_bytes(), self.path.clone(), text.len());
        self.guarded(text.flatten(), truncated)
    }

    /// A message must pass even if judging it panics: a mail that stops the mail of others would be an attack.
    fn guarded(&mut self, mut records: impl Iterator<Item = Record>, truncated: bool) -> Status {
        let judged = catch_unwind(AssertUnwindSafe(|| self.judge(records.next(), truncated)));
        judged.unwrap_or_else(|_| {
            self.scorer = Scorer::new(self.model);
            Status::unsure(Reason::Error, &self.tag)
        })
    }

    fn judge(&mut self, record: Option<Record>, truncated: bool) -> Status {
        // No bytes, no record: there is nothing that could press.
        let decoded = record.map(|record| Record { truncated, ..record }.decode()).unwrap_or_default();
        let message = decoded.into_iter().find_map(Result::ok).unwrap_or_else(Message::default);
        let score = self.scorer.score(&message);
        Status::new(&score, self.model, &self.tag, truncated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Verdict;

    const PRESSING: &str = "It has been two months and you still did not answer. Hand over commit access to somebody \
        who has time for this project, or step down as maintainer.";

    #[test]
    fn a_mail_and_its_text_are_judged_alike() {
        let model = Model::embedded().unwrap();
        let mut judge = Judge::new(&model);
        let status = judge.text(PRESSING, false);
        assert_eq!(status.verdict, Verdict::Yes, "{status}");
        for header in ["", "From a Thu Jan  4 10:00:00 2024\n", "From a Thu Jan  4 10:00:00 2024\r\n"] {
            let mail = format!("{header}From: a@tarn.example\nSubject: \n\n{PRESSING}");
            assert_eq!(judge.mail(mail.as_bytes(), false), status);
        }
    }

    #[test]
    fn whatever_comes_has_a_status() {
        let model = Model::embedded().unwrap();
        let mut judge = Judge::new(&model);
        assert_eq!(judge.mail(b"", false).verdict, Verdict::No);
        assert_eq!(judge.text("", false).verdict, Verdict::No);
        assert_eq!(judge.mail(b"\0\xff\n\xfe\r", false).verdict, Verdict::No);
        let status = judge.mail(b"Subject: a\n\nThe build fails here.", true);
        assert_eq!((status.verdict, status.reason), (Verdict::Unsure, Some(Reason::Size)));
    }

    #[test]
    fn another_language_is_not_judged() {
        let model = Model::embedded().unwrap();
        let german =
            "Ich warte nun schon seit zwei Monaten auf eine Antwort. Wann wird der Patch endlich eingebaut?";
        let status = Judge::new(&model).text(german, false);
        assert_eq!((status.verdict, status.reason), (Verdict::Unsure, Some(Reason::Language)));
        assert_eq!(status.numbers, None);
    }
}
