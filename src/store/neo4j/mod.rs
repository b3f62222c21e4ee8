//! A store on Neo4j, or another server that speaks Bolt 4.4, for a team and for what one machine does not hold.
//!
//! The server keeps what the tables of the store in a file keep, under the same numbers: one node a row, and beside
//! them entities and ties as a graph that people use in Neo4j itself (`docs/NEO4J.md` draws it). What a question
//! needs is read from the server into tables of SQLite (`remote`), and answered there by the very code that answers
//! for a file; what a change writes is worked out there, too, and then sent in batches (`ship`). So both stores give
//! the same answers by construction.

mod address;
mod batch;
mod bind;
mod called;
mod cells;
mod check;
mod context;
mod driver;
mod faces;
mod foreign;
mod frontier;
mod heart;
mod later;
mod remote;
mod schema;
mod sheaf;
mod sheaves;
mod ship;
mod sources;
mod stream;
mod take;
mod undo;
mod view;
mod whole;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use neo4rs::BoltType;
use rusqlite::Connection;

use super::sqlite::{self, replica};
use super::{Change, Excerpt, Fault, Mode, References, Seal, Store, StoreError, Verified, View, Writer};
use crate::model::{Access, Record};
use crate::scratch::Folder;
use address::Address;
pub use address::{asks, unlock};
use check::Compared;
use driver::{Driver, Fault as Bolt, MOMENT, insist};
pub(super) use foreign::Foreign;
use remote::{Filling, Point, Remote, Vault};
use sheaves::Sheaves;
pub(super) use take::copy;

/// A statement of `queries/neo4j`.
macro_rules! query {
    ($name:literal) => {
        neo4rs::query(include_str!(concat!("../../../queries/neo4j/", $name, ".cypher")))
    };
}
pub(crate) use query;

/// Version of the graph's layout.
const LAYOUT: i64 = 2;
/// Hex digits of a kept value in one node.
const KEPT: usize = 1 << 20;

/// How often `verify` looks anew where the store goes on under it.
const LOOKS: u32 = 3;

/// A store on a server.
pub struct Neo4jStore {
    remote: Arc<Remote>,
    mode: Mode,
    /// All that was read last, for views of the same content.
    whole: Mutex<Option<Arc<Whole>>>,
    /// What was read last of what all views of the same content need.
    seen: Mutex<Option<Seen>>,
}

/// A finished state as its views share it.
#[derive(Clone)]
struct Seen {
    point: Point,
    sources: Sources,
    sheaves: Arc<Sheaves>,
}

/// The words of all sources as of a point.
type Sources = Arc<Vec<replica::SourceRow>>;

/// The rows of a whole store in a file of its own, without who protected sources are.
struct Whole {
    point: Point,
    path: PathBuf,
    /// The file's, which goes with it.
    _folder: Folder,
}

impl Neo4jStore {
    /// Opens the store on a server; with [`Mode::Create`] makes it where the database is empty.
    pub fn open(address: &str, mode: Mode) -> Result<Self, StoreError> {
        let address = Address::parse(address)?;
        let driver = Driver::new(&address).map_err(|fault| fault.at(&address))?;
        let remote = Arc::new(Remote { driver, address });
        match (remote.state()?, mode) {
            (Some(state), _) if state.layout != LAYOUT => {
                let reason = format!("its layout {} is not {LAYOUT}", state.layout);
                return Err(StoreError::Foreign { path: remote.address.shown().into(), reason });
            }
            (Some(_), _) => {}
            (None, Mode::Create) => schema::create(&remote)?,
            (None, _) => return Err(StoreError::Missing(remote.address.shown().into())),
        }
        Ok(Self { remote, mode, whole: Mutex::default(), seen: Mutex::default() })
    }

    fn for_writing(&self) -> Result<(), StoreError> {
        match self.mode {
            Mode::Read => Err(StoreError::ReadOnly(self.remote.address.shown().into())),
            Mode::Write | Mode::Create => Ok(()),
        }
    }

    fn point(&self) -> Result<Point, StoreError> {
        let state = self.remote.state()?;
        let missing = || StoreError::Missing(self.remote.address.shown().into());
        Ok(state.ok_or_else(missing)?.point)
    }

    /// A finished state with something of it that a later change may overwrite: none can come between, else it is
    /// read again.
    fn at_rest<T>(&self, read: impl Fn(&Point) -> Result<T, StoreError>) -> Result<(Point, T), StoreError> {
        for _ in 0..5 {
            let point = self.point()?;
            let read = read(&point)?;
            if self.point()? == point {
                return Ok((point, read));
            }
        }
        Err(StoreError::Busy("changes follow one another too fast to read one".to_owned()))
    }

    /// A finished state with its sources; these are read once for all views of the same content.
    fn seen(&self) -> Result<Seen, StoreError> {
        let kept = || self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let point = self.point()?;
        let known = kept().clone().filter(|seen| seen.point == point);
        if let Some(seen) = known {
            // Whoever reads by what is let go goes on with it.
            let sheaves = if seen.sheaves.is_full() { Arc::default() } else { seen.sheaves };
            return Ok(kept().insert(Seen { sheaves, ..seen }).clone());
        }
        let (point, sources) = self.at_rest(|point| self.remote.sources(point.change))?;
        Ok(kept().insert(Seen { point, sources: Arc::new(sources), sheaves: Arc::default() }).clone())
    }

    /// … and who protected ones are. For writers, copies and `verify`, never for a view.
    fn seen_whole(&self) -> Result<(Point, Vec<replica::SourceRow>, Vault), StoreError> {
        let read = |point: &Point| Ok((self.remote.sources(point.change)?, self.remote.vault(point)?));
        let (point, (sources, vault)) = self.at_rest(read)?;
        Ok((point, sources, vault))
    }

    /// Reads all rows into a file; `rest` what comes after the sources and changes.
    fn fill(
        &self,
        to: &Path,
        point: Point,
        sources: &[replica::SourceRow],
        rest: impl FnOnce(&mut Filling, &Connection) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let conn = replica::create(to)?;
        let mut filling = Filling::new(Arc::clone(&self.remote), point);
        filling.begin(&conn, sources)?;
        filling.changes(&conn)?;
        replica::without_indexes(&conn, to)?;
        rest(&mut filling, &conn)?;
        replica::finish(&conn, to)
    }

    /// Reads all rows into a file as they stand there, each by itself, and who protected sources are.
    fn copy(
        &self,
        to: &Path,
        point: Point,
        sources: &[replica::SourceRow],
        vault: &Vault,
    ) -> Result<(), StoreError> {
        self.fill(to, point, sources, |filling, conn| {
            filling.vault(conn, vault)?;
            filling.everybody(conn)?;
            filling.everything(conn)
        })
    }

    /// All rows as a view of this point needs them: read once for all views of the same content.
    fn whole(&self, point: &Point, sources: &[replica::SourceRow]) -> Result<Arc<Whole>, StoreError> {
        let mut kept = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(whole) = kept.as_ref().filter(|whole| whole.point == *point) {
            return Ok(Arc::clone(whole));
        }
        let folder = folder()?;
        let path = folder.file("whole.db");
        self.fill(&path, point.clone(), sources, |filling, conn| filling.whole(conn, &folder))?;
        let whole = Arc::new(Whole { point: point.clone(), path, _folder: folder });
        *kept = Some(Arc::clone(&whole));
        Ok(whole)
    }

    /// Takes over a file in which everything stands by now, so that nothing need be read of the server for it.
    fn hold(&self, point: Point, path: PathBuf, folder: Folder) {
        let mut kept = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(Arc::new(Whole { point, path, _folder: folder }));
    }

    /// Reads everything once: what is wrong with the rows, and with the graph beside them.
    fn look_through(&self) -> Result<(Vec<Fault>, Compared), StoreError> {
        let folder = folder()?;
        let path = folder.file("whole.db");
        let (point, sources, vault) = self.seen_whole()?;
        match self.copy(&path, point.clone(), &sources, &vault) {
            Ok(()) => Ok((sqlite::verify::faults(&path)?, check::compare(&self.remote, &path, &point)?)),
            Err(StoreError::Damaged { reason, .. }) => {
                Ok((vec![Fault { code: "row_hash".to_owned(), text: reason }], Compared::LeftOut))
            }
            Err(other) => Err(other),
        }
    }
}

fn folder() -> Result<Folder, StoreError> {
    Folder::new().map_err(|why| StoreError::Io(why.to_string()))
}

impl Store for Neo4jStore {
    fn read<'a>(&'a self, access: &Access) -> Result<Box<dyn View + Send + 'a>, StoreError> {
        Ok(Box::new(view::Neo4jView::open(self, access)?))
    }

    fn write<'a>(&'a self, change: &Change) -> Result<Box<dyn Writer + 'a>, StoreError> {
        self.for_writing()?;
        Ok(Box::new(writer::Neo4jWriter::begin(self, change)?))
    }

    fn rehearse<'a>(&'a self, change: &Change) -> Result<Box<dyn Writer + 'a>, StoreError> {
        Ok(Box::new(writer::Neo4jWriter::rehearse(self, change)?))
    }

    fn references<'a>(&'a self) -> Result<Box<dyn References + 'a>, StoreError> {
        Ok(Box::new(context::Neo4jReferences::open(self)?))
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        let (mut faults, mut graph) = self.look_through()?;
        for _ in 1..LOOKS {
            if graph == Compared::WentOn {
                (faults, graph) = self.look_through()?;
            }
        }
        let graph_left_out = !matches!(graph, Compared::Faults(_));
        if let Compared::Faults(found) = graph {
            faults.extend(found);
        }
        faults.extend(schema::faults(&self.remote)?);
        Ok(Verified { faults, graph_left_out })
    }

    fn is_graph_behind(&self) -> Result<bool, StoreError> {
        // While somebody writes, batches are of his.
        Ok(self.remote.state()?.is_some_and(|state| state.batch != 0 && state.writer.is_none()))
    }

    fn seal(&self) -> Result<Seal, StoreError> {
        Ok(Seal(self.at_rest(|point| self.remote.whole_digest(point))?.1))
    }

    fn backup(&self, to: &Path) -> Result<Seal, StoreError> {
        let folder = folder()?;
        let path = folder.file("whole.db");
        let (point, sources, vault) = self.seen_whole()?;
        if !to.exists() {
            self.copy(&path, point, &sources, &vault)?;
        }
        sqlite::backup::copy(&path, to)
    }

    fn excerpt(&self, to: &Path, records: &[Record]) -> Result<Excerpt, StoreError> {
        let folder = folder()?;
        let path = folder.file("part.db");
        let (point, sources, vault) = self.seen_whole()?;
        let conn: Connection = replica::create(&path)?;
        let mut filling = Filling::new(Arc::clone(&self.remote), point);
        filling.begin(&conn, &sources)?;
        filling.changes(&conn)?;
        filling.vault(&conn, &vault)?;
        let mut context = context::Context::new(filling, &sources);
        context.fetch(&conn, records)?;
        context.around(&conn, records)?;
        replica::finish(&conn, &path)?;
        drop(conn);
        sqlite::excerpt::copy(&path, to, records)
    }

    fn keep(&self, name: &str, digest: &str, value: &[u8]) -> Result<(), StoreError> {
        self.for_writing()?;
        let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
        let text: String = value.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
        let hash = format!("{:032x}", sqlite::canon::of_bytes(name, value));
        let mut statements =
            vec![query!("kept_begin").param("digest", digest), query!("kept_forget").param("name", name)];
        let parts = text.as_bytes().chunks(KEPT).map(|part| String::from_utf8_lossy(part).into_owned());
        for (at, part) in std::iter::once(hash).chain(parts).enumerate() {
            let row = batch::map([
                ("key", format!("{name}/{at}").into()),
                ("name", name.into()),
                ("digest", digest.into()),
                ("part", (at as i64).into()),
                ("value", part.into()),
            ]);
            let rows: Vec<BoltType> = vec![batch::map([("p", row)])];
            statements.push(query!("kept_write").param("rows", rows));
        }
        match insist(MOMENT, || self.remote.driver.change(statements.clone())) {
            // Of another content by now.
            Err(Bolt::Overtaken) => Ok(()),
            other => other.map(drop).map_err(|fault| fault.at(&self.remote.address)),
        }
    }
}

#[cfg(test)]
pub(crate) mod servers;
#[cfg(test)]
mod tests;
