//! What follows from the content and is kept beside it: not part of the digest, made again at any time,
//! and good only for the digest it was made from.

use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::view::SqliteView;
use super::{canon, connect, rows};
use crate::store::StoreError;

/// Keeps a value; where the content has changed since, nothing is kept.
pub(super) fn keep(path: &Path, name: &str, digest: &str, value: &[u8]) -> Result<(), StoreError> {
    let mut conn = connect::writer(path, false)?;
    let err = connect::at(path);
    let change = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&err)?;
    if rows::digest(&change).map_err(&err)?.printed() == digest {
        let hash = canon::of_bytes(name, value).to_be_bytes();
        let sql = include_str!("../../../queries/sqlite/kept_write.sql");
        change.execute(sql, (name, digest, value, hash)).map_err(&err)?;
    }
    change.commit().map_err(&err)
}

/// Under which name a store keeps what tells its states apart: a number drawn anew by every change that ends.
const EDITION: &str = "edition";

/// Gives the content another edition: the last that a change does, when its digest is written.
pub(in crate::store) fn renew_edition(conn: &Connection) -> rusqlite::Result<()> {
    let drawn = [RandomState::new().hash_one(EDITION), RandomState::new().hash_one(EDITION)];
    let value: Vec<u8> = drawn.iter().flat_map(|half| half.to_be_bytes()).collect();
    let (digest, hash) = (rows::digest(conn)?.printed(), canon::of_bytes(EDITION, &value).to_be_bytes());
    let sql = include_str!("../../../queries/sqlite/kept_write.sql");
    conn.execute(sql, (EDITION, digest, value, hash)).map(|_| ())
}

impl SqliteView {
    /// See [`crate::store::View::edition`]. A store that no change was made to since editions are drawn has none but
    /// its digest.
    pub(super) fn drawn_edition(&self) -> Result<String, StoreError> {
        let mut edition = self.digest.printed();
        for byte in self.kept_value(EDITION)?.unwrap_or_default() {
            // Writing to a text does not fail.
            let _ = write!(edition, "{byte:02x}");
        }
        Ok(edition)
    }

    pub(super) fn kept_value(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut query = self.statement(include_str!("../../../queries/sqlite/kept_read.sql"))?;
        let found = query.query_row([name], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?, rows::sum(row, 2)?))
        });
        let Some((digest, value, hash)) = found.optional().map_err(|why| self.err(why))? else {
            return Ok(None);
        };
        if digest != self.digest.printed() {
            return Ok(None);
        }
        if canon::of_bytes(name, &value) != hash {
            return Err(self.damaged("what is kept beside the content does not fit its own hash"));
        }
        Ok(Some(value))
    }
}
