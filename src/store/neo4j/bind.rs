//! What a change says, bound into sheaves (`sheaf`): one for everybody of whom it says something.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use neo4rs::BoltType;
use rusqlite::Connection;

use super::batch::{BATCH, BYTES, Load, Queue, Sink, list, text, weight};
use super::remote::{Point, Remote};
use super::sheaf::{self, Listed, Others, Pen, Sheaf, Tied, Who};
use super::ship::Shipment;
use super::{query, sheaves};
use crate::model::{Id, Kind, Table};
use crate::store::StoreError;
use crate::store::sqlite::canon::{Canon, FactText, Teller};
use crate::store::sqlite::links::Entry;
use crate::store::sqlite::replica::FactRow;
use crate::store::sqlite::rows;
use crate::store::sqlite::ties::{ClaimRow, claim_row};

/// Entities bound at a time.
const SOME: usize = 1_000;
/// What is said of those that are bound at a time, in rows: whoever has more is bound alone.
const ROWS: i64 = 20_000;
/// Entities compared at a time.
const PART: i64 = 10_000;
/// Bytes after which a text of ties goes on in another row, so that a hub is no row that is too much at once.
pub(super) const LONG: usize = 48 << 10;

/// A claim of an earlier change that this one beats: its number, since which day, and its ends.
pub(super) type Beaten = (i64, i64, [i64; 2]);

/// A claim as one of its ends has it.
struct Seen {
    near: i64,
    outward: bool,
    far: Who,
    numbers: (i64, i64),
    claim: ClaimRow,
}

/// What is bound of some entities.
#[derive(Default)]
struct Bound {
    who: BTreeMap<i64, Who>,
    facts: BTreeMap<i64, Vec<(FactRow, u128)>>,
    claims: BTreeMap<i64, Vec<Seen>>,
}

impl Shipment<'_> {
    /// Sends the sheaves of this change.
    pub fn sheaves(&self, queue: &mut Queue<'_>, beaten: &[Beaten]) -> Result<(), StoreError> {
        let mut ends: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
        for (claim, since, both) in beaten {
            let distinct = BTreeSet::from(*both);
            distinct.iter().for_each(|end| ends.entry(*end).or_default().push((*claim, *since)));
        }
        let sql = include_str!("../../../queries/sqlite/delta_touched.sql");
        let said = self.read(sql, (self.base.claims, self.base.change as i64), |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        })?;
        let mut touched: BTreeMap<i64, i64> = said.into_iter().collect();
        for end in ends.keys() {
            touched.entry(*end).or_default();
        }
        let touched: Vec<(i64, i64)> = touched.into_iter().collect();
        let (mut waiting, mut bytes) = (Vec::new(), 0);
        for some in portions(&touched) {
            let mut said = self.said_of(&some)?;
            for (n, who) in std::mem::take(&mut said.who) {
                let facts = said.facts.remove(&n).unwrap_or_default();
                let claims = said.claims.remove(&n).unwrap_or_default();
                let ended = ends.remove(&n).unwrap_or_default();
                let known = waiting.len();
                self.bind((n, &who), &facts, &claims, &ended, &mut waiting);
                bytes += weight(waiting.get(known..).unwrap_or_default());
                if waiting.len() >= BATCH || bytes >= BYTES {
                    bytes = 0;
                    queue.send(vec![Load::new(text!("sheaf_add"), std::mem::take(&mut waiting))])?;
                }
            }
            // Whoever breaks off is heard; rows were counted where they went first.
            queue.passed(0)?;
        }
        queue.send(vec![Load::new(text!("sheaf_add"), waiting)])
    }

    fn said_of(&self, some: &[i64]) -> Result<Bound, StoreError> {
        let asked = serde_json::to_string(some).unwrap_or_default();
        let mut said = Bound::default();
        let sql = include_str!("../../../queries/sqlite/entities_bare.sql");
        said.who.extend(self.read(sql, [&asked], |row| {
            let who = (Id::from(row.get_ref(1)?.as_str()?), rows::word(Kind::ALL, row.get(2)?)?);
            Ok((row.get::<_, i64>(0)?, who))
        })?);
        let mut canon = Canon::default();
        for fact in self.facts_of(&asked)? {
            let Some((id, kind)) = said.who.get(&fact.entity) else { continue };
            let FactRow { table, ref props, known, change, .. } = fact;
            let text = FactText { id: id.as_str(), kind: *kind, table, props, known };
            let hash = canon.fact(&text, Teller::Nobody).stored(change);
            said.facts.entry(fact.entity).or_default().push((fact, hash));
        }
        for outward in [true, false] {
            for mut seen in self.claims_of(&asked, outward)? {
                let Some((near, _)) = said.who.get(&seen.near) else { continue };
                let far = seen.far.0.as_str();
                let (from, to) = if outward { (near.as_str(), far) } else { (far, near.as_str()) };
                let summands = seen.claim.summands(&mut canon, from, to, Teller::Nobody);
                seen.claim.hash = summands.stored(seen.claim.change);
                said.claims.entry(seen.near).or_default().push(seen);
            }
        }
        said.claims.values_mut().for_each(|claims| claims.sort_by_key(|seen| seen.numbers.0));
        Ok(said)
    }

    fn facts_of(&self, asked: &str) -> Result<Vec<FactRow>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/delta_facts_of.sql");
        self.read(sql, (asked, self.base.change as i64), |row| {
            Ok(FactRow {
                entity: row.get(0)?,
                place: row.get(1)?,
                table: rows::word(Table::ALL, row.get(2)?)?,
                props: rows::props(row, 3)?,
                source: row.get(4)?,
                known: rows::date(row, 5)?,
                change: row.get::<_, i64>(6)? as u64,
            })
        })
    }

    fn claims_of(&self, asked: &str, outward: bool) -> Result<Vec<Seen>, StoreError> {
        let sql = if outward {
            include_str!("../../../queries/sqlite/delta_claims_from.sql")
        } else {
            include_str!("../../../queries/sqlite/delta_claims_to.sql")
        };
        self.read(sql, (asked, self.base.claims), |row| {
            let (numbers, claim) = ((row.get(0)?, row.get(1)?), claim_row(row)?);
            let far = (Id::from(row.get_ref(25)?.as_str()?), rows::word(Kind::ALL, row.get(26)?)?);
            let near = if outward { claim.from } else { claim.to };
            Ok(Seen { near, outward, far, numbers, claim })
        })
    }

    /// The rows of one entity's sheaf.
    fn bind(
        &self,
        (n, (id, kind)): (i64, &Who),
        facts: &[(FactRow, u128)],
        claims: &[Seen],
        beaten: &[(i64, i64)],
        to: &mut Vec<BoltType>,
    ) {
        let head = |pen: &mut Pen| pen.head(id.as_str(), *kind);
        let mut told = Vec::new();
        for facts in by_length(facts) {
            let mut pen = Pen::default();
            head(&mut pen);
            pen.told(facts);
            told.push(pen.take());
        }
        let (mut pen, mut part, mut told) = (Pen::default(), 0_i64, told.into_iter().peekable());
        let mut close = |pen: &mut Pen| {
            let key = format!("{n}/{}/{part}", self.number);
            let told_here = BoltType::from(told.next());
            let cells = [
                key.into(),
                n.into(),
                (self.number as i64).into(),
                part.into(),
                pen.take().into(),
                told_here,
            ];
            to.push(list(cells));
            part += 1;
            head(pen);
            told.peek().is_some()
        };
        head(&mut pen);
        for seen in claims {
            pen.claim(seen.numbers, &seen.claim, seen.outward, (seen.far.0.as_str(), seen.far.1));
            if pen.len() > LONG {
                close(&mut pen);
            }
        }
        for (claim, since) in beaten {
            pen.beaten(*claim, *since);
            if pen.len() > LONG {
                close(&mut pen);
            }
        }
        while close(&mut pen) {}
    }
}

/// Entities with how much is said of each, in portions that are bound at a time.
fn portions(touched: &[(i64, i64)]) -> Vec<Vec<i64>> {
    let (mut all, mut some, mut rows) = (Vec::new(), Vec::new(), 0);
    for (n, said) in touched {
        if some.len() >= SOME || rows + said > ROWS && !some.is_empty() {
            all.push(std::mem::take(&mut some));
            rows = 0;
        }
        some.push(*n);
        rows += said;
    }
    all.push(some);
    all
}

/// Facts in pieces of about the length of a text.
fn by_length(mut facts: &[(FactRow, u128)]) -> Vec<&[(FactRow, u128)]> {
    let mut pieces = Vec::new();
    while !facts.is_empty() {
        let mut bytes = 0;
        let length =
            |(fact, _): &(FactRow, u128)| fact.props.iter().map(|(k, v)| k.len() + v.len()).sum::<usize>();
        let many = facts.iter().take_while(|fact| {
            bytes += length(fact);
            bytes <= LONG
        });
        let (piece, rest) = facts.split_at(many.count().max(1));
        pieces.push(piece);
        facts = rest;
    }
    pieces
}

/// How many sheaves on the server are not what the rows of a file say, which are all up to a point.
pub(super) fn differences(remote: &Remote, conn: &Connection, point: &Point) -> Result<usize, StoreError> {
    let (nothing, none, nobody) = (HashMap::new(), BTreeSet::new(), BTreeSet::new());
    let rows = Shipment {
        conn,
        base: &Point::default(),
        number: point.change,
        digest: point.digest,
        beaten_claims: &nothing,
        beaten_steps: &nothing,
        words: &none,
        were_sealed: &nobody,
    };
    let (mut wrong, mut canon) = (0, Canon::default());
    for from in (0..=point.entities).step_by(PART as usize) {
        let some: Vec<i64> = (from..from + PART).collect();
        let mut said = rows.said_of(&some)?;
        let question = query!("sheaves_in_part").param("from", from).param("to", from + PART);
        let (mut parts, mut told) = sheaves::read(remote, point, question)?;
        for (n, who) in std::mem::take(&mut said.who) {
            let (parts, told) = (parts.remove(&n).unwrap_or_default(), told.remove(&n).unwrap_or_default());
            let claims = said.claims.remove(&n).unwrap_or_default();
            let facts = said.facts.remove(&n).unwrap_or_default();
            // What cannot be read says something else.
            let mut others = Others::default();
            let is_like = Sheaf::read(parts, &mut others)
                .is_ok_and(|sheaf| are_claims(&who, (&sheaf, &others), &claims, &mut canon))
                && are_facts(n, &who, &told, &facts);
            wrong += usize::from(!is_like);
        }
        wrong += parts.len();
    }
    Ok(wrong)
}

fn are_claims(who: &Who, (sheaf, others): (&Sheaf, &Others), claims: &[Seen], canon: &mut Canon) -> bool {
    let mut is_like = |tied: &Tied, seen: &Seen| {
        let Entry { ends: (near, far), ty, layer, tie, source, known, beaten } = &tied.entry;
        let row = &seen.claim;
        let ends = if seen.outward { (row.from, row.to) } else { (row.to, row.from) };
        let Some(Ok(full)) = sheaf.claim(tied.claim) else { return false };
        let (near_id, far_id) = (who.0.as_str(), seen.far.0.as_str());
        let (from, to) = if seen.outward { (near_id, far_id) } else { (far_id, near_id) };
        let said = full.summands(canon, from, to, Teller::Nobody).stored(full.change);
        (*near, *far) == ends
            && (tied.claim, *tie, tied.outward) == (seen.numbers.0, seen.numbers.1, seen.outward)
            && (*ty, *layer, *source, *known) == (row.ty, row.layer, row.source, row.known)
            && (*beaten, tied.start) == (row.beaten, row.start)
            && others.get(far) == Some(&seen.far)
            && said == row.hash
            && full.hash == row.hash
    };
    sheaf.who == *who
        && sheaf.ties.len() == claims.len()
        && sheaf.ties.iter().zip(claims).all(|(tied, seen)| is_like(tied, seen))
}

fn are_facts(n: i64, who: &Who, told: &[String], facts: &[(FactRow, u128)]) -> bool {
    let key = |(fact, hash): &(FactRow, u128)| {
        let FactRow { place, table, props, source, known, change, .. } = fact;
        (*place, *table, props.clone(), *source, *known, *change, *hash)
    };
    let Ok(read) = told.iter().map(|text| sheaf::facts(n, text)).collect::<Result<Vec<_>, _>>() else {
        return false;
    };
    let mut shown: Vec<_> = read.iter().flat_map(|(_, facts)| facts.iter().map(key)).collect();
    let mut said: Vec<_> = facts.iter().map(key).collect();
    let listed = |facts: &[(FactRow, u128)]| {
        let of = facts.iter().filter(|(fact, _)| fact.table == Table::Officials);
        of.map(|(fact, _)| (fact.source, fact.known)).collect::<Vec<Listed>>()
    };
    let are_listed = read
        .iter()
        .zip(told)
        .all(|((_, facts), text)| sheaf::listed(text).is_ok_and(|words| words == listed(facts)));
    shown.sort();
    said.sort();
    are_listed && read.iter().all(|(read, _)| read == who) && shown == said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_much_is_bound_alone() {
        let touched = [(1, 5), (2, ROWS), (3, 3 * ROWS), (4, 1), (5, ROWS - 1), (6, 1)];
        assert_eq!(portions(&touched), [vec![1], vec![2], vec![3], vec![4, 5], vec![6]]);
        let many: Vec<(i64, i64)> = (0..2 * SOME as i64 + 1).map(|n| (n, 1)).collect();
        let sizes: Vec<usize> = portions(&many).iter().map(Vec::len).collect();
        assert_eq!(sizes, [SOME, SOME, 1]);
    }

    #[test]
    fn what_is_said_at_length_is_in_pieces_and_none_is_lost() {
        let fact = |place: i64, length: usize| {
            let props = [("note".to_owned(), "x".repeat(length))].into();
            let (source, known) = (None, None);
            (FactRow { entity: 1, place, table: Table::People, props, source, known, change: 1 }, 0)
        };
        let facts = [fact(1, 10), fact(2, 2 * LONG), fact(3, 10), fact(4, LONG / 2), fact(5, LONG / 2)];
        let pieces = by_length(&facts);
        let places: Vec<Vec<i64>> =
            pieces.iter().map(|piece| piece.iter().map(|(fact, _)| fact.place).collect()).collect();
        assert_eq!(places, [vec![1], vec![2], vec![3, 4], vec![5]]);
    }
}
