//! A row of the list of campaigns, and what stands beneath it.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Row, day, thread::WireStatement};
use crate::{
    context::{Actor, Campaign, CampaignFeatures, CampaignMessage, FEATURE_NAMES, Pointer, Quote, Signal},
    report::{csv::text, one_line, table::cell, wire::instant, wire::part_name, wire::rounded},
};

/// Messages of the timeline that a table shows.
const SHOWN: usize = 12;

#[derive(Debug, Serialize)]
struct WireCampaign<'c> {
    campaign: &'c str,
    source: &'c str,
    first: String,
    last: String,
    probability: f64,
    alarm: Option<WireAlarm<'c>>,
    actors: Vec<WireActor<'c>>,
    pressed: Vec<&'c str>,
    beneficiary: Option<WireBeneficiary<'c>>,
    messages: Vec<WireMessage<'c>>,
    messages_not_kept: u32,
    signals: Vec<WireSignal<'c>>,
    statements: Vec<WireStatement<'c>>,
    features: WireFeatures,
}

#[derive(Debug, Serialize)]
struct WireAlarm<'c> {
    date: String,
    message: &'c str,
    messages: u32,
}

#[derive(Debug, Serialize)]
struct WireActor<'c> {
    name: &'c str,
    address: &'c str,
    first_seen: String,
    messages: u32,
    messages_before: u32,
    work_before: u32,
    newcomer: f64,
    speaks_for: &'c [String],
    speaks_against: &'c [String],
}

#[derive(Debug, Serialize)]
struct WireBeneficiary<'c> {
    name: &'c str,
    address: &'c str,
    reasons: &'c [String],
}

#[derive(Debug, Serialize)]
struct WireMessage<'c> {
    id: &'c str,
    date: String,
    author: &'c str,
    subject: &'c str,
    ask: &'static str,
    pressure: f64,
    takeover_pressure: f64,
    words: Option<WireQuote<'c>>,
}

#[derive(Debug, Serialize)]
struct WireQuote<'c> {
    part: &'static str,
    start: usize,
    end: usize,
    text: &'c str,
}

#[derive(Debug, Serialize)]
pub(in crate::report) struct WireSignal<'c> {
    pub(in crate::report) signal: &'static str,
    sentence: &'c str,
    evidence: Vec<WirePointer<'c>>,
}

#[derive(Debug, Serialize)]
struct WirePointer<'c> {
    message: &'c str,
    words: Option<WireQuote<'c>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    paths: &'c [Box<str>],
}

#[derive(Debug)]
struct WireFeatures(CampaignFeatures);

impl Serialize for WireFeatures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(FEATURE_NAMES.len()))?;
        for (name, value) in FEATURE_NAMES.iter().zip(self.0.values()) {
            map.serialize_entry(name, &rounded(*value))?;
        }
        map.end()
    }
}

impl<'c> From<&'c Quote> for WireQuote<'c> {
    fn from(quote: &'c Quote) -> Self {
        let (start, end) = (quote.range.start, quote.range.end);
        Self { part: part_name(quote.part), start, end, text: &quote.text }
    }
}

impl<'c> From<&'c Actor> for WireActor<'c> {
    fn from(actor: &'c Actor) -> Self {
        Self {
            name: &actor.who.name,
            address: &actor.who.address,
            first_seen: instant(actor.standing.first_seen),
            messages: actor.messages,
            messages_before: actor.standing.messages,
            work_before: actor.standing.work_total(),
            newcomer: rounded(actor.standing.newness),
            speaks_for: &actor.speaks_for,
            speaks_against: &actor.speaks_against,
        }
    }
}

impl<'c> From<&'c CampaignMessage> for WireMessage<'c> {
    fn from(message: &'c CampaignMessage) -> Self {
        Self {
            id: &message.id,
            date: instant(message.at),
            author: message.author.shown(),
            subject: &message.subject,
            ask: message.ask.name(),
            pressure: rounded(message.pressure),
            takeover_pressure: rounded(message.takeover_pressure),
            words: message.quote.as_ref().map(WireQuote::from),
        }
    }
}

impl<'c> From<&'c Signal> for WireSignal<'c> {
    fn from(signal: &'c Signal) -> Self {
        let pointer = |it: &'c Pointer| WirePointer {
            message: &it.message,
            words: it.quote.as_ref().map(WireQuote::from),
            paths: &it.paths,
        };
        let evidence = signal.evidence.iter().map(pointer).collect();
        Self { signal: signal.kind.name(), sentence: &signal.sentence, evidence }
    }
}

fn names(campaign: &Campaign) -> String {
    campaign.actors.iter().map(|actor| actor.who.shown()).collect::<Vec<_>>().join(", ")
}

fn beneficiary(campaign: &Campaign) -> &str {
    campaign.beneficiary.as_ref().map_or("", |(who, _)| who.shown())
}

impl Row for Campaign {
    const HEADERS: &'static [(&'static str, usize)] = &[
        ("CAMPAIGN", 12),
        ("PROBABILITY", 11),
        ("FROM", 10),
        ("TO", 10),
        ("ALARM", 10),
        ("MESSAGES", 8),
        ("SOURCE", 24),
        ("ACTORS", 60),
    ];
    const COLUMNS: &'static [&'static str] = &[
        "campaign",
        "source",
        "first",
        "last",
        "probability",
        "alarm_date",
        "alarm_message",
        "messages",
        "actors",
        "pressed",
        "beneficiary",
        "signals",
        "sentences",
        "message_ids",
    ];
    const NOUN: &'static str = "campaigns";

    fn rank(&self) -> f64 {
        self.probability
    }

    fn line(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            format!("{:.2}", self.probability),
            day(self.first),
            day(self.last),
            self.alarm.as_ref().map(|alarm| day(alarm.at)).unwrap_or_default(),
            self.messages.len().to_string(),
            cell(&self.project),
            cell(&names(self)),
        ]
    }

    fn details(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.signals.iter().map(|it| format!("  * {}", one_line(&it.sentence))).collect();
        if let Some((who, reasons)) = &self.beneficiary {
            lines.push(format!("  for: {} ({})", one_line(who.shown()), reasons.join("; ")));
        }
        for actor in &self.actors {
            let against = if actor.speaks_against.is_empty() {
                "nothing seen".into()
            } else {
                actor.speaks_against.join(", ")
            };
            let speaks_for = actor.speaks_for.join(", ");
            lines.push(format!(
                "  {}: {speaks_for}; against it speaks: {against}",
                one_line(actor.who.shown())
            ));
        }
        for message in self.messages.iter().take(SHOWN) {
            let words = message.quote.as_ref().map_or("", |quote| &quote.text);
            let words: String = one_line(words).chars().take(72).collect();
            let (day, author) = (day(message.at), one_line(message.author.shown()));
            lines.push(format!(
                "  {day} {author} [{}] \"{words}\" {}",
                message.ask.name(),
                one_line(&message.id)
            ));
        }
        let rest = self.messages.len().saturating_sub(SHOWN) + self.dropped as usize;
        if rest > 0 {
            lines.push(format!("  and {rest} more (--format jsonl)"));
        }
        lines
    }

    fn record(&self) -> Vec<String> {
        let join = |parts: Vec<&str>, by: &str| text(&parts.join(by));
        let alarm = self.alarm.as_ref();
        vec![
            self.id.clone(),
            text(&self.project),
            instant(self.first),
            instant(self.last),
            rounded(self.probability).to_string(),
            alarm.map(|alarm| instant(alarm.at)).unwrap_or_default(),
            alarm.map(|alarm| text(&alarm.message)).unwrap_or_default(),
            self.messages.len().to_string(),
            text(&names(self)),
            join(self.pressed.iter().map(|who| who.shown()).collect(), ", "),
            text(beneficiary(self)),
            join(self.signals.iter().map(|signal| signal.kind.name()).collect(), " "),
            join(self.signals.iter().map(|signal| signal.sentence.as_str()).collect(), " "),
            join(self.messages.iter().map(|message| &*message.id).collect(), " "),
        ]
    }

    fn json(&self) -> impl Serialize {
        WireCampaign {
            campaign: &self.id,
            source: &self.project,
            first: instant(self.first),
            last: instant(self.last),
            probability: rounded(self.probability),
            alarm: self.alarm.as_ref().map(|alarm| WireAlarm {
                date: instant(alarm.at),
                message: &alarm.message,
                messages: alarm.messages,
            }),
            actors: self.actors.iter().map(WireActor::from).collect(),
            pressed: self.pressed.iter().map(|who| who.shown()).collect(),
            beneficiary: self.beneficiary.as_ref().map(|(who, reasons)| WireBeneficiary {
                name: &who.name,
                address: &who.address,
                reasons,
            }),
            messages: self.messages.iter().map(WireMessage::from).collect(),
            messages_not_kept: self.dropped,
            signals: self.signals.iter().map(WireSignal::from).collect(),
            statements: self.statements.iter().map(WireStatement::from).collect(),
            features: WireFeatures(self.features),
        }
    }
}
