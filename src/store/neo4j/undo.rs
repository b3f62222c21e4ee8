//! What a writer that was broken off left behind is taken away by the next one, before it begins. No view ever saw it.

use std::collections::BTreeSet;

use neo4rs::BoltType;

use super::batch::{Load, Sender, Sink, Tied, map, recount, text};
use super::cells;
use super::cells::Unreadable;
use super::query;
use super::remote::{Point, Remote};
use super::schema::repeat;
use crate::model::TieType;
use crate::store::StoreError;

fn ty(code: &str) -> Result<TieType, Unreadable> {
    TieType::from_code(code).ok_or_else(|| Unreadable(format!("unknown word `{code}`")))
}

/// Brings the server back to the last finished change.
pub(super) fn undo(remote: &Remote, sender: &mut Sender<'_>, point: &Point) -> Result<(), StoreError> {
    let (now, last) = (point.change as i64, point.claims);
    let mut ties: BTreeSet<Tied> = BTreeSet::new();
    remote.ask(query!("undo_ties").param("last", last), |row| {
        let (tie, from, to, code): (i64, i64, i64, &str) = cells::cells(row)?;
        ties.insert((ty(code)?, tie, from, to));
        Ok(())
    })?;
    let mut claims: Vec<BoltType> = Vec::new();
    remote.ask(query!("undo_touched_claims").param("now", now).param("last", last), |row| {
        let (n, versions, tie, from, to, code): (i64, Vec<i64>, i64, i64, i64, &str) = cells::cells(row)?;
        ties.insert((ty(code)?, tie, from, to));
        claims.push(before(n, &versions, now));
        Ok(())
    })?;
    let mut steps: Vec<BoltType> = Vec::new();
    let touched = query!("undo_touched_steps").param("now", now).param("last", point.steps);
    remote.ask(touched, |row| {
        let (n, versions): (i64, Vec<i64>) = cells::cells(row)?;
        steps.push(before(n, &versions, now));
        Ok(())
    })?;
    repeat(remote, &query!("undo_claims").param("last", last))?;
    repeat(remote, &query!("undo_steps").param("last", point.steps))?;
    repeat(remote, &query!("undo_facts").param("now", now))?;
    repeat(remote, &query!("undo_named").param("now", now))?;
    repeat(remote, &query!("undo_entities").param("last", point.entities))?;
    repeat(remote, &query!("names_orphaned"))?;
    repeat(remote, &query!("undo_source_words").param("now", now))?;
    repeat(remote, &query!("undo_vault").param("now", now))?;
    repeat(remote, &query!("undo_sources").param("now", now))?;
    sender.send(vec![Load::new(text!("undo_beaten_claims"), claims)])?;
    sender.send(vec![Load::new(text!("undo_beaten_steps"), steps)])?;
    recount(sender, &ties.into_iter().collect::<Vec<_>>())
}

/// Since when a word was beaten before the change that was broken off.
fn before(n: i64, versions: &[i64], now: i64) -> BoltType {
    let kept = versions.chunks_exact(2).filter(|pair| pair.first().is_some_and(|change| *change <= now));
    let kept: Vec<i64> = kept.flatten().copied().collect();
    let touched = kept.chunks_exact(2).filter_map(|pair| pair.first()).max().copied();
    let beaten: BoltType = if kept.is_empty() { None::<i64>.into() } else { kept.into() };
    map([("n", n.into()), ("beaten", beaten), ("change", touched.into())])
}
