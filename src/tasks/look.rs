//! Looking around: one thing with everything known of it.

use std::collections::BTreeSet;

use crate::model::view::SourceCard;
use crate::model::{Entity, Id, Props, Tie};
use crate::store::{RowHistory, StepView, Store, TieFilter, View};

use super::{TaskError, named, open};
use crate::analysis::doubles::{self, Double};
use crate::model::Access;
use crate::network::Network;

/// What `show` found under an id.
#[derive(Debug)]
pub enum Thing {
    /// An entity, its ties with their other ends, its steps.
    Entity(Box<Portrait>),
    /// What a row id stands for.
    Row(RowHistory, Vec<Entity>),
    /// A source, and what it says.
    Source(Box<Told>),
    /// A step, and the case or lead, and whom else it names, in id order.
    Step(StepView, Vec<Entity>),
    /// Two records that are likely one person, and the two.
    Double(Double, Vec<Entity>),
}

/// An entity with all around it.
#[derive(Debug)]
pub struct Portrait {
    /// The entity.
    pub entity: Entity,
    /// Its ties.
    pub ties: Vec<Tie>,
    /// The entities at the other ends and those that facts and steps name, in id order.
    pub others: Vec<Entity>,
    /// What happened to it, if it is a case or a lead.
    pub steps: Vec<StepView>,
}

/// A source and all that rests on its word.
#[derive(Debug)]
pub struct Told {
    /// What it is.
    pub card: SourceCard,
    /// The rows of ties that it states, sorted.
    pub rows: Vec<Id>,
    /// The people and things that it says something of, in id order.
    pub about: Vec<Entity>,
    /// The steps that it tells of.
    pub steps: Vec<StepView>,
    /// What the rows are rows of.
    pub network: Network,
    /// Whom the steps name, in id order.
    pub others: Vec<Entity>,
}

/// What is known under an id (of an entity, a row, a source, a step) or under a name that only one has.
pub fn show(store: &dyn Store, access: &Access, text: &str) -> Result<Thing, TaskError> {
    let view = store.read(access)?;
    let id = Id::from(text);
    if let Some(history) = view.row(&id)? {
        let ends = ends(&history.ties);
        return Ok(Thing::Row(history, view.entities_of(&ends)?));
    }
    if let Some(card) = source(view.as_ref(), text)? {
        return told(store, access, view.as_ref(), card).map(|told| Thing::Source(Box::new(told)));
    }
    // Shown before a step of the same id, if there were one: to see that there is none takes all steps.
    let entity = view.entities_of(std::slice::from_ref(&id))?.pop();
    if let Some(entity) = entity {
        return portrait(view.as_ref(), entity).map(|portrait| Thing::Entity(Box::new(portrait)));
    }
    if let Some(step) = view.steps_named(&id)?.into_iter().next() {
        let others = around(view.as_ref(), std::slice::from_ref(&step))?;
        return Ok(Thing::Step(step, others));
    }
    if text.starts_with("same:")
        && let Some(double) = double(store, access, text)?
    {
        let both = view.entities_of(&[double.a.clone(), double.b.clone()])?;
        return Ok(Thing::Double(double, both));
    }
    let entity = named::entity(view.as_ref(), text)?;
    portrait(view.as_ref(), entity).map(|portrait| Thing::Entity(Box::new(portrait)))
}

/// All that rests on a source's word. Cost: the whole network is opened, and what is said is passed over.
fn told(store: &dyn Store, access: &Access, view: &dyn View, card: SourceCard) -> Result<Told, TaskError> {
    let network = open::network(store, access)?;
    let claims = network.ties().flat_map(|tie| network.tie(tie).claims());
    let rows: BTreeSet<&str> =
        claims.filter(|claim| *claim.voice() == card.voice).map(|claim| claim.row()).collect();
    let rows = rows.into_iter().map(Id::from).collect();
    let about = view.entities_told_by(&card.voice)?;
    let mut steps = view.steps(&[])?;
    steps.retain(|step| step.fact.voice == card.voice);
    let others = around(view, &steps)?;
    Ok(Told { card, rows, about, steps, network, others })
}

/// The cases and leads of steps, and whom these name, in id order.
fn around(view: &dyn View, steps: &[StepView]) -> Result<Vec<Entity>, TaskError> {
    let named = steps.iter().flat_map(|step| named_in(&step.fact.props).chain([step.subject.clone()]));
    let ids: BTreeSet<Id> = named.collect();
    Ok(view.entities_of(&ids.into_iter().collect::<Vec<_>>())?)
}

/// The likely double that a row `same:A:B` of the program's own stands for, whichever is named first. Why is said where the reader may
/// see what the two cards hold. Cost: the whole network is opened, since shared neighbours count.
fn double(store: &dyn Store, access: &Access, row: &str) -> Result<Option<Double>, TaskError> {
    let network = open::network(store, access)?;
    // As the score takes them.
    let told = doubles::positions(&network).into_iter().map(|(a, b, probability)| {
        let (a, b) = (Id::from(network.id(a)), Id::from(network.id(b)));
        Double { row: doubles::row(a.as_str(), b.as_str()), a, b, probability, why: Vec::new() }
    });
    let is_it = |double: &Double| {
        let Double { a, b, .. } = double;
        [format!("same:{a}:{b}"), format!("same:{b}:{a}")].iter().any(|either| either == row)
    };
    let Some(double) = told.into_iter().find(is_it) else { return Ok(None) };
    let sees_cards = network.likely().is_none();
    let found = if sees_cards { doubles::find(&network) } else { Vec::new() };
    let why = found.into_iter().find(|found| found.row == double.row).map(|found| found.why);
    Ok(Some(Double { why: why.unwrap_or_default(), ..double }))
}

fn portrait(view: &dyn View, entity: Entity) -> Result<Portrait, TaskError> {
    let ties = view.ties_of(std::slice::from_ref(&entity.id), &TieFilter::default())?.ties;
    let steps = view.steps(std::slice::from_ref(&entity.id))?;
    let mut others = ends(&ties);
    let said = entity.facts.iter().chain(steps.iter().map(|step| &step.fact));
    others.extend(said.flat_map(|fact| named_in(&fact.props)));
    others.sort();
    others.dedup();
    let others = view.entities_of(&others)?;
    Ok(Portrait { entity, ties, others, steps })
}

/// The ids that properties may name; what is none is found nowhere.
fn named_in(props: &Props) -> impl Iterator<Item = Id> + '_ {
    const NAMING: [&str; 12] = [
        "about",
        "agency",
        "by",
        "from_unit",
        "gang",
        "parent",
        "person",
        "signed_by",
        "suspects",
        "to_unit",
        "unit",
        "value",
    ];
    let cells = props.iter().filter(|(key, _)| NAMING.contains(&key.as_str()));
    cells.flat_map(|(_, cell)| cell.split(';').map(Id::from))
}

fn ends(ties: &[Tie]) -> Vec<Id> {
    let mut ids: Vec<Id> = ties.iter().flat_map(|tie| [tie.from.clone(), tie.to.clone()]).collect();
    ids.sort();
    ids.dedup();
    ids
}

fn source(view: &dyn View, text: &str) -> Result<Option<SourceCard>, TaskError> {
    let is_it =
        |card: &SourceCard| matches!(&card.voice, crate::model::Voice::Source(id) if id.as_str() == text);
    Ok(view.sources()?.into_iter().find(is_it))
}
