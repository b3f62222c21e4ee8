//! A change: worked out in a scratch file by the writer of files, from what the server holds of what its records
//! touch, then sent. Until it is finished the server knows nothing of it but who may write.

use std::sync::Arc;
use std::time::Instant;

use super::batch::{LEASE, Sender};
use super::context::{Context, sealed};
use super::driver::{Fault, MOMENT, insist, pause};
use super::heart::Heart;
use super::remote::{Filling, Look, Point, Vault};
use super::ship::Shipment;
use super::{Neo4jStore, folder, later, query, undo};
use crate::model::Record;
use crate::store::sqlite::replica::{self, SourceRow};
use crate::store::sqlite::writer::SqliteWriter;
use crate::store::{Change, Outcome, StoreError, Tally, Writer};

/// The one writer of a store on a server.
pub(super) struct Neo4jWriter<'s> {
    /// `None` where nothing is to be written.
    right: Option<Right<'s>>,
    local: SqliteWriter,
    context: Context,
    point: Point,
    were_sealed: std::collections::BTreeSet<i64>,
    /// The scratch file's, which may hold who told us.
    folder: crate::scratch::Folder,
}

/// The right to write, given back when it is dropped.
pub(super) struct Right<'s> {
    store: &'s Neo4jStore,
    me: String,
    heart: Heart,
}

impl Drop for Right<'_> {
    fn drop(&mut self) {
        let end =
            || self.store.remote.driver.change(vec![query!("writer_end").param("me", self.me.as_str())]);
        // If the server cannot be told, the right ends by itself.
        let _ = insist(MOMENT, end);
    }
}

impl<'s> Right<'s> {
    pub fn take(store: &'s Neo4jStore) -> Result<Self, StoreError> {
        let (me, since, mut tries) = (name(), Instant::now(), 0);
        loop {
            let ask = query!("writer_begin").param("me", me.as_str()).param("lease", LEASE);
            let fault = match store.remote.driver.change(vec![ask]) {
                Ok(_) => return Ok(Self::of(store, me)),
                Err(fault) => fault,
            };
            let again = fault.may_pass() || fault == Fault::Overtaken;
            // The answer may have been lost, or come too late: then we are the writer, also after the last try. Who goes
            // with the right leaves it to nobody for a minute.
            let look = || store.remote.look(&me).ok().flatten().and_then(|look| look.state.writer);
            if again && look().as_ref() == Some(&me) {
                return Ok(Self::of(store, me));
            }
            if !again || MOMENT.is_over(since, tries + 1) {
                return Err(match fault {
                    Fault::Overtaken => StoreError::Busy("another change is being written".to_owned()),
                    fault => fault.at(&store.remote.address),
                });
            }
            std::thread::sleep(pause(tries));
            tries += 1;
        }
    }

    fn of(store: &'s Neo4jStore, me: String) -> Self {
        let heart = Heart::of(Arc::clone(&store.remote), me.clone());
        Self { store, me, heart }
    }

    /// Takes away what a writer that was broken off left, and does what a finished change left to be shown. Gives the
    /// point from which the next change goes on.
    pub fn clear(&self) -> Result<Point, StoreError> {
        let Look { state, .. } = self.look()?;
        if state.batch == 0 {
            return Ok(state.point);
        }
        let mut sender = self.sender(state.batch);
        undo::undo(&sender, &state.point)?;
        let sealed: Vec<i64> = sealed(&self.sources(&state.point)?.0).into_iter().collect();
        later::work_off(&sender, state.point.change as i64, &sealed.into())?;
        sender.settle()?;
        Ok(state.point)
    }

    fn look(&self) -> Result<Look, StoreError> {
        let remote = &self.store.remote;
        let look = insist(MOMENT, || remote.look(&self.me)).map_err(|fault| fault.at(&remote.address))?;
        look.ok_or_else(|| StoreError::Missing(remote.address.shown().into()))
    }

    /// The sources and the vault as of a point, which must be the last one: a member of a cluster may lag behind.
    fn sources(&self, point: &Point) -> Result<(Vec<SourceRow>, Vault), StoreError> {
        let (since, mut tries) = (Instant::now(), 0);
        loop {
            let (seen, sources, vault) = self.store.seen_whole()?;
            if seen == *point {
                return Ok((sources, vault));
            }
            if MOMENT.has_passed(since) {
                return Err(StoreError::Busy("a member of the cluster lags behind".to_owned()));
            }
            std::thread::sleep(pause(tries));
            tries += 1;
        }
    }

    /// Sends batches after so many.
    pub fn sender(&self, sent: i64) -> Sender<'_> {
        Sender { remote: &self.store.remote, me: &self.me, heart: &self.heart, sent }
    }
}

/// A name that no other writer has: only compared, never part of the content.
fn name() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{}-{:016x}", std::process::id(), RandomState::new().hash_one(std::process::id()))
}

impl<'s> Neo4jWriter<'s> {
    pub fn begin(store: &'s Neo4jStore, change: &Change) -> Result<Self, StoreError> {
        let right = Right::take(store)?;
        let point = right.clear()?;
        let (sources, vault) = right.sources(&point)?;
        Self::from_point(store, change, Some(right), (point, sources, vault))
    }

    /// A change that is only tried: nobody is kept from writing meanwhile.
    pub fn rehearse(store: &'s Neo4jStore, change: &Change) -> Result<Self, StoreError> {
        Self::from_point(store, change, None, store.seen_whole()?)
    }

    fn from_point(
        store: &'s Neo4jStore,
        change: &Change,
        right: Option<Right<'s>>,
        (point, sources, vault): (Point, Vec<SourceRow>, Vault),
    ) -> Result<Self, StoreError> {
        let folder = folder()?;
        let path = folder.file("change.db");
        let conn = replica::create(&path)?;
        let mut filling = Filling::new(Arc::clone(&store.remote), point);
        filling.begin(&conn, &sources)?;
        filling.changes(&conn)?;
        filling.vault(&conn, &vault)?;
        replica::finish(&conn, &path)?;
        drop(conn);
        let mut local = SqliteWriter::begin(&path, change)?;
        let point = filling.point.clone();
        local.continue_after(point.entities, point.sources, point.claims, point.steps);
        let context = Context::new(filling, &sources);
        let were_sealed = sealed(&sources);
        Ok(Self { right, local, context, point, were_sealed, folder })
    }

    /// Reads what records touch; of an empty store there is nothing to read.
    fn fetch(&mut self, records: &[Record]) -> Result<(), StoreError> {
        if self.point.change == 0 { Ok(()) } else { self.context.fetch(&self.local.conn, records) }
    }

    fn ship(&self, ended: &dyn Fn() -> bool) -> Result<(), StoreError> {
        let Some(right) = &self.right else {
            return Err(StoreError::Io("a change that is only tried is not written".to_owned()));
        };
        let conn = &self.local.conn;
        let (claims, steps) =
            (&self.context.filled.filling.beaten_claims, &self.context.filled.filling.beaten_steps);
        let shipment = Shipment {
            conn,
            base: &self.point,
            number: self.local.number,
            digest: self.local.digest,
            beaten_claims: claims,
            beaten_steps: steps,
            words: &self.context.words,
            were_sealed: &self.were_sealed,
        };
        let mut go_on = |_| if ended() { Err(StoreError::BrokenOff) } else { Ok(()) };
        shipment.send(&mut right.sender(0), &mut go_on)
    }

    /// After the first change the scratch file holds all that the server does: who asks next for everything, as the
    /// statistics at the end of an import do, is answered by it. Who protected sources are is taken out.
    fn hand_over(self) -> Result<(), StoreError> {
        let Self { right: Some(right), local, folder, .. } = self else { return Ok(()) };
        let point = right.store.point()?;
        if (point.change, point.digest.printed()) != (local.number, local.digest.printed()) {
            return Ok(());
        }
        local.run(include_str!("../../../queries/sqlite/vault_empty.sql"), [])?;
        let path = local.path.clone();
        drop(local);
        right.store.hold(point, path, folder);
        Ok(())
    }
}

impl Writer for Neo4jWriter<'_> {
    fn put(&mut self, record: &Record) -> Result<Outcome, StoreError> {
        self.fetch(std::slice::from_ref(record))?;
        self.local.put(record)
    }

    fn expect(&mut self, records: &[Record]) -> Result<(), StoreError> {
        self.fetch(records)
    }

    fn digest(&self) -> Option<String> {
        Writer::digest(&self.local)
    }

    fn tally(&self) -> Tally {
        self.local.tally()
    }

    fn finish(self: Box<Self>) -> Result<Tally, StoreError> {
        self.finish_unless(&|| false)
    }

    fn finish_unless(mut self: Box<Self>, ended: &dyn Fn() -> bool) -> Result<Tally, StoreError> {
        let tally = self.local.tally();
        if tally.added + tally.updated + tally.merged > 0 {
            self.local.commit()?;
            self.ship(ended)?;
            if self.point.change == 0 {
                // The change is in, whatever comes of this.
                let _ = self.hand_over();
            }
        }
        Ok(tally)
    }
}
