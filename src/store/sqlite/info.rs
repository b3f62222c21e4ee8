//! What a view holds, in numbers.
//!
//! Claims are counted in the order of an index that holds all that is asked of them: the claims of one tie
//! stand together there, and none of them is read itself.

use std::collections::BTreeMap;

use rusqlite::Row;

use super::rows;
use super::view::SqliteView;
use super::words::{is_current, is_known};
use crate::model::{Date, Kind, Table, TieType};
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

/// Entities by number, as bits.
#[derive(Default)]
struct Marks(Vec<u64>);

impl Marks {
    /// Marks an entity; nothing where no entity has such a number.
    fn put(&mut self, n: i64) -> Option<()> {
        let n = rows::entity_number(n)? as usize;
        if self.0.len() <= n / 64 {
            self.0.resize(n / 64 + 1, 0);
        }
        self.0.get_mut(n / 64).map(|bits| *bits |= 1 << (n % 64))
    }

    fn both(&self, other: &Self) -> u64 {
        self.0.iter().zip(&other.0).map(|(a, b)| u64::from((a & b).count_ones())).sum()
    }
}

/// What was counted of the claims.
#[derive(Default)]
struct Claims {
    /// Superseded ones included.
    all: u64,
    /// Ties a type, by the type's place.
    ties: [u64; TieType::ALL.len()],
    newest: Option<Date>,
}

impl SqliteView {
    pub(super) fn count_all(&self, layout: u32) -> Result<Info, StoreError> {
        let shown = self.shown()?;
        let shown = |n: i64| shown.as_ref().is_none_or(|shown| shown.contains(&n));
        let (mut days, mut officials) = (Days::default(), Marks::default());
        self.each_row(include_str!("../../../queries/sqlite/facts_counted.sql"), [], |row| {
            let read = || Ok((row.get(0)?, rows::word(Table::ALL, row.get(3)?)?));
            let (entity, table) = read().map_err(|why| self.err(why))?;
            if self.known_of(row, 1, 2, &mut days)? && table == Table::Officials {
                officials.put(entity).ok_or_else(|| self.misnumbered())?;
            }
            Ok(())
        })?;
        let claims = self.count_claims(&shown, &mut days, &mut officials)?;
        let (entities, people) = self.count_entities(&shown)?;
        let steps = crate::store::View::steps(self, &[])?;
        let told = || steps.iter().filter_map(|step| step.fact.known);
        told().for_each(|day| days.add(Some(day)));
        let newest = claims.newest.into_iter().chain(told()).max_by_key(|day| (day.last(), *day));
        let ties = TieType::ALL.iter().zip(claims.ties).filter(|(_, count)| *count > 0);
        Ok(Info {
            layout,
            changes: self.count(include_str!("../../../queries/sqlite/changes.sql"))?,
            digest: self.digest.printed(),
            entities,
            ties: ties.map(|(ty, count)| (ty.code().to_owned(), count)).collect(),
            claims: claims.all,
            sources: crate::store::View::sources(self)?.len() as u64,
            steps: steps.len() as u64,
            undated: days.undated,
            known: days.range,
            officials: officials.both(&people),
            newest,
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

    /// Entities a kind, and which of them are people.
    fn count_entities(
        &self,
        shown: &dyn Fn(i64) -> bool,
    ) -> Result<(BTreeMap<String, u64>, Marks), StoreError> {
        let (mut kinds, mut people) = ([0_u64; Kind::ALL.len()], Marks::default());
        self.each_row(include_str!("../../../queries/sqlite/entities_counted.sql"), [], |row| {
            let read = || Ok((row.get(0)?, rows::word(Kind::ALL, row.get(1)?)?));
            let (n, kind) = read().map_err(|why| self.err(why))?;
            if shown(n) {
                kinds.get_mut(kind as usize).into_iter().for_each(|count| *count += 1);
                if kind == Kind::Person {
                    people.put(n).ok_or_else(|| self.misnumbered())?;
                }
            }
            Ok(())
        })?;
        let kinds = Kind::ALL.iter().zip(kinds).filter(|(_, count)| *count > 0);
        Ok((kinds.map(|(kind, count)| (kind.code().to_owned(), count)).collect(), people))
    }

    /// Counts claims and ties; marks whom a duty makes an official.
    fn count_claims(
        &self,
        shown: &dyn Fn(i64) -> bool,
        days: &mut Days,
        officials: &mut Marks,
    ) -> Result<Claims, StoreError> {
        let (mut claims, mut last) = (Claims::default(), None);
        self.each_row(include_str!("../../../queries/sqlite/claims_counted.sql"), [], |row| {
            let read = || {
                let ty = rows::word(TieType::ALL, row.get(1)?)?;
                Ok((row.get(0)?, ty, row.get(2)?, row.get(3)?, rows::date(row, 6)?, row.get(7)?))
            };
            let (tie, ty, from, to, known, beaten): (i64, TieType, _, _, _, _) =
                read().map_err(|why| self.err(why))?;
            if !shown(from) || !shown(to) || !self.known_of(row, 5, 6, days)? {
                return Ok(());
            }
            claims.all += 1;
            if !is_current(known, beaten, self.as_of) {
                return Ok(());
            }
            claims.newest = claims.newest.into_iter().chain(known).max_by_key(|day| (day.last(), *day));
            if last.replace(tie) != Some(tie) {
                claims.ties.get_mut(ty as usize).into_iter().for_each(|count| *count += 1);
                if ty.makes_official() && from != to {
                    officials.put(from).ok_or_else(|| self.misnumbered())?;
                }
            }
            Ok(())
        })?;
        Ok(claims)
    }
}
