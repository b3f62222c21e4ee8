//! Sheaves as they were read of a server, for all views of the same content: what one has read none reads again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use neo4rs::{Query, Row};
use rustc_hash::{FxHashMap, FxHashSet};

use super::cells;
use super::remote::{Point, Remote, Trouble, texts};
use super::sheaf::{self, Listed, Others, Part, Sheaf, Who};
use super::{query, stream};
use crate::model::{Id, Kind};
use crate::store::StoreError;
use crate::store::sqlite::canon;
use crate::store::sqlite::links::Entry;
use crate::store::sqlite::replica::FactRow;
use crate::store::sqlite::ties::ClaimRow;

/// Entities asked for in one question.
const AT_ONCE: usize = 5_000;
/// … whose sheaves are read while those of others come.
const PIECE: usize = 1_000;
/// Ties held before what was read is let go.
const MOST: usize = 4_000_000;

/// What was read so far.
#[derive(Default)]
pub(super) struct Sheaves(Mutex<Held>);

#[derive(Default)]
struct Held {
    sheaves: FxHashMap<i64, Arc<Sheaf>>,
    /// What is said of entities, as it came.
    told: FxHashMap<i64, Arc<[String]>>,
    /// Whoever was named.
    who: Others,
    /// Numbers of those whose ids were asked for, or may be next.
    numbers: HashMap<Id, i64>,
    /// Who has no tie to himself.
    without_own: FxHashSet<i64>,
    ties: usize,
}

/// An entity by number, who it is, and what is said of it, each with its hash.
pub(super) type Told = (i64, Who, Vec<(FactRow, u128)>);

/// What the texts of an entity say of it; nothing where there are none.
pub(super) fn told_of(n: i64, texts: &[String]) -> Result<Option<Told>, cells::Unreadable> {
    let (mut who, mut facts) = (None, Vec::new());
    for text in texts {
        let read = sheaf::facts(n, text)?;
        who.get_or_insert(read.0);
        facts.extend(read.1);
    }
    Ok(who.map(|who| (n, who, facts)))
}

/// A claim of a tie of somebody to himself, which no sheaf has.
pub(super) struct Own {
    pub claim: i64,
    tie: i64,
    pub row: ClaimRow,
}

impl Own {
    /// What a walk asks of it.
    pub fn entry(&self) -> Entry {
        let ClaimRow { ty, layer, from, to, source, known, beaten, .. } = self.row;
        Entry { ends: (from, to), ty, layer, tie: self.tie, source, known, beaten }
    }
}

/// A row of the server: the entity, the change, the part, its ties, what is said of it.
type Cells<'r> = (i64, i64, i64, Option<&'r str>, Option<&'r str>);

fn missing<T>(asked: impl IntoIterator<Item = i64>, held: &FxHashMap<i64, T>) -> Vec<i64> {
    let missing: BTreeSet<i64> = asked.into_iter().filter(|n| !held.contains_key(n)).collect();
    missing.into_iter().collect()
}

/// As many ties are let go at once.
const FEW: usize = 10_000;

impl Drop for Sheaves {
    /// Much is let go by a thread of its own: whoever has his answer does not wait for that, nor does the end of the program.
    fn drop(&mut self) {
        let held = std::mem::take(&mut *self.held());
        if held.ties > FEW {
            // Without a thread it is let go here.
            let _ = std::thread::Builder::new().spawn(move || drop(held));
        }
    }
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
        let ask = |some: &[i64]| {
            let read = read(remote, point, query!("sheaves_of").param("ns", some.to_vec()))?;
            lacking(remote, point, some, |n| read.0.contains_key(&n))?;
            Ok(read)
        };
        let take = |(parts, told): Texts| self.take(remote, opened(remote, parts)?, told);
        if new.len() <= PIECE {
            new.chunks(PIECE).try_for_each(|few| take(ask(few)?))?;
        } else {
            let all = |give: &mut dyn FnMut(Texts) -> Result<(), StoreError>| {
                new.chunks(PIECE).try_for_each(|some| give(ask(some)?))
            };
            stream::hand_over(1, all, take)?;
        }
        let held = self.held();
        Ok(ns.iter().filter_map(|n| Some((*n, Arc::clone(held.sheaves.get(n)?)))).collect())
    }

    /// Reads the sheaves of entities without what is said of them, of each change no more than so many parts; gives those
    /// of whom that is not all, of whom nothing is kept.
    pub fn begin(
        &self,
        remote: &Remote,
        point: &Point,
        ns: &[i64],
        parts: i64,
    ) -> Result<BTreeSet<i64>, StoreError> {
        let new = missing(ns.iter().copied(), &self.held().sheaves);
        let mut long = BTreeSet::new();
        for some in new.chunks(AT_ONCE) {
            let mut read: FxHashMap<i64, Vec<Part>> = FxHashMap::default();
            let question = query!("sheaves_begun").param("ns", some.to_vec()).param("parts", parts);
            remote.ask(question.param("now", point.change as i64), |row| {
                let (of, change, part, ties, _): Cells<'_> = cells::cells(row)?;
                match ties {
                    Some(ties) => read.entry(of).or_default().push((of, change, part, ties.to_owned())),
                    None => drop(long.insert(of)),
                }
                Ok(())
            })?;
            lacking(remote, point, some, |n| read.contains_key(&n) || long.contains(&n))?;
            read.retain(|of, _| !long.contains(of));
            self.take(remote, opened(remote, read)?, FxHashMap::default())?;
        }
        Ok(long)
    }

    /// The claims of ties of these to themselves.
    pub fn own(&self, remote: &Remote, point: &Point, ns: &[i64]) -> Result<Vec<Own>, StoreError> {
        let new: Vec<i64> = {
            let held = self.held();
            ns.iter().copied().filter(|n| !held.without_own.contains(n)).collect()
        };
        let mut own = Vec::new();
        for some in new.chunks(AT_ONCE) {
            let question = query!("claims_to_oneself").param("ns", some.to_vec());
            remote.ask(question.param("last", point.claims), |row| {
                let (claim, tie, row) = cells::claim(row, point.change)?;
                own.push(Own { claim, tie, row });
                Ok(())
            })?;
        }
        let with: FxHashSet<i64> = own.iter().map(|own| own.row.from).collect();
        self.held().without_own.extend(new.into_iter().filter(|n| !with.contains(n)));
        Ok(own)
    }

    /// The numbers of the entities with these ids that there are.
    pub fn numbered(
        &self,
        remote: &Remote,
        point: &Point,
        ids: &[Id],
    ) -> Result<BTreeMap<Id, i64>, StoreError> {
        let new: BTreeSet<&Id> = {
            let held = self.held();
            ids.iter().filter(|id| !held.numbers.contains_key(*id)).collect()
        };
        let new: Vec<&str> = new.into_iter().map(Id::as_str).collect();
        for some in new.chunks(AT_ONCE) {
            let mut read: Vec<(i64, Who)> = Vec::new();
            let question = query!("entities_of").param("ids", texts(some));
            remote.ask(question.param("last", point.entities), |row| {
                let (n, id, kind): (i64, String, Kind) = cells::entity(row)?;
                read.push((n, (Id::from(id), kind)));
                Ok(())
            })?;
            let mut held = self.held();
            held.numbers.extend(read.iter().map(|(n, (id, _))| (id.clone(), *n)));
            held.who.extend(read);
        }
        let held = self.held();
        Ok(ids.iter().filter_map(|id| Some((id.clone(), *held.numbers.get(id)?))).collect())
    }

    /// Keeps by their ids those who were named: whoever walks asks for them next.
    pub fn learn(&self, ns: &BTreeSet<i64>) {
        let held = &mut *self.held();
        held.numbers.extend(ns.iter().filter_map(|n| Some((held.who.get(n)?.0.clone(), *n))));
    }

    /// Keeps what was read; whoever is called otherwise there than elsewhere is damage.
    fn take(
        &self,
        remote: &Remote,
        (sheaves, mut others): Opened,
        told: FxHashMap<i64, Vec<String>>,
    ) -> Result<(), StoreError> {
        let held = &mut *self.held();
        held.told.extend(told.into_iter().map(|(of, texts)| (of, texts.into())));
        let own = sheaves.iter().map(|(of, sheaf)| (*of, sheaf.who.clone()));
        let named = others
            .drain()
            .chain(own)
            .try_for_each(|(n, (id, kind))| sheaf::keep(&mut held.who, n, id.as_str(), kind));
        named.map_err(|why| remote.err(why.into()))?;
        for (of, sheaf) in sheaves {
            held.ties += sheaf.ties.len();
            held.sheaves.insert(of, Arc::new(sheaf));
        }
        Ok(())
    }

    /// Reads what is said of entities.
    fn tell(&self, remote: &Remote, point: &Point, ns: &[i64]) -> Result<(), StoreError> {
        let new = missing(ns.iter().copied(), &self.held().told);
        for some in new.chunks(AT_ONCE) {
            let read = read(remote, point, query!("sheaves_told_of").param("ns", some.to_vec()))?;
            lacking(remote, point, some, |n| read.1.contains_key(&n))?;
            let told = read.1.into_iter().map(|(of, texts)| (of, texts.into()));
            self.held().told.extend(told);
        }
        Ok(())
    }

    /// What is said of entities, each with who it is; those left out that there are not.
    pub fn told(&self, remote: &Remote, point: &Point, ns: &[i64]) -> Result<Vec<Told>, StoreError> {
        self.tell(remote, point, ns)?;
        let distinct: BTreeSet<i64> = ns.iter().copied().collect();
        let held = self.held();
        let texts = distinct.into_iter().filter_map(|n| Some((n, Arc::clone(held.told.get(&n)?))));
        let texts: Vec<(i64, Arc<[String]>)> = texts.collect();
        drop(held);
        let mut all = Vec::with_capacity(texts.len());
        for (n, texts) in texts {
            all.extend(told_of(n, &texts).map_err(|why| remote.err(why.into()))?);
        }
        // Who is told of is asked for by his id next.
        self.held().numbers.extend(all.iter().map(|(n, (id, _), _): &Told| (id.clone(), *n)));
        Ok(all)
    }

    /// By which words each of these stands among the officials, in the order asked. Reads their sheaves whole: whoever is
    /// none by any word is asked for his duties next.
    pub fn listed(&self, remote: &Remote, point: &Point, ns: &[i64]) -> Result<Vec<Vec<Listed>>, StoreError> {
        self.of(remote, point, ns)?;
        // Of whom ties alone were read.
        self.tell(remote, point, ns)?;
        let held = self.held();
        let of = |n: &i64| {
            let texts = held.told.get(n).map_or(&[][..], |texts| texts);
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

/// Sheaves by entity, and who is at the other ends of their ties.
type Opened = (Vec<(i64, Sheaf)>, Others);

/// Sheaves of the texts that were read.
fn opened(remote: &Remote, read: FxHashMap<i64, Vec<Part>>) -> Result<Opened, StoreError> {
    let mut others = Others::default();
    let sheaves = read.into_iter().map(|(of, parts)| Ok((of, Sheaf::read(parts, &mut others)?)));
    let sheaves = sheaves.collect::<Result<Vec<_>, cells::Unreadable>>();
    Ok((sheaves.map_err(|why| remote.err(why.into()))?, others))
}

/// Texts by entity: those of ties, and what is said.
pub(super) type Texts = (FxHashMap<i64, Vec<Part>>, FxHashMap<i64, Vec<String>>);

/// The sheaves that a question asks for, up to a point.
pub(super) fn read(remote: &Remote, point: &Point, question: Query) -> Result<Texts, StoreError> {
    let (mut parts, mut told): Texts = (FxHashMap::default(), FxHashMap::default());
    remote.ask(question.param("now", point.change as i64), |row| take(row, &mut parts, &mut told))?;
    Ok((parts, told))
}

/// Whether so many were found in sheaves as were ever written: a sheaf that is lost is damage.
pub(super) fn are_all(
    remote: &Remote,
    point: &Point,
    (found, part, what): (u64, canon::Part, &str),
) -> Result<(), StoreError> {
    let rows = point.digest.get(part).rows;
    if found == rows {
        return Ok(());
    }
    let why = format!("{found} {what} are in sheaves, and {rows} were written");
    Err(remote.err(Trouble::Unreadable(why)))
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
    parts: &mut FxHashMap<i64, Vec<Part>>,
    told: &mut FxHashMap<i64, Vec<String>>,
) -> Result<(), Trouble> {
    let (of, change, part, ties, said): Cells<'_> = cells::cells(row)?;
    if let Some(ties) = ties {
        parts.entry(of).or_default().push((of, change, part, ties.to_owned()));
    }
    let own = told.entry(of).or_default();
    own.extend(said.map(str::to_owned));
    Ok(())
}
