//! The first relations of a store: written without indexes, which are made at the end.
//!
//! Sorting once is several times faster than finding a place for each row. Meanwhile what the
//! indexes would tell is kept in memory as fingerprints: whether a row was seen, and which tie a
//! state is. When that is not enough (a row comes a second time, too many of them) the indexes
//! are made at once and the change goes on as any other.

use std::hash::{BuildHasher, RandomState};

use rusqlite::OptionalExtension;

use super::relation::Place;
use super::rows;
use super::writer::SqliteWriter;
use crate::fingerprints::Fingerprints;
use crate::model::TieType;
use crate::store::StoreError;

/// Rows remembered at most, at 6 bytes each.
const ROWS: usize = 20_000_000;
/// States remembered at most, at 11 bytes each.
const STATES: usize = 5_000_000;

/// What is remembered instead of indexes. Two keys that share their 56 bits cost time only: the
/// indexes are made too early, or a tie is looked at in vain.
#[derive(Default)]
pub(super) struct Fresh {
    keys: RandomState,
    rows: Fingerprints<5, 5>,
    states: Fingerprints<9, 5>,
}

impl SqliteWriter {
    /// Before the first relation of a store: does away with the empty indexes.
    pub(super) fn without_indexes(&mut self) -> Result<(), StoreError> {
        self.run(include_str!("../../../queries/sqlite/drop_claim_row.sql"), [])?;
        self.run(include_str!("../../../queries/sqlite/drop_claim_from.sql"), [])?;
        self.run(include_str!("../../../queries/sqlite/drop_claim_to.sql"), [])?;
        self.fresh = Some(Fresh::default());
        Ok(())
    }

    /// Makes the indexes, if they are not there.
    pub(super) fn settle(&mut self) -> Result<(), StoreError> {
        if self.fresh.take().is_none() {
            return Ok(());
        }
        self.run(include_str!("../../../queries/sqlite/create_claim_row.sql"), [])?;
        self.run(include_str!("../../../queries/sqlite/create_claim_from.sql"), [])?;
        self.run(include_str!("../../../queries/sqlite/create_claim_to.sql"), [])
    }

    /// Whether a row surely comes for the first time. If not, the indexes are there afterwards.
    pub(super) fn is_first(&mut self, row: &str) -> Result<bool, StoreError> {
        let Some(fresh) = &mut self.fresh else { return Ok(false) };
        if fresh.rows.len() < ROWS && fresh.rows.insert(fresh.keys.hash_one(row), 0).is_none() {
            return Ok(true);
        }
        self.settle()?;
        Ok(false)
    }

    /// The tie of a state while there are no indexes: `Some(None)` for one that is new, and then
    /// remembered under the number it will get. `None` when only the indexes can tell; then they are there.
    pub(super) fn fresh_tie(&mut self, place: &Place<'_>) -> Result<Option<Option<i64>>, StoreError> {
        let Some(fresh) = &mut self.fresh else { return Ok(None) };
        let head = &place.head;
        let key = fresh.keys.hash_one((place.from, place.to, head.ty, head.role, head.start, head.other));
        let new = u32::try_from(self.last_claim + 1).ok().filter(|_| fresh.states.len() < STATES);
        match (fresh.states.get(key), new) {
            (None, Some(new)) => {
                fresh.states.insert(key, new.into());
                Ok(Some(None))
            }
            (Some(tie), _) if self.is_tie(tie as i64, place)? => Ok(Some(Some(tie as i64))),
            _ => self.settle().map(|()| None),
        }
    }

    /// Whether this claim is one of a tie at this place.
    fn is_tie(&self, n: i64, place: &Place<'_>) -> Result<bool, StoreError> {
        let mut query = self.statement(include_str!("../../../queries/sqlite/claim_head.sql"))?;
        let head = query.query_row([n], |row| {
            let ty = rows::word(TieType::ALL, row.get(0)?)?;
            let start = rows::date(row, 3)?;
            let texts: (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
            Ok((ty, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?, start, texts))
        });
        let head = head.optional().map_err(|why| self.err(why))?;
        Ok(head.is_some_and(|(ty, from, to, start, (other, role))| {
            (ty, from, to, start) == (place.head.ty, place.from, place.to, place.head.start)
                && other.as_deref() == place.head.other
                && role.as_deref() == place.head.role
        }))
    }
}
