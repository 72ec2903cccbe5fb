//! What the field says: a verdict for mail rules, and the numbers behind it.

use std::fmt;

use crate::{
    Label, Level, Score,
    model::{Model, Output},
};

/// Name of the header field.
pub const FIELD: &str = "X-Undue-Status";

/// From this share of a threshold on, a message that does not reach it is not plainly below it either.
pub const UNSURE_SHARE: f64 = 0.5;

/// Longer parts of a model's name are cut.
const MAX_NAME: usize = 40;
/// Digits of the model's hash that are shown.
const HASH_DIGITS: usize = 8;

/// What a mail rule goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Level 2 or more: the model's threshold for `pressure` is reached.
    Yes,
    /// All was judged, and neither `pressure` nor `takeover_pressure` reaches [`UNSURE_SHARE`] of its threshold.
    No,
    /// Anything else: near a threshold, or not judged in full.
    Unsure,
}

impl Verdict {
    /// The first word of the field's value.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::No => "No",
            Self::Unsure => "Unsure",
        }
    }
}

/// Why a message was not judged, or not in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is longer than the limit: its beginning was judged.
    Size,
    /// Judging took longer than it may.
    Time,
    /// It is in another language than the model's.
    Language,
    /// More messages wait than may.
    Busy,
    /// A defect of this program.
    Error,
}

impl Reason {
    /// The word behind `reason=`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Time => "time",
            Self::Language => "language",
            Self::Busy => "busy",
            Self::Error => "error",
        }
    }
}

/// Name, version and hash of a model, in characters that may stand in a header field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelTag(String);

impl ModelTag {
    /// That of `model`. A model file may come from anywhere; its name is not trusted.
    pub fn new(model: &Model) -> Self {
        let metadata = model.metadata();
        let hash: String = model.hash().chars().take(HASH_DIGITS).collect();
        Self([metadata.name.as_str(), metadata.version.as_str(), &hash].map(plain).join("/"))
    }

    /// Of a model that is not loaded yet.
    pub fn unknown() -> Self {
        Self("unknown".to_owned())
    }

    /// `name/version/hash`, letters, digits, dots, dashes and underscores.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn plain(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
    text.chars().take(MAX_NAME).map(plain).collect()
}

/// What the model says, where it says anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// As in [`Score::level`].
    pub level: Level,
    /// Probability of level 2 or more, `0..=1`.
    pub pressure: f64,
    /// Probability of level 3, `0..=1`.
    pub takeover: f64,
    /// Labels whose threshold is reached.
    pub labels: Vec<Label>,
}

/// Verdict, numbers and reason; displays as the value of the field.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// For rules.
    pub verdict: Verdict,
    /// None where nothing was judged.
    pub numbers: Option<Numbers>,
    /// Why not, or not in full.
    pub reason: Option<Reason>,
    /// Which model judged.
    pub model: ModelTag,
}

impl Status {
    /// Of a message that got `score` from `model`; `truncated` says that only its beginning was judged.
    pub fn new(score: &Score, model: &Model, tag: &ModelTag, truncated: bool) -> Self {
        if !score.is_judged {
            return Self::unsure(Reason::Language, tag);
        }
        let near = |output: Output| score.probability(output) >= UNSURE_SHARE * model.facts(output).threshold;
        let verdict = match score.level {
            Level::Pressure | Level::TakeoverPressure => Verdict::Yes,
            _ if truncated || near(Output::PRESSURE) || near(Output::TAKEOVER_PRESSURE) => Verdict::Unsure,
            _ => Verdict::No,
        };
        let numbers = Numbers {
            level: score.level,
            pressure: score.probability(Output::PRESSURE),
            takeover: score.probability(Output::TAKEOVER_PRESSURE),
            labels: score.labels.clone(),
        };
        let reason = truncated.then_some(Reason::Size);
        Self { verdict, numbers: Some(numbers), reason, model: tag.clone() }
    }

    /// Of a message that was not judged.
    pub fn unsure(reason: Reason, tag: &ModelTag) -> Self {
        Self { verdict: Verdict::Unsure, numbers: None, reason: Some(reason), model: tag.clone() }
    }

    /// The field with its line end.
    pub fn field(&self, line_end: &str) -> String {
        format!("{FIELD}: {self}{line_end}")
    }
}

impl fmt::Display for Status {
    /// One line of fixed words, numbers and the model's tag: nothing that a sender wrote gets into it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verdict.name())?;
        if let Some(Numbers { level, pressure, takeover, labels }) = &self.numbers {
            write!(f, ", level={level}, pressure={pressure:.4}, takeover={takeover:.4}, tests=")?;
            let names: Vec<_> = labels.iter().map(|label| label.name()).collect();
            f.write_str(if names.is_empty() { "none" } else { "" })?;
            f.write_str(&names.join(","))?;
        }
        if let Some(reason) = self.reason {
            write!(f, ", reason={}", reason.name())?;
        }
        write!(f, ", model={}", self.model.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag() -> ModelTag {
        ModelTag::new(&Model::embedded().unwrap())
    }

    fn score(pressure: f64, takeover: f64, level: Level) -> Score {
        let mut probabilities = [0.0; crate::model::OUTPUTS];
        probabilities[Output::PRESSURE.index()] = pressure;
        probabilities[Output::TAKEOVER_PRESSURE.index()] = takeover;
        Score { level, probabilities, labels: Vec::new(), evidence: Vec::new(), is_judged: true }
    }

    #[test]
    fn verdicts_follow_the_model_s_thresholds() {
        let model = Model::embedded().unwrap();
        let pressure = model.facts(Output::PRESSURE).threshold;
        let takeover = model.facts(Output::TAKEOVER_PRESSURE).threshold;
        for (score, truncated, verdict) in [
            (score(pressure, 0.0, Level::Pressure), false, Verdict::Yes),
            (score(pressure, 0.0, Level::Pressure), true, Verdict::Yes),
            (score(0.0, takeover, Level::TakeoverPressure), false, Verdict::Yes),
            (score(pressure * 0.5, 0.0, Level::Request), false, Verdict::Unsure),
            (score(0.0, takeover * 0.5, Level::Ordinary), false, Verdict::Unsure),
            (score(pressure * 0.49, takeover * 0.49, Level::Request), false, Verdict::No),
            (score(0.0, 0.0, Level::Ordinary), true, Verdict::Unsure),
            (Score { is_judged: false, ..score(1.0, 1.0, Level::Ordinary) }, false, Verdict::Unsure),
        ] {
            let status = Status::new(&score, &model, &tag(), truncated);
            assert_eq!(status.verdict, verdict, "{score:?}");
        }
    }

    #[test]
    fn the_value_is_one_short_line_of_fixed_words() {
        let model = Model::embedded().unwrap();
        let mut score = score(1.0, 0.00004, Level::Pressure);
        let status = Status::new(&score, &model, &tag(), true);
        let expected =
            "Yes, level=2, pressure=1.0000, takeover=0.0000, tests=none, reason=size, model=undue-en/";
        assert!(status.to_string().starts_with(expected), "{status}");
        score.labels = Label::ALL.to_vec();
        let field = Status::new(&score, &model, &tag(), false).field("\r\n");
        assert!(field.contains("tests=takeover,bypass,"), "{field}");
        assert!(field.len() < 300 && field.trim_end().bytes().all(|b| (b' '..=b'~').contains(&b)), "{field}");
        let status = Status::unsure(Reason::Time, &tag()).to_string();
        assert!(status.starts_with("Unsure, reason=time, model="), "{status}");
    }

    #[test]
    fn a_model_s_name_cannot_split_the_field() {
        assert_eq!(plain("a\r\nX-Spam: no, b=c"), "a__X-Spam__no__b_c");
        assert_eq!(plain(&"\u{e9}".repeat(100)), "_".repeat(MAX_NAME));
    }
}
