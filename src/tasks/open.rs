//! Opening: from a store to a network.

use crate::model::Access;
use crate::network::{Builder, Network};
use crate::store::{self, Mode, Store, View};

use super::TaskError;

/// Opens a store to read; nothing is changed, not even a file beside it.
pub fn reader(address: &str) -> Result<Box<dyn Store>, TaskError> {
    Ok(store::open(address, Mode::Read)?)
}

/// Loads everything a reader may see into a network.
pub fn network(store: &dyn Store, access: &Access) -> Result<Network, TaskError> {
    let view = store.read(access)?;
    let builder = fill(Builder::new(access.as_of), view.as_ref())?;
    Ok(builder.build())
}

/// Pours a whole view into a builder.
pub(super) fn fill(mut builder: Builder, view: &dyn View) -> Result<Builder, TaskError> {
    view.entities(&mut |entity| builder.entity(entity))?;
    let mut first_error = None;
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
