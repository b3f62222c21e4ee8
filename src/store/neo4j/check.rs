//! What `verify` asks of a server beside what it asks of the rows: whether the graph that people see is what the rows
//! say, and whether anything hangs in the air.

use std::path::Path;

use neo4rs::Query;

use super::remote::{Point, Remote};
use super::ship::named;
use super::{bind, faces, query};
use crate::store::sqlite::{canon, connect};
use crate::store::{Fault, StoreError};

/// The graph beside the rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// It was compared, and this is wrong with it.
    Faults(Vec<Fault>),
    /// It was not: a change is under way or was broken off, and the graph is on its way to another one; or the rows
    /// themselves cannot be read.
    LeftOut,
    /// It was not: the store has gone on, and these rows are not what the graph shows now.
    WentOn,
}

/// Compares the graph with the rows, which were read into a file as of a point.
pub(super) fn compare(remote: &Remote, rows: &Path, point: &Point) -> Result<Compared, StoreError> {
    let hindered = || match remote.state()? {
        Some(state) if state.point == *point => Ok((state.batch != 0).then_some(Compared::LeftOut)),
        _ => Ok::<_, StoreError>(Some(Compared::WentOn)),
    };
    if let Some(hindered) = hindered()? {
        return Ok(hindered);
    }
    let mut found = orphans(remote)?;
    found.extend(faces::faults(remote, rows)?);
    found.extend(names(remote, rows, point)?);
    found.extend(sheaves(remote, rows, point)?);
    Ok(hindered()?.unwrap_or(Compared::Faults(found)))
}

fn count(remote: &Remote, question: Query) -> Result<Vec<i64>, StoreError> {
    let mut counts = Vec::new();
    remote.ask(question, |row| {
        counts = super::cells::cells(row)?;
        Ok(())
    })?;
    Ok(counts)
}

/// Rows that are tied to nothing.
fn orphans(remote: &Remote) -> Result<Vec<Fault>, StoreError> {
    let questions = [
        (query!("check_facts"), "facts hang at no entity"),
        (query!("check_steps"), "steps hang at no entity"),
        (query!("check_said_by"), "rows hang at no source"),
    ];
    let mut found = Vec::new();
    for (question, what) in questions {
        let loose: i64 = count(remote, question)?.iter().sum();
        if loose > 0 {
            found.push(Fault { code: "orphan".to_owned(), text: format!("{loose} {what}") });
        }
    }
    Ok(found)
}

/// Names with whose they are, whatever their order: how many, and the sum of their hashes.
#[derive(Default, PartialEq)]
struct Names(u64, u128);

impl Names {
    fn add(&mut self, key: &str, of: i64) {
        self.0 += 1;
        self.1 = self.1.wrapping_add(canon::of_bytes(key, &of.to_le_bytes()));
    }
}

/// The index of names against the rows.
fn names(remote: &Remote, rows: &Path, point: &Point) -> Result<Option<Fault>, StoreError> {
    let (mut there, mut said) = (Names::default(), Names::default());
    remote.ask(query!("names_all").param("now", point.change as i64), |row| {
        let (key, of): (String, i64) = super::cells::cells(row)?;
        there.add(&key, of);
        Ok(())
    })?;
    let conn = connect::reader(rows)?;
    let read = conn.prepare(include_str!("../../../queries/sqlite/names_all.sql")).and_then(|mut query| {
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            let (key, entity): (String, i64) = (row.get(0)?, row.get(1)?);
            said.add(&named(&key), entity);
        }
        Ok(())
    });
    read.map_err(connect::at(rows))?;
    let text = || format!("{} names are there, {} are said, and not all are the same", there.0, said.0);
    Ok((there != said).then(|| Fault { code: "search_index".to_owned(), text: text() }))
}

/// The sheaves against the rows.
fn sheaves(remote: &Remote, rows: &Path, point: &Point) -> Result<Option<Fault>, StoreError> {
    let wrong = bind::differences(remote, &connect::reader(rows)?, point)?;
    let text = || format!("{wrong} sheaves say something else than their rows");
    Ok((wrong > 0).then(|| Fault { code: "derived".to_owned(), text: text() }))
}
