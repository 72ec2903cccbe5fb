//! The campaign model: planting authored campaigns into real archives, fitting, measuring.
//!
//! | module | what it holds |
//! |---|---|
//! | `script` | authored campaigns and look-alikes, as they stand in their files |
//! | `archive` | real messages, scored and digested, in date order |
//! | `split` | halves for training and test, of scripts and of corpora |
//! | `plant` | where a script is planted, and the messages that this makes |
//! | `candidate` | what the context groups together, and whether it is what was planted |
//! | `setup` | all of these together: both halves, ready to fit or to measure |
//! | `fit` | a logistic regression, its calibration, and a threshold for a rate of false alarms |
//! | `measure`, `report` | what a model does on the test half, and on all real messages |
//! | `replay` | one archive of the replay, for the final figure alone |

pub mod archive;
pub mod candidate;
pub mod fit;
pub mod measure;
pub mod plant;
pub mod replay;
pub mod report;
pub mod script;
pub mod setup;
pub mod split;
