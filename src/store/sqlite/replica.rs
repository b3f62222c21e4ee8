//! Rows that were read elsewhere, put into tables of SQLite as they stand there: under the same numbers, with the
//! same changes, so that what reads and writes a file answers for them as for its own.
//!
//! A row comes with a hash of what it says, whoever says it, since who is a protected source may change; the file's
//! own hash, which the digest is made of, is made here from it.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::Connection;

use super::canon::{Canon, Digest, FactText, StepText, Summands, Teller};
use super::names::{folded, names_of, readings};
use super::ties::{ClaimRow, NewClaim};
use super::{connect, layout, rows};
use crate::model::{Date, Id, Kind, Props, Source, Table};
use crate::store::StoreError;

/// A fact as it is stored.
pub(in crate::store) struct FactRow {
    pub entity: i64,
    pub place: i64,
    pub table: Table,
    pub props: Props,
    pub source: Option<i64>,
    pub known: Option<Date>,
    pub change: u64,
}

/// A word of a step as it is stored.
pub(in crate::store) struct StepRow {
    pub n: i64,
    pub id: String,
    pub subject: i64,
    pub step: String,
    pub date: Date,
    pub props: Props,
    pub source: Option<i64>,
    pub known: Option<Date>,
    pub change: u64,
    pub beaten: Option<i64>,
}

/// A word of a source as it is stored; of a protected one only what may be told.
pub(in crate::store) struct SourceRow {
    pub n: i64,
    pub word: i64,
    pub source: Source,
    pub change: u64,
}

/// What the vault holds of a word of a protected source.
pub(in crate::store) struct VaultRow {
    pub n: i64,
    pub word: i64,
    pub id: String,
    pub title: Option<String>,
    pub locator: Option<String>,
    pub props: Option<String>,
}

/// Makes an empty store in a file, open to be filled in one transaction.
pub(in crate::store) fn create(path: &Path) -> Result<Connection, StoreError> {
    let mut conn = connect::writer(path, true)?;
    layout::create(&mut conn).map_err(connect::at(path))?;
    conn.execute_batch("BEGIN").map_err(connect::at(path))?;
    Ok(conn)
}

/// Does away with the indexes of claims while many are put in.
pub(in crate::store) fn without_indexes(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let drops = [
        include_str!("../../../queries/sqlite/drop_claim_row.sql"),
        include_str!("../../../queries/sqlite/drop_claim_from.sql"),
        include_str!("../../../queries/sqlite/drop_claim_to.sql"),
    ];
    drops.iter().try_for_each(|sql| run(conn, sql, [])).map_err(connect::at(path))
}

/// Ends what [`create`] began; makes the indexes that are not there.
pub(in crate::store) fn finish(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let indexes = [
        include_str!("../../../queries/sqlite/create_claim_row.sql"),
        include_str!("../../../queries/sqlite/create_claim_from.sql"),
        include_str!("../../../queries/sqlite/create_claim_to.sql"),
    ];
    let made = indexes.iter().try_for_each(|sql| {
        conn.execute(&sql.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"), []).map(|_| ())
    });
    made.and_then(|()| conn.execute_batch("COMMIT")).map_err(connect::at(path))
}

/// Makes empty tables that nobody else sees and that are gone with the connection.
pub(in crate::store) fn passing(path: &Path) -> Result<Connection, StoreError> {
    let made = Connection::open("").and_then(|mut conn| {
        conn.set_prepared_statement_cache_capacity(64);
        layout::create(&mut conn)?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        conn.pragma_update(None, "cache_size", -layout::READ_CACHE_KIB)?;
        conn.execute_batch("BEGIN")?;
        Ok(conn)
    });
    made.map_err(connect::at(path))
}

/// Puts rows into tables. Remembers what the hashes of later rows need.
#[derive(Default)]
pub(in crate::store) struct Replica {
    canon: Canon,
    /// Who the sources are, by number; `None` for a protected one.
    tellers: HashMap<i64, Option<String>>,
    ids: HashMap<i64, (Id, Kind)>,
}

type Done = rusqlite::Result<()>;

impl Replica {
    /// Whether an entity with this number is there.
    pub fn has(&self, n: i64) -> bool {
        self.ids.contains_key(&n)
    }

    /// The id of the entity with this number.
    pub fn id(&self, n: i64) -> Option<&Id> {
        self.ids.get(&n).map(|(id, _)| id)
    }

    pub fn change(&mut self, conn: &Connection, n: u64, who: &str, why: &str, known: Option<Date>) -> Done {
        let hash = self.canon.change(n, who, why, known).to_be_bytes();
        let row = (n as i64, who, why, known.map(Date::packed), hash);
        run(conn, include_str!("../../../queries/sqlite/change_add.sql"), row)
    }

    pub fn digest(&self, conn: &Connection, digest: &Digest) -> Done {
        for (part, sum) in digest.0.iter().enumerate() {
            let row = (part as i64, sum.rows as i64, sum.open.to_be_bytes(), sum.whole.to_be_bytes());
            run(conn, include_str!("../../../queries/sqlite/digest_write.sql"), row)?;
        }
        super::kept::renew_edition(conn)
    }

    pub fn source(&mut self, conn: &Connection, row: &SourceRow) -> Done {
        let source = &row.source;
        let id = (!source.protected).then(|| source.id.to_string());
        self.tellers.insert(row.n, id.clone());
        let props = (!source.props.is_empty()).then(|| rows::props_text(&source.props));
        let hash = self.canon.source(source).stored(row.change).to_be_bytes();
        let values = (
            row.n,
            row.word,
            id,
            source.channel as u8,
            &source.title,
            source.date.map(Date::packed),
            source.reliability as u8,
            &source.unit,
            source.handling as u8,
            source.protected,
            &source.locator,
            props,
            row.change as i64,
            hash,
        );
        run(conn, include_str!("../../../queries/sqlite/source_add.sql"), values)
    }

    pub fn vault(&self, conn: &Connection, row: &VaultRow) -> Done {
        let values = (row.n, row.word, &row.id, &row.title, &row.locator, &row.props);
        run(conn, include_str!("../../../queries/sqlite/vault_add.sql"), values)
    }

    /// Adds an entity; nothing, if it is there.
    pub fn entity(&mut self, conn: &Connection, n: i64, id: &str, kind: Kind) -> Done {
        if self.ids.insert(n, (Id::from(id), kind)).is_some() {
            return Ok(());
        }
        run(conn, include_str!("../../../queries/sqlite/entity_add.sql"), (n, id, kind as u8))
    }

    pub fn fact(&mut self, conn: &Connection, row: &FactRow, body: u128) -> Done {
        let Some((id, kind)) = self.ids.get(&row.entity) else { return Err(unlike()) };
        let FactRow { table, props, known, .. } = row;
        let text = FactText { id: id.as_str(), kind: *kind, table: *table, props, known: *known };
        checked(self.canon.fact(&text, Teller::Nobody), row.change, body)?;
        let hash = self.canon.fact(&text, teller(&self.tellers, row.source)).stored(row.change).to_be_bytes();
        let known = known.map(Date::packed);
        let (table, text) = (*table as u8, rows::props_text(props));
        let values = (row.entity, row.place, table, text, row.source, known, row.change as i64, hash);
        run(conn, include_str!("../../../queries/sqlite/fact_add.sql"), values)?;
        for name in names_of(*kind, props) {
            let (sql, key) = (include_str!("../../../queries/sqlite/name_add.sql"), folded(name));
            run(conn, sql, (&key, row.entity, readings(&key)))?;
        }
        Ok(())
    }

    pub fn claim(&mut self, conn: &Connection, n: i64, tie: i64, row: &ClaimRow) -> Done {
        let ends = (self.ids.get(&row.from), self.ids.get(&row.to));
        let (Some((from, _)), Some((to, _))) = ends else { return Err(unlike()) };
        let mut summands = |teller| row.summands(&mut self.canon, from.as_str(), to.as_str(), teller);
        checked(summands(Teller::Nobody), row.change, row.hash)?;
        let hash = summands(teller(&self.tellers, row.source)).stored(row.change);
        let claim = NewClaim {
            n,
            tie,
            head: row.head(from.as_str(), to.as_str()),
            said: row.said(),
            layer: row.layer,
            from: row.from,
            to: row.to,
            source: row.source,
            change: row.change,
            beaten: row.beaten,
            hash,
        };
        claim.add(conn)
    }

    pub fn step(&mut self, conn: &Connection, row: &StepRow, body: u128) -> Done {
        let Some((subject, _)) = self.ids.get(&row.subject) else { return Err(unlike()) };
        let StepRow { n, id, step, date, props, known, .. } = row;
        let text = StepText { id, subject: subject.as_str(), step, date: *date, props, known: *known };
        checked(self.canon.step(&text, Teller::Nobody), row.change, body)?;
        let hash = self.canon.step(&text, teller(&self.tellers, row.source)).stored(row.change).to_be_bytes();
        let known = known.map(Date::packed);
        let change = row.change as i64;
        let (date, props) = (date.packed(), rows::props_text(props));
        let values = (n, id, row.subject, step, date, props, row.source, known, change, row.beaten, hash);
        run(conn, include_str!("../../../queries/sqlite/step_add.sql"), values)
    }
}

fn teller(tellers: &HashMap<i64, Option<String>>, source: Option<i64>) -> Teller<'_> {
    match source.map(|n| tellers.get(&n)) {
        Some(Some(Some(id))) => Teller::Open(id),
        Some(Some(None)) => Teller::Protected(""),
        Some(None) | None => Teller::Nobody,
    }
}

fn run(conn: &Connection, sql: &str, params: impl rusqlite::Params) -> Done {
    conn.prepare_cached(sql)?.execute(params).map(|_| ())
}

/// The hash of what a row says, whoever says it, against the one it came with.
fn checked(said: Summands, change: u64, body: u128) -> Done {
    if said.stored(change) == body { Ok(()) } else { Err(unlike()) }
}

/// A row that is not what was written, or is about somebody who is not there: damage (`connect::at`).
fn unlike() -> rusqlite::Error {
    rusqlite::Error::QueryReturnedNoRows
}
