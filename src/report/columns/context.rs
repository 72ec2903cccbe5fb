//! What was known when a message came, as a column of records.

use arrow_array::{
    StructArray,
    builder::{BooleanBuilder, Float64Builder, Int64Builder, TimestampMicrosecondBuilder},
};
use arrow_buffer::NullBufferBuilder;

use super::{Named, full, instant, lists::record, sparse};
use crate::{
    context::{Insight, Standing},
    report::wire::rounded,
};

#[derive(Debug)]
pub(super) struct ContextColumn {
    known: NullBufferBuilder,
    first_seen: TimestampMicrosecondBuilder,
    /// Messages, work and pressing messages before.
    before: [Int64Builder; 3],
    newcomer: Float64Builder,
    controls: BooleanBuilder,
    thread_messages: Int64Builder,
    asked_before: Int64Builder,
    /// Answered, conceded, refused.
    replies: [BooleanBuilder; 3],
    campaign: Float64Builder,
}

impl Default for ContextColumn {
    fn default() -> Self {
        Self {
            known: NullBufferBuilder::new(0),
            first_seen: TimestampMicrosecondBuilder::new().with_data_type(instant()),
            before: Default::default(),
            newcomer: Float64Builder::new(),
            controls: BooleanBuilder::new(),
            thread_messages: Int64Builder::new(),
            asked_before: Int64Builder::new(),
            replies: Default::default(),
            campaign: Float64Builder::new(),
        }
    }
}

impl ContextColumn {
    pub(super) fn push(&mut self, insight: Option<&Insight>) {
        self.known.append(insight.is_some());
        let author = insight.and_then(|insight| insight.author.as_ref());
        // Instants that no calendar knows stand for "no date".
        let calendar = |at: i64| jiff::Timestamp::from_second(at).ok().map(jiff::Timestamp::as_microsecond);
        self.first_seen.append_option(author.and_then(|author| calendar(author.first_seen)));
        let before = author.map(|author| [author.messages, Standing::work_total(author), author.pressing]);
        for (i, column) in self.before.iter_mut().enumerate() {
            column.append_option(before.map(|counts| i64::from(counts[i])));
        }
        self.newcomer.append_option(author.map(|author| rounded(author.newness)));
        self.controls.append_option(author.map(|author| author.controls));
        let of = |count: fn(&Insight) -> u32| insight.map_or(0, |insight| i64::from(count(insight)));
        self.thread_messages.append_value(of(|insight| insight.thread_messages));
        self.asked_before.append_value(of(|insight| insight.asked_before));
        let replies = insight.map(|insight| [insight.answered, insight.conceded, insight.refused]);
        for (column, reply) in self.replies.iter_mut().zip(replies.unwrap_or_default()) {
            column.append_value(reply);
        }
        self.campaign.append_option(insight.and_then(|insight| insight.campaign).map(rounded));
    }

    pub(super) fn finish(&mut self) -> StructArray {
        let names = ["messages_before", "work_before", "pressing_before"].into_iter().zip(&mut self.before);
        let before: Vec<Named> = names.map(|(name, column)| sparse(name, column.finish())).collect();
        let names = ["answered", "conceded", "refused"].into_iter().zip(&mut self.replies);
        let replies: Vec<Named> = names.map(|(name, column)| full(name, column.finish())).collect();
        let mut columns = vec![sparse("first_seen", self.first_seen.finish())];
        columns.extend(before);
        columns.push(sparse("newcomer", self.newcomer.finish()));
        columns.push(sparse("controls", self.controls.finish()));
        columns.push(full("thread_messages", self.thread_messages.finish()));
        columns.push(full("asked_before", self.asked_before.finish()));
        columns.extend(replies);
        columns.push(sparse("campaign", self.campaign.finish()));
        record(columns, self.known.finish())
    }
}
