//! People, gangs and companies by id, or by a name that only one has.

use crate::model::Kind;
use crate::model::{Entity, Id, Table};
use crate::network::{Network, NodeIx, Parts};
use crate::store::{StoreError, View};

use super::TaskError;

/// Candidates that are listed where several fit.
const LISTED: usize = 10;

/// The entity that an id or a name means; where nobody has just this name, the only one that a
/// search finds by part of it, by pinyin or by initials.
pub fn entity(view: &dyn View, text: &str) -> Result<Entity, TaskError> {
    let found = view.entities_of(&[Id::from(text)])?;
    if let Some(entity) = found.into_iter().next() {
        return Ok(entity);
    }
    let mut ids: Vec<Id> = view.named(text)?.into_iter().map(|(id, _)| id).collect();
    if ids.is_empty() {
        ids = view.find(text, LISTED)?.into_iter().map(|hit| hit.id).collect();
    }
    ids.truncate(LISTED);
    let mut found = view.entities_of(&ids)?;
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(TaskError::Unknown(text.to_owned())),
        (Some(entity), true) => Ok(entity),
        (Some(last), false) => {
            found.push(last);
            let who: Result<Vec<String>, StoreError> = found.iter().map(|one| who(view, one)).collect();
            Err(TaskError::Ambiguous { name: text.to_owned(), who: who? })
        }
    }
}

/// Name, id, and agency and post, or gang.
fn who(view: &dyn View, entity: &Entity) -> Result<String, StoreError> {
    let unit = entity.prop("agency").or_else(|| entity.prop("gang")).map(Id::from);
    let unit = match unit {
        Some(id) => view.entities_of(&[id])?.first().map(|unit| unit.name().to_owned()),
        None => None,
    };
    Ok(described(entity.name(), entity.id.as_str(), [unit.as_deref(), entity.prop("post")]))
}

fn described(name: &str, id: &str, more: [Option<&str>; 2]) -> String {
    let name = format!("{name} [{id}]");
    let more: Vec<&str> = std::iter::once(name.as_str()).chain(more.into_iter().flatten()).collect();
    more.join(" ")
}

/// The node of a network that an id or a name means; where nobody has just this name, the only
/// person or organisation whose name holds it.
pub fn node(network: &Network, text: &str) -> Result<NodeIx, TaskError> {
    if let Some(node) = network.node(text) {
        return Ok(node);
    }
    let mut named: Vec<NodeIx> = network.nodes().filter(|&node| is_called(network, node, text)).collect();
    if named.is_empty() && !text.trim().is_empty() {
        named = network.nodes().filter(|&node| holds(network, node, text.trim())).collect();
    }
    match named.as_slice() {
        [] => Err(TaskError::Unknown(text.to_owned())),
        [one] => Ok(*one),
        several => Err(TaskError::Ambiguous {
            name: text.to_owned(),
            who: several.iter().take(LISTED).map(|&node| who_of(network, node)).collect(),
        }),
    }
}

fn who_of(network: &Network, node: NodeIx) -> String {
    let unit = network.prop(node, "agency").or_else(|| network.prop(node, "gang"));
    let unit = unit.and_then(|id| network.node(id)).map(|unit| network.name(unit));
    described(network.name(node), network.id(node), [unit, network.prop(node, "post")])
}

fn holds(network: &Network, node: NodeIx, text: &str) -> bool {
    let kind = network.kind(node);
    (kind == Kind::Person || kind.is_organisation()) && network.name(node).contains(text)
}

/// The official that an id or a name means.
pub fn official(network: &Network, text: &str) -> Result<NodeIx, TaskError> {
    let node = node(network, text)?;
    let (id, wanted) = (text.to_owned(), "official");
    if network.parts(node).any(Parts::OFFICIAL) {
        Ok(node)
    } else if network.kind(node) == Kind::Gang {
        Err(TaskError::Order { id, wanted })
    } else {
        Err(TaskError::NotA { id, wanted })
    }
}

/// The gang that an id or a name means.
pub fn gang(network: &Network, text: &str) -> Result<NodeIx, TaskError> {
    let node = node(network, text)?;
    let (id, wanted) = (text.to_owned(), "gang");
    if network.kind(node) == Kind::Gang {
        Ok(node)
    } else if network.parts(node).any(Parts::OFFICIAL) {
        Err(TaskError::Order { id, wanted })
    } else {
        Err(TaskError::NotA { id, wanted })
    }
}

/// The official of a view that an id or a name means.
pub fn official_in(view: &dyn View, text: &str) -> Result<Id, TaskError> {
    let found = entity(view, text)?;
    let (id, wanted) = (text.to_owned(), "official");
    if is_official(view, &found)? {
        Ok(found.id)
    } else if found.kind == Kind::Gang {
        Err(TaskError::Order { id, wanted })
    } else {
        Err(TaskError::NotA { id, wanted })
    }
}

/// The gang of a view that an id or a name means.
pub fn gang_in(view: &dyn View, text: &str) -> Result<Id, TaskError> {
    let found = entity(view, text)?;
    let (id, wanted) = (text.to_owned(), "gang");
    if found.kind == Kind::Gang {
        Ok(found.id)
    } else if is_official(view, &found)? {
        Err(TaskError::Order { id, wanted })
    } else {
        Err(TaskError::NotA { id, wanted })
    }
}

/// Whether somebody is an official: by his row, or by a post or a duty of his.
fn is_official(view: &dyn View, entity: &Entity) -> Result<bool, StoreError> {
    if entity.kind != Kind::Person || entity.stands_in(Table::Officials) {
        return Ok(entity.kind == Kind::Person);
    }
    let handles: Vec<_> = view.handles(std::slice::from_ref(&entity.id))?;
    let handles: Vec<_> = handles.into_iter().map(|(_, handle)| handle).collect();
    let mut duty = false;
    view.links(&handles, &[], &mut |link| duty |= link.outward && link.ty.makes_official())?;
    Ok(duty)
}

fn is_called(network: &Network, node: NodeIx, text: &str) -> bool {
    network.name(node) == text
        || network.prop(node, "aliases").is_some_and(|aliases| aliases.split(';').any(|alias| alias == text))
}
