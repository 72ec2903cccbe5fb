//! One message in full: its text with the evidence marked, and why an output has the probability that it has.

use std::{
    io::{self, Write},
    ops::Range,
};

use super::{Style, multi_line, one_line, rank::decisive, style::Ink, wire::part_name};
use crate::{
    Explanation, Message, Score, Scorer, TokenContribution,
    features::{Part, judged_body, judged_subject},
    model::{Model, Output},
};

/// Contributions that are listed one by one.
const STRONGEST: usize = 20;

/// Writes `message` and why `model` says what it says of `output` (of the level, where none is named).
///
/// Without colours, evidence stands in `[[…]]`, and lines that are not the author's own words behind `|`.
///
/// # Errors
/// Those of the output.
pub fn explain(
    out: &mut impl Write,
    model: &Model,
    message: &Message,
    output: Option<Output>,
    style: Style,
) -> io::Result<()> {
    let mut scorer = Scorer::new(model);
    let score = scorer.score(message);
    let explanation = scorer.explain(message, output.unwrap_or_else(|| decisive(&score)));
    write_head(out, message, &score, style)?;
    write_body(out, message, &score, style)?;
    write_outputs(out, model, &score, style)?;
    write_contributions(out, message, &explanation, &score, style)
}

fn write_head(out: &mut impl Write, message: &Message, score: &Score, style: Style) -> io::Result<()> {
    let author = &message.author;
    let known = [author.name.clone(), author.address.clone(), author.role.clone()];
    let known: Vec<_> = known.iter().filter(|part| !part.is_empty()).map(|part| one_line(part)).collect();
    let labels: Vec<_> = score.labels.iter().map(|label| label.name()).collect();
    let problems: Vec<_> = message.problems.iter().map(|problem| problem.name()).collect();
    let date = message.date.map(|date| date.to_string()).unwrap_or_default();
    for (name, value) in [
        ("id", one_line(&message.id)),
        ("at", one_line(&message.position.to_string())),
        ("author", known.join(", ")),
        ("date", date),
        ("problems", problems.join(", ")),
        ("level", score.level.to_string()),
        ("labels", labels.join(", ")),
    ] {
        if !value.is_empty() {
            writeln!(out, "{} {value}", style.paint(Ink::Bold, &format!("{:<9}", format!("{name}:"))))?;
        }
    }
    let own: Vec<_> = judged_subject(message).into_iter().collect();
    let marks = marks(score, Part::Subject);
    write!(out, "{} ", style.paint(Ink::Bold, "subject: "))?;
    write_pieces(out, &message.subject, 0..message.subject.len(), &own, &marks, style)?;
    writeln!(out, "\n")
}

/// The places of all evidence in a part, in order, overlaps merged.
fn marks(score: &Score, part: Part) -> Vec<Range<usize>> {
    let of_part = score.evidence.iter().filter(|evidence| evidence.part == part);
    let mut ranges: Vec<_> = of_part.map(|evidence| evidence.range.clone()).collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn write_body(out: &mut impl Write, message: &Message, score: &Score, style: Style) -> io::Result<()> {
    let own = judged_body(message);
    let marks = marks(score, Part::Body);
    let mut start = 0;
    for line in message.body.split_inclusive('\n') {
        let range = start..start + line.trim_end_matches(['\n', '\r']).len();
        start += line.len();
        let is_own = overlapping(&own, &range).next().is_some();
        if !style.color {
            out.write_all(if is_own || range.is_empty() { b"  " } else { b"| " })?;
        }
        write_pieces(out, &message.body, range, &own, &marks, style)?;
        writeln!(out)?;
    }
    writeln!(out)
}

pub(super) fn overlapping<'r>(
    ranges: &'r [Range<usize>],
    range: &'r Range<usize>,
) -> impl Iterator<Item = Range<usize>> + 'r {
    let first = ranges.partition_point(|it| it.end <= range.start);
    let meets = |it: &&Range<usize>| it.start < range.end;
    ranges[first..].iter().take_while(meets).map(|it| it.start.max(range.start)..it.end.min(range.end))
}

/// Writes `range` of `text`: evidence marked, what is not judged dimmed.
fn write_pieces(
    out: &mut impl Write,
    text: &str,
    range: Range<usize>,
    own: &[Range<usize>],
    marks: &[Range<usize>],
    style: Style,
) -> io::Result<()> {
    let mut at = range.start;
    for mark in overlapping(marks, &range) {
        write_unmarked(out, text, at..mark.start, own, style)?;
        let words = multi_line(text.get(mark.clone()).unwrap_or_default());
        let shown = if style.color { style.paint(Ink::Marked, &words) } else { format!("[[{words}]]") };
        out.write_all(shown.as_bytes())?;
        at = mark.end;
    }
    write_unmarked(out, text, at..range.end, own, style)
}

fn write_unmarked(
    out: &mut impl Write,
    text: &str,
    range: Range<usize>,
    own: &[Range<usize>],
    style: Style,
) -> io::Result<()> {
    let piece = |range: Range<usize>| multi_line(text.get(range).unwrap_or_default());
    let mut at = range.start;
    for kept in overlapping(own, &range) {
        write!(out, "{}{}", style.paint(Ink::Dim, &piece(at..kept.start)), piece(kept.clone()))?;
        at = kept.end;
    }
    write!(out, "{}", style.paint(Ink::Dim, &piece(at..range.end)))
}

fn write_outputs(out: &mut impl Write, model: &Model, score: &Score, style: Style) -> io::Result<()> {
    let header = format!("{:<18} {:>11} {:>10}", "output", "probability", "threshold");
    writeln!(out, "{}", style.paint(Ink::Bold, &header))?;
    for (output, facts) in Output::all().zip(&model.metadata().outputs) {
        let probability = score.probability(output);
        let line = format!("{output:<18} {probability:>11.4} {:>10.4}", facts.threshold);
        if probability >= facts.threshold {
            writeln!(out, "{}", style.paint(Ink::Warning, &format!("{line}  reached")))?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out)
}

fn write_contributions(
    out: &mut impl Write,
    message: &Message,
    explanation: &Explanation,
    score: &Score,
    style: Style,
) -> io::Result<()> {
    let Explanation { output, baseline, tokens, logit } = explanation;
    let header =
        format!("Why {output} has probability {:.4}: what adds to its logit", score.probability(*output));
    writeln!(out, "{}", style.paint(Ink::Bold, &header))?;
    let mut strongest: Vec<_> = tokens.iter().collect();
    strongest.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
    let rest = strongest.split_off(strongest.len().min(STRONGEST));
    for token in strongest {
        writeln!(out, "{:>+10.4}  {}", token.contribution, shown(message, token))?;
    }
    if !rest.is_empty() {
        let sum: f64 = rest.iter().map(|token| token.contribution).sum();
        writeln!(out, "{sum:>+10.4}  {} weaker tokens together", rest.len())?;
    }
    let sum = baseline + tokens.iter().map(|token| token.contribution).sum::<f64>();
    writeln!(out, "{baseline:>+10.4}  baseline, without any of these words")?;
    writeln!(out, "{sum:>+10.4}  sum; the logit is {logit:+.4}")?;
    out.flush()
}

fn shown(message: &Message, token: &TokenContribution) -> String {
    let text = match token.part {
        Part::Subject => &message.subject,
        Part::Body => &message.body,
    };
    let words = one_line(text.get(token.range.clone()).unwrap_or_default());
    format!("{words}  ({} {}..{})", part_name(token.part), token.range.start, token.range.end)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{
        Label,
        report::test_data::{evidence, scored},
    };

    fn body(style: Style) -> String {
        let mut scored = scored();
        let (message, score) = (&scored.message, &mut scored.score);
        score.evidence.push(evidence(message, Label::Urgency, "us all down.\nHand over", 1.0));
        let mut out = Vec::new();
        write_body(&mut out, message, score, style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn evidence_is_bracketed_without_colors() {
        let text = body(Style::default());
        assert!(text.ends_with("  [[Äh, you let us all down.]]\n  [[Hand over the keys.]]\n\n"), "{text}");
    }

    #[test]
    fn evidence_is_painted_with_colors() {
        let text = body(Style { width: 80, color: true });
        assert!(text.contains("\x1b[1;30;43mHand over the keys.\x1b[0m\n"), "{text}");
        assert!(!text.contains("[["), "{text}");
    }

    #[test]
    fn what_is_not_judged_is_dimmed() {
        let mut out = Vec::new();
        let style = Style { width: 80, color: true };
        let mark = 6..7;
        let marks = std::slice::from_ref(&mark);
        write_pieces(&mut out, "a b\x1bc d", 0..7, &[2..4, 6..7], marks, style).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "\x1b[2ma \x1b[0mb\\u{1b}\x1b[2mc \x1b[0m\x1b[1;30;43md\x1b[0m");
    }

    #[test]
    fn contributions_are_listed_and_summed() {
        let scored = scored();
        let token = |start: usize, contribution| TokenContribution {
            part: Part::Body,
            range: start..start + 1,
            contribution,
        };
        let mut tokens: Vec<_> = (0..21).map(|i| token(i + 13, 0.25)).collect();
        tokens.push(token(2, -1.5));
        let explanation = Explanation { output: Output::PRESSURE, baseline: -2.0, tokens, logit: 1.75 };
        let mut out = Vec::new();
        write_contributions(&mut out, &scored.message, &explanation, &scored.score, Style::default())
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("\n   -1.5000  a  (body 2..3)\n"), "{text}");
        assert!(text.contains("\n   +0.5000  2 weaker tokens together\n"), "{text}");
        assert!(text.ends_with("   +1.7500  sum; the logit is +1.7500\n"), "{text}");
    }
}
