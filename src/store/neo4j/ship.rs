//! Rows of a file on their way to the server, as the graph has them, in batches (`batch`): a change that was worked
//! out in a scratch file, or all changes of a store. Until the last batch, which moves the store on to the last
//! change, no view sees any of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use neo4rs::{BoltMap, BoltString, BoltType};
use rusqlite::{Connection, Row};

use super::batch::{
    BATCH, Load, Loads, Queue, Sender, Sink, Tied, Watch, label, map, maybe, recount, text, with_type,
};
use super::query;
use super::remote::{Point, digest_texts, whole_texts};
use crate::model::{Amount, Handling, Kind, Props, Table, TieType};
use crate::store::StoreError;
use crate::store::sqlite::canon::{Canon, Digest, FactText, StepText, Teller};
use crate::store::sqlite::names::{folded, names_of, readings};
use crate::store::sqlite::ties::claim_row;
use crate::store::sqlite::{connect, rows};

/// Claims that are read at a time.
const PIECE: usize = 500;
/// Claims that may wait for others of their type.
const HELD: usize = 6 * BATCH;
/// Properties of an entity that are ours.
const OURS: [&str; 5] = ["id", "n", "kind", "change", "key"];
/// Never copied out of what is said to where everybody looks.
const CARDS: [&str; 2] = ["id_number", "number"];

/// What a file holds beside what the server held before.
pub(super) struct Shipment<'a> {
    pub conn: &'a Connection,
    /// What the server held before.
    pub base: &'a Point,
    /// The last change.
    pub number: u64,
    pub digest: Digest,
    /// Since when claims and steps were beaten as they were read.
    pub beaten_claims: &'a HashMap<i64, i64>,
    pub beaten_steps: &'a HashMap<i64, i64>,
    /// The words of sources that the server has.
    pub words: &'a BTreeSet<(i64, i64)>,
    /// The sources that are sealed there.
    pub were_sealed: &'a BTreeSet<i64>,
}

/// What is read from the scratch file, or why it cannot be.
type Read<T> = rusqlite::Result<T>;

impl Shipment<'_> {
    pub fn read<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        each: impl FnMut(&Row<'_>) -> Read<T>,
    ) -> Result<Vec<T>, StoreError> {
        let found =
            self.conn.prepare_cached(sql).and_then(|mut query| query.query_map(params, each)?.collect());
        found.map_err(connect::at("scratch".as_ref()))
    }

    fn last(&self, sql: &str) -> Result<i64, StoreError> {
        Ok(self.read(sql, [], |row| row.get(0))?.first().copied().unwrap_or(0))
    }

    /// The sources that are sealed after this change.
    fn sealed(&self) -> Result<BTreeSet<i64>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/sealed_sources.sql");
        Ok(self.read(sql, [Handling::Sealed as u8], |row| row.get(0))?.into_iter().collect())
    }

    /// Sends everything; the batches keep the right to write by themselves.
    pub fn send(&self, sender: &mut Sender<'_>, watch: Watch<'_>) -> Result<(), StoreError> {
        let (faces, hidden) = Queue::through(sender, watch, |queue| self.put(queue))?;
        self.finish(sender, faces, hidden)
    }

    /// All batches but the last; gives what that is to say of sources, and which words are hidden from then on.
    fn put(&self, queue: &mut Queue<'_>) -> Result<(Vec<BoltType>, Vec<BoltType>), StoreError> {
        let sealed = self.sealed()?;
        let (faces, hidden) = self.sources(queue)?;
        self.entities(queue, &sealed)?;
        self.facts(queue)?;
        self.claims(queue, &sealed)?;
        self.steps(queue)?;
        let moved = self.beaten(queue)?;
        let flipped: BTreeSet<i64> = sealed.symmetric_difference(self.were_sealed).copied().collect();
        // Which ties are shown depends on which sources are sealed: their nodes say so first.
        if !flipped.is_empty() {
            queue.send(vec![Load::new(text!("source_face"), faces.clone())])?;
        }
        self.ties(queue, moved, &flipped)?;
        Ok((faces, hidden))
    }

    /// New entities, what is shown of those of which something new is said, and their names.
    fn entities(&self, queue: &mut Queue<'_>, sealed: &BTreeSet<i64>) -> Result<(), StoreError> {
        let sql = include_str!("../../../queries/sqlite/delta_entities.sql");
        let (since, mut last) = (self.base.change as i64, 0);
        loop {
            let said = self.read(sql, (since, last, BATCH as i64), Told::read)?;
            let mut loads = Loads::default();
            for same in said.chunk_by(|a, b| a.n == b.n) {
                self.entity(same, sealed, &mut loads);
                if loads.rows >= BATCH {
                    queue.send(loads.take())?;
                }
            }
            queue.send(loads.take())?;
            let Some(end) = said.last() else { return Ok(()) };
            last = end.n;
        }
    }

    /// One entity, of which all that is said is given.
    fn entity(&self, same: &[Told], sealed: &BTreeSet<i64>, loads: &mut Loads) {
        let Some(Told { n, id, kind, .. }) = same.first() else { return };
        let mut face = BoltMap::new();
        let shown = same.iter().filter(|told| told.source.is_none_or(|source| !sealed.contains(&source)));
        for told in shown {
            for (name, value) in told.props.iter().filter(|(name, _)| !hidden(name)) {
                face.put(BoltString::from(name.as_str()), value.as_str().into());
            }
        }
        if *n > self.base.entities {
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
            let text = text!("entity_add").replace("KIND", &label(*kind));
            loads.add(&text, map([("p", BoltType::Map(face))]));
        } else {
            loads.add(text!("entity_face"), map([("n", (*n).into()), ("p", BoltType::Map(face))]));
        }
        // Each name since it was first said.
        let mut keys: BTreeMap<String, i64> = BTreeMap::new();
        for told in same {
            for name in names_of(*kind, &told.props) {
                let since = keys.entry(folded(name)).or_insert(told.change);
                *since = told.change.min(*since);
            }
        }
        for (key, change) in keys {
            let reading = BoltType::from(readings(&key));
            let row =
                [("key", key.into()), ("n", (*n).into()), ("reading", reading), ("change", change.into())];
            loads.add_later(text!("name_add"), map(row));
        }
    }

    fn facts(&self, queue: &mut Queue<'_>) -> Result<(), StoreError> {
        let (sql, mut canon) = (include_str!("../../../queries/sqlite/delta_facts.sql"), Canon::default());
        let (since, mut last) = (self.base.change as i64, (0, 0));
        loop {
            let facts = self.read(sql, (since, last.0, last.1, BATCH as i64), |row| {
                let (entity, place): (i64, i64) = (row.get(0)?, row.get(1)?);
                let (table, props) = (rows::word(Table::ALL, row.get(2)?)?, rows::props(row, 3)?);
                let (known, change) = (rows::date(row, 5)?, row.get::<_, i64>(8)?);
                let (id, kind): (String, Kind) = (row.get(6)?, rows::word(Kind::ALL, row.get(7)?)?);
                let text = FactText { id: &id, kind, table, props: &props, known };
                let hash = canon.fact(&text, Teller::Nobody).stored(change as u64);
                let gang = props.get("gang").filter(|_| table == Table::Cases);
                let said = map([
                    ("key", format!("{entity}/{place}").into()),
                    ("of", entity.into()),
                    ("place", place.into()),
                    ("table", table.code().into()),
                    ("props", rows::props_text(&props).into()),
                    ("gang", gang.cloned().into()),
                    ("source", row.get::<_, Option<i64>>(4)?.into()),
                    ("known", maybe(known)),
                    ("change", change.into()),
                    ("hash", format!("{hash:032x}").into()),
                ]);
                Ok(((entity, place), map([("p", said)])))
            })?;
            let (places, facts): (Vec<(i64, i64)>, Vec<BoltType>) = facts.into_iter().unzip();
            let Some(end) = places.last() else { return Ok(()) };
            last = *end;
            queue.send(vec![Load::new(text!("fact_add"), facts)])?;
            queue.passed(places.len())?;
        }
    }

    fn claims(&self, queue: &mut Queue<'_>, sealed: &BTreeSet<i64>) -> Result<(), StoreError> {
        let (sql, mut canon) = (include_str!("../../../queries/sqlite/delta_claims.sql"), Canon::default());
        let (mut last, mut held) = (self.base.claims, Held::default());
        loop {
            let read = self.read(sql, [last, PIECE as i64], |row| {
                let claim = claim_row(row)?;
                let (n, tie): (i64, i64) = (row.get(0)?, row.get(1)?);
                let (from, to): (String, String) = (row.get(25)?, row.get(26)?);
                let hash = claim.summands(&mut canon, &from, &to, Teller::Nobody).stored(claim.change);
                let values = &claim.values;
                let beaten = claim.beaten.map(|day| BoltType::from(vec![self.number as i64, day]));
                let (start, end) = (maybe(claim.start), maybe(values.end));
                let amount = maybe(values.amount.as_ref().map(Amount::to_string));
                let share = maybe(values.share.as_ref().map(Amount::to_string));
                let decision = maybe(values.decision.map(crate::model::Decision::code));
                let count = BoltType::from(values.count.map(i64::from));
                let role = BoltType::from(claim.role.clone());
                let currency = BoltType::from(values.currency.clone());
                let (status, layer) =
                    (BoltType::from(claim.status.code()), BoltType::from(claim.layer.code()));
                let said = map([
                    ("n", n.into()),
                    ("tie", tie.into()),
                    ("type", claim.ty.code().into()),
                    ("layer", layer.clone()),
                    ("from", claim.from.into()),
                    ("to", claim.to.into()),
                    ("start", start.clone()),
                    ("source", claim.source.into()),
                    ("known", maybe(claim.known)),
                    ("change", (claim.change as i64).into()),
                    ("beaten", beaten.into()),
                    ("status", status.clone()),
                    ("credibility", maybe(claim.credibility.map(crate::model::Credibility::code))),
                    ("other", claim.other.clone().into()),
                    ("role", role.clone()),
                    ("row", claim.row.as_str().into()),
                    ("end", end.clone()),
                    ("count", count.clone()),
                    ("amount", amount.clone()),
                    ("currency", currency.clone()),
                    ("share", share.clone()),
                    ("decision", decision.clone()),
                    ("note", values.note.clone().into()),
                    ("props", maybe((!values.props.is_empty()).then(|| rows::props_text(&values.props)))),
                    ("hash", format!("{hash:032x}").into()),
                ]);
                let loads = held.of(claim.ty);
                loads.add(text!("claim_add"), map([("p", said)]));
                if tie == n && claim.source.is_none_or(|source| !sealed.contains(&source)) {
                    let shown = map([
                        ("tie", tie.into()),
                        ("layer", layer),
                        ("role", role),
                        ("start", start),
                        ("end", end),
                        ("amount", amount),
                        ("currency", currency),
                        ("share", share),
                        ("times", count),
                        ("decision", decision),
                        ("status", status),
                        ("claims", 1.into()),
                    ]);
                    let row = map([("from", claim.from.into()), ("to", claim.to.into()), ("p", shown)]);
                    loads.add_later(&with_type(text!("tie_add"), claim.ty), row);
                }
                Ok(n)
            })?;
            let Some(end) = read.last() else { break };
            last = *end;
            while let Some(loads) = held.full() {
                queue.send(loads)?;
            }
            queue.passed(read.len())?;
        }
        held.rest().into_iter().try_for_each(|loads| queue.send(loads))
    }

    fn steps(&self, queue: &mut Queue<'_>) -> Result<(), StoreError> {
        let (sql, mut canon) = (include_str!("../../../queries/sqlite/delta_steps.sql"), Canon::default());
        let mut last = self.base.steps;
        loop {
            let steps = self.read(sql, [last, BATCH as i64], |row| {
                let (id, subject, step): (String, String, String) = (row.get(1)?, row.get(3)?, row.get(4)?);
                let date = rows::date(row, 5)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
                let (props, known) = (rows::props(row, 6)?, rows::date(row, 8)?);
                let text = StepText { id: &id, subject: &subject, step: &step, date, props: &props, known };
                let (n, change): (i64, i64) = (row.get(0)?, row.get(9)?);
                let hash = canon.step(&text, Teller::Nobody).stored(change as u64);
                let beaten = row.get::<_, Option<i64>>(10)?.map(|day| BoltType::from(vec![change, day]));
                let said = map([
                    ("n", n.into()),
                    ("id", id.as_str().into()),
                    ("subject", row.get::<_, i64>(2)?.into()),
                    ("step", step.as_str().into()),
                    ("date", date.to_string().into()),
                    ("props", rows::props_text(&props).into()),
                    ("source", row.get::<_, Option<i64>>(7)?.into()),
                    ("known", maybe(known)),
                    ("change", change.into()),
                    ("beaten", beaten.into()),
                    ("hash", format!("{hash:032x}").into()),
                ]);
                Ok((n, map([("p", said)])))
            })?;
            let (numbers, steps): (Vec<i64>, Vec<BoltType>) = steps.into_iter().unzip();
            let Some(end) = numbers.last() else { return Ok(()) };
            last = *end;
            queue.send(vec![Load::new(text!("step_add"), steps)])?;
            queue.passed(numbers.len())?;
        }
    }

    /// Words of the server that this change beats; gives the ties that lost one.
    fn beaten(&self, queue: &mut Queue<'_>) -> Result<BTreeSet<Tied>, StoreError> {
        let now = self.number as i64;
        let row = |n: i64, day: i64| {
            map([("n", n.into()), ("beaten", vec![now, day].into()), ("change", now.into())])
        };
        let sql = include_str!("../../../queries/sqlite/delta_beaten_claims.sql");
        let claims = self.read(sql, [self.base.claims], |found| {
            let (n, day): (i64, i64) = (found.get(0)?, found.get(1)?);
            let ty = rows::word(TieType::ALL, found.get(5)?)?;
            let tied = (ty, found.get(2)?, found.get(3)?, found.get(4)?);
            Ok((self.beaten_claims.get(&n) != Some(&day)).then(|| (row(n, day), tied)))
        })?;
        let (claims, ties): (Vec<BoltType>, Vec<Tied>) = claims.into_iter().flatten().unzip();
        let sql = include_str!("../../../queries/sqlite/delta_beaten_steps.sql");
        let steps = self.read(sql, [self.base.steps], |found| {
            let (n, day): (i64, i64) = (found.get(0)?, found.get(1)?);
            Ok((self.beaten_steps.get(&n) != Some(&day)).then(|| row(n, day)))
        })?;
        let steps: Vec<BoltType> = steps.into_iter().flatten().collect();
        for some in claims.chunks(BATCH) {
            queue.send(vec![Load::new(text!("claim_beat"), some.to_vec())])?;
        }
        for some in steps.chunks(BATCH) {
            queue.send(vec![Load::new(text!("step_beat"), some.to_vec())])?;
        }
        Ok(ties.into_iter().collect())
    }

    /// Ties that have other claims to show than before.
    fn ties(
        &self,
        queue: &mut Queue<'_>,
        mut ties: BTreeSet<Tied>,
        flipped: &BTreeSet<i64>,
    ) -> Result<(), StoreError> {
        let sql = include_str!("../../../queries/sqlite/delta_ties.sql");
        let flipped = serde_json::to_string(flipped).unwrap_or_default();
        ties.extend(self.read(sql, (self.base.claims, flipped), |row| {
            Ok((rows::word(TieType::ALL, row.get(3)?)?, row.get(0)?, row.get(1)?, row.get(2)?))
        })?);
        let ties: Vec<Tied> = ties.into_iter().collect();
        recount(queue, &ties)
    }

    fn finish(
        &self,
        sender: &mut Sender<'_>,
        faces: Vec<BoltType>,
        hidden: Vec<BoltType>,
    ) -> Result<(), StoreError> {
        let vault: Vec<BoltType> = self
            .vault()?
            .into_iter()
            .filter(|(n, word, _)| self.words.contains(&(*n, *word)))
            .map(|(_, _, row)| row)
            .collect();
        let sql = include_str!("../../../queries/sqlite/delta_changes.sql");
        let changes = self.read(sql, [self.base.change as i64], |row| {
            let (who, why): (String, String) = (row.get(1)?, row.get(2)?);
            let n: i64 = row.get(0)?;
            Ok(map([
                ("n", n.into()),
                ("who", who.into()),
                ("why", why.into()),
                ("known", maybe(rows::date(row, 3)?)),
            ]))
        })?;
        let guard = sender
            .param(query!("change_finish"))
            .param("change", self.number as i64)
            .param("digest", digest_texts(&self.digest))
            .param("printed", self.digest.printed())
            .param(
                "entities",
                self.last(include_str!("../../../queries/sqlite/entity_last.sql"))?.max(self.base.entities),
            )
            .param(
                "claims",
                self.last(include_str!("../../../queries/sqlite/claim_last.sql"))?.max(self.base.claims),
            )
            .param(
                "steps",
                self.last(include_str!("../../../queries/sqlite/step_last.sql"))?.max(self.base.steps),
            )
            .param(
                "sources",
                self.last(include_str!("../../../queries/sqlite/source_last.sql"))?.max(self.base.sources),
            );
        let statements = vec![
            guard,
            Load::new(text!("source_hide"), hidden).query(),
            Load::new(text!("vault_add"), vault).query(),
            Load::new(text!("source_face"), faces).query(),
            query!("vault_digest_write").param("digest", whole_texts(&self.digest)),
            Load::new(text!("change_add"), changes).query(),
        ];
        let done = sender.surely(&statements, |state| state.point.change == self.number);
        done.map_err(|fault| fault.at(&sender.remote.address))
    }
}

/// Claims that wait until there are enough of one type of tie: a batch of one type is two statements for the server,
/// one of all types thirty.
#[derive(Default)]
struct Held(BTreeMap<TieType, Loads>);

impl Held {
    fn of(&mut self, ty: TieType) -> &mut Loads {
        self.0.entry(ty).or_default()
    }

    /// The largest, where it is a batch or too many wait in all.
    fn full(&mut self) -> Option<Vec<Load>> {
        let all: usize = self.0.values().map(|loads| loads.rows).sum();
        let largest = self.0.values_mut().max_by_key(|loads| loads.rows)?;
        (largest.rows >= BATCH || all > HELD).then(|| largest.take())
    }

    /// What is left, types together in batches.
    fn rest(self) -> Vec<Vec<Load>> {
        let (mut batches, mut loads) = (Vec::new(), Loads::default());
        for some in self.0.into_values() {
            if loads.rows + some.rows > BATCH {
                batches.push(loads.take());
            }
            loads.join(some);
        }
        batches.push(loads.take());
        batches
    }
}

/// What one row says of an entity.
struct Told {
    n: i64,
    id: String,
    kind: Kind,
    props: Props,
    source: Option<i64>,
    change: i64,
}

impl Told {
    fn read(row: &Row<'_>) -> Read<Self> {
        let kind = rows::word(Kind::ALL, row.get(2)?)?;
        let (source, change) = (row.get(4)?, row.get(5)?);
        Ok(Self { n: row.get(0)?, id: row.get(1)?, kind, props: rows::props(row, 3)?, source, change })
    }
}

fn hidden(name: &str) -> bool {
    OURS.contains(&name) || CARDS.contains(&name)
}
