//! What an import may refer to: everything there is, whoever may see it.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{connect, names, rows};
use crate::model::{Fence, Fenced, Handling, Id, Kind, Props};
use crate::store::{References, StoreError};

/// A connection of its own, beside the writer's; it sees what was finished when it was opened.
pub(in crate::store) struct SqliteReferences {
    pub(in crate::store) conn: Mutex<Connection>,
    path: PathBuf,
}

impl SqliteReferences {
    pub(in crate::store) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::over(connect::reader(path)?, path))
    }

    /// The same over tables that are open already.
    pub(in crate::store) fn over(conn: Connection, path: &Path) -> Self {
        Self { conn: Mutex::new(conn), path: path.to_owned() }
    }

    fn rows<T>(
        &self,
        sql: &str,
        with: &str,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        // A thread that ended in the middle of a look-up left nothing behind that a reader could see.
        let conn = self.conn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = connect::at(&self.path);
        let mut query = conn.prepare_cached(sql).map_err(&at)?;
        query.query_map([with], read).and_then(Iterator::collect).map_err(&at)
    }

    fn first<T: FromSql>(&self, sql: &str, with: &str, column: usize) -> Result<Option<T>, StoreError> {
        let conn = self.conn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = connect::at(&self.path);
        let mut query = conn.prepare_cached(sql).map_err(&at)?;
        query.query_row([with], |row| row.get(column)).optional().map_err(&at)
    }
}

fn kind(position: i64) -> Kind {
    // A position outside the list is damage, which reading the store finds and names.
    usize::try_from(position).ok().and_then(|at| Kind::ALL.get(at)).copied().unwrap_or(Kind::Person)
}

impl References for SqliteReferences {
    fn is_empty(&self) -> Result<bool, StoreError> {
        let conn = self.conn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let last =
            conn.query_row(include_str!("../../../queries/sqlite/change_last.sql"), [], |row| row.get(0));
        last.map(|last: i64| last == 0).map_err(connect::at(&self.path))
    }

    fn kind_of(&self, id: &Id) -> Result<Option<Kind>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/entity_by_id.sql");
        Ok(self.first::<i64>(sql, id.as_str(), 1)?.map(kind))
    }

    fn named(&self, name: &str) -> Result<Vec<(Id, Kind)>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/reference_names.sql");
        self.rows(sql, &names::folded(name), |row| {
            Ok((Id::from(row.get::<_, String>(0)?), kind(row.get(1)?)))
        })
    }

    fn id_numbers(&self, id: &Id) -> Result<Vec<String>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/reference_id_numbers.sql");
        self.rows(sql, id.as_str(), |row| row.get(0))
    }

    fn identities(&self, id: &Id) -> Result<Vec<Props>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/reference_identities.sql");
        self.rows(sql, id.as_str(), |row| {
            let mut said = Props::new();
            for (at, key) in ["name", "aliases", "birth_date", "id_number"].into_iter().enumerate() {
                said.extend(row.get::<_, Option<String>>(at)?.map(|value| (key.to_owned(), value)));
            }
            Ok(said)
        })
    }

    fn source(&self, id: &Id) -> Result<Option<Fence>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/reference_source.sql");
        let read = |row: &Row<'_>| {
            let handling: Handling = rows::word(Handling::ALL, row.get(1)?)?;
            Ok(Fence { protected: row.get(0)?, sealed: handling == Handling::Sealed })
        };
        Ok(self.rows(sql, id.as_str(), read)?.into_iter().next())
    }

    fn fenced(&self) -> Result<Vec<Fenced>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/reference_fenced.sql");
        let sealed = Handling::ALL.iter().position(|handling| *handling == Handling::Sealed);
        let names = self.rows(sql, &sealed.unwrap_or_default().to_string(), |row| {
            let (id, title): (String, Option<String>) = (row.get(0)?, row.get(1)?);
            let fence = Fence { protected: row.get(2)?, sealed: row.get(3)? };
            let name = |name: String| Fenced { name, id: Id::from(id.as_str()), fence };
            Ok([Some(id.clone()), title].into_iter().flatten().map(name).collect::<Vec<_>>())
        })?;
        let mut names: Vec<Fenced> = names.into_iter().flatten().collect();
        names.sort();
        names.dedup();
        Ok(names)
    }
}
