//! Rows of a file on their way to the server, as the graph has them, in batches (`batch`): a change that was worked
//! out in a scratch file, or all changes of a store. Until the batch that moves the store on to the last change no
//! view sees any of it, and nothing that people look at of what was there before is altered (`later`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use neo4rs::{BoltType, Query};
use rusqlite::{Connection, Row};

use super::batch::{
    BATCH, Load, Loads, Queue, Sender, Sink, Tied, Watch, label, list, map, maybe, text, with_type,
};
use super::bind::Beaten;
use super::driver::Fault;
use super::faces::{self, Told};
use super::later::{self, Later};
use super::query;
use super::remote::{Look, Point, digest_texts, whole_texts};
use super::schema;
use crate::model::{Amount, Handling, Kind, Table, TieType};
use crate::store::StoreError;
use crate::store::sqlite::canon::{self, Canon, Digest, FactText, StepText, Teller};
use crate::store::sqlite::names::{folded, names_of};
use crate::store::sqlite::ties::claim_row;
use crate::store::sqlite::{connect, rows};

/// Claims that are read at a time.
const PIECE: usize = 500;
/// Claims that may wait for others of their type.
const HELD: usize = 6 * BATCH;
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

/// What the server finds a folded name by: some names nobody but a sealed source says, so that none stands there as
/// it is read.
pub(super) fn named(key: &str) -> String {
    format!("{:032x}", canon::of_bytes("name", key.as_bytes()))
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

    /// The sources that are sealed after this change, and those that were not before, or are no more.
    fn flipped(&self, sealed: &BTreeSet<i64>) -> String {
        let flipped: BTreeSet<i64> = sealed.symmetric_difference(self.were_sealed).copied().collect();
        serde_json::to_string(&flipped).unwrap_or_default()
    }

    /// Sends everything; the batches keep the right to write by themselves.
    pub fn send(&self, sender: &mut Sender<'_>, watch: Watch<'_>) -> Result<(), StoreError> {
        let sealed = self.sealed()?;
        let (later, hidden) = Queue::through(sender, watch, |queue| self.put(queue, &sealed))?;
        // What is counted from here on is found by them.
        if self.base.change == 0 {
            schema::index(sender.remote, watch)?;
        }
        let sealed: Vec<i64> = sealed.into_iter().collect();
        self.finish(sender, later, hidden, &sealed.into())
    }

    /// All batches but the last; gives what is altered once the change is finished, and which words are hidden then.
    fn put(
        &self,
        queue: &mut Queue<'_>,
        sealed: &BTreeSet<i64>,
    ) -> Result<(Later, Vec<BoltType>), StoreError> {
        let mut later = Later::of(self.number);
        let flipped = self.flipped(sealed);
        let (faces, hidden) = self.sources(queue)?;
        later.sources(faces);
        self.entities(queue, sealed, &flipped, &mut later)?;
        self.facts(queue)?;
        self.claims(queue, sealed)?;
        self.steps(queue)?;
        let (moved, beaten) = self.beaten(queue)?;
        self.sheaves(queue, &beaten)?;
        later.ties(self.ties(moved, &flipped)?);
        later.send_much(queue)?;
        Ok((later, hidden))
    }

    /// New entities, what is shown of those of which something new is said or somebody is sealed, and their names.
    fn entities(
        &self,
        queue: &mut Queue<'_>,
        sealed: &BTreeSet<i64>,
        flipped: &str,
        later: &mut Later,
    ) -> Result<(), StoreError> {
        let sql = include_str!("../../../queries/sqlite/delta_entities.sql");
        let (since, mut last) = (self.base.change as i64, 0);
        loop {
            let said = self.read(sql, (since, last, BATCH as i64, flipped), Told::read)?;
            let mut loads = Loads::default();
            for same in said.chunk_by(|a, b| a.n == b.n) {
                let Some(Told { n, kind, .. }) = same.first() else { continue };
                let face = map([("p", BoltType::Map(faces::face(same, sealed)))]);
                if *n > self.base.entities {
                    loads.add(&text!("entity_add").replace("KIND", &label(*kind)), face);
                } else {
                    later.entity(face, queue)?;
                }
                self.names(same, &mut loads);
                if loads.rows >= BATCH {
                    queue.send(loads.take())?;
                }
            }
            queue.send(loads.take())?;
            // Whoever breaks off is heard.
            queue.passed(0)?;
            let Some(end) = said.last() else { return Ok(()) };
            last = end.n;
        }
    }

    /// The new names of one entity, of which all that is said is given: each since it was first said.
    fn names(&self, same: &[Told], loads: &mut Loads) {
        let mut keys: BTreeMap<String, i64> = BTreeMap::new();
        for told in same {
            for name in names_of(told.kind, &told.props) {
                let since = keys.entry(folded(name)).or_insert(told.change);
                *since = told.change.min(*since);
            }
        }
        let Some(Told { n, .. }) = same.first() else { return };
        for (key, change) in keys.into_iter().filter(|(_, change)| *change > self.base.change as i64) {
            loads.add_later(text!("name_add"), list([named(&key).into(), (*n).into(), change.into()]));
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
                let source: Option<i64> = row.get(4)?;
                let said = list([
                    entity.into(),
                    place.into(),
                    table.code().into(),
                    rows::props_text(&props).into(),
                    source.into(),
                    maybe(known),
                    change.into(),
                    gang.cloned().into(),
                    format!("{entity}/{place}").into(),
                    format!("{hash:032x}").into(),
                ]);
                Ok(((entity, place), (source.is_some(), said)))
            })?;
            let (places, facts): (Vec<(i64, i64)>, Vec<ByTold>) = facts.into_iter().unzip();
            let Some(end) = places.last() else { return Ok(()) };
            last = *end;
            queue.send(by_told(facts, text!("fact_add"), text!("fact_add_untold")))?;
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
                let said = list([
                    n.into(),
                    tie.into(),
                    claim.ty.code().into(),
                    claim.from.into(),
                    claim.to.into(),
                    start.clone(),
                    claim.source.into(),
                    maybe(claim.known),
                    (claim.change as i64).into(),
                    beaten.into(),
                    status.clone(),
                    maybe(claim.credibility.map(crate::model::Credibility::code)),
                    claim.other.clone().into(),
                    role.clone(),
                    claim.row.as_str().into(),
                    end.clone(),
                    count.clone(),
                    amount.clone(),
                    currency.clone(),
                    share.clone(),
                    decision.clone(),
                    values.note.clone().into(),
                    maybe((!values.props.is_empty()).then(|| rows::props_text(&values.props))),
                    layer.clone(),
                    format!("{hash:032x}").into(),
                ]);
                let loads = held.of(claim.ty);
                let told = claim.source.is_some();
                loads.add(if told { text!("claim_add") } else { text!("claim_add_untold") }, said);
                if tie == n && claim.source.is_none_or(|source| !sealed.contains(&source)) {
                    let shown = list([
                        claim.from.into(),
                        claim.to.into(),
                        tie.into(),
                        layer,
                        role,
                        start,
                        end,
                        amount,
                        currency,
                        share,
                        count,
                        decision,
                        status,
                        (claim.change as i64).into(),
                    ]);
                    loads.add_later(&with_type(text!("tie_add"), claim.ty), shown);
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
                let source: Option<i64> = row.get(7)?;
                let said = list([
                    n.into(),
                    id.as_str().into(),
                    row.get::<_, i64>(2)?.into(),
                    step.as_str().into(),
                    date.to_string().into(),
                    rows::props_text(&props).into(),
                    source.into(),
                    maybe(known),
                    change.into(),
                    beaten.into(),
                    format!("{hash:032x}").into(),
                ]);
                Ok((n, (source.is_some(), said)))
            })?;
            let (numbers, steps): (Vec<i64>, Vec<ByTold>) = steps.into_iter().unzip();
            let Some(end) = numbers.last() else { return Ok(()) };
            last = *end;
            queue.send(by_told(steps, text!("step_add"), text!("step_add_untold")))?;
            queue.passed(numbers.len())?;
        }
    }

    /// Words of the server that this change beats; gives the ties that lost one, and the claims.
    fn beaten(&self, queue: &mut Queue<'_>) -> Result<(BTreeSet<Tied>, Vec<Beaten>), StoreError> {
        let now = self.number as i64;
        let row = |n: i64, day: i64| {
            map([("n", n.into()), ("beaten", vec![now, day].into()), ("change", now.into())])
        };
        let sql = include_str!("../../../queries/sqlite/delta_beaten_claims.sql");
        let claims = self.read(sql, [self.base.claims], |found| {
            let (n, day): (i64, i64) = (found.get(0)?, found.get(1)?);
            let ty = rows::word(TieType::ALL, found.get(5)?)?;
            let (from, to): (i64, i64) = (found.get(3)?, found.get(4)?);
            let tied = (ty, found.get(2)?, from, to);
            Ok((self.beaten_claims.get(&n) != Some(&day)).then_some((tied, (n, day, [from, to]))))
        })?;
        let (ties, beaten): (BTreeSet<Tied>, Vec<Beaten>) = claims.into_iter().flatten().unzip();
        let claims: Vec<BoltType> = beaten.iter().map(|(n, day, _)| row(*n, *day)).collect();
        let sql = include_str!("../../../queries/sqlite/delta_beaten_steps.sql");
        let steps = self.read(sql, [self.base.steps], |found| {
            let (n, day): (i64, i64) = (found.get(0)?, found.get(1)?);
            Ok((self.beaten_steps.get(&n) != Some(&day)).then(|| row(n, day)))
        })?;
        let steps: Vec<BoltType> = steps.into_iter().flatten().collect();
        for some in claims.chunks(BATCH) {
            queue.send(vec![Load::new(text!("claim_beat"), some.to_vec())])?;
            queue.passed(0)?;
        }
        for some in steps.chunks(BATCH) {
            queue.send(vec![Load::new(text!("step_beat"), some.to_vec())])?;
        }
        Ok((ties, beaten))
    }

    /// Ties that have other claims to show than before.
    fn ties(&self, mut ties: BTreeSet<Tied>, flipped: &str) -> Result<BTreeSet<Tied>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/delta_ties.sql");
        ties.extend(self.read(sql, (self.base.claims, flipped), |row| {
            Ok((rows::word(TieType::ALL, row.get(3)?)?, row.get(0)?, row.get(1)?, row.get(2)?))
        })?);
        Ok(ties)
    }

    /// Finishes the change, in one transaction; then does what waits for that.
    fn finish(
        &self,
        sender: &mut Sender<'_>,
        mut later: Later,
        hidden: Vec<BoltType>,
        sealed: &BoltType,
    ) -> Result<(), StoreError> {
        let steps = self.last_steps(sender, hidden)?;
        let made = |look: &Look| look.finished == Some(self.number as i64);
        let mut done = sender.surely(&self.last_batch(sender, &steps, &later, sealed)?, made);
        if matches!(done, Err(Fault::TooMuch(_))) && later.is_here() {
            later.send(sender)?;
            done = sender.surely(&self.last_batch(sender, &steps, &later, sealed)?, made);
        }
        done.map_err(|fault| fault.at(&sender.remote.address))?;
        if later.waits {
            sender.sent += 1;
            // The change is in. What could not be done of the rest is done by whoever writes next.
            let _ = later::work_off(sender, self.number as i64, sealed).and_then(|()| sender.settle());
        }
        Ok(())
    }

    /// The transaction that finishes the change.
    fn last_batch(
        &self,
        sender: &Sender<'_>,
        steps: &[Query],
        later: &Later,
        sealed: &BoltType,
    ) -> Result<Vec<Query>, StoreError> {
        let mut batch = vec![self.last_guard(sender, if later.waits { sender.sent + 1 } else { 0 })?];
        batch.extend(later.now(sealed));
        batch.extend(steps.iter().cloned());
        Ok(batch)
    }

    /// What the last transaction does whatever the change is.
    fn last_steps(&self, sender: &Sender<'_>, hidden: Vec<BoltType>) -> Result<Vec<Query>, StoreError> {
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
                // By this whoever wrote it knows it again, if the answer is lost.
                ("mark", sender.me.into()),
            ]))
        })?;
        Ok(vec![
            Load::new(text!("source_hide"), hidden).query(),
            Load::new(text!("vault_add"), vault).query(),
            query!("vault_digest_write").param("digest", whole_texts(&self.digest)),
            Load::new(text!("change_add"), changes).query(),
        ])
    }

    /// What moves the store on, if nobody else did.
    fn last_guard(&self, sender: &Sender<'_>, after: i64) -> Result<Query, StoreError> {
        let last = |sql: &str, before: i64| Ok::<_, StoreError>(self.last(sql)?.max(before));
        let entities = last(include_str!("../../../queries/sqlite/entity_last.sql"), self.base.entities)?;
        let claims = last(include_str!("../../../queries/sqlite/claim_last.sql"), self.base.claims)?;
        let steps = last(include_str!("../../../queries/sqlite/step_last.sql"), self.base.steps)?;
        let sources = last(include_str!("../../../queries/sqlite/source_last.sql"), self.base.sources)?;
        Ok(sender
            .param(query!("change_finish"))
            .param("base", self.base.change as i64)
            .param("after", after)
            .param("change", self.number as i64)
            .param("digest", digest_texts(&self.digest))
            .param("printed", self.digest.printed())
            .param("entities", entities)
            .param("claims", claims)
            .param("steps", steps)
            .param("sources", sources))
    }
}

/// A row, and whether a source says it.
type ByTold = (bool, BoltType);

/// Rows by whether a source says them: the statement for those, and the one for the others.
fn by_told(rows: Vec<ByTold>, told: &str, untold: &str) -> Vec<Load> {
    let (by_source, by_nobody): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(told, _)| *told);
    let load = |text, rows: Vec<ByTold>| Load::new(text, rows.into_iter().map(|(_, row)| row).collect());
    vec![load(told, by_source), load(untold, by_nobody)]
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
