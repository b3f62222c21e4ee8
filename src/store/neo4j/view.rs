//! One consistent, cut view: what a question needs is read from the server, and answered by the view of a file.
//!
//! Questions about some nodes read their rows alone, a frontier a question; what is asked about everybody reads
//! everything once, into a file that goes with the store, and from then on that answers.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use neo4rs::{BoltType, Query};

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
    store: &'s Neo4jStore,
    access: Access,
    point: Point,
    sources: Sources,
    /// What was read of those whom walks and scores ask for.
    sheaves: Arc<Sheaves>,
    /// What else was read so far.
    part: SqliteView,
    filled: RefCell<Filled>,
    /// Everything, once it was asked for.
    whole: OnceCell<(SqliteView, Arc<Whole>)>,
}

/// What was read so far, so that nothing is read twice.
pub(super) struct Filled {
    pub filling: Filling,
    pub claims: BTreeSet<i64>,
    pub steps: BTreeSet<i64>,
    /// Whose claims were read: of one type, or of all.
    nodes: HashSet<(i64, Option<TieType>)>,
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

/// Which claims of some nodes to read.
fn of_nodes(nodes: &[i64], types: &[TieType]) -> Vec<Query> {
    let ns = || BoltType::from(nodes.to_vec());
    if types.is_empty() {
        return vec![
            query!("claims_from_nodes").param("ns", ns()),
            query!("claims_to_nodes").param("ns", ns()),
        ];
    }
    let codes: Vec<&str> = types.iter().map(|ty| ty.code()).collect();
    let both = [query!("claims_from_nodes_of_types"), query!("claims_to_nodes_of_types")];
    both.map(|query| query.param("ns", ns()).param("types", texts(&codes))).to_vec()
}

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

    fn with_people(&self, ids: &[Id]) -> Result<&SqliteView, StoreError> {
        self.fill(|filled, conn| filled.people(conn, ids).map(|_| ()))
    }

    /// With the ties of these nodes, and as much of the other ends as the reader's access asks.
    fn with_ties_of(&self, ids: &[Id], types: &[TieType]) -> Result<&SqliteView, StoreError> {
        let hides = self.part.may_hide_entities();
        self.fill(|filled, conn| {
            let nodes = if hides { filled.people(conn, ids)? } else { filled.entities(conn, ids)? };
            filled.ties(conn, &nodes, types, hides)
        })
    }

    /// Those of these who have more ties than the filter's cap, as the server counts them, so that a hub's ties do not
    /// come over to be left out here. `None` where it cannot count what this reader sees, or everything is here.
    fn capped(&self, nodes: &[Id], filter: &TieFilter) -> Result<Option<BTreeSet<Id>>, StoreError> {
        let Some(cap) = filter.cap.filter(|_| self.whole.get().is_none() && !self.part.may_hide_entities())
        else {
            return Ok(None);
        };
        let found = self.fill(|filled, conn| filled.entities(conn, nodes).map(|_| ()))?.handles(nodes)?;
        let ids: BTreeMap<i64, Id> =
            found.into_iter().map(|(id, handle)| (i64::from(handle.0), id)).collect();
        let mut capped = BTreeSet::new();
        for ns in ids.keys().copied().collect::<Vec<i64>>().chunks(FRONT) {
            let codes: Vec<&str> = filter.types.iter().map(|ty| ty.code()).collect();
            let layers: Vec<&str> = filter.layers.iter().map(|layer| layer.code()).collect();
            let question = query!("sizes_of_nodes").param("ns", ns.to_vec()).param("types", texts(&codes));
            let question = question.param("layers", texts(&layers)).param("most", i64::from(cap) + 1);
            let question = question.param("last", self.point.claims).param("now", self.point.change as i64);
            let counted = self.store.remote.ask(question, |row| {
                let (n, ties): (i64, i64) = cells::cells(row)?;
                capped.extend(ids.get(&n).filter(|_| ties > i64::from(cap)).cloned());
                Ok(())
            });
            match counted {
                // A server that does not understand the question.
                Err(StoreError::Io(_)) => return Ok(None),
                other => other?,
            }
        }
        Ok(Some(capped))
    }

    /// Those of these entities whom this reader does not see.
    fn hidden(&self, ends: &BTreeSet<i64>) -> Result<HashSet<i64>, StoreError> {
        if !self.part.may_hide_entities() {
            return Ok(HashSet::new());
        }
        let suspects = if self.part.as_of.is_some() { ends.clone() } else { self.suspects(ends)? };
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
    fn check(&self, said: Summands, change: u64, hash: u128) -> Result<(), StoreError> {
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
        let sheaves: HashMap<i64, Arc<Sheaf>> =
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

    /// The ids of ends of ties, by number.
    fn named_ends(
        &self,
        ends: &BTreeSet<i64>,
        ids: &BTreeMap<Handle, Id>,
    ) -> Result<HashMap<i64, Id>, StoreError> {
        let told = |n: i64| u32::try_from(n).ok().and_then(|n| ids.get(&Handle(n))).cloned();
        let others: Vec<i64> = ends.iter().copied().filter(|n| told(*n).is_none()).collect();
        let who = self.sheaves.who(&self.store.remote, &self.point, &others)?;
        let others = others.iter().zip(who).filter_map(|(n, who)| Some((*n, who?.0)));
        Ok(ends.iter().filter_map(|n| Some((*n, told(*n)?))).chain(others).collect())
    }

    fn with_everybody(&self) -> Result<&SqliteView, StoreError> {
        self.fill(Filled::all_people)
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
            nodes: HashSet::new(),
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

    fn ties(
        &mut self,
        conn: &rusqlite::Connection,
        nodes: &[i64],
        types: &[TieType],
        hides: bool,
    ) -> Result<(), StoreError> {
        let kinds: Vec<Option<TieType>> =
            if types.is_empty() { vec![None] } else { types.iter().copied().map(Some).collect() };
        let known = |node: i64| {
            let has = |ty: Option<TieType>| self.nodes.contains(&(node, ty));
            has(None) || kinds.iter().all(|ty| has(*ty))
        };
        let new: BTreeSet<i64> = nodes.iter().copied().filter(|node| !known(*node)).collect();
        let new: Vec<i64> = new.into_iter().collect();
        for some in new.chunks(1_000) {
            let ends = self.filling.claims(conn, of_nodes(some, types), &mut self.claims)?;
            if hides {
                self.told(conn, &ends.into_iter().collect::<Vec<_>>())?;
            }
            self.nodes.extend(some.iter().flat_map(|node| kinds.iter().map(|ty| (*node, *ty))));
        }
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

    fn steps_of(&mut self, conn: &rusqlite::Connection, subjects: &[Id]) -> Result<(), StoreError> {
        let ns = self.people(conn, subjects)?;
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
            some => self.fill(|filled, conn| filled.steps_of(conn, some))?.steps(subjects),
        }
    }

    fn sources(&self) -> Result<Vec<SourceCard>, StoreError> {
        self.here().sources()
    }

    fn entities_of(&self, ids: &[Id]) -> Result<Vec<Entity>, StoreError> {
        self.with_people(ids)?.entities_of(ids)
    }

    fn ties_of(&self, nodes: &[Id], filter: &TieFilter) -> Result<Frontier, StoreError> {
        let Some(capped) = self.capped(nodes, filter)? else {
            return self.with_ties_of(nodes, &filter.types)?.ties_of(nodes, filter);
        };
        let open: Vec<Id> = nodes.iter().filter(|id| !capped.contains(*id)).cloned().collect();
        let filter = TieFilter { cap: None, ..filter.clone() };
        let ties = self.with_ties_of(&open, &filter.types)?.ties_of(&open, &filter)?.ties;
        Ok(Frontier { ties, capped: capped.into_iter().collect() })
    }

    fn profiles(&self, ids: &[Id]) -> Result<Vec<Profile>, StoreError> {
        self.with_ties_of(ids, &[])?.profiles(ids)
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
        self.with_people(ids)?.handles(ids)
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
        let hidden = self.hidden(&links.ends())?;
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
        let claims = self.claims(claims)?;
        let ends: BTreeSet<i64> = claims.iter().flat_map(|claim| [claim.from, claim.to]).collect();
        let named = self.named_ends(&ends, ids)?;
        let hidden = self.hidden(&ends)?;
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

    fn entities_at(&self, handles: &[Handle]) -> Result<Vec<(Handle, Entity)>, StoreError> {
        if let Some((view, _)) = self.whole.get() {
            return view.entities_at(handles);
        }
        let (mut found, mut canon) = (Vec::new(), Canon::default());
        for (n, (id, kind), facts) in self.sheaves.told(&self.store.remote, &self.point, &numbers(handles))? {
            let mut entity = Entity { id, kind, facts: Vec::with_capacity(facts.len()) };
            for (FactRow { table, props, source, known, change, .. }, hash) in facts {
                let text = FactText { id: entity.id.as_str(), kind, table, props: &props, known };
                self.check(canon.fact(&text, Teller::Nobody), change, hash)?;
                self.part.show(&mut entity, source, (table, props, known, change));
            }
            let handle = u32::try_from(n).map(Handle);
            hand_out(Some((n, entity)), &mut |_, entity| found.extend(handle.map(|handle| (handle, entity))));
        }
        found.sort_unstable_by(|(_, a), (_, b)| a.id.cmp(&b.id));
        Ok(found)
    }

    fn cases_of(&self, gang: &Id) -> Result<Vec<Id>, StoreError> {
        let (remote, mut cases) = (&self.store.remote, Vec::new());
        if self.whole.get().is_none() {
            let question = query!("cases_of_gang").param("gang", gang.as_str());
            remote.ask(question.param("now", self.point.change as i64), |row| {
                cases.push(cells::cells(row)?);
                Ok(())
            })?;
        }
        self.fill(|filled, conn| filled.told(conn, &cases))?.cases_of(gang)
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
        self.with_everybody()?.names()
    }

    fn find_among(&self, names: &Names, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        self.with_everybody()?.find_among(names, text, limit)
    }

    fn info(&self) -> Result<Info, StoreError> {
        self.whole()?.info()
    }

    fn withheld(&self) -> Result<u64, StoreError> {
        self.whole()?.withheld()
    }
}
