//! Small entities and ties for tests.

use crate::model::view::Fact;
use crate::model::{
    Claim, Credibility, Entity, Kind, Props, Reliability, Status, Table, Tie, TieType, Values, Voice,
};

/// An entity of one row that has only a name.
pub(crate) fn entity(id: &str, table: Table, kind: Kind) -> Entity {
    let props = Props::from([("name".to_owned(), format!("name of {id}"))]);
    let fact = Fact { table, props, voice: Voice::Nobody, known: None, change: 1 };
    Entity { id: id.into(), kind, facts: vec![fact] }
}

/// A person nobody speaks of otherwise.
pub(crate) fn person(id: &str) -> Entity {
    entity(id, Table::People, Kind::Person)
}

/// A claim that can still be changed.
pub(crate) struct Said(Claim);

/// What a source of grade B2 says in a row.
pub(crate) fn said(row: &str, source: &str) -> Said {
    Said(Claim {
        row: row.into(),
        voice: Voice::Source(source.into()),
        reliability: Reliability::B,
        credibility: Credibility::C2,
        status: Status::Confirmed,
        known: None,
        values: Values::default(),
        change: 1,
    })
}

impl Said {
    /// Says that it is not so.
    pub(crate) fn refuted(mut self) -> Self {
        self.0.status = Status::Refuted;
        self
    }
}

/// A tie that can still be changed.
pub(crate) struct Made(Tie);

/// A tie with these claims.
pub(crate) fn tie(ty: TieType, from: &str, to: &str, claims: Vec<Said>) -> Made {
    Made(Tie {
        ty,
        other_type: None,
        from: from.into(),
        to: to.into(),
        role: None,
        start: None,
        claims: claims.into_iter().map(|said| said.0).collect(),
    })
}

impl Made {
    /// The tie.
    pub(crate) fn build(self) -> Tie {
        self.0
    }
}
