//! Statistics after a small change: those of before, put right by what it touched. An import of a few rows into a large
//! store on a server then does not read everybody again. What comes out is what would be taken anew (random cases).

use std::collections::{BTreeMap, BTreeSet};

use super::GIVEN;
use super::statistics::{Aside, Taken};
use crate::analysis::doubles::cards::{Cards, Pair};
use crate::analysis::doubles::{is_quiet, touched};
use crate::model::{Access, Date, Entity, Id, Kind, Record, TieType};
use crate::network::{Builder, Extent, Network, NodeIx};
use crate::store::{ClaimOf, Handle, Outcome, Store, StoreError, TieFilter, View};
use crate::tasks::TaskError;

/// Records that a small change has at most.
const FEW: usize = 2_000;
/// Claims of what it touches, at most: more are counted sooner with all others.
const MOST_CLAIMS: usize = 100_000;
/// Pairs that are weighed anew, at most.
const MOST_PAIRS: usize = 5_000;

/// By what an entity names who gives it that.
pub(super) const NAMES: [&str; 3] = ["agency", "parent", "gang"];

/// Whom the records of a change touch, as they are written.
#[derive(Default)]
pub struct Touched {
    ids: BTreeSet<Id>,
    /// Rows that were there before, which may have named others.
    rows: BTreeSet<Id>,
    /// Steps that were there before, perhaps of others.
    steps: BTreeSet<Id>,
    /// Who has a tie to himself.
    own: BTreeSet<Id>,
    records: usize,
    /// More than they name: a known source says something else of itself, and so of all that it ever told.
    more: bool,
}

impl Touched {
    /// Notes a record, and what became of it.
    pub fn note(&mut self, record: &Record, outcome: Outcome) {
        if outcome == Outcome::Unchanged || self.records > FEW {
            return;
        }
        self.records += 1;
        match record {
            Record::Source(_) => self.more |= outcome != Outcome::Added,
            Record::Statement(statement) => drop(self.ids.insert(statement.id.clone())),
            Record::Step(step) => {
                self.ids.insert(step.subject.clone());
                if outcome == Outcome::Updated {
                    self.steps.insert(step.id.clone());
                }
            }
            Record::Relation(relation) => {
                self.ids.extend([relation.from.clone(), relation.to.clone()]);
                if relation.from == relation.to {
                    self.own.insert(relation.from.clone());
                }
                if outcome == Outcome::Updated {
                    self.rows.insert(relation.row.clone());
                }
            }
        }
    }

    fn is_small(&self) -> bool {
        self.records <= FEW && !self.more
    }
}

/// A store before a small change, while that is under way.
pub struct Before<'s> {
    view: Box<dyn View + Send + 's>,
    kept: Taken,
    aside: Aside,
    touched: Vec<Id>,
    /// Those of them with a tie to themselves that it concerns.
    own: Vec<Id>,
    /// Those of them of whom nobody is told: all that is said of them is sealed.
    hidden: Vec<Id>,
    around: Around,
}

impl<'s> Before<'s> {
    /// What the change may be set against; nothing where it is not small, or where what is kept is not of just this content.
    pub fn of(store: &'s dyn Store, touched: &Touched) -> Result<Option<Self>, TaskError> {
        if !touched.is_small() {
            return Ok(None);
        }
        let view = store.read(&Access::default())?;
        let (Some(kept), Some(aside)) = (Taken::kept(view.as_ref())?, Aside::kept(view.as_ref())?) else {
            return Ok(None);
        };
        let (mut ids, mut own) = (touched.ids.clone(), touched.own.clone());
        for row in &touched.rows {
            let ties = view.row(row)?.map_or_else(Vec::new, |history| history.ties);
            own.extend(ties.iter().filter(|tie| tie.from == tie.to).map(|tie| tie.from.clone()));
            ids.extend(ties.into_iter().flat_map(|tie| [tie.from, tie.to]));
        }
        for step in &touched.steps {
            ids.extend(view.steps_named(step)?.into_iter().map(|step| step.subject));
        }
        let touched: Vec<Id> = ids.into_iter().collect();
        let Some(around) = Around::of(view.as_ref(), &touched)? else { return Ok(None) };
        let (references, mut hidden) = (store.references()?, Vec::new());
        let unseen: Vec<Id> =
            touched.iter().filter(|id| !around.touched.contains_key(*id)).cloned().collect();
        references.expect(&unseen)?;
        for id in unseen {
            if references.kind_of(&id)?.is_some() {
                hidden.push(id);
            }
        }
        drop(references);
        let own = Vec::from_iter(own);
        Ok(Some(Self { view, kept, aside, touched, own, hidden, around }))
    }

    /// The statistics after the change, which leads to the content of this digest; nothing where it touched more than its
    /// records say, or somebody else's ended as well.
    pub(super) fn after(
        mut self,
        store: &dyn Store,
        digest: &str,
    ) -> Result<Option<(Taken, Aside)>, TaskError> {
        let view = store.read(&Access::default())?;
        if view.digest() != digest {
            return Ok(None);
        }
        let Some(mut after) = Around::of(view.as_ref(), &self.touched)? else { return Ok(None) };
        // Who is shown from now on shows ties of others.
        if self.hidden.iter().any(|id| after.touched.contains_key(id)) || self.around.gives_otherwise(&after)
        {
            return Ok(None);
        }
        // Whom either names stands in both, so that he counts as much in one as in the other.
        let (known, new) = (self.around.handles(), after.handles());
        self.around.add(self.view.as_ref(), &new)?;
        after.add(view.as_ref(), &known)?;
        let (was, is) = (self.around.network(None)?, after.network(None)?);
        let Some(globals) = self.kept.globals.changed(&was, &is) else { return Ok(None) };
        let (was, is) = (self.extent(self.view.as_ref(), &was)?, self.extent(view.as_ref(), &is)?);
        let Some(extent) = self.aside.extent.changed(was, is) else { return Ok(None) };
        let cards = self.aside.cards.with(after.people());
        let concerned = self.concerned(&after, &cards);
        let new: BTreeSet<Pair> = cards.candidates();
        let weighed: Vec<Pair> = concerned.intersection(&new).copied().collect();
        if weighed.len() > MOST_PAIRS {
            return Ok(None);
        }
        let is_concerned = |&(a, b, _): &(u32, u32, u64)| concerned.contains(&(a.min(b), a.max(b)));
        let mut doubles = self.kept.doubles;
        doubles.retain(|pair| !is_concerned(pair));
        let met = Meetings::of(view.as_ref(), &weighed)?;
        let likely = |pair: Pair| {
            let (shared, tied) = met.of_two(pair);
            Some((pair.0, pair.1, cards.weigh(pair, shared, tied)?.to_bits()))
        };
        doubles.extend(weighed.into_iter().filter_map(likely));
        Ok(Some((Taken { globals, doubles }, Aside { cards, extent })))
    }

    /// How much there is around what is touched, as a network has it, with what is in none: ties to oneself that are
    /// touched, and steps.
    fn extent(&self, view: &dyn View, network: &Network) -> Result<Extent, StoreError> {
        let mut extent = network.extent();
        let mut known: Vec<Date> = extent.newest.into_iter().collect();
        if !self.own.is_empty() {
            let ties = view.ties_of(&self.own, &TieFilter::default())?.ties.into_iter();
            for tie in ties.filter(|tie| tie.from == tie.to) {
                extent.ties += 1;
                known.extend(tie.claims.iter().filter_map(|claim| claim.known));
            }
        }
        if !self.touched.is_empty() {
            known.extend(view.steps(&self.touched)?.iter().filter_map(|step| step.fact.known));
        }
        extent.newest = known.into_iter().max_by_key(|day| (day.last(), *day));
        Ok(extent)
    }

    /// The pairs of people of whom another matter may hold than before: who are candidates now and were not, or no more;
    /// who have another card; and whom the change lets meet otherwise.
    fn concerned(&self, after: &Around, cards: &Cards) -> BTreeSet<Pair> {
        let (old, new) = (self.aside.cards.candidates(), cards.candidates());
        let is_other = |number: &u32| !self.aside.cards.is_same(cards, *number);
        let others: BTreeSet<u32> = after.people().map(|(number, _)| number).filter(is_other).collect();
        let mut concerned: BTreeSet<Pair> = old.symmetric_difference(&new).copied().collect();
        let told = new.iter().filter(|(a, b)| others.contains(a) || others.contains(b));
        concerned.extend(told);
        let node = |handle: &Handle| NodeIx(handle.0);
        let all: BTreeSet<NodeIx> =
            self.around.touched.values().chain(after.touched.values()).map(node).collect();
        let near = |around: &Around, at: NodeIx| {
            let ties = around.near.get(&Handle(at.0)).into_iter().flat_map(BTreeMap::values);
            ties.map(|(far, ty)| (node(far), *ty)).collect::<Vec<_>>()
        };
        let kind = |at: NodeIx| {
            let known = after.entities.get(&Handle(at.0)).or_else(|| self.around.entities.get(&Handle(at.0)));
            known.map_or(Kind::Case, |entity| entity.kind)
        };
        let suspects = touched::suspects(&all, (&|at| near(&self.around, at), &|at| near(after, at)), &kind);
        concerned.extend(suspects.into_iter().map(|(a, b)| (a.0, b.0)));
        concerned
    }
}

/// The ties of somebody: each with whom, and of which type.
pub(super) type Near = BTreeMap<u64, (Handle, TieType)>;

/// Everybody and everything that a change touches with all their ties, whom these lead to, and the agencies and gangs of
/// all of them.
pub(super) struct Around {
    pub touched: BTreeMap<Id, Handle>,
    pub near: BTreeMap<Handle, Near>,
    pub entities: BTreeMap<Handle, Entity>,
    ties: Vec<crate::model::Tie>,
}

impl Around {
    /// Nothing where it is too much.
    pub fn of(view: &dyn View, touched: &[Id]) -> Result<Option<Self>, StoreError> {
        let touched: BTreeMap<Id, Handle> = view.handles(touched)?.into_iter().collect();
        let handles: Vec<Handle> = touched.values().copied().collect();
        let mut claims: BTreeMap<ClaimOf, Handle> = BTreeMap::new();
        let near = near(view, &handles, &mut |claim, handle| {
            claims.insert(claim, handle);
        })?;
        if claims.len() > MOST_CLAIMS {
            return Ok(None);
        }
        let mut around = Self { touched, near, entities: BTreeMap::new(), ties: Vec::new() };
        let far = around.near.values().flat_map(BTreeMap::values).map(|(far, _)| *far);
        let all: BTreeSet<Handle> = far.chain(handles).collect();
        around.add(view, &all)?;
        let ids = around.entities.iter().map(|(handle, entity)| (*handle, entity.id.clone())).collect();
        around.ties = view.ties_of_claims(&claims.into_iter().collect::<Vec<_>>(), &ids)?;
        Ok(Some(around))
    }

    /// Adds these, whom they name, and whom those name.
    pub fn add(&mut self, view: &dyn View, all: &BTreeSet<Handle>) -> Result<(), StoreError> {
        let mut next: Vec<Handle> =
            all.iter().copied().filter(|one| !self.entities.contains_key(one)).collect();
        while !next.is_empty() {
            let found = view.entities_at(&next)?;
            let named = found.iter().flat_map(|(_, entity)| NAMES.map(|key| entity.prop(key).map(Id::from)));
            let named: BTreeSet<Id> = named.flatten().collect();
            self.entities.extend(found);
            let named = view.handles(&named.into_iter().collect::<Vec<_>>())?;
            next = named
                .into_iter()
                .map(|(_, handle)| handle)
                .filter(|one| !self.entities.contains_key(one))
                .collect();
        }
        Ok(())
    }

    fn handles(&self) -> BTreeSet<Handle> {
        self.entities.keys().copied().collect()
    }

    /// The people that are touched, by number.
    fn people(&self) -> impl Iterator<Item = (u32, &Entity)> {
        let touched = self.touched.values().filter_map(|handle| Some((handle.0, self.entities.get(handle)?)));
        touched.filter(|(_, entity)| entity.kind == Kind::Person)
    }

    /// All that as a network, of a view as of a day.
    pub fn network(&self, as_of: Option<Date>) -> Result<Network, TaskError> {
        let mut builder = Builder::new(as_of);
        self.entities.values().for_each(|entity| builder.entity(entity.clone()));
        self.ties.iter().try_for_each(|tie| builder.tie(tie))?;
        Ok(builder.build())
    }

    /// Whether a known entity gives something else to those who name it. (Nobody names whom nobody knows.)
    fn gives_otherwise(&self, after: &Self) -> bool {
        let given = |entity: &Entity| GIVEN.map(|key| entity.prop(key).map(str::to_owned));
        let known = |handle: &Handle| self.entities.get(handle).zip(after.entities.get(handle));
        // Who is not seen any more was sealed meanwhile.
        let gone = self.touched.keys().any(|id| !after.touched.contains_key(id));
        gone || after.touched.values().filter_map(known).any(|(was, is)| given(was) != given(is))
    }
}

/// The ties of these; each claim is told with the end that it was found from.
fn near(
    view: &dyn View,
    of: &[Handle],
    told: &mut dyn FnMut(ClaimOf, Handle),
) -> Result<BTreeMap<Handle, Near>, StoreError> {
    let mut all: BTreeMap<Handle, Near> = BTreeMap::new();
    view.links(of, &[], &mut |link| {
        all.entry(link.near).or_default().insert(link.claim.tie, (link.far, link.ty));
        told(link.claim, link.near);
    })?;
    Ok(all)
}

/// Whom some people meet, and which of those say something of whoever meets them.
struct Meetings {
    near: BTreeMap<Handle, Near>,
    quiet: BTreeSet<Handle>,
}

impl Meetings {
    fn of(view: &dyn View, pairs: &[Pair]) -> Result<Self, StoreError> {
        let people: BTreeSet<Handle> = pairs.iter().flat_map(|&(a, b)| [Handle(a), Handle(b)]).collect();
        let near_people = near(view, &people.into_iter().collect::<Vec<_>>(), &mut |_, _| {})?;
        let mut met = Self { near: near_people, quiet: BTreeSet::new() };
        let both: BTreeSet<Handle> = pairs.iter().flat_map(|pair| met.both(*pair)).collect();
        let both: Vec<Handle> = both.into_iter().collect();
        let kinds = view.kinds(&both)?;
        // Some are never quiet, however few their ties are, and need not be counted.
        let may_be: Vec<(Handle, Kind)> =
            both.into_iter().zip(kinds).filter(|(_, kind)| is_quiet(*kind, 0)).collect();
        let counted = near(view, &may_be.iter().map(|(one, _)| *one).collect::<Vec<_>>(), &mut |_, _| {})?;
        let ties = |one: &Handle| counted.get(one).map_or(0, BTreeMap::len);
        met.quiet =
            may_be.iter().filter(|(one, kind)| is_quiet(*kind, ties(one))).map(|(one, _)| *one).collect();
        Ok(met)
    }

    fn far(&self, of: u32) -> impl Iterator<Item = &(Handle, TieType)> {
        self.near.get(&Handle(of)).into_iter().flat_map(BTreeMap::values)
    }

    /// Whom both meet.
    fn both(&self, (a, b): Pair) -> BTreeSet<Handle> {
        let of = |one| self.far(one).map(|(far, _)| *far).collect::<BTreeSet<Handle>>();
        of(a).intersection(&of(b)).copied().collect()
    }

    /// How many quiet neighbours two share, and whether a tie says that they are two.
    fn of_two(&self, pair: Pair) -> (usize, bool) {
        let shared = self.both(pair).intersection(&self.quiet).count();
        (shared, self.far(pair.0).any(|(far, ty)| far.0 == pair.1 && *ty != TieType::Same))
    }
}
