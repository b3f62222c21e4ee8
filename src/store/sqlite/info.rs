//! What a view holds, in numbers.

use std::collections::{BTreeMap, HashSet};

use rusqlite::Row;

use super::rows;
use super::view::SqliteView;
use super::words::{is_current, is_known};
use crate::model::{Date, Kind, TieType};
use crate::store::{Info, StoreError};

/// Days on which things became known, and things without a day.
#[derive(Default)]
struct Days {
    undated: u64,
    range: Option<(Date, Date)>,
}

impl Days {
    fn add(&mut self, known: Option<Date>) {
        let Some(known) = known else { return self.undated += 1 };
        let (first, last) = self.range.unwrap_or((known, known));
        self.range = Some((first.min(known), last.max(known)));
    }
}

impl SqliteView {
    pub(super) fn count_all(&self, layout: u32) -> Result<Info, StoreError> {
        let shown = self.shown()?;
        let shown = |n: i64| shown.as_ref().is_none_or(|shown| shown.contains(&n));
        let mut days = Days::default();
        self.each_row(include_str!("../../../queries/sqlite/facts_known.sql"), [], |row| {
            self.known_of(row, 1, 2, &mut days).map(drop)
        })?;
        let (claims, ties) = self.count_claims(&shown, &mut days)?;
        Ok(Info {
            layout,
            changes: self.count(include_str!("../../../queries/sqlite/changes.sql"))?,
            digest: self.digest.printed(),
            entities: self.count_entities(&shown)?,
            ties,
            claims,
            sources: crate::store::View::sources(self)?.len() as u64,
            steps: crate::store::View::steps(self, &[])?.len() as u64,
            undated: days.undated,
            known: days.range,
        })
    }

    fn count(&self, sql: &str) -> Result<u64, StoreError> {
        let number = self.statement(sql)?.query_row([], |row| row.get::<_, i64>(0));
        number.map(|number| number as u64).map_err(|why| self.err(why))
    }

    /// Notes the known day of a row that this reader sees; tells whether he does.
    fn known_of(
        &self,
        row: &Row<'_>,
        source: usize,
        known: usize,
        days: &mut Days,
    ) -> Result<bool, StoreError> {
        let read = || Ok((row.get(source)?, rows::date(row, known)?));
        let (source, known) = read().map_err(|why| self.err(why))?;
        if self.is_sealed(source) {
            return Ok(false);
        }
        let shown = is_known(known, self.as_of);
        // What has no day is in no as-of view, but counted there, too: else it would be lost in silence.
        if shown || known.is_none() {
            days.add(known);
        }
        Ok(shown)
    }

    fn count_entities(&self, shown: &dyn Fn(i64) -> bool) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
        self.each_row(include_str!("../../../queries/sqlite/entities.sql"), [], |row| {
            let read = || Ok((row.get(0)?, rows::word(Kind::ALL, row.get(2)?)?));
            let (n, kind) = read().map_err(|why| self.err(why))?;
            if shown(n) {
                *kinds.entry(kind.code().to_owned()).or_default() += 1;
            }
            Ok(())
        })?;
        Ok(kinds)
    }

    /// Claims, superseded ones included, and ties a type.
    fn count_claims(
        &self,
        shown: &dyn Fn(i64) -> bool,
        days: &mut Days,
    ) -> Result<(u64, BTreeMap<String, u64>), StoreError> {
        let mut claims = 0;
        let mut types: BTreeMap<String, u64> = BTreeMap::new();
        let mut counted = HashSet::new();
        self.each_row(include_str!("../../../queries/sqlite/claims_counted.sql"), [], |row| {
            let read =
                || Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, rows::date(row, 6)?, row.get(7)?));
            let (tie, ty, from, to, known, beaten): (i64, i64, i64, i64, _, _) =
                read().map_err(|why| self.err(why))?;
            if !shown(from) || !shown(to) || !self.known_of(row, 5, 6, days)? {
                return Ok(());
            }
            claims += 1;
            if is_current(known, beaten, self.as_of) && counted.insert(tie) {
                let ty = rows::word(TieType::ALL, ty).map_err(|why| self.err(why))?;
                *types.entry(ty.code().to_owned()).or_default() += 1;
            }
            Ok(())
        })?;
        Ok((claims, types))
    }
}
