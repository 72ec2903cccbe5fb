//! The report for an issue tracker. All text of strangers stands in code spans, where no tracker sees a mention, a
//! reference, a link, markup or HTML; inside them only backticks mean anything, and those are fenced in.

use super::{Report, counted, finding, kept::Kept, name, named, percent, probability, start};
use crate::{
    context::{AuthorSummary, Campaign, ThreadSummary, Who},
    report::listing::day,
};

/// Trackers take some 65,000 characters.
const MAX_BYTES: usize = 60_000;
/// Room for the last lines.
const RESERVE: usize = 2_500;
/// Rows of tables, and messages of one campaign.
const ROWS: usize = 15;
/// Characters of words.
const WORDS: usize = 160;

struct Document {
    text: String,
    skipped: u32,
}

impl Document {
    /// Adds a block if there is room for the whole of it.
    fn block(&mut self, block: &str) {
        if self.text.len() + block.len() + 2 > MAX_BYTES - RESERVE {
            self.skipped += 1;
            return;
        }
        self.text.push_str(block.trim_end());
        self.text.push_str("\n\n");
    }
}

pub(super) fn document(report: &Report<'_>) -> String {
    let mut out = Document { text: String::new(), skipped: 0 };
    out.block("# Pressure on maintainers");
    out.block(&found(report));
    out.block(&format!(
        "## What this is not\n\n{}",
        bullets(finding::NOT.iter().map(|line| (*line).to_owned()))
    ));
    out.block("## Campaigns");
    if report.campaigns.items.is_empty() {
        out.block("None was found.");
    }
    for (at, campaign) in report.campaigns.items.iter().enumerate() {
        out.block(&campaign_block(report, at + 1, campaign));
    }
    out.block(&left_out(report.campaigns.left_out(), "campaign", "campaigns"));
    out.block(&messages(report));
    out.block(&actors(&report.actors.items));
    out.block(&threads(report));
    out.block(&lists(report));
    if out.skipped > 0 {
        out.text.push_str(&format!(
            "{} left out for want of room; the page has them.\n\n",
            counted(u64::from(out.skipped), "part is", "parts are")
        ));
    }
    out.text.push_str(&model(report));
    out.text
}

/// Text of strangers as code, on one line; in a cell of a table as well.
fn code(text: &str, characters: usize) -> String {
    // A bar would end a cell even in code.
    let text = start(text, characters).replace('|', "\\u{7c}");
    if text.is_empty() {
        return "–".to_owned();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // One space on each side belongs to the fence.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn person(who: &Who) -> String {
    code(&name(who), 80)
}

fn bullets(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| format!("- {line}\n")).collect()
}

fn table(headers: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<_> = headers.iter().map(|it| (*it).to_owned()).collect();
    let rule = vec!["---".to_owned(); headers.len()];
    let rows: String = rows.map(|row| line(&row)).collect();
    format!("{}{}{rows}", line(&head), line(&rule))
}

fn left_out(count: u64, one: &str, many: &str) -> String {
    if count == 0 {
        String::new()
    } else {
        format!("{} not shown.\n", counted(count, &format!("{one} more is"), &format!("{many} more are")))
    }
}

fn found(report: &Report<'_>) -> String {
    let sentences = finding::sentences(report, &|text| code(text, 80));
    let trouble = match report.summary.unreadable {
        0 => String::new(),
        _ => "\nNot everything could be read: this is not the whole picture.\n".to_owned(),
    };
    format!("## What was found\n\n{}{trouble}", bullets(sentences.into_iter()))
}

fn campaign_block(report: &Report<'_>, number: usize, campaign: &Campaign) -> String {
    let mut facts = vec![
        format!("list: {}", code(report.places.list(&campaign.project), 120)),
        format!("probability: {} ({})", probability(campaign.probability), report.measured_campaigns()),
    ];
    if let Some(alarm) = &campaign.alarm {
        facts.push(format!(
            "first alarm: {} at {}",
            day(alarm.at),
            code(report.places.id(&alarm.message), 200)
        ));
    }
    if !campaign.pressed.is_empty() {
        let people: Vec<_> = campaign.pressed.iter().map(|who| person(who)).collect();
        facts.push(format!("pressed: {}", people.join(", ")));
    }
    if let Some((who, reasons)) = &campaign.beneficiary {
        facts.push(format!("apparently for: {} ({})", person(who), code(&reasons.join("; "), 300)));
    }
    facts
        .extend(campaign.signals.iter().map(|it| format!("{}: {}", it.kind.name(), code(&it.sentence, 600))));
    let accounts = campaign.actors.iter().take(ROWS).map(|actor| {
        let against = actor.speaks_against.join("; ");
        let against = if against.is_empty() { "nothing that was seen" } else { &against };
        vec![person(&actor.who), code(&actor.speaks_for.join("; "), 300), code(against, 300)]
    });
    let messages = campaign.messages.iter().take(ROWS).map(|it| {
        let words = it.quote.as_ref().map_or(&*it.subject, |quote| &quote.text);
        let strength = it.pressure.max(it.takeover_pressure);
        let id = code(report.places.id(&it.id), 120);
        vec![day(it.at), person(&it.author), format!("{strength:.2}"), code(words, WORDS), id]
    });
    let rest = campaign.messages.len().saturating_sub(ROWS) as u64 + u64::from(campaign.dropped);
    let head =
        format!("### Campaign {number}{}\n\n{}", finding::between(campaign), bullets(facts.into_iter()));
    if campaign.messages.is_empty() {
        return format!("{head}\nNone of its messages was kept: there is no timeline to show.\n");
    }
    format!(
        "{head}\n{}\n{}\n{}",
        table(&["account", "speaks for looking closer", "speaks against"], accounts),
        table(&["date", "author", "strength", "words", "id"], messages),
        left_out(rest, "message", "messages")
    )
}

fn messages(report: &Report<'_>) -> String {
    if report.strongest.is_empty() {
        return String::new();
    }
    let facts = |it: &Kept| report.model.facts(it.output);
    let rows = report.strongest.iter().take(ROWS).map(|it| {
        let author = if it.name.is_empty() { &it.address } else { &it.name };
        let labels: Vec<_> = it.labels.iter().map(|label| label.name()).collect();
        let date = it.date.get(..10).unwrap_or_default().to_owned();
        vec![
            it.level.to_string(),
            format!("{} (≥ {})", probability(it.decisive), probability(facts(it).threshold)),
            percent(facts(it).false_alarm_rate, 2),
            date,
            code(&named(author), 80),
            labels.join(", "),
            code(report.places.id(&it.id), 160),
        ]
    });
    let headers = ["level", "probability", "false alarms", "date", "author", "labels", "id"];
    let table = table(&headers, rows);
    let rest = report.messages_left_out + report.strongest.len().saturating_sub(ROWS) as u64;
    format!(
        "## Other pressing messages\n\nBehind each probability stands the threshold of its level, and how many ordinary messages \
         reach that.\n\n{table}\n{}",
        left_out(rest, "message", "messages")
    )
}

fn actors(actors: &[AuthorSummary]) -> String {
    let rows = actors.iter().take(ROWS).map(|it| {
        let standing = &it.standing;
        let counts = [standing.pressing, standing.messages, standing.work_total(), standing.days];
        let mut row = vec![person(&it.who), code(&it.who.address, 80)];
        row.extend(counts.map(|n| n.to_string()));
        row.push(if standing.controls { "yes" } else { "no" }.to_owned());
        row
    });
    let headers = ["author", "address", "pressing", "messages", "work", "days", "control"];
    if actors.is_empty() {
        String::new()
    } else {
        format!("## Authors who press\n\n{}", table(&headers, rows))
    }
}

fn threads(report: &Report<'_>) -> String {
    let threads: &[ThreadSummary] = &report.threads.items;
    let rows = threads.iter().take(ROWS).map(|it| {
        let title = if it.subject.is_empty() { report.places.id(&it.id) } else { &it.subject };
        let counts = [it.pressing_messages, it.messages, it.authors, it.asked_again];
        let mut row = vec![code(title, 120)];
        row.extend(counts.map(|n| n.to_string()));
        row
    });
    let headers = ["thread", "pressing", "messages", "authors", "asked again"];
    if threads.is_empty() {
        String::new()
    } else {
        format!("## Threads with pressure\n\n{}", table(&headers, rows))
    }
}

fn lists(report: &Report<'_>) -> String {
    let lists = report.months.ranked(ROWS);
    let left = report.months.len().saturating_sub(lists.len()) as u64;
    let rows = lists.iter().map(|(name, list)| {
        vec![
            code(report.places.list(name), 120),
            list.all.messages.to_string(),
            list.all.pressing.to_string(),
        ]
    });
    format!(
        "## Lists\n\n{}\n{}",
        table(&["list", "messages", "pressing"], rows),
        left_out(left, "list", "lists")
    )
}

fn model(report: &Report<'_>) -> String {
    let metadata = report.model.metadata();
    let facts = report.model.facts(crate::model::Output::PRESSURE);
    let measured = match report.campaign_model.as_ref().and_then(|model| model.false_alarms_per_20000) {
        Some(rate) => format!("{rate:.2} false alarms in 20,000 messages"),
        None => "a false-alarm rate that was not measured yet".to_owned(),
    };
    format!(
        "---\n\nundue {} with the model {} {} (SHA-256 {}): level 2 from a probability of {:.4} on, which {} of \
         ordinary messages reach and {} of pressing ones; campaigns from {} on, with {measured}.\n",
        env!("CARGO_PKG_VERSION"),
        code(&metadata.name, 80),
        code(&metadata.version, 40),
        report.model.hash(),
        facts.threshold,
        percent(facts.false_alarm_rate, 2),
        percent(facts.recall, 1),
        probability(report.least),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_holds_whatever_it_is_given() {
        for (text, wanted) in [
            ("Ada", "`Ada`"),
            ("", "–"),
            ("a`b", "``a`b``"),
            ("``", "``` `` ```"),
            ("a | b", "`a \\u{7c} b`"),
            ("a\nb\u{202e}", "`a b\\u{202e}`"),
            ("@ada #1 <img src=x>", "`@ada #1 <img src=x>`"),
        ] {
            assert_eq!(code(text, 80), wanted);
        }
    }

    #[test]
    fn a_block_too_many_is_left_out_and_told() {
        let mut out = Document { text: String::new(), skipped: 0 };
        out.block(&"x".repeat(MAX_BYTES));
        out.block("y");
        assert_eq!((out.text.as_str(), out.skipped), ("y\n\n", 1));
    }
}
