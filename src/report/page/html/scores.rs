//! How the scores came about: contributions of words, and both models with thresholds and measured rates.

use maud::{Markup, html};

use super::{
    super::{Report, explained::Explained, named, probability},
    Foreign, link,
};
use crate::context::CampaignModel;

pub(super) fn section(report: &Report<'_>) -> Markup {
    html! {
        p { "Each word and pair of words of a message's own text has a weight for each label and level; their sum, passed "
            "through a calibrated logistic function, is the probability. Marked in the messages above is what adds the most." }
        @for it in &report.explained { (explained(report, it)) }
        (text_model(report))
        @if let Some(model) = &report.campaign_model { (campaign_model(model)) }
    }
}

fn explained(report: &Report<'_>, it: &Explained) -> Markup {
    let most = it.words.iter().map(|(_, value)| value.abs()).fold(1e-9, f64::max);
    html! {
        h3 { bdi { (named(&it.author)) } ", " (link(report, &it.project, &it.id)) }
        table {
            caption { "Why " (it.output.name().replace('_', " ")) " has probability " (probability(it.probability)) ": what adds to its logit" }
            thead { tr { th scope="col" { "Word" } th.n scope="col" { "Adds" } td { } } }
            tbody {
                tr { th scope="row" { "without any of these words" } td.n { (format!("{:+.2}", it.baseline)) } td { } }
                @for (word, value) in &it.words {
                    tr { th scope="row" { (Foreign(word, 40)) } td.n { (format!("{value:+.2}")) } td { (bar(*value / most)) } }
                }
                @if it.rest.0 > 0 {
                    tr { th scope="row" { (it.rest.0) " weaker words together" } td.n { (format!("{:+.2}", it.rest.1)) } td { } }
                }
                tr { th scope="row" { "sum" } td.n { (format!("{:+.2}", it.logit)) } td { } }
            }
        }
    }
}

/// From -1 to 1, to the left or right of a line; the number stands beside it.
fn bar(share: f64) -> Markup {
    let width = 60.0 * share.abs();
    let x = if share < 0.0 { 60.0 - width } else { 60.0 };
    html! {
        svg.adds viewBox="0 0 120 10" aria-hidden="true" {
            rect class=(if share < 0.0 { "bar" } else { "press" }) x=(format!("{x:.1}")) y="1" width=(format!("{width:.1}")) height="8" {}
            path.axis d="M60 0v10" {}
        }
    }
}

fn text_model(report: &Report<'_>) -> Markup {
    let metadata = report.model.metadata();
    html! {
        h3 id="text-model" { "The text model" }
        p { code { (metadata.name) } " " (metadata.version) ", language " code { (metadata.language) } ", SHA-256 " code { (report.model.hash()) } }
        div.scroll tabindex="0" role="region" aria-label="Thresholds" { table {
            caption { "Thresholds with what was measured at them, on messages that the model had not seen: false alarms are "
                "the share of ordinary messages that reach it, recall is the share of labelled messages that do" }
            thead { tr { th scope="col" { "Output" } th.n scope="col" { "Threshold" } th.n scope="col" { "False alarms" } th.n scope="col" { "Recall" } } }
            tbody { @for output in &metadata.outputs { tr {
                th scope="row" { (output.name.replace('_', " ")) }
                td.n { (format!("{:.4}", output.threshold)) }
                td.n { (format!("{:.2} %", output.false_alarm_rate * 100.0)) }
                td.n { (format!("{:.1} %", output.recall * 100.0)) }
            } } }
        } }
    }
}

fn campaign_model(model: &CampaignModel) -> Markup {
    html! {
        h3 id="campaign-model" { "The campaign model" }
        p {
            code { (model.name) } " " (model.version) ", threshold " (model.threshold) "; "
            @match model.false_alarms_per_20000 {
                Some(rate) => { (format!("{rate:.2}")) " false alarms in 20,000 messages where it was measured." }
                None => { "its false-alarm rate was not measured yet." }
            }
            @if model.provisional { " Its weights were set by hand." }
            " In all texts and tables here, strengths are probabilities re-based so that the threshold of the text model is at one half."
        }
        details {
            summary { "Its weights" }
            table {
                caption { "What each feature adds to the logit where it is 1; without any it is " (format!("{:+.2}", model.intercept)) }
                thead { tr { th scope="col" { "Feature" } th.n scope="col" { "Weight" } } }
                tbody { @for feature in &model.features {
                    tr { th scope="row" { (feature.name.replace('_', " ")) } td.n { (format!("{:+.2}", feature.weight)) } }
                } }
            }
        }
    }
}
