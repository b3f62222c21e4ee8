//! Reading all ties in parts: several threads, each with a view of its own, read a large store once.
//!
//! Claims are read in the order of the file. Nearly all are the only one of their tie and go out at once; the
//! index of ties says first which are not, and those are brought together in parts of their own.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::canon::{Part, Sum};
use super::ties::{alone, claim_row};
use super::view::{SqliteView, numbers};
use crate::model::Tie;
use crate::store::{Bits, Passed, StoreError, TieClaims, TiePart};

/// Claims of a part.
const AT_ONCE: u64 = 100_000;
/// Claims of ties that have several are read so many at a time.
const BATCH: usize = 4_096;

impl SqliteView {
    pub(super) fn cut_ties(&self) -> Result<Vec<TiePart>, StoreError> {
        let joined = self.joined()?;
        let mut several = Bits::default();
        joined.iter().for_each(|&(tie, _)| several.add(tie));
        let several = Arc::new(several);
        let mut parts = batches(&joined);
        let mut last = 0;
        self.each_row(include_str!("../../../queries/sqlite/claim_last.sql"), [], |row| {
            last = row.get::<_, Option<i64>>(0).map_err(|why| self.err(why))?.unwrap_or(0).max(0) as u64;
            Ok(())
        })?;
        let starts = (0..=last).step_by(AT_ONCE as usize);
        parts.extend(
            starts.map(|start| TiePart(TieClaims::Alone(start..start + AT_ONCE, Arc::clone(&several)))),
        );
        Ok(parts)
    }

    /// Every later claim of a tie, as (tie, claim), in order.
    fn joined(&self) -> Result<Vec<(u64, u64)>, StoreError> {
        let mut joined = Vec::new();
        self.each_row(include_str!("../../../queries/sqlite/claims_joined.sql"), [], |row| {
            let read = || Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
            let (tie, claim) = read().map_err(|why| self.err(why))?;
            let number =
                |n: i64| u64::try_from(n).map_err(|_| self.damaged("a claim's number is out of range"));
            joined.push((number(tie)?, number(claim)?));
            Ok(())
        })?;
        joined.sort_unstable();
        Ok(joined)
    }

    pub(super) fn part_of_ties(
        &self,
        part: &TiePart,
        each: &mut dyn FnMut(Tie),
    ) -> Result<Passed, StoreError> {
        let (range, several) = match &part.0 {
            TieClaims::Alone(range, several) => (range, several),
            TieClaims::Joined(claims) => {
                let claims: BTreeSet<i64> = claims.iter().map(|&claim| claim as i64).collect();
                let sql = include_str!("../../../queries/sqlite/claims_numbered.sql");
                self.ties_from(sql, [numbers(&claims)], |claim| self.is_shown(claim))?
                    .into_iter()
                    .for_each(each);
                return Ok(Passed::default());
            }
        };
        let ends = self.known_ends()?;
        let mut sum = Sum::default();
        let sql = include_str!("../../../queries/sqlite/claims_in_part.sql");
        self.each_row(sql, [range.start as i64, range.end as i64], |row| {
            let claim = claim_row(row).map_err(|why| self.err(why))?;
            let tie: i64 = row.get(1).map_err(|why| self.err(why))?;
            sum.add(self.check_claim(&claim, ends)?);
            self.check_beaten(&claim)?;
            if self.is_shown(&claim) && !u64::try_from(tie).is_ok_and(|tie| several.has(tie)) {
                alone(self, claim, ends).into_iter().for_each(&mut *each);
            }
            Ok(())
        })?;
        Ok(Passed { rows: sum.rows, sum: sum.open })
    }

    pub(super) fn check_all_passed(&self, all: Passed) -> Result<(), StoreError> {
        self.check_part(Part::Claims, Sum { rows: all.rows, open: all.sum, whole: 0 })
    }
}

/// Parts of all claims of some ties each.
fn batches(joined: &[(u64, u64)]) -> Vec<TiePart> {
    let mut parts = Vec::new();
    let mut claims = Vec::new();
    for tie in joined.chunk_by(|a, b| a.0 == b.0) {
        claims.extend(tie.first().map(|(tie, _)| *tie));
        claims.extend(tie.iter().map(|(_, claim)| *claim));
        if claims.len() >= BATCH {
            parts.push(TiePart(TieClaims::Joined(std::mem::take(&mut claims))));
        }
    }
    if !claims.is_empty() {
        parts.push(TiePart(TieClaims::Joined(claims)));
    }
    parts
}
