//! Builds a [`Network`] from entities and ties, in whatever order they come.
//!
//! First every entity, then every tie and step. Records go straight into columns, so that ten
//! million ties (and a million entities, where they come in id order) need no objects; at the end nodes and ties are brought into key order
//! and rows that speak of one tie (a store's and a new bundle's) are joined.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Claims, Network, NodeIx, Nodes, Parts, StepRow, Ties, Words};
use crate::fingerprints::{Fingerprints, hash};
use crate::model::strength::strength;
use crate::model::view::Fact;
use crate::model::{Claim, Date, Entity, Id, Kind, Nature, Status, Table, Tie, TieType, Voice};

/// Why a tie or a step cannot be part of the network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// It names a node that was not added.
    #[error("`{row}` names `{missing}`, which is not in the network")]
    Missing {
        /// The row.
        row: String,
        /// What it names.
        missing: String,
    },
    /// Entities that were said to come in id order do not.
    #[error("`{0}` does not come in id order")]
    Disorder(String),
    /// More nodes or ties than positions of 32 bits can tell apart.
    #[error("a network holds at most 4,294,967,295 nodes and ties")]
    TooLarge,
}

/// Builds a network: entities first, then ties and steps, then [`Builder::build`].
#[derive(Debug, Default)]
pub struct Builder {
    as_of: Option<Date>,
    entities: Vec<Entity>,
    is_sealed: bool,
    /// Nodes by 64 bits of a hash of their ids: two ids that share them are told apart by a search.
    positions: Fingerprints<10, 6>,
    /// Known as officials by ties that are not added.
    officials: Vec<Id>,
    nodes: Nodes,
    steps: Vec<StepRow>,
    likely: Option<Vec<(u32, u32, f64)>>,
    columns: TieColumns,
}

/// Ties on their way into a network: a thread may fill its own while others fill theirs, and
/// [`Builder::append`] takes them all.
#[derive(Debug)]
pub struct TieColumns {
    ties: Ties,
    claims: Claims,
    voices: Vec<Voice>,
    voice_at: HashMap<Voice, u32>,
    words: Vec<String>,
    word_at: HashMap<String, u16>,
}

impl Default for TieColumns {
    fn default() -> Self {
        let (ties, claims, voices, voice_at) = Default::default();
        let mut columns = Self { ties, claims, voices, voice_at, words: Vec::new(), word_at: HashMap::new() };
        // Position 0 is "none".
        columns.word("");
        columns
    }
}

/// Where each node of a sealed builder stands: what ties are added by.
#[derive(Clone, Copy, Debug)]
pub struct Places<'b> {
    positions: &'b Fingerprints<10, 6>,
    nodes: &'b Nodes,
}

impl Places<'_> {
    fn of(&self, row: &str, id: &Id) -> Result<u32, BuildError> {
        let likely = self.positions.get(hash(&[id.as_str().as_bytes()])).map(|at| at as usize);
        let found = likely.filter(|&at| self.nodes.ids.at(at) == id.as_str());
        found
            .or_else(|| likely.and_then(|_| self.nodes.find(id.as_str())))
            .map(|at| at as u32)
            .ok_or_else(|| BuildError::Missing { row: row.to_owned(), missing: id.to_string() })
    }
}

impl Builder {
    /// A builder of a network as of a day.
    pub fn new(as_of: Option<Date>) -> Self {
        Self { as_of, ..Self::default() }
    }

    /// Adds an entity; two of one id are one, with the facts of both.
    pub fn entity(&mut self, entity: Entity) {
        self.entities.push(entity);
    }

    /// Adds an entity where all come in id order, each once, and none by [`Builder::entity`]: it
    /// goes into columns at once.
    pub fn sorted_entity(&mut self, entity: &Entity) -> Result<(), BuildError> {
        let nodes = &self.nodes;
        let last = nodes.kinds.len().checked_sub(1).map(|at| nodes.ids.at(at));
        if last.is_some_and(|last| last >= entity.id.as_str()) {
            return Err(BuildError::Disorder(entity.id.to_string()));
        }
        self.node(entity);
        Ok(())
    }

    /// Adds a tie. No entity may follow.
    pub fn tie(&mut self, tie: &Tie) -> Result<(), BuildError> {
        self.seal();
        self.columns.tie(&Places { positions: &self.positions, nodes: &self.nodes }, tie)
    }

    /// Where the nodes stand, for ties that are gathered in columns of their own. No entity may follow.
    pub fn places(&mut self) -> Places<'_> {
        self.seal();
        Places { positions: &self.positions, nodes: &self.nodes }
    }

    /// Adds ties that were gathered in columns of their own, in this order.
    pub fn append(&mut self, all: Vec<TieColumns>) -> Result<(), BuildError> {
        self.seal();
        self.columns.reserve(&all);
        all.into_iter().try_for_each(|columns| self.columns.append(columns))
    }

    /// Says that a person is an official, where the ties that make him one are not added: a network
    /// of a part is told what its source knows.
    pub fn official(&mut self, id: &Id) {
        self.officials.push(id.clone());
    }

    /// Tells who may be one person, with how likely, where the cards that say so are not added. Pairs of
    /// which one is not in the network are left out.
    pub fn likely(&mut self, doubles: &[(Id, Id, f64)]) {
        self.seal();
        let place = |id: &Id| self.nodes.find(id.as_str()).map(|at| at as u32);
        let mut placed: Vec<(u32, u32, f64)> =
            doubles.iter().filter_map(|(a, b, p)| Some((place(a)?, place(b)?, *p))).collect();
        placed.sort_by_key(|&(a, b, _)| (a, b));
        self.likely = Some(placed);
    }

    /// Adds a step of a case or a lead. No entity may follow.
    pub fn step(
        &mut self,
        id: &Id,
        subject: &Id,
        step: &str,
        date: Date,
        fact: &Fact,
    ) -> Result<(), BuildError> {
        self.seal();
        let subject = NodeIx(self.places().of(id.as_str(), subject)?);
        self.steps.push(StepRow {
            subject,
            date,
            row: id.to_string(),
            step: step.to_owned(),
            props: fact.props.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            voice: fact.voice.clone(),
            known: fact.known,
        });
        Ok(())
    }

    /// The network.
    pub fn build(self) -> Network {
        self.build_counted().0
    }

    /// The network, and how many ties were joined to others that are the same: none where a store handed out
    /// each once.
    pub fn build_counted(mut self) -> (Network, usize) {
        self.seal();
        let TieColumns { ties, claims, voices, words, .. } = self.columns;
        let mut network = Network {
            as_of: self.as_of,
            likely: self.likely,
            nodes: self.nodes,
            ties,
            claims,
            voices,
            words: Words(words),
            steps: self.steps,
            ..Network::default()
        };
        drop(self.positions);
        let order = tie_order(&network);
        network = in_order(network, &order);
        let joined = order.len() - network.tie_count();
        drop(order);
        network.steps.sort_by(|a, b| (a.subject, a.date, &a.row).cmp(&(b.subject, b.date, &b.row)));
        network.steps.dedup();
        network.told = super::told::by_steps(&network, self.as_of);
        set_parts(&mut network);
        let officials: Vec<NodeIx> =
            self.officials.iter().filter_map(|id| network.node(id.as_str())).collect();
        for at in officials {
            let parts = &mut network.nodes.parts[at.at()];
            *parts = parts.with(Parts::OFFICIAL);
        }
        network.arcs = arcs(&network);
        (network, joined)
    }

    /// Brings the entities into id order and into columns, once.
    fn seal(&mut self) {
        if self.is_sealed {
            return;
        }
        self.is_sealed = true;
        let mut entities = std::mem::take(&mut self.entities);
        entities.sort_by(|a, b| a.id.cmp(&b.id));
        entities.dedup_by(|later, first| {
            let same = later.id == first.id;
            if same {
                first.facts.append(&mut later.facts);
                // What was recorded last is shown, whichever of the two was added last.
                first.facts.sort_by_key(|fact| fact.known);
            }
            same
        });
        for entity in entities {
            self.node(&entity);
        }
        self.nodes.prop_starts.push(self.nodes.prop_keys.len() as u32);
    }

    fn node(&mut self, entity: &Entity) {
        let mut props: BTreeMap<u16, String> = BTreeMap::new();
        for fact in &entity.facts {
            for (key, value) in &fact.props {
                props.insert(self.columns.word(key), value.clone());
            }
        }
        let aliases = entity.aliases().join(";");
        if !aliases.is_empty() {
            props.insert(self.columns.word("aliases"), aliases);
        }
        self.positions.insert(hash(&[entity.id.as_str().as_bytes()]), self.nodes.kinds.len() as u64);
        let nodes = &mut self.nodes;
        nodes.ids.push(entity.id.as_str());
        nodes.names.push(entity.name());
        nodes.kinds.push(entity.kind);
        nodes.parts.push(parts(entity));
        nodes.prop_starts.push(nodes.prop_keys.len() as u32);
        for (key, value) in props {
            nodes.prop_keys.push(key);
            nodes.prop_values.push(&value);
        }
    }
}

impl TieColumns {
    /// Adds a tie between nodes that have these places.
    pub fn tie(&mut self, places: &Places<'_>, tie: &Tie) -> Result<(), BuildError> {
        let row = tie.claims.first().map_or("", |claim| claim.row.as_str());
        let (from, to) = (places.of(row, &tie.from)?, places.of(row, &tie.to)?);
        let at = u32::try_from(self.ties.from.len()).map_err(|_| BuildError::TooLarge)?;
        let role = tie.role.as_deref().map_or(0, |role| self.word(role));
        let kind = places.nodes.kinds[to as usize];
        if let Some(other) = &tie.other_type {
            let word = self.word(other);
            self.ties.other_types.push((at, word));
        }
        let ties = &mut self.ties;
        ties.from.push(from);
        ties.to.push(to);
        ties.types.push(tie.ty);
        ties.layers.push(tie.ty.layer(kind));
        ties.roles.push(role);
        ties.starts.push(tie.start);
        self.values(at, tie);
        self.claims(&tie.claims);
        Ok(())
    }

    /// The columns that what is said of the tie fills.
    fn values(&mut self, at: u32, tie: &Tie) {
        let values = tie.said().cloned().unwrap_or_default();
        if let Some(currency) = values.currency.filter(|currency| currency != "CNY") {
            let word = self.word(&currency);
            self.ties.currencies.push((at, word));
        }
        let ties = &mut self.ties;
        ties.ends.push(values.end);
        ties.counts.push(values.count.unwrap_or(0));
        ties.amounts.push(values.amount.map_or(f32::NAN, |amount| amount.approximate() as f32));
        ties.shares.push(
            values.share.map_or(u16::MAX, |share| {
                (share.decimal() * Decimal::ONE_HUNDRED).to_u16().unwrap_or(u16::MAX)
            }),
        );
        ties.decisions.push(values.decision.map_or(0, |decision| decision as u8 + 1));
    }

    fn claims(&mut self, claims: &[Claim]) {
        self.claims.starts.push(self.claims.voices.len() as u32);
        for claim in claims {
            let voice = self.voice(&claim.voice);
            let columns = &mut self.claims;
            columns.rows.push(claim.row.as_str());
            columns.voices.push(voice);
            columns.reliabilities.push(claim.reliability);
            columns.credibilities.push(claim.credibility);
            columns.statuses.push(claim.status);
            columns.known.push(claim.known);
        }
    }

    fn voice(&mut self, voice: &Voice) -> u32 {
        if let Some(&at) = self.voice_at.get(voice) {
            return at;
        }
        let at = self.voices.len() as u32;
        self.voices.push(voice.clone());
        self.voice_at.insert(voice.clone(), at);
        at
    }

    /// The position of an interned word. There are few: column names, roles, currencies, types.
    /// Past 65,535 different ones (a file with a column of free text as role) the rest is "none".
    fn word(&mut self, word: &str) -> u16 {
        if let Some(&at) = self.word_at.get(word) {
            return at;
        }
        let Ok(at) = u16::try_from(self.words.len()) else { return 0 };
        self.words.push(word.to_owned());
        self.word_at.insert(word.to_owned(), at);
        at
    }

    /// Makes room for the ties of others, no more than they need.
    fn reserve(&mut self, all: &[Self]) {
        let ties: usize = all.iter().map(|columns| columns.ties.from.len()).sum();
        let claims: usize = all.iter().map(|columns| columns.claims.voices.len()).sum();
        let own = &mut self.ties;
        [&mut own.from, &mut own.to, &mut own.counts]
            .into_iter()
            .for_each(|column| column.reserve_exact(ties));
        [&mut own.starts, &mut own.ends].into_iter().for_each(|column| column.reserve_exact(ties));
        own.amounts.reserve_exact(ties);
        let own = &mut self.claims;
        own.voices.reserve_exact(claims);
        own.known.reserve_exact(claims);
    }

    /// Adds the ties of others, in their order, behind these.
    fn append(&mut self, other: Self) -> Result<(), BuildError> {
        let (ties, claims) = (self.ties.from.len(), self.claims.voices.len());
        let fits = |count: usize| u32::try_from(count).map_err(|_| BuildError::TooLarge);
        let (first, base) = (fits(ties)?, fits(claims)?);
        fits(ties + other.ties.from.len())?;
        fits(claims + other.claims.voices.len())?;
        let words: Vec<u16> = other.words.iter().map(|word| self.word(word)).collect();
        let voices: Vec<u32> = other.voices.iter().map(|voice| self.voice(voice)).collect();
        let word = |at: u16| words.get(usize::from(at)).copied().unwrap_or(0);
        let Ties {
            from,
            to,
            types,
            layers,
            statuses: _,
            decisions,
            roles,
            shares,
            starts,
            ends,
            known: _,
            strengths: _,
            amounts,
            counts,
            currencies,
            other_types,
        } = other.ties;
        let own = &mut self.ties;
        own.from.extend(from);
        own.to.extend(to);
        own.types.extend(types);
        own.layers.extend(layers);
        own.decisions.extend(decisions);
        own.roles.extend(roles.into_iter().map(word));
        own.shares.extend(shares);
        own.starts.extend(starts);
        own.ends.extend(ends);
        own.amounts.extend(amounts);
        own.counts.extend(counts);
        own.currencies.extend(currencies.into_iter().map(|(at, of)| (first + at, word(of))));
        own.other_types.extend(other_types.into_iter().map(|(at, of)| (first + at, word(of))));
        let Claims { starts, rows, voices: voice, reliabilities, credibilities, statuses, known } =
            other.claims;
        let own = &mut self.claims;
        own.starts.extend(starts.into_iter().map(|at| base + at));
        own.rows.append(&rows);
        own.voices.extend(voice.into_iter().map(|at| voices.get(at as usize).copied().unwrap_or(0)));
        own.reliabilities.extend(reliabilities);
        own.credibilities.extend(credibilities);
        own.statuses.extend(statuses);
        own.known.extend(known);
        Ok(())
    }
}

fn parts(entity: &Entity) -> Parts {
    let mut parts = Parts::default();
    if entity.kind == Kind::Person {
        if entity.stands_in(Table::Officials) {
            parts = parts.with(Parts::OFFICIAL);
        }
        if entity.stands_in(Table::GangMembers) {
            parts = parts.with(Parts::MEMBER);
        }
    }
    parts
}

/// Parts that follow from ties: who does a duty is taken as an official, a suspect is one.
fn set_parts(network: &mut Network) {
    for tie in 0..network.ties.from.len() {
        let (from, to) = (network.ties.from[tie] as usize, network.ties.to[tie] as usize);
        let (node, part) = match network.ties.types[tie] {
            duty if duty.makes_official() => (from, Parts::OFFICIAL),
            TieType::Member => (from, Parts::MEMBER),
            TieType::Suspect => (from, Parts::SUSPECT),
            TieType::About => (to, Parts::NAMED),
            _ => continue,
        };
        if network.nodes.kinds[node] == Kind::Person {
            network.nodes.parts[node] = network.nodes.parts[node].with(part);
        }
    }
}

/// Positions of ties in (from, to, type, other type, role, start, first row) order.
fn tie_order(network: &Network) -> Vec<u32> {
    // By both ends first, which tells nearly all apart.
    let ends = network.ties.from.iter().zip(&network.ties.to);
    let key = |((&from, &to), tie)| (u64::from(from) << 32 | u64::from(to), tie);
    let mut keyed: Vec<(u64, u32)> = ends.zip(0..).map(key).collect();
    keyed.par_sort_unstable();
    keyed.par_chunk_by_mut(|a, b| a.0 == b.0).filter(|pair| pair.len() > 1).for_each(|pair| {
        pair.sort_by(|&(_, a), &(_, b)| {
            identity_order(network, a, b).then_with(|| first_row(network, a).cmp(first_row(network, b)))
        });
    });
    keyed.into_iter().map(|(_, tie)| tie).collect()
}

fn first_row(network: &Network, tie: u32) -> &str {
    network.claims.rows.at(network.claims.starts[tie as usize] as usize)
}

fn identity_order(network: &Network, a: u32, b: u32) -> Ordering {
    let key = |tie: u32| {
        let at = tie as usize;
        let ties = &network.ties;
        (ties.from[at], ties.to[at], ties.types[at])
    };
    let texts = |tie: u32| {
        let tie = network.tie(super::TieIx(tie));
        (tie.type_name(), tie.role(), tie.start())
    };
    key(a).cmp(&key(b)).then_with(|| texts(a).cmp(&texts(b)))
}

/// Whether two ties that stand side by side are one.
fn same_tie(network: &Network, a: u32, b: u32) -> bool {
    identity_order(network, a, b) == Ordering::Equal
        && (network.ties.types[a as usize].nature() == Nature::State
            || first_row(network, a) == first_row(network, b))
}

/// The network with its ties in this order, same ties joined, and what follows from their claims.
fn in_order(mut old: Network, order: &[u32]) -> Network {
    let mut new = Network {
        as_of: old.as_of,
        likely: old.likely.take(),
        nodes: std::mem::take(&mut old.nodes),
        steps: std::mem::take(&mut old.steps),
        voices: old.voices.clone(),
        words: Words(old.words.0.clone()),
        ..Network::default()
    };
    let mut rest = order;
    while let Some((&first, _)) = rest.split_first() {
        let same = rest.iter().take_while(|&&tie| tie == first || same_tie(&old, first, tie)).count();
        let (group, tail) = rest.split_at(same);
        copy_tie(&old, &mut new, group);
        rest = tail;
    }
    new.claims.starts.push(new.claims.voices.len() as u32);
    new
}

/// Copies a tie made of these rows; values are those of the last.
fn copy_tie(old: &Network, new: &mut Network, group: &[u32]) {
    let Some(&last) = group.last() else { return };
    let (at, tie) = (last as usize, old.tie(super::TieIx(last)));
    let position = new.ties.from.len() as u32;
    new.ties.from.push(old.ties.from[at]);
    new.ties.to.push(old.ties.to[at]);
    new.ties.types.push(old.ties.types[at]);
    new.ties.layers.push(old.ties.layers[at]);
    new.ties.roles.push(old.ties.roles[at]);
    new.ties.starts.push(old.ties.starts[at]);
    new.ties.ends.push(old.ties.ends[at]);
    new.ties.counts.push(old.ties.counts[at]);
    new.ties.amounts.push(old.ties.amounts[at]);
    new.ties.shares.push(old.ties.shares[at]);
    new.ties.decisions.push(old.ties.decisions[at]);
    if let Some(word) = super::sparse(&old.ties.currencies, tie.ix()) {
        new.ties.currencies.push((position, word));
    }
    if let Some(word) = super::sparse(&old.ties.other_types, tie.ix()) {
        new.ties.other_types.push((position, word));
    }
    copy_claims(old, new, group);
    judge(new);
}

/// Copies the claims of these rows, of one row and one voice the last, earliest known first.
fn copy_claims(old: &Network, new: &mut Network, group: &[u32]) {
    new.claims.starts.push(new.claims.voices.len() as u32);
    let mut claims: Vec<usize> = group.iter().flat_map(|&tie| claim_span(old, tie as usize)).collect();
    if group.len() > 1 {
        let key = |&at: &usize| (old.claims.rows.at(at), old.claims.voices[at]);
        claims.sort_by(|a, b| key(a).cmp(&key(b)).then(b.cmp(a)));
        claims.dedup_by(|later, first| key(later) == key(first));
        claims.sort_by(|&a, &b| (old.claims.known[a], a).cmp(&(old.claims.known[b], b)));
    }
    for at in claims {
        new.claims.rows.push(old.claims.rows.at(at));
        new.claims.voices.push(old.claims.voices[at]);
        new.claims.reliabilities.push(old.claims.reliabilities[at]);
        new.claims.credibilities.push(old.claims.credibilities[at]);
        new.claims.statuses.push(old.claims.statuses[at]);
        new.claims.known.push(old.claims.known[at]);
    }
}

fn claim_span(network: &Network, tie: usize) -> std::ops::Range<usize> {
    let end = network.claims.starts.get(tie + 1).map_or(network.claims.voices.len(), |&end| end as usize);
    network.claims.starts[tie] as usize..end
}

/// Fills what follows from the claims of the tie copied last: strength, status, first known day.
fn judge(network: &mut Network) {
    let tie = network.ties.from.len() - 1;
    let span = claim_span(network, tie);
    let claims = span.clone().map(|at| super::ClaimRef { network, at }.graded());
    let s = strength(claims);
    let statuses = &network.claims.statuses[span.clone()];
    let status = statuses.iter().copied().filter(|&status| status != Status::Refuted).min();
    let refuted =
        statuses.contains(&Status::Refuted) && s < 0.5 * strength_without_refuted(network, span.clone());
    let known = network.claims.known[span].iter().copied().flatten().min();
    network.ties.strengths.push(s as f32);
    network.ties.statuses.push(if refuted { Status::Refuted } else { status.unwrap_or(Status::Refuted) });
    network.ties.known.push(known);
}

fn strength_without_refuted(network: &Network, span: std::ops::Range<usize>) -> f64 {
    let claims = span.map(|at| super::ClaimRef { network, at }.graded());
    strength(claims.filter(|claim| claim.status != Status::Refuted))
}

/// Both directions of every tie but those to oneself, sorted by (node, neighbour, tie). Cost: a
/// counting sort over the arcs, then a small sort a node.
fn arcs(network: &Network) -> super::Arcs {
    let (from, to) = (&network.ties.from, &network.ties.to);
    let ends = || from.iter().zip(to).filter(|(a, b)| a != b);
    let mut starts = vec![0_u32; network.nodes.kinds.len() + 1];
    for (&a, &b) in ends() {
        starts[a as usize + 1] += 1;
        starts[b as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let mut pairs = vec![(0_u32, 0_u32); starts.last().copied().unwrap_or(0) as usize];
    for (tie, (&a, &b)) in from.iter().zip(to).enumerate().filter(|(_, (a, b))| a != b) {
        for (node, neighbour) in [(a, b), (b, a)] {
            pairs[next[node as usize] as usize] = (neighbour, tie as u32);
            next[node as usize] += 1;
        }
    }
    for node in 0..starts.len() - 1 {
        pairs[starts[node] as usize..starts[node + 1] as usize].sort_unstable();
    }
    let (neighbours, ties) = pairs.into_iter().unzip();
    super::Arcs { starts, neighbours, ties }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::samples::{entity, person, said, tie};

    fn small() -> Network {
        let mut builder = Builder::new(None);
        for id in ["c", "a", "b"] {
            builder.entity(person(id));
        }
        builder.entity(entity("a", Table::Officials, Kind::Person));
        builder.tie(&tie(TieType::Call, "b", "c", vec![said("r2", "s1")]).build()).unwrap();
        builder.tie(&tie(TieType::Family, "a", "b", vec![said("r1", "s1")]).build()).unwrap();
        builder.tie(&tie(TieType::Call, "b", "c", vec![said("r3", "s1")]).build()).unwrap();
        builder.tie(&tie(TieType::Family, "a", "b", vec![said("r9", "s2")]).build()).unwrap();
        builder.tie(&tie(TieType::Call, "c", "c", vec![said("r4", "s1")]).build()).unwrap();
        builder.build()
    }

    #[test]
    fn nodes_and_ties_stand_in_key_order_and_states_are_joined() {
        let network = small();
        let ids: Vec<&str> = network.nodes().map(|node| network.id(node)).collect();
        assert_eq!(ids, ["a", "b", "c"]);
        let ties: Vec<_> =
            network.ties().map(|tie| (network.tie(tie).type_name(), network.tie(tie).rows())).collect();
        assert_eq!(
            ties,
            [("family", vec!["r1", "r9"]), ("call", vec!["r2"]), ("call", vec!["r3"]), ("call", vec!["r4"])]
        );
        assert_eq!(network.node("b"), Some(NodeIx(1)));
        assert_eq!(network.node("x"), None);
    }

    #[test]
    fn both_directions_are_there_and_ties_to_oneself_are_not() {
        let network = small();
        let of = |id| {
            network.arcs(network.node(id).unwrap()).map(|arc| network.id(arc.neighbour)).collect::<Vec<_>>()
        };
        assert_eq!(of("b"), ["a", "c", "c"]);
        assert_eq!(of("c"), ["b", "b"]);
        assert_eq!(network.between(NodeIx(2), NodeIx(1)).count(), 2);
    }

    #[test]
    fn two_sources_make_a_tie_stronger() {
        let network = small();
        let strengths: Vec<f64> = network.ties().map(|tie| network.tie(tie).strength()).collect();
        assert!((strengths[0] - (1.0 - 0.28 * 0.28)).abs() < 1e-6 && (strengths[1] - 0.72).abs() < 1e-6);
        assert_eq!(network.tie(super::super::TieIx(0)).voices(), 2);
    }

    #[test]
    fn parts_and_props_are_known() {
        let network = small();
        let a = network.node("a").unwrap();
        assert!(network.is_official(a) && network.is_subject(a));
        assert!(!network.is_subject(NodeIx(2)));
        assert_eq!(network.prop(a, "name"), Some("name of a"));
        assert_eq!(network.prop(a, "unknown"), None);
    }

    #[test]
    fn a_tie_to_a_node_that_is_not_there_is_refused() {
        let mut builder = Builder::new(None);
        builder.entity(person("a"));
        let missing = builder.tie(&tie(TieType::Call, "a", "z", vec![said("r1", "s")]).build());
        assert_eq!(missing, Err(BuildError::Missing { row: "r1".into(), missing: "z".into() }));
        assert_eq!(Builder::new(None).build().node_count(), 0);
    }
}
