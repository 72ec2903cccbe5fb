//! Everything that is written, made of texts that a fuzzer chose.

use undue::{
    Author, Date, Level, Message, Scorer, Threader,
    context::{AuthorSummary, Campaign, Context, DateOrder, Digester, Observer, Settings, ThreadSummary},
    labels::{self, FileFormat},
    model::Output,
    pipeline::Scored,
    report::{Collector, Csv, Jsonl, Limits, ListFormat, Listing, Row, Sink, Style, Summary, Table, explain},
};

use super::{shipped, shown};

/// What is put into each body, so that there is something to report.
const PRESSING: &str =
    "Hand over the project now, you let us all down. It has been weeks! Add me as a maintainer.\n";

/// Fields are parted by lines, messages by blank ones.
pub fn report(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let messages: Vec<Message> = text.split("\n\n").take(12).enumerate().map(message).collect();
    let scored = scored(messages);
    write_messages(&scored);
    write_lists_and_report(&scored);
    write_labels(&scored);
}

fn message((number, text): (usize, &str)) -> Message {
    let mut fields = text.lines().map(|field| format!("{field}{}", shown::CANARY));
    let mut next = || fields.next().unwrap_or_default();
    let (name, address, role, subject) = (next(), next(), next(), next());
    let (id, list) = (format!("{number}{}", next()), next());
    let body: String = fields.map(|line| line + "\n").collect();
    let seconds = 1_600_000_000 + 86_400 * number as i64;
    let mut message = Message {
        id,
        author: Author { name, address, role },
        subject,
        owns_subject: true,
        body: format!("{body}{PRESSING}{}\n", shown::CANARY),
        list: Some(list).filter(|list| !list.is_empty()),
        ..Message::default()
    };
    let read = format!("{{\"text\":\"x\",\"date\":\"{seconds}\"}}");
    message.date = date(&read);
    message
}

/// A date by way of a reader, which is how they come.
fn date(line: &str) -> Option<Date> {
    let stream = std::io::Cursor::new(line.as_bytes().to_vec());
    let format = Some(undue::source::Format::Jsonl);
    let record = undue::source::read(stream, "in", format, &Default::default()).next()?.ok()?;
    record.decode().remove(0).ok()?.date
}

/// Scores them; whatever the model says, they press.
fn scored(messages: Vec<Message>) -> Vec<Scored> {
    let (mut scorer, mut threader) = (Scorer::new(shipped()), Threader::new());
    let one = |mut message: Message| {
        threader.assign(&mut message);
        let mut score = scorer.score(&message);
        score.level = Level::TakeoverPressure;
        score.is_judged = true;
        for output in [Output::PRESSURE, Output::TAKEOVER_PRESSURE] {
            score.probabilities[output.index()] = 0.9;
        }
        Scored { message, score, insight: None }
    };
    messages.into_iter().map(one).collect()
}

fn text(out: Vec<u8>) -> String {
    String::from_utf8(out).expect("what is written is text")
}

fn sunk<'o>(
    scored: &[Scored],
    make: impl FnOnce(&'o mut Vec<u8>) -> Box<dyn Sink + 'o>,
    out: &'o mut Vec<u8>,
) {
    let mut summary = Summary::default();
    let mut sink = make(out);
    for it in scored {
        summary.count(it);
        sink.message(it).expect("memory takes everything");
    }
    sink.finish(&summary).expect("memory takes everything");
}

fn write_messages(scored: &[Scored]) {
    let (mut table, mut lines, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    sunk(scored, |out| Box::new(Table::new(out, None, Style::default())), &mut table);
    shown::check_text(&text(table));
    sunk(scored, |out| Box::new(Jsonl::new(out, None)), &mut lines);
    let lines = text(lines);
    shown::check_text(&lines);
    shown::check_jsonl(&lines);
    assert_eq!(lines.lines().count(), scored.len());
    sunk(scored, |out| Box::new(Csv::new(out, None).expect("memory takes everything")), &mut rows);
    let rows = text(rows);
    shown::check_csv(&rows);
    assert!(!rows.contains(|c| shown::is_hidden(c) && !matches!(c, '\n' | '\r' | '\t')));
    for it in scored.iter().take(2) {
        let mut out = Vec::new();
        explain(&mut out, shipped(), &it.message, None, Style::default()).expect("memory takes everything");
        shown::check_text(&text(out));
    }
}

/// What a context tells, kept for the lists and told to the report as well.
struct Kept<'m> {
    collector: Collector<'m>,
    campaigns: Vec<Campaign>,
    authors: Vec<AuthorSummary>,
    threads: Vec<ThreadSummary>,
}

impl Observer for Kept<'_> {
    fn thread(&mut self, thread: ThreadSummary) {
        self.threads.push(thread.clone());
        self.collector.thread(thread);
    }

    fn author(&mut self, author: AuthorSummary) {
        self.authors.push(author.clone());
        self.collector.author(author);
    }

    fn campaign(&mut self, campaign: Campaign) {
        self.campaigns.push(campaign.clone());
        self.collector.campaign(campaign);
    }
}

fn write_lists_and_report(scored: &[Scored]) {
    let settings = Settings::default();
    let collector = Collector::new(shipped(), settings.model.clone(), 0.0, Limits::default());
    let mut kept = Kept { collector, campaigns: Vec::new(), authors: Vec::new(), threads: Vec::new() };
    let (mut digester, mut order) = (Digester::new(shipped()), DateOrder::default());
    let (mut context, mut summary) = (Context::new(settings), Summary::default());
    for it in scored {
        summary.count(it);
        let digest = digester.digest(it);
        kept.collector.message(it, &digest);
        assert!(order.push(digest).is_none());
    }
    while let Some(digest) = order.pop() {
        context.observe(digest, &mut kept);
    }
    context.finish(&mut kept);
    write_list(kept.campaigns);
    write_list(kept.authors);
    write_list(kept.threads);
    let report = kept.collector.finish(summary, 0, 0);
    let (page, markdown) = (report.html(), report.markdown());
    shown::check_text(&page);
    shown::check_html(&page);
    shown::check_text(&markdown);
    shown::check_markdown(&markdown);
}

fn write_list<T: Row + Clone>(rows: Vec<T>) {
    for format in [ListFormat::Table, ListFormat::Jsonl, ListFormat::Csv] {
        let mut out = Vec::new();
        let mut list =
            Listing::new(&mut out, format, None, Style::default()).expect("memory takes everything");
        rows.iter().cloned().for_each(|row| list.push(row).expect("memory takes everything"));
        list.finish().expect("memory takes everything");
        let text = text(out);
        match format {
            ListFormat::Table => shown::check_text(&text),
            ListFormat::Jsonl => shown::check_jsonl(&text),
            ListFormat::Csv => shown::check_csv(&text),
        }
    }
}

fn write_labels(scored: &[Scored]) {
    let rows: Vec<_> = scored.iter().map(|it| labels::propose(&it.message, &it.score, "fuzz")).collect();
    let mut out = Vec::new();
    labels::write(&mut out, FileFormat::Csv, &rows).expect("memory takes everything");
    let csv = text(out);
    shown::check_csv(&csv);
    if let Ok(read) = labels::read(&csv) {
        assert_eq!(read.rows.len(), rows.len());
    }
}
