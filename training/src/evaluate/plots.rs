//! Precision–recall and reliability diagrams.
//!
//! Works on machines without fonts: in SVG the viewer draws the letters, in PNG our own bitmap backend does.

mod pixels;

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use pixels::Pixels;
use plotters::{coord::Shift, prelude::*};
use undue::model::{Model, Output};

use super::set::EvaluationSet;
use crate::metrics::{Bin, Ranking, average_precision, reliability};

const SIZE: (u32, u32) = (720, 540);

/// Draws both diagrams of every output that has positives, as SVG and PNG, into `dir`.
///
/// # Errors
/// If the folder or a file cannot be written.
pub fn draw(model: &Model, set: &EvaluationSet, dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
    let mut paths = Vec::new();
    for output in Output::all() {
        let ranking = set.ranking(output, &set.main, |i| set.probability(output, i));
        if !ranking.messages().iter().any(|message| message.positive) {
            continue;
        }
        let title = format!("{output} ({})", set.name);
        let stem = format!("{}-{}", set.name, output.name());
        let curve = Curve::new(&title, &ranking, model.facts(output).threshold);
        let bins = reliability(&ranking, &ranking.ones(), true);
        let path = |kind: &str, ending: &str| dir.join(format!("{stem}-{kind}.{ending}"));
        let (svg, png) = (path("precision-recall", "svg"), path("precision-recall", "png"));
        both(&svg, &png, |area| curve.draw(area), |area| curve.draw(area))?;
        paths.extend([svg, png]);
        let (svg, png) = (path("reliability", "svg"), path("reliability", "png"));
        both(&svg, &png, |area| draw_bins(area, &title, &bins), |area| draw_bins(area, &title, &bins))?;
        paths.extend([svg, png]);
    }
    Ok(paths)
}

type Area<B> = DrawingArea<B, Shift>;

/// Draws the same on both backends.
fn both(
    svg: &Path,
    png: &Path,
    on_svg: impl Fn(&Area<SVGBackend<'_>>) -> anyhow::Result<()>,
    on_png: impl Fn(&Area<Pixels<'_>>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let area = SVGBackend::new(svg, SIZE).into_drawing_area();
    on_svg(&area).with_context(|| svg.display().to_string())?;
    let area = Pixels::new(png, SIZE).into_drawing_area();
    on_png(&area).with_context(|| png.display().to_string())
}

/// What a precision–recall diagram shows.
struct Curve {
    title: String,
    points: Vec<(f64, f64)>,
    share: f64,
    shipped: (f64, f64),
}

impl Curve {
    fn new(title: &str, ranking: &Ranking, threshold: f64) -> Self {
        let scores: Vec<f64> = ranking.messages().iter().map(|message| message.score).collect();
        let positives: Vec<bool> = ranking.messages().iter().map(|message| message.positive).collect();
        let share = positives.iter().filter(|positive| **positive).count() as f64 / positives.len() as f64;
        let (precision, recall) = ranking.precision_and_recall(&ranking.ones(), threshold);
        Self {
            title: format!("{title}: average precision {:.3}", average_precision(&scores, &positives)),
            points: ranking.curve().into_iter().map(|(precision, recall)| (recall, precision)).collect(),
            share,
            shipped: (recall, precision),
        }
    }

    fn draw<B: DrawingBackend>(&self, area: &Area<B>) -> anyhow::Result<()> {
        let mut chart = chart(area, &self.title, "recall", "precision")?;
        let share = [(0.0, self.share), (1.0, self.share)];
        chart.draw_series(LineSeries::new(share, BLACK.mix(0.4))).map_err(failed)?;
        chart
            .draw_series(LineSeries::new(self.points.iter().copied(), BLUE.stroke_width(2)))
            .map_err(failed)?;
        if self.shipped.1.is_finite() {
            chart.draw_series([Circle::new(self.shipped, 5, RED.filled())]).map_err(failed)?;
        }
        area.present().map_err(failed)
    }
}

fn draw_bins<B: DrawingBackend>(area: &Area<B>, title: &str, bins: &[Bin]) -> anyhow::Result<()> {
    let title = format!("{title}: reliability");
    let mut chart = chart(area, &title, "mean probability", "share of positives")?;
    chart.draw_series(LineSeries::new([(0.0, 0.0), (1.0, 1.0)], BLACK.mix(0.4))).map_err(failed)?;
    let filled = bins.iter().filter(|bin| bin.weight > 0.0);
    let points: Vec<(f64, f64)> =
        filled.map(|bin| (bin.predicted / bin.weight, bin.positive / bin.weight)).collect();
    chart.draw_series(LineSeries::new(points.iter().copied(), BLUE.stroke_width(2))).map_err(failed)?;
    chart.draw_series(points.iter().map(|&point| Circle::new(point, 4, BLUE.filled()))).map_err(failed)?;
    area.present().map_err(failed)
}

type Chart<'a, B> = ChartContext<
    'a,
    B,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

fn chart<'a, B: DrawingBackend>(
    area: &'a Area<B>,
    title: &str,
    x: &str,
    y: &str,
) -> anyhow::Result<Chart<'a, B>> {
    area.fill(&WHITE).map_err(failed)?;
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 18))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..1.0, 0.0..1.0)
        .map_err(failed)?;
    let mut mesh = chart.configure_mesh();
    mesh.x_desc(x).y_desc(y).label_style(("sans-serif", 14)).light_line_style(WHITE);
    mesh.draw().map_err(failed)?;
    Ok(chart)
}

fn failed<E: std::error::Error + Send + Sync>(err: DrawingAreaErrorKind<E>) -> anyhow::Error {
    anyhow!("drawing: {err}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use undue::model::OUTPUTS;

    use super::*;
    use crate::example::read_authored_file;

    #[test]
    fn diagrams_are_drawn_without_fonts() {
        let dir = tempfile::tempdir().unwrap();
        let lines = [
            r#"{"id":"x/1","theme":"x","text":"Hurry.","level":2,"labels":["urgency"],"evidence":{}}"#,
            r#"{"id":"x/2","theme":"x","text":"Thanks.","level":0,"labels":[],"evidence":{}}"#,
        ];
        let path = dir.path().join("few.jsonl");
        std::fs::write(&path, lines.join("\n")).unwrap();
        let probabilities = vec![[0.9; OUTPUTS], [0.2; OUTPUTS]];
        let set = EvaluationSet::alike("few", read_authored_file(&path).unwrap(), probabilities);
        let paths = draw(&Model::embedded().unwrap(), &set, dir.path()).unwrap();
        // Of urgency, request and pressure; the other outputs have no positive.
        assert_eq!(paths.len(), 3 * 4);
        let svg = std::fs::read_to_string(dir.path().join("few-pressure-precision-recall.svg")).unwrap();
        assert!(svg.contains("average precision 1.000") && svg.contains("recall"), "{svg}");
        let png = std::fs::read(dir.path().join("few-pressure-reliability.png")).unwrap();
        assert_eq!(&png[1..4], b"PNG");
    }
}
