//! Campaigns: pressing messages by one or more people who press the same people for the same thing within a window.
//!
//! - `record.rs` holds what is known of a candidate, `keep.rs` says what of it is kept; `grouping.rs` says which
//!   message joins which.
//! - `features.rs` makes numbers of it, each with a name and a range; `model.rs` makes a probability of these.
//! - `report.rs` is what is told of a campaign: timeline, actors, signals, and who would benefit.

mod beneficiary;
mod features;
mod grouping;
mod keep;
mod model;
mod record;
mod report;

pub(super) use features::by_actor;
pub use features::{CampaignFeatures, FEATURE_NAMES, FEATURES};
pub(super) use grouping::Grouping;
pub use model::{CampaignModel, CampaignTraining, FeatureWeight};
pub use record::{Evaluation, MAX_MESSAGES};
pub(super) use record::{Press, Record};
pub use report::{Actor, Campaign, CampaignMessage};

use super::strengths::Strengths;
use crate::{Label, model::Output};

/// What a pressing message asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// That something be done: an answer, a merge, a release.
    Attention,
    /// That control pass to somebody or be shared.
    Control,
    /// That something get in with less scrutiny than usual.
    Bypass,
}

impl Ask {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Attention => "attention",
            Self::Control => "control",
            Self::Bypass => "bypass",
        }
    }

    /// What a message of these strengths asks for.
    pub(super) fn of(strengths: &Strengths) -> Self {
        let control = strengths.label(Label::Takeover).max(strengths.of(Output::TAKEOVER_PRESSURE));
        let backs = strengths.label(Label::Endorsement) >= 0.5 && strengths.label(Label::Takeover) >= 0.25;
        let bypass = strengths.label(Label::Bypass);
        match () {
            () if bypass >= 0.5 && strengths.pressing() >= 0.5 && bypass > control => Self::Bypass,
            () if control >= 0.5 || backs => Self::Control,
            () => Self::Attention,
        }
    }
}

#[cfg(test)]
mod tests;
