//! Opening: from a store to a network.

use std::sync::mpsc::{SyncSender, sync_channel};

use crate::model::{Access, Entity, Id, Level, Tie};
use crate::network::{BuildError, Builder, Network};
use crate::store::{self, Info, Mode, StepView, Store, StoreError, View};

use super::TaskError;
use super::balls::Statistics;
use super::cache::Cache;

/// Opens a store to read; nothing in it is changed.
pub fn reader(address: &str) -> Result<Box<dyn Store>, TaskError> {
    Ok(store::open(address, Mode::Read)?)
}

/// Everything a reader may see as a network: from the cache beside the store where that is of this
/// very content, else built, and kept for the next time.
pub fn network(store: &dyn Store, access: &Access) -> Result<Network, TaskError> {
    let view = store.read(access)?;
    let cache = Cache::of(store, access, &view.digest());
    if let Some(network) = cache.as_ref().and_then(Cache::read) {
        return Ok(network);
    }
    let network = build(view, access, likely(store, access)?)?;
    if let Some(cache) = cache {
        cache.keep(&network);
    }
    Ok(network)
}

/// What a view holds in numbers: from the counts kept beside a large store where they are of this very
/// content, else counted, and kept for the next time.
pub fn info(store: &dyn Store, view: &dyn View, access: &Access) -> Result<Info, TaskError> {
    let cache = Cache::of_counts(store, access, &view.digest());
    if let Some(info) = cache.as_ref().and_then(Cache::read_counts) {
        return Ok(info);
    }
    let info = view.info()?;
    if let Some(cache) = cache {
        cache.keep_counts(&info);
    }
    Ok(info)
}

/// The network of a store that is gone in a moment: nothing is kept.
pub(super) fn once(store: &dyn Store, access: &Access) -> Result<Network, TaskError> {
    build(store.read(access)?, access, likely(store, access)?)
}

/// The likely doubles that a reader must be told of, since he does not see the cards that they are
/// found by: a pair has one score, whoever reads it.
fn likely(store: &dyn Store, access: &Access) -> Result<Option<Doubles>, TaskError> {
    let sees_cards = access.level >= Level::Case;
    Ok(if sees_cards { None } else { Some(Statistics::named_doubles(store, access)?) })
}

type Doubles = Vec<(Id, Id, f64)>;

/// What is read of a store, on its way to the builder.
#[allow(clippy::large_enum_variant)] // nearly all are ties; a box for each would cost more
enum Told {
    Entity(Entity),
    Tie(Tie),
    Step(StepView),
}

/// Told at once, and batches under way: little memory, and neither side waits for long.
const BATCH: usize = 1_024;
const UNDER_WAY: usize = 8;

/// Reads a whole view on a thread of its own and builds the network on this one.
fn build(
    view: Box<dyn View + Send + '_>,
    access: &Access,
    likely: Option<Doubles>,
) -> Result<Network, TaskError> {
    let (to, from) = sync_channel(UNDER_WAY);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read(view.as_ref(), &to));
        let built = pour(Builder::new(access.as_of), from.iter().flatten());
        // A builder that failed listens no more, and the reader is done with the next batch.
        drop(from);
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let mut builder = built?;
        read?;
        if let Some(likely) = likely {
            builder.likely(&likely);
        }
        Ok(builder.build())
    })
}

/// Hands out entities, ties and steps in batches; what nobody takes any more is let go.
fn read(view: &dyn View, to: &SyncSender<Vec<Told>>) -> Result<(), StoreError> {
    let mut batch = Vec::with_capacity(BATCH);
    let mut tell = |told| {
        batch.push(told);
        if batch.len() == BATCH {
            let _ = to.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)));
        }
    };
    view.entities(&mut |entity| tell(Told::Entity(entity)))?;
    view.ties(&mut |tie| tell(Told::Tie(tie)))?;
    view.steps(&[])?.into_iter().for_each(|step| tell(Told::Step(step)));
    let _ = to.send(batch);
    Ok(())
}

fn pour(mut builder: Builder, all: impl Iterator<Item = Told>) -> Result<Builder, BuildError> {
    for told in all {
        match told {
            Told::Entity(entity) => builder.sorted_entity(&entity)?,
            Told::Tie(tie) => builder.tie(&tie)?,
            Told::Step(step) => {
                builder.step(&step.id, &step.subject, &step.step, step.date, &step.fact)?;
            }
        }
    }
    Ok(builder)
}
