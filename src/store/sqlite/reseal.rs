//! When a source becomes protected, or is so no longer: what names it is written anew.
//!
//! The one place where stored rows are changed: who a source is must not stay readable in its
//! earlier words, and open hashes of what it said must not depend on its id.

use rusqlite::Row;

use super::canon::{Canon, FactText, Part, StepText, Summands, Teller};
use super::rows;
use super::ties::claim_row;
use super::writer::SqliteWriter;
use crate::model::{Kind, Source, Table};
use crate::store::StoreError;

/// A row to be hashed anew: its place, its change, its summands before and after.
struct Rehash {
    place: (i64, i64),
    change: u64,
    before: Summands,
    after: Summands,
}

impl SqliteWriter {
    /// Brings everything in line with the source's new word; `words` are its earlier ones.
    pub(super) fn reseal(
        &mut self,
        n: i64,
        source: &Source,
        words: &[(i64, Source)],
    ) -> Result<(), StoreError> {
        if source.protected {
            for (word, old) in words.iter().filter(|(_, old)| !old.protected) {
                self.hide_word(n, *word, old)?;
            }
        }
        let id = source.id.as_str();
        let (open, hidden) = (Teller::Open(id), Teller::Protected(id));
        let tellers = if source.protected { (open, hidden) } else { (hidden, open) };
        let claims =
            self.rehashed(include_str!("../../../queries/sqlite/claims_of_source.sql"), n, |canon, row| {
                claim_anew(canon, row, tellers)
            })?;
        self.rewrite(Part::Claims, include_str!("../../../queries/sqlite/claim_rehash.sql"), &claims)?;
        let facts =
            self.rehashed(include_str!("../../../queries/sqlite/facts_of_source.sql"), n, |canon, row| {
                fact_anew(canon, row, tellers)
            })?;
        self.rewrite(Part::Facts, include_str!("../../../queries/sqlite/fact_rehash.sql"), &facts)?;
        let steps =
            self.rehashed(include_str!("../../../queries/sqlite/steps_of_source.sql"), n, |canon, row| {
                step_anew(canon, row, tellers)
            })?;
        self.rewrite(Part::Steps, include_str!("../../../queries/sqlite/step_rehash.sql"), &steps)
    }

    /// Moves who the source is, as an earlier word said it openly, into the vault.
    fn hide_word(&mut self, n: i64, word: i64, old: &Source) -> Result<(), StoreError> {
        let hidden = Source { protected: true, ..old.clone() };
        let (before, after) = (self.canon.source(old), self.canon.source(&hidden));
        let hash = after.stored(self.number).to_be_bytes();
        let sql = include_str!("../../../queries/sqlite/source_hide.sql");
        self.run(sql, (n, word, hash, self.number as i64))?;
        let props = (!old.props.is_empty()).then(|| rows::props_text(&old.props));
        let row = (n, word, old.id.as_str(), &old.title, &old.locator, props);
        self.run(include_str!("../../../queries/sqlite/vault_add.sql"), row)?;
        let sum = self.digest.part(Part::Sources);
        sum.remove(before);
        sum.add(after);
        Ok(())
    }

    fn rehashed(
        &mut self,
        sql: &str,
        source: i64,
        mut anew: impl FnMut(&mut Canon, &Row<'_>) -> rusqlite::Result<Rehash>,
    ) -> Result<Vec<Rehash>, StoreError> {
        let mut canon = std::mem::take(&mut self.canon);
        let mut query = self.statement(sql)?;
        let found = query.query_map([source], |row| anew(&mut canon, row)).and_then(Iterator::collect);
        let found = found.map_err(|why| self.err(why));
        drop(query);
        self.canon = canon;
        found
    }

    fn rewrite(&mut self, part: Part, sql: &str, found: &[Rehash]) -> Result<(), StoreError> {
        for row in found {
            let hash = row.after.stored(row.change).to_be_bytes();
            self.run(sql, (row.place.0, row.place.1, hash))?;
            let sum = self.digest.part(part);
            sum.remove(row.before);
            sum.add(row.after);
        }
        Ok(())
    }
}

type Tellers<'a> = (Teller<'a>, Teller<'a>);

fn claim_anew(canon: &mut Canon, row: &Row<'_>, tellers: Tellers<'_>) -> rusqlite::Result<Rehash> {
    let claim = claim_row(row)?;
    let (from, to) = (row.get_ref(25)?.as_str()?, row.get_ref(26)?.as_str()?);
    let mut summands = |teller| claim.summands(canon, from, to, teller);
    let (before, after) = (summands(tellers.0), summands(tellers.1));
    Ok(Rehash { place: (row.get(0)?, 0), change: claim.change, before, after })
}

fn fact_anew(canon: &mut Canon, row: &Row<'_>, tellers: Tellers<'_>) -> rusqlite::Result<Rehash> {
    let props = rows::props(row, 5)?;
    let text = FactText {
        id: row.get_ref(2)?.as_str()?,
        kind: rows::word(Kind::ALL, row.get(3)?)?,
        table: rows::word(Table::ALL, row.get(4)?)?,
        props: &props,
        known: rows::date(row, 6)?,
    };
    let (before, after) = (canon.fact(&text, tellers.0), canon.fact(&text, tellers.1));
    Ok(Rehash { place: (row.get(0)?, row.get(1)?), change: row.get::<_, i64>(7)? as u64, before, after })
}

fn step_anew(canon: &mut Canon, row: &Row<'_>, tellers: Tellers<'_>) -> rusqlite::Result<Rehash> {
    let props = rows::props(row, 6)?;
    let text = StepText {
        id: row.get_ref(1)?.as_str()?,
        subject: row.get_ref(3)?.as_str()?,
        step: row.get_ref(4)?.as_str()?,
        date: rows::date(row, 5)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?,
        props: &props,
        known: rows::date(row, 8)?,
    };
    let (before, after) = (canon.step(&text, tellers.0), canon.step(&text, tellers.1));
    Ok(Rehash { place: (row.get(0)?, 0), change: row.get::<_, i64>(9)? as u64, before, after })
}
