//! JSON documents of single things: entities, ties, claims, sources, steps. Keys and codes are
//! English and stable; keys may be added, never removed.

use serde::Serialize;

use crate::analysis::doubles::Double;
use crate::messages::Catalogue;
use crate::model::strength::{Graded, strength};
use crate::model::view::{Fact, SourceCard};
use crate::model::{Amount, Claim, Date, Entity, Id, Kind, Props, Table, Tie, Voice};
use crate::store::StepView;

/// A name with its id.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Named {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// What one row says of an entity.
#[derive(Debug, Serialize)]
pub struct FactDoc {
    table: &'static str,
    source: Option<String>,
    known: Option<Date>,
    change: u64,
    props: Props,
}

/// A claim.
#[derive(Debug, Serialize)]
pub struct ClaimDoc {
    row: String,
    source: Option<String>,
    grade: String,
    status: &'static str,
    known: Option<Date>,
    change: u64,
    #[serde(flatten)]
    values: crate::model::Values,
}

/// A tie with its claims.
#[derive(Debug, Serialize)]
pub struct TieDoc {
    #[serde(rename = "type")]
    ty: String,
    layer: Option<&'static str>,
    from: Named,
    to: Named,
    role: Option<String>,
    start: Option<Date>,
    end: Option<Date>,
    amount: Option<Amount>,
    strength: f64,
    relations: Vec<String>,
    claims: Vec<ClaimDoc>,
}

impl TieDoc {
    /// The tie's strength, in (0, 1).
    pub fn strength(&self) -> f64 {
        self.strength
    }
}

/// A step of a case or a lead.
#[derive(Debug, Serialize)]
pub struct StepDoc {
    id: String,
    subject: String,
    step: String,
    date: Date,
    source: Option<String>,
    known: Option<Date>,
    props: Props,
}

/// An entity with its ties.
#[derive(Debug, Serialize)]
pub struct EntityDoc {
    id: String,
    kind: &'static str,
    name: String,
    aliases: Vec<String>,
    parts: Vec<&'static str>,
    facts: Vec<FactDoc>,
    ties: Vec<TieDoc>,
    steps: Vec<StepDoc>,
}

/// A source, as far as a reader may know it.
#[derive(Debug, Serialize)]
pub struct SourceDoc {
    id: Option<String>,
    channel: &'static str,
    title: Option<String>,
    date: Option<Date>,
    reliability: &'static str,
    unit: Option<String>,
    handling: &'static str,
    locator: Option<String>,
}

/// A source with all that rests on its word: rows of ties, ids of people and things, ids of steps.
#[derive(Debug, Serialize)]
pub struct ToldDoc {
    #[serde(flatten)]
    card: SourceDoc,
    rows: Vec<String>,
    entities: Vec<String>,
    steps: Vec<String>,
}

/// How a source is named in documents: its id, `protected`, or null.
pub fn voice(voice: &Voice) -> Option<String> {
    match voice {
        Voice::Nobody => None,
        Voice::Source(id) => Some(id.to_string()),
        Voice::Protected(_) => Some("protected".to_owned()),
    }
}

/// The grade of a claim, `B2` for instance.
pub fn grade(claim: &Claim) -> String {
    format!("{}{}", claim.reliability, claim.credibility)
}

/// A claim's document.
pub fn claim(claim: &Claim) -> ClaimDoc {
    ClaimDoc {
        row: claim.row.to_string(),
        source: voice(&claim.voice),
        grade: grade(claim),
        status: claim.status.code(),
        known: claim.known,
        change: claim.change,
        values: claim.values.clone(),
    }
}

/// The entity of an id among these, sorted by id.
pub fn among<'a>(entities: &'a [Entity], id: &Id) -> Option<&'a Entity> {
    entities.binary_search_by(|entity| entity.id.cmp(id)).ok().and_then(|at| entities.get(at))
}

/// A name with its id, from these entities, sorted by id.
pub fn named(entities: &[Entity], id: &Id) -> Named {
    let name = among(entities, id).map_or(id.as_str(), Entity::name);
    Named { id: id.to_string(), name: name.to_owned() }
}

/// A tie's document; the names are looked up among these entities, sorted by id.
pub fn tie(tie: &Tie, ends: &[Entity]) -> TieDoc {
    let values = tie.values();
    TieDoc {
        ty: tie.other_type.clone().unwrap_or_else(|| tie.ty.code().to_owned()),
        layer: among(ends, &tie.to).map(|to| tie.ty.layer(to.kind).code()),
        from: named(ends, &tie.from),
        to: named(ends, &tie.to),
        role: tie.role.clone(),
        start: tie.start,
        end: values.and_then(|values| values.end),
        amount: values.and_then(|values| values.amount),
        strength: strength(tie.claims.iter().map(Graded::from)),
        relations: tie.rows().into_iter().map(Id::to_string).collect(),
        claims: tie.claims.iter().map(claim).collect(),
    }
}

/// A step's document.
pub fn step(step: &StepView) -> StepDoc {
    StepDoc {
        id: step.id.to_string(),
        subject: step.subject.to_string(),
        step: step.step.clone(),
        date: step.date,
        source: voice(&step.fact.voice),
        known: step.fact.known,
        props: step.fact.props.clone(),
    }
}

/// Two records that are likely one person.
#[derive(Debug, Serialize)]
pub struct DoubleDoc {
    id: String,
    a: String,
    b: String,
    probability: f64,
    why: Vec<String>,
}

/// A likely double's document.
pub fn double(words: &Catalogue, double: &Double) -> DoubleDoc {
    DoubleDoc {
        id: double.row.to_string(),
        a: double.a.to_string(),
        b: double.b.to_string(),
        probability: double.probability,
        why: double.why.iter().map(|why| words.say(why)).collect(),
    }
}

fn fact(fact: &Fact) -> FactDoc {
    FactDoc {
        table: fact.table.code(),
        source: voice(&fact.voice),
        known: fact.known,
        change: fact.change,
        props: fact.props.clone(),
    }
}

/// An entity's document with its ties and steps; `others` are the entities at the ties' ends.
pub fn entity(entity: &Entity, ties: &[Tie], others: &[Entity], steps: &[StepView]) -> EntityDoc {
    EntityDoc {
        id: entity.id.to_string(),
        kind: entity.kind.code(),
        name: entity.name().to_owned(),
        aliases: entity.aliases().into_iter().map(str::to_owned).collect(),
        parts: parts(entity),
        facts: entity.facts.iter().map(fact).collect(),
        ties: ties.iter().map(|t| tie(t, others)).collect(),
        steps: steps.iter().map(step).collect(),
    }
}

/// The parts a person plays, by the tables he stands in.
pub fn parts(entity: &Entity) -> Vec<&'static str> {
    let tables = [(Table::Officials, "official"), (Table::GangMembers, "member")];
    let person = entity.kind == Kind::Person;
    tables.iter().filter(|(table, _)| person && entity.stands_in(*table)).map(|&(_, part)| part).collect()
}

/// A source's document, with what it says.
pub fn source(card: &SourceCard, rows: &[Id], about: &[Entity], steps: &[StepView]) -> ToldDoc {
    ToldDoc {
        card: source_card(card),
        rows: rows.iter().map(Id::to_string).collect(),
        entities: about.iter().map(|entity| entity.id.to_string()).collect(),
        steps: steps.iter().map(|step| step.id.to_string()).collect(),
    }
}

fn source_card(card: &SourceCard) -> SourceDoc {
    SourceDoc {
        id: voice(&card.voice),
        channel: card.channel.code(),
        title: card.title.clone(),
        date: card.date,
        reliability: card.reliability.code(),
        unit: card.unit.clone(),
        handling: card.handling.code(),
        locator: card.locator.clone(),
    }
}
