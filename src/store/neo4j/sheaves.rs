//! Sheaves as they were read of a server, for all views of the same content: what one has read none reads again.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use neo4rs::{Query, Row};

use super::cells;
use super::query;
use super::remote::{Point, Remote, Trouble};
use super::sheaf::{self, Listed, Part, Sheaf, Who};
use crate::model::{Id, Kind};
use crate::store::StoreError;
use crate::store::sqlite::replica::FactRow;

/// Entities asked for in one question.
const AT_ONCE: usize = 5_000;
/// Ties held before what was read is let go.
const MOST: usize = 4_000_000;

/// What was read so far.
#[derive(Default)]
pub(super) struct Sheaves(Mutex<Held>);

#[derive(Default)]
struct Held {
    sheaves: HashMap<i64, Arc<Sheaf>>,
    /// What is said of entities, as it came.
    told: HashMap<i64, Vec<String>>,
    /// Whoever was named.
    who: HashMap<i64, Who>,
    ties: usize,
}

/// An entity by number, who it is, and what is said of it, each with its hash.
pub(super) type Told = (i64, Who, Vec<(FactRow, u128)>);

/// A row of the server: the entity, the change, the part, its ties, what is said of it.
type Cells<'r> = (i64, i64, i64, Option<&'r str>, Option<&'r str>);

fn missing<T>(asked: impl IntoIterator<Item = i64>, held: &HashMap<i64, T>) -> Vec<i64> {
    let missing: BTreeSet<i64> = asked.into_iter().filter(|n| !held.contains_key(n)).collect();
    missing.into_iter().collect()
}

impl Sheaves {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether so much is held that it is better let go.
    pub fn is_full(&self) -> bool {
        self.held().ties > MOST
    }

    /// The sheaves of entities, in the order asked, those left out that there are not.
    pub fn of(
        &self,
        remote: &Remote,
        point: &Point,
        ns: &[i64],
    ) -> Result<Vec<(i64, Arc<Sheaf>)>, StoreError> {
        let new = missing(ns.iter().copied(), &self.held().sheaves);
        for some in new.chunks(AT_ONCE) {
            let read = read(remote, point, query!("sheaves_of").param("ns", some.to_vec()))?;
            lacking(remote, point, some, |n| read.0.contains_key(&n))?;
            let sheaves = read.0.into_iter().map(|(of, parts)| Ok((of, Sheaf::read(parts)?)));
            let sheaves = sheaves.collect::<Result<Vec<_>, cells::Unreadable>>();
            self.take(sheaves.map_err(|why| remote.err(why.into()))?, read.1);
        }
        let held = self.held();
        Ok(ns.iter().filter_map(|n| Some((*n, Arc::clone(held.sheaves.get(n)?)))).collect())
    }

    fn take(&self, sheaves: Vec<(i64, Sheaf)>, told: HashMap<i64, Vec<String>>) {
        let held = &mut *self.held();
        held.told.extend(told);
        for (of, mut sheaf) in sheaves {
            held.ties += sheaf.ties.len();
            held.who.entry(of).or_insert_with(|| sheaf.who.clone());
            for (far, who) in std::mem::take(&mut sheaf.others) {
                held.who.entry(far).or_insert(who);
            }
            held.sheaves.insert(of, Arc::new(sheaf));
        }
    }

    /// What is said of entities, each with who it is; those left out that there are not.
    pub fn told(&self, remote: &Remote, point: &Point, ns: &[i64]) -> Result<Vec<Told>, StoreError> {
        let new = missing(ns.iter().copied(), &self.held().told);
        for some in new.chunks(AT_ONCE) {
            let read = read(remote, point, query!("sheaves_told_of").param("ns", some.to_vec()))?;
            lacking(remote, point, some, |n| read.1.contains_key(&n))?;
            self.held().told.extend(read.1);
        }
        let distinct: BTreeSet<i64> = ns.iter().copied().collect();
        let held = self.held();
        let texts = distinct.into_iter().filter_map(|n| Some((n, held.told.get(&n)?.clone())));
        let texts: Vec<(i64, Vec<String>)> = texts.collect();
        drop(held);
        let mut all = Vec::with_capacity(texts.len());
        for (n, texts) in texts {
            let (mut who, mut facts) = (None, Vec::new());
            for text in texts {
                let read = sheaf::facts(n, &text).map_err(|why| remote.err(why.into()))?;
                who.get_or_insert(read.0);
                facts.extend(read.1);
            }
            all.extend(who.map(|who| (n, who, facts)));
        }
        Ok(all)
    }

    /// By which words each of these stands among the officials, in the order asked. Reads their sheaves whole: whoever is
    /// none by any word is asked for his duties next.
    pub fn listed(&self, remote: &Remote, point: &Point, ns: &[i64]) -> Result<Vec<Vec<Listed>>, StoreError> {
        self.of(remote, point, ns)?;
        let held = self.held();
        let of = |n: &i64| {
            let texts = held.told.get(n).map_or(&[][..], Vec::as_slice);
            let words = texts.iter().map(|text| sheaf::listed(text)).collect::<Result<Vec<_>, _>>();
            words.map(|words| words.concat()).map_err(|why| remote.err(why.into()))
        };
        ns.iter().map(of).collect()
    }

    /// Who entities are, in the order asked; nobody where there is none.
    pub fn who(&self, remote: &Remote, point: &Point, ns: &[i64]) -> Result<Vec<Option<Who>>, StoreError> {
        let new = missing(ns.iter().copied(), &self.held().who);
        for some in new.chunks(AT_ONCE) {
            let mut read: Vec<(i64, Who)> = Vec::new();
            let question = query!("entities_numbered").param("ns", some.to_vec());
            remote.ask(question.param("last", point.entities), |row| {
                let (n, id, kind): (i64, String, Kind) = cells::entity(row)?;
                read.push((n, (Id::from(id), kind)));
                Ok(())
            })?;
            self.held().who.extend(read);
        }
        let held = self.held();
        Ok(ns.iter().map(|n| held.who.get(n).cloned()).collect())
    }
}

/// Texts by entity: those of ties, and what is said.
pub(super) type Texts = (HashMap<i64, Vec<Part>>, HashMap<i64, Vec<String>>);

/// The sheaves that a question asks for, up to a point.
pub(super) fn read(remote: &Remote, point: &Point, question: Query) -> Result<Texts, StoreError> {
    let (mut parts, mut told): Texts = (HashMap::new(), HashMap::new());
    remote.ask(question.param("now", point.change as i64), |row| take(row, &mut parts, &mut told))?;
    Ok((parts, told))
}

/// Whoever is there has a sheaf, since something was said of him: one that is lost is damage, and not somebody without ties.
fn lacking(
    remote: &Remote,
    point: &Point,
    asked: &[i64],
    has: impl Fn(i64) -> bool,
) -> Result<(), StoreError> {
    let missing: Vec<i64> = asked.iter().copied().filter(|n| *n <= point.entities && !has(*n)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let there = query!("entities_numbered").param("ns", missing).param("last", point.entities);
    if remote.has_any(there)? {
        let why = "somebody is there of whom the sheaf is lost".to_owned();
        return Err(remote.err(Trouble::Unreadable(why)));
    }
    Ok(())
}

fn take(
    row: &Row,
    parts: &mut HashMap<i64, Vec<Part>>,
    told: &mut HashMap<i64, Vec<String>>,
) -> Result<(), Trouble> {
    let (of, change, part, ties, said): Cells<'_> = cells::cells(row)?;
    if let Some(ties) = ties {
        parts.entry(of).or_default().push((of, change, part, ties.to_owned()));
    }
    let own = told.entry(of).or_default();
    own.extend(said.map(str::to_owned));
    Ok(())
}
