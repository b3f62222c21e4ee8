//! The numbered table of evidence that a brief and a chart share: which rows stand behind what is
//! said, in the order they are first cited.

use std::collections::{BTreeMap, BTreeSet};

use super::lines;
use crate::analysis::doubles;
use crate::analysis::umbrella::Pair;
use crate::messages::Catalogue;
use crate::model::{Id, Message, Voice};
use crate::network::{Network, NodeIx, TieIx};

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceRow {
    /// Its number, from 1: `证1`.
    pub number: usize,
    /// The row's id.
    pub row: Id,
    /// The tie it is a claim of; none where the program itself takes two for one person.
    pub tie: Option<TieIx>,
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
    let behind = rows_behind(pair.factors.iter().map(|factor| factor.evidence.as_slice()));
    let beside = pair.factors.iter().flat_map(|factor| factor.context.clone());
    let paths = pair.paths.iter().flat_map(|path| path.relations.clone());
    behind.into_iter().chain(beside).chain(paths).filter(|id| seen.insert(id.clone())).collect()
}

/// The rows behind each of several things said: the first few of each, then the rest.
pub fn rows_behind<'a>(each: impl Iterator<Item = &'a [Id]>) -> Vec<Id> {
    let each: Vec<&[Id]> = each.collect();
    let mut seen = BTreeSet::new();
    let first = each.iter().flat_map(|rows| rows.iter().take(EACH));
    let all = each.iter().copied().flatten();
    first.chain(all).filter(|id| seen.insert((*id).clone())).cloned().collect()
}

/// The tie behind each of these rows; nothing is ever said by a tie to oneself, though a row of the same id may be one.
/// Cost: one pass over the network's claims.
pub fn ties(network: &Network, rows: &[Id]) -> BTreeMap<Id, TieIx> {
    let wanted: BTreeSet<&str> = rows.iter().map(Id::as_str).collect();
    let mut found = BTreeMap::new();
    let of_two = |tie: &TieIx| network.tie(*tie).from() != network.tie(*tie).to();
    for tie in network.ties().filter(of_two) {
        for claim in network.tie(tie).claims().filter(|claim| wanted.contains(claim.row())) {
            found.entry(Id::from(claim.row())).or_insert(tie);
        }
    }
    found
}

/// The table for these rows, in their order, those by which two are taken for one among them; ids that are no
/// row of the network are left out.
pub fn table(words: &Catalogue, network: &Network, rows: &[Id]) -> Vec<EvidenceRow> {
    let ties = ties(network, rows);
    let doubles = joined(network, rows, &ties);
    let found = rows.iter().filter_map(|row| {
        let stated = ties.get(row).map(|tie| evidence(words, network, row, *tie));
        stated.or_else(|| doubles.get(row).map(|double| computed(words, network, row, *double)))
    });
    numbered(found)
}

/// The likely doubles behind those of the rows that are the program's own.
fn joined(network: &Network, rows: &[Id], ties: &BTreeMap<Id, TieIx>) -> BTreeMap<Id, (NodeIx, NodeIx, f64)> {
    if rows.iter().all(|row| ties.contains_key(row)) {
        return BTreeMap::new();
    }
    let cited: BTreeSet<&Id> = rows.iter().collect();
    let ends = ties.values().map(|&tie| network.tie(tie)).flat_map(|tie| [tie.from(), tie.to()]);
    let ends: BTreeSet<NodeIx> = ends.collect();
    let pairs = doubles::among(network, &ends.into_iter().collect::<Vec<_>>());
    let by_row = pairs.into_iter().map(|pair| (doubles::row(network.id(pair.0), network.id(pair.1)), pair));
    by_row.filter(|(row, _)| cited.contains(row)).collect()
}

/// The table of the rows that are claims of a lead's own ties (a row that was once of another tie is told as what
/// it says of the lead), and after them of these others.
pub fn of_lead(words: &Catalogue, network: &Network, lead: NodeIx, others: &[Id]) -> Vec<EvidenceRow> {
    let own = network
        .arcs(lead)
        .flat_map(|arc| network.tie(arc.tie).rows().into_iter().map(move |row| (row, arc.tie)));
    let mut seen = BTreeSet::new();
    let own: Vec<_> = own.filter(|(row, _)| seen.insert(*row)).collect();
    let own = own.into_iter().map(|(row, tie)| evidence(words, network, &Id::from(row), tie));
    let others: Vec<Id> = others.iter().filter(|row| !seen.contains(row.as_str())).cloned().collect();
    numbered(own.chain(table(words, network, &others)))
}

fn numbered(rows: impl Iterator<Item = EvidenceRow>) -> Vec<EvidenceRow> {
    rows.enumerate().map(|(at, row)| EvidenceRow { number: at + 1, ..row }).collect()
}

/// The row by which two are taken for one: nobody's word.
fn computed(
    words: &Catalogue,
    network: &Network,
    row: &Id,
    (a, b, probability): (NodeIx, NodeIx, f64),
) -> EvidenceRow {
    // Nothing that is computed is certain.
    let says = Message::new("evidence-double")
        .text("a", short(network.name(a)))
        .text("b", short(network.name(b)))
        .text("probability", format!("{:.2}", probability.min(0.99)));
    EvidenceRow {
        number: 0,
        row: row.clone(),
        tie: None,
        says: words.say(&says),
        grade: String::new(),
        source: words.text("inferred"),
        known: String::new(),
    }
}

fn evidence(words: &Catalogue, network: &Network, row: &Id, tie: TieIx) -> EvidenceRow {
    let tie_ref = network.tie(tie);
    let mut claims: Vec<_> = tie_ref.claims().filter(|claim| claim.row() == row.as_str()).collect();
    claims.sort_by_key(|claim| (claim.reliability(), claim.credibility()));
    let best = claims.first();
    let mut sources: Vec<String> = claims.iter().map(|claim| source(words, claim.voice())).collect();
    sources.dedup();
    let ends = (network.name(tie_ref.from()), network.name(tie_ref.to()));
    EvidenceRow {
        number: 0,
        row: row.clone(),
        tie: Some(tie),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::umbrella::testing::Town;
    use crate::messages::Lang;
    use crate::model::{Kind, Table, TieType};

    #[test]
    fn a_row_that_is_also_one_of_somebody_with_himself_is_told_as_what_it_says_of_two() {
        let mut town = Town::default();
        town.people(&["a", "b"]);
        town.tie("r1", TieType::Family, "a", "a", &[("source", "s1")]);
        town.tie("r1", TieType::Call, "a", "b", &[("source", "s2")]);
        let network = town.network();
        let found = ties(&network, &["r1".into()]);
        let types: Vec<TieType> = found.values().map(|&tie| network.tie(tie).ty()).collect();
        assert_eq!(types, [TieType::Call]);
    }

    #[test]
    fn a_row_by_which_two_are_taken_for_one_stands_in_the_table_and_is_nobodys_word() {
        let mut town = Town::default();
        let props =
            [("name", "冯启年"), ("birth_date", "1970-03-04"), ("hometown", "北关"), ("address", "老街一号")];
        for id in ["a", "b"] {
            town.entity(id, Kind::Person, Table::People, &props);
        }
        town.people(&["x"]);
        town.add(TieType::Call, "a", "x", &[]);
        town.add(TieType::Call, "b", "x", &[]);
        let network = town.network();
        let mut rows: Vec<Id> =
            network.ties().flat_map(|tie| network.tie(tie).rows()).map(Id::from).collect();
        rows.insert(1, doubles::row("a", "b"));
        rows.push(doubles::row("a", "x"));
        let words = Catalogue::new(Lang::En);
        let table = table(&words, &network, &rows);
        assert_eq!(table.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(table[1].tie.is_none() && table[1].source == "inferred", "{:?}", table[1]);
        assert!(
            table[1].says.starts_with("冯启年 and 冯启年 are likely one person (0."),
            "{}",
            table[1].says
        );
    }
}
