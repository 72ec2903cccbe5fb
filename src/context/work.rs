//! Whether a message carries work: a patch, code, a technical answer at length, or a report with substance.

use crate::{Message, features::Sentence};

/// What a message contributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Work {
    /// Nothing of the kinds below.
    #[default]
    None,
    /// A diff, or a subject that announces one.
    Patch,
    /// A fenced block.
    Code,
    /// An answer of at least 600 bytes of the author's own words.
    Answer,
    /// The first message of a thread with a log, code or numbers beside its words.
    Report,
}

impl Work {
    /// All kinds of work, in the order in which they are counted and shown.
    pub const KINDS: [Self; 4] = [Self::Patch, Self::Code, Self::Answer, Self::Report];

    /// The noun used in sentences, plural.
    pub fn plural(self) -> &'static str {
        match self {
            Self::None => "messages",
            Self::Patch => "patches",
            Self::Code => "messages with code",
            Self::Answer => "long answers",
            Self::Report => "reports",
        }
    }

    /// Place in [`Work::KINDS`], if it is work.
    pub fn index(self) -> Option<usize> {
        Self::KINDS.iter().position(|kind| *kind == self)
    }
}

/// Own words from which on an answer counts as one at length, in bytes: some hundred words.
const LONG_ANSWER: usize = 600;
/// Own words from which on the first message of a thread may be a report, in bytes.
const REPORT: usize = 150;
/// Lines that are looked at; work that is shown only behind them is rare.
const MAX_LINES: usize = 2000;

/// Classifies a message by its form. Pressing answers are not work: the caller knows how they press.
pub(super) fn of(message: &Message, sentences: &[Sentence], is_answer: bool) -> Work {
    if announces_patch(&message.subject) {
        return Work::Patch;
    }
    let (mut fence, mut other) = (false, 0);
    for line in message.body.lines().take(MAX_LINES) {
        if line.starts_with("diff --git ") || line.starts_with("@@ -") || line.starts_with("+++ ") {
            return Work::Patch;
        }
        fence |= line.trim_start().starts_with("```");
        other += usize::from(is_technical(line));
    }
    let own: usize = sentences.iter().map(|sentence| sentence.range.len()).sum();
    match (fence, is_answer) {
        (true, _) => Work::Code,
        (_, true) if own >= LONG_ANSWER => Work::Answer,
        (_, false) if own >= REPORT && other >= 2 => Work::Report,
        _ => Work::None,
    }
}

/// `[PATCH 1/2] x`, `[RFC PATCH] x`; not an answer to one.
fn announces_patch(subject: &str) -> bool {
    let subject = subject.trim_start();
    let tags = subject.split(']').take_while(|part| part.trim_start().starts_with('['));
    tags.flat_map(|tag| tag.split(['[', ' '])).any(|word| word.eq_ignore_ascii_case("patch"))
}

/// Indented by a tab or four spaces, and not a quote: a log, a command, a listing.
fn is_technical(line: &str) -> bool {
    (line.starts_with("    ") || line.starts_with('\t'))
        && !line.trim_start().starts_with('>')
        && !line.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::sentences;

    fn work(subject: &str, body: &str, is_answer: bool) -> Work {
        let message = Message { subject: subject.into(), body: body.into(), ..Message::default() };
        of(&message, &sentences(&message), is_answer)
    }

    #[test]
    fn form_tells_the_kind() {
        let long = "The cache is looked up once for each name that is read. ".repeat(12);
        let log = "It stops when the second disk is late, one boot in five. This has been so since April, \
                   and it does not matter which of the two disks is the late one, nor which of the two kernels is booted.\n\n    lantern[3]: empty\n    lantern[3]: gone\n";
        for (subject, body, is_answer, kind) in [
            ("[tarn] [PATCH v2 1/2] Fix it", "", false, Work::Patch),
            ("Re: [PATCH] Fix it", "Looks good.", true, Work::None),
            ("Fix", "diff --git a/x b/x\n@@ -1 +1 @@\n-a\n+b\n", false, Work::Patch),
            ("Code", "See:\n```\nlet x = 1;\n```\n", true, Work::Code),
            ("Re: cache", &long, true, Work::Answer),
            ("Boot", log, false, Work::Report),
            ("Hello", "Any news?", false, Work::None),
        ] {
            assert_eq!(work(subject, body, is_answer), kind, "{subject}");
        }
    }
}
