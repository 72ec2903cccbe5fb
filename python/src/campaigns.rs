//! The context over a table: what `undue campaigns` does with archives.

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use undue::{
    Scorer, Threader,
    context::{Campaign, Context, DateOrder, Digester, Observer, Settings},
    model::Model,
    report::{ListFormat, Listing, Style},
};

use crate::table::{Mapping, scored, shown};

/// Campaigns of at least `least` (or the model's threshold), a line of JSON each, as they are closed.
pub(crate) fn find(
    model: &Model,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    mapping: &Mapping,
    settings: Settings,
    least: Option<f64>,
) -> Result<String, String> {
    let threshold = settings.model.as_ref().map_or(1.0, |model| model.threshold);
    let mut told = Told { least: least.unwrap_or(threshold), campaigns: Vec::new() };
    let (mut scorer, mut digester) = (Scorer::new(model), Digester::new(model));
    let (mut order, mut context, mut threader) =
        (DateOrder::default(), Context::new(settings), Threader::new());
    let mut first = 1;
    for batch in batches {
        let batch = batch.map_err(shown)?;
        for mut scored in scored(&mut scorer, mapping.messages(&batch, first).map_err(shown)?) {
            threader.assign(&mut scored.message);
            if let Some(digest) = order.push(digester.digest(&scored)) {
                context.observe(digest, &mut told);
            }
        }
        first += batch.num_rows() as u64;
    }
    while let Some(digest) = order.pop() {
        context.observe(digest, &mut told);
    }
    context.finish(&mut told);
    lines(told.campaigns)
}

fn lines(campaigns: Vec<Campaign>) -> Result<String, String> {
    let mut out = Vec::new();
    let mut listing = Listing::new(&mut out, ListFormat::Jsonl, None, Style::default()).map_err(shown)?;
    campaigns.into_iter().try_for_each(|campaign| listing.push(campaign)).map_err(shown)?;
    listing.finish().map_err(shown)?;
    String::from_utf8(out).map_err(shown)
}

struct Told {
    least: f64,
    campaigns: Vec<Campaign>,
}

impl Observer for Told {
    fn campaign(&mut self, campaign: Campaign) {
        if campaign.probability >= self.least && campaign.probability > 0.0 {
            self.campaigns.push(campaign);
        }
    }
}
