//! The numbered table of evidence that a brief and a chart share: which rows stand behind what is
//! said, in the order they are first cited.

use std::collections::{BTreeMap, BTreeSet};

use super::lines;
use crate::analysis::umbrella::Pair;
use crate::messages::Catalogue;
use crate::model::{Id, Voice};
use crate::network::{Network, NodeIx, TieIx};

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceRow {
    /// Its number, from 1: `证1`.
    pub number: usize,
    /// The row's id.
    pub row: Id,
    /// The tie it is a claim of.
    pub tie: TieIx,
    /// What it says, in words.
    pub says: String,
    /// `B2`.
    pub grade: String,
    /// The source's id, or that it is protected, or that nobody is named.
    pub source: String,
    /// When we came to know.
    pub known: String,
}

/// How many rows of each factor come first: a short table then has some of every argument, of those
/// against as well.
const EACH: usize = 4;

/// The ids of the rows a pair's factors cite: the first few of each factor, then the rest, then what
/// is shown beside.
pub fn cited(pair: &Pair) -> Vec<Id> {
    let mut seen = BTreeSet::new();
    let first = pair.factors.iter().flat_map(|factor| factor.evidence.iter().take(EACH));
    let rest = pair.factors.iter().flat_map(|factor| &factor.evidence);
    let beside = pair.factors.iter().flat_map(|factor| &factor.context);
    let paths = pair.paths.iter().flat_map(|path| &path.relations);
    first.chain(rest).chain(beside).chain(paths).filter(|id| seen.insert((*id).clone())).cloned().collect()
}

/// The tie behind each of these rows. Cost: one pass over the network's claims.
pub fn ties(network: &Network, rows: &[Id]) -> BTreeMap<Id, TieIx> {
    let wanted: BTreeSet<&str> = rows.iter().map(Id::as_str).collect();
    let mut found = BTreeMap::new();
    for tie in network.ties() {
        for claim in network.tie(tie).claims().filter(|claim| wanted.contains(claim.row())) {
            found.entry(Id::from(claim.row())).or_insert(tie);
        }
    }
    found
}

/// The table for these rows, in their order; ids that are no row of the network are left out.
pub fn table(words: &Catalogue, network: &Network, rows: &[Id]) -> Vec<EvidenceRow> {
    let ties = ties(network, rows);
    let found = rows.iter().filter_map(|row| ties.get(row).map(|tie| (row.clone(), *tie)));
    numbered(words, network, found)
}

/// The table of the rows that are claims of a lead's own ties: a row that was once of another tie is told as what
/// it says of the lead.
pub fn of_lead(words: &Catalogue, network: &Network, lead: NodeIx) -> Vec<EvidenceRow> {
    let own = network
        .arcs(lead)
        .flat_map(|arc| network.tie(arc.tie).rows().into_iter().map(move |row| (row, arc.tie)));
    let mut seen = BTreeSet::new();
    numbered(words, network, own.filter(|(row, _)| seen.insert(*row)).map(|(row, tie)| (Id::from(row), tie)))
}

fn numbered(
    words: &Catalogue,
    network: &Network,
    rows: impl Iterator<Item = (Id, TieIx)>,
) -> Vec<EvidenceRow> {
    rows.enumerate().map(|(at, (row, tie))| evidence(words, network, at + 1, &row, tie)).collect()
}

fn evidence(words: &Catalogue, network: &Network, number: usize, row: &Id, tie: TieIx) -> EvidenceRow {
    let tie_ref = network.tie(tie);
    let mut claims: Vec<_> = tie_ref.claims().filter(|claim| claim.row() == row.as_str()).collect();
    claims.sort_by_key(|claim| (claim.reliability(), claim.credibility()));
    let best = claims.first();
    let mut sources: Vec<String> = claims.iter().map(|claim| source(words, claim.voice())).collect();
    sources.dedup();
    let ends = (network.name(tie_ref.from()), network.name(tie_ref.to()));
    EvidenceRow {
        number,
        row: row.clone(),
        tie,
        says: format!("{} → {}: {}", short(ends.0), short(ends.1), lines::tie(words, tie_ref)),
        grade: best.map_or(String::new(), |claim| format!("{}{}", claim.reliability(), claim.credibility())),
        source: sources.join(", "),
        known: best.and_then(|claim| claim.known()).map_or(words.text("undated"), |day| day.to_string()),
    }
}

/// A name that fits a table: a lead's is its whole text.
fn short(name: &str) -> String {
    let tamed = crate::messages::tame(name);
    if tamed.chars().count() <= 24 { tamed } else { tamed.chars().take(23).chain(['…']).collect() }
}

fn source(words: &Catalogue, voice: &Voice) -> String {
    match voice {
        Voice::Nobody => words.text("voice-nobody"),
        Voice::Source(id) => crate::messages::tame(id.as_str()),
        Voice::Protected(_) => words.word("protected"),
    }
}
