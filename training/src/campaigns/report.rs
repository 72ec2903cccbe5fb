//! What a measurement found, for people and for programs.

use jiff::Timestamp;
use serde::Serialize;
use undue::{context::CampaignModel, report::one_line};

use super::{candidate::Candidate, measure::Plan};
use crate::evaluate::{Figure, json, table::Table};

/// A measurement.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Hash of the text model.
    pub text_model: String,
    /// Name and version of the campaign model.
    pub campaign_model: String,
    /// Its threshold.
    pub threshold: f64,
    /// How it was measured.
    pub plan: Plan,
    /// Campaigns that raised an alarm.
    pub campaigns: Vec<Share>,
    /// Look-alikes that did.
    pub look_alikes: Vec<Share>,
    /// Median number of messages of the script from the second pressing one to the alarm.
    pub delay: Figure,
    /// Real messages, and false alarms in 20,000 of them, by half.
    pub false_alarms: Vec<(String, usize, Figure)>,
    /// The false alarms.
    pub alarms: Vec<Alarm>,
    /// Campaigns of which a planting raised no alarm.
    pub missed: Vec<String>,
    /// Look-alikes of which a planting raised one.
    pub mistaken: Vec<String>,
}

/// Share of plantings that raised an alarm.
#[derive(Debug, Clone, Serialize)]
pub struct Share {
    /// Which plantings.
    pub name: String,
    /// How many there are.
    pub plantings: usize,
    /// Share, with its interval.
    pub alarmed: Figure,
}

/// A real candidate that raised an alarm. None is known to be a campaign, so all count as false.
#[derive(Debug, Clone, Serialize)]
pub struct Alarm {
    /// The corpus.
    pub corpus: String,
    /// List or repository.
    pub project: String,
    /// Id of its first message.
    pub first: String,
    /// Days of its first and last message.
    pub days: [String; 2],
    /// Pressing messages.
    pub messages: usize,
    /// Its highest probability.
    pub probability: f64,
    /// The features that add most at that point, with what they add to the logit.
    pub strongest: Vec<(String, f64)>,
}

/// Features that are told of an alarm.
const TOLD: usize = 4;

impl Alarm {
    /// The alarm that a model raises of a candidate, if it does.
    pub fn of(candidate: &Candidate, model: &CampaignModel) -> Option<Self> {
        model.alarm(&candidate.points)?;
        let peak = candidate.points.iter().max_by(|a, b| model.judge(a).total_cmp(&model.judge(b)))?;
        let told = model.contributions(&peak.features).into_iter().take(TOLD);
        Some(Self {
            corpus: candidate.group.clone(),
            project: one_line(&candidate.project),
            first: one_line(&candidate.id),
            days: [day(candidate.dates.0), day(candidate.dates.1)],
            messages: candidate.messages,
            probability: (model.judge(peak) * 1e4).round() / 1e4,
            strongest: told.map(|(name, value)| (name.to_owned(), (value * 100.0).round() / 100.0)).collect(),
        })
    }
}

/// The day of a date in UTC; `-` where there is none.
pub fn day(at: i64) -> String {
    match Timestamp::from_second(at) {
        Ok(date) if at > i64::from(i32::MIN) => date.strftime("%Y-%m-%d").to_string(),
        _ => "-".to_owned(),
    }
}

impl Report {
    /// Tables for people.
    pub fn tables(&self) -> Vec<Table> {
        let mut all = vec![
            shares("Campaigns that raise an alarm", &self.campaigns),
            shares("Look-alikes that raise an alarm", &self.look_alikes),
            self.rates(),
            self.listed(),
        ];
        all.extend([("Missed campaigns", &self.missed), ("Look-alikes alarmed", &self.mistaken)].map(
            |(title, names)| {
                let rows =
                    names.iter().filter_map(|it| it.split_once(' ')).map(|(a, b)| vec![a.into(), b.into()]);
                Table { rows: rows.collect(), ..Table::new(title, ["name", "plantings"]) }
            },
        ));
        all
    }

    fn rates(&self) -> Table {
        let mut table = Table::new("False alarms in 20,000 real messages", ["corpora", "messages", "rate"]);
        let rows = self.false_alarms.iter();
        table.rows = rows.map(|(name, n, rate)| vec![name.clone(), n.to_string(), number(rate)]).collect();
        table.rows.push(vec!["median delay (messages)".into(), String::new(), number(&self.delay)]);
        table
    }

    fn listed(&self) -> Table {
        let header =
            ["corpus", "project", "first message", "from", "to", "messages", "probability", "adds most"];
        let row = |it: &Alarm| {
            let told: Vec<String> =
                it.strongest.iter().map(|(name, by)| format!("{name} {by:+.1}")).collect();
            let [from, to] = it.days.clone();
            let (n, p) = (it.messages.to_string(), format!("{:.3}", it.probability));
            vec![it.corpus.clone(), it.project.clone(), it.first.clone(), from, to, n, p, told.join(", ")]
        };
        Table { rows: self.alarms.iter().map(row).collect(), ..Table::new("Every false alarm", header) }
    }

    /// JSON.
    ///
    /// # Errors
    /// Never in practice.
    pub fn json(&self) -> anyhow::Result<String> {
        json::to_string(self)
    }
}

fn shares(title: &str, shares: &[Share]) -> Table {
    let row = |it: &Share| {
        let percent =
            |value: Option<f64>| value.map_or("-".into(), |value| format!("{:.0} %", 100.0 * value));
        let Figure(value, low, high) = it.alarmed;
        let interval = format!("[{}, {}]", percent(low), percent(high));
        vec![it.name.clone(), it.plantings.to_string(), percent(value), interval]
    };
    Table {
        rows: shares.iter().map(row).collect(),
        ..Table::new(title, ["which", "plantings", "alarmed", "95 % interval"])
    }
}

fn number(Figure(value, low, high): &Figure) -> String {
    let shown = |value: &Option<f64>| value.map_or("-".into(), |value| format!("{value:.2}"));
    format!("{} [{}, {}]", shown(value), shown(low), shown(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let all =
            Share { name: "all".into(), plantings: 3, alarmed: Figure::new(2.0 / 3.0, Some([0.5, 1.0])) };
        let alarm = Alarm {
            corpus: "c".into(),
            project: "tarn".into(),
            first: "1@tarn.example".into(),
            days: [day(0), day(i64::MIN)],
            messages: 4,
            probability: 0.9,
            strongest: vec![("messages".into(), 1.25)],
        };
        Report {
            text_model: "00".into(),
            campaign_model: "m 1".into(),
            threshold: 0.5,
            plan: Plan { seed: 1, copies: 3, resamples: 9 },
            campaigns: vec![all.clone()],
            look_alikes: vec![all],
            delay: Figure::new(1.0, None),
            false_alarms: vec![("all corpora".into(), 20_000, Figure::new(1.0, Some([0.0, 2.5])))],
            alarms: vec![alarm],
            missed: vec!["a 1/3".into()],
            mistaken: Vec::new(),
        }
    }

    #[test]
    fn tables_tell_shares_rates_and_every_false_alarm() {
        let text: String = report().tables().iter().map(Table::text).collect();
        for part in ["67 %  [50 %, 100 %]", "20000  1.00 [0.00, 2.50]", "1970-01-01", "messages +1.2", "1/3"]
        {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        assert_eq!(day(i64::MIN), "-");
    }

    #[test]
    fn json_has_all_of_it() {
        let json: serde_json::Value = serde_json::from_str(&report().json().unwrap()).unwrap();
        assert_eq!(json["alarms"][0]["first"], "1@tarn.example");
        assert_eq!(json["plan"]["copies"], 3);
    }
}
