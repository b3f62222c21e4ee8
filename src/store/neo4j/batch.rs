//! Batches on their way to the server.
//!
//! Each is one transaction that counts itself on the store's own node, so that after a connection that died in a
//! commit the count says whether it was made.

use std::collections::BTreeMap;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Instant;

use neo4rs::{BoltMap, BoltString, BoltType, Query};

use super::driver::{Fault, PATIENCE, pause};
use super::query;
use super::remote::Remote;
use crate::model::{Kind, TieType};
use crate::store::StoreError;

/// Rows in one transaction.
pub(super) const BATCH: usize = 2_000;
/// How long a writer that does not speak keeps the right to write, in milliseconds.
pub(super) const LEASE: i64 = 60_000;

/// A statement with its rows.
#[derive(Clone)]
pub(super) struct Load {
    text: String,
    rows: Vec<BoltType>,
}

impl Load {
    pub fn new(text: &str, rows: Vec<BoltType>) -> Self {
        Self { text: text.to_owned(), rows }
    }

    pub fn query(&self) -> Query {
        neo4rs::query(&self.text).param("rows", self.rows.clone())
    }
}

macro_rules! text {
    ($name:literal) => {
        include_str!(concat!("../../../queries/neo4j/", $name, ".cypher"))
    };
}
pub(super) use text;

/// A map of what is there.
pub(super) fn map<const N: usize>(cells: [(&str, BoltType); N]) -> BoltType {
    BoltType::Map(cells.into_iter().filter(|(_, cell)| !matches!(cell, BoltType::Null(_))).fold(
        BoltMap::new(),
        |mut map, (name, cell)| {
            map.put(BoltString::from(name), cell);
            map
        },
    ))
}

pub(super) fn maybe(text: Option<impl ToString>) -> BoltType {
    text.map(|text| text.to_string()).into()
}

/// The type of a relationship: a tie's code in capitals.
fn relationship(ty: TieType) -> String {
    ty.code().to_uppercase()
}

/// The label of a kind of entity.
pub(super) fn label(kind: Kind) -> String {
    let code = kind.code();
    let (first, rest) = code.split_at(1.min(code.len()));
    format!("{}{rest}", first.to_uppercase())
}

/// Statements with a label or a type in their text, since neither can be a parameter: words of closed lists.
pub(super) fn with_type(text: &str, ty: TieType) -> String {
    text.replace("TYPE", &relationship(ty))
}

/// Where batches go, one after another.
pub(super) trait Sink {
    fn send(&mut self, loads: Vec<Load>) -> Result<(), StoreError>;
}

/// Which writer sends, and what it has sent.
pub(super) struct Sender<'r> {
    pub remote: &'r Remote,
    pub me: &'r str,
    /// Batches so far.
    pub sent: i64,
}

impl Sink for Sender<'_> {
    /// Sends statements as one batch.
    fn send(&mut self, loads: Vec<Load>) -> Result<(), StoreError> {
        let loads: Vec<Load> = loads.into_iter().filter(|load| !load.rows.is_empty()).collect();
        if loads.is_empty() {
            return Ok(());
        }
        let guard = self.param(query!("batch")).param("after", self.sent + 1);
        let statements: Vec<Query> = std::iter::once(guard).chain(loads.iter().map(Load::query)).collect();
        let after = self.sent + 1;
        match self.surely(&statements, |state| state.batch == after) {
            Ok(()) => {
                self.sent += 1;
                Ok(())
            }
            // As much at once as this the server cannot hold: half of it, then the other half.
            Err(Fault::TooMuch(_)) if loads.iter().any(|load| load.rows.len() > 1) => {
                let halves = |load: Load| {
                    let (first, second) = load.rows.split_at(load.rows.len().div_ceil(2));
                    (Load::new(&load.text, first.to_vec()), Load::new(&load.text, second.to_vec()))
                };
                let (first, second): (Vec<Load>, Vec<Load>) = loads.into_iter().map(halves).unzip();
                self.send(first)?;
                self.send(second)
            }
            Err(fault) => Err(fault.at(&self.remote.address)),
        }
    }
}

impl Sender<'_> {
    pub fn param(&self, query: Query) -> Query {
        query.param("me", self.me).param("lease", LEASE).param("before", self.sent)
    }

    /// Forgets what was sent: it was undone.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        let guard = self.param(query!("batch")).param("after", 0);
        let done = self.surely(&[guard], |state| state.batch == 0);
        self.sent = 0;
        done.map_err(|fault| fault.at(&self.remote.address))
    }

    /// Runs statements in one transaction, as often as it takes. Where nobody knows whether it was made, the store
    /// says so.
    pub fn surely(
        &self,
        statements: &[Query],
        made: impl Fn(&super::remote::State) -> bool,
    ) -> Result<(), Fault> {
        let (since, mut tries) = (Instant::now(), 0);
        loop {
            let fault = match self.remote.driver.change(statements.to_vec()) {
                Ok(()) => return Ok(()),
                // The first of two tries may have come through after all.
                Err(fault @ Fault::Overtaken) if tries > 0 => fault,
                Err(fault) if fault.may_pass() => fault,
                Err(other) => return Err(other),
            };
            if since.elapsed() > PATIENCE {
                return Err(fault);
            }
            std::thread::sleep(pause(tries));
            tries += 1;
            match self.remote.state() {
                Ok(Some(state)) if made(&state) => return Ok(()),
                Ok(Some(state)) if state.writer.as_deref() == Some(self.me) && state.batch == self.sent => {}
                Ok(_) => return Err(Fault::Overtaken),
                // It is down, or starts again.
                Err(StoreError::Unreachable(_)) => {}
                Err(_) => return Err(fault),
            }
        }
    }
}

/// Batches that wait for the one before: what is sent next is made ready while that is under way.
pub(super) struct Queue<'w> {
    to: SyncSender<Vec<Load>>,
    watch: Watch<'w>,
}

/// Is told of how many rows passed, and may end it.
pub(super) type Watch<'w> = &'w mut dyn FnMut(usize) -> Result<(), StoreError>;

impl Sink for Queue<'_> {
    fn send(&mut self, loads: Vec<Load>) -> Result<(), StoreError> {
        // Who sends has failed, and says why.
        self.to.send(loads).map_err(|_| StoreError::BrokenOff)
    }
}

impl Queue<'_> {
    /// So many rows of the file are on their way.
    pub fn passed(&mut self, rows: usize) -> Result<(), StoreError> {
        (self.watch)(rows)
    }

    /// Sends what is put into a queue, in this order; is done when all of it is there.
    pub fn through<T>(
        sender: &mut Sender<'_>,
        watch: Watch<'_>,
        put: impl FnOnce(&mut Queue<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (to, from) = sync_channel(1);
        std::thread::scope(|scope| {
            let sending = scope.spawn(move || from.iter().try_for_each(|loads| sender.send(loads)));
            let put = put(&mut Queue { to, watch });
            let broken = || StoreError::Io("what sends has failed".to_owned());
            sending.join().map_err(|_| broken()).and_then(|sent| sent)?;
            put
        })
    }
}

/// A tie on the server: its type, its number, and the numbers of its ends.
pub(super) type Tied = (TieType, i64, i64, i64);

/// Brings what people see of ties in line with their claims.
pub(super) fn recount(sink: &mut impl Sink, ties: &[Tied]) -> Result<(), StoreError> {
    for some in ties.chunks(BATCH) {
        let mut loads = Loads::default();
        for (ty, tie, from, to) in some {
            let row = || map([("tie", (*tie).into()), ("from", (*from).into()), ("to", (*to).into())]);
            loads.add(&with_type(text!("tie_count"), *ty), row());
            loads.add_later(&with_type(text!("tie_end"), *ty), row());
        }
        sink.send(loads.take())?;
    }
    Ok(())
}

/// Rows by statement; some statements come after others.
#[derive(Default)]
pub(super) struct Loads {
    first: BTreeMap<String, Vec<BoltType>>,
    later: BTreeMap<String, Vec<BoltType>>,
    pub rows: usize,
}

impl Loads {
    pub fn add(&mut self, text: &str, row: BoltType) {
        self.first.entry(text.to_owned()).or_default().push(row);
        self.rows += 1;
    }

    pub fn add_later(&mut self, text: &str, row: BoltType) {
        self.later.entry(text.to_owned()).or_default().push(row);
    }

    /// Takes in others.
    pub fn join(&mut self, others: Self) {
        for (to, from) in [(&mut self.first, others.first), (&mut self.later, others.later)] {
            for (text, rows) in from {
                to.entry(text).or_default().extend(rows);
            }
        }
        self.rows += others.rows;
    }

    pub fn take(&mut self) -> Vec<Load> {
        let Self { first, later, .. } = std::mem::take(self);
        first.into_iter().chain(later).map(|(text, rows)| Load { text, rows }).collect()
    }
}
