//! What follows from the content and is kept beside it: not part of the digest, made again at any time,
//! and good only for the digest it was made from.

use std::path::Path;

use rusqlite::{OptionalExtension, TransactionBehavior};

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

impl SqliteView {
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
