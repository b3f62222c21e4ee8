//! A change on its way to the server: rows that were worked out in a scratch file, as the graph has them, in
//! batches (`batch`). Until the last one, which moves the store on to the new change, no view sees any of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use neo4rs::{BoltMap, BoltString, BoltType};
use rusqlite::{Connection, Row};

use super::batch::{BATCH, Load, Loads, Sender, Tied, label, map, maybe, recount, text, with_type};
use super::query;
use super::remote::{Point, digest_texts, whole_texts};
use crate::model::{Amount, Handling, Kind, Source, Table, TieType};
use crate::store::sqlite::canon::{Canon, Digest, FactText, StepText, Teller};
use crate::store::sqlite::names::{folded, names_of, readings};
use crate::store::sqlite::ties::claim_row;
use crate::store::sqlite::{connect, rows};
use crate::store::{Change, StoreError};

/// Properties of an entity that are ours.
const OURS: [&str; 5] = ["id", "n", "kind", "change", "key"];
/// Never copied out of what is said to where everybody looks.
const CARDS: [&str; 2] = ["id_number", "number"];

/// A change in a scratch file.
pub(super) struct Shipment<'a> {
    pub conn: &'a Connection,
    /// What the server held before.
    pub base: &'a Point,
    pub number: u64,
    pub change: &'a Change,
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
    fn read<T>(
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

    /// Sends everything; `stay` is asked nothing, the batches keep the right to write by themselves.
    pub fn send(&self, sender: &mut Sender<'_>) -> Result<(), StoreError> {
        let sealed = self.sealed()?;
        let (faces, hidden) = self.sources(sender)?;
        self.entities(sender, &sealed)?;
        self.facts(sender)?;
        self.claims(sender, &sealed)?;
        self.steps(sender)?;
        let moved = self.beaten(sender)?;
        let flipped: BTreeSet<i64> = sealed.symmetric_difference(self.were_sealed).copied().collect();
        // Which ties are shown depends on which sources are sealed: their nodes say so first.
        if !flipped.is_empty() {
            sender.send(vec![Load::new(text!("source_face"), faces.clone())])?;
        }
        self.ties(sender, moved, &flipped)?;
        self.finish(sender, faces, hidden)
    }

    /// New words of sources; gives what the nodes of sources will say, and the words that are hidden from now on.
    fn sources(&self, sender: &mut Sender<'_>) -> Result<(Vec<BoltType>, Vec<BoltType>), StoreError> {
        let sql = include_str!("../../../queries/sqlite/delta_sources.sql");
        let words = self.read(sql, [self.number as i64], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, rows::source(row)?))
        })?;
        let vault = self.vault()?;
        let (mut begun, mut added, mut hidden) = (Vec::new(), Vec::new(), Vec::new());
        let mut faces: BTreeMap<i64, BoltType> = BTreeMap::new();
        for (n, word, source) in &words {
            let key = format!("{n}/{word}");
            let change = BoltType::from(self.number as i64);
            if self.words.contains(&(*n, *word)) {
                hidden.push(map([("key", key.into()), ("change", change)]));
                continue;
            }
            begun.push(map([("n", (*n).into()), ("change", change.clone())]));
            added.push(map([("p", self.source_word(*n, *word, source))]));
            faces.insert(*n, map([("n", (*n).into()), ("p", self.source_face(*n, source))]));
        }
        let new = |vault: &&(i64, i64, BoltType)| !self.words.contains(&(vault.0, vault.1));
        let vaulted: Vec<BoltType> = vault.iter().filter(new).map(|(_, _, row)| row.clone()).collect();
        for some in added.chunks(BATCH).zip(begun.chunks(BATCH)) {
            sender.send(vec![
                Load::new(text!("source_add"), some.0.to_vec()),
                Load::new(text!("source_begin"), some.1.to_vec()),
            ])?;
        }
        for some in vaulted.chunks(BATCH) {
            sender.send(vec![Load::new(text!("vault_add"), some.to_vec())])?;
        }
        Ok((faces.into_values().collect(), hidden))
    }

    /// Who the protected sources of this change are.
    fn vault(&self) -> Result<Vec<(i64, i64, BoltType)>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/delta_vault.sql");
        self.read(sql, [self.number as i64], |row| {
            let (n, word): (i64, i64) = (row.get(0)?, row.get(1)?);
            let text = |at: usize| row.get::<_, Option<String>>(at).map(BoltType::from);
            let said = map([
                ("key", format!("{n}/{word}").into()),
                ("n", n.into()),
                ("word", word.into()),
                ("id", text(2)?),
                ("title", text(3)?),
                ("locator", text(4)?),
                ("props", text(5)?),
                ("change", (self.number as i64).into()),
            ]);
            Ok((n, word, map([("p", said)])))
        })
    }

    fn source_word(&self, n: i64, word: i64, source: &Source) -> BoltType {
        let open = |text: Option<String>| BoltType::from(text.filter(|_| !source.protected));
        let props = (!source.props.is_empty()).then(|| rows::props_text(&source.props));
        map([
            ("key", format!("{n}/{word}").into()),
            ("n", n.into()),
            ("word", word.into()),
            ("id", open(Some(source.id.to_string()))),
            ("channel", source.channel.code().into()),
            ("title", open(source.title.clone())),
            ("date", maybe(source.date)),
            ("reliability", source.reliability.code().into()),
            ("unit", source.unit.clone().into()),
            ("handling", source.handling.code().into()),
            ("protected", source.protected.into()),
            ("locator", open(source.locator.clone())),
            ("props", open(props)),
            ("change", (self.number as i64).into()),
        ])
    }

    /// What the node of a source says that people look at; nothing of who a protected one is.
    fn source_face(&self, n: i64, source: &Source) -> BoltType {
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
            ("change", (self.number as i64).into()),
        ])
    }

    /// New entities, what is shown of those of which something new is said, and their names.
    fn entities(&self, sender: &mut Sender<'_>, sealed: &BTreeSet<i64>) -> Result<(), StoreError> {
        let sql = include_str!("../../../queries/sqlite/delta_entities.sql");
        let said = self.read(sql, [self.number as i64], |row| {
            let kind = rows::word(Kind::ALL, row.get(2)?)?;
            let source: Option<i64> = row.get(4)?;
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, kind, rows::props(row, 3)?, source))
        })?;
        let mut loads = Loads::default();
        for same in said.chunk_by(|a, b| a.0 == b.0) {
            let Some((n, id, kind, ..)) = same.first() else { continue };
            let mut face = BoltMap::new();
            let shown =
                same.iter().filter(|(.., source)| source.is_none_or(|source| !sealed.contains(&source)));
            for (.., props, _) in shown {
                for (name, value) in props.iter().filter(|(name, _)| !hidden(name)) {
                    face.put(BoltString::from(name.as_str()), value.as_str().into());
                }
            }
            if *n > self.base.entities {
                for (name, value) in
                    [("id", id.as_str().into()), ("n", (*n).into()), ("kind", kind.code().into())]
                {
                    face.put(BoltString::from(name), value);
                }
                face.put(BoltString::from("change"), (self.number as i64).into());
                loads.add(
                    &text!("entity_add").replace("KIND", &label(*kind)),
                    map([("p", BoltType::Map(face))]),
                );
            } else {
                loads.add(text!("entity_face"), map([("n", (*n).into()), ("p", BoltType::Map(face))]));
            }
            let mut keys: BTreeSet<String> = BTreeSet::new();
            for (.., props, _) in same {
                keys.extend(names_of(*kind, props).map(folded));
            }
            for key in keys {
                let reading = BoltType::from(readings(&key));
                let change = (self.number as i64).into();
                let row = [("key", key.into()), ("n", (*n).into()), ("reading", reading), ("change", change)];
                loads.add_later(text!("name_add"), map(row));
            }
            if loads.rows >= BATCH {
                sender.send(loads.take())?;
            }
        }
        sender.send(loads.take())
    }

    fn facts(&self, sender: &mut Sender<'_>) -> Result<(), StoreError> {
        let (sql, mut canon) = (include_str!("../../../queries/sqlite/delta_facts.sql"), Canon::default());
        let facts = self.read(sql, [self.number as i64], |row| {
            let (entity, place): (i64, i64) = (row.get(0)?, row.get(1)?);
            let (table, props) = (rows::word(Table::ALL, row.get(2)?)?, rows::props(row, 3)?);
            let known = rows::date(row, 5)?;
            let (id, kind): (String, Kind) = (row.get(6)?, rows::word(Kind::ALL, row.get(7)?)?);
            let text = FactText { id: &id, kind, table, props: &props, known };
            let hash = canon.fact(&text, Teller::Nobody).stored(self.number);
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
                ("change", (self.number as i64).into()),
                ("hash", format!("{hash:032x}").into()),
            ]);
            Ok(map([("p", said)]))
        })?;
        facts
            .chunks(BATCH)
            .try_for_each(|some| sender.send(vec![Load::new(text!("fact_add"), some.to_vec())]))
    }

    fn claims(&self, sender: &mut Sender<'_>, sealed: &BTreeSet<i64>) -> Result<(), StoreError> {
        let (sql, mut canon) = (include_str!("../../../queries/sqlite/delta_claims.sql"), Canon::default());
        let mut last = self.base.claims;
        loop {
            let mut loads = Loads::default();
            let read = self.read(sql, [last, BATCH as i64], |row| {
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
            let Some(end) = read.last() else { return Ok(()) };
            last = *end;
            sender.send(loads.take())?;
        }
    }

    fn steps(&self, sender: &mut Sender<'_>) -> Result<(), StoreError> {
        let (sql, mut canon) = (include_str!("../../../queries/sqlite/delta_steps.sql"), Canon::default());
        let steps = self.read(sql, [self.base.steps], |row| {
            let (id, subject, step): (String, String, String) = (row.get(1)?, row.get(3)?, row.get(4)?);
            let date = rows::date(row, 5)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            let (props, known) = (rows::props(row, 6)?, rows::date(row, 8)?);
            let text = StepText { id: &id, subject: &subject, step: &step, date, props: &props, known };
            let change: i64 = row.get(9)?;
            let hash = canon.step(&text, Teller::Nobody).stored(change as u64);
            let beaten = row.get::<_, Option<i64>>(10)?.map(|day| BoltType::from(vec![change, day]));
            let said = map([
                ("n", row.get::<_, i64>(0)?.into()),
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
            Ok(map([("p", said)]))
        })?;
        steps
            .chunks(BATCH)
            .try_for_each(|some| sender.send(vec![Load::new(text!("step_add"), some.to_vec())]))
    }

    /// Words of the server that this change beats; gives the ties that lost one.
    fn beaten(&self, sender: &mut Sender<'_>) -> Result<BTreeSet<Tied>, StoreError> {
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
            sender.send(vec![Load::new(text!("claim_beat"), some.to_vec())])?;
        }
        for some in steps.chunks(BATCH) {
            sender.send(vec![Load::new(text!("step_beat"), some.to_vec())])?;
        }
        Ok(ties.into_iter().collect())
    }

    /// Ties that have other claims to show than before.
    fn ties(
        &self,
        sender: &mut Sender<'_>,
        mut ties: BTreeSet<Tied>,
        flipped: &BTreeSet<i64>,
    ) -> Result<(), StoreError> {
        let sql = include_str!("../../../queries/sqlite/delta_ties.sql");
        let flipped = serde_json::to_string(flipped).unwrap_or_default();
        ties.extend(self.read(sql, (self.base.claims, flipped), |row| {
            Ok((rows::word(TieType::ALL, row.get(3)?)?, row.get(0)?, row.get(1)?, row.get(2)?))
        })?);
        let ties: Vec<Tied> = ties.into_iter().collect();
        recount(sender, &ties)
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
        let Change { who, why, known } = self.change;
        let row = map([
            ("n", (self.number as i64).into()),
            ("who", who.as_str().into()),
            ("why", why.as_str().into()),
            ("known", maybe(*known)),
        ]);
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
            query!("change_add").param("row", row),
        ];
        let done = sender.surely(&statements, |state| state.point.change == self.number);
        done.map_err(|fault| fault.at(&sender.remote.address))
    }
}

fn hidden(name: &str) -> bool {
    OURS.contains(&name) || CARDS.contains(&name)
}
