//! The texts of a label file, from the archives.

use std::collections::HashMap;

use undue::{
    Message, Scorer, Threader,
    labels::{LabelRow, Named, margin, name_of, propose},
    model::Model,
    own_words,
    report::{Summary, one_line},
    review::{Entry, Text},
};

use crate::cli::{
    input::Opened,
    notices::{self, Notices},
};

/// Characters of a name in the list of a thread.
const NAME: usize = 24;

/// What the archives hold for a review.
pub(super) struct Loaded {
    /// One for each row.
    pub(super) texts: Vec<Option<Text>>,
    pub(super) threads: Vec<Vec<Entry>>,
    pub(super) summary: Summary,
}

/// Reads the archives once; of messages that no row names only a line is kept, for the list of the thread.
pub(super) fn load(opened: Opened, model: &Model, rows: &[LabelRow]) -> Loaded {
    let mut reading = Reading {
        scorer: Scorer::new(model),
        model,
        proposed_by: name_of(model),
        threader: Threader::new(),
        named: Named::wanting(rows.iter().map(|row| row.id.as_str())),
        numbers: HashMap::new(),
        threads: Vec::new(),
    };
    let (mut summary, mut notices) = (Summary::default(), Notices::new(false));
    let items =
        opened.records.flat_map(|item| item.map_or_else(|err| vec![Err(err)], |record| record.decode()));
    for item in items {
        match item {
            Ok(message) => reading.take(message),
            Err(err) => {
                summary.count_error(&err);
                if let Some(line) = notices.line(&err) {
                    notices::say(&line);
                }
            }
        }
    }
    let texts = rows.iter().map(|row| reading.named.find(&row.source, &row.id).cloned()).collect();
    Loaded { texts, threads: reading.threads, summary }
}

struct Reading<'m> {
    model: &'m Model,
    scorer: Scorer<'m>,
    proposed_by: String,
    threader: Threader,
    named: Named<Text>,
    numbers: HashMap<String, usize>,
    threads: Vec<Vec<Entry>>,
}

impl Reading<'_> {
    fn take(&mut self, mut message: Message) {
        self.threader.assign(&mut message);
        let id = message.thread.clone().unwrap_or_else(|| message.id.clone());
        let next = self.threads.len();
        let thread = *self.numbers.entry(id).or_insert(next);
        if thread == next {
            self.threads.push(Vec::new());
        }
        self.threads[thread].push(entry(&message));
        let Self { named, scorer, model, proposed_by, .. } = self;
        named.offer(&message, || {
            let score = scorer.score(&message);
            Text {
                own: own_words(&message.body),
                proposal: propose(&message, &score, proposed_by),
                margin: margin(model, &score),
                thread,
                message: message.clone(),
            }
        });
    }
}

fn entry(message: &Message) -> Entry {
    let author = &message.author;
    let name = if author.name.is_empty() { &author.address } else { &author.name };
    let name: String = one_line(name).chars().take(NAME).collect();
    let day = message.date.map(|date| date.to_string().chars().take(10).collect::<String>());
    let title = format!("{} {name}", day.unwrap_or_else(|| "no date   ".into()));
    Entry { id: message.id.clone(), title }
}
