//! People, gangs and companies by id, or by a name that only one has.

use crate::model::Kind;
use crate::model::{Entity, Id};
use crate::network::{Network, NodeIx, Parts};
use crate::store::View;

use super::TaskError;

/// The entity that an id or a name means.
pub fn entity(view: &dyn View, text: &str) -> Result<Entity, TaskError> {
    let found = view.entities_of(&[Id::from(text)])?;
    if let Some(entity) = found.into_iter().next() {
        return Ok(entity);
    }
    let mut ids: Vec<Id> = view.named(text)?.into_iter().map(|(id, _)| id).collect();
    match (ids.pop(), ids.is_empty()) {
        (None, _) => Err(TaskError::Unknown(text.to_owned())),
        (Some(id), true) => {
            let found = view.entities_of(std::slice::from_ref(&id))?;
            found.into_iter().next().ok_or_else(|| TaskError::Unknown(text.to_owned()))
        }
        (Some(last), false) => {
            ids.push(last);
            Err(TaskError::Ambiguous { name: text.to_owned(), ids })
        }
    }
}

/// The node of a network that an id or a name means.
pub fn node(network: &Network, text: &str) -> Result<NodeIx, TaskError> {
    if let Some(node) = network.node(text) {
        return Ok(node);
    }
    let named: Vec<NodeIx> = network.nodes().filter(|&node| is_called(network, node, text)).collect();
    match named.as_slice() {
        [] => Err(TaskError::Unknown(text.to_owned())),
        [one] => Ok(*one),
        several => Err(TaskError::Ambiguous {
            name: text.to_owned(),
            ids: several.iter().map(|&node| Id::from(network.id(node))).collect(),
        }),
    }
}

/// The official that an id or a name means.
pub fn official(network: &Network, text: &str) -> Result<NodeIx, TaskError> {
    let node = node(network, text)?;
    if network.parts(node).any(Parts::OFFICIAL) {
        Ok(node)
    } else {
        Err(TaskError::NotA { id: text.to_owned(), wanted: "official" })
    }
}

/// The gang that an id or a name means.
pub fn gang(network: &Network, text: &str) -> Result<NodeIx, TaskError> {
    let node = node(network, text)?;
    if network.kind(node) == Kind::Gang {
        Ok(node)
    } else {
        Err(TaskError::NotA { id: text.to_owned(), wanted: "gang" })
    }
}

fn is_called(network: &Network, node: NodeIx, text: &str) -> bool {
    network.name(node) == text
        || network.prop(node, "aliases").is_some_and(|aliases| aliases.split(';').any(|alias| alias == text))
}
