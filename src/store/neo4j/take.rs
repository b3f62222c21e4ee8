//! A store in a file, taken over by an empty one on a server: row by row, under the same numbers, with all changes.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::remote::Point;
use super::ship::Shipment;
use super::writer::Right;
use super::{Neo4jStore, folder};
use crate::store::sqlite::{connect, rows};
use crate::store::{Mode, OnCopy, Seal, Store, StoreError};

/// Takes over what the file holds by now, whole or not at all; gives the seal of that.
pub(super) fn take_over(store: &Neo4jStore, from: &Path, on: OnCopy<'_>) -> Result<Seal, StoreError> {
    store.for_writing()?;
    let right = Right::take(store)?;
    let base = right.clear()?;
    if base.change > 0 {
        return Err(StoreError::NotEmpty(store.remote.address.shown().into()));
    }
    let conn = connect::reader(from)?;
    let number = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
    let last = number(include_str!("../../../queries/sqlite/change_last.sql")).map_err(connect::at(from))?;
    let digest = rows::digest(&conn).map_err(connect::at(from))?;
    if last == 0 {
        return Ok(Seal(digest));
    }
    let all = number(include_str!("../../../queries/sqlite/delta_counted.sql")).map_err(connect::at(from))?;
    let mut done = 0;
    let mut passed = |rows: usize| {
        done += rows as u64;
        if on(done, all as u64) { Ok(()) } else { Err(StoreError::BrokenOff) }
    };
    let shipment = Shipment {
        conn: &conn,
        base: &Point::default(),
        number: last as u64,
        digest,
        beaten_claims: &HashMap::new(),
        beaten_steps: &HashMap::new(),
        words: &BTreeSet::new(),
        were_sealed: &BTreeSet::new(),
    };
    shipment.send(&mut right.sender(0), &mut passed)?;
    Ok(Seal(digest))
}

/// Copies any store into an empty database.
pub(in crate::store) fn copy(
    from: &dyn Store,
    to: &str,
    on: OnCopy<'_>,
) -> Result<(Box<dyn Store>, Seal), StoreError> {
    let store = Neo4jStore::open(to, Mode::Create)?;
    let seal = match from.file() {
        Some(file) => take_over(&store, file, on)?,
        None => {
            let folder = folder()?;
            let file = folder.file("copy.db");
            from.backup(&file)?;
            take_over(&store, &file, on)?
        }
    };
    Ok((Box::new(store), seal))
}
