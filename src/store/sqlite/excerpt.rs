//! A small store with all that some records touch, so that what they change is seen without writing to the
//! store itself, and without a copy of all of it.
//!
//! Rows keep their numbers, so that a word beats the words that it would beat in the store. Of the sources those are
//! there that a row or a record names, all protected ones, who are numbered by how they came, and the last, behind
//! which new ones stand; names are not, since nothing is searched.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, Params, params_from_iter};

use super::view::{list, numbers};
use super::{connect, layout};
use crate::model::{Id, Record};
use crate::store::{Excerpt, StoreError};

/// Copies what the records touch into a new file.
pub(in crate::store) fn copy(from: &Path, to: &Path, records: &[Record]) -> Result<Excerpt, StoreError> {
    let base = connect::reader(from)?;
    let mut copy = connect::writer(to, true)?;
    layout::create(&mut copy).map_err(connect::at(to))?;
    copy.execute_batch("BEGIN").map_err(connect::at(to))?;
    let excerpt = Copying { base: &base, copy: &copy }.of(&Named::by(records)).map_err(connect::at(from))?;
    copy.execute_batch("COMMIT").map_err(connect::at(to))?;
    Ok(excerpt)
}

/// What some records name.
#[derive(Default)]
struct Named {
    entities: BTreeSet<Id>,
    /// The ends of relations, in their order.
    pairs: BTreeSet<(Id, Id)>,
    rows: BTreeSet<Id>,
    steps: BTreeSet<Id>,
    sources: BTreeSet<Id>,
}

impl Named {
    fn by(records: &[Record]) -> Self {
        let mut named = Self::default();
        for record in records {
            match record {
                Record::Source(source) => _ = named.sources.insert(source.id.clone()),
                Record::Statement(statement) => {
                    named.sources.extend(statement.sources.iter().cloned());
                    named.entities.insert(statement.id.clone());
                }
                Record::Relation(relation) => {
                    named.sources.extend(relation.sources.iter().cloned());
                    let (from, to, _) = relation.ends();
                    named.entities.extend([from.clone(), to.clone()]);
                    named.pairs.insert((from.clone(), to.clone()));
                    named.rows.insert(relation.row.clone());
                }
                Record::Step(step) => {
                    named.sources.extend(step.sources.iter().cloned());
                    named.entities.insert(step.subject.clone());
                    named.steps.insert(step.id.clone());
                }
            }
        }
        named
    }
}

struct Copying<'c> {
    base: &'c Connection,
    copy: &'c Connection,
}

impl Copying<'_> {
    fn of(&self, named: &Named) -> rusqlite::Result<Excerpt> {
        let all = |ids: &BTreeSet<Id>| list(&ids.iter().cloned().collect::<Vec<_>>());
        let (rows, steps) = (all(&named.rows), all(&named.steps));
        // Where a row spoke of other ends before, the tie between those loses its word.
        let ends = include_str!("../../../queries/sqlite/ends_of_rows.sql");
        let mut pairs: BTreeSet<(i64, i64)> = self.numbers(ends, [&rows])?.into_iter().collect();
        let subjects = include_str!("../../../queries/sqlite/subjects_of_steps.sql");
        let subjects = self.numbers(subjects, [&steps])?.into_iter().map(|(subject, _)| subject);
        let mut entities: BTreeSet<i64> = pairs.iter().flat_map(|&(a, b)| [a, b]).chain(subjects).collect();
        let known = self
            .entities(include_str!("../../../queries/sqlite/entities_with_ids.sql"), &all(&named.entities))?;
        let number: BTreeMap<&Id, i64> = known.iter().map(|(n, id)| (id, *n)).collect();
        entities.extend(number.values());
        pairs.extend(named.pairs.iter().filter_map(|(a, b)| Some((*number.get(a)?, *number.get(b)?))));
        for table in ["change", "digest", "vault"] {
            self.rows(table, &format!("SELECT * FROM {table}"), [])?;
        }
        let of_entities = numbers(&entities);
        self.rows("entity", include_str!("../../../queries/sqlite/excerpt_entities.sql"), [&of_entities])?;
        self.rows("fact", include_str!("../../../queries/sqlite/excerpt_facts.sql"), [&of_entities])?;
        self.rows("step", include_str!("../../../queries/sqlite/excerpt_steps.sql"), [&of_entities])?;
        self.rows("claim", include_str!("../../../queries/sqlite/excerpt_claims.sql"), [&rows])?;
        for pair in &pairs {
            self.rows("claim", include_str!("../../../queries/sqlite/excerpt_claims_between.sql"), *pair)?;
        }
        let tellers = numbers(&self.tellers()?);
        let of_sources = include_str!("../../../queries/sqlite/excerpt_sources.sql");
        self.rows("source", of_sources, (&tellers, &all(&named.sources)))?;
        let ids: BTreeMap<i64, Id> = self
            .entities(include_str!("../../../queries/sqlite/entities_with_numbers.sql"), &numbers(&entities))?
            .into_iter()
            .collect();
        let earlier = pairs.iter().filter_map(|(a, b)| Some((ids.get(a)?.clone(), ids.get(b)?.clone())));
        Ok(Excerpt {
            entities: named.entities.iter().cloned().chain(ids.values().cloned()).collect(),
            pairs: named.pairs.iter().cloned().chain(earlier).collect(),
        })
    }

    /// The sources of the rows that were copied.
    fn tellers(&self) -> rusqlite::Result<BTreeSet<i64>> {
        let mut query = self.copy.prepare(include_str!("../../../queries/sqlite/tellers.sql"))?;
        query.query_map([], |row| row.get(0))?.collect()
    }

    fn numbers(&self, sql: &str, params: impl Params) -> rusqlite::Result<Vec<(i64, i64)>> {
        self.base.prepare_cached(sql)?.query_map(params, |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }

    fn entities(&self, sql: &str, of: &str) -> rusqlite::Result<Vec<(i64, Id)>> {
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, Id::from(row.get_ref(1)?.as_str()?)));
        self.base.prepare_cached(sql)?.query_map([of], read)?.collect()
    }

    /// Copies the rows of a query into a table of the same columns, each once.
    fn rows(&self, table: &str, sql: &str, params: impl Params) -> rusqlite::Result<()> {
        let mut query = self.base.prepare_cached(sql)?;
        let marks = vec!["?"; query.column_count()].join(",");
        let mut put =
            self.copy.prepare_cached(&format!("INSERT OR REPLACE INTO {table} VALUES ({marks})"))?;
        let columns = query.column_count();
        let mut found = query.query(params)?;
        while let Some(row) = found.next()? {
            let values =
                (0..columns).map(|at| row.get::<_, Value>(at)).collect::<rusqlite::Result<Vec<_>>>()?;
            put.execute(params_from_iter(values))?;
        }
        Ok(())
    }
}
