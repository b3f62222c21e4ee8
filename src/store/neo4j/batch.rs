//! Batches on their way to the server.
//!
//! Each is one transaction that counts itself on the store's own node, so that after a connection that died in a
//! commit the count says whether it was made.

use std::collections::BTreeMap;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Instant;

use neo4rs::{BoltMap, BoltString, BoltType, Query, Row};

use super::driver::{Fault, MOMENT, PATIENCE, insist, pause};
use super::heart::Heart;
use super::query;
use super::remote::{Look, Remote};
use crate::model::{Kind, TieType};
use crate::store::StoreError;

/// Rows in one transaction.
pub(super) const BATCH: usize = 2_000;
/// Bytes in one transaction, about: ArcadeDB ends a connection over which more than 16 MiB come at once.
pub(super) const BYTES: usize = 4 << 20;
/// How long a writer that does not speak keeps the right to write, in milliseconds.
pub(super) const LEASE: i64 = 60_000;

/// A statement with its rows.
#[derive(Clone)]
pub(super) struct Load {
    text: String,
    rows: Vec<BoltType>,
    /// The sources that are sealed, where that decides what is shown.
    sealed: Option<BoltType>,
}

impl Load {
    pub fn new(text: &str, rows: Vec<BoltType>) -> Self {
        Self { text: text.to_owned(), rows, sealed: None }
    }

    pub fn query(&self) -> Query {
        let query = neo4rs::query(&self.text).param("rows", self.rows.clone());
        match &self.sealed {
            Some(sealed) => query.param("sealed", sealed.clone()),
            None => query,
        }
    }

    fn of(&self, rows: &[BoltType]) -> Self {
        Self { text: self.text.clone(), rows: rows.to_vec(), sealed: self.sealed.clone() }
    }
}

/// Bytes that rows take on the way, about.
pub(super) fn weight(rows: &[BoltType]) -> usize {
    let of = |value: &BoltType| match value {
        BoltType::String(text) => text.value.len() + 5,
        BoltType::List(list) => weight(&list.value) + 5,
        BoltType::Map(map) => map
            .value
            .iter()
            .map(|(name, value)| name.value.len() + 5 + weight(std::slice::from_ref(value)))
            .sum::<usize>(),
        _ => 9,
    };
    rows.iter().map(of).sum()
}

/// Two batches in the place of one, in order: what comes later may look for what came before, so statements are parted
/// before the rows of one are. `None` where there is one row.
fn halves(loads: &[Load]) -> Option<(Vec<Load>, Vec<Load>)> {
    if let [load] = loads {
        let (first, second) = load.rows.split_at(load.rows.len().div_ceil(2));
        return (!second.is_empty()).then(|| (vec![load.of(first)], vec![load.of(second)]));
    }
    let (first, second) = loads.split_at(loads.len().div_ceil(2));
    (!second.is_empty()).then(|| (first.to_vec(), second.to_vec()))
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

/// Cells by place.
pub(super) fn list<const N: usize>(cells: [BoltType; N]) -> BoltType {
    cells.to_vec().into()
}

pub(super) fn maybe(text: Option<impl ToString>) -> BoltType {
    text.map(|text| text.to_string()).into()
}

/// The type of a relationship: a tie's code in capitals.
pub(super) fn relationship(ty: TieType) -> String {
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
    /// Keeps the right to write where nothing is sent.
    pub heart: &'r Heart,
    /// Batches so far.
    pub sent: i64,
}

impl Sink for Sender<'_> {
    /// Sends statements as one batch, or as several where that is too much at once.
    fn send(&mut self, loads: Vec<Load>) -> Result<(), StoreError> {
        let loads: Vec<Load> = loads.into_iter().filter(|load| !load.rows.is_empty()).collect();
        if loads.is_empty() {
            return Ok(());
        }
        let parts = || halves(&loads);
        let heavy = loads.iter().map(|load| weight(&load.rows)).sum::<usize>() > BYTES;
        if heavy && let Some((first, second)) = parts() {
            self.send(first)?;
            return self.send(second);
        }
        let after = self.sent + 1;
        let guard = self.guard(after);
        let statements: Vec<Query> = std::iter::once(guard).chain(loads.iter().map(Load::query)).collect();
        match self.surely(&statements, |look| self.wrote(look) && look.state.batch == after) {
            Ok(()) => {
                self.sent += 1;
                Ok(())
            }
            Err(fault) => match parts().filter(|_| matches!(fault, Fault::TooMuch(_))) {
                Some((first, second)) => {
                    self.send(first)?;
                    self.send(second)
                }
                None => Err(fault.at(&self.remote.address)),
            },
        }
    }
}

impl Sender<'_> {
    pub fn param(&self, query: Query) -> Query {
        query.param("me", self.me).param("lease", LEASE).param("before", self.sent)
    }

    /// What begins each batch: nothing is done unless we are still the writer, and have sent so many.
    fn guard(&self, after: i64) -> Query {
        self.param(query!("batch")).param("after", after)
    }

    /// The right to write lasts from where a transaction ends, however long it took.
    fn stay(&self) -> Query {
        query!("writer_stay").param("me", self.me).param("lease", LEASE)
    }

    fn wrote(&self, look: &Look) -> bool {
        look.state.writer.as_deref() == Some(self.me)
    }

    /// Forgets what was sent: it was undone, or all of it is done.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        let done = self.surely(&[self.guard(0)], |look| self.wrote(look) && look.state.batch == 0);
        self.sent = 0;
        done.map_err(|fault| fault.at(&self.remote.address))
    }

    /// Runs statements in one transaction, as often as it takes. Whatever it failed with may have come after all was
    /// done (an answer that is lost, or that nobody understands): the store says whether it was made.
    pub fn surely(&self, statements: &[Query], made: impl Fn(&Look) -> bool) -> Result<(), Fault> {
        let _at_work = self.heart.at_work();
        let (since, mut sent, mut tries) = (Instant::now(), 0, 0);
        loop {
            sent += 1;
            let fault = match self.remote.driver.change_and(statements.to_vec(), Some(self.stay())) {
                Ok(_) => return Ok(()),
                // The server said so before anything was done.
                Err(fault @ (Fault::Denied(_) | Fault::NoDatabase(_))) => return Err(fault),
                Err(Fault::Overtaken) if tries == 0 => return Err(Fault::Overtaken),
                Err(fault) => fault.after(tries),
            };
            // The first of two tries may have come through after all.
            let again = fault.may_pass() || fault == Fault::Overtaken;
            let patience = if again { PATIENCE } else { MOMENT };
            loop {
                std::thread::sleep(pause(tries));
                tries += 1;
                match self.remote.look(self.me) {
                    Ok(Some(look)) if made(&look) => return Ok(()),
                    Ok(Some(look)) if self.wrote(&look) && look.state.batch == self.sent => break,
                    // What failed for good is what is told, whoever writes by now.
                    Ok(_) if !again => return Err(fault),
                    Ok(_) => return Err(Fault::Overtaken),
                    // It is down, or starts again.
                    Err(down) if down.may_pass() && !patience.has_passed(since) => {}
                    Err(_) => return Err(fault),
                }
            }
            if !again || PATIENCE.is_over(since, sent) {
                return Err(fault);
            }
        }
    }

    /// Does, as the writer, what may be done twice; gives the rows of the last statement.
    pub fn again(&self, statements: Vec<Query>) -> Result<Vec<Row>, Fault> {
        let _at_work = self.heart.at_work();
        let statements: Vec<Query> = std::iter::once(self.guard(self.sent)).chain(statements).collect();
        let mut tries = 0;
        insist(PATIENCE, || {
            let done = self.remote.driver.change_and(statements.clone(), Some(self.stay()));
            let done = done.map_err(|fault| fault.after(tries));
            tries += 1;
            done
        })
    }

    /// Does some at a time of what may be done twice, fewer where that is too much at once, until a round says that
    /// nothing was left.
    pub fn rounds(&self, mut round: impl FnMut(i64) -> Result<bool, Fault>) -> Result<(), StoreError> {
        let mut some = BATCH as i64;
        loop {
            match round(some) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(Fault::TooMuch(_)) if some > 1 => some /= 2,
                Err(fault) => return Err(fault.at(&self.remote.address)),
            }
        }
    }

    /// Repeats a statement that takes away `$some` at a time and says how many these were.
    pub fn take_away(&self, statement: &Query) -> Result<(), StoreError> {
        self.rounds(|some| {
            let rows = self.again(vec![statement.clone().param("some", some)])?;
            Ok(rows.first().and_then(|row| row.get::<i64>("r").ok()).unwrap_or_default() > 0)
        })
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

/// What brings the relationships of ties in line with their claims, those of sealed sources left out.
pub(super) fn recounted(ties: &[Tied], sealed: &BoltType) -> Vec<Load> {
    let mut loads = Loads::default();
    for (ty, tie, from, to) in ties {
        let row = || map([("tie", (*tie).into()), ("from", (*from).into()), ("to", (*to).into())]);
        loads.add(&with_type(text!("tie_count"), *ty), row());
        loads.add_later(&with_type(text!("tie_end"), *ty), row());
    }
    let knows = |load: Load| Load { sealed: Some(sealed.clone()), ..load };
    loads.take().into_iter().map(knows).collect()
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
        first.into_iter().chain(later).map(|(text, rows)| Load { text, rows, sealed: None }).collect()
    }
}
