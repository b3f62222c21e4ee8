//! What nodes of entities and sources say of themselves, for people who look at the graph: of an entity the unsealed
//! facts, the one known last winning; of a source its last word, and nothing of who a protected one is. And what a relationship
//! says: the first claim of its tie that stands and is not sealed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use neo4rs::{BoltMap, BoltString, BoltType, Query};
use rusqlite::{Connection, Row};

use super::batch::{label, map, maybe, relationship as relationship_type};
use super::query;
use super::remote::Remote;
use crate::model::{Amount, Decision, Handling, Kind, Props, Source};
use crate::store::sqlite::ties::{ClaimRow, claim_row};
use crate::store::sqlite::{connect, rows};
use crate::store::{Fault, StoreError};

/// Entities compared at a time.
const PART: i64 = 10_000;

/// Properties of a node that are ours.
const OURS: [&str; 6] = ["id", "n", "kind", "change", "key", "parasol_due"];
/// Never copied out of what is said to where everybody looks.
const CARDS: [&str; 2] = ["id_number", "number"];

/// What one row says of an entity.
pub(super) struct Told {
    pub n: i64,
    pub id: String,
    pub kind: Kind,
    pub props: Props,
    pub source: Option<i64>,
    pub change: i64,
}

impl Told {
    /// Of `delta_entities.sql`.
    pub fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let kind = rows::word(Kind::ALL, row.get(2)?)?;
        let (source, change) = (row.get(4)?, row.get(5)?);
        Ok(Self { n: row.get(0)?, id: row.get(1)?, kind, props: rows::props(row, 3)?, source, change })
    }
}

/// The properties of one entity, of which all that is said is given in the order in which it was known.
pub(super) fn face(same: &[Told], sealed: &BTreeSet<i64>) -> BoltMap {
    let mut face = BoltMap::new();
    let shown = same.iter().filter(|told| told.source.is_none_or(|source| !sealed.contains(&source)));
    for told in shown {
        for (name, value) in told.props.iter().filter(|(name, _)| !hidden(name)) {
            face.put(BoltString::from(name.as_str()), value.as_str().into());
        }
    }
    let Some(Told { n, id, kind, .. }) = same.first() else { return face };
    let first = same.iter().map(|told| told.change).min().unwrap_or_default();
    let ours = [
        ("id", id.as_str().into()),
        ("n", (*n).into()),
        ("kind", kind.code().into()),
        ("change", first.into()),
    ];
    for (name, value) in ours {
        face.put(BoltString::from(name), value);
    }
    face
}

fn hidden(name: &str) -> bool {
    OURS.contains(&name) || CARDS.contains(&name)
}

/// What the node of a source says.
pub(super) fn source(n: i64, source: &Source, change: i64) -> BoltType {
    let open = |text: Option<String>| BoltType::from(text.filter(|_| !source.protected));
    map([
        ("n", n.into()),
        ("id", open(Some(source.id.to_string()))),
        ("title", open(source.title.clone())),
        ("channel", source.channel.code().into()),
        ("reliability", source.reliability.code().into()),
        ("handling", source.handling.code().into()),
        ("protected", source.protected.into()),
        ("date", maybe(source.date)),
        ("unit", source.unit.clone().into()),
        ("change", change.into()),
    ])
}

/// What nodes or relationships show, by number.
type Faces = BTreeMap<i64, BoltMap>;

/// Under which name the labels, or the type and the ends, stand among what is shown.
const OF: &str = ":";

fn with_labels(mut face: BoltMap, of: &[&str]) -> BoltMap {
    face.put(BoltString::from(OF), of.join(" ").as_str().into());
    face
}

/// Which nodes and relationships say something else than the rows of a file do.
pub(super) fn faults(remote: &Remote, file: &Path) -> Result<Vec<Fault>, StoreError> {
    let conn = connect::reader(file)?;
    let read = |why| connect::at(file)(why);
    let found = |wrong: usize, what: &str| {
        let text = format!("{wrong} {what} say something else than their rows");
        (wrong > 0).then(|| Fault { code: "derived".to_owned(), text })
    };
    let wrong = differences(shown(remote, query!("check_sources"))?, sources(&conn).map_err(read)?);
    let mut faults: Vec<Fault> = found(wrong, "nodes of sources").into_iter().collect();
    let (mut of_entities, mut of_ties) = (0, 0);
    let sealed = sealed(&conn).map_err(read)?;
    let last: i64 = conn
        .query_row(include_str!("../../../queries/sqlite/entity_last.sql"), [], |row| row.get(0))
        .map_err(read)?;
    for from in (0..=last).step_by(PART as usize) {
        let part = |query: Query| query.param("from", from).param("to", from + PART);
        let said = entities(&conn, from, &sealed).map_err(read)?;
        of_entities += differences(shown(remote, part(query!("check_entities")))?, said);
        let said = ties(&conn, from, &sealed).map_err(read)?;
        of_ties += differences(shown(remote, part(query!("check_ties")))?, said);
    }
    faults.extend(found(of_entities, "nodes of entities"));
    faults.extend(found(of_ties, "relationships"));
    Ok(faults)
}

fn differences((mut shown, twice): (Faces, usize), said: Faces) -> usize {
    let wrong = said.into_iter().filter(|(n, said)| shown.remove(n).as_ref() != Some(said)).count();
    wrong + shown.len() + twice
}

/// What is shown, and how much of it is there twice.
fn shown(remote: &Remote, question: Query) -> Result<(Faces, usize), StoreError> {
    let (mut shown, mut twice) = (Faces::new(), 0);
    remote.ask(question, |row| {
        let unread = |why: neo4rs::DeError| super::cells::Unreadable(why.to_string());
        let of: Vec<String> = row.get("of").map_err(unread)?;
        let of: Vec<&str> = of.iter().map(String::as_str).collect();
        let face = with_labels(row.get("p").map_err(unread)?, &of);
        twice += usize::from(shown.insert(row.get("n").map_err(unread)?, face).is_some());
        Ok(())
    })?;
    Ok((shown, twice))
}

/// What the relationship of a tie says.
fn relationship(tie: i64, claims: i64, claim: &ClaimRow) -> BoltMap {
    let values = &claim.values;
    let said = map([
        ("tie", tie.into()),
        ("claims", claims.into()),
        ("change", (claim.change as i64).into()),
        ("layer", claim.layer.code().into()),
        ("status", claim.status.code().into()),
        ("role", claim.role.clone().into()),
        ("start", maybe(claim.start)),
        ("end", maybe(values.end)),
        ("amount", maybe(values.amount.as_ref().map(Amount::to_string))),
        ("currency", values.currency.clone().into()),
        ("share", maybe(values.share.as_ref().map(Amount::to_string))),
        ("times", values.count.map(i64::from).into()),
        ("decision", maybe(values.decision.map(Decision::code))),
    ]);
    let BoltType::Map(said) = said else { return BoltMap::new() };
    let ends = [claim.from, claim.to].map(|end| end.to_string());
    with_labels(said, &[&relationship_type(claim.ty), &ends[0], &ends[1]])
}

/// What the relationships from some entities should say.
fn ties(conn: &Connection, from: i64, sealed: &BTreeSet<i64>) -> rusqlite::Result<Faces> {
    let sealed = serde_json::to_string(sealed).unwrap_or_default();
    let mut query = conn.prepare_cached(include_str!("../../../queries/sqlite/ties_shown_in_part.sql"))?;
    let read = |row: &Row<'_>| {
        let tie: i64 = row.get(1)?;
        Ok((tie, relationship(tie, row.get(25)?, &claim_row(row)?)))
    };
    query.query_map((from, from + PART, sealed), read)?.collect()
}

fn sealed(conn: &Connection) -> rusqlite::Result<BTreeSet<i64>> {
    let mut query = conn.prepare(include_str!("../../../queries/sqlite/sealed_sources.sql"))?;
    query.query_map([Handling::Sealed as u8], |row| row.get(0))?.collect()
}

fn sources(conn: &Connection) -> rusqlite::Result<Faces> {
    let mut query = conn.prepare(include_str!("../../../queries/sqlite/delta_sources.sql"))?;
    let words = query
        .query_map([0], |row| Ok((row.get(0)?, source(row.get(0)?, &rows::source(row)?, row.get(12)?))))?;
    let mut said = Faces::new();
    for word in words {
        if let (n, BoltType::Map(face)) = word? {
            said.insert(n, with_labels(face, &["Source"]));
        }
    }
    Ok(said)
}

fn entities(conn: &Connection, from: i64, sealed: &BTreeSet<i64>) -> rusqlite::Result<Faces> {
    let mut query = conn.prepare_cached(include_str!("../../../queries/sqlite/entities_told_in_part.sql"))?;
    let told: Vec<Told> =
        query.query_map([from, from + PART], Told::read)?.collect::<rusqlite::Result<_>>()?;
    let same = told.chunk_by(|a, b| a.n == b.n);
    let one = |same: &[Told]| {
        let Told { n, kind, .. } = same.first()?;
        Some((*n, with_labels(face(same, sealed), &[&label(*kind)])))
    };
    Ok(same.filter_map(one).collect())
}
