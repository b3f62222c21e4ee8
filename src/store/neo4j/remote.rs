//! Questions to the server, and its answers put into tables (`sqlite::replica`).
//!
//! Nothing in the server changes what an earlier change wrote, but for words that are beaten, whose versions stand
//! side by side; so whoever asks for rows of finished changes up to one number gets one consistent answer, whatever
//! is written meanwhile.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use neo4rs::{BoltType, Query, Row};
use rusqlite::Connection;

use super::address::Address;
use super::cells::{self, Unreadable};
use super::driver::{Driver, Fault};
use super::sheaf::Who;
use super::{query, stream};
use crate::model::Kind;
use crate::store::StoreError;
use crate::store::sqlite::canon::{Digest, Sum};
use crate::store::sqlite::connect;
use crate::store::sqlite::replica::{FactRow, Replica, SourceRow, VaultRow};
use crate::store::sqlite::ties::ClaimRow;

/// Numbers asked for in one question.
const AT_ONCE: usize = 10_000;
/// Entities, or claims, in one part of a whole read.
pub(super) const PART: i64 = 100_000;

/// How far a view sees: the last finished change, and the last numbers that it gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Point {
    pub change: u64,
    pub entities: i64,
    pub claims: i64,
    pub steps: i64,
    pub sources: i64,
    pub digest: Digest,
}

/// Who protected sources are as of a point, and its digest with the sums that depend on it.
pub(super) struct Vault {
    words: Vec<VaultRow>,
    pub digest: Digest,
}

/// What goes wrong on the way from the server into tables.
pub(super) enum Trouble {
    Fault(Fault),
    Unreadable(String),
    Store(StoreError),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Unreadable> for Trouble {
    fn from(why: Unreadable) -> Self {
        Self::Unreadable(why.to_string())
    }
}

/// A server.
pub(super) struct Remote {
    pub driver: Driver,
    pub address: Address,
}

/// What the server says of the store as a whole.
pub(super) struct State {
    pub point: Point,
    /// Batches of a change that is not finished.
    pub batch: i64,
    pub layout: i64,
    pub writer: Option<String>,
}

impl State {
    fn of(cells: cells::StoreCells) -> Result<Self, Unreadable> {
        let cells::StoreCells(layout, change, entities, claims, steps, sources, batch, writer, digest) =
            cells;
        let digest = digest_of(&digest).ok_or_else(|| Unreadable("the digest".to_owned()))?;
        let point = Point { change: change as u64, entities, claims, steps, sources, digest };
        Ok(Self { point, batch, layout, writer })
    }
}

/// The store as the member that leads has it, with what came of the one who looks.
pub(super) struct Look {
    pub state: State,
    /// The last change that he finished.
    pub finished: Option<i64>,
}

impl Remote {
    pub fn err(&self, trouble: Trouble) -> StoreError {
        match trouble {
            Trouble::Fault(fault) => fault.at(&self.address),
            Trouble::Store(error) => error,
            Trouble::Unreadable(reason) => StoreError::Damaged { path: self.address.shown().into(), reason },
        }
    }

    /// Puts a question, and hands out each row of the answer.
    pub fn ask(
        &self,
        question: Query,
        mut each: impl FnMut(&Row) -> Result<(), Trouble>,
    ) -> Result<(), StoreError> {
        self.driver.each(&question, &mut each).map_err(|trouble| self.err(trouble))
    }

    /// Whether a question has any answer.
    pub fn has_any(&self, question: Query) -> Result<bool, StoreError> {
        let mut any = false;
        self.ask(question, |_| {
            any = true;
            Ok(())
        })?;
        Ok(any)
    }

    /// The store as the server has it; `None` where there is none.
    pub fn state(&self) -> Result<Option<State>, StoreError> {
        let mut state = None;
        self.ask(query!("store_read"), |row| {
            state = Some(State::of(cells::cells(row)?)?);
            Ok(())
        })?;
        Ok(state)
    }

    /// The store as the member that leads has it: asked in a transaction that writes, which no other member takes, so
    /// that the answer is no old one.
    pub fn look(&self, me: &str) -> Result<Option<Look>, Fault> {
        let rows = match self.driver.change(vec![query!("store_look").param("me", me)]) {
            Err(Fault::Overtaken) => return Ok(None),
            other => other?,
        };
        let Some(row) = rows.first() else { return Ok(None) };
        let read = || {
            let (state, finished): (cells::StoreCells, Option<i64>) = cells::cells(row)?;
            Ok(Look { state: State::of(state)?, finished })
        };
        read().map(Some).map_err(|why: Unreadable| Fault::Other(why.to_string()))
    }

    /// The digest of the last finished change with the sums that depend on who protected sources are.
    pub fn whole_digest(&self, point: &Point) -> Result<Digest, StoreError> {
        let mut digest = point.digest;
        self.ask(query!("vault_digest_read"), |row| {
            let sums: Vec<String> = cells::cells(row)?;
            for (part, text) in digest.0.iter_mut().zip(&sums) {
                part.whole =
                    u128::from_str_radix(text, 16).map_err(|_| Unreadable("the digest".to_owned()))?;
            }
            Ok(())
        })?;
        Ok(digest)
    }

    /// Who protected sources are. For writers, copies and `verify`, never for a view.
    pub fn vault(&self, point: &Point) -> Result<Vault, StoreError> {
        let mut words = Vec::new();
        self.ask(query!("vault_words").param("now", point.change as i64), |row| {
            words.push(cells::vault(row)?);
            Ok(())
        })?;
        Ok(Vault { words, digest: self.whole_digest(point)? })
    }

    /// The words of all sources up to a change, in order.
    pub fn sources(&self, now: u64) -> Result<Vec<SourceRow>, StoreError> {
        let mut sources = Vec::new();
        self.ask(query!("sources").param("now", now as i64), |row| {
            sources.push(cells::source(row)?);
            Ok(())
        })?;
        Ok(sources)
    }
}

/// A digest as it is kept: rows and sum of each part.
pub(super) fn digest_texts(digest: &Digest) -> Vec<String> {
    digest.0.iter().map(|sum| format!("{}:{:032x}", sum.rows, sum.open)).collect()
}

fn digest_of(texts: &[String]) -> Option<Digest> {
    let mut digest = Digest::default();
    for (place, text) in digest.0.iter_mut().zip(texts) {
        let (rows, open) = text.split_once(':')?;
        *place = Sum { rows: rows.parse().ok()?, open: u128::from_str_radix(open, 16).ok()?, whole: 0 };
    }
    (texts.len() == digest.0.len()).then_some(digest)
}

/// The whole sums, which depend on who protected sources are and are kept in the vault.
pub(super) fn whole_texts(digest: &Digest) -> Vec<String> {
    digest.0.iter().map(|sum| format!("{:032x}", sum.whole)).collect()
}

/// Tables that are filled from a server, as far as a point.
pub(super) struct Filling {
    pub remote: Arc<Remote>,
    pub point: Point,
    pub replica: Replica,
    /// Since when the claims and steps that were read were beaten, where they were.
    pub beaten_claims: HashMap<i64, i64>,
    pub beaten_steps: HashMap<i64, i64>,
}

/// Which entities to read.
pub(super) enum Whom<'a> {
    Ids(&'a [&'a str]),
    Numbers(&'a [i64]),
}

impl Filling {
    pub fn new(remote: Arc<Remote>, point: Point) -> Self {
        let (beaten_claims, beaten_steps) = (HashMap::new(), HashMap::new());
        Self { remote, point, replica: Replica::default(), beaten_claims, beaten_steps }
    }

    fn put(&self, done: rusqlite::Result<()>) -> Result<(), Trouble> {
        let place = self.remote.address.shown();
        done.map_err(|why| match connect::at(place.as_ref())(why) {
            // The tables are here, not there.
            StoreError::Full(_) => Trouble::Store(StoreError::Full(std::env::temp_dir())),
            other => Trouble::Store(other),
        })
    }

    /// What comes first everywhere: the last change, the digest, and the sources.
    pub fn begin(&mut self, conn: &Connection, sources: &[SourceRow]) -> Result<(), StoreError> {
        let mut first = || {
            let put = self.replica.digest(conn, &self.point.digest);
            self.put(put)?;
            for source in sources {
                let put = self.replica.source(conn, source);
                self.put(put)?;
            }
            Ok(())
        };
        first().map_err(|trouble| self.remote.err(trouble))
    }

    pub fn changes(&mut self, conn: &Connection) -> Result<(), StoreError> {
        let remote = Arc::clone(&self.remote);
        remote.ask(query!("changes_all").param("now", self.point.change as i64), |row| {
            let (n, who, why, known) = cells::change(row)?;
            let put = self.replica.change(conn, n, &who, &why, known);
            self.put(put)
        })
    }

    /// Puts in who protected sources are.
    pub fn vault(&mut self, conn: &Connection, vault: &Vault) -> Result<(), StoreError> {
        self.point.digest = vault.digest;
        let words = vault.words.iter().try_for_each(|word| self.replica.vault(conn, word));
        let put = words.and_then(|()| self.replica.digest(conn, &vault.digest));
        self.put(put).map_err(|trouble| self.remote.err(trouble))
    }

    fn read_entities(&mut self, conn: &Connection, question: Query) -> Result<Vec<i64>, StoreError> {
        let (remote, mut found) = (Arc::clone(&self.remote), Vec::new());
        remote.ask(question.param("last", self.point.entities), |row| {
            let (n, id, kind): (i64, String, Kind) = cells::entity(row)?;
            found.push(n);
            let put = self.replica.entity(conn, n, &id, kind);
            self.put(put)
        })?;
        Ok(found)
    }

    /// Reads entities without what is said of them; gives the numbers of those that there are.
    pub fn entities(&mut self, conn: &Connection, whom: &Whom<'_>) -> Result<Vec<i64>, StoreError> {
        let mut found = Vec::new();
        match whom {
            Whom::Ids(ids) => {
                for ids in ids.chunks(AT_ONCE) {
                    found.extend(self.read_entities(conn, query!("entities_of").param("ids", texts(ids)))?);
                }
            }
            Whom::Numbers(ns) => {
                let missing: Vec<i64> = ns.iter().copied().filter(|n| !self.replica.has(*n)).collect();
                for ns in missing.chunks(AT_ONCE) {
                    let question = query!("entities_numbered").param("ns", ns.to_vec());
                    self.read_entities(conn, question)?;
                }
                found.extend(ns.iter());
            }
        }
        Ok(found)
    }

    /// Puts in entities that are known from elsewhere.
    pub fn named(&mut self, conn: &Connection, entities: &[(i64, Who)]) -> Result<(), StoreError> {
        entities.iter().try_for_each(|(n, (id, kind))| {
            let put = self.replica.entity(conn, *n, id.as_str(), *kind);
            self.put(put).map_err(|trouble| self.remote.err(trouble))
        })
    }

    fn read_facts(&mut self, conn: &Connection, question: Query) -> Result<(), StoreError> {
        let remote = Arc::clone(&self.remote);
        remote.ask(question.param("now", self.point.change as i64), |row| {
            let (fact, body) = cells::fact(row)?;
            let put = self.replica.fact(conn, &fact, body);
            self.put(put)
        })
    }

    /// Reads what is said of entities that were read.
    pub fn facts(&mut self, conn: &Connection, of: &[i64]) -> Result<(), StoreError> {
        for ns in of.chunks(AT_ONCE) {
            self.read_facts(conn, query!("facts_numbered").param("ns", ns.to_vec()))?;
        }
        Ok(())
    }

    /// Reads claims that were not read before, and the entities that they name; gives these entities' numbers.
    pub fn claims(
        &mut self,
        conn: &Connection,
        questions: Vec<Query>,
        known: &mut BTreeSet<i64>,
    ) -> Result<BTreeSet<i64>, StoreError> {
        let (remote, mut found) = (Arc::clone(&self.remote), Vec::new());
        for question in questions {
            remote.ask(question.param("last", self.point.claims), |row| {
                let claim = cells::claim(row, self.point.change)?;
                if known.insert(claim.0) {
                    found.push(claim);
                }
                Ok(())
            })?;
        }
        let ends: BTreeSet<i64> = found.iter().flat_map(|(_, _, claim)| [claim.from, claim.to]).collect();
        let all: Vec<i64> = ends.iter().copied().collect();
        self.entities(conn, &Whom::Numbers(&all))?;
        for (n, tie, claim) in &found {
            self.beaten_claims.extend(claim.beaten.map(|since| (*n, since)));
            self.put_claim(conn, *n, *tie, claim)?;
        }
        Ok(ends)
    }

    /// Reads steps that were not read before, and their subjects; gives these.
    pub fn steps(
        &mut self,
        conn: &Connection,
        question: Query,
        known: &mut BTreeSet<i64>,
    ) -> Result<BTreeSet<i64>, StoreError> {
        let (remote, mut found) = (Arc::clone(&self.remote), Vec::new());
        remote.ask(question.param("last", self.point.steps), |row| {
            let step = cells::step(row, self.point.change)?;
            if known.insert(step.0.n) {
                found.push(step);
            }
            Ok(())
        })?;
        let subjects: BTreeSet<i64> = found.iter().map(|(step, _)| step.subject).collect();
        let all: Vec<i64> = subjects.iter().copied().collect();
        self.entities(conn, &Whom::Numbers(&all))?;
        for (step, body) in &found {
            self.beaten_steps.extend(step.beaten.map(|since| (step.n, since)));
            let put = self.replica.step(conn, step, *body);
            self.put(put).map_err(|trouble| remote.err(trouble))?;
        }
        Ok(subjects)
    }

    /// Reads everybody, with what is said of them.
    pub fn everybody(&mut self, conn: &Connection) -> Result<(), StoreError> {
        let remote = Arc::clone(&self.remote);
        for from in (0..=self.point.entities).step_by(PART as usize) {
            let part = |query: Query| query.param("from", from).param("to", from + PART);
            self.read_entities(conn, part(query!("entities_in_part")))?;
            let facts = part(query!("facts_in_part")).param("now", self.point.change as i64);
            stream::each(
                &remote,
                vec![facts],
                |row| Ok(cells::fact(row)?),
                |(fact, body)| self.put_fact(conn, &fact, body),
            )?;
        }
        Ok(())
    }

    /// Reads every claim and step; everybody must have been read.
    pub fn everything(&mut self, conn: &Connection) -> Result<(), StoreError> {
        let remote = Arc::clone(&self.remote);
        let parts = (0..=self.point.claims).step_by(PART as usize).map(|from| {
            let question = query!("claims_in_part").param("from", from).param("to", from + PART);
            question.param("last", self.point.claims)
        });
        let now = self.point.change;
        stream::each(
            &remote,
            parts.collect(),
            |row| Ok(cells::claim(row, now)?),
            |(n, tie, claim)| self.put_claim(conn, n, tie, &claim),
        )?;
        self.all_steps(conn)
    }

    /// Reads every step; everybody must have been read.
    pub fn all_steps(&mut self, conn: &Connection) -> Result<(), StoreError> {
        self.steps(conn, query!("steps"), &mut BTreeSet::new()).map(|_| ())
    }

    pub fn put_fact(&mut self, conn: &Connection, fact: &FactRow, body: u128) -> Result<(), StoreError> {
        let put = self.replica.fact(conn, fact, body);
        self.put(put).map_err(|trouble| self.remote.err(trouble))
    }

    pub fn put_claim(
        &mut self,
        conn: &Connection,
        n: i64,
        tie: i64,
        claim: &ClaimRow,
    ) -> Result<(), StoreError> {
        let put = self.replica.claim(conn, n, tie, claim);
        self.put(put).map_err(|trouble| self.remote.err(trouble))
    }
}

pub(super) fn texts(texts: &[&str]) -> BoltType {
    texts.to_vec().into()
}
