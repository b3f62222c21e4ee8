//! People, gangs and companies by id, or by a name that only one has.

use crate::model::Kind;
use crate::model::{Entity, Id, Table};
use crate::network::{Network, NodeIx, Parts};
use crate::store::{StoreError, View, Wanted, grade};

use super::TaskError;

/// Candidates that are listed where several have a name.
const LISTED: usize = 10;

/// Who is named where nobody has just this name.
const MEANT: usize = 5;

/// The entity that an id means, or a name or an alias that only one has. Part of a name means nobody: a slip
/// of the hand must not become a report on somebody else. Who may have been meant is told.
pub fn entity(view: &dyn View, text: &str) -> Result<Entity, TaskError> {
    let found = view.entities_of(&[Id::from(text)])?;
    if let Some(entity) = found.into_iter().next() {
        return Ok(entity);
    }
    if Wanted::new(text).is_empty() {
        return Err(TaskError::Unknown(text.to_owned()));
    }
    let mut ids: Vec<Id> = view.named(text)?.into_iter().map(|(id, _)| id).collect();
    ids.truncate(LISTED);
    let mut found = view.entities_of(&ids)?;
    match (found.pop(), found.is_empty()) {
        (None, _) => {
            let near: Vec<Id> = view.find(text, MEANT)?.into_iter().map(|hit| hit.id).collect();
            // In the order of the search, the best first.
            let near =
                near.iter().map(|id| Ok(view.entities_of(std::slice::from_ref(id))?.into_iter().next()));
            let near: Vec<Option<Entity>> = near.collect::<Result<_, StoreError>>()?;
            Err(unknown(text, all_of(view, near.iter().flatten())?))
        }
        (Some(entity), true) => Ok(entity),
        (Some(last), false) => {
            found.push(last);
            Err(TaskError::Ambiguous { name: text.to_owned(), who: all_of(view, found.iter())? })
        }
    }
}

fn unknown(text: &str, near: Vec<String>) -> TaskError {
    let name = text.to_owned();
    if near.is_empty() { TaskError::Unknown(name) } else { TaskError::Near { name, who: near } }
}

fn all_of<'e>(
    view: &dyn View,
    entities: impl Iterator<Item = &'e Entity>,
) -> Result<Vec<String>, StoreError> {
    entities.map(|one| who(view, one)).collect()
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

/// The node of a network that an id means, or a name or an alias that only one has, as [`entity`] does.
pub fn node(network: &Network, text: &str) -> Result<NodeIx, TaskError> {
    if let Some(node) = network.node(text) {
        return Ok(node);
    }
    let wanted = Wanted::new(text);
    if wanted.is_empty() {
        return Err(TaskError::Unknown(text.to_owned()));
    }
    let is_called = |node: &NodeIx| names(network, *node).any(|name| wanted.is(name));
    let named: Vec<NodeIx> = network.nodes().filter(is_called).collect();
    match named.as_slice() {
        [] => Err(unknown(text, near(network, &wanted))),
        [one] => Ok(*one),
        several => Err(TaskError::Ambiguous {
            name: text.to_owned(),
            who: several.iter().take(LISTED).map(|&node| who_of(network, node)).collect(),
        }),
    }
}

/// Who may have been meant, best match first, then by id.
fn near(network: &Network, wanted: &Wanted) -> Vec<String> {
    let matched = |node: NodeIx| {
        let own = network.name(node);
        let grades = names(network, node).filter_map(|name| wanted.matches(name, name == own));
        grades.map(|matched| grade(&matched)).min()
    };
    let mut near: Vec<(u8, NodeIx)> =
        network.nodes().filter_map(|node| Some((matched(node)?, node))).collect();
    near.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| network.id(a.1).cmp(network.id(b.1))));
    near.into_iter().take(MEANT).map(|(_, node)| who_of(network, node)).collect()
}

/// The names of a node; a lead has a text, and no name.
fn names(network: &Network, node: NodeIx) -> impl Iterator<Item = &str> {
    let own = Some(network.name(node)).filter(|_| network.kind(node) != Kind::Lead);
    let aliases = network.prop(node, "aliases").into_iter().flat_map(|aliases| aliases.split(';'));
    own.into_iter().chain(aliases).map(str::trim).filter(|name| !name.is_empty())
}

fn who_of(network: &Network, node: NodeIx) -> String {
    let unit = network.prop(node, "agency").or_else(|| network.prop(node, "gang"));
    let unit = unit.and_then(|id| network.node(id)).map(|unit| network.name(unit));
    described(network.name(node), network.id(node), [unit, network.prop(node, "post")])
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
