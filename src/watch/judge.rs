//! The context of all that is known, made as a full run makes it.

use rusqlite::{Row, params};
use rustc_hash::FxHashSet;

use super::{
    State, broken,
    intake::Counts,
    told::{Change, Changed},
};
use crate::{
    Result, Threader, Ties,
    context::{self, Campaign, Context, DateOrder, Restorer, Settings},
};

/// Bytes of a thread's name that are kept; more are never shown.
const MAX_NAME: usize = 512;

/// All campaigns of at least the probability `least`, in the order in which `undue campaigns` lists them.
///
/// The messages are threaded and put in order by date anew, as a full run over the archives would: nothing is left of
/// the order in which runs found them.
///
/// # Errors
/// If the state cannot be read.
pub fn judge(state: &State, counts: &Counts, settings: Settings, least: f64) -> Result<Vec<Campaign>> {
    let (mut context, mut order) = (Context::new(settings), DateOrder::default());
    let (mut threader, mut restorer) = (Threader::new(), Restorer::default());
    let mut kept = Kept { least, campaigns: Vec::new() };
    each_row(state, &counts.order, "ties, digest", |row| {
        let placed = threader.place(&ties(row)?);
        let stored = row.get_ref(2)?.as_blob().map_err(broken)?;
        let digest = restorer.restore(stored, &placed.thread, placed.is_copy)?;
        if let Some(digest) = order.push(digest) {
            context.observe(digest, &mut kept);
        }
        Ok(())
    })?;
    while let Some(digest) = order.pop() {
        context.observe(digest, &mut kept);
    }
    context.finish(&mut kept);
    Ok(kept.campaigns)
}

struct Kept {
    least: f64,
    campaigns: Vec<Campaign>,
}

impl context::Observer for Kept {
    fn campaign(&mut self, campaign: Campaign) {
        if campaign.probability >= self.least && campaign.probability > 0.0 {
            self.campaigns.push(campaign);
        }
    }
}

impl State {
    /// True if messages came since campaigns were last compared with what was told of them.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn needs_judging(&self) -> Result<bool> {
        self.is_unjudged()
    }

    /// Those of `campaigns` that are new or have changed since they were last reported.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn changed(&self, campaigns: Vec<Campaign>) -> Result<Vec<(Campaign, Change)>> {
        let told = self.told()?;
        let changed = Changed::new(told);
        Ok(campaigns.into_iter().filter_map(|it| changed.change(&it).map(|change| (it, change))).collect())
    }
}

/// Calls `each` with the ties of all messages, in the order of a full run.
pub(super) fn each_ties(state: &State, order: &[i64], mut each: impl FnMut(Ties)) -> Result<()> {
    each_row(state, order, "ties", |row| {
        each(ties(row)?);
        Ok(())
    })
}

fn each_row(
    state: &State,
    order: &[i64],
    columns: &str,
    mut each: impl FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    rank(state, order)?;
    let query = format!(
        "SELECT own, {columns} FROM temp.ranks CROSS JOIN messages ON messages.unit = ranks.unit
         WHERE generation = ?1 ORDER BY ranks.rank, place, seq"
    );
    let mut statement = state.db.prepare(&query)?;
    let mut rows = statement.query([state.generation])?;
    while let Some(row) = rows.next()? {
        each(row)?;
    }
    Ok(())
}

/// Numbers the units in the order of a full run; those that are not there come first, as they were found.
fn rank(state: &State, order: &[i64]) -> Result<()> {
    let listed: FxHashSet<i64> = order.iter().copied().collect();
    let past = "DROP TABLE IF EXISTS temp.ranks;
        CREATE TEMP TABLE ranks (rank INTEGER PRIMARY KEY, unit INTEGER NOT NULL);
        INSERT INTO temp.ranks (unit) VALUES (0);
        SAVEPOINT ranking";
    state.db.execute_batch(past)?;
    let mut insert = state.db.prepare("INSERT INTO temp.ranks (unit) VALUES (?1)")?;
    let others = state.units()?.into_iter().map(|unit| unit.unit).filter(|unit| !listed.contains(unit));
    for unit in others.chain(order.iter().copied()) {
        insert.execute(params![unit])?;
    }
    Ok(state.db.execute_batch("RELEASE ranking")?)
}

/// The stored form of ties, but for the key of the id.
pub(super) fn store_ties(ties: &Ties) -> Result<Vec<u8>> {
    let root = &ties.root[..ties.root.floor_char_boundary(MAX_NAME)];
    let wire = (root, ties.is_stated, &ties.ancestors, ties.subject, ties.is_reply);
    serde_json::to_vec(&wire).map_err(broken)
}

fn ties(row: &Row<'_>) -> Result<Ties> {
    let own = row.get::<_, i64>(0)?.cast_unsigned();
    let stored = row.get_ref(1)?.as_blob().map_err(broken)?;
    let wire = serde_json::from_slice(stored).map_err(broken)?;
    let (root, is_stated, ancestors, subject, is_reply) = wire;
    Ok(Ties { own, root, is_stated, ancestors, subject, is_reply })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn ties_come_back_as_they_were() {
        let ties = Ties {
            own: u64::MAX,
            root: "\"é\u{1b}".into(),
            is_stated: false,
            ancestors: Box::new([1, u64::MAX - 3]),
            subject: Some(9),
            is_reply: true,
        };
        let db = rusqlite::Connection::open_in_memory().unwrap();
        let values = params![ties.own.cast_signed(), store_ties(&ties).unwrap()];
        let back = db.query_row("SELECT ?1, ?2", values, |row| Ok(super::ties(row).unwrap())).unwrap();
        assert_eq!(back, ties);
    }
}
