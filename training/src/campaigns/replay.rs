//! One archive in date order, as it would have been seen: when an alarm first stands, and what it says from day to day.
//! For a figure at the very end; nothing is ever tuned on it.

use std::fmt::Write as _;

use undue::{
    context::{Campaign, CampaignModel, Digest, Settings, campaigns},
    report::one_line,
};

use super::report::day;

/// What an alarm says on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Date of the message behind which it says so, in seconds since 1970.
    pub at: i64,
    /// Probability at that point.
    pub probability: f64,
    /// Who presses.
    pub actors: Vec<String>,
    /// For whom, and why it is thought so.
    pub beneficiary: Option<String>,
    /// Names of its signals.
    pub signals: Vec<&'static str>,
}

/// An alarm from its first day on.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// Id of its first message.
    pub first: String,
    /// Dates of its first and last message.
    pub dates: (i64, i64),
    /// What it says behind each message from the alarm on.
    pub states: Vec<State>,
}

/// All alarms of an archive under the context's defaults. Each state is found by reading the archive up to that point
/// and no further.
pub fn replay(digests: &[Digest], model: &CampaignModel) -> Vec<Alarm> {
    let read = |digests: Vec<Digest>| {
        campaigns(digests, Settings { model: Some(model.clone()), ..Settings::default() })
    };
    let up_to =
        |at: i64| read(digests.iter().filter(|it| it.at().is_some_and(|it| it <= at)).cloned().collect());
    let all = read(digests.to_vec()).into_iter();
    let raised = all.filter_map(|campaign| Some((campaign.alarm.clone()?, campaign)));
    let mut alarms: Vec<Alarm> = raised
        .map(|(alarm, campaign)| {
            let behind = campaign.trajectory.iter().filter(|point| point.at >= alarm.at);
            let mut dates: Vec<i64> = behind.map(|point| point.at).collect();
            dates.dedup();
            let state =
                |at: i64| up_to(at).iter().find(|it| shares_message(it, &campaign)).map(|it| state(it, at));
            Alarm {
                first: campaign.messages.first().map(|it| it.id.to_string()).unwrap_or_default(),
                dates: (campaign.first, campaign.last),
                states: dates.into_iter().filter_map(state).collect(),
            }
        })
        .collect();
    alarms.sort_by(|a, b| (a.dates, &a.first).cmp(&(b.dates, &b.first)));
    alarms
}

fn shares_message(part: &Campaign, whole: &Campaign) -> bool {
    part.alarm.is_some() && part.messages.iter().any(|own| whole.messages.iter().any(|it| it.id == own.id))
}

fn state(campaign: &Campaign, at: i64) -> State {
    let last = campaign.trajectory.last().map_or(0.0, |point| point.probability);
    let beneficiary = campaign.beneficiary.as_ref();
    State {
        at,
        probability: last,
        actors: campaign.actors.iter().map(|actor| actor.who.shown().to_owned()).collect(),
        beneficiary: beneficiary.map(|(who, why)| format!("{} ({})", who.shown(), why.join("; "))),
        signals: campaign.signals.iter().map(|signal| signal.kind.name()).collect(),
    }
}

/// For people.
pub fn text(alarms: &[Alarm]) -> String {
    let mut out = format!("{} alarms\n", alarms.len());
    for alarm in alarms {
        let (from, to) = (day(alarm.dates.0), day(alarm.dates.1));
        let _ = writeln!(out, "\n{} ({from} to {to})", one_line(&alarm.first));
        for state in &alarm.states {
            let _ = writeln!(
                out,
                "  {}  {:.3}  {}  for {}  [{}]",
                day(state.at),
                state.probability,
                one_line(&state.actors.join(", ")),
                one_line(state.beneficiary.as_deref().unwrap_or("nobody in particular")),
                state.signals.join(", ")
            );
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_names_are_shown_on_one_line() {
        let state = State {
            at: 0,
            probability: 0.5,
            actors: vec!["Ada\nLöv".into(), "Bo\u{1b}[2J".into()],
            beneficiary: None,
            signals: vec!["concession"],
        };
        let alarm = Alarm { first: "1@tarn.example".into(), dates: (0, 86_400), states: vec![state] };
        let text = text(&[alarm]);
        assert!(text.starts_with("1 alarms\n\n1@tarn.example (1970-01-01 to 1970-01-02)\n"), "{text}");
        assert!(text.contains("Ada Löv, Bo\\u{1b}[2J  for nobody in particular  [concession]"), "{text}");
        assert!(replay(&[], &CampaignModel::embedded().unwrap()).is_empty());
    }
}
