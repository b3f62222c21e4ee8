//! Short ways to say records, and to write and read them.

use crate::model::{
    Access, Channel, Date, Entity, Handling, Id, Kind, Props, Record, Relation, Reliability, Source,
    Statement, Status, Step, Table, Tie, TieType, Values,
};
use crate::store::{Change, Outcome, Store, Tally};

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Columns from `name=value` words.
pub fn props(columns: &[(&str, &str)]) -> Props {
    columns.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub fn ids(ids: &[&str]) -> Vec<Id> {
    ids.iter().map(|id| Id::from(*id)).collect()
}

pub fn statement(id: &str, kind: Kind, table: Table, columns: &[(&str, &str)]) -> Statement {
    Statement { id: id.into(), kind, table, props: props(columns), sources: vec![], recorded: None }
}

pub fn person(id: &str, name: &str) -> Record {
    Record::Statement(statement(id, Kind::Person, Table::People, &[("name", name)]))
}

/// A person told by these sources.
pub fn person_by(id: &str, name: &str, sources: &[&str]) -> Record {
    let said = statement(id, Kind::Person, Table::People, &[("name", name)]);
    Record::Statement(Statement { sources: ids(sources), ..said })
}

pub fn source(id: &str) -> Source {
    Source {
        id: id.into(),
        channel: Channel::PublicReport,
        title: Some("信".to_owned()),
        date: None,
        reliability: Reliability::B,
        unit: None,
        handling: Handling::Open,
        protected: false,
        locator: Some("shelf 3".to_owned()),
        props: Props::new(),
    }
}

pub fn relation(row: &str, ty: TieType, from: &str, to: &str) -> Relation {
    Relation {
        row: row.into(),
        ty,
        other_type: None,
        from: from.into(),
        to: to.into(),
        role: None,
        start: None,
        values: Values::default(),
        status: Status::Confirmed,
        credibility: None,
        sources: vec![],
        recorded: None,
    }
}

pub fn tie(row: &str, ty: TieType, from: &str, to: &str) -> Record {
    Record::Relation(relation(row, ty, from, to))
}

/// A relation told by these sources.
pub fn tie_by(row: &str, ty: TieType, from: &str, to: &str, sources: &[&str]) -> Record {
    Record::Relation(Relation { sources: ids(sources), ..relation(row, ty, from, to) })
}

pub fn step(id: &str, subject: &str, what: &str, day: &str) -> Step {
    Step {
        id: id.into(),
        subject: subject.into(),
        step: what.to_owned(),
        date: date(day),
        props: Props::new(),
        sources: vec![],
        recorded: None,
    }
}

pub fn change() -> Change {
    Change { who: "tester".to_owned(), why: "test".to_owned(), known: None }
}

/// Writes a change and gives what became of each record.
pub fn write(store: &dyn Store, records: &[Record]) -> (Vec<Outcome>, Tally) {
    write_known(store, records, None)
}

pub fn write_known(store: &dyn Store, records: &[Record], known: Option<Date>) -> (Vec<Outcome>, Tally) {
    let mut writer = store.write(&Change { known, ..change() }).unwrap();
    let outcomes = records.iter().map(|record| writer.put(record).unwrap()).collect();
    (outcomes, writer.finish().unwrap())
}

pub fn as_of(day: &str) -> Access {
    Access { as_of: Some(date(day)), ..Access::default() }
}

pub fn entities(store: &dyn Store, access: &Access) -> Vec<Entity> {
    let mut all = Vec::new();
    store.read(access).unwrap().entities(&mut |entity| all.push(entity)).unwrap();
    all
}

pub fn ties(store: &dyn Store, access: &Access) -> Vec<Tie> {
    let mut all = Vec::new();
    store.read(access).unwrap().ties(&mut |tie| all.push(tie)).unwrap();
    all
}

/// Each tie as `from-to:rows`.
pub fn told(ties: &[Tie]) -> Vec<String> {
    let rows = |tie: &Tie| tie.rows().iter().map(|row| row.as_str()).collect::<Vec<_>>().join("+");
    ties.iter().map(|tie| format!("{}-{}:{}", tie.from, tie.to, rows(tie))).collect()
}

pub fn digest(store: &dyn Store) -> String {
    store.read(&Access::default()).unwrap().info().unwrap().digest
}
