//! Opening: from a store to a network.

use crate::analysis::{Watch, doubles};
use crate::model::{Access, Id, Level};
use crate::network::{Builder, Network, NodeIx, TieColumns};
use crate::store::{self, Info, Mode, Passed, Store, View};

use super::TaskError;
use super::balls::Statistics;
use super::cache::{Cache, LEAST};
use super::views::Views;

/// Opens a store to read; nothing in it is changed.
pub fn reader(address: &str) -> Result<Box<dyn Store>, TaskError> {
    Ok(store::open(address, Mode::Read)?)
}

/// Everything a reader may see as a network: from the cache beside the store where that is of this
/// very content, else built, and kept for the next time.
pub fn network(store: &dyn Store, access: &Access) -> Result<Network, TaskError> {
    network_watched(store, access, &Watch::default())
}

/// The same, with somebody who looks on while it is built.
pub fn network_watched(store: &dyn Store, access: &Access, watch: &Watch) -> Result<Network, TaskError> {
    let view = store.read(access)?;
    let edition = view.edition()?;
    let cache = Cache::of(store, access, &edition);
    if let Some(network) = cache.as_ref().and_then(Cache::read) {
        return Ok(network);
    }
    let likely = likely(store, access)?;
    // Who may be whom was read by another view: of another content, if a change ended meanwhile.
    if likely.is_some() && store.read(access)?.edition()? != edition {
        return network_watched(store, access, watch);
    }
    let network = build(store, view, access, likely.as_deref(), watch)?;
    if let Some(cache) = cache.filter(|_| network.tie_count() >= LEAST) {
        keep(store, access, &edition, &cache, &network, likely);
    }
    Ok(network)
}

/// What several views of a store tell, all of one content: read again where a change ended meanwhile. Cost: the
/// reading, once more for each such change.
pub(super) fn of_one_content<T>(
    store: &dyn Store,
    access: &Access,
    read: impl Fn() -> Result<T, TaskError>,
) -> Result<T, TaskError> {
    let mut before = store.read(access)?.edition()?;
    loop {
        let told = read()?;
        let after = store.read(access)?.edition()?;
        if after == before {
            return Ok(told);
        }
        before = after;
    }
}

/// Keeps a network with who may be whom in it. That it cannot be done costs time later, nothing else.
fn keep(
    store: &dyn Store,
    access: &Access,
    edition: &str,
    cache: &Cache,
    network: &Network,
    likely: Option<Doubles>,
) -> Option<()> {
    let named = likely.map_or_else(|| Statistics::named_doubles(store, access), Ok).ok()?;
    // Who may be whom was read by another view: of another content, if a change ended meanwhile.
    let view = store.read(access).ok()?;
    if view.edition().ok()? != edition {
        return None;
    }
    cache.keep(network, &placed(network, &named))?;
    // Whoever reads the network where he asks it needs to know how much there is in all.
    info(store, view.as_ref(), access).ok().map(|_| ())
}

/// Who may be whom in a network, those on record with them, of likely doubles by ids.
pub(super) fn placed(network: &Network, likely: &[(Id, Id, f64)]) -> Vec<(NodeIx, NodeIx, f64)> {
    let place = |(a, b, p): &(Id, Id, f64)| Some((network.node(a.as_str())?, network.node(b.as_str())?, *p));
    doubles::with_recorded(network, likely.iter().filter_map(place).collect())
}

/// What a view holds in numbers: from the counts kept beside a large store where they are of this very
/// content, else counted, and kept for the next time.
pub fn info(store: &dyn Store, view: &dyn View, access: &Access) -> Result<Info, TaskError> {
    let cache = Cache::of_counts(store, access, &view.edition()?);
    if let Some(info) = cache.as_ref().and_then(Cache::read_json) {
        return Ok(info);
    }
    let info = view.info()?;
    if let Some(cache) = cache {
        cache.keep_json(&info, info.claims);
    }
    Ok(info)
}

/// The network of a store that is gone in a moment: nothing is kept.
pub(super) fn once(store: &dyn Store, access: &Access) -> Result<Network, TaskError> {
    build(store, store.read(access)?, access, likely(store, access)?.as_deref(), &Watch::default())
}

/// The likely doubles that a reader must be told of, since he does not see the cards that they are
/// found by: a pair has one score, whoever reads it.
pub(super) fn likely(store: &dyn Store, access: &Access) -> Result<Option<Doubles>, TaskError> {
    let sees_cards = access.level >= Level::Case;
    Ok(if sees_cards { None } else { Some(Statistics::named_doubles(store, access)?) })
}

pub(super) type Doubles = Vec<(Id, Id, f64)>;

/// Reads a whole view: entities first, then ties in parts, on as many threads as there are, each with a view of
/// its own, into columns of their own.
fn build(
    store: &dyn Store,
    view: Box<dyn View + Send + '_>,
    access: &Access,
    likely: Option<&[(Id, Id, f64)]>,
    watch: &Watch,
) -> Result<Network, TaskError> {
    let mut builder = Builder::new(access.as_of);
    let mut failed = None;
    view.entities(&mut |entity| {
        if failed.is_none() {
            failed = builder.sorted_entity(&entity).err();
        }
    })?;
    failed.map_or(Ok(()), Err)?;
    let (steps, parts) = (view.steps(&[])?, view.tie_parts()?);
    let mut views = Views::beside(view, store, access)?;
    let places = builder.places();
    let done = watch.over(parts.len());
    let read = |view: &dyn View, at: usize| {
        let Some(part) = parts.get(at) else { return Ok(Default::default()) };
        let (mut columns, mut failed) = (TieColumns::default(), None);
        let passed = view.ties_of_part(part, &mut |tie| {
            if failed.is_none() {
                failed = columns.tie(&places, &tie).err();
            }
        })?;
        failed.map_or(Ok(()), Err)?;
        done.one_done();
        Ok((columns, passed))
    };
    let (columns, passed): (Vec<TieColumns>, Vec<Passed>) =
        views.share(parts.len(), read)?.into_iter().unzip();
    let passed = passed.into_iter().fold(Passed::default(), Passed::and);
    views.first.check_passed(passed)?;
    builder.append(columns)?;
    for step in steps {
        builder.step(&step.id, &step.subject, &step.step, step.date, &step.fact)?;
    }
    if let Some(likely) = likely {
        builder.likely(likely);
    }
    let (network, twice) = builder.build_counted();
    views.first.check_passed(passed.twice(twice as u64))?;
    Ok(network)
}
