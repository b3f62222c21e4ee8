//! Opening: from a store to a network.

use crate::model::Access;
use crate::network::{Builder, Network};
use crate::store::{self, Mode, Store, View};

use super::TaskError;
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
    let network = build(view.as_ref(), access)?;
    if let Some(cache) = cache {
        cache.keep(&network);
    }
    Ok(network)
}

/// The network of a store that is gone in a moment: nothing is kept.
pub(super) fn once(store: &dyn Store, access: &Access) -> Result<Network, TaskError> {
    build(store.read(access)?.as_ref(), access)
}

fn build(view: &dyn View, access: &Access) -> Result<Network, TaskError> {
    Ok(fill(Builder::new(access.as_of), view)?.build())
}

/// Pours a whole view into a builder.
pub(super) fn fill(mut builder: Builder, view: &dyn View) -> Result<Builder, TaskError> {
    let mut first_error = None;
    view.entities(&mut |entity| {
        if first_error.is_none() {
            first_error = builder.sorted_entity(&entity).err();
        }
    })?;
    view.ties(&mut |tie| {
        if first_error.is_none() {
            first_error = builder.tie(&tie).err();
        }
    })?;
    for step in view.steps(&[])? {
        builder.step(&step.id, &step.subject, &step.step, step.date, &step.fact)?;
    }
    first_error.map_or(Ok(builder), |error| Err(error.into()))
}
