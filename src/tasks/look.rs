//! Looking around: one thing with everything known of it.

use crate::model::view::SourceCard;
use crate::model::{Entity, Id, Props, Tie};
use crate::store::{RowHistory, StepView, Store, TieFilter, View};

use super::{TaskError, named, open};
use crate::analysis::doubles::{self, Double};
use crate::model::Access;

/// What `show` found under an id.
#[derive(Debug)]
pub enum Thing {
    /// An entity, its ties with their other ends, its steps.
    Entity(Box<Portrait>),
    /// What a row id stands for.
    Row(RowHistory, Vec<Entity>),
    /// A source.
    Source(SourceCard),
    /// A step.
    Step(StepView),
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

/// What is known under an id (of an entity, a row, a source, a step) or under a name that only one has.
pub fn show(store: &dyn Store, access: &Access, text: &str) -> Result<Thing, TaskError> {
    let view = store.read(access)?;
    let id = Id::from(text);
    if let Some(history) = view.row(&id)? {
        let ends = ends(&history.ties);
        return Ok(Thing::Row(history, view.entities_of(&ends)?));
    }
    if let Some(source) = source(view.as_ref(), text)? {
        return Ok(Thing::Source(source));
    }
    if let Some(step) = view.steps(&[])?.into_iter().find(|step| step.id.as_str() == text) {
        return Ok(Thing::Step(step));
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

/// The likely double that a row `same:A:B` of the program's own stands for. Why is said where the reader may
/// see what the two cards hold. Cost: the whole network is opened, since shared neighbours count.
fn double(store: &dyn Store, access: &Access, row: &str) -> Result<Option<Double>, TaskError> {
    let network = open::network(store, access)?;
    // As the score takes them.
    let told = doubles::positions(&network).into_iter().map(|(a, b, probability)| {
        let (a, b) = (Id::from(network.id(a)), Id::from(network.id(b)));
        Double { row: doubles::row(a.as_str(), b.as_str()), a, b, probability, why: Vec::new() }
    });
    let Some(double) = told.into_iter().find(|double| double.row.as_str() == row) else { return Ok(None) };
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
