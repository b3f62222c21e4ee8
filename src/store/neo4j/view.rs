//! One consistent, cut view: what a question needs is read from the server, and answered by the view of a file.
//!
//! Questions about some nodes read their rows alone, a frontier a question; what is asked about everybody reads
//! everything once, into a file that goes with the store, and from then on that answers.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use neo4rs::Query;
use rustc_hash::FxHashMap;

use super::context::sealed;
use super::remote::{Filling, Point, Whom, texts};
use super::sheaf::{Listed, Sheaf, Tied, Who};
use super::sheaves::Sheaves;
use super::ship::named;
use super::{Neo4jStore, Seen, Sources, Whole, cells, query};
use crate::model::view::SourceCard;
use crate::model::{Access, Entity, Id, Kind, Tie, TieType};
use crate::store::sqlite::canon::{self, Canon, FactText, Summands, Teller};
use crate::store::sqlite::links::Links;
use crate::store::sqlite::replica::{self, FactRow};
use crate::store::sqlite::ties::{ClaimRow, Ends, Gathered};
use crate::store::sqlite::view::{SqliteView, hand_out};
use crate::store::sqlite::{Names, names};
use crate::store::{
    ClaimOf, Frontier, Handle, Hit, Info, Link, Passed, Profile, RowHistory, StepView, StoreError, Surveyed,
    TieFilter, TiePart, View,
};

/// A view of a store on a server.
pub(super) struct Neo4jView<'s> {
    pub(super) store: &'s Neo4jStore,
    access: Access,
    pub(super) point: Point,
    sources: Sources,
    /// What was read of those whom walks and scores ask for.
    pub(super) sheaves: Arc<Sheaves>,
    /// What else was read so far.
    pub(super) part: SqliteView,
    filled: RefCell<Filled>,
    /// Everything, once it was asked for.
    whole: OnceCell<(SqliteView, Arc<Whole>)>,
}

/// What was read so far, so that nothing is read twice.
pub(super) struct Filled {
    pub filling: Filling,
    pub claims: BTreeSet<i64>,
    pub steps: BTreeSet<i64>,
    /// Of whom it was read what is said.
    told: HashSet<i64>,
    /// The numbers of those who were asked for by id.
    numbers: HashMap<Id, i64>,
    /// Of whom it was asked whether sealed sources say something.
    suspected: HashSet<i64>,
    /// Those of them of whom they do.
    suspects: BTreeSet<i64>,
    pub everybody: bool,
}

/// Nodes asked for in one question.
const FRONT: usize = 10_000;

impl<'s> Neo4jView<'s> {
    pub fn open(store: &'s Neo4jStore, access: &Access) -> Result<Self, StoreError> {
        let Seen { point, sources, sheaves } = store.seen()?;
        let place = store.remote.address.shown();
        let conn = replica::passing(place.as_ref())?;
        let mut filling = Filling::new(Arc::clone(&store.remote), point.clone());
        filling.begin(&conn, &sources)?;
        let part = SqliteView::over(conn, place.as_ref(), access)?;
        let filled = RefCell::new(Filled::new(filling));
        let (access, whole) = (access.clone(), OnceCell::new());
        Ok(Self { store, access, point, sources, sheaves, part, filled, whole })
    }

    /// Everything.
    fn whole(&self) -> Result<&SqliteView, StoreError> {
        if let Some((view, _)) = self.whole.get() {
            return Ok(view);
        }
        let whole = self.store.whole(&self.point, &self.sources)?;
        let view = SqliteView::open(&whole.path, &self.access)?;
        Ok(&self.whole.get_or_init(|| (view, whole)).0)
    }

    /// What answers now: everything if that was read, else the part.
    fn here(&self) -> &SqliteView {
        self.whole.get().map_or(&self.part, |(view, _)| view)
    }

    /// Reads more into the part, unless everything is here.
    fn fill(
        &self,
        more: impl FnOnce(&mut Filled, &rusqlite::Connection) -> Result<(), StoreError>,
    ) -> Result<&SqliteView, StoreError> {
        if self.whole.get().is_none() {
            more(&mut self.filled.borrow_mut(), &self.part.conn)?;
        }
        Ok(self.here())
    }

    /// Those of these entities whom this reader does not see.
    pub(super) fn hidden(&self, ends: impl FnOnce() -> BTreeSet<i64>) -> Result<HashSet<i64>, StoreError> {
        if !self.part.may_hide_entities() {
            return Ok(HashSet::new());
        }
        let ends = ends();
        let suspects = if self.part.as_of.is_some() { ends } else { self.suspects(&ends)? };
        self.filled.borrow_mut().told(&self.part.conn, &suspects.iter().copied().collect::<Vec<_>>())?;
        let shown = self.part.shown_of(&suspects)?.unwrap_or_default();
        Ok(suspects.into_iter().filter(|n| !shown.contains(n)).collect())
    }

    /// Those of these entities of whom a sealed source says something: in today's view nobody else may be hidden.
    fn suspects(&self, ends: &BTreeSet<i64>) -> Result<BTreeSet<i64>, StoreError> {
        let sealed: Vec<i64> = sealed(&self.sources).into_iter().collect();
        let filled = &mut *self.filled.borrow_mut();
        let new: Vec<i64> = ends.iter().copied().filter(|n| filled.suspected.insert(*n)).collect();
        for ns in new.chunks(FRONT) {
            let question = query!("facts_told_of").param("ns", ns.to_vec()).param("sources", sealed.clone());
            self.store.remote.ask(question.param("now", self.point.change as i64), |row| {
                filled.suspects.insert(cells::cells(row)?);
                Ok(())
            })?;
        }
        Ok(filled.suspects.intersection(ends).copied().collect())
    }

    fn nobody(&self) -> StoreError {
        self.part.damaged("a claim names an entity that is not there")
    }

    /// What a row says, whoever says it, against the hash that it came with.
    pub(super) fn check(&self, said: Summands, change: u64, hash: u128) -> Result<(), StoreError> {
        if said.stored(change) == hash {
            return Ok(());
        }
        Err(self.part.damaged("a row does not fit its own hash"))
    }

    /// Claims that are shown, each once, of which one end is told.
    fn claims(&self, claims: &[(ClaimOf, Handle)]) -> Result<Vec<ClaimRow>, StoreError> {
        let near: BTreeMap<i64, i64> =
            claims.iter().map(|(claim, near)| (claim.claim as i64, i64::from(near.0))).collect();
        let nodes: Vec<i64> = near.values().copied().collect::<BTreeSet<i64>>().into_iter().collect();
        let remote = &self.store.remote;
        let sheaves: FxHashMap<i64, Arc<Sheaf>> =
            self.sheaves.of(remote, &self.point, &nodes)?.into_iter().collect();
        let mut found = Vec::with_capacity(near.len());
        for (claim, near) in near {
            let row = sheaves.get(&near).and_then(|sheaf| sheaf.claim(claim));
            let row = row.ok_or_else(|| self.part.damaged("a claim is not where a walk found it"))?;
            found.push(row.map_err(|why| remote.err(why.into()))?);
        }
        found.retain(|claim| self.part.is_shown(claim));
        Ok(found)
    }

    /// Ties of claims that are shown, the ids of whose ends are told or looked up.
    pub(super) fn brought_together(
        &self,
        claims: Vec<ClaimRow>,
        ids: &BTreeMap<Handle, Id>,
    ) -> Result<Vec<Tie>, StoreError> {
        let ends: BTreeSet<i64> = claims.iter().flat_map(|claim| [claim.from, claim.to]).collect();
        let named = self.named_ends(&ends, ids)?;
        let hidden = self.hidden(|| ends.clone())?;
        let shown: Option<HashSet<i64>> =
            (!hidden.is_empty()).then(|| ends.iter().copied().filter(|end| !hidden.contains(end)).collect());
        let mut places = Ends::sparse();
        let mut in_order: Vec<(&Id, i64)> = named.iter().map(|(n, id)| (id, *n)).collect();
        in_order.sort_unstable();
        in_order.into_iter().for_each(|(id, n)| places.add(n, id.clone(), shown.as_ref()));
        let (mut gathered, mut canon) = (Gathered::default(), Canon::default());
        for claim in claims {
            let (Some(from), Some(to)) = (named.get(&claim.from), named.get(&claim.to)) else {
                return Err(self.nobody());
            };
            let said = claim.summands(&mut canon, from.as_str(), to.as_str(), Teller::Nobody);
            self.check(said, claim.change, claim.hash)?;
            self.part.gather(claim, &places, &mut gathered);
        }
        let mut ties = Vec::new();
        gathered.hand_out(&places, &mut |tie| ties.push(tie));
        Ok(ties)
    }

    /// The ids of ends of ties, by number.
    fn named_ends(
        &self,
        ends: &BTreeSet<i64>,
        ids: &BTreeMap<Handle, Id>,
    ) -> Result<FxHashMap<i64, Id>, StoreError> {
        let told = |n: i64| u32::try_from(n).ok().and_then(|n| ids.get(&Handle(n))).cloned();
        let others: Vec<i64> = ends.iter().copied().filter(|n| told(*n).is_none()).collect();
        let who = self.sheaves.who(&self.store.remote, &self.point, &others)?;
        let others = others.iter().zip(who).filter_map(|(n, who)| Some((*n, who?.0)));
        Ok(ends.iter().filter_map(|n| Some((*n, told(*n)?))).chain(others).collect())
    }

    /// The numbers of the entities with these ids that there are, whoever may see them, in id order.
    pub(super) fn numbered(&self, ids: &[Id]) -> Result<BTreeMap<Id, i64>, StoreError> {
        self.sheaves.numbered(&self.store.remote, &self.point, ids)
    }

    /// Who these are, by number.
    fn who(&self, ids: &[Id]) -> Result<Vec<(i64, Who)>, StoreError> {
        let ns: Vec<i64> = self.numbered(ids)?.into_values().collect();
        let who = self.sheaves.who(&self.store.remote, &self.point, &ns)?;
        Ok(ns.into_iter().zip(who).filter_map(|(n, who)| Some((n, who?))).collect())
    }

    pub(super) fn handle(&self, n: i64) -> Result<Handle, StoreError> {
        u32::try_from(n).map(Handle).map_err(|_| self.part.damaged("an entity's number is out of range"))
    }

    /// Entities of which the reader sees something, in id order.
    pub(super) fn told_of(&self, ns: &[i64]) -> Result<Vec<(Handle, Entity)>, StoreError> {
        let (mut found, mut canon) = (Vec::new(), Canon::default());
        for (n, (id, kind), facts) in self.sheaves.told(&self.store.remote, &self.point, ns)? {
            let mut entity = Entity { id, kind, facts: Vec::with_capacity(facts.len()) };
            for (FactRow { table, props, source, known, change, .. }, hash) in facts {
                let text = FactText { id: entity.id.as_str(), kind, table, props: &props, known };
                self.check(canon.fact(&text, Teller::Nobody), change, hash)?;
                self.part.show(&mut entity, source, (table, props, known, change));
            }
            let handle = self.handle(n)?;
            hand_out(Some((n, entity)), &mut |_, entity| found.push((handle, entity)));
        }
        found.sort_unstable_by(|(_, a), (_, b)| a.id.cmp(&b.id));
        Ok(found)
    }
}

fn numbers(handles: &[Handle]) -> Vec<i64> {
    handles.iter().map(|handle| i64::from(handle.0)).collect()
}

/// Each once, in order.
fn distinct(handles: &[Handle]) -> Vec<i64> {
    let all: BTreeSet<i64> = numbers(handles).into_iter().collect();
    all.into_iter().collect()
}

impl Filled {
    pub fn new(filling: Filling) -> Self {
        Self {
            filling,
            claims: BTreeSet::new(),
            steps: BTreeSet::new(),
            told: HashSet::new(),
            numbers: HashMap::new(),
            suspected: HashSet::new(),
            suspects: BTreeSet::new(),
            everybody: false,
        }
    }

    /// Entities by id; their numbers.
    fn entities(&mut self, conn: &rusqlite::Connection, ids: &[Id]) -> Result<Vec<i64>, StoreError> {
        let sorted = canon::sorted(ids);
        let new: Vec<&str> =
            sorted.iter().filter(|id| !self.numbers.contains_key(**id)).map(|id| id.as_str()).collect();
        for n in self.filling.entities(conn, &Whom::Ids(&new))? {
            self.numbers.extend(self.filling.replica.id(n).cloned().map(|id| (id, n)));
        }
        Ok(sorted.into_iter().filter_map(|id| self.numbers.get(id).copied()).collect())
    }

    /// The same, with what is said of them.
    pub fn people(&mut self, conn: &rusqlite::Connection, ids: &[Id]) -> Result<Vec<i64>, StoreError> {
        let found = self.entities(conn, ids)?;
        self.told(conn, &found)?;
        Ok(found)
    }

    /// What is said of entities, by number.
    pub fn told(&mut self, conn: &rusqlite::Connection, ns: &[i64]) -> Result<(), StoreError> {
        let new: BTreeSet<i64> = ns.iter().copied().filter(|n| !self.told.contains(n)).collect();
        let new: Vec<i64> = new.into_iter().collect();
        self.filling.entities(conn, &Whom::Numbers(&new))?;
        self.filling.facts(conn, &new)?;
        self.told.extend(new);
        Ok(())
    }

    fn claims(&mut self, conn: &rusqlite::Connection, question: Query) -> Result<(), StoreError> {
        let ends = self.filling.claims(conn, vec![question], &mut self.claims)?;
        self.told(conn, &ends.into_iter().collect::<Vec<_>>())
    }

    /// Who has this name, folded.
    pub fn named(&mut self, conn: &rusqlite::Connection, key: &str) -> Result<(), StoreError> {
        let (remote, mut who) = (Arc::clone(&self.filling.remote), Vec::new());
        let question = query!("names_of_key").param("key", named(key));
        remote.ask(question.param("now", self.filling.point.change as i64), |row| {
            who.push(cells::cells(row)?);
            Ok(())
        })?;
        self.told(conn, &who)
    }

    /// The steps of these, and what is said of them where that decides whether they are shown.
    fn steps_of(
        &mut self,
        conn: &rusqlite::Connection,
        subjects: &[(i64, Who)],
        hides: bool,
    ) -> Result<(), StoreError> {
        self.filling.named(conn, subjects)?;
        let ns: Vec<i64> = subjects.iter().map(|(n, _)| *n).collect();
        if hides {
            self.told(conn, &ns)?;
        }
        let question = query!("steps_of_subjects").param("ns", ns);
        self.filling.steps(conn, question, &mut self.steps).map(|_| ())
    }

    /// Whether it takes less to read everybody than so many.
    pub fn is_worth_all(&self, many: usize) -> bool {
        i64::try_from(many).is_ok_and(|many| many > self.filling.point.entities)
    }

    pub fn all_people(&mut self, conn: &rusqlite::Connection) -> Result<(), StoreError> {
        if self.everybody {
            return Ok(());
        }
        // What was read of some would come twice.
        let all: Vec<i64> = (1..=self.filling.point.entities).collect();
        self.told(conn, &all)?;
        self.everybody = true;
        Ok(())
    }
}

impl View for Neo4jView<'_> {
    fn entities(&self, each: &mut dyn FnMut(Entity)) -> Result<(), StoreError> {
        self.whole()?.entities(each)
    }

    fn tie_parts(&self) -> Result<Vec<TiePart>, StoreError> {
        self.whole()?.tie_parts()
    }

    fn ties_of_part(&self, part: &TiePart, each: &mut dyn FnMut(Tie)) -> Result<Passed, StoreError> {
        self.whole()?.ties_of_part(part, each)
    }

    fn check_passed(&self, all: Passed) -> Result<(), StoreError> {
        self.whole()?.check_passed(all)
    }

    fn steps(&self, subjects: &[Id]) -> Result<Vec<StepView>, StoreError> {
        match subjects {
            [] => self.whole()?.steps(subjects),
            some => {
                let known = self.who(some)?;
                let hides = self.part.may_hide_entities();
                self.fill(|filled, conn| filled.steps_of(conn, &known, hides))?.steps(subjects)
            }
        }
    }

    fn steps_named(&self, id: &Id) -> Result<Vec<StepView>, StoreError> {
        if let Some((view, _)) = self.whole.get() {
            return view.steps_named(id);
        }
        let (remote, mut of) = (&self.store.remote, Vec::new());
        let question = query!("subjects_of_step").param("id", id.as_str()).param("last", self.point.steps);
        remote.ask(question, |row| {
            of.push(cells::cells(row)?);
            Ok(())
        })?;
        let who = self.sheaves.who(remote, &self.point, &of)?.into_iter();
        let ids = who.map(|who| who.map(|(id, _)| id).ok_or_else(|| self.nobody()));
        let ids: Vec<Id> = ids.collect::<Result<_, _>>()?;
        let mut steps = if ids.is_empty() { Vec::new() } else { self.steps(&ids)? };
        steps.retain(|step| step.id == *id);
        Ok(steps)
    }

    fn sources(&self) -> Result<Vec<SourceCard>, StoreError> {
        self.here().sources()
    }

    fn entities_of(&self, ids: &[Id]) -> Result<Vec<Entity>, StoreError> {
        if let Some((view, _)) = self.whole.get() {
            return view.entities_of(ids);
        }
        Ok(self
            .told_of(&Vec::from_iter(self.numbered(ids)?.into_values()))?
            .into_iter()
            .map(|(_, entity)| entity)
            .collect())
    }

    fn ties_of(&self, nodes: &[Id], filter: &TieFilter) -> Result<Frontier, StoreError> {
        self.whole.get().map_or_else(|| self.frontier(nodes, filter), |(view, _)| view.ties_of(nodes, filter))
    }

    fn profiles(&self, ids: &[Id]) -> Result<Vec<Profile>, StoreError> {
        self.whole.get().map_or_else(|| self.profiles_of(ids), |(view, _)| view.profiles(ids))
    }

    fn each_entity(&self, each: &mut dyn FnMut(Handle, Entity)) -> Result<(), StoreError> {
        self.whole()?.each_entity(each)
    }

    fn survey(
        &self,
        from: Range<Handle>,
        full: &[TieType],
        each: &mut dyn FnMut(Surveyed),
    ) -> Result<(), StoreError> {
        self.whole()?.survey(from, full, each)
    }

    fn handles(&self, ids: &[Id]) -> Result<Vec<(Id, Handle)>, StoreError> {
        if let Some((view, _)) = self.whole.get() {
            return view.handles(ids);
        }
        let found = self.numbered(ids)?;
        let hidden = self.hidden(|| found.values().copied().collect())?;
        let shown = found.into_iter().filter(|(_, n)| !hidden.contains(n));
        shown.map(|(id, n)| Ok((id, self.handle(n)?))).collect()
    }

    fn kinds(&self, handles: &[Handle]) -> Result<Vec<Kind>, StoreError> {
        let found = self.sheaves.who(&self.store.remote, &self.point, &numbers(handles))?;
        let kind = |who: Option<Who>| who.map(|(_, kind)| kind).ok_or_else(|| self.nobody());
        found.into_iter().map(kind).collect()
    }

    fn officials(&self, handles: &[Handle]) -> Result<Vec<bool>, StoreError> {
        let listed = self.sheaves.listed(&self.store.remote, &self.point, &numbers(handles))?;
        let tells = |words: &Vec<Listed>| words.iter().any(|&(source, known)| self.part.tells(source, known));
        Ok(listed.iter().map(tells).collect())
    }

    fn links(
        &self,
        handles: &[Handle],
        types: &[TieType],
        each: &mut dyn FnMut(Link),
    ) -> Result<(), StoreError> {
        if let Some((view, _)) = self.whole.get() {
            return view.links(handles, types, each);
        }
        let mut links = Links::of(&self.part);
        for (_, sheaf) in self.sheaves.of(&self.store.remote, &self.point, &distinct(handles))? {
            let asked = |tied: &&Tied| types.is_empty() || types.contains(&tied.entry.ty);
            for tied in sheaf.ties.iter().filter(asked) {
                let start = tied.start.filter(|_| tied.outward);
                links.add(&tied.entry, tied.outward, start, tied.claim)?;
            }
        }
        let hidden = self.hidden(|| links.ends())?;
        links.hand_out(|end| !hidden.contains(&end), each);
        Ok(())
    }

    fn ties_of_claims(
        &self,
        claims: &[(ClaimOf, Handle)],
        ids: &BTreeMap<Handle, Id>,
    ) -> Result<Vec<Tie>, StoreError> {
        if let Some((view, _)) = self.whole.get() {
            return view.ties_of_claims(claims, ids);
        }
        self.brought_together(self.claims(claims)?, ids)
    }

    fn entities_at(&self, handles: &[Handle]) -> Result<Vec<(Handle, Entity)>, StoreError> {
        match self.whole.get() {
            Some((view, _)) => view.entities_at(handles),
            None => self.told_of(&numbers(handles)),
        }
    }

    fn cases_of(&self, gang: &Id) -> Result<Vec<Id>, StoreError> {
        if let Some((view, _)) = self.whole.get() {
            return view.cases_of(gang);
        }
        let (remote, mut cases) = (&self.store.remote, Vec::new());
        let question = query!("cases_of_gang").param("gang", gang.as_str());
        remote.ask(question.param("now", self.point.change as i64), |row| {
            cases.push(cells::cells(row)?);
            Ok(())
        })?;
        let found = self.told_of(&cases)?.into_iter().map(|(_, entity)| entity);
        let theirs = found.filter(|case| case.kind == Kind::Case && case.prop("gang") == Some(gang.as_str()));
        Ok(theirs.map(|case| case.id).collect())
    }

    fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut parts: Vec<String> = Vec::new();
        let question = query!("kept_read").param("name", name).param("digest", self.digest());
        self.store.remote.ask(question, |row| {
            let (_, part): (i64, String) = cells::cells(row)?;
            parts.push(part);
            Ok(())
        })?;
        let Some((hash, parts)) = parts.split_first() else { return Ok(None) };
        let damaged = || self.part.damaged("what is kept beside the content does not fit its own hash");
        let text = parts.concat();
        let digit = |digit: u8| char::from(digit).to_digit(16);
        let bytes = text.as_bytes().chunks(2).map(|pair| match pair {
            [high, low] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
            _ => None,
        });
        let value: Vec<u8> = bytes.collect::<Option<_>>().ok_or_else(damaged)?;
        let sound = format!("{:032x}", canon::of_bytes(name, &value)) == *hash;
        if sound { Ok(Some(value)) } else { Err(damaged()) }
    }

    fn digest(&self) -> String {
        self.part.digest()
    }

    fn row(&self, id: &Id) -> Result<Option<RowHistory>, StoreError> {
        let question = query!("claims_of_rows").param("ids", texts(&[id.as_str()]));
        self.fill(|filled, conn| filled.claims(conn, question))?.row(id)
    }

    fn named(&self, name: &str) -> Result<Vec<(Id, Kind)>, StoreError> {
        self.fill(|filled, conn| filled.named(conn, &names::folded(name)))?.named(name)
    }

    fn names(&self) -> Result<Names, StoreError> {
        self.whole.get().map_or_else(|| self.all_names(), |(view, _)| view.names())
    }

    fn find_among(&self, names: &Names, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        match self.whole.get() {
            Some((view, _)) => view.find_among(names, text, limit),
            None => self.search(names, text, limit),
        }
    }

    fn info(&self) -> Result<Info, StoreError> {
        self.whole()?.info()
    }

    fn withheld(&self) -> Result<u64, StoreError> {
        self.whole()?.withheld()
    }
}
