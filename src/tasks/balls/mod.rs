//! Answers from a part of a store: a gang's ball is read by its reaches, and nothing else is.
//!
//! What a score must know of the whole file (counts, and who may be whom) are [`Statistics`]: small,
//! and kept in the store beside its content. A ball's network holds all ties of all nodes that were
//! walked, with their claims, and every entity that these name; what the analysis may ask of a node
//! that was only reached (its ties a layer, whether it is an official, whom it may be as well) comes
//! from the store. So the answer is the whole network's, which is tested (`tests`).

mod after;
#[cfg(test)]
mod after_tests;
#[cfg(test)]
pub(super) mod cases;
#[cfg(test)]
mod city;
mod held;
mod kept;
mod laid;
#[cfg(test)]
mod laid_tests;
mod lifted;
mod part;
mod revised;
#[cfg(test)]
#[cfg(feature = "neo4j")]
mod server_tests;
pub(super) mod statistics;
#[cfg(test)]
mod tests;
mod walk;
mod ways;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use crate::analysis::umbrella::{self, LeadOutcome, Options, Outcome};
use crate::model::{Access, Id, Kind};
use crate::network::{Extent, Network, OnDisk};
use crate::store::{Handle, Info, Store, StoreError, View};

use super::TaskError;
use super::cache::{Cache, Opened};
pub use after::{Before, Touched};
pub use held::ask;
use lifted::Unread;
use part::Walked;
pub use statistics::Statistics;
use statistics::same_content;
use walk::Reader;

/// What an entity gives those who name it: where they belong, and their sector.
const GIVEN: [&str; 3] = ["jurisdiction", "sector", "parent"];

/// A store's view, and what is known of the whole file once it is asked for: balls are read from it.
pub struct Source<'s> {
    store: &'s dyn Store,
    view: Box<dyn View + Send + 's>,
    access: Access,
    statistics: OnceCell<Statistics>,
    extent: OnceCell<Extent>,
    /// The whole network, once a part of it was not enough.
    whole: OnceCell<Option<Arc<Network>>>,
    /// A second view of the same content, for a second thread.
    second: RefCell<Option<Box<dyn View + Send + 's>>>,
    /// The network that is kept beside a large store, read where it is asked; and who opens it.
    kept: OnceCell<Option<OnDisk<Opened>>>,
    opening: RefCell<Option<JoinHandle<Option<OnDisk<Opened>>>>>,
}

/// Up to so many ties the whole network of a file is opened, in seconds once and then in moments: a search of the store
/// for a part of it takes longer where the best paths are long. Of a larger store, wherever it is, parts alone are read.
const READ_AT_ONCE: usize = 3_000_000;

/// A store on a server, or of an earlier day, of no more ties is opened as soon as balls of it are read; in tests none is.
const SMALL: usize = if cfg!(test) { 1 } else { 100_000 };

/// So many people and things of a store on a server are read at most before all of it is: that takes no longer then.
const MOST_FAR: usize = 20_000;

/// How often a question is put anew where a change ended while it was answered.
const TRIES: usize = 3;

/// Fewer are read by one thread.
const SHARED: usize = 256;

impl<'s> Source<'s> {
    /// Opens a store. What is kept beside it is opened by another thread meanwhile: nearly every question needs it, and
    /// something of the store before.
    pub fn open(store: &'s dyn Store, access: &Access) -> Result<Self, TaskError> {
        let view = store.read(access)?;
        let cache = view.edition().ok().and_then(|edition| Cache::of(store, access, &edition));
        let opening = cache.and_then(|cache| Builder::new().spawn(move || cache.on_disk()).ok());
        let (statistics, extent, whole, second, kept) = Default::default();
        let (access, opening) = (access.clone(), RefCell::new(opening));
        Ok(Self { store, view, access, statistics, extent, whole, second, kept, opening })
    }

    /// The view.
    pub fn view(&self) -> &dyn View {
        self.view.as_ref()
    }

    /// Reads of many in two halves at the same time, the first half's answer first; of few at once.
    fn in_halves<I: Sync, T: Send>(
        &self,
        items: &[I],
        read: impl Fn(&dyn View, &[I]) -> Result<T, StoreError> + Sync,
    ) -> Result<(T, Option<T>), StoreError> {
        let second = if items.len() < SHARED { None } else { self.second_view()? };
        let Some(second) = second else { return Ok((read(self.view(), items)?, None)) };
        let (near, far) = items.split_at(items.len() / 2);
        let read = &read;
        std::thread::scope(|scope| {
            let other = scope.spawn(move || {
                let found = read(second.as_ref(), far);
                (second, found)
            });
            let near = read(self.view(), near);
            let (second, far) = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            self.second.replace(Some(second));
            Ok((near?, Some(far?)))
        })
    }

    /// The second view, where there are threads for it and nothing has changed since the first.
    fn second_view(&self) -> Result<Option<Box<dyn View + Send + 's>>, StoreError> {
        if let Some(second) = self.second.take() {
            return Ok(Some(second));
        }
        if rayon::current_num_threads() < 2 {
            return Ok(None);
        }
        let second = self.store.read(&self.access)?;
        let is_same = second.edition()? == self.view.edition()?;
        Ok(is_same.then_some(second))
    }

    /// Who reads, and as of which day.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// What a score must know of the whole file. Cost: reading what is kept with the store; where that does not
    /// fit (a view of an earlier day than the one asked for last, a change that did not end with it), a pass over all entities and the
    /// indexes of all ties.
    pub fn statistics(&self) -> Result<&Statistics, TaskError> {
        if let Some(statistics) = self.statistics.get() {
            return Ok(statistics);
        }
        let statistics = Statistics::beside(self.view(), self.store, &self.access)?;
        Ok(self.statistics.get_or_init(|| statistics))
    }

    /// How much the view holds in all: as it is kept with the store or beside it, else counted.
    pub fn extent(&self) -> Result<Extent, TaskError> {
        if let Some(extent) = self.kept_extent()? {
            return Ok(extent);
        }
        let counted = extent_of(&super::open::info(self.store, self.view(), &self.access)?);
        Ok(*self.extent.get_or_init(|| counted))
    }

    /// The same, where it takes no counting.
    fn kept_extent(&self) -> Result<Option<Extent>, TaskError> {
        if self.extent.get().is_some() || self.access.as_of.is_some() {
            return Ok(self.extent.get().copied());
        }
        let kept = statistics::kept_extent(self.view())?;
        Ok(kept.map(|kept| *self.extent.get_or_init(|| kept)))
    }

    /// Whether it takes less to read a part than to open the whole. (Where a server does not keep how much there is, all of
    /// it is read to know that.)
    pub fn is_large(&self) -> Result<bool, TaskError> {
        if is_far(self.store) {
            return Ok(self.kept_extent()?.is_some_and(|extent| extent.ties > SMALL));
        }
        Ok(self.extent()?.ties > READ_AT_ONCE)
    }

    /// So much of the store is read at most before the whole is opened instead, where that is done in the time of an answer.
    fn most(&self) -> Result<Option<usize>, TaskError> {
        Ok((is_far(self.store) && self.extent()?.ties <= READ_AT_ONCE).then_some(MOST_FAR))
    }

    /// The whole network, if it was opened.
    fn opened(&self) -> Option<Arc<Network>> {
        self.whole.get().cloned().flatten()
    }

    /// The whole network, where it can be opened in the time of an answer that no part of it gave; opened once.
    fn whole(&self) -> Result<Option<Arc<Network>>, TaskError> {
        if let Some(whole) = self.whole.get() {
            return Ok(whole.clone());
        }
        let mut whole = None;
        if self.extent()?.ties <= READ_AT_ONCE {
            whole = Some(Arc::new(super::open::network(self.store, &self.access)?));
            // It was read by another view.
            same_content(self.view(), self.store, &self.access)?;
        }
        Ok(self.whole.get_or_init(|| whole).clone())
    }

    /// The likely doubles that the reader must be told of, since he does not see the cards.
    fn likely(&self) -> Result<Option<super::open::Doubles>, TaskError> {
        let likely = super::open::likely(self.store, &self.access)?;
        // They were read by another view.
        likely.is_some().then(|| same_content(self.view(), self.store, &self.access)).transpose()?;
        Ok(likely)
    }

    /// The network that is kept beside the store, if it is of this very content and nothing of it was found hurt.
    fn kept(&self) -> Option<&OnDisk<Opened>> {
        let open = || match self.opening.take() {
            Some(opening) => opening.join().ok().flatten(),
            None => self.cache()?.on_disk(),
        };
        self.kept.get_or_init(open).as_ref().filter(|kept| kept.is_sound())
    }

    fn cache(&self) -> Option<Cache> {
        Cache::of(self.store, &self.access, &self.view.edition().ok()?)
    }

    /// Takes away what is kept and was found hurt: whoever asks next would read it up to there again.
    fn forget_hurt(&self) {
        let hurt = self.kept.get().and_then(Option::as_ref).filter(|kept| !kept.is_sound());
        if let Some((hurt, cache)) = hurt.zip(self.cache()) {
            cache.forget(hurt.source());
        }
    }

    /// The pairs of one gang. Rank and q are left out, as for any part of a run. What the score asks for beside the
    /// ties that were walked is read as it is asked for, and the score made again, until nothing is missing. All this is
    /// read of the network that is kept beside the store, else of the store.
    pub fn gang(&self, gang: &Id, options: &Options) -> Result<Scored, TaskError> {
        if let Some(kept) = self.kept() {
            if let Some(scored) = kept::gang(self, kept, gang, options)? {
                return Ok(scored);
            }
            self.forget_hurt();
        }
        self.gang_of_store(gang, options)
    }

    /// The same, of the store alone.
    fn gang_of_store(&self, gang: &Id, options: &Options) -> Result<Scored, TaskError> {
        let statistics = self.statistics()?;
        let mut seeds = vec![gang.clone()];
        seeds.extend(self.view().cases_of(gang)?);
        let seeds: Vec<Handle> = self.view().handles(&seeds)?.into_iter().map(|(_, handle)| handle).collect();
        let reader = Reader::new(self, &statistics.doubles);
        let walked = Walked::of_gang(&reader, &seeds)?;
        let part = walked.part()?;
        let node = part.network.node(gang.as_str());
        let node = node.ok_or_else(|| TaskError::Unknown(gang.to_string()))?;
        let outcome =
            walked.score(&part, node, |ball| umbrella::run_ball(ball, &statistics.globals, options))?;
        Ok(Scored { network: part.network, outcome })
    }

    /// What new leads come to, whose rows `change` tells of as [`Network::changed`] takes it: those that `is_new` takes
    /// by their ids, in order. They are laid over the network that is kept beside the store, else over a large store itself.
    /// Nothing where the store is small, or where the rows touch more than a few balls: then the whole network is to be
    /// asked.
    pub fn leads(
        &self,
        change: &Network,
        pairs: &[(Id, Id)],
        is_new: impl Fn(&str) -> bool,
        options: &Options,
    ) -> Result<Option<Vec<LeadOutcome>>, TaskError> {
        if let Some(kept) = self.kept() {
            match laid::leads(self, kept, (change, pairs), &is_new, options) {
                Err(Unread::Other(why)) => return Err(why),
                Err(Unread::Hurt) => self.forget_hurt(),
                Ok(leads) => return Ok(leads),
            }
        }
        if self.statistics()?.globals.ties.values().sum::<u64>() <= SMALL as u64 {
            return Ok(None);
        }
        revised::leads(self, (change, pairs), &is_new, options)
    }

    /// The ends of the ties that some rows ever spoke of.
    pub fn ends_of(&self, rows: &[Id]) -> Result<Vec<Id>, TaskError> {
        let mut ends = std::collections::BTreeSet::new();
        for row in rows {
            let ties = self.view.row(row)?.into_iter().flat_map(|history| history.ties);
            ties.for_each(|tie| ends.extend([tie.from, tie.to]));
        }
        Ok(ends.into_iter().collect())
    }

    /// The best paths between two, by ids, from what lies between them.
    pub fn paths(&self, request: &super::paths::Request) -> Result<super::paths::Answer, TaskError> {
        ways::ways(self, request)
    }
}

/// Puts a question to a store; anew where a change ended while it was answered, so that not all was read of one content.
pub fn of_store<T>(
    store: &dyn Store,
    access: &Access,
    question: impl Fn(&Source<'_>) -> Result<T, TaskError>,
) -> Result<T, TaskError> {
    let mut tries = 1..TRIES;
    loop {
        match question(&Source::open(store, access)?) {
            Err(TaskError::Store(StoreError::Busy(_))) if tries.next().is_some() => {}
            answer => return answer,
        }
    }
}

/// Whether to read everything takes far longer than to read a part: a store that is no file is on a server.
pub(super) fn is_far(store: &dyn Store) -> bool {
    store.file().is_none()
}

/// How much there is, of what was counted.
fn extent_of(info: &Info) -> Extent {
    let sum = |counts: &BTreeMap<String, u64>| counts.values().sum::<u64>() as usize;
    Extent {
        nodes: sum(&info.entities),
        ties: sum(&info.ties),
        gangs: info.entities.get(Kind::Gang.code()).map_or(0, |count| *count as usize),
        officials: info.officials as usize,
        newest: info.newest,
    }
}

/// The pairs of one gang, and the part of the network they rest on.
pub struct Scored {
    /// The ball's network.
    pub network: Network,
    /// The pairs.
    pub outcome: Outcome,
}
