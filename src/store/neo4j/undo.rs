//! What a writer that was broken off left behind is taken away by the next one, before it begins. No view ever saw it.
//!
//! What people look at of what was there before is changed only once a change is finished (`later`), so that there is
//! nothing to restore of it. Each step is a transaction of who writes now, takes away what it finds, and may be broken
//! off and done again.

use neo4rs::{BoltType, Query, Row};

use super::batch::{Load, Sender, map, text};
use super::cells;
use super::driver::Fault;
use super::later;
use super::query;
use super::remote::Point;
use crate::store::StoreError;

/// Brings the server back to the last finished change.
pub(super) fn undo(sender: &Sender<'_>, point: &Point) -> Result<(), StoreError> {
    let now = point.change as i64;
    later::forget(sender, now)?;
    let claims = query!("undo_touched_claims").param("now", now).param("last", point.claims);
    restore(sender, &claims, text!("undo_beaten_claims"), now)?;
    let steps = query!("undo_touched_steps").param("now", now).param("last", point.steps);
    restore(sender, &steps, text!("undo_beaten_steps"), now)?;
    let after = |query: Query| query.param("now", now);
    let statements = [
        query!("undo_claims").param("last", point.claims),
        query!("undo_steps").param("last", point.steps),
        after(query!("undo_facts")),
        after(query!("undo_sheaves")),
        after(query!("undo_named")),
        query!("undo_entities").param("last", point.entities),
        after(query!("undo_source_words")),
        after(query!("undo_vault")),
        query!("undo_sources").param("last", point.sources),
    ];
    statements.iter().try_for_each(|statement| sender.take_away(statement))
}

/// Lets words be beaten as they were before.
fn restore(sender: &Sender<'_>, which: &Query, how: &str, now: i64) -> Result<(), StoreError> {
    sender.rounds(|some| {
        let rows = sender.again(vec![which.clone().param("some", some)])?;
        let before = rows.iter().map(|row| before(row, now)).collect::<Result<Vec<_>, _>>()?;
        let any = !before.is_empty();
        if any {
            sender.again(vec![Load::new(how, before).query()])?;
        }
        Ok(any)
    })
}

/// Since when a word was beaten before the change that was broken off.
fn before(row: &Row, now: i64) -> Result<BoltType, Fault> {
    let (n, versions): (i64, Option<Vec<i64>>) =
        cells::cells(row).map_err(|why| Fault::Other(why.to_string()))?;
    let versions = versions.unwrap_or_default();
    let kept = versions.chunks_exact(2).filter(|pair| pair.first().is_some_and(|change| *change <= now));
    let kept: Vec<i64> = kept.flatten().copied().collect();
    let touched = kept.chunks_exact(2).filter_map(|pair| pair.first()).max().copied();
    let beaten: BoltType = if kept.is_empty() { None::<i64>.into() } else { kept.into() };
    Ok(map([("n", n.into()), ("beaten", beaten), ("change", touched.into())]))
}
