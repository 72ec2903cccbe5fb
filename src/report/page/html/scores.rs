//! How the scores came about: contributions of words, and both models with thresholds and measured rates.

use maud::{Markup, html};

use super::{
    super::{Report, explained::Explained, named, percent, probability},
    Foreign, adds, columns, link, number, scrolling,
};
use crate::context::CampaignModel;

pub(super) fn section(report: &Report<'_>) -> Markup {
    html! {
        p {
            "Each word and pair of words of a message's own text has a weight for each label and level; their sum, "
            "passed through a calibrated logistic function, is the probability. Marked in the messages above is what "
            "adds the most."
        }
        @for it in &report.explained { (explained(report, it)) }
        (text_model(report))
        @if let Some(model) = &report.campaign_model { (campaign_model(model)) }
    }
}

fn explained(report: &Report<'_>, it: &Explained) -> Markup {
    let most = it.words.iter().map(|(_, value)| value.abs()).fold(1e-9, f64::max);
    let output = it.output.name().replace('_', " ");
    html! {
        h3 { bdi { (named(&it.author)) } ", " (link(report, &it.project, &it.id)) }
        table.words {
            caption {
                "Why " (output) " has probability " (probability(it.probability)) " (" (report.measured(it.output))
                "): what adds to its logit"
            }
            (columns(&["Word", "#Adds"]))
            tbody {
                (adds("without any of these words", it.baseline))
                @for (word, value) in &it.words {
                    (adds(html! { code { (Foreign(word, 40)) } (bar(*value / most)) }, *value))
                }
                @if it.rest.0 > 0 { (adds(format!("{} weaker words together", it.rest.0), it.rest.1)) }
                (adds("sum", it.logit))
            }
        }
    }
}

/// From -1 to 1, to the left or right of a line; the number stands beside it.
fn bar(share: f64) -> Markup {
    let width = 60.0 * share.abs();
    let x = if share < 0.0 { 60.0 - width } else { 60.0 };
    let class = if share < 0.0 { "bar" } else { "press" };
    html! {
        svg.adds viewBox="0 0 120 10" aria-hidden="true" {
            rect class=(class) x=(format!("{x:.1}")) y="1" width=(format!("{width:.1}")) height="8" {}
            path.axis d="M60 0v10" {}
        }
    }
}

fn text_model(report: &Report<'_>) -> Markup {
    let model = report.model.metadata();
    html! {
        h3 id="text-model" { "The text model" }
        p {
            code { (model.name) } " " (model.version) ", language " code { (model.language) } ", SHA-256 "
            code { (report.model.hash()) }
        }
        (scrolling("Thresholds", html! { table {
            caption {
                "Thresholds with what was measured at them, on messages that the model had not seen: false alarms are "
                "the share of ordinary messages that reach it, recall is the share of labelled messages that do"
            }
            (columns(&["Output", "#Threshold", "#False alarms", "#Recall"]))
            tbody { @for output in &model.outputs { tr {
                th scope="row" { (output.name.replace('_', " ")) }
                (number(format!("{:.4}", output.threshold)))
                (number(percent(output.false_alarm_rate, 2))) (number(percent(output.recall, 1)))
            } } }
        } }))
    }
}

fn campaign_model(model: &CampaignModel) -> Markup {
    let measured = match model.false_alarms_per_20000 {
        Some(rate) => format!("{rate:.2} false alarms in 20,000 messages where it was measured"),
        None => "its false-alarm rate was not measured yet".to_owned(),
    };
    html! {
        h3 id="campaign-model" { "The campaign model" }
        p {
            code { (model.name) } " " (model.version) ", threshold " (model.threshold) "; " (measured) "."
            @if model.provisional { " Its weights were set by hand." }
            " In all texts and tables here, strengths are probabilities re-based so that the threshold of the text "
            "model is at one half."
        }
        details {
            summary { "Its weights" }
            table {
                caption { "What each feature adds to the logit where it is 1" }
                (columns(&["Feature", "#Weight"]))
                tbody {
                    (adds("nothing known", model.intercept))
                    @for feature in &model.features { (adds(feature.name.replace('_', " "), feature.weight)) }
                }
            }
        }
    }
}
