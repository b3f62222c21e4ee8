//! Reading all ties in parts: several threads, each with a view of its own, read a large store once.
//!
//! Claims are read in the order of the file. Nearly all are the only one of their tie and go out at once; the
//! index of ties says first which are not, and those are brought together in parts of their own.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::canon::{Part, Sum};
use super::ties::{Gathered, alone, claim_row};
use super::view::{SqliteView, numbers};
use crate::model::Tie;
use crate::store::{Bits, Passed, StoreError, TieClaims, TiePart};

/// Claims of a part, as a rule.
pub(super) const AT_ONCE: u64 = 100_000;
/// No file has more claims: what is numbered higher is damage, and not a reason to ask for memory.
const MOST: u64 = 1 << 31;
/// Claims of ties that have several are read so many at a time.
const BATCH: usize = 4_096;

impl SqliteView {
    /// Parts of so many claims, and of ties that have several.
    pub(super) fn cut_ties(&self, at_once: u64) -> Result<Vec<TiePart>, StoreError> {
        let joined = self.joined()?;
        let mut several = Bits::default();
        joined.iter().for_each(|&(tie, _)| several.add(tie));
        let several = Arc::new(several);
        let mut parts = batches(&joined);
        let mut last = 0;
        self.each_row(include_str!("../../../queries/sqlite/claim_last.sql"), [], |row| {
            last = row.get::<_, Option<i64>>(0).map_err(|why| self.err(why))?.unwrap_or(0).max(0);
            Ok(())
        })?;
        let last = self.number(last)?;
        let starts = (0..=last).step_by(at_once.max(1) as usize);
        parts.extend(
            starts.map(|start| TiePart(TieClaims::Alone(start..start + at_once, Arc::clone(&several)))),
        );
        Ok(parts)
    }

    /// Every later claim of a tie, as (tie, claim), in order.
    fn joined(&self) -> Result<Vec<(u64, u64)>, StoreError> {
        let mut joined = Vec::new();
        self.each_row(include_str!("../../../queries/sqlite/claims_joined.sql"), [], |row| {
            let read = || Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
            let (tie, claim) = read().map_err(|why| self.err(why))?;
            joined.push((self.number(tie)?, self.number(claim)?));
            Ok(())
        })?;
        joined.sort_unstable();
        Ok(joined)
    }

    /// The number of a claim, or of a tie, which is that of its first claim.
    fn number(&self, number: i64) -> Result<u64, StoreError> {
        let number = u64::try_from(number).ok().filter(|&number| number <= MOST);
        number.ok_or_else(|| self.damaged("a claim's number is out of range"))
    }

    pub(super) fn part_of_ties(
        &self,
        part: &TiePart,
        each: &mut dyn FnMut(Tie),
    ) -> Result<Passed, StoreError> {
        let (range, several) = match &part.0 {
            TieClaims::Alone(range, several) => (range, several),
            TieClaims::Joined(claims) => {
                return self.joined_ties(claims, each);
            }
        };
        let ends = self.known_ends()?;
        let (mut sum, mut left) = (Sum::default(), Sum::default());
        let sql = include_str!("../../../queries/sqlite/claims_in_part.sql");
        self.each_row(sql, [range.start as i64, range.end as i64], |row| {
            let claim = claim_row(row).map_err(|why| self.err(why))?;
            let tie: i64 = row.get(1).map_err(|why| self.err(why))?;
            let summands = self.check_claim(&claim, ends)?;
            sum.add(summands);
            self.check_beaten(&claim)?;
            if u64::try_from(tie).is_ok_and(|tie| several.has(tie)) {
                left.add(summands);
            } else if self.is_shown(&claim) {
                alone(self, claim, ends).into_iter().for_each(&mut *each);
            }
            Ok(())
        })?;
        Ok(Passed { rows: sum.rows, sum: sum.open, left: (left.rows, left.open), twice: 0 })
    }

    /// The ties of some claims, which are all that these ties have.
    fn joined_ties(&self, claims: &[u64], each: &mut dyn FnMut(Tie)) -> Result<Passed, StoreError> {
        let claims: BTreeSet<i64> = claims.iter().map(|&claim| claim as i64).collect();
        let (mut gathered, mut read) = (Gathered::default(), Sum::default());
        let ends = self.known_ends()?;
        let sql = include_str!("../../../queries/sqlite/claims_numbered.sql");
        self.each_row(sql, [numbers(&claims)], |row| {
            let claim = claim_row(row).map_err(|why| self.err(why))?;
            read.add(self.check_claim(&claim, ends)?);
            if self.is_shown(&claim) {
                self.gather(claim, ends, &mut gathered);
            }
            Ok(())
        })?;
        gathered.hand_out(ends, each);
        let left = (read.rows.wrapping_neg(), read.open.wrapping_neg());
        Ok(Passed { left, ..Passed::default() })
    }

    pub(super) fn check_all_passed(&self, all: Passed) -> Result<(), StoreError> {
        if all.twice > 0 {
            return Err(self.damaged("claims of one tie are numbered as if they were of several"));
        }
        if all.left != (0, 0) {
            return Err(self.damaged("claims and their index do not fit"));
        }
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
