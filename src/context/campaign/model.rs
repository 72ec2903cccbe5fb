//! From features to a probability: a logistic model whose weights anybody can read.

use serde::{Deserialize, Serialize};

use super::{CampaignFeatures, Evaluation, FEATURE_NAMES};
use crate::{ErrorKind, Result, model::sigmoid};

/// A weight by the name of its feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureWeight {
    /// One of [`FEATURE_NAMES`].
    pub name: String,
    /// What a feature at 1 adds to the logit.
    pub weight: f64,
}

/// Weights, threshold, and how often it is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignModel {
    /// Name of the model.
    pub name: String,
    /// Version of the model.
    pub version: String,
    /// True while the weights were set by hand, not trained.
    #[serde(default)]
    pub provisional: bool,
    /// Added to the weighted features.
    pub intercept: f64,
    /// Probability from which on an alarm is raised.
    pub threshold: f64,
    /// False alarms in 20,000 messages where it was measured; none where it was not.
    pub false_alarms_per_20000: Option<f64>,
    /// Weights, one for each feature, in the order of [`FEATURE_NAMES`].
    pub features: Vec<FeatureWeight>,
    /// What it was trained on; none where the weights were set by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<CampaignTraining>,
}

/// What a campaign model was trained on. Shares and rates are of the training half, by cross-validation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignTraining {
    /// Hash of the text model that scored the messages.
    pub text_model: String,
    /// Seed by which campaigns were planted.
    pub seed: u64,
    /// Authored campaigns.
    pub campaigns: u32,
    /// Authored look-alikes.
    pub look_alikes: u32,
    /// Plantings of both.
    pub plantings: u32,
    /// Real messages, none of which is known to belong to a campaign.
    pub messages: u64,
    /// Candidates among the real messages.
    pub candidates: u32,
    /// Corpora of the real messages.
    pub corpora: Vec<String>,
    /// Share of the plantings of campaigns that raise an alarm, `0..=1`.
    pub recall: f64,
    /// The same for look-alikes.
    pub look_alike_alarms: f64,
}

/// The model that is compiled into the library.
static EMBEDDED: &str = include_str!("../../../models/undue-en/campaign.json");

impl CampaignModel {
    /// The model that is compiled in.
    ///
    /// # Errors
    /// Only if the program file itself is damaged.
    pub fn embedded() -> Result<Self> {
        Self::from_json(EMBEDDED)
    }

    /// Reads a model.
    ///
    /// # Errors
    /// [`ErrorKind::Model`], if `text` is no such JSON, a feature is missing, unknown or out of order, or a number is
    /// out of its range.
    pub fn from_json(text: &str) -> Result<Self> {
        let model: Self = serde_json::from_str(text)
            .map_err(|err| ErrorKind::Model(format!("not a campaign model: {err}")))?;
        let names = model.features.iter().map(|feature| feature.name.as_str());
        if !names.eq(FEATURE_NAMES) {
            let wanted = FEATURE_NAMES.join(", ");
            return Err(ErrorKind::Model(format!("the features must be, in this order, {wanted}")).into());
        }
        if !(model.threshold > 0.0 && model.threshold < 1.0) {
            return Err(ErrorKind::Model("the threshold must lie between 0 and 1".into()).into());
        }
        Ok(model)
    }

    /// The model as JSON, a line for each feature's field; [`CampaignModel::from_json`] gives back an equal model.
    ///
    /// # Errors
    /// If a number is not finite.
    pub fn to_json(&self) -> Result<String> {
        let numbers =
            self.features.iter().map(|feature| feature.weight).chain([self.intercept, self.threshold]);
        if !numbers.into_iter().all(f64::is_finite) {
            return Err(ErrorKind::Model("a weight is not a finite number".into()).into());
        }
        let text = serde_json::to_string_pretty(self).map_err(|err| ErrorKind::Model(err.to_string()))?;
        Ok(text + "\n")
    }

    /// The probability that a reader would call messages with these features a campaign.
    pub fn probability(&self, features: &CampaignFeatures) -> f64 {
        let terms = self.features.iter().zip(features.values());
        sigmoid(self.intercept + terms.map(|(feature, value)| feature.weight * value).sum::<f64>())
    }

    /// The probability of a candidate as it was: 0 if it could not be a campaign.
    pub fn judge(&self, evaluation: &Evaluation) -> f64 {
        if evaluation.eligible { self.probability(&evaluation.features) } else { 0.0 }
    }

    /// The first point of a trajectory that reaches the threshold: when this model would have raised the alarm.
    pub fn alarm<'e>(&self, trajectory: &'e [Evaluation]) -> Option<&'e Evaluation> {
        trajectory.iter().find(|evaluation| self.judge(evaluation) >= self.threshold)
    }

    /// What each feature adds to the logit, the strongest first; equal ones in the order of the features.
    pub fn contributions(&self, features: &CampaignFeatures) -> Vec<(&'static str, f64)> {
        let weights = self.features.iter().map(|feature| feature.weight);
        let values = weights.zip(features.values()).map(|(weight, value)| weight * value);
        let mut all: Vec<_> = FEATURE_NAMES.into_iter().zip(values).collect();
        all.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        all
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::context::campaign::FEATURES;

    #[test]
    fn the_embedded_model_is_whole_and_comes_back() {
        let model = CampaignModel::embedded().unwrap();
        assert_eq!(CampaignModel::from_json(&model.to_json().unwrap()).unwrap(), model);
        let nothing = CampaignFeatures::default();
        assert!(model.probability(&nothing) < model.threshold / 10.0);
    }

    #[test]
    fn the_probability_is_the_sum_of_the_contributions() {
        let model = CampaignModel::embedded().unwrap();
        let features = CampaignFeatures::new(std::array::from_fn(|i| i as f64 / FEATURES as f64));
        let sum: f64 = model.contributions(&features).iter().map(|(_, value)| value).sum();
        assert!((model.probability(&features) - sigmoid(model.intercept + sum)).abs() < 1e-12);
    }

    #[test]
    fn the_alarm_is_the_first_point_at_the_threshold_that_may_be_a_campaign() {
        let model = CampaignModel::embedded().unwrap();
        let point = |at, eligible, value| Evaluation {
            message: "x".into(),
            at,
            messages: 2,
            eligible,
            features: CampaignFeatures::new([value; FEATURES]),
            probability: 0.0,
        };
        let trajectory =
            [point(1, true, 0.0), point(2, false, 1.0), point(3, true, 1.0), point(4, true, 1.0)];
        assert_eq!(model.alarm(&trajectory).map(|it| it.at), Some(3));
        assert_eq!(model.alarm(&trajectory[..2]), None);
    }

    #[test]
    fn other_features_are_refused() {
        let model = CampaignModel::embedded().unwrap();
        let mut missing = model.clone();
        missing.features.pop();
        let mut renamed = model.clone();
        renamed.features[0].name = "luck".into();
        let sure = CampaignModel { threshold: 1.0, ..model };
        for model in [missing, renamed, sure] {
            assert!(CampaignModel::from_json(&model.to_json().unwrap()).is_err());
        }
    }
}
