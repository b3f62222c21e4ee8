//! What must be known of a whole file before a part of it can be judged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

use super::after::Before;
use super::{extent_of, is_far};
use crate::analysis::doubles::cards::Cards;
use crate::analysis::doubles::roll::{Called, Likely, Met, Roll};
use crate::analysis::umbrella::Globals;
use crate::analysis::umbrella::census::{Census, Count, Placed, Ties};
use crate::model::{Access, Id, Level};
use crate::network::Extent;
use crate::store::{Handle, Store, StoreError, Surveyed, View};
use crate::tasks::cache::Cache;
use crate::tasks::views::Views;
use crate::tasks::{TaskError, interrupt, open};

/// Counts over a whole file, and who in it may be whom.
pub struct Statistics {
    /// The counts that scores are set against.
    pub globals: Globals,
    /// Likely doubles, those on record left out.
    pub(super) doubles: Doubles,
}

/// Likely doubles, from both ends, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Doubles(Vec<(Handle, (Handle, f64))>);

impl Doubles {
    pub(super) fn of_pairs(pairs: &[(u32, u32, u64)]) -> Self {
        let both = |&(a, b, bits): &(u32, u32, u64)| {
            let probability = f64::from_bits(bits);
            [(Handle(a), (Handle(b), probability)), (Handle(b), (Handle(a), probability))]
        };
        let mut all: Vec<(Handle, (Handle, f64))> = pairs.iter().flat_map(both).collect();
        all.sort_unstable_by_key(|(one, (other, _))| (*one, *other));
        Self(all)
    }

    /// Whom somebody may be as well, in order, with how likely.
    pub fn of(&self, node: Handle) -> impl Iterator<Item = &(Handle, f64)> {
        let first = self.0.partition_point(|(one, _)| *one < node);
        self.0.iter().skip(first).take_while(move |(one, _)| *one == node).map(|(_, other)| other)
    }

    /// The same by ids, each two once.
    pub(super) fn by_id(&self, store: &dyn Store, access: &Access) -> Result<Vec<(Id, Id, f64)>, TaskError> {
        let Self(doubles) = self;
        let handles: BTreeSet<Handle> = doubles.iter().map(|(one, _)| *one).collect();
        let handles: Vec<Handle> = handles.into_iter().collect();
        let entities = store.read(&all_of(access))?.entities_at(&handles)?;
        let names: BTreeMap<Handle, Id> =
            entities.into_iter().map(|(handle, entity)| (handle, entity.id)).collect();
        let named = doubles.iter().filter(|(a, (b, _))| a < b).filter_map(|(a, (b, probability))| {
            Some((names.get(a)?.clone(), names.get(b)?.clone(), *probability))
        });
        Ok(named.collect())
    }

    /// The same where these are likelier or less likely one than before, or hardly one any more.
    pub(super) fn changed(&self, told: &[(Handle, Handle, Option<f64>)]) -> Self {
        let both = told.iter().flat_map(|&(a, b, likely)| [((a, b), likely), ((b, a), likely)]);
        let told: BTreeMap<(Handle, Handle), Option<f64>> = both.collect();
        let stays = |(one, (other, _)): &&(Handle, (Handle, f64))| !told.contains_key(&(*one, *other));
        let mut all: Vec<(Handle, (Handle, f64))> = self.0.iter().filter(stays).copied().collect();
        all.extend(told.iter().filter_map(|(&(one, other), likely)| Some((one, (other, (*likely)?)))));
        all.sort_unstable_by_key(|(one, (other, _))| (*one, *other));
        Self(all)
    }
}

impl Statistics {
    /// The statistics of a store for a day: those kept with it, or of an earlier day beside it, where they are of just
    /// this content. They are the same for readers of every level: who may not see the numbers of cards is told the
    /// same scores.
    pub fn of(store: &dyn Store, access: &Access) -> Result<Self, TaskError> {
        let view = store.read(access)?;
        let kept = Self::kept(view.as_ref(), store, access)?;
        kept.map_or_else(|| Ok(Self::taken(view.as_ref(), store, access)?.0), Ok)
    }

    /// The statistics of what an open view for this access sees.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where none are kept, and a change ended while they were taken: they are of the store as it
    /// is now, which the view is not.
    pub(in crate::tasks) fn beside(
        view: &dyn View,
        store: &dyn Store,
        access: &Access,
    ) -> Result<Self, TaskError> {
        if let Some(kept) = Self::kept(view, store, access)? {
            return Ok(kept);
        }
        let (taken, same) = Self::taken(view, store, access)?;
        same.map(|()| taken)
    }

    fn kept(view: &dyn View, store: &dyn Store, access: &Access) -> Result<Option<Self>, TaskError> {
        let kept = if access.as_of.is_none() {
            Taken::kept(view)?
        } else {
            Cache::of_statistics(store, &all_of(access), &view.edition()?).and_then(|day| day.read_json())
        };
        Ok(kept.map(Taken::unpacked))
    }

    /// Those of the store as it is now, and whether that is what the view sees: then those of an earlier day are kept.
    fn taken(
        view: &dyn View,
        store: &dyn Store,
        access: &Access,
    ) -> Result<(Self, Result<(), TaskError>), TaskError> {
        let all = all_of(access);
        let (taken, _) = Taken::from(store, &all)?;
        let same = same_content(view, store, access);
        if same.is_ok()
            && let Some(day) = Cache::of_statistics(store, &all, &view.edition()?)
        {
            day.keep_json(&taken, taken.globals.ties.values().sum());
        }
        Ok((taken.unpacked(), same))
    }

    /// Takes and keeps them where none are kept: an earlier program kept others, or was broken off. (They are kept last,
    /// behind what is kept beside them.)
    pub fn keep_lacking(store: &dyn Store) -> Result<(), TaskError> {
        let view = store.read(&Access::default())?;
        let lacks = view.kept(RULES)?.is_none() || (is_far(store) && kept_extent(view.as_ref())?.is_none());
        drop(view);
        if lacks { Self::keep(store) } else { Ok(()) }
    }

    /// Likely doubles by ids, for a reader who could not find them himself.
    pub fn named_doubles(store: &dyn Store, access: &Access) -> Result<Vec<(Id, Id, f64)>, TaskError> {
        Self::of(store, access)?.doubles_by_id(store, access)
    }

    /// The likely doubles of these statistics by ids.
    pub(in crate::tasks) fn doubles_by_id(
        &self,
        store: &dyn Store,
        access: &Access,
    ) -> Result<Vec<(Id, Id, f64)>, TaskError> {
        self.doubles.by_id(store, access)
    }

    /// Keeps with a copy of a store what is kept with it, if anything is, and what a server keeps beside.
    pub fn carry(store: &dyn Store, copy: &dyn Store) -> Result<(), TaskError> {
        let view = store.read(&Access::default())?;
        let Some(text) = view.kept(RULES)? else { return Ok(()) };
        copy.keep(RULES, &view.digest(), &text)?;
        if is_far(copy) {
            let (mut roll, mut handles) = (Roll::default(), Vec::new());
            view.each_entity(&mut |handle, entity| {
                handles.push(handle);
                roll.entity(&entity);
            })?;
            let cards = roll.cards(|place| handles.get(place).map(|handle| handle.0));
            let extent = extent_of(&open::info(store, view.as_ref(), &Access::default())?);
            Aside { cards, extent }.keep(copy, &view.digest())?;
        }
        Ok(())
    }

    /// Takes the statistics of a store as it is now, and keeps them with it.
    pub fn keep(store: &dyn Store) -> Result<(), TaskError> {
        // Where a change ends meanwhile, the content of this digest is gone and nothing is kept.
        let digest = store.read(&Access::default())?.digest();
        let (taken, cards) = Taken::from(store, &Access::default())?;
        if is_far(store) {
            let view = store.read(&Access::default())?;
            let extent = extent_of(&open::info(store, view.as_ref(), &Access::default())?);
            Aside { cards, extent }.keep(store, &digest)?;
        }
        taken.keep(store, &digest)
    }

    /// Keeps the statistics of a store after a small change to the content of this digest: put right by what it touched;
    /// gives whether that could be done.
    pub fn keep_after(store: &dyn Store, before: Before<'_>, digest: &str) -> Result<bool, TaskError> {
        let Some((taken, aside)) = before.after(store, digest)? else { return Ok(false) };
        aside.keep(store, digest)?;
        taken.keep(store, digest)?;
        Ok(true)
    }
}

/// Whether what is read of a store now is of the same content as a view that was opened before.
pub(super) fn same_content(view: &dyn View, store: &dyn Store, access: &Access) -> Result<(), TaskError> {
    if store.read(access)?.edition()? == view.edition()? {
        return Ok(());
    }
    let why = "a change ended while this was answered, so that not all of it was read of one content";
    Err(StoreError::Busy(why.to_owned()).into())
}

/// The access of somebody who sees numbers of cards, on the same day.
fn all_of(access: &Access) -> Access {
    Access { level: Level::Case, ..access.clone() }
}

/// Under which name a store keeps them, and what else is kept that follows from them. Raise the last number when other
/// things are counted, or doubles are weighed otherwise: what an earlier program kept is then not read.
pub(in crate::tasks) const RULES: &str = concat!("statistics/", env!("CARGO_PKG_VERSION"), "/4");

/// Under which name a server keeps everybody's card: of them a small change makes its statistics.
const CARDS: &str = concat!("cards/", env!("CARGO_PKG_VERSION"), "/4");

/// Under which name a server keeps how much it holds.
const EXTENT: &str = concat!("extent/", env!("CARGO_PKG_VERSION"), "/1");

/// How much a view of today holds in all, where that is kept with just this content.
pub(super) fn kept_extent(view: &dyn View) -> Result<Option<Extent>, StoreError> {
    Ok(view.kept(EXTENT)?.and_then(|text| serde_json::from_slice(&text).ok()))
}

/// What is kept with a store on a server beside its statistics, so that neither a question nor a small change needs to
/// read all of it. (To read all of one in a file takes little more than to read this.)
pub(super) struct Aside {
    /// Everybody's card.
    pub cards: Cards,
    /// How much there is.
    pub extent: Extent,
}

impl Aside {
    /// What is kept with just this content.
    pub fn kept(view: &dyn View) -> Result<Option<Self>, StoreError> {
        let Some(extent) = kept_extent(view)? else { return Ok(None) };
        let cards = view.kept(CARDS)?.and_then(|bytes| Cards::read(&bytes));
        Ok(cards.map(|cards| Self { cards, extent }))
    }

    /// Keeps it with the content of this digest.
    pub fn keep(&self, store: &dyn Store, digest: &str) -> Result<(), TaskError> {
        store.keep(CARDS, digest, &self.cards.bytes())?;
        let text = serde_json::to_vec(&self.extent).map_err(|why| StoreError::Io(why.to_string()))?;
        Ok(store.keep(EXTENT, digest, &text)?)
    }
}

/// Statistics as they are kept: for readers of every level.
#[derive(Serialize, Deserialize)]
pub(super) struct Taken {
    pub globals: Globals,
    /// The handles of both ends, and how likely, as the bits of the number.
    pub doubles: Vec<(u32, u32, u64)>,
}

impl Taken {
    /// What is kept with just this content.
    pub fn kept(view: &dyn View) -> Result<Option<Self>, StoreError> {
        Ok(view.kept(RULES)?.and_then(|text| serde_json::from_slice(&text).ok()))
    }

    /// Keeps them with the content of this digest.
    pub fn keep(&self, store: &dyn Store, digest: &str) -> Result<(), TaskError> {
        let text = serde_json::to_vec(self).map_err(|why| StoreError::Io(why.to_string()))?;
        Ok(store.keep(RULES, digest, &text)?)
    }

    /// Takes the statistics of a store as this reader sees it, and everybody's card. Cost: a pass over all entities, and one over
    /// the index of all ties, which the threads of the current pool share.
    pub fn from(store: &dyn Store, access: &Access) -> Result<(Self, Cards), TaskError> {
        let views = Views::open(store, access)?;
        let (mut census, mut roll) = (Census::default(), Roll::default());
        let mut handles: Vec<Handle> = Vec::new();
        views.first.each_entity(&mut |handle, entity| {
            handles.push(handle);
            census.entity(&entity);
            roll.entity(&entity);
        })?;
        let (called, census) = (roll.call(), census.placed());
        let passing = Passing { census: &census, called: &called, places: &Places::of(&handles) };
        let (ties, met) = passing.all(views)?.into_iter().unzip();
        let handle = |place: usize| handles.get(place).copied();
        let double = |likely: Likely| {
            let (a, b) = (handle(likely.a)?, handle(likely.b)?);
            Some((a.0, b.0, likely.probability.to_bits()))
        };
        let doubles = called.finish(met).into_iter().filter_map(double).collect();
        let cards = called.cards(|place| handle(place).map(|handle| handle.0));
        Ok((Self { globals: census.finish(ties), doubles }, cards))
    }

    fn unpacked(self) -> Statistics {
        Statistics { globals: self.globals, doubles: Doubles::of_pairs(&self.doubles) }
    }
}

/// What the ties that pass are told to.
#[derive(Clone, Copy)]
struct Passing<'a> {
    census: &'a Placed,
    called: &'a Called,
    places: &'a Places,
}

/// Handles whose ties a view passes at once.
const AT_ONCE: u32 = 10_000;

impl<'a> Passing<'a> {
    /// Lets all ties pass.
    fn all(self, views: Views<'_>) -> Result<Vec<(Ties, Met)>, TaskError> {
        let next = AtomicU32::new(0);
        std::thread::scope(|scope| {
            let pass = |view| scope.spawn(|| self.some(view, &next));
            let others: Vec<_> = views.more.into_iter().map(pass).collect();
            let mut all = vec![self.some(views.first, &next)];
            all.extend(
                others
                    .into_iter()
                    .map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))),
            );
            all.into_iter().collect()
        })
    }

    /// Lets ties pass as long as there are some that nobody took.
    fn some(self, view: Box<dyn View + Send + '_>, next: &AtomicU32) -> Result<(Ties, Met), TaskError> {
        let (mut count, mut meetings) = (self.census.count(), self.called.meetings());
        loop {
            let start = next.fetch_add(1, Ordering::Relaxed).saturating_mul(AT_ONCE);
            if interrupt::asked() {
                return Err(TaskError::InterruptedAfter);
            }
            if start >= self.places.end() {
                return Ok((count.finish(), meetings.finish()));
            }
            let part = Handle(start)..Handle(start.saturating_add(AT_ONCE));
            view.survey(part, Count::DECIDED, &mut |surveyed| match surveyed {
                Surveyed::Brief(tie) => {
                    let (from, to) = (self.places.of_handle(tie.from), self.places.of_handle(tie.to));
                    count.tie(from, to, tie.ty, tie.layer, tie.start);
                    meetings.tie(from, to, tie.ty);
                }
                Surveyed::Full(tie) => count.decided(&tie),
            })?;
        }
    }
}

/// Places in the order in which entities passed, by handle.
struct Places(Vec<u32>);

impl Places {
    fn of(handles: &[Handle]) -> Self {
        let most = handles.iter().map(|handle| handle.0 as usize + 1).max().unwrap_or(0);
        let mut places = vec![u32::MAX; most];
        for (at, handle) in (0_u32..).zip(handles) {
            places.get_mut(handle.0 as usize).into_iter().for_each(|place| *place = at);
        }
        Self(places)
    }

    /// One more than the greatest handle.
    fn end(&self) -> u32 {
        self.0.len() as u32
    }

    fn of_handle(&self, handle: Handle) -> usize {
        self.0.get(handle.0 as usize).map_or(usize::MAX, |&place| place as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Date;
    use crate::store::{self, Mode};

    #[test]
    fn of_an_earlier_day_is_read_what_was_taken_of_that_day_and_content() {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&folder.path().join("case.db").display().to_string(), Mode::Create).unwrap();
        let on = |day: u8| Access { as_of: Date::new(2020, 5, day), ..Access::default() };
        let view = store.read(&Access::default()).unwrap();
        let (edition, doubles) = (view.edition().unwrap(), vec![(1, 2, 0.5_f64.to_bits())]);
        // Marked, so that it can be told from what would be taken of a store in which nobody is.
        let marked = Taken { globals: Globals::default(), doubles };
        let kept = |edition: &str| Cache::of_statistics(store.as_ref(), &on(1), edition).unwrap();
        let is_marked = |access: &Access| {
            Statistics::of(store.as_ref(), access).unwrap().doubles == Doubles::of_pairs(&marked.doubles)
        };
        kept("of another content").write_json(&marked).unwrap();
        assert!(!is_marked(&on(1)));
        kept(&edition).write_json(&marked).unwrap();
        assert!(is_marked(&on(1)));
        // Readers of every level are told the same scores.
        assert!(is_marked(&Access { level: Level::Public, ..on(1) }));
        assert!(!is_marked(&on(2)) && !is_marked(&Access::default()));
    }
}
