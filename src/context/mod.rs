//! Context: what a careful reader of an archive would know when a message comes, and what messages make together.
//!
//! [`Digester`] reduces scored messages to [`Digest`]s; [`DateOrder`] puts these in date order; [`Context`] takes them
//! one by one, keeps a record of every project, author and thread in bounded memory, groups pressing messages into
//! candidates for campaigns, and tells an [`Observer`] whatever is complete. Nothing here reads or writes files, and
//! everything is the same on every run.
//!
//! | module | what it holds |
//! |---|---|
//! | `digest`, `strengths`, `phrases`, `names`, `work`, `wording` | what is taken from the text of one message |
//! | `touch` | which files of its change deserve a look |
//! | `order`, `aged` | date order and bounded maps |
//! | `stored` | digests between runs |
//! | `identity`, `author`, `thread`, `project` | the records |
//! | `signal` | what to point at, one file for each family |
//! | `campaign` | grouping, features, model, report |

mod aged;
mod author;
mod campaign;
mod digest;
mod identity;
mod names;
mod order;
mod phrases;
mod project;
mod signal;
mod state;
mod stored;
mod strengths;
mod summary;
mod thread;
mod touch;
mod wording;
mod work;

pub use author::Standing;
pub use campaign::{
    Actor, Ask, Campaign, CampaignFeatures, CampaignMessage, CampaignModel, CampaignTraining, Evaluation,
    FEATURE_NAMES, FEATURES, FeatureWeight, MAX_MESSAGES,
};
pub use digest::{Digest, Digester, MAX_QUOTE, Quote, Who};
pub use identity::{IdentityRules, Merge};
pub use order::{CAPACITY, DateOrder};
pub use phrases::Saying;
pub use project::Maintainers;
pub use signal::{Pointer, Signal, SignalKind};
pub use state::Context;
pub use stored::{Restorer, fingerprint};
pub use strengths::Strengths;
pub use summary::{AuthorSummary, Insight, ThreadSummary};
pub use thread::Statement;
pub use work::Work;

/// How the context judges.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Days within which messages may belong to one campaign, 1 to 3650.
    pub window_days: u32,
    /// Who holds control; where empty it is told from roles and from what people do.
    pub maintainers: Maintainers,
    /// Who is who.
    pub identities: IdentityRules,
    /// Makes probabilities of features; candidates all have probability 0 without one.
    pub model: Option<CampaignModel>,
}

impl Default for Settings {
    /// A window of 120 days, no lists, the model that is compiled in.
    fn default() -> Self {
        Self {
            window_days: 120,
            maintainers: Maintainers::default(),
            identities: IdentityRules::default(),
            model: CampaignModel::embedded().ok(),
        }
    }
}

/// Is told what is complete: an author or thread that is forgotten, a candidate that is closed; at the end, the rest.
/// Within one kind the order is the same on every run.
pub trait Observer {
    /// Two addresses were taken for one person.
    fn merge(&mut self, _merge: Merge) {}

    /// A thread.
    fn thread(&mut self, _thread: ThreadSummary) {}

    /// An author in one project.
    fn author(&mut self, _author: AuthorSummary) {}

    /// A candidate, whether it ever raised an alarm or not.
    fn campaign(&mut self, _campaign: Campaign) {}
}

/// All candidates for campaigns among `digests`, which must be in date order: for training and measuring, where a
/// trajectory is judged by many models.
pub fn campaigns(digests: impl IntoIterator<Item = Digest>, settings: Settings) -> Vec<Campaign> {
    #[derive(Default)]
    struct Kept(Vec<Campaign>);
    impl Observer for Kept {
        fn campaign(&mut self, campaign: Campaign) {
            self.0.push(campaign);
        }
    }
    let (mut context, mut kept) = (Context::new(settings), Kept::default());
    for digest in digests {
        context.observe(digest, &mut kept);
    }
    context.finish(&mut kept);
    kept.0
}

#[cfg(test)]
mod test_data;
#[cfg(test)]
mod tests;
